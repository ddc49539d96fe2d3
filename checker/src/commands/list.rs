//! `checker list`, and `checker` alone: what there is, and what comes next.

use crate::cli::Terminal;
use crate::commands::{Status, say, workbook};
use crate::host::progress;
use crate::report::overview;

/// Every exercise, with those that have passed marked.
pub(crate) fn run(terminal: Terminal) -> anyhow::Result<Status> {
    let book = workbook()?;
    let progress = progress::load(&book.work());
    say(&overview::list(&book.chapters, |id| progress.has_passed(id), terminal.ink))?;
    Ok(Status::Passed)
}

/// How far the learner is, and the next exercise.
pub(crate) fn whereabouts() -> anyhow::Result<Status> {
    let book = workbook()?;
    let progress = progress::load(&book.work());
    let solved = book.exercises().filter(|exercise| progress.has_passed(exercise.id)).count();
    let next = book.exercises().find(|exercise| !progress.has_passed(exercise.id));
    say(&overview::whereabouts(book.exercises().count(), solved, next))?;
    Ok(Status::Passed)
}
