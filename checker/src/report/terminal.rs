//! One verdict, for a terminal: what happened, where, what was expected, one hint.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::comparison::Compared;
use crate::model::finding::{Code, Finding, Place};
use crate::model::verdict::{Outcome, Verdict};
use crate::report::style::{Ink, Role, WIDTH, harmless, wrap};

/// An exercise as a report names it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// `ex05c`
    pub id: &'a str,
    /// The module's name.
    pub module: &'a str,
    /// The file, where it is not the one in `work/`.
    pub file: Option<&'a str>,
}

/// One CPython and what came of the file there.
#[derive(Clone, Debug)]
pub struct Result {
    /// `3.13.0`
    pub python: String,
    /// The conclusion.
    pub verdict: Verdict,
}

/// How many differing answers are shown.
const MOST_DIFFERENCES: usize = 3;

/// The fewest columns in which a line of code is still worth reading.
const NARROWEST_CODE: usize = 30;

/// How many lines of what a module printed are shown.
const MOST_PRINTED: usize = 10;

/// The report on one exercise, on one or several CPythons.
pub fn report(subject: Subject<'_>, results: &[Result], ink: Ink) -> String {
    let mut text = String::new();
    let first_failure = results.iter().find(|result| !result.verdict.passed());
    match (first_failure, results) {
        (None, results) => passed(&mut text, subject, results, ink),
        (Some(failure), [_]) => failed(&mut text, subject, &failure.verdict, ink),
        (Some(failure), results) => {
            failed(&mut text, subject, &failure.verdict, ink);
            strip(&mut text, results, failure);
        }
    }
    text
}

/// The report on a file that cannot be read as a source, and why not.
pub fn unreadable(subject: Subject<'_>, why: &str, ink: Ink) -> String {
    let head = format!("{} {}: the file cannot be checked", subject.id, subject.module);
    let mut text = format!("{}\n\n", ink.paint(Role::Bad, &head));
    paragraph(&mut text, why, "    ");
    text
}

fn passed(text: &mut String, subject: Subject<'_>, results: &[Result], ink: Ink) {
    let answers = results.first().map_or(0, |result| result.verdict.statements);
    let answers = if answers == 1 { "1 answer".to_owned() } else { format!("{answers} answers") };
    let pythons: Vec<&str> = results.iter().map(|result| result.python.as_str()).collect();
    let word = ink.paint(Role::Good, "passed");
    let head = format!("{} {}: {word}", subject.id, subject.module);
    let _ = writeln!(text, "{head}, {answers}, CPython {}", pythons.join(", "));
    if let [only] = results {
        printed(text, &only.verdict);
    }
}

fn failed(text: &mut String, subject: Subject<'_>, verdict: &Verdict, ink: Ink) {
    let mut findings = verdict.findings.iter();
    let Some(first) = findings.next() else {
        let _ = writeln!(text, "{} {}: {}", subject.id, subject.module, verdict.outcome.in_words());
        return;
    };
    let head = format!("{} {}: {}", subject.id, subject.module, first.code.title());
    headline(text, &head, first.code, ink);
    let mut said = Vec::new();
    body(text, first, verdict, &mut said, ink);
    for finding in findings {
        text.push('\n');
        headline(text, &format!("also: {}", finding.code.title()), finding.code, ink);
        body(text, finding, verdict, &mut said, ink);
    }
    printed(text, verdict);
    let (id, code) = (subject.id, first.code);
    let _ = writeln!(text, "\nStuck? `cargo run -p checker -- hint {id}`, or `… explain {code}`");
    if matches!(verdict.outcome, Outcome::Crashed | Outcome::TimedOut | Outcome::Differs) {
        let trace = match subject.file {
            None => format!(" `… trace {id}`"),
            Some(file) => format!("\n    … trace {id} --file {}", harmless(&shell_word(file))),
        };
        let _ = writeln!(text, "Each step of it:{trace}");
    }
}

/// A word as a shell reads it.
fn shell_word(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "/._-+".contains(c);
    match word.chars().all(plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")).into(),
    }
}

/// The sentence on the left, its code at the right margin.
fn headline(text: &mut String, head: &str, code: Code, ink: Ink) {
    let code = code.name();
    let gap = WIDTH.saturating_sub(head.chars().count() + code.len()).max(1);
    let head = ink.paint(Role::Bad, head);
    let _ = writeln!(text, "{head}{:gap$}{}", "", ink.paint(Role::Quiet, code));
}

/// What happened, and the rule and the hint unless an earlier finding of the report has `said` them.
fn body<'f>(
    text: &mut String,
    finding: &'f Finding,
    verdict: &Verdict,
    said: &mut Vec<&'f str>,
    ink: Ink,
) {
    text.push('\n');
    if let Some(place) = &finding.place {
        show_place(text, place, ink);
    }
    if finding.code.is_difference() {
        if finding.place.is_some() {
            text.push('\n');
        }
        differences(text, verdict, ink);
    } else {
        paragraph(text, &finding.sentence, "    ");
    }
    for detail in &finding.details {
        if said.contains(&detail.as_str()) {
            continue;
        }
        said.push(detail);
        text.push('\n');
        paragraph(text, detail, "");
    }
    if let Some(hint) = finding.hint.as_deref().filter(|hint| !said.contains(hint)) {
        said.push(hint);
        text.push('\n');
        for (index, line) in wrap(&harmless(hint), WIDTH - 6).iter().enumerate() {
            let label =
                if index == 0 { ink.paint(Role::Hint, "hint:") } else { "     ".to_owned() };
            let _ = writeln!(text, "{label} {line}");
        }
    }
}

fn show_place(text: &mut String, place: &Place, ink: Ink) {
    let head = match place.column {
        Some(column) => format!("{}:{}:{column}", place.file, place.line),
        None => format!("{}:{}", place.file, place.line),
    };
    let head = harmless(&head);
    let shown = ink.paint(Role::Quiet, &head);
    let Some(line) = &place.text else {
        let _ = writeln!(text, "    {shown}");
        return;
    };
    let code = harmless(line.trim());
    // A long path leaves no room beside it.
    match (WIDTH - 7).checked_sub(head.chars().count()) {
        Some(room) if room >= NARROWEST_CODE || room >= code.chars().count() => {
            let _ = writeln!(text, "    {shown}   {}", cut(&code, room));
        }
        _ => {
            let _ = writeln!(text, "    {shown}\n        {}", cut(&code, WIDTH - 8));
        }
    }
}

/// The text's first characters, so many at most, with a mark where some are missing.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

fn paragraph(text: &mut String, sentence: &str, indent: &str) {
    for line in wrap(&harmless(sentence), WIDTH - indent.len()) {
        let _ = writeln!(text, "{indent}{line}");
    }
}

fn differences(text: &mut String, verdict: &Verdict, ink: Ink) {
    let differing: Vec<&Compared> = verdict.asked.iter().filter(|entry| !entry.matches()).collect();
    for (index, compared) in differing.iter().take(MOST_DIFFERENCES).enumerate() {
        if index > 0 {
            text.push('\n');
        }
        for line in compared.statement.prompted().lines() {
            let _ = writeln!(text, "    {}", harmless(line));
        }
        // The message of an exception is shown even where it does not count.
        let (expected, got) = window(&compared.expected, &compared.got_in_full);
        answer(text, "expected", &expected, ink);
        answer(text, "got", &got, ink);
    }
    if verdict.asked.len() > 1 {
        let count = differing.len();
        let verb = if count == 1 { "differs" } else { "differ" };
        let _ = writeln!(text, "\n{count} of {} answers {verb}", verdict.asked.len());
    }
}

/// How far answers are indented, in columns.
const INDENT: usize = 14;

/// The part of two answers around their first difference, where one is too wide for a line.
fn window(expected: &str, got: &str) -> (String, String) {
    const ROOM: usize = WIDTH - INDENT - 2;
    const BEFORE: usize = 24;
    let wide = |text: &str| text.lines().any(|line| line.chars().count() > ROOM + 2);
    if !wide(expected) && !wide(got) {
        return (expected.to_owned(), got.to_owned());
    }
    let same = expected.chars().zip(got.chars()).take_while(|(one, other)| one == other).count();
    let start = if same > ROOM - BEFORE { same - BEFORE } else { 0 };
    let cut = |text: &str| {
        let total = text.chars().count();
        let mut shown: String = text.chars().skip(start).take(ROOM).collect();
        if start > 0 {
            shown.insert(0, '…');
        }
        if start + ROOM < total {
            shown.push('…');
        }
        shown.replace('\n', " ")
    };
    (cut(expected), cut(got))
}

fn answer(text: &mut String, label: &str, answer: &str, ink: Ink) {
    const MOST_LINES: usize = 6;
    let answer = if answer.is_empty() { "(nothing)" } else { answer };
    let role = if label == "got" { Role::Bad } else { Role::Good };
    for (index, line) in answer.lines().enumerate() {
        if index == MOST_LINES {
            let _ = writeln!(text, "{:INDENT$}…", "");
            break;
        }
        let shown = harmless(line);
        let label = if index == 0 { label } else { "" };
        let pad = INDENT - 4 - label.len();
        let _ = writeln!(text, "    {}{:pad$}{shown}", ink.paint(role, label), "");
    }
}

fn printed(text: &mut String, verdict: &Verdict) {
    if verdict.printed.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nIt printed:");
    let lines: Vec<&str> = verdict.printed.lines().collect();
    for line in lines.iter().take(MOST_PRINTED) {
        let _ = writeln!(text, "    {}", cut(&harmless(line), WIDTH - 4));
    }
    if lines.len() > MOST_PRINTED {
        let _ = writeln!(text, "    … and {} more lines", lines.len() - MOST_PRINTED);
    }
}

/// The outcome on each interpreter, where they are several.
fn strip(text: &mut String, results: &[Result], shown: &Result) {
    text.push('\n');
    for result in results {
        let words = match result.verdict.outcome {
            Outcome::Passed => "passed".to_owned(),
            outcome => {
                let codes: Vec<&str> =
                    result.verdict.findings.iter().map(|finding| finding.code.name()).collect();
                format!("{}: {}", outcome.in_words(), codes.join(" "))
            }
        };
        let mark = if std::ptr::eq(result, shown) { " (shown above)" } else { "" };
        let _ = writeln!(text, "    CPython {:8} {words}{mark}", result.python);
    }
}
