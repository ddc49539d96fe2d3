//! The content in numbers: what is counted, and that the committed page says it.

use std::fs;

use book::content::{self, Count};
use book::source;
use book::workbook::Workbook;

use crate::fixture::Fixture;

#[test]
fn the_page_with_the_numbers_is_up_to_date() {
    let workbook = Workbook::around(env!("CARGO_MANIFEST_DIR").as_ref()).unwrap();
    let (pages, _) = source::read(&workbook).unwrap();
    let counted = content::page(&workbook, &pages).unwrap();
    let committed = fs::read_to_string(workbook.pages().join(content::PAGE)).unwrap_or_default();
    let changed: Vec<&str> =
        counted.lines().filter(|line| !committed.lines().any(|known| known == *line)).collect();
    assert!(
        committed.replace("\r\n", "\n") == counted,
        "\nbook/src/{} is not up to date; `cargo run -p book -- content` writes it\n{}",
        content::PAGE,
        changed.join("\n")
    );
}

fn count(text: &str) -> Count {
    let fixture = Fixture::with_page(text);
    let (pages, _) = source::read(&fixture.workbook).unwrap();
    content::count(&fixture.workbook, &pages[0]).unwrap()
}

#[test]
fn prose_is_counted_in_words_and_sentences() {
    for (text, words, sentences) in [
        ("One two three.\nFour, five!\n", 5, 2),
        ("What `mov rax, 1` does: *it* [moves](page.md#x) 3.5 – no more.\n", 8, 1),
        ("- no full stop\n- \"One.\" Two\n\nand (three.) four\n", 8, 5),
        ("> [!NOTE]\n> A note.\n\nterm\n: A definition.\n", 5, 3),
        ("<!-- introduces: mov -->\n## A heading\n\n| a | table |\n|---|---|\n| x | y |\n", 0, 0),
        ("Before:\n\n```text\ncode is no prose.\n```\n\nand after.\n", 3, 2),
    ] {
        let counted = count(&format!("# Title\n\n{text}"));
        assert_eq!((counted.words, counted.sentences), (words, sentences), "{text}");
    }
}

#[test]
fn listings_and_exercises_are_counted_where_they_stand() {
    let counted = count(
        "# Title\n\nA word.\n\n```text\nx\n```\n\n{{#exercise ex01a}}\n\n\
         {{#transcript ex01_registers/examples/twice}}\n{{#report ex01a low_byte}}\n",
    );
    let expected = Count { words: 2, sentences: 1, listings: 3, exercises: 1, minutes: 5 };
    assert_eq!(counted, expected);
}
