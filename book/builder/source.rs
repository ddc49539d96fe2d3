//! The checks on what authors write, before anything is built: the table of contents, every
//! directive, every fence.

use std::collections::BTreeMap;
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

/// A page that was read and expanded.
#[derive(Debug)]
pub struct ReadPage {
    /// The page.
    pub page: Page,
    /// Its blocks of code.
    pub listings: Vec<Listing>,
}

/// Reads every page, in the order of their names. What is wrong with them are problems.
pub fn read(workbook: &Workbook) -> Result<(Vec<ReadPage>, Vec<Problem>)> {
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for path in pages(workbook) {
        let text = exercise::read(workbook, &path)?;
        let (page, directives) = Page::expand(workbook, &path, &text);
        let (listings, fences) = listing::find(&page);
        problems.extend(directives.into_iter().chain(fences));
        problems.extend(link::check(workbook, &page));
        read.push(ReadPage { page, listings });
    }
    Ok((read, problems))
}

/// Compares the table of contents with the pages that exist.
pub fn check_summary(workbook: &Workbook) -> Result<Vec<Problem>> {
    let summary = workbook.pages().join("SUMMARY.md");
    let text = exercise::read(workbook, &summary)?;
    let problem = |line, message| Problem { file: workbook.name_of(&summary), line, message };
    let mut problems = Vec::new();
    let mut listed: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (event, range) in new_cmark_parser(&text, &MarkdownOptions::default()).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else {
            continue;
        };
        let line = 1 + text[..range.start].matches('\n').count();
        if dest_url.is_empty() {
            continue; // a draft chapter
        }
        let path = workbook.pages().join(&*dest_url);
        match title(workbook, &path) {
            None => problems.push(problem(line, format!("there is no page {dest_url}"))),
            Some(title) if !text[range].starts_with(&format!("[{title}](")) => {
                problems.push(problem(line, format!("{dest_url} calls itself `{title}`")));
            }
            Some(_) => {}
        }
        if let Some(first) = listed.insert(path, line) {
            problems.push(problem(line, format!("{dest_url} stands in line {first} too")));
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
            && path.file_name().is_some_and(|name| name != "SUMMARY.md")
    };
    files(&workbook.pages()).into_iter().filter(|path| is_page(path)).collect()
}
