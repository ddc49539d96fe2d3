//! nasm's messages as findings.

use crate::check::{MOST_FINDINGS, Places};
use crate::model::finding::{Code, Finding, Place};
use crate::model::nasm_message::{NasmMessage, Severity};
use crate::model::spelling;
use crate::model::verdict::{Outcome, Verdict};

/// How many of nasm's messages are looked at: a macro that goes wrong can make thousands.
const MOST_MESSAGES: usize = 200;

/// The verdict on a file that nasm refused with messages.
pub fn not_assembled(messages: &[NasmMessage], places: Places<'_>) -> Verdict {
    let mut findings: Vec<Finding> = Vec::new();
    for message in messages.iter().take(MOST_MESSAGES) {
        let place = place(message, places);
        // nasm repeats itself in its second pass.
        if !findings.iter().any(|known| known.place == place) {
            findings.push(finding(message, place, places));
        }
        if findings.len() == MOST_FINDINGS {
            break;
        }
    }
    Verdict::stopped(Outcome::NotAssembled, findings)
}

/// The verdict on a file on which nasm ended without a message.
pub fn gave_up(said: &str) -> Verdict {
    let last = said.lines().last().unwrap_or_default().trim();
    let mut finding = Finding::new(
        Code::S003,
        "nasm was ended: the file makes it work for seconds, or fill memory or disk",
    )
    .hint("which `%rep`, `times` or macro repeats more often than you meant?");
    if !last.is_empty() {
        finding = finding.detail(format!("nasm's last words: {last}"));
    }
    Verdict::stopped(Outcome::NotAssembled, vec![finding])
}

fn place(message: &NasmMessage, places: Places<'_>) -> Option<Place> {
    (message.line > 0).then(|| {
        let mut place = places.place(&message.file, message.line);
        place.column = place.text.as_deref().and_then(|text| column(text, &message.text));
        place
    })
}

fn finding(message: &NasmMessage, place: Option<Place>, places: Places<'_>) -> Finding {
    let (code, sentence) = match message.severity {
        Severity::Error => (Code::S001, message.text.clone()),
        Severity::Warning => (Code::S002, message.text.clone()),
    };
    let hint = hint(message, &place, places);
    let mut finding = Finding::new(code, sentence).at(place);
    finding.hint = hint;
    if message.severity == Severity::Warning {
        let class = message.class.as_deref().unwrap_or("other");
        finding = finding.detail(format!(
            "This is a warning of nasm's, of the class `{class}`, and the workbook takes warnings \
             as errors."
        ));
    }
    finding
}

/// Where in the line the quoted name stands, or else its first word.
fn column(line: &str, message: &str) -> Option<u32> {
    let at = quoted(message).and_then(|name| line.find(name));
    let at = at.or_else(|| line.find(|c: char| !c.is_whitespace()))?;
    u32::try_from(line[..at].chars().count() + 1).ok()
}

/// The name in nasm's quotes: `symbol `x' not defined`, or 'x' in newer versions.
fn quoted(message: &str) -> Option<&str> {
    let start = message.find(['`', '\''])? + 1;
    let end = message[start..].find('\'')? + start;
    Some(&message[start..end])
}

/// What nasm's words mean for a newcomer. The words are the same from 2.15 to 3.01.
fn hint(message: &NasmMessage, place: &Option<Place>, places: Places<'_>) -> Option<String> {
    let text = message.text.as_str();
    let line = place.as_ref().and_then(|place| place.text.as_deref()).unwrap_or("");
    let is = |words: &str| text.contains(words);
    if is("not defined") {
        return Some(undefined(quoted(text)?, places));
    }
    let hint = if is("invalid combination of opcode and operands") {
        match line.matches('[').count() {
            2.. => {
                "one instruction reaches memory once: load into a register first, then store from it"
            }
            _ => {
                "the instruction exists, but not with these operands: are their sizes the same, and \
                 is the first one a register or a `[place in memory]`?"
            }
        }
    } else if is("operation size not specified") {
        "nothing here says how many bytes are meant: write `byte`, `word`, `dword` or `qword` \
         before the bracket"
    } else if is("mismatch in operand sizes") {
        "both operands have to be of one size: rax with rbx, eax with ebx, al with bl"
    } else if is("inconsistently redefined") || is("redefined") {
        "the same label stands twice; inside a function, begin a label with a dot (`.done`) to keep \
         it the function's own"
    } else if is("instruction expected") || is("label or instruction expected") {
        "nasm takes the first word of a line for a label or an instruction: is it spelled right, \
         and does a comment begin with `;`?"
    } else if is("unable to open include file") {
        "the files that you may include are `workbook.inc` and `python.inc`"
    } else if is("expected after operand") || is("comma, colon") {
        "something is left over after the operands: is a comma missing, or a `;` before a comment?"
    } else if is("without a colon") || message.class.as_deref() == Some("label-orphan") {
        "a word alone on a line is taken for a label: is it a misspelled instruction? A label ends \
         in a colon"
    } else if is("attempt to initialize memory in BSS") {
        "`.bss` has no content of its own: reserve with `resq 1` there, or give values in `.data`"
    } else if is("symbol `") && is("declared both as") {
        "`extern` says that the name is somebody else's: drop that line, or the label"
    } else {
        return None;
    };
    Some(hint.to_owned())
}

fn undefined(name: &str, places: Places<'_>) -> String {
    const REGISTERS: [&str; 24] = [
        "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12",
        "r13", "r14", "r15", "eax", "ebx", "ecx", "edx", "esi", "edi", "al", "dil",
    ];
    let labels: Vec<&str> = labels(&places.source.text).collect();
    let names = labels.iter().copied().chain(REGISTERS);
    match spelling::nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None if name.starts_with("Py") || name.starts_with("_Py") => {
            format!("CPython has the name: say `extern {name}` near the top of the file")
        }
        None => "is there a label of this name in the file?".to_owned(),
    }
}

/// The labels and `extern` names of a file.
fn labels(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let code = line.split(';').next().unwrap_or("").trim();
        match code.strip_prefix("extern ") {
            Some(name) => name.split([' ', ',']).next(),
            None => code.split_once(':').map(|(label, _)| label.trim()),
        }
    })
}
