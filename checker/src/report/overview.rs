//! The exercises as a list, and where the learner is.

use std::fmt::Write as _;

use crate::model::finding::Code;
use crate::model::isolation::Missing;
use crate::model::workbook::{Chapter, Exercise, ExerciseId};
use crate::report::style::{Ink, Role, WIDTH, wrap};

/// Every exercise with its title, and a word where it has passed.
pub fn list(chapters: &[Chapter], passed: impl Fn(ExerciseId) -> bool, ink: Ink) -> String {
    let mut text = String::new();
    for chapter in chapters.iter().filter(|chapter| !chapter.exercises.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        let head = format!("ex{:02} {}", chapter.number, chapter.title);
        let _ = writeln!(text, "{}", ink.paint(Role::Heading, &head));
        for exercise in &chapter.exercises {
            let state =
                if passed(exercise.id) { ink.paint(Role::Good, "passed") } else { String::new() };
            let title = format!("{:46}", exercise.manifest.title);
            let minutes = exercise.manifest.minutes;
            let line = format!("  {}  {title} {minutes:3} min  {state}", exercise.id);
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}

/// Every finding's code and title, in the groups of the catalogue.
pub fn findings(ink: Ink) -> String {
    let mut text = String::new();
    let mut group = "";
    for code in Code::ALL {
        if group != group_of(*code) {
            let gap = if group.is_empty() { "" } else { "\n" };
            group = group_of(*code);
            let _ = writeln!(text, "{gap}{}", ink.paint(Role::Heading, group));
        }
        let _ = writeln!(text, "  {code}  {}", code.title());
    }
    text.push_str("\n`cargo run -p checker -- explain A002` explains one of them.\n");
    text
}

/// What the letter of a code stands for.
pub fn group_of(code: Code) -> &'static str {
    match &code.name()[..1] {
        "S" => "Source",
        "L" => "Linking",
        "M" => "Modules",
        "A" => "The calling convention",
        "C" => "Crashes",
        "R" => "References and memory",
        _ => "Values and exceptions",
    }
}

/// How far the learner is, and what comes next.
pub fn whereabouts(total: usize, solved: usize, next: Option<&Exercise>) -> String {
    let mut text = match solved {
        0 => format!("{total} exercises wait for you.\n"),
        solved => format!("{solved} of {total} exercises solved.\n"),
    };
    match next {
        None => text.push_str("That is all of them. Congratulations!\n"),
        Some(exercise) => {
            let _ = writeln!(text, "\nNext: {} {}", exercise.id, exercise.manifest.title);
            let _ = writeln!(text, "    cargo run -p checker {}", exercise.id);
        }
    }
    text
}

/// What to say where the system has no sandbox; nothing where it has one.
pub fn without_sandbox(lacking: Option<&Missing>) -> String {
    let Some(missing) = lacking else { return String::new() };
    let text = format!(
        "Checked without a sandbox, because {missing}. What is checked so can do what you can do: \
         check only files that you trust."
    );
    format!("\n{}\n", wrap(&text, WIDTH).join("\n"))
}
