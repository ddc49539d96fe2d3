//! All of the checker's tests, in one binary.

mod attacks;
mod bad_input;
mod cli;
mod exercises;
mod faults;
mod findings;
mod floors;
mod fuzz;
mod headers;
mod prints;
mod sandbox;
mod support;
mod trace;
mod unnoticed;
