//! The command line of the book: reads it, calls the library, prints the end of it.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use book::problem::Problems;
use book::serve::{self, Open};
use book::workbook::Workbook;
use book::{assembly, content, preprocessor, publish, source, vocabulary};
use clap::{Parser, Subcommand};

/// Builds, serves and checks the book
#[derive(Parser)]
#[command(name = "book")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the book as HTML
    Build {
        /// The folder it goes to, instead of the one in book.toml
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
    },
    /// Build the book, show it in a browser, and follow every change
    Serve {
        /// The port on this machine; 0 takes any that is free
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Whether to open a browser
        #[arg(long, value_name = "yes|no", hide_possible_values = true, default_value = "yes")]
        open: Open,
    },
    /// Check every page: contents, directives, words, and each listing with NASM
    Test,
    /// Count what the pages hold, and write it to the appendix
    Content,
    /// Answer mdBook's protocol for preprocessors; mdBook runs this itself
    Preprocess {
        /// mdBook asks `supports RENDERER` first
        #[arg(hide = true)]
        question: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Build { to } => {
            let folder = publish::build(&Workbook::find()?, to.as_deref())?;
            println!("{}", folder.join("index.html").display());
            Ok(())
        }
        Command::Serve { port, open } => serve::run(&Workbook::find()?, port, open),
        Command::Test => test(&Workbook::find()?),
        Command::Content => count(&Workbook::find()?),
        // Our HTML is for every renderer that takes HTML in Markdown.
        Command::Preprocess { question } if !question.is_empty() => Ok(()),
        Command::Preprocess { .. } => preprocessor::answer(),
    }
}

fn test(workbook: &Workbook) -> Result<()> {
    let mut problems = source::check_summary(workbook)?;
    let (pages, found) = source::read(workbook)?;
    problems.extend(found);
    problems.extend(vocabulary::check(workbook, &pages)?);
    let outcome = assembly::check(workbook, &pages)?;
    problems.extend(outcome.problems);
    Problems(problems).into_result()?;
    println!("{} pages and {} listings are as they should be", pages.len(), outcome.listings);
    Ok(())
}

fn count(workbook: &Workbook) -> Result<()> {
    let (pages, _) = source::read(workbook)?;
    let path = workbook.pages().join(content::PAGE);
    fs::write(&path, content::page(workbook, &pages)?)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    println!("{}", workbook.name_of(&path));
    Ok(())
}
