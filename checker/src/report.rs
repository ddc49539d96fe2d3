//! Verdicts as text. Data in, text out; runs nothing.

pub mod attacks;
pub mod markdown;
pub mod overview;
pub mod stepper;
pub mod style;
pub mod terminal;
pub mod trace;
