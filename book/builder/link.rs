//! The links of a page to other pages: whether the pages exist, and the one name that mdBook changes.

use std::ops::Range;
use std::path::Path;

use mdbook_markdown::pulldown_cmark::{Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::page::Page;
use crate::problem::Problem;
use crate::workbook::Workbook;

/// mdBook turns `README.md` into `index.html`, and leaves the links to it as they are.
const RENAMED: (&str, &str) = ("README.md", "index.md");

/// Links to pages that do not exist.
pub fn check(workbook: &Workbook, page: &Page) -> Vec<Problem> {
    let text = page.text();
    let here = workbook.root.join(&page.name);
    let folder = here.parent().unwrap_or(Path::new(""));
    let mut problems = Vec::new();
    for (target, range) in find(&text) {
        let path = target.split('#').next().unwrap_or_default();
        if path.contains(':') || !path.ends_with(".md") || folder.join(path).is_file() {
            continue;
        }
        let line = &page.lines[text[..range.start].matches('\n').count()];
        let message = format!("links to {path}, and there is no such page");
        problems.push(Problem { file: page.name.clone(), line: line.at, message });
    }
    problems
}

/// The page's text with each link to a `README.md` as mdBook should have it.
pub fn rewrite(text: &str) -> String {
    let mut rewritten = text.to_owned();
    for (target, range) in find(text).into_iter().rev() {
        let file = target.split('#').next().unwrap_or_default();
        if !target.contains(':') && (file == RENAMED.0 || file.ends_with("/README.md")) {
            let link = text[range.clone()].replace(RENAMED.0, RENAMED.1);
            rewritten.replace_range(range, &link);
        }
    }
    rewritten
}

/// Every link's target, and the bytes of the whole link.
fn find(text: &str) -> Vec<(String, Range<usize>)> {
    new_cmark_parser(text, &MarkdownOptions::default())
        .into_offset_iter()
        .filter_map(|(event, range)| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some((dest_url.into_string(), range)),
            _ => None,
        })
        .collect()
}
