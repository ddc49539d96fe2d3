//! Every reader of bytes that somebody else wrote, each as a function of bytes that panics where
//! the checker breaks a promise. libFuzzer runs them one by one (`targets/`), and `tests/it`
//! runs all of them on what is committed here. Judges nothing by itself: the promises are the
//! checker's.

mod folders;
mod frames;
mod images;
mod reports;
mod sources;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use checker::check::{Places, Task};
use checker::host::source::Source;
use checker::model::capi;
use checker::model::session::{Compare, Statement};
use checker::model::transcript::Entry;
use checker::model::verdict::Verdict;
use checker::report::style::Ink;
use checker::report::terminal::{self, Subject};

pub use folders::{manifest, progress, session, snapshot};
pub use frames::frame;
pub use images::{evidence, object, shared};
pub use reports::{markdown, recording, report};
pub use sources::{linker_messages, nasm_messages, source};

/// Reads the bytes and does with them what the checker does; panics where that goes wrong.
pub type Reader = fn(&[u8]);

/// Every reader by its name, which is its target's and the name of its folders of seeds too.
pub const READERS: [(&str, Reader); 14] = [
    ("evidence", evidence),
    ("frame", frame),
    ("linker_messages", linker_messages),
    ("manifest", manifest),
    ("markdown", markdown),
    ("nasm_messages", nasm_messages),
    ("object", object),
    ("progress", progress),
    ("recording", recording),
    ("report", report),
    ("session", session),
    ("shared", shared),
    ("snapshot", snapshot),
    ("source", source),
];

/// Bytes that a reader may have allocated at once, whatever it reads.
const GROUND: u64 = 1 << 20;

/// Bytes that a reader may have allocated at once for each byte that it reads.
const PER_BYTE: u64 = 256;

/// Runs a reader, and holds it to memory in proportion to what it reads: a length that is
/// claimed in the bytes is no reason to allocate so much.
pub fn hold(reader: Reader, bytes: &[u8]) {
    let used = allocation_counter::measure(|| reader(bytes));
    let most = GROUND + PER_BYTE * bytes.len() as u64;
    assert!(
        used.bytes_max <= most,
        "{} bytes were allocated at once for {} bytes of input",
        used.bytes_max,
        bytes.len()
    );
}

/// A small task, whose module is called `answer`.
fn task() -> Task {
    Task {
        name: "ex01a".to_owned(),
        module: "answer".to_owned(),
        statements: vec![statement("answer()")],
        expected: vec![Entry { source: "answer()".to_owned(), answer: "42".to_owned() }],
        api: Some(["PyModule_Create2", "PyLong_FromLong"].map(str::to_owned).into()),
        patience: Duration::from_secs(1),
        include: PathBuf::new(),
    }
}

fn statement(source: &str) -> Statement {
    Statement { source: source.to_owned(), line: 1, compare: Compare::Type }
}

/// What a process offers, as far as that matters here.
fn offered() -> BTreeSet<String> {
    capi::names().map(str::to_owned).collect()
}

/// The places of a source of the small task's.
fn places(source: &Source) -> Places<'_> {
    Places { source, name: "ex01a" }
}

/// A learner's file with this text.
fn learners(text: &str) -> Source {
    Source { shown: "work/ex01a.asm".to_owned(), text: text.to_owned() }
}

/// Holds a verdict on the small task to what every verdict keeps to.
fn assert_sound(verdict: &Verdict, source: &Source) {
    assert_sound_as("ex01a", verdict, source);
}

/// Holds a verdict to what every verdict keeps to, and its report too. The name is the one that
/// nasm knew the file by.
pub fn assert_sound_as(name: &str, verdict: &Verdict, source: &Source) {
    let places = Places { source, name };
    assert_eq!(verdict.passed(), verdict.findings.is_empty(), "{verdict:?}");
    for place in verdict.findings.iter().filter_map(|finding| finding.place.as_ref()) {
        assert!(place.line > 0, "{place:?}");
        if let Some(text) = &place.text {
            assert_eq!(place.file, source.shown);
            assert_eq!(places.line(place.line), Some(text.as_str()));
            let columns = text.chars().count() as u32 + 1;
            assert!(place.column.is_none_or(|column| (1..=columns).contains(&column)));
        }
    }
    let result = terminal::Result { python: "3.13.0".to_owned(), verdict: verdict.clone() };
    let subject = Subject { id: name, module: "answer", file: None };
    for ink in [Ink::Plain, Ink::Color] {
        let drawn = terminal::report(subject, std::slice::from_ref(&result), ink);
        assert_harmless(&drawn, ink);
        if ink == Ink::Plain {
            assert_narrow(&drawn);
        }
    }
}

/// Asserts that nothing in the text steers a terminal but the colors that were asked for.
fn assert_harmless(text: &str, ink: Ink) {
    let colors = |c: char| ink == Ink::Color && c == '\u{1b}';
    // The characters with the Unicode property Bidi_Control.
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let harmful = text.chars().find(|c| turns(*c) || c.is_control() && *c != '\n' && !colors(*c));
    assert_eq!(harmful, None, "in {text:?}");
}

/// Asserts that no line is wider than a page. A statement of the author's may be.
fn assert_narrow(text: &str) {
    for line in text.lines().filter(|line| line.chars().count() > 80) {
        let asked = line.starts_with("    >>> ") || line.starts_with("    ... ");
        assert!(asked, "wider than a page: {line}");
    }
}
