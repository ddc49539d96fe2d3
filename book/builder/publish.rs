//! From pages to a folder of HTML: mdBook with our preprocessor, and the few repairs of its output
//! that no style sheet can make.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

use crate::preprocessor::Directives;
use crate::quiz;
use crate::workbook::{Workbook, files};

/// Builds the book, and gives the folder it went to: `destination`, or else what `book.toml` says.
pub fn build(workbook: &Workbook, destination: Option<&Path>) -> Result<PathBuf> {
    let warnings = Warnings::default();
    let kept = warnings.said.clone();
    let folder = tracing::subscriber::with_default(warnings, || -> Result<PathBuf> {
        let mut book = MDBook::load(workbook.book())?;
        if let Some(folder) = destination {
            refuse_to_wipe(folder)?;
            book.config.build.build_dir = std::path::absolute(folder)?;
        }
        book.with_preprocessor(Directives);
        book.build()?;
        Ok(book.build_dir_for("html"))
    })?;
    let said = kept.lock().map(|said| said.join("\n")).unwrap_or_default();
    if !said.is_empty() {
        bail!("mdBook warns, so the book is not as its authors meant it:\n{said}");
    }
    repair(&folder)?;
    Ok(folder.canonicalize().unwrap_or(folder))
}

/// mdBook empties the folder it builds into, whatever is in it.
fn refuse_to_wipe(folder: &Path) -> Result<()> {
    let in_use = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if in_use && !folder.join("toc.html").is_file() {
        bail!("{} is not empty, and holds no book to be replaced", folder.display());
    }
    Ok(())
}

/// What mdBook writes, and what it should have written for a reader who hears the page.
const REPAIRS: &[(&str, &str)] = &[
    (
        "<iframe class=\"sidebar-iframe-outer\"",
        "<iframe title=\"Table of contents\" class=\"sidebar-iframe-outer\"",
    ),
    (
        "<meta name=\"robots\" content=\"noindex\">\n        <!-- Custom",
        "<meta name=\"robots\" content=\"noindex\">\n        <title>Table of contents</title>\n        <!-- Custom",
    ),
];

fn repair(folder: &Path) -> Result<()> {
    for path in files(folder) {
        // mdBook publishes whatever lies beside a page.
        if path.file_name().is_some_and(|name| name == quiz::FILE) {
            fs::remove_file(&path)?;
        }
        if path.extension().is_none_or(|ending| ending != "html") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let mut repaired = text.clone();
        for (wrong, right) in REPAIRS {
            repaired = repaired.replace(wrong, right);
        }
        if repaired != text {
            fs::write(&path, repaired)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
    }
    Ok(())
}

/// Listens to mdBook, which only logs what it thinks of a page: an unclosed tag, a missing include.
#[derive(Default)]
struct Warnings {
    said: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("mdbook")
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        if let Ok(mut said) = self.said.lock() {
            said.push(message.0);
        }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
