//! Colors code while the book is built, so that a page needs no script for it. Each language has a
//! small reader of its own; none of them judges whether the code is right.

mod common;
mod console;
mod nasm;

/// A language of the book's listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// NASM.
    X86asm,
    /// Python.
    Python,
    /// A session: Python's prompt, a shell's, and what they answered.
    Console,
    /// One command for the shell, without its prompt.
    Command,
    /// C.
    C,
    /// TOML.
    Toml,
    /// Anything else, left as it is.
    Text,
}

impl Language {
    /// The names an author may write after a fence.
    pub const NAMES: &str = "x86asm, python, console, c, toml or text";

    /// The language that an author names so.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "x86asm" => Some(Self::X86asm),
            "python" => Some(Self::Python),
            "console" => Some(Self::Console),
            "c" => Some(Self::C),
            "toml" => Some(Self::Toml),
            "text" => Some(Self::Text),
            _ => None,
        }
    }

    /// The name in the HTML.
    pub fn class(self) -> &'static str {
        match self {
            Self::X86asm => "x86asm",
            Self::Python => "python",
            Self::Console | Self::Command => "console",
            Self::C => "c",
            Self::Toml => "toml",
            Self::Text => "text",
        }
    }
}

/// The code as HTML for the inside of a `<code>`, all on one line.
pub fn html(language: Language, code: &str) -> String {
    // An author shows a directive by disarming it with a backslash, as mdBook does.
    let code = code.replace("\\{{#", "{{#");
    let mut paint = Paint::default();
    match language {
        Language::X86asm => nasm::paint(&code, &mut paint),
        Language::Python => common::paint(&code, &common::PYTHON, &mut paint),
        Language::Console => console::paint(&code, &mut paint),
        Language::C => common::paint(&code, &common::C, &mut paint),
        Language::Toml => common::paint(&code, &common::TOML, &mut paint),
        Language::Text | Language::Command => paint.plain(&code),
    }
    paint.html
}

/// The instructions and directives of NASM code, as a manual lists them, with their lines counted
/// from 1: `rep`, `movsb`, `section .text`.
pub fn words_of_nasm(code: &str) -> Vec<(usize, String)> {
    nasm::words(code)
}

/// What a piece of code is. The letter is its class in the style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Mnemonic,
    Register,
    Directive,
    Label,
    Number,
    Text,
    Comment,
    Prompt,
    Error,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Mnemonic => "m",
            Self::Register => "r",
            Self::Directive => "d",
            Self::Label => "l",
            Self::Number => "n",
            Self::Text => "s",
            Self::Comment => "c",
            Self::Prompt => "p",
            Self::Error => "e",
        }
    }
}

/// Collects pieces of code as HTML.
#[derive(Default)]
struct Paint {
    html: String,
}

impl Paint {
    fn plain(&mut self, text: &str) {
        escape(text, &mut self.html);
    }

    fn add(&mut self, kind: Kind, text: &str) {
        if kind == Kind::Plain || text.is_empty() {
            return self.plain(text);
        }
        self.html += "<span class=\"";
        self.html += kind.class();
        self.html += "\">";
        escape(text, &mut self.html);
        self.html += "</span>";
    }
}

/// Text as HTML, safe from Markdown's blank lines and from mdBook's `{{#`.
pub fn escape(text: &str, html: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '{' => html.push_str("&#123;"),
            '\n' => html.push_str("&#10;"),
            other => html.push(other),
        }
    }
}

/// The length in bytes of the beginning of `text` whose letters are all `wanted`.
fn span(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !wanted(letter)).unwrap_or(text.len())
}

/// The length of the quoted text that `text` begins with, quotes and all, on one line.
fn quoted(text: &str, escapes: Escapes) -> usize {
    let quote = text.chars().next().unwrap_or('"');
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' if escapes == Escapes::Backslash => escaped = true,
            _ if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Whether a backslash in a quoted text says something of the letter after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Backslash,
    Nothing,
}
