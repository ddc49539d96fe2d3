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

    /// The expected numbers of which the answer has the lower 32 bits only; none if it differs in
    /// anything else.
    pub fn halved(&self) -> Vec<i128> {
        let ((expected, between), (got, also)) = (numbers(&self.expected), numbers(&self.got));
        if between != also || expected.len() != got.len() {
            return Vec::new();
        }
        let differing = || expected.iter().zip(&got).filter(|(expected, got)| expected != got);
        let all = differing().all(|(expected, got)| is_lower_half(*got, *expected));
        if all { differing().map(|(expected, _)| *expected).collect() } else { Vec::new() }
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
                if self.halved().is_empty() { Code::V001 } else { Code::V009 },
                format!("`{asked}` {}, expected {}", gives(&self.got), shown(&self.expected)),
            ),
        };
        let finding = Finding::new(code, sentence);
        if code == Code::V009 {
            return Some(
                finding
                    .detail(
                        "The answer is the lower half of the right one. A name such as eax or edi \
                         means the lower 32 bits of a register, and an instruction that writes \
                         them makes the upper 32 bits 0.",
                    )
                    .hint(
                        "which name on the way has 32 bits only: eax, edi, r8d, or `dword` before \
                         a bracket?",
                    ),
            );
        }
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

/// Whether a number is another one's lower 32 bits, with or without their sign, and the other one
/// needs more. A 0 may come from anywhere.
fn is_lower_half(got: i128, expected: i128) -> bool {
    let Ok(bits) = u64::try_from(expected & i128::from(u64::MAX)) else { return false };
    let in_64_bits = expected >= i128::from(i64::MIN) && expected <= i128::from(u64::MAX);
    let low = bits as u32;
    let unsigned = got == i128::from(low);
    let signed = got == i128::from(low.cast_signed()) && bits >> 32 != 0;
    in_64_bits && low != 0 && got != expected && (unsigned || signed)
}

/// The whole numbers in a text, and the text without them.
fn numbers(text: &str) -> (Vec<i128>, String) {
    let mut numbers = Vec::new();
    let mut between = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let start = if rest[..at].ends_with('-') { at - 1 } else { at };
        let length = rest[at..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - at);
        between.push_str(&rest[..start]);
        between.push('#');
        match rest[start..at + length].parse() {
            Ok(number) => numbers.push(number),
            Err(_) => between.push_str(&rest[start..at + length]),
        }
        rest = &rest[at + length..];
    }
    between.push_str(rest);
    (numbers, between)
}

/// Whether a number in the answer has the upper half of `WORKBOOK_JUNK` of `workbook_call.inc`,
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
