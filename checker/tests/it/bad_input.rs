//! Bad input: a clear error, the right exit status, and nothing lost.

mod files;
mod machine;
pub(crate) mod modules;
mod places;
mod stops;
