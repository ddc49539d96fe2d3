//! What the pages hold, in numbers: the text of a page of the appendix. Counts what authors write,
//! and not what a directive brings.

use std::fmt::Write;
use std::ops::AddAssign;

use anyhow::Result;
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::directive::{self, Directive};
use crate::exercise::Exercise;
use crate::source::ReadPage;
use crate::workbook::Workbook;

/// The page with the numbers, in the folder of the pages.
pub const PAGE: &str = "appendix/content.md";

/// What a page holds, or several together.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The words of the prose: no heading, no code, no table.
    pub words: usize,
    /// The sentences that these words make.
    pub sentences: usize,
    /// Blocks of code, transcripts and reports.
    pub listings: usize,
    /// How many exercises it asks for.
    pub exercises: usize,
    /// What a newcomer needs for them.
    pub minutes: u32,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.words += other.words;
        self.sentences += other.sentences;
        self.listings += other.listings;
        self.exercises += other.exercises;
        self.minutes += other.minutes;
    }
}

/// Counts what a page holds.
pub fn count(workbook: &Workbook, page: &ReadPage) -> Result<Count> {
    let mut count = Count::default();
    let mut prose = String::new();
    for line in page.written.lines() {
        match directive::parse(line) {
            Ok(Some(Directive::Exercise { id })) => {
                count.exercises += 1;
                count.minutes += Exercise::read(workbook, id)?.facts.minutes;
            }
            Ok(Some(Directive::Transcript { .. } | Directive::Report { .. })) => {
                count.listings += 1;
            }
            Ok(Some(Directive::Include { .. } | Directive::Quiz { .. })) => {}
            Ok(None) | Err(_) => prose += line,
        }
        prose.push('\n');
    }
    count_prose(&prose, &mut count);
    Ok(count)
}

fn count_prose(markdown: &str, count: &mut Count) {
    let mut block = String::new();
    // How many blocks around us have no prose in them.
    let mut without_prose = 0;
    for event in new_cmark_parser(markdown, &MarkdownOptions::default()) {
        match event {
            Event::Text(text) if without_prose == 0 => block += &text,
            // A piece of code is a word of its sentence, whatever is in it.
            Event::Code(_) if without_prose == 0 => block += "code",
            Event::SoftBreak | Event::HardBreak => block.push(' '),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            ) => {}
            Event::Start(tag) => {
                close(&mut block, count);
                count.listings += usize::from(matches!(tag, Tag::CodeBlock(_)));
                without_prose += usize::from(has_no_prose(&tag.to_end()));
            }
            Event::End(tag) => {
                close(&mut block, count);
                without_prose -= usize::from(has_no_prose(&tag));
            }
            _ => {}
        }
    }
}

fn has_no_prose(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table | TagEnd::HtmlBlock | TagEnd::Image
    )
}

/// Counts a block of prose and empties it. Its end is the end of a sentence.
fn close(block: &mut String, count: &mut Count) {
    let mut is_open = false;
    for word in block.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)) {
        count.words += 1;
        is_open = !word.trim_end_matches(['"', '”', '’', ')', '*']).ends_with(['.', '?', '!']);
        count.sentences += usize::from(!is_open);
    }
    count.sentences += usize::from(is_open);
    block.clear();
}

/// The page with the numbers of all chapters and their pages.
pub fn page(workbook: &Workbook, pages: &[ReadPage]) -> Result<String> {
    let chapters = chapters(workbook, pages)?;
    let mut text = String::from(HEAD);
    let mut pages = 0;
    let mut all = Count::default();
    for chapter in &chapters {
        let together = chapter.together();
        let link = format!("{} {}", chapter.number, chapter.pages[0].0);
        text += &row(&link, Some(chapter.pages.len()), together);
        pages += chapter.pages.len();
        all += together;
    }
    text += &row("together", Some(pages), all);
    for chapter in &chapters {
        let _ = write!(text, "\n## {} {}\n\n{PAGES}", chapter.number, chapter.title);
        text.extend(chapter.pages.iter().map(|(link, count)| row(link, None, *count)));
    }
    Ok(text)
}

struct Chapter {
    number: u32,
    title: String,
    /// The link to each page, and what it holds.
    pages: Vec<(String, Count)>,
}

impl Chapter {
    fn together(&self) -> Count {
        let mut together = Count::default();
        self.pages.iter().for_each(|(_, count)| together += *count);
        together
    }
}

/// The chapters in the reader's order; the first page of a chapter bears its title.
fn chapters(workbook: &Workbook, pages: &[ReadPage]) -> Result<Vec<Chapter>> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for page in pages {
        let name = page.page.name.trim_start_matches("book/src/");
        let Some(number) = chapter_of(name) else {
            continue;
        };
        let first = page.written.lines().next().unwrap_or_default();
        let title = first.trim_start_matches("# ").to_owned();
        let counted = (format!("[{title}](../{name})"), count(workbook, page)?);
        match chapters.last_mut().filter(|chapter| chapter.number == number) {
            Some(chapter) => chapter.pages.push(counted),
            None => chapters.push(Chapter { number, title, pages: vec![counted] }),
        }
    }
    Ok(chapters)
}

/// 5, of `ex05_module_registration/c_multiply.md`.
fn chapter_of(name: &str) -> Option<u32> {
    let (number, _) = name.strip_prefix("ex")?.split_once('_')?;
    number.parse().ok()
}

/// A row of a table: of chapters, which counts pages and exercises, or of pages.
fn row(title: &str, pages: Option<usize>, count: Count) -> String {
    let Count { words, sentences, listings, exercises, minutes } = count;
    let mean = words as f64 / sentences.max(1) as f64;
    let numbers = format!("{words} | {mean:.1} | {listings}");
    match pages {
        Some(pages) => format!("| {title} | {pages} | {numbers} | {exercises} | {minutes} |\n"),
        None => format!("| {title} | {numbers} | {minutes} |\n"),
    }
}

const HEAD: &str = "\
# The content in numbers

`cargo run -p book -- content` writes this page, and a test compares it with the pages as they are.

Words are those of the prose.
Headings, code and tables do not count, and neither do quizzes, the statements of exercises, and what Python and the checker answer.
Listings are blocks of code, transcripts and reports.
Minutes are what the exercises say that a newcomer needs; reading comes on top.

| chapter | pages | words | words in a sentence | listings | exercises | minutes |
|---|--:|--:|--:|--:|--:|--:|
";

const PAGES: &str = "\
| page | words | words in a sentence | listings | minutes |
|---|--:|--:|--:|--:|
";
