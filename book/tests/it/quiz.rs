//! Quizzes: the forms that readers get, and what an author is told of a question that cannot be
//! answered.

use std::collections::BTreeSet;

use book::page::Page;
use scraper::{ElementRef, Html, Selector};

use crate::fixture::Fixture;

const FILE: &str = "book/src/ex01_registers/quiz.toml";

/// Five questions whose right answer is the first choice.
fn questions() -> String {
    (1..=5)
        .map(|number| {
            format!(
                "[[question]]\n\
                 prompt = \"Where is argument {number} of `f`?\"\n\
                 answer = \"in `rdi`\"\n\
                 choices = [\"in `rdi`\", \"in `rax`\", \"on the *stack*\"]\n\
                 explain = \"The ABI says so & C's {{{{#include}}}} not.\"\n\
                 [question.why]\n\
                 \"in `rax`\" = \"That is the result.\"\n\
                 \"on the *stack*\" = \"That is the seventh.\"\n"
            )
        })
        .collect()
}

/// The page that asks these questions, and what is wrong with it.
fn expand(quiz: &str) -> (String, Vec<String>) {
    let text = "# A page\n\n{{#quiz ex01}}\n";
    let fixture = Fixture::with_page(text);
    fixture.write(FILE, quiz);
    let path = fixture.workbook.pages().join("page.md");
    let (page, problems) = Page::expand(&fixture.workbook, &path, text);
    (page.text(), problems.iter().map(ToString::to_string).collect())
}

/// What an author is told of one wrong line in the first question.
fn told(right: &str, wrong: &str) -> String {
    let quiz = questions();
    assert!(quiz.contains(right), "{right}");
    let (_, problems) = expand(&quiz.replacen(right, wrong, 1));
    problems.join("\n").replace(&format!("{FILE}:"), "")
}

fn select<'html>(element: ElementRef<'html>, selector: &str) -> Vec<ElementRef<'html>> {
    element.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_owned()
}

#[test]
fn a_question_is_a_form_that_works_without_a_script() {
    let (page, problems) = expand(&questions());
    assert_eq!(problems, Vec::<String>::new());
    let start = page.find("<section").unwrap();
    let section = &page[start..page.find("</section>").unwrap()];
    assert!(!section.contains("\n\n"), "Markdown ends a block of HTML there:\n{section}");
    assert!(!section.contains("{{"), "mdBook looks for directives:\n{section}");

    let html = Html::parse_fragment(section);
    let forms = select(html.root_element(), "form.question");
    assert_eq!(forms.len(), 5);
    let first = forms[0];
    let legend = select(first, "fieldset > legend")[0];
    assert_eq!(text(legend), "1. Where is argument 1 of f?");
    assert_eq!(select(legend, "code").len(), 1);
    let choices: BTreeSet<String> = select(first, "label").into_iter().map(text).collect();
    assert_eq!(choices, ["in rax", "in rdi", "on the stack"].map(str::to_owned).into());
    assert_eq!(select(first, "label em").len(), 1);

    // Each choice has its reason under "Answer", and the right one is marked.
    for radio in select(first, "label > input[type=radio]") {
        let value = radio.attr("value").unwrap();
        assert_eq!(select(first, &format!("details [data-choice='{value}']")).len(), 1);
    }
    let right = select(first, "[data-right]")[0];
    assert_eq!(text(right), "The ABI says so & C’s {{#include}} not.");
    let chosen = format!("input[value='{}']", right.attr("data-choice").unwrap());
    let label = select(first, &chosen)[0].parent().and_then(ElementRef::wrap).unwrap();
    assert_eq!(text(label), "in rdi");
}

#[test]
fn the_order_of_the_choices_gives_nothing_away() {
    let (page, _) = expand(&questions());
    let html = Html::parse_fragment(&page);
    let places: BTreeSet<&str> = select(html.root_element(), "[data-right]")
        .iter()
        .map(|right| right.attr("data-choice").unwrap())
        .collect();
    assert!(places.len() > 1, "the right one is always at {places:?}");
    // Where the author puts it does not matter.
    let (turned, _) = expand(&questions().replace(
        "[\"in `rdi`\", \"in `rax`\", \"on the *stack*\"]",
        "[\"on the *stack*\", \"in `rdi`\", \"in `rax`\"]",
    ));
    assert_eq!(turned, page);
}

#[test]
fn a_question_that_makes_no_sense_names_its_line() {
    for (right, wrong, expected) in [
        (
            "answer = \"in `rdi`\"",
            "answer = \"rdi\"",
            "2: the answer is no choice: rdi\n2: does not say why this is wrong: in `rdi`",
        ),
        (
            "\"in `rax`\" = \"That is the result.\"\n",
            "",
            "2: does not say why this is wrong: in `rax`",
        ),
        (
            "\"in `rax`\" =",
            "\"in `rdi`\" = \"x\"\n\"in rax\" = \"y\"\n\"in `rax`\" =",
            "2: says why the answer is wrong: in `rdi`\n\
             2: says why this is wrong, which is no choice: in rax",
        ),
        ("\"in `rax`\", ", "\"in `rax`\", \"in `rax`\", ", "2: offers a choice twice: in `rax`"),
        ("argument 1", "argument 2", "10: asks what another question asks"),
        (
            "That is the seventh.",
            "See [there](x.md)",
            "2: a text of a quiz holds words, `code` and *emphasis*, and nothing else: See [there](x.md)",
        ),
        (
            "explain = \"The",
            "explain = \"\\n\\nOne.\\n\\nThe",
            "2: a text of a quiz is one paragraph, and not 2: \n\nOne.\n\nThe ABI says so & C's {{#include}} not.",
        ),
        (
            "prompt",
            "promt",
            "2: unknown field `promt`, expected one of `prompt`, `answer`, `choices`, `explain`, `why`",
        ),
        ("answer = ", "answer: ", "3: key with no value, expected `=`"),
    ] {
        assert_eq!(told(right, wrong), expected, "{wrong}");
    }
    let (_, problems) = expand(questions().rsplit_once("[[").unwrap().0);
    assert_eq!(problems, [format!("{FILE}: asks 4; a quiz asks at least 5")]);
}

#[test]
fn a_chapter_without_questions_names_the_line_of_the_page() {
    let told = |id: &str| {
        let text = format!("\n{{{{#quiz {id}}}}}\n");
        let fixture = Fixture::with_page(&text);
        fixture.write("book/src/ex02_jumps/a.md", "# A\n");
        fixture.write(FILE, &questions());
        let path = fixture.workbook.pages().join("page.md");
        Page::expand(&fixture.workbook, &path, &text).1[0].to_string()
    };
    assert_eq!(told("ex09"), "book/src/page.md:2: no chapter is called `ex09`; there are ex01");
    assert_eq!(told("ex02"), "book/src/page.md:2: there is no book/src/ex02_jumps/quiz.toml");
    assert_eq!(told(""), "book/src/page.md:2: write `{{#quiz ex05}}`");
}
