//! Colors, line breaks, and harmless text. Nothing is said by color alone.

use anstyle::{AnsiColor, Effects, Style};

/// Whether escape sequences may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// With colors and weights.
    Color,
    /// Characters only.
    Plain,
}

/// What a piece of text is, for those who see colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A heading.
    Heading,
    /// Good news.
    Good,
    /// A fault.
    Bad,
    /// A finding's code, a file's place.
    Quiet,
    /// The word `hint:`.
    Hint,
}

impl Ink {
    /// The text in its role.
    pub fn paint(self, role: Role, text: &str) -> String {
        if self == Self::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = match role {
            Role::Heading => Style::new().effects(Effects::BOLD),
            Role::Good => AnsiColor::Green.on_default().effects(Effects::BOLD),
            Role::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Role::Quiet => Style::new().effects(Effects::DIMMED),
            Role::Hint => AnsiColor::Cyan.on_default(),
        };
        format!("{style}{text}{style:#}")
    }
}

/// The widest line of a report, in columns.
pub const WIDTH: usize = 80;

/// Breaks a paragraph at spaces, so that no line is wider than `width`. What stands between
/// backticks stays on one line; a word that is wider than a line is broken too.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let words = words(text);
    // A piece that fills a line leaves no room for a space, so the next one begins another.
    for word in words.iter().flat_map(|word| pieces(word, width.max(1))) {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// The word in pieces of so many characters.
fn pieces(word: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let end = rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Words, of which one may hold spaces between backticks.
fn words(text: &str) -> Vec<String> {
    const LONGEST_QUOTE: usize = 40;
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if open && last.len() + word.len() < LONGEST_QUOTE => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        if word.matches('`').count() % 2 == 1 {
            open = !open;
        }
    }
    words
}

/// The text with control characters made visible, so that no learner's byte steers a terminal,
/// and with a backslash in what a server that runs tests would take for an order.
pub fn harmless(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() || is_direction_mark(c) => '\u{fffd}',
            c => c,
        })
        .collect();
    if shown.contains("::") || shown.contains("##[") { without_orders(&shown) } else { shown }
}

/// GitHub's runners take `::name::` at the beginning of a line, indented or not, and `##[name]`
/// anywhere in it. A line may begin at any word, once it is wrapped.
fn without_orders(text: &str) -> String {
    let mut plain = String::new();
    for (at, c) in text.char_indices() {
        let begins_word = text[..at].ends_with(' ') || at == 0;
        let rest = &text[at..];
        if rest.starts_with("::") && begins_word || rest.starts_with("##[") {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain.replace("\\##[", "#\\#[")
}

/// Characters that turn the direction of the text around them: Unicode's property Bidi_Control.
fn is_direction_mark(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}
