//! The command line: its words, and which command they mean.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};

use crate::commands;
use crate::model::isolation;
use crate::report::style::Ink;

/// Checks your answers to the exercises of "Python extensions in assembly".
///
/// `checker ex05` checks chapter 5, `checker ex05c` one exercise, and `checker` alone says what
/// comes next. Your files are in work/; the first check of an exercise makes its file there.
#[derive(Debug, Parser)]
#[command(name = "checker", version, args_conflicts_with_subcommands = true, max_term_width = 80)]
pub struct Cli {
    #[command(flatten)]
    pub(crate) check: CheckArguments,
    #[command(flatten)]
    output: OutputArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What a check can be told.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct CheckArguments {
    /// Chapters (ex05) and exercises (ex05c) to check
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Check with this CPython: a version (3.12), a path, or `all`; may be repeated
    #[arg(long, value_name = "VERSION|PATH")]
    pub(crate) python: Vec<String>,
    /// Check this file instead of the one in work/; needs one exercise
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// How to confine the file; unless told, as strictly as this system can
    #[arg(long, value_name = "HOW")]
    isolation: Option<Isolation>,
}

impl CheckArguments {
    pub(crate) fn isolation(&self) -> Option<isolation::Isolation> {
        self.isolation.map(|isolation| match isolation {
            Isolation::Strict => isolation::Isolation::Strict,
            Isolation::Process => isolation::Isolation::Process,
        })
    }
}

/// [`isolation::Isolation`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Isolation {
    /// In the sandbox, or not at all
    Strict,
    /// As a process of its own, which can do what you can do
    Process,
}

/// What a debugger can be told.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DebugArguments {
    /// The exercise
    pub(crate) id: String,
    /// A Python statement, such as "multiply(2, 4)"; the session of the exercise unless told
    pub(crate) statement: Option<String>,
    /// The CPython: a version or a path
    #[arg(long, value_name = "VERSION|PATH")]
    pub(crate) python: Option<String>,
    /// This file instead of the one in work/
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// What a trace can be told.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TraceArguments {
    /// The exercise, such as ex05c
    pub(crate) id: String,
    /// What Python runs, such as "multiply(2, 4)", or `import`; unless told, the first
    /// that a check finds fault with, or the first of all
    pub(crate) statement: Option<String>,
    /// Trace this file instead of the one in work/
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Trace with this CPython: a version (3.12) or a path
    #[arg(long, value_name = "VERSION|PATH")]
    pub(crate) python: Option<String>,
    /// Write the recording to standard output; the book's appendix describes it
    #[arg(long)]
    pub(crate) json: bool,
    /// Step through the glue of workbook.inc too
    #[arg(long)]
    pub(crate) glue: bool,
    /// Keep so many of the first steps, and so many of the last
    #[arg(long, value_name = "NUMBER", default_value_t = 2000)]
    pub(crate) keep: usize,
    /// Stop after so many instructions
    #[arg(long, value_name = "NUMBER", default_value_t = 400_000)]
    pub(crate) steps: u64,
}

/// What a test of the sandbox can be told.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SandboxArguments {
    /// Groups (A to K) and names of attacks; all of them unless told
    #[arg(value_name = "GROUP|NAME")]
    pub(crate) only: Vec<String>,
    /// Without the question which layer contains what
    #[arg(long)]
    pub(crate) quick: bool,
    /// With this CPython: a version (3.12) or a path
    #[arg(long, value_name = "VERSION|PATH")]
    pub(crate) python: Vec<String>,
    /// Write the table for programs
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,
    /// Write the table for the book
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// How everything is written.
#[derive(Clone, Copy, Debug, clap::Args)]
struct OutputArguments {
    /// When to use colors; NO_COLOR and pipes are respected by `auto`
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: ColorChoice,
    /// Characters only: no colors, no questions
    #[arg(long, global = true)]
    plain: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Get the machine ready: find what is missing, install it, and check once
    Setup {
        /// Chapters and exercises to check when the machine is ready
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// Install without asking
        #[arg(long)]
        yes: bool,
        /// What the project's own tests need too
        #[arg(long)]
        dev: bool,
    },
    /// Say what is installed, which CPythons there are, and what each is good for
    Doctor,
    /// List the exercises and which of them you have solved
    List,
    /// Show a hint, one more each time
    Hint {
        /// The exercise
        id: String,
    },
    /// Explain a finding: its rule, an example, the repair
    Explain {
        /// The finding's code, such as A002; all of them are listed unless told
        code: Option<String>,
    },
    /// Start gdb or lldb at the line of the fault, or at your first line
    Debug(DebugArguments),
    /// Show what your code does, step by step: registers, memory, calls
    Trace(TraceArguments),
    /// Start an exercise again from its starter; your file is kept under another name
    Reset {
        /// The exercise
        id: String,
        /// Without asking
        #[arg(long)]
        yes: bool,
    },
    /// Try the attack programs in the sandbox, to see that it holds on this machine
    SandboxTest(SandboxArguments),
    /// One process of a sandbox test
    #[command(hide = true)]
    SandboxStage {
        /// Which
        role: String,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// For authors: make the folder of a new exercise
    New {
        /// The exercise's id, such as ex05d
        id: String,
        /// Its folder's name without the letter, such as `mend_the_article`
        name: String,
    },
    /// For authors: hold exercises to their contract
    Verify {
        /// Chapters and exercises; all of them unless told
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// As for a check
        #[arg(long, value_name = "VERSION|PATH")]
        python: Vec<String>,
    },
}

/// How a command talks to the person before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Whether it may write in color.
    pub(crate) ink: Ink,
    /// Whether there is somebody who can answer a question.
    pub(crate) answers: bool,
}

/// Parses the command line, runs the command, and gives the exit status of the design: 0 passed,
/// 1 not, 2 usage, 3 the machine is not ready.
pub fn main() -> ExitCode {
    // A closed pipe ends the checker quietly, as it does other tools.
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let terminal = cli.output.terminal();
    let result =
        crate::host::interrupt::watch().map_err(Into::into).and_then(|()| match cli.command {
            None if cli.check.ids.is_empty() && cli.check.file.is_none() => {
                commands::list::whereabouts()
            }
            None => commands::check::run(&cli.check, terminal),
            Some(Command::Setup { ids, yes, dev }) => {
                commands::setup::run(&ids, yes, dev, terminal)
            }
            Some(Command::Doctor) => commands::doctor::run(terminal),
            Some(Command::List) => commands::list::run(terminal),
            Some(Command::Hint { id }) => commands::hint::run(&id),
            Some(Command::Explain { code }) => commands::explain::run(code.as_deref(), terminal),
            Some(Command::Debug(arguments)) => commands::debug::run(&arguments, terminal),
            Some(Command::Trace(arguments)) => commands::trace::run(&arguments, terminal),
            Some(Command::Reset { id, yes }) => commands::reset::run(&id, yes, terminal),
            Some(Command::SandboxTest(arguments)) => {
                commands::sandbox_test::run(&arguments, terminal)
            }
            Some(Command::SandboxStage { role }) => commands::sandbox_test::play(&role),
            Some(Command::Completions { shell }) => commands::completions::run(shell),
            Some(Command::New { id, name }) => commands::new::run(&id, &name),
            Some(Command::Verify { ids, python }) => commands::verify::run(&ids, &python, terminal),
        });
    crate::host::child::tidy_up();
    match result {
        Ok(status) => status.into(),
        Err(error) => commands::failed(&error, terminal),
    }
}

impl OutputArguments {
    fn terminal(self) -> Terminal {
        let out = std::io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let color = match self.color {
            _ if self.plain => false,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => out && !no_color && !dumb,
        };
        Terminal {
            ink: if color { Ink::Color } else { Ink::Plain },
            answers: out && std::io::stdin().is_terminal() && !self.plain,
        }
    }
}
