//! The checker's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    checker::cli::main()
}
