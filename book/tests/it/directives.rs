//! Directives: what they become, and what an author is told when one is wrong.

use book::directive::{Directive, Part, parse};
use book::page::Page;
use book::{link, listing};

use crate::fixture::Fixture;

/// The page as it goes to mdBook, and what is wrong with it.
fn expand(text: &str) -> (String, Vec<String>) {
    let fixture = Fixture::with_page(text);
    let path = fixture.workbook.pages().join("page.md");
    let (page, mut problems) = Page::expand(&fixture.workbook, &path, text);
    let (listings, fences) = listing::find(&page);
    problems.extend(fences);
    let text = listing::render(&page, &listings, &fixture.workbook);
    (text, problems.iter().map(ToString::to_string).collect())
}

/// What an author is told of a page with one fault.
fn told(text: &str) -> String {
    let (_, problems) = expand(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].clone()
}

#[test]
fn a_line_is_read_as_mdbook_reads_it() {
    let include = |path, part| Ok(Some(Directive::Include { path, part }));
    assert_eq!(parse("{{#include a/b.asm}}"), include("a/b.asm", Part::Whole));
    assert_eq!(parse("{{ #include b.asm:x-1 }}"), include("b.asm", Part::Anchor("x-1")));
    let lines = |first, last| Part::Lines { first, last };
    assert_eq!(parse("{{#include b.asm:3}}"), include("b.asm", lines(3, Some(3))));
    assert_eq!(parse("{{#include b.asm:3:}}"), include("b.asm", lines(3, None)));
    assert_eq!(parse("{{#include b.asm::7}}"), include("b.asm", lines(1, Some(7))));
    assert_eq!(parse("no directive"), Ok(None));
    assert_eq!(parse("an array of structs in C: {{0}, {1}}"), Ok(None));
    assert_eq!(parse(r"`\{{#exercise ex01a}}` is only named"), Ok(None));
    assert_eq!(parse("{{#title A title}}"), Ok(None));
}

#[test]
fn an_exercise_shows_its_statement_its_hints_and_its_commands() {
    let (text, problems) = expand("# A page\n\n{{#exercise ex01a}}\n");
    assert_eq!(problems, Vec::<String>::new());
    for part in [
        "A function that answers {#ex01a}",
        "5 minutes · 10 points",
        "Write `answer`.\nIt returns 42.",
        "<code>work/ex01a.asm</code>",
        "cargo run -p checker ex01a&#10;",
        "cargo run -p checker -- hint ex01a&#10;",
        "<summary>Hint 3</summary>\n\nMove 42 there.",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn a_transcript_and_a_report_come_without_their_header() {
    let (text, problems) =
        expand("{{#transcript ex01_registers/examples/twice}}\n{{#report ex01a low_byte}}\n");
    assert_eq!(problems, Vec::<String>::new());
    assert!(!text.contains("source:") && !text.contains("---"), "{text}");
    assert!(text.contains("answer()&#10;42&#10;"), "{text}");
    assert!(text.contains("<figcaption>$ cargo run -p checker ex01a</figcaption>"), "{text}");
    assert!(text.contains("answer() gave -214"), "{text}");
}

#[test]
fn an_included_listing_names_its_file() {
    let (text, problems) = expand(
        "```x86asm\n{{#include ../../exercises/ex01_registers/a_answer/solution.asm:answer}}\n```\n",
    );
    assert_eq!(problems, Vec::<String>::new());
    let caption = "<figcaption>exercises/ex01_registers/a_answer/solution.asm</figcaption>";
    assert!(text.contains(caption), "{text}");
    assert!(text.contains(">mov</span>") && !text.contains("ANCHOR"), "{text}");
}

#[test]
fn a_listing_in_a_list_or_a_quote_stays_there() {
    let (text, _) = expand("1. One\n\n   ```text\n   a\n\n   b\n   ```\n   after\n2. Two\n");
    assert!(text.contains("   <pre><code class=\"language-text\">a&#10;&#10;b&#10;"), "{text}");
    assert!(text.contains("</pre>\n   \n   after"), "{text}");
    let (text, _) = expand("> ```text\n> a\n> ```\n> after\n");
    assert!(text.contains("</pre>\n> \n> after"), "{text}");
}

#[test]
fn a_link_to_a_readme_goes_where_mdbook_puts_it() {
    assert_eq!(
        link::rewrite(
            "[A](a/README.md#x), [b](README.md) and `README.md`, [c](https://x/README.md)"
        ),
        "[A](a/index.md#x), [b](index.md) and `README.md`, [c](https://x/README.md)"
    );
}

#[test]
fn what_cannot_be_carried_out_names_page_and_line() {
    let exercises = "../../exercises/ex01_registers/a_answer";
    for (page, expected) in [
        (
            "\n\n{{#exercise ex09z}}",
            "book/src/page.md:3: no exercise is called `ex09z`; there are ex01a",
        ),
        (
            "{{#exercize ex01a}}",
            "book/src/page.md:1: `{{#exercize}}` is no directive of this book; \
            there are include, exercise, transcript, report and quiz",
        ),
        ("{{#exercise}}", "book/src/page.md:1: write `{{#exercise ex01a}}`"),
        (
            "See {{#exercise ex01a}}",
            "book/src/page.md:1: `{{#exercise}}` stands alone on its line; \
            a page that only names it writes `\\{{#exercise}}`",
        ),
        ("{{#exercise ex01a", "book/src/page.md:1: `{{#` without `}}` on the same line"),
        (
            "{{#report ex01a high_byte}}",
            "book/src/page.md:1: \
            there is no exercises/ex01_registers/a_answer/traps/high_byte.snap; \
            `INSTA_UPDATE=always cargo test -p checker` makes it",
        ),
        (
            "{{#transcript ../secret}}",
            "book/src/page.md:1: `../secret` is no folder under exercises/",
        ),
        ("{{#include nowhere.asm}}", "book/src/page.md:1: there is no book/src/nowhere.asm"),
        (
            "```text\n{{#exercise ex01a}}\n```",
            "book/src/page.md:2: only `{{#include}}` may stand in a block of code",
        ),
    ] {
        assert_eq!(told(page), expected);
    }
    let solution = "exercises/ex01_registers/a_answer/solution.asm";
    for (part, expected) in [
        ("anwser", "has no anchor `anwser`; there are answer, body, open"),
        ("open", "never closes its anchor `open` with `ANCHOR_END: open`"),
        ("8:99", "has 10 lines, and not 8 to 99"),
    ] {
        let page = format!("```x86asm\n{{{{#include {exercises}/solution.asm:{part}}}}}\n```");
        assert_eq!(told(&page), format!("book/src/page.md:2: {solution} {expected}"));
    }
}

#[test]
fn a_fence_names_a_language_of_the_book() {
    let languages = "x86asm, python, console, c, toml or text";
    assert_eq!(
        told("\n```nasm\nret\n```"),
        format!("book/src/page.md:2: `nasm` is no language of this book: {languages}")
    );
    assert_eq!(
        told("```\nret\n```"),
        format!("book/src/page.md:1: a block of code names its language: {languages}")
    );
    assert_eq!(
        told("```x86asm,ignore\nret\n```"),
        "book/src/page.md:1: `ignore` means nothing after `x86asm`; \
         `x86asm` may be followed by `fail` and `fragment`"
    );
}
