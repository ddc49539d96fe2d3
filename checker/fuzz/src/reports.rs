//! What is drawn: verdicts, recordings, pages.

use checker::model::comparison::Compared;
use checker::model::finding::{Code, Finding, Place};
use checker::model::session::{Compare, Statement};
use checker::model::trace::Recording;
use checker::model::verdict::{Outcome, Verdict};
use checker::report::stepper::{Key, Next, Stepper};
use checker::report::style::Ink;
use checker::report::terminal::{self, Subject};
use checker::report::{markdown as page, trace};

use super::{assert_harmless, assert_narrow, statement};

/// A verdict: a code's place in the catalogue, an outcome, a line, and then its texts, each
/// ended by a zero byte.
pub fn report(bytes: &[u8]) {
    const OUTCOMES: [Outcome; 6] = [
        Outcome::NotAssembled,
        Outcome::NotLinked,
        Outcome::NotImported,
        Outcome::Crashed,
        Outcome::TimedOut,
        Outcome::Differs,
    ];
    let Some(([code, outcome, line], texts)) = bytes.split_first_chunk() else { return };
    let texts = String::from_utf8_lossy(texts);
    let mut texts = texts.split('\0');
    let mut text = || texts.next().unwrap_or_default().to_owned();
    let mut findings = Vec::new();
    for index in 0..3 {
        let code = Code::ALL[(usize::from(*code) + index) % Code::ALL.len()];
        let place = Place {
            file: "work/ex05c.asm".to_owned(),
            line: u32::from(*line),
            column: (line % 2 == 0).then_some(7),
            text: (line % 3 > 0).then(&mut text),
        };
        findings.push(Finding::new(code, text()).at(Some(place)).detail(text()).hint(text()));
    }
    let asked = |source, expected, got: String| Compared {
        statement: Statement { compare: Compare::Message, ..statement(source) },
        expected,
        got_in_full: got.clone(),
        got,
    };
    let mut verdict = Verdict::stopped(OUTCOMES[usize::from(*outcome) % OUTCOMES.len()], findings);
    verdict.printed = text();
    verdict.asked.push(asked("first()", text(), text()));
    verdict.asked.push(asked("if second():\n    third()", text(), text()));
    let subject = Subject { id: "ex05c", module: "multiply", file: None };
    let result = terminal::Result { python: "3.13.0".to_owned(), verdict };
    for ink in [Ink::Plain, Ink::Color] {
        for results in [&[result.clone()][..], &[result.clone(), result.clone()]] {
            let drawn = terminal::report(subject, results, ink);
            assert_harmless(&drawn, ink);
            if ink == Ink::Plain {
                assert_narrow(&drawn);
            }
        }
    }
    assert_harmless(&terminal::unreadable(subject, &text(), Ink::Plain), Ink::Plain);
}

/// A page of Markdown. It is the workbook's own text, and drawn as it is.
pub fn markdown(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    page::render(&text, |target| Some(target.to_owned()), Ink::Plain);
}

/// A recording, and after a zero byte the keys that are pressed while it is shown.
pub fn recording(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let Ok(recording) = serde_json::from_slice::<Recording>(&bytes[..end]) else { return };
    let again = serde_json::to_vec(&recording).expect("a recording is plain data");
    let again: Recording = serde_json::from_slice(&again).expect("what was written can be read");
    assert_eq!(recording, again);
    assert_harmless(&trace::listing(&recording, Ink::Plain), Ink::Plain);
    assert_harmless(&trace::tail(&recording, 3, Ink::Plain), Ink::Plain);

    let mut stepper = Stepper::new(&recording);
    for key in bytes[end..].iter().take(16) {
        for (width, height) in [(80, 24), (40, 12), (3, 2), (200, 60)] {
            let rows = stepper.draw(width, height, Ink::Plain);
            assert!(rows.len() <= height);
            for row in rows {
                assert!(row.chars().count() <= width, "wider than {width}: {row}");
                assert_harmless(&row, Ink::Plain);
            }
        }
        if stepper.press(pressed(*key)) == Next::Quit {
            break;
        }
    }
}

fn pressed(byte: u8) -> Key {
    match byte {
        0 => Key::Forward,
        1 => Key::Backward,
        2 => Key::First,
        3 => Key::Last,
        4 => Key::FarForward,
        5 => Key::FarBackward,
        b'\n' => Key::Confirm,
        0x1b => Key::Cancel,
        0x7f => Key::Erase,
        other => Key::Character(char::from(other)),
    }
}
