//! What runs inside CPython: the zygote, and in its children the learner's module.
//! The only floor that knows pyo3.

mod abi_guard;
mod arguments;
mod call_log;
mod crash;
mod floats;
mod handover;
mod harden;
mod image;
mod interpreter;
mod leaks;
mod loader;
mod memory;
mod page;
mod references;
mod serve;
mod stubs;
