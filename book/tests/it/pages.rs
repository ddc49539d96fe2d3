//! The real pages: what their authors must mend before anybody reads them.

use std::fs;
use std::path::Path;

use book::problem::Problems;
use book::workbook::Workbook;
use book::{assembly, source};

use crate::fixture::Fixture;

fn workbook() -> Workbook {
    Workbook::around(env!("CARGO_MANIFEST_DIR").as_ref()).unwrap()
}

#[track_caller]
fn assert_none(problems: Vec<book::problem::Problem>) {
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
    let glossary = read(&folder.join("glossary.md"));
    let mut last = String::new();
    for entry in glossary.split("\n\n").skip(2) {
        let (term, rest) = entry.split_once("\n: ").unwrap();
        assert!(last < term.to_lowercase(), "{term} is out of order");
        last = term.to_lowercase();
        let (_, page) = rest.rsplit_once("](").unwrap();
        let text = read(&folder.join(page.trim().trim_end_matches(')'))).to_lowercase();
        // A page may define the word in the plural, or a part of the term.
        let forms = [last.clone(), format!("{last}s"), last.split(' ').next().unwrap().to_owned()];
        let found = forms.iter().any(|form| text.contains(&format!("*{form}*")));
        assert!(found, "{term} is not in italics in {page}");
    }
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
