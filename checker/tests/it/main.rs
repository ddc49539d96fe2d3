//! All of the checker's tests, in one binary.

mod exercises;
mod floors;
mod headers;
