//! The real pages: what their authors must mend before anybody reads them.

use std::fs;
use std::path::Path;

use book::problem::{Problem, Problems};
use book::source::ReadPage;
use book::workbook::Workbook;
use book::{assembly, source, vocabulary};

use crate::fixture::Fixture;

fn workbook() -> Workbook {
    Workbook::around(env!("CARGO_MANIFEST_DIR").as_ref()).unwrap()
}

#[track_caller]
fn assert_none(problems: Vec<Problem>) {
    if let Err(problems) = Problems(problems).into_result() {
        panic!("\n{problems}");
    }
}

#[test]
fn every_page_is_in_the_summary_and_the_other_way_round() {
    assert_none(source::check_summary(&workbook()).unwrap());
}

#[test]
fn every_directive_of_every_page_can_be_carried_out() {
    let (_, problems) = source::read(&workbook()).unwrap();
    assert_none(problems);
}

#[test]
fn a_term_of_the_glossary_stands_in_italics_on_its_page() {
    let workbook = workbook();
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let folder = workbook.pages().join("appendix");
    let glossary = folder.join("glossary.md");
    let mut problems = Vec::new();
    let mut next_line = 1;
    let mut last = String::new();
    for entry in read(&glossary).split_inclusive("\n\n") {
        let line = next_line;
        next_line += entry.matches('\n').count();
        let mut problem =
            |message| problems.push(Problem { file: workbook.name_of(&glossary), line, message });
        let Some((term, rest)) = entry.split_once("\n: ") else {
            continue; // the title and the sentence under it
        };
        let lower = term.to_lowercase();
        if lower <= last {
            problem(format!("{term} is out of order"));
        }
        let (_, page) = rest.rsplit_once("](").unwrap();
        let page = page.trim().trim_end_matches(')');
        let text = read(&folder.join(page)).to_lowercase();
        // A page may define the word in the plural, or a part of the term.
        let forms = [lower.clone(), format!("{lower}s"), lower.split(' ').next().unwrap().into()];
        if !forms.iter().any(|form| text.contains(&format!("*{form}*"))) {
            problem(format!("{term} is not in italics in {page}"));
        }
        last = lower;
    }
    assert_none(problems);
}

#[test]
fn every_listing_assembles() {
    let workbook = workbook();
    let (pages, _) = source::read(&workbook).unwrap();
    match assembly::check(&workbook, &pages) {
        Ok(outcome) => assert_none(outcome.problems),
        Err(error) => panic!("\n{error}"),
    }
}

#[test]
fn a_word_is_introduced_before_it_is_used() {
    let workbook = workbook();
    let (pages, _) = source::read(&workbook).unwrap();
    assert_none(vocabulary::check(&workbook, &pages).unwrap());
}

#[test]
fn a_page_of_a_chapter_ends_in_its_exercise() {
    let (pages, _) = source::read(&workbook()).unwrap();
    let mut problems = Vec::new();
    for ReadPage { written, page, .. } in &pages {
        let last = match page.name.strip_prefix("book/src/ex") {
            None => continue,
            Some(name) if name.ends_with("/README.md") => continue,
            Some(name) if name.ends_with("/what_we_now_know.md") => "{{#quiz ",
            Some(_) => "{{#exercise ",
        };
        let line = written.trim_end().lines().count();
        if !written.lines().nth(line - 1).is_some_and(|line| line.starts_with(last)) {
            let message = format!("the page ends here, and not in `{last}…}}}}`");
            problems.push(Problem { file: page.name.clone(), line, message });
        }
    }
    assert_none(problems);
}

const SUMMARY: &str = "\
# Summary

- [One](one.md)
- [One](one.md)
- [Other](other.md)
- [Later]()
";

#[test]
fn a_summary_is_told_what_it_lacks() {
    let fixture = Fixture::with_page("# A page\n");
    fixture.write("book/src/SUMMARY.md", SUMMARY);
    fixture.write("book/src/other.md", "# Another\n");
    let problems = source::check_summary(&fixture.workbook).unwrap();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "book/src/SUMMARY.md:3: there is no page one.md",
            "book/src/SUMMARY.md:4: there is no page one.md",
            "book/src/SUMMARY.md:4: one.md stands in line 3 too",
            "book/src/SUMMARY.md:5: other.md calls itself `Another`",
            "book/src/page.md: is in no line of SUMMARY.md, so no reader finds it",
        ]
    );
}

#[test]
fn a_link_to_a_page_that_is_not_there_names_its_line() {
    let fixture = Fixture::with_page("# A page\n\nA [page](page.md#x), [another](other.md).\n");
    let (_, problems) = source::read(&fixture.workbook).unwrap();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["book/src/page.md:3: links to other.md, and there is no such page"]);
}
