//! A learner's file, and what nasm and ld say about it.

use checker::check::{objects, sources};
use checker::host::source as file;
use checker::model::nasm_message::{self, Severity};
use checker::model::verdict::Outcome;
use checker::model::{linker_message, verdict::Verdict};

use super::{assert_sound, learners, places};

/// The bytes of a learner's file.
pub fn source(bytes: &[u8]) {
    let Ok(source) = file::from_bytes(bytes.to_vec(), "work/ex01a.asm".to_owned()) else { return };
    assert!(!source.text.contains(['\r', '\0']) && !source.text.trim().is_empty());
    let lines = u32::try_from(source.text.lines().count()).expect("a file of at most 1 MiB");
    let is_line = |number| places(&source).line(number).is_some();
    assert!(is_line(1) && is_line(lines) && !is_line(0) && !is_line(lines + 1));
    // As nasm would complain of it.
    let output = format!(
        "ex01a.asm:1: error: symbol `rxa' not defined\nex01a.asm:{lines}: error: parser: \
         instruction expected\n"
    );
    assert_sound(&sources::not_assembled(&nasm_message::parse(&output), places(&source)), &source);
}

/// A learner's file, a zero byte, and what nasm prints about it.
pub fn nasm_messages(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (source, output) = text.split_once('\0').unwrap_or(("", &text));
    let source = learners(source);
    let messages = nasm_message::parse(output);
    assert!(messages.len() <= output.lines().count());
    for message in &messages {
        assert!(message.class.is_none() || message.severity == Severity::Warning);
        assert!(output.contains(message.text.as_str()) && output.contains(message.file.as_str()));
    }
    let verdict = match messages[..] {
        [] => sources::gave_up(output),
        _ => sources::not_assembled(&messages, places(&source)),
    };
    assert_eq!(verdict.outcome, Outcome::NotAssembled);
    assert!((1..=5).contains(&verdict.findings.len()));
    assert_sound(&verdict, &source);
}

/// What ld prints.
pub fn linker_messages(bytes: &[u8]) {
    let output = String::from_utf8_lossy(bytes);
    let messages = linker_message::parse(&output);
    let verdict: Verdict = objects::not_linked(&messages);
    if !messages.is_empty() {
        assert_sound(&verdict, &learners("; nothing\n"));
    }
}
