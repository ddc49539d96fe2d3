//! The checker's hands: one outside thing per file.

pub mod child;
pub mod debugger;
pub mod image;
pub mod interrupt;
pub mod line_table;
mod one_cpu;
pub mod packages;
pub mod progress;
pub mod python;
pub mod sandbox;
pub mod scratch;
pub mod source;
pub mod surroundings;
pub mod symbols;
pub mod toolchain;
pub mod tracer;
pub mod workbook;
pub mod worker;
pub mod zygote;
