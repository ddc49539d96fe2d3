//! The door to mdBook: carries out directives and colors code in every page of a loaded book,
//! inside this program or, for a stock `mdbook`, over its standard input and output.

use std::io;

use anyhow::{Context, Result, bail};
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};

use crate::page::Page;
use crate::problem::{Problem, Problems};
use crate::workbook::Workbook;
use crate::{link, listing};

/// The preprocessor that `book.toml` names `workbook`.
#[derive(Debug, Clone, Copy)]
pub struct Directives;

impl Preprocessor for Directives {
    /// The same as in `book.toml`, so that this one takes the place of the command there.
    fn name(&self) -> &str {
        "workbook"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let Some(workbook) = Workbook::around(&context.root) else {
            bail!("{} lies in no workbook", context.root.display());
        };
        let mut problems = Vec::new();
        book.for_each_chapter_mut(|chapter| problems.extend(rewrite(&workbook, chapter)));
        Problems(problems).into_result()?;
        Ok(book)
    }
}

fn rewrite(workbook: &Workbook, chapter: &mut Chapter) -> Vec<Problem> {
    let Some(source) = &chapter.source_path else {
        return Vec::new();
    };
    let path = workbook.pages().join(source);
    let (page, mut problems) = Page::expand(workbook, &path, &chapter.content);
    let (listings, fences) = listing::find(&page);
    problems.extend(fences);
    problems.extend(link::check(workbook, &page));
    chapter.content = link::rewrite(&listing::render(&page, &listings, workbook));
    problems
}

/// Answers mdBook's protocol for preprocessors: a book comes in, a book goes out.
pub fn answer() -> Result<()> {
    let (context, book) = parse_input(io::stdin().lock())
        .context("`preprocess` is run by mdBook, which sends it a book")?;
    let book = Directives.run(&context, book)?;
    serde_json::to_writer(io::stdout().lock(), &book)?;
    Ok(())
}
