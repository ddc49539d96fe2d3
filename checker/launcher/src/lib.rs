//! How nasm and ld come to run: what their process gives up first, and how one of them that is
//! loaded waits for the next file.
//!
//! Of the 4 ms that nasm takes for a small file, and of the 2 ms that ld takes, 1 ms is the
//! loader's: libraries are mapped, and thousands of addresses written. A *template* has that behind
//! it. It is the tool with this library preloaded (`LD_PRELOAD` in ld.so(8)), which holds it up
//! before its first instruction and makes a copy of it for each file, in a way that the fuzzer AFL
//! has made known as fork server.
//!
//! A template has never seen a learner's file. What has is a copy, confined like a tool that is
//! started as usual, by the same code.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod confinement;
mod order;
mod template;

pub use confinement::{Confinement, Instruction, Limits, drop_capabilities};
pub use order::{LONGEST, MOST_ARGUMENTS, NOT_CONFINED, Order, SOCKET};
pub use template::fork_as_sibling;
