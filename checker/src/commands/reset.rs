//! `checker reset ex05c`: from the starter again, with the old file kept.

use crate::cli::Terminal;
use crate::commands::{Status, Stop, agreed, say, select_one, workbook};
use crate::host::source;

/// Moves the learner's file aside and makes it anew from the starter.
pub(crate) fn run(id: &str, yes: bool, terminal: Terminal) -> anyhow::Result<Status> {
    let book = workbook()?;
    let exercise = select_one(&book, id)?;
    let file = book.work_file(exercise.id);
    let shown = source::shown(&file, &book.root);
    let there = file.symlink_metadata().is_ok();
    if there && !yes {
        if !terminal.answers {
            return Err(Stop::usage(
                format!("{shown} would be replaced, and nobody is here to be asked"),
                "`--yes` says so beforehand; the file is kept under another name",
            ));
        }
        if !agreed(&format!("Start {} again? {shown} is kept under another name.", exercise.id))? {
            say("Nothing was changed.\n")?;
            return Ok(Status::NotPassed);
        }
    }
    let cannot = |error: std::io::Error| {
        Stop::not_ready(format!("{shown}: {error}"), "nothing was lost; is work/ writable?")
    };
    if there {
        let backup = source::back_up(&file).map_err(cannot)?;
        say(&format!("Your file is now {}.\n", source::shown(&backup, &book.root)))?;
    }
    source::make_from_starter(&exercise.starter(), &file).map_err(cannot)?;
    say(&format!("{shown} is the starter again.\n"))?;
    Ok(Status::Passed)
}
