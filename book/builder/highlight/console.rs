//! A console: Python's prompts and a shell's are told apart by their signs; the rest is output.

use super::{Kind, Paint, common, span};

pub(super) fn paint(code: &str, paint: &mut Paint) {
    for (index, line) in code.split('\n').enumerate() {
        if index > 0 {
            paint.plain("\n");
        }
        paint_line(line, paint);
    }
}

fn paint_line(line: &str, paint: &mut Paint) {
    for prompt in [">>> ", "... "] {
        if let Some(statement) = line.strip_prefix(prompt) {
            paint.add(Kind::Prompt, prompt);
            return common::paint(statement, &common::PYTHON, paint);
        }
    }
    if let Some(command) = line.strip_prefix("$ ") {
        paint.add(Kind::Prompt, "$ ");
        return paint.add(Kind::Mnemonic, command);
    }
    if matches!(line, ">>>" | "...") {
        return paint.add(Kind::Prompt, line);
    }
    let margin = span(line, |letter| letter == ' ');
    let (margin, text) = line.split_at(margin);
    paint.plain(margin);
    // The last line of a traceback, and what the checker names a fault with.
    let word = span(text, |letter| letter.is_alphanumeric() || letter == '_' || letter == '.');
    if ["Error", "Exception", "Warning"].iter().any(|end| text[..word].ends_with(end)) {
        paint.add(Kind::Error, &text[..word]);
        return paint.plain(&text[word..]);
    }
    if let Some(hint) = text.strip_prefix("hint:") {
        paint.add(Kind::Label, "hint:");
        return paint.plain(hint);
    }
    match text.rsplit_once(' ') {
        Some((before, code)) if is_finding_code(code) => {
            paint.plain(before);
            paint.plain(" ");
            paint.add(Kind::Error, code);
        }
        _ => paint.plain(text),
    }
}

/// `A002`: a capital and three digits.
fn is_finding_code(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 4 && bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit)
}
