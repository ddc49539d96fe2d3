//! Python, C and TOML: enough alike that one reader and three tables do.

use super::{Escapes, Kind, Paint, quoted, span};

/// How a language writes what the reader colors.
pub(super) struct Table {
    line_comment: &'static str,
    block_comment: Option<(&'static str, &'static str)>,
    /// Quotes that go on over lines, tried before the short ones.
    long_quotes: &'static [&'static str],
    keywords: &'static [&'static str],
    constants: &'static [&'static str],
    /// Lines that begin with it are directives as a whole.
    line_directive: Option<char>,
}

pub(super) const PYTHON: Table = Table {
    line_comment: "#",
    block_comment: None,
    long_quotes: &["\"\"\"", "'''"],
    keywords: &[
        "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
        "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
        "yield",
    ],
    constants: &["False", "None", "True"],
    line_directive: None,
};

pub(super) const C: Table = Table {
    line_comment: "//",
    block_comment: Some(("/*", "*/")),
    long_quotes: &[],
    keywords: &[
        "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum",
        "extern", "float", "for", "goto", "if", "inline", "int", "int32_t", "int64_t", "long",
        "register", "restrict", "return", "short", "signed", "size_t", "sizeof", "static",
        "struct", "switch", "typedef", "uint32_t", "uint64_t", "union", "unsigned", "void",
        "volatile", "while",
    ],
    constants: &["NULL", "false", "true"],
    line_directive: Some('#'),
};

pub(super) const TOML: Table = Table {
    line_comment: "#",
    block_comment: None,
    long_quotes: &["\"\"\"", "'''"],
    keywords: &[],
    constants: &["false", "true"],
    line_directive: Some('['),
};

pub(super) fn paint(code: &str, table: &Table, paint: &mut Paint) {
    let mut rest = code;
    let mut line_is_blank_so_far = true;
    while let Some(letter) = rest.chars().next() {
        let (length, kind) = token(rest, letter, line_is_blank_so_far, table);
        paint.add(kind, &rest[..length]);
        line_is_blank_so_far = letter == '\n' || (line_is_blank_so_far && letter == ' ');
        rest = &rest[length..];
    }
}

fn token(rest: &str, letter: char, starts_line: bool, table: &Table) -> (usize, Kind) {
    let line = rest.find('\n').unwrap_or(rest.len());
    if starts_line && table.line_directive == Some(letter) {
        return (line, Kind::Directive);
    }
    if rest.starts_with(table.line_comment) {
        return (line, Kind::Comment);
    }
    if let Some((open, close)) = table.block_comment
        && rest.starts_with(open)
    {
        return (until(rest, open.len(), close), Kind::Comment);
    }
    if let Some(quotes) = table.long_quotes.iter().find(|quotes| rest.starts_with(**quotes)) {
        return (until(rest, quotes.len(), quotes), Kind::Text);
    }
    match letter {
        '"' | '\'' => (quoted(rest, Escapes::Backslash), Kind::Text),
        '0'..='9' => {
            (span(rest, |next| next.is_ascii_alphanumeric() || "._".contains(next)), Kind::Number)
        }
        _ if is_word(letter) => {
            let length = span(rest, is_word);
            let word = &rest[..length];
            let kind = if table.keywords.contains(&word) {
                Kind::Mnemonic
            } else if table.constants.contains(&word) {
                Kind::Number
            } else {
                Kind::Plain
            };
            (length, kind)
        }
        _ => (letter.len_utf8(), Kind::Plain),
    }
}

/// The length up to and with the first `close` behind the first `skip` bytes.
fn until(text: &str, skip: usize, close: &str) -> usize {
    text[skip..].find(close).map_or(text.len(), |at| skip + at + close.len())
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
