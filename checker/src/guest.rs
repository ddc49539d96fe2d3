//! What runs inside CPython: the zygote, and in its children the learner's module.
//! The only floor that knows pyo3.

mod abi_guard;
mod call_log;
mod crash;
mod handover;
mod image;
mod interpreter;
mod loader;
mod memory;
mod page;
mod serve;
mod stubs;
