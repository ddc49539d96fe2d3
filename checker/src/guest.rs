//! What runs inside CPython: the zygote, and in its children the learner's module.
//! The only floor that knows pyo3.

mod abi_guard;
mod crash;
mod interpreter;
mod loader;
mod serve;
