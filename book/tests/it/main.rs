//! The tests of the book, in one binary: its pages, its tools, and the HTML they make together.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod content;
mod contrast;
mod directives;
mod fixture;
mod highlight;
mod html;
mod listings;
mod pages;
mod program;
mod quiz;
mod vocabulary;
