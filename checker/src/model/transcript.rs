//! What Python answered, in the style of the prompt.

use serde::{Deserialize, Serialize};

use crate::model::session::{Compare, Statement};

/// Python's answer to one statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// A statement without a value, or an expression whose value is `None`.
    Nothing,
    /// The value's `repr`.
    Value(String),
    /// An exception.
    Raised {
        /// `TypeError`, or `module.Name` outside `builtins`.
        type_name: String,
        /// `str()` of the exception.
        message: String,
    },
}

impl Answer {
    /// The answer as the transcript has it: nothing, a `repr`, `TypeError` or `TypeError: why`.
    pub fn text(&self, compare: Compare) -> String {
        match (self, compare) {
            (Self::Nothing, _) => String::new(),
            (Self::Value(repr), _) => repr.clone(),
            (Self::Raised { type_name, .. }, Compare::Type) => type_name.clone(),
            (Self::Raised { type_name, message }, Compare::Message) if message.is_empty() => {
                type_name.clone()
            }
            (Self::Raised { type_name, message }, Compare::Message) => {
                format!("{type_name}: {message}")
            }
        }
    }
}

/// A statement of a transcript and its answer, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The statement's source, without prompts.
    pub source: String,
    /// The lines below the statement, joined by `\n`; empty for no answer.
    pub answer: String,
}

/// One entry as a transcript has it, ending in a line end.
pub fn render(statement: &Statement, answer: &Answer) -> String {
    let mut text = statement.prompted();
    let answer = answer.text(statement.compare);
    if !answer.is_empty() {
        text.push_str(&answer);
        text.push('\n');
    }
    text
}

/// The entries of a transcript. Lines before the first prompt are left out.
pub fn parse(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut answering = false;
    for line in text.lines() {
        if let Some(source) = line.strip_prefix(">>> ") {
            entries.push(Entry { source: source.to_owned(), answer: String::new() });
            answering = false;
        } else if let Some(entry) = entries.last_mut() {
            match line.strip_prefix("... ") {
                Some(source) if !answering => {
                    entry.source.push('\n');
                    entry.source.push_str(source);
                }
                _ => {
                    if answering {
                        entry.answer.push('\n');
                    }
                    entry.answer.push_str(line);
                    answering = true;
                }
            }
        }
    }
    entries
}

/// The exception's type, if the text of an answer is an exception's: a bare dotted name, alone
/// or before `: message`. Python's few values that look like that are no exceptions.
pub fn exception_type(answer: &str) -> Option<&str> {
    let name = answer.split_once(": ").map_or(answer, |(name, _)| name);
    let dotted_name = name.split('.').all(|part| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    });
    let value = matches!(name, "True" | "False" | "nan" | "inf" | "Ellipsis" | "NotImplemented");
    (dotted_name && !value).then_some(name)
}
