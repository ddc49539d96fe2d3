//! Verdicts as text. Data in, text out; runs nothing.

pub mod markdown;
pub mod overview;
pub mod style;
pub mod terminal;
