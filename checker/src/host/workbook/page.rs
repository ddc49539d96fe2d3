//! A finding's page of the book, with the listings that it includes.

use std::path::{Path, PathBuf};

use super::{Malformed, Workbook, read};
use crate::model::finding::Code;

/// Where the pages of the findings are, from the clone's folder.
pub const FINDINGS: &str = "book/src/findings";

impl Workbook {
    /// The page that explains a finding, in Markdown.
    pub fn explanation(&self, code: Code) -> Result<String, Malformed> {
        let folder = self.root.join(FINDINGS);
        let mut page = String::new();
        for line in read(&folder.join(format!("{code}.md")))?.lines() {
            match include(line) {
                Some((file, anchor)) => page.push_str(&excerpt(folder.join(file), anchor)?),
                None => {
                    page.push_str(line);
                    page.push('\n');
                }
            }
        }
        Ok(page)
    }
}

/// The file and the anchor of `{{#include wrong/A002.asm:repair}}`.
fn include(line: &str) -> Option<(&str, Option<&str>)> {
    let target = line.trim().strip_prefix("{{#include ")?.strip_suffix("}}")?.trim();
    Some(match target.split_once(':') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (target, None),
    })
}

/// The lines of a file, or those between its `ANCHOR: name` and `ANCHOR_END: name`, without the
/// marks of any anchor.
fn excerpt(path: PathBuf, anchor: Option<&str>) -> Result<String, Malformed> {
    let text = read(&path)?;
    let lines: Vec<&str> = text.lines().collect();
    let chosen = match anchor {
        None => &lines[..],
        Some(name) => between(&lines, name).ok_or_else(|| missing(&path, name))?,
    };
    let kept = chosen.iter().filter(|line| mark(line).is_none());
    Ok(kept.flat_map(|line| [*line, "\n"]).collect())
}

fn between<'a, 'text>(lines: &'a [&'text str], name: &str) -> Option<&'a [&'text str]> {
    let at = |word| lines.iter().position(|line| mark(line) == Some((word, name)));
    lines.get(at("ANCHOR:")? + 1..at("ANCHOR_END:")?)
}

/// The word and the name of an anchor's mark.
fn mark(line: &str) -> Option<(&str, &str)> {
    let (word, name) = line.trim().trim_start_matches(';').trim().split_once(' ')?;
    matches!(word, "ANCHOR:" | "ANCHOR_END:").then(|| (word, name.trim()))
}

fn missing(path: &Path, anchor: &str) -> Malformed {
    Malformed::Wrong { path: path.to_owned(), why: format!("it has no anchor `{anchor}`") }
}
