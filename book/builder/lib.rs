//! Builds, serves and checks the book: mdBook as a library, with the directives that join its pages
//! to the exercises. Knows the folders and files of an exercise, and nothing of the checker's code.

pub mod assembly;
pub mod content;
pub mod directive;
pub mod excerpt;
pub mod exercise;
pub mod highlight;
pub mod link;
pub mod listing;
pub mod page;
pub mod preprocessor;
pub mod problem;
pub mod publish;
pub mod quiz;
pub mod serve;
pub mod source;
pub mod vocabulary;
pub mod workbook;
