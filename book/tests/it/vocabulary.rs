//! What an author is told of a word that comes before its page.

use book::{source, vocabulary};

use crate::fixture::Fixture;

const SUMMARY: &str = "- [Page](page.md)\n- [A](a.md)\n- [B](b.md)\n";

/// What the check says of a book of three pages, the second of which has the exercise.
fn check(first: &str, second: &str, third: &str) -> Vec<String> {
    let include = "{{#include ../../exercises/ex01_registers/examples/twice/example.asm:3}}";
    let fixture = Fixture::with_page(&format!("# Page\n{first}\n"));
    fixture.write("book/src/SUMMARY.md", SUMMARY);
    fixture.write("book/src/b.md", &format!("# B\n{third}\n\n```x86asm\n{include}\n```\n"));
    fixture.write("book/src/a.md", &format!("# A\n{second}\n\n{{{{#exercise ex01a}}}}\n"));
    let example = "    section .text\nf:\n    mov     eax, [rel x]\n    ret\n";
    fixture.write("exercises/ex01_registers/examples/twice/example.asm", example);
    let (pages, _) = source::read(&fixture.workbook).unwrap();
    let problems = vocabulary::check(&fixture.workbook, &pages).unwrap();
    problems.iter().map(ToString::to_string).collect()
}

const FIRST: &str =
    "<!-- introduces: mov, ret, section .text, %include -->\n`mov`, `ret`, `.text`, `%include x`";
const THIRD: &str = "\n<!-- introduces: rel -->\nbrackets: `[rel x]`";

#[test]
fn a_word_may_come_with_its_page_or_after_it() {
    assert_eq!(check(FIRST, "", THIRD), Vec::<String>::new());
    assert_eq!(check("", FIRST, THIRD), Vec::<String>::new());
}

#[test]
fn a_word_before_its_page_is_named_once_with_its_first_place() {
    let solution = "exercises/ex01_registers/a_answer/solution.asm";
    assert_eq!(
        check("", "", FIRST),
        [
            format!(
                "book/src/a.md:4: {solution}:1 uses `%include`, which book/src/b.md introduces later"
            ),
            format!(
                "book/src/a.md:4: {solution}:2 uses `section .text`, which book/src/b.md introduces later"
            ),
            format!(
                "book/src/a.md:4: {solution}:6 uses `mov`, which book/src/b.md introduces later"
            ),
            format!(
                "book/src/a.md:4: {solution}:8 uses `ret`, which book/src/b.md introduces later"
            ),
            "book/src/b.md:6: exercises/ex01_registers/examples/twice/example.asm:3 uses `rel`, \
             which no page introduces"
                .to_owned(),
        ]
    );
}

#[test]
fn a_page_names_what_it_introduces() {
    assert_eq!(
        check(&FIRST.replace("ret,", "ret, rol,"), "", THIRD),
        ["book/src/page.md:2: introduces `rol`, and never names it"]
    );
}

#[test]
fn a_source_that_no_page_shows_is_named() {
    let fixture = Fixture::with_page("# A page\n");
    fixture.write("exercises/ex01_registers/examples/twice/example.asm", "");
    let (pages, _) = source::read(&fixture.workbook).unwrap();
    let problems = vocabulary::check(&fixture.workbook, &pages).unwrap();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "exercises/ex01_registers/a_answer/solution.asm: is on no page",
            "exercises/ex01_registers/examples/twice/example.asm: is on no page",
        ]
    );
}
