//! All of the checker's tests, in one binary.

mod attacks;
mod bad_input;
mod cli;
mod exercises;
mod faults;
mod findings;
mod floors;
mod headers;
mod readme;
mod support;
