//! `checker hint ex05c`: one hint more each time.

use crate::commands::{Status, say, select_one, workbook};
use crate::host::progress;
use crate::report::style::{WIDTH, wrap};

/// Prints the hints that were shown before and the next one, and keeps count.
pub(crate) fn run(id: &str) -> anyhow::Result<Status> {
    let book = workbook()?;
    let exercise = select_one(&book, id)?;
    let hints = &exercise.manifest.hints;
    let key = exercise.id.to_string();
    let before = progress::load(&book.work()).hints.get(&key).copied().unwrap_or(0);
    let shown = (before + 1).min(hints.len());
    for (index, hint) in hints.iter().take(shown).enumerate() {
        let label = format!("{}. ", index + 1);
        for (row, line) in wrap(hint, WIDTH - label.len()).iter().enumerate() {
            let label = if row == 0 { label.as_str() } else { "   " };
            say(&format!("{label}{line}\n"))?;
        }
    }
    match hints.len() - shown {
        0 => say("\nThat was the last hint.\n")?,
        1 => say("\nOne more hint is there: ask again.\n")?,
        left => say(&format!("\n{left} more hints are there: ask again.\n"))?,
    }
    // A hint is no less a hint where its count cannot be kept.
    let kept = progress::update(&book.work(), |progress| {
        progress.hints.insert(key, shown);
    });
    if kept.is_err() {
        say("How many you have seen could not be kept: work/ cannot be written.\n")?;
    }
    Ok(Status::Passed)
}
