//! All of the checker's tests, in one binary.

mod bad_input;
mod cli;
mod exercises;
mod faults;
mod findings;
mod floors;
mod headers;
mod prints;
mod support;
