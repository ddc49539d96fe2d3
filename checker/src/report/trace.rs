//! A recording as a listing: a line for each step, with what it changed.

mod calls;
mod changes;
mod values;

use std::fmt::Write as _;

use crate::model::signal;
use crate::model::trace::replay::Moment;
use crate::model::trace::{End, Hex, Kind, PythonFrame, Recording, Register, Step};
use crate::report::style::{Ink, Role, harmless};
use crate::report::trace::calls::entered;

pub use changes::changes;
pub use values::{address, shown};

/// The widest that source text is shown, in columns.
const SOURCE: usize = 38;

/// The whole recording.
pub fn listing(recording: &Recording, ink: Ink) -> String {
    let mut text = String::new();
    let title = harmless(recording.title.lines().next().unwrap_or_default());
    let head = ink.paint(Role::Heading, &title);
    let instructions = counted(recording.count, "instruction");
    let python = harmless(&recording.python);
    let _ = writeln!(text, "{head}   CPython {python}, {instructions}\n");
    rows(&mut text, recording, 0, ink);
    let _ = writeln!(text, "\n{}", ending(recording));
    text
}

/// The last steps, for a report that has more to say than they.
pub fn tail(recording: &Recording, steps: usize, ink: Ink) -> String {
    let mut text = String::new();
    let first = recording.steps.len().saturating_sub(steps);
    rows(&mut text, recording, first, ink);
    text
}

fn rows(text: &mut String, recording: &Recording, first: usize, ink: Ink) {
    let width = recording.files.iter().map(|file| file.name.chars().count()).max().unwrap_or(0) + 5;
    let column = widest_source(recording, first);
    // Two that go on side by side: a copy at each step would be a copy of all memory.
    let mut before = Moment::after(recording, first);
    let mut after = before.clone();
    for step in recording.steps.iter().skip(first) {
        after.apply(recording, step);
        let place = ink.paint(Role::Quiet, &format!("{:width$}", place(recording, step)));
        let indent = "  ".repeat(step.d.min(6));
        let source = source(recording, &before, step);
        let changes = changes(recording, &before, &after, step);
        match step.k {
            Kind::Enter => {
                let lines = step.enter.as_ref().map(|enter| entered(&before, enter));
                let lines = lines.unwrap_or_default();
                for line in lines {
                    let _ =
                        writeln!(text, "{indent}{}", ink.paint(Role::Heading, &harmless(&line)));
                }
            }
            Kind::Gap => {
                let skipped = counted(step.skipped.unwrap_or(0), "instruction");
                let _ = writeln!(text, "… {skipped} not kept …");
            }
            _ => {
                let code = format!("{indent}{}", harmless(&source));
                let code: String = code.chars().take(SOURCE).collect();
                let line = format!("{place} {code:column$}   {}", harmless(&changes));
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
        for remark in &step.n {
            let _ = writeln!(
                text,
                "{:width$} {indent}{} {}",
                "",
                ink.paint(Role::Bad, "!"),
                harmless(remark)
            );
        }
        if let Some(signal) = &step.signal {
            for frame in &signal.py {
                let _ = writeln!(text, "{:width$} {indent}in Python: {}", "", python_line(frame));
            }
        }
        before.apply(recording, step);
    }
}

/// How many columns the source text of these steps takes, so that what it changes stands near it.
fn widest_source(recording: &Recording, first: usize) -> usize {
    let mut before = Moment::after(recording, first);
    let mut widest = 0;
    for step in recording.steps.iter().skip(first) {
        if !matches!(step.k, Kind::Enter | Kind::Gap) {
            let indent = 2 * step.d.min(6);
            widest = widest.max(indent + source(recording, &before, step).chars().count());
        }
        before.apply(recording, step);
    }
    widest.min(SOURCE)
}

/// `ex05c.asm:57`
pub fn place(recording: &Recording, step: &Step) -> String {
    match recording.files.get(step.f) {
        Some(file) if step.l > 0 => format!("{}:{}", harmless(&file.name), step.l),
        _ => String::new(),
    }
}

/// The step's source text on one line, without its comment; where there is none, or a macro's
/// parameters stand in it, the instruction.
pub fn source(recording: &Recording, before: &Moment, step: &Step) -> String {
    if step.k == Kind::Back {
        return step
            .back
            .as_ref()
            .map(|back| format!("  {} is back", back.from))
            .unwrap_or_default();
    }
    if step.k == Kind::Signal && code_at(recording, before).is_empty() {
        // It came in a call, or where no instruction is.
        return String::new();
    }
    let written = recording.text(step.f, step.l).map(|line| {
        let code = line.split(';').next().unwrap_or_default();
        harmless(&code.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    match written {
        Some(text) if !text.is_empty() && !text.contains('%') => text,
        other => match code_at(recording, before) {
            "" => other.unwrap_or_default(),
            instruction => instruction.to_owned(),
        },
    }
}

/// The instruction that is next, as a disassembler prints it.
fn code_at<'a>(recording: &'a Recording, moment: &Moment) -> &'a str {
    let rip = moment.get(Register::Rip).unwrap_or(0);
    recording.code.get(&Hex(rip)).map_or("", |code| code.i.as_str())
}

/// `line 1: multiply(2, 4)`
pub fn python_line(frame: &PythonFrame) -> String {
    // `<module>`, `<listcomp>` and the like are no names that anybody gave.
    let named = !frame.name.starts_with('<');
    let within = if named { format!(" of {}", frame.name) } else { String::new() };
    let text = frame.text.as_ref().map(|text| format!(": {}", text.trim())).unwrap_or_default();
    harmless(&format!("line {}{within}{text}", frame.line))
}

fn ending(recording: &Recording) -> String {
    match &recording.end {
        End::Answered => match &recording.answer {
            Some(answer) => format!("Python's answer: {}", harmless(answer)),
            None => "Python goes on, with no answer to show".to_owned(),
        },
        End::Crashed { signal } => {
            let (name, meaning) = signal::in_words(*signal);
            format!("The process crashed: {meaning} ({name})")
        }
        End::Exited { status } => format!("The process exited with status {status}"),
        End::TimedOut => "There was no answer in time".to_owned(),
        End::TooLong => {
            let deep = recording.steps.last().map_or(0, |step| step.d);
            let (where_to, question) = match deep {
                0..=1000 => (String::new(), "does every loop come to an end?"),
                _ => (format!(", {deep} calls deep"), "does the recursion come to its end?"),
            };
            format!(
                "Stopped after {}{where_to}; {question}",
                counted(recording.count, "instruction")
            )
        }
        End::TrapFlag => "The trap flag was set, with which nothing can be traced".to_owned(),
        End::Threads => {
            "A thread was started; the tracer follows one thread only, so this is not all"
                .to_owned()
        }
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
