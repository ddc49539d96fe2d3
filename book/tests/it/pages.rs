//! The real pages: what their authors must mend before anybody reads them.

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
fn every_listing_assembles() {
    let workbook = workbook();
    let (pages, _) = source::read(&workbook).unwrap();
    match assembly::check(&workbook, &pages) {
        Ok(outcome) => assert_none(outcome.problems),
        Err(error) => panic!("\n{error}"),
    }
}

#[test]
fn a_summary_is_told_what_it_lacks() {
    let fixture = Fixture::with_page("# A page\n");
    fixture.write(
        "book/src/SUMMARY.md",
        "# Summary\n\n- [One](one.md)\n- [One](one.md)\n- [Later]()\n",
    );
    let problems = source::check_summary(&fixture.workbook).unwrap();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "book/src/SUMMARY.md:3: there is no page one.md",
            "book/src/SUMMARY.md:4: there is no page one.md",
            "book/src/SUMMARY.md:4: one.md stands in line 3 too",
            "book/src/page.md: is in no line of SUMMARY.md, so no reader finds it",
        ]
    );
}
