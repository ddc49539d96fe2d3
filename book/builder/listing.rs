//! The blocks of code of a page: what they are, where they came from, and their HTML.

use std::fmt::Write;
use std::ops::Range;
use std::path::PathBuf;

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::highlight::{self, Language};
use crate::page::Page;
use crate::problem::Problem;
use crate::workbook::Workbook;

/// A fenced block of code.
#[derive(Debug)]
pub struct Listing {
    /// The language after the fence.
    pub language: Language,
    /// Whether NASM takes it.
    pub promise: Promise,
    /// Whether it is a whole source file.
    pub extent: Extent,
    /// What stands between the fences.
    pub text: String,
    /// The page's line of each of its lines, and of the opening fence before them.
    pub at: Vec<usize>,
    /// The files it was taken from; empty if it was written on the page, if only in part.
    pub included: Vec<PathBuf>,
    /// The bytes of the page's text that it takes, with its fences.
    range: Range<usize>,
}

/// What a listing says of itself: `fail` after its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// NASM takes it without a warning.
    Assembles,
    /// NASM refuses it; that is why the page shows it.
    Fails,
}

/// How much a listing shows: `fragment` after its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every name in it is defined in it.
    File,
    /// It uses names that the page has defined elsewhere.
    Fragment,
}

/// The blocks of code of a page, in their order. What is wrong with a fence is a problem.
pub fn find(page: &Page) -> (Vec<Listing>, Vec<Problem>) {
    let text = page.text();
    let starts = line_starts(&text);
    let mut listings = Vec::new();
    let mut problems = Vec::new();
    let mut events = new_cmark_parser(&text, &MarkdownOptions::default()).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else {
            continue;
        };
        let mut code = String::new();
        for (event, _) in events.by_ref() {
            match event {
                Event::Text(text) => code += &text,
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
        }
        let fence = starts.partition_point(|&start| start <= range.start) - 1;
        match read_info(&info) {
            Ok((language, promise, extent)) => {
                let lines = &page.lines[fence..][..=code.lines().count()];
                let at = lines.iter().map(|line| line.at).collect();
                let included = included(page, &lines[1..]);
                let text = code;
                listings.push(Listing { language, promise, extent, text, at, included, range });
            }
            Err(message) => problems.push(Problem {
                file: page.name.clone(),
                line: page.lines[fence].at,
                message,
            }),
        }
    }
    (listings, problems)
}

/// The page's text with every listing as highlighted HTML.
pub fn render(page: &Page, listings: &[Listing], workbook: &Workbook) -> String {
    let mut text = page.text();
    for listing in listings.iter().rev() {
        let caption = match listing.included.as_slice() {
            [file] => Some(workbook.name_of(file)),
            _ => None,
        };
        let mut block = html(listing.language, &listing.text, caption.as_deref());
        // A blank line ends the block of HTML; in a quote or a list it keeps their margin.
        let start = text[..listing.range.start].rfind('\n').map_or(0, |end| end + 1);
        block.push('\n');
        block.extend(
            text[start..listing.range.start]
                .chars()
                .map(|mark| if mark == '>' { mark } else { ' ' }),
        );
        text.replace_range(listing.range.clone(), &block);
    }
    text
}

/// A block of code as one line of HTML, so that Markdown finds no blank line to end it at.
pub fn html(language: Language, text: &str, caption: Option<&str>) -> String {
    let code = highlight::html(language, text.trim_end());
    let class = language.class();
    let block = format!("<pre><code class=\"language-{class}\">{code}&#10;</code></pre>");
    let Some(caption) = caption else { return block };
    let mut figure = String::from("<figure class=\"listing\"><figcaption>");
    highlight::escape(caption, &mut figure);
    let _ = write!(figure, "</figcaption>{block}</figure>");
    figure
}

fn read_info(info: &str) -> Result<(Language, Promise, Extent), String> {
    let mut words = info.split([',', ' ']).filter(|word| !word.is_empty());
    let name = words
        .next()
        .ok_or_else(|| format!("a block of code names its language: {}", Language::NAMES))?;
    let language = Language::named(name)
        .ok_or_else(|| format!("`{name}` is no language of this book: {}", Language::NAMES))?;
    let (mut promise, mut extent) = (Promise::Assembles, Extent::File);
    for word in words {
        match word {
            "fail" if language == Language::X86asm => promise = Promise::Fails,
            "fragment" if language == Language::X86asm => extent = Extent::Fragment,
            _ => {
                return Err(format!(
                    "`{word}` means nothing after `{name}`; `x86asm` may be followed by `fail` and `fragment`"
                ));
            }
        }
    }
    Ok((language, promise, extent))
}

/// The files of these lines, if all of them were included.
fn included(page: &Page, lines: &[crate::page::Line]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for line in lines {
        let Some(index) = line.included else {
            return Vec::new();
        };
        let file = &page.included[index];
        if !files.contains(file) {
            files.push(file.clone());
        }
    }
    files
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}
