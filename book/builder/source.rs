//! The checks on what authors write, before anything is built: the table of contents, every
//! directive, every fence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use mdbook_markdown::pulldown_cmark::{Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::exercise;
use crate::link;
use crate::listing::{self, Listing};
use crate::page::Page;
use crate::problem::Problem;
use crate::workbook::{Workbook, files};

/// The table of contents, in the folder of the pages.
const SUMMARY: &str = "SUMMARY.md";

/// A page that was read and expanded.
#[derive(Debug)]
pub struct ReadPage {
    /// What its author wrote.
    pub written: String,
    /// The page.
    pub page: Page,
    /// Its blocks of code.
    pub listings: Vec<Listing>,
}

/// Reads every page, in the order of the table of contents, and then those that are missing in it.
/// What is wrong with them are problems.
pub fn read(workbook: &Workbook) -> Result<(Vec<ReadPage>, Vec<Problem>)> {
    let mut problems = Vec::new();
    let mut read = Vec::new();
    let listed = contents(workbook)?.into_iter().map(|entry| workbook.pages().join(entry.target));
    let mut seen = BTreeSet::new();
    for path in listed.filter(|path| path.is_file()).chain(pages(workbook)) {
        if !seen.insert(path.clone()) {
            continue;
        }
        let written = exercise::read(workbook, &path)?;
        let (page, directives) = Page::expand(workbook, &path, &written);
        let (listings, fences) = listing::find(&page);
        problems.extend(directives.into_iter().chain(fences));
        problems.extend(link::check(workbook, &page));
        read.push(ReadPage { written, page, listings });
    }
    Ok((read, problems))
}

/// Compares the table of contents with the pages that exist.
pub fn check_summary(workbook: &Workbook) -> Result<Vec<Problem>> {
    let summary = workbook.name_of(&workbook.pages().join(SUMMARY));
    let problem = |line, message| Problem { file: summary.clone(), line, message };
    let mut problems = Vec::new();
    let mut listed: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for Entry { line, link, target } in contents(workbook)? {
        let path = workbook.pages().join(&target);
        match title(workbook, &path) {
            None => problems.push(problem(line, format!("there is no page {target}"))),
            Some(title) if !link.starts_with(&format!("[{title}](")) => {
                problems.push(problem(line, format!("{target} calls itself `{title}`")));
            }
            Some(_) => {}
        }
        if let Some(first) = listed.insert(path, line) {
            problems.push(problem(line, format!("{target} stands in line {first} too")));
        }
    }
    for path in pages(workbook) {
        if !listed.contains_key(&path) {
            let message = "is in no line of SUMMARY.md, so no reader finds it".to_owned();
            problems.push(Problem { file: workbook.name_of(&path), line: 0, message });
        }
    }
    Ok(problems)
}

/// A line of the table of contents that leads to a page.
struct Entry {
    line: usize,
    /// The link as it is written.
    link: String,
    /// The page, from the folder of the pages.
    target: String,
}

/// The table of contents, without the chapters that are yet to be written.
fn contents(workbook: &Workbook) -> Result<Vec<Entry>> {
    let text = exercise::read(workbook, &workbook.pages().join(SUMMARY))?;
    let events = new_cmark_parser(&text, &MarkdownOptions::default()).into_offset_iter();
    let entries = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. }) if !dest_url.is_empty() => Some(Entry {
            line: 1 + text[..range.start].matches('\n').count(),
            link: text[range].to_owned(),
            target: dest_url.into_string(),
        }),
        _ => None,
    });
    Ok(entries.collect())
}

/// What a page calls itself in its first line; nothing if there is no such page.
fn title(workbook: &Workbook, path: &Path) -> Option<String> {
    let text = exercise::read(workbook, path).ok()?;
    let first = text.lines().next().unwrap_or_default();
    Some(first.strip_prefix("# ").unwrap_or(first).to_owned())
}

/// Every page of the book.
fn pages(workbook: &Workbook) -> Vec<PathBuf> {
    let is_page = |path: &Path| {
        path.extension().is_some_and(|ending| ending == "md")
            && path.file_name().is_some_and(|name| name != SUMMARY)
    };
    files(&workbook.pages()).into_iter().filter(|path| is_page(path)).collect()
}
