//! Which instructions and directives a page introduces, and whether an exercise or an example uses
//! one before its page came. A page says it in its first lines: `<!-- introduces: mov, ret -->`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use mdbook_markdown::pulldown_cmark::Event;
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::directive::{self, Directive};
use crate::exercise;
use crate::highlight::{self, Language};
use crate::problem::Problem;
use crate::source::ReadPage;
use crate::workbook::Workbook;

/// How far down a page the comment may stand.
const FIRST_LINES: usize = 5;

/// Words that come too early, each at its first use, words that a page promises and does not
/// explain, and sources that no page shows. The pages are in the reader's order.
pub fn check(workbook: &Workbook, pages: &[ReadPage]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let introduced = introductions(pages, &mut problems);
    let mut shown: BTreeSet<PathBuf> = BTreeSet::new();
    let mut reported: BTreeSet<String> = BTreeSet::new();
    for (index, page) in pages.iter().enumerate() {
        for (at, path) in sources_of(workbook, page) {
            if !shown.insert(path.clone()) {
                continue;
            }
            for (line, word) in words(&exercise::read(workbook, &path)?) {
                let introduction = introduced.get(&word).copied();
                let is_known = introduction.is_some_and(|first| first <= index);
                if is_known || !reported.insert(word.clone()) {
                    continue;
                }
                let place = format!("{}:{line} uses `{word}`", workbook.name_of(&path));
                let message = match introduction {
                    Some(later) => {
                        format!("{place}, which {} introduces later", pages[later].page.name)
                    }
                    None => format!("{place}, which no page introduces"),
                };
                problems.push(Problem { file: page.page.name.clone(), line: at, message });
            }
        }
    }
    for path in exercise::sources(workbook).into_iter().filter(|path| !shown.contains(path)) {
        let message = "is on no page".to_owned();
        problems.push(Problem { file: workbook.name_of(&path), line: 0, message });
    }
    Ok(problems)
}

/// The first page that introduces each word, as an index.
fn introductions(pages: &[ReadPage], problems: &mut Vec<Problem>) -> BTreeMap<String, usize> {
    let mut introduced = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        let Some((line, list)) = comment(&page.written) else {
            continue;
        };
        let named = names(page);
        for entry in list.split(',').map(|entry| entry.trim().to_owned()) {
            // A page says `.rodata`, and not each time `section .rodata`.
            let Some(short) = entry.split_whitespace().next_back() else {
                continue;
            };
            if !named.contains(&entry) && !named.contains(short) {
                let message = format!("introduces `{entry}`, and never names it");
                problems.push(Problem { file: page.page.name.clone(), line, message });
            }
            introduced.entry(entry).or_insert(index);
        }
    }
    introduced
}

/// The line and the list of a page's comment.
fn comment(written: &str) -> Option<(usize, &str)> {
    written.lines().take(FIRST_LINES).enumerate().find_map(|(index, line)| {
        let list = line.trim().strip_prefix("<!-- introduces:")?.strip_suffix("-->")?;
        Some((index + 1, list))
    })
}

/// Every word that a page has as `code` in its text, and the words of its listings.
fn names(page: &ReadPage) -> BTreeSet<String> {
    let is_between = |letter: char| letter.is_whitespace() || ",[]()".contains(letter);
    let mut names = BTreeSet::new();
    for event in new_cmark_parser(&page.page.text(), &MarkdownOptions::default()) {
        if let Event::Code(code) = event {
            names.extend(code.split(is_between).map(str::to_owned));
        }
    }
    for listing in page.listings.iter().filter(|listing| listing.language == Language::X86asm) {
        names.extend(highlight::words_of_nasm(&listing.text).into_iter().map(|(_, word)| word));
    }
    names
}

/// The sources under `exercises/` that a page shows or asks for, with the page's lines that say so.
fn sources_of(workbook: &Workbook, page: &ReadPage) -> Vec<(usize, PathBuf)> {
    let page_path = workbook.root.join(&page.page.name);
    let folder = page_path.parent().unwrap_or(Path::new(""));
    let mut sources = Vec::new();
    for (index, line) in page.written.lines().enumerate() {
        let path = match directive::parse(line) {
            Ok(Some(Directive::Exercise { id })) => {
                exercise::folder_of(workbook, id).ok().map(|folder| folder.join(exercise::SOLUTION))
            }
            Ok(Some(Directive::Transcript { folder })) => {
                Some(workbook.exercises().join(folder).join("example.asm"))
            }
            Ok(Some(Directive::Include { path, .. })) if path.ends_with(".asm") => {
                Some(workbook.root.join(workbook.name_of(&folder.join(path))))
            }
            _ => None,
        };
        let is_taught = |path: &PathBuf| path.starts_with(workbook.exercises()) && path.is_file();
        sources.extend(path.filter(is_taught).map(|path| (index + 1, path)));
    }
    sources
}

/// Each word of a source with the first line that has it.
fn words(source: &str) -> Vec<(usize, String)> {
    let mut seen = BTreeSet::new();
    let mut words = highlight::words_of_nasm(source);
    words.retain(|(_, word)| seen.insert(word.clone()));
    words
}
