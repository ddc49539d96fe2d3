//! Answers against expectations.

use crate::model::finding::{Code, Finding};
use crate::model::session::Statement;
use crate::model::transcript::{self, Answer};

/// A statement with the answer that was expected and the one that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The statement.
    pub statement: Statement,
    /// The expected answer, as the transcript has it.
    pub expected: String,
    /// The answer, in the same form.
    pub got: String,
    /// The answer, with an exception's message even where it is not compared.
    pub got_in_full: String,
}

impl Compared {
    /// One statement's answer against the expected text.
    pub fn new(statement: &Statement, expected: &str, answer: &Answer) -> Self {
        Self {
            expected: expected.to_owned(),
            got: answer.text(statement.compare),
            got_in_full: answer.text(crate::model::session::Compare::Message),
            statement: statement.clone(),
        }
    }

    /// Whether the answer is the expected one.
    pub fn matches(&self) -> bool {
        self.expected == self.got
    }

    /// The difference as a finding, or nothing where there is none.
    pub fn finding(&self) -> Option<Finding> {
        if self.matches() {
            return None;
        }
        let asked = first_line(&self.statement.source);
        let expected_type = transcript::exception_type(&self.expected);
        let got_type = transcript::exception_type(&self.got);
        let (code, sentence) = match (expected_type, got_type) {
            (Some(expected), Some(got)) if expected == got => {
                (Code::V007, format!("`{asked}` raises {got} with another message"))
            }
            (Some(expected), Some(got)) => {
                (Code::V002, format!("`{asked}` raises {got} instead of {expected}"))
            }
            (Some(expected), None) => (
                Code::V003,
                format!("`{asked}` {} instead of raising {expected}", gives(&self.got)),
            ),
            (None, Some(got)) => {
                (Code::V004, format!("`{asked}` raises {got} instead of giving a value"))
            }
            (None, None) => (
                Code::V001,
                format!("`{asked}` {}, expected {}", gives(&self.got), shown(&self.expected)),
            ),
        };
        let finding = Finding::new(code, sentence);
        Some(if holds_junk(&self.got) {
            finding.detail(
                "The value has junk in it that the glue puts into every register before it calls \
                 you. So part of the answer comes from a register, or a part of one, that you did \
                 not write.",
            )
        } else {
            finding
        })
    }
}

/// Whether a number in the answer has the upper half of `WORKBOOK_JUNK` of `workbook.inc`,
/// 0x7ff8bad0bad0bad0, or of its negative.
fn holds_junk(answer: &str) -> bool {
    const JUNK_ABOVE: u64 = 0x7ff8_bad0;
    answer
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse::<u64>().ok())
        .any(|number| number >> 32 == JUNK_ABOVE)
}

fn gives(answer: &str) -> String {
    match answer {
        "" => "gives nothing".to_owned(),
        text => format!("gives {}", shown(text)),
    }
}

fn shown(answer: &str) -> String {
    const WIDEST: usize = 60;
    match answer {
        "" => "nothing".to_owned(),
        text if text.contains('\n') || text.chars().count() > WIDEST => {
            let cut: String = first_line(text).chars().take(WIDEST).collect();
            format!("{cut}…")
        }
        text => text.to_owned(),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}
