//! NASM. The first word of a statement is what matters: a label, a directive or an instruction;
//! every word behind it is a register, a size, a number or a name.

use super::{Escapes, Kind, Paint, quoted, span};

const DIRECTIVES: &[&str] = &[
    "absolute", "align", "alignb", "at", "bits", "common", "cpu", "db", "dd", "default", "do",
    "dq", "dt", "dw", "dy", "dz", "endstruc", "equ", "extern", "float", "global", "group", "iend",
    "import", "export", "incbin", "istruc", "map", "org", "required", "resb", "resd", "reso",
    "resq", "rest", "resw", "resy", "resz", "section", "segment", "static", "struc", "times",
    "use16", "use32", "use64", "warning",
];

/// Words that may stand before an instruction and belong to it.
const PREFIXES: &[&str] = &["bnd", "lock", "notrack", "rep", "repe", "repne", "repnz", "repz"];

/// Words in operands that are no names.
const OPERAND_WORDS: &[&str] = &[
    "abs", "byte", "dword", "far", "near", "nosplit", "oword", "ptr", "qword", "rel", "seg",
    "short", "strict", "tword", "word", "wrt", "yword", "zword",
];

/// What may come next on the line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A label, a directive or an instruction.
    Start,
    /// A directive or an instruction.
    AfterLabel,
    /// What they work on.
    Operands,
    /// Behind `section` and the glue's macros, where even `.text` and `short` are only names.
    Names,
}

pub(super) fn paint(code: &str, paint: &mut Paint) {
    for (index, pieces) in lines(code).enumerate() {
        if index > 0 {
            paint.plain("\n");
        }
        for (kind, text) in pieces {
            paint.add(kind, text);
        }
    }
}

/// The instructions and directives as a manual lists them, with their lines counted from 1: `times`,
/// `db`, `wrt ..plt`, `section .text`. The glue's macros are neither.
pub(super) fn words(code: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    for (index, pieces) in lines(code).enumerate() {
        for (kind, text) in pieces {
            match words.last_mut().filter(|(_, last)| takes_a_name(last)) {
                // `section` and `.text`, `default` and `rel`, `wrt` and `..plt` are one word each.
                Some((_, last)) if !text.trim().is_empty() => {
                    last.push(' ');
                    last.push_str(text);
                }
                None if matches!(kind, Kind::Mnemonic | Kind::Directive)
                    && !text.starts_with("workbook_") =>
                {
                    words.push((index + 1, text.to_owned()));
                }
                _ => {}
            }
        }
    }
    words
}

fn takes_a_name(word: &str) -> bool {
    matches!(word, "section" | "segment" | "default" | "wrt")
}

/// Each line in pieces. A backslash at its end makes the next line a part of the statement.
fn lines(code: &str) -> impl Iterator<Item = Vec<(Kind, &str)>> {
    let mut place = Place::Start;
    code.split('\n').map(move |line| {
        let pieces = pieces(line, &mut place);
        if !line.ends_with('\\') {
            place = Place::Start;
        }
        pieces
    })
}

/// The line in pieces, each with what it is.
fn pieces<'line>(line: &'line str, place: &mut Place) -> Vec<(Kind, &'line str)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let (length, kind) = match letter {
            ';' => (rest.len(), Kind::Comment),
            '"' | '\'' => (quoted(rest, Escapes::Nothing), Kind::Text),
            '`' => (quoted(rest, Escapes::Backslash), Kind::Text),
            '0'..='9' => (span(rest, is_name), Kind::Number),
            '%' if *place == Place::Start => {
                *place = Place::Operands;
                (1 + span(&rest[1..], is_name), Kind::Directive)
            }
            _ if is_name(letter) => {
                // Sections may have a hyphen in their names: `.note.GNU-stack`.
                let goes_on = |next| is_name(next) || (*place == Place::Names && next == '-');
                let length = span(rest, goes_on);
                let (word, behind) = rest.split_at(length);
                let (kind, next) = word_kind(word, behind, *place);
                *place = next;
                (length, kind)
            }
            _ => (letter.len_utf8(), Kind::Plain),
        };
        pieces.push((kind, &rest[..length]));
        rest = &rest[length..];
    }
    pieces
}

fn word_kind(word: &str, behind: &str, place: Place) -> (Kind, Place) {
    let lower = word.to_ascii_lowercase();
    let lower = lower.as_str();
    let is_directive = DIRECTIVES.contains(&lower);
    if place == Place::Names {
        return (Kind::Plain, place);
    }
    if place == Place::Operands {
        let kind = if is_register(lower) {
            Kind::Register
        } else if OPERAND_WORDS.contains(&lower) || lower.starts_with("..") || is_directive {
            Kind::Directive
        } else if lower.starts_with('.') {
            Kind::Label
        } else {
            Kind::Plain
        };
        return (kind, Place::Operands);
    }
    if place == Place::Start && (behind.starts_with(':') || names_data(behind)) {
        return (Kind::Label, Place::AfterLabel);
    }
    if PREFIXES.contains(&lower) {
        return (Kind::Mnemonic, Place::AfterLabel);
    }
    // The glue's macros stand where a directive could, and are given names of C's types.
    if matches!(lower, "section" | "segment") || lower.starts_with("workbook_") {
        return (Kind::Directive, Place::Names);
    }
    if is_directive {
        return (Kind::Directive, Place::Operands);
    }
    (Kind::Mnemonic, Place::Operands)
}

/// Whether the next word reserves or defines data, which makes the word before it a label.
fn names_data(behind: &str) -> bool {
    let behind = behind.trim_start();
    let next = behind[..span(behind, is_name)].to_ascii_lowercase();
    next == "equ"
        || (DIRECTIVES.contains(&next.as_str())
            && (next.len() == 2 && next.starts_with('d') || next.starts_with("res")))
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$' | '#' | '@' | '~' | '?')
}

fn is_register(word: &str) -> bool {
    const NAMED: &[&str] = &[
        "al", "ah", "ax", "eax", "rax", "bl", "bh", "bx", "ebx", "rbx", "cl", "ch", "cx", "ecx",
        "rcx", "dl", "dh", "dx", "edx", "rdx", "sil", "si", "esi", "rsi", "dil", "di", "edi",
        "rdi", "bpl", "bp", "ebp", "rbp", "spl", "sp", "esp", "rsp", "cs", "ds", "es", "fs", "gs",
        "ss", "rip", "eip",
    ];
    if NAMED.contains(&word) {
        return true;
    }
    let number = |text: &str, last: u32| text.parse::<u32>().is_ok_and(|number| number <= last);
    if let Some(name) = ["xmm", "ymm", "zmm"].iter().find_map(|name| word.strip_prefix(name)) {
        return number(name, 31);
    }
    let Some(name) = word.strip_prefix('r') else {
        return false;
    };
    let name = name.strip_suffix(['b', 'w', 'd']).unwrap_or(name);
    name.parse::<u32>().is_ok_and(|number| (8..=15).contains(&number))
}
