//! All of the checker's tests, in one binary.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod attacks;
mod bad_input;
mod cli;
mod elsewhere;
mod exercises;
mod faults;
mod findings;
mod floors;
mod fuzz;
mod headers;
mod prints;
mod sandbox;
mod seccomp;
mod support;
mod templates;
mod trace;
mod unnoticed;
