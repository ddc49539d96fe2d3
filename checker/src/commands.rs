//! One command per file, and what all of them share: exit statuses, errors, selections.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod debug;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod hint;
pub(crate) mod list;
mod machine;
pub(crate) mod new;
pub(crate) mod reset;
pub(crate) mod sandbox_test;
pub(crate) mod setup;
pub(crate) mod trace;
pub(crate) mod verify;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::Terminal;
use crate::host::interrupt::Interrupted;
use crate::host::toolchain;
use crate::host::workbook::Workbook;
use crate::model::finding::Code;
use crate::model::isolation::Missing;
use crate::model::spelling;
use crate::model::workbook::{Exercise, Selection};
use crate::report::style::{Role, harmless};

/// How a command that did its work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything asked for passes.
    Passed,
    /// Something does not.
    NotPassed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Passed => Self::SUCCESS,
            Status::NotPassed => Self::from(1),
        }
    }
}

/// Why a command did not do its work, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// The command line asks for something that is not there.
    #[error("{what}")]
    Usage {
        /// One sentence.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The machine lacks something.
    #[error("{what}")]
    NotReady {
        /// One sentence.
        what: String,
        /// What to do.
        hint: String,
    },
}

impl Stop {
    pub(crate) fn usage(what: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
        Self::Usage { what: what.into(), hint: hint.into() }.into()
    }

    pub(crate) fn not_ready(what: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
        Self::NotReady { what: what.into(), hint: hint.into() }.into()
    }
}

/// Prints an error, and gives its exit status: 2 for usage, 78 where the sandbox is not to be had
/// (`EX_CONFIG` of `sysexits.h`), 130 after Ctrl-C, else 3.
pub(crate) fn failed(error: &anyhow::Error, terminal: Terminal) -> ExitCode {
    if was_interrupted(error) {
        complain("interrupted; nothing was left behind");
        return ExitCode::from(130);
    }
    let io_error = error.downcast_ref::<io::Error>();
    if io_error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    let (hint, status) = match error.downcast_ref::<Stop>() {
        Some(Stop::Usage { hint, .. }) => (hint.as_str(), 2),
        Some(Stop::NotReady { hint, .. }) => (hint.as_str(), 3),
        None if matches!(error.downcast_ref(), Some(toolchain::NotReady::TooOld(_))) => {
            (machine::NEWER_NASM, 3)
        }
        None if is_unconfined(error) => {
            ("for files of your own, `--isolation process` does without the sandbox", 78)
        }
        None => ("`cargo run -p checker -- doctor` looks at the machine", 3),
    };
    for (role, label, text) in
        [(Role::Bad, "error:", format!("{error:#}")), (Role::Hint, "hint:", hint.to_owned())]
    {
        // Names that somebody typed are in it, and a manifest's lines.
        let lines: Vec<String> = text.lines().map(harmless).collect();
        complain(&format!("{} {}", terminal.ink.paint(role, label), lines.join("\n")));
    }
    ExitCode::from(status)
}

/// Writes a line to standard error. Where nobody reads it there is nobody to tell.
fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn is_unconfined(error: &anyhow::Error) -> bool {
    error.is::<Missing>()
        || matches!(error.downcast_ref(), Some(toolchain::NotReady::NotConfined(_)))
}

fn was_interrupted(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let within = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause.is::<Interrupted>() || within.is_some_and(|inner| inner.is::<Interrupted>())
    })
}

/// Writes to standard output.
pub(crate) fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Asks a question that is answered by yes or no. Anything but a yes is a no.
pub(crate) fn agreed(question: &str) -> io::Result<bool> {
    say(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// The workbook around the current folder.
pub(crate) fn workbook() -> anyhow::Result<Workbook> {
    Ok(Workbook::find(&std::env::current_dir()?)?)
}

/// The exercises that the ids name, in the workbook's order, each once.
pub(crate) fn select<'a>(book: &'a Workbook, ids: &[String]) -> anyhow::Result<Vec<&'a Exercise>> {
    let mut selections = Vec::new();
    for id in ids {
        let selection: Selection = id.parse().map_err(|_| unknown(book, id))?;
        if book.select(selection).is_empty() {
            return Err(unknown(book, id));
        }
        selections.push(selection);
    }
    let chosen = |exercise: &&Exercise| selections.iter().any(|one| one.holds(exercise.id));
    Ok(book.exercises().filter(chosen).collect())
}

/// The one exercise that the id names.
pub(crate) fn select_one<'a>(book: &'a Workbook, id: &str) -> anyhow::Result<&'a Exercise> {
    match select(book, &[id.to_owned()])?[..] {
        [exercise] => Ok(exercise),
        ref several => {
            let names: Vec<String> =
                several.iter().map(|exercise| exercise.id.to_string()).collect();
            Err(Stop::usage(
                format!("`{id}` is a chapter, and this needs one exercise"),
                format!("one of: {}", names.join(", ")),
            ))
        }
    }
}

fn unknown(book: &Workbook, id: &str) -> anyhow::Error {
    const COMMANDS: [&str; 12] = [
        "debug",
        "setup",
        "doctor",
        "list",
        "hint",
        "explain",
        "trace",
        "reset",
        "completions",
        "sandbox-test",
        "new",
        "verify",
    ];
    if let Ok(code) = id.to_ascii_uppercase().parse::<Code>() {
        let hint = format!("`cargo run -p checker -- explain {code}` explains it");
        return Stop::usage(format!("`{id}` is a finding, and no exercise"), hint);
    }
    let lower = id.to_ascii_lowercase();
    if COMMANDS.contains(&lower.as_str()) {
        let hint = format!("a command comes first: `cargo run -p checker -- {lower} …`");
        return Stop::usage(format!("`{id}` is no exercise"), hint);
    }
    let chapters = book.chapters.iter().filter(|chapter| !chapter.exercises.is_empty());
    let ids: Vec<String> = book
        .exercises()
        .map(|exercise| exercise.id.to_string())
        .chain(chapters.map(|chapter| format!("ex{:02}", chapter.number)))
        .collect();
    let names = COMMANDS.into_iter().chain(ids.iter().map(String::as_str));
    let hint = match spelling::nearest(&lower, names) {
        Some(near) => {
            format!("did you mean `{near}`? `cargo run -p checker -- list` shows them all")
        }
        None => "`cargo run -p checker -- list` shows the exercises".to_owned(),
    };
    Stop::usage(format!("there is no exercise `{id}`"), hint)
}
