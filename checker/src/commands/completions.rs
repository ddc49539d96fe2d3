//! `checker completions bash`: completions for a shell.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::commands::{Status, say};

/// Prints the script that the shell has to read.
pub(crate) fn run(shell: clap_complete::Shell) -> anyhow::Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "checker", &mut script);
    say(&String::from_utf8_lossy(&script))?;
    Ok(Status::Passed)
}
