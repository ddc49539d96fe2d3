//! `checker verify`: the author checks.

use crate::cli::Terminal;
use crate::commands::machine::{self, Consent, Purpose};
use crate::commands::{Status, say, select, workbook};
use crate::report::style::Role;
use crate::verify;

/// Holds exercises to their contract, on every CPython that was asked for, or on the default one.
pub(crate) fn run(ids: &[String], python: &[String], terminal: Terminal) -> anyhow::Result<Status> {
    let book = workbook()?;
    let exercises = match ids {
        [] => book.exercises().collect(),
        ids => select(&book, ids)?,
    };
    machine::ensure(Purpose::learning(python), Consent::Ask, terminal)?;
    let mut judges = verify::Judges::start(&book, &machine::pythons(python)?)?;
    let mut broken = 0;
    for exercise in &exercises {
        let problems = verify::exercise(exercise, &book, &mut judges)?;
        broken += usize::from(!problems.is_empty());
        let word = match problems.len() {
            0 => terminal.ink.paint(Role::Good, "as it should be"),
            count => terminal.ink.paint(Role::Bad, &format!("{count} to mend")),
        };
        say(&format!("{}: {word}\n", exercise.id))?;
        for problem in problems {
            say(&format!("    {problem}\n"))?;
        }
    }
    Ok(if broken == 0 { Status::Passed } else { Status::NotPassed })
}
