//! The checker's words: exercises, statements, answers, findings, verdicts, frames.
//! Pure data and text; no file, process or clock.

pub mod attack;
pub mod capi;
pub mod comparison;
pub mod elf;
pub mod evidence;
pub mod finding;
pub mod isolation;
pub mod linker_message;
pub mod nasm_message;
pub mod protocol;
pub mod session;
pub mod signal;
pub mod spelling;
pub mod trace;
pub mod transcript;
pub mod verdict;
pub mod workbook;
