//! A recording as a listing: a line for each step, with what it changed.

mod values;

use std::fmt::Write as _;

use crate::model::signal;
use crate::model::trace::replay::Moment;
use crate::model::trace::{
    Back, Call, Cell, End, Enter, FLAGS, Hex, Kind, PythonFrame, Recording, Register, Step, Value,
};
use crate::report::style::{Ink, Role, harmless};
use crate::report::trace::values::{content, memory, vector};

pub use values::{address, shown};

/// The widest that source text is shown, in columns.
const SOURCE: usize = 38;

/// How many pieces of memory are shown of one step.
const MOST_CELLS: usize = 4;

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

/// What a step changed, in one line.
pub fn changes(recording: &Recording, before: &Moment, after: &Moment, step: &Step) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(call) = &step.call {
        parts.push(called(recording, before, call));
        return parts.join(", ");
    }
    let instruction = step.k == Kind::Instruction;
    let next = instruction.then(|| line_of(recording, after)).flatten();
    match (step.j, next) {
        (Some(1), Some(line)) => parts.push(format!("jumps to line {line}")),
        (Some(1), None) => parts.push("jumps".to_owned()),
        (Some(_), _) => parts.push("does not jump".to_owned()),
        (None, Some(line)) if step.back.is_none() && pops_rip(before, after, step) => {
            parts.push(format!("goes back to line {line}"));
        }
        _ => {}
    }
    if let Some(back) = &step.back {
        parts.extend(came_back(recording, after, step, back));
    }
    if let Some(signal) = &step.signal {
        let code = code_at(recording, before);
        parts.extend(signal.uses.iter().filter_map(|name| used(recording, before, name, code)));
        let read: Vec<(&Cell, &str)> = step.rd.iter().map(|cell| (cell, "is")).collect();
        parts.extend(contents(recording, before, after, &read));
        let (name, meaning) = signal::in_words(signal.number);
        let within = signal.within.as_ref().map(|one| format!(" in {one}")).unwrap_or_default();
        let at = signal.address.map(|at| format!(", address {:#x}", at.0)).unwrap_or_default();
        let came = format!("{name}{within}: {meaning}{at}");
        return if parts.is_empty() { came } else { format!("{}; {came}", parts.join(", ")) };
    }
    for (register, value) in &step.r {
        let known = before.get(*register);
        let result = step.back.is_some() && *register == Register::Rax;
        match (register, known) {
            (Register::Rip | Register::Flags, _) => {}
            _ if result => {}
            // Calls within the call may have changed it in between.
            _ if step.k == Kind::Back && unchanged_by_call(before, step, *register, value.0) => {}
            (Register::Rsp, _) if step.back.is_some() => {}
            (Register::Rsp, Some(old)) => parts.push(moved("rsp", old, value.0)),
            (_, Some(old)) if is_step_of_pointer(recording, after, old, value.0) => {
                parts.push(moved(register.name(), old, value.0));
            }
            _ => parts.push(format!("{} = {}", register.name(), shown(recording, after, value.0))),
        }
    }
    let code = code_at(recording, before);
    for (name, digits) in step.x.iter().filter(|_| instruction) {
        parts.push(format!("{name} = {}", vector(digits, code)));
    }
    let written: Vec<(&Cell, &str)> = step.w.iter().map(|cell| (cell, "=")).collect();
    parts.extend(contents(recording, before, after, &written));
    let taken = |cell: &Cell| step.r.values().any(|value| value.0 == cell.value);
    let jumps = step.back.is_some() || step.r.contains_key(&Register::Rsp);
    let reads = step.rd.iter().filter(|cell| !taken(cell) && !jumps);
    let reads: Vec<(&Cell, &str)> = reads.map(|cell| (cell, read_verb(step, cell))).collect();
    parts.extend(contents(recording, before, after, &reads));
    let flags = step.r.contains_key(&Register::Flags) || step.uf.is_some();
    if flags && step.back.is_none() {
        let only = parts.is_empty();
        let shown = FLAGS.iter().filter(|(name, _)| !matches!(*name, "PF" | "AF"));
        for (name, bit) in shown {
            let (old, new) = (before.flag(*bit), after.flag(*bit));
            let quiet = *name == "DF" || !only;
            match new {
                Some(new) if old != Some(new) || !quiet => {
                    parts.push(format!("{name}={}", u8::from(new)));
                }
                _ => {}
            }
        }
    }
    if parts.is_empty() && instruction && code.starts_with("jmp") {
        parts.extend(next.map(|line| format!("goes on at line {line}")));
    }
    if parts.is_empty() && instruction {
        parts.push("nothing changes".to_owned());
    }
    parts.join(", ")
}

/// Pieces of memory with what is in them, each with the verb between the two.
fn contents(
    recording: &Recording,
    before: &Moment,
    after: &Moment,
    cells: &[(&Cell, &str)],
) -> Vec<String> {
    let shown = cells.iter().take(MOST_CELLS).map(|(cell, verb)| {
        let place = memory(recording, before, after, cell);
        format!("{place} {verb} {}", content(recording, after, cell))
    });
    let more = cells.len().saturating_sub(MOST_CELLS);
    let more = (more > 0).then(|| format!("and {more} more places"));
    shown.chain(more).collect()
}

/// What was read is there still, or it was there before the same step wrote.
fn read_verb(step: &Step, read: &Cell) -> &'static str {
    let overlaps = |written: &Cell| {
        written.address.wrapping_sub(read.address) < u64::from(read.size)
            || read.address.wrapping_sub(written.address) < u64::from(written.size)
    };
    if step.w.iter().any(overlaps) { "was" } else { "is" }
}

/// A register that the instruction `code` works with, and its value there.
fn used(recording: &Recording, before: &Moment, name: &str, code: &str) -> Option<String> {
    let register = Register::named(name)?;
    let Some(value) = before.get(register) else {
        return Some(format!("{name} is left over from a call"));
    };
    let value = match Register::part(name, value) {
        (value, 64) => shown(recording, before, value),
        (value, bits) if code.starts_with("idiv") => {
            (value.cast_signed() << (64 - bits) >> (64 - bits)).to_string()
        }
        (value, _) => value.to_string(),
    };
    Some(format!("{} = {value}", harmless(name)))
}

fn unchanged_by_call(before: &Moment, step: &Step, register: Register, value: u64) -> bool {
    let from = step.back.as_ref().map_or("", |back| back.from.as_str());
    before.at_call(from, register) == Some(value)
}

/// The instruction that is next, as a disassembler prints it.
fn code_at<'a>(recording: &'a Recording, moment: &Moment) -> &'a str {
    let rip = moment.get(Register::Rip).unwrap_or(0);
    recording.code.get(&Hex(rip)).map_or("", |code| code.i.as_str())
}

/// The line of the instruction that is next.
fn line_of(recording: &Recording, moment: &Moment) -> Option<u32> {
    let rip = moment.get(Register::Rip)?;
    recording.code.get(&Hex(rip)).map(|code| code.l).filter(|line| *line > 0)
}

/// Whether the step took its way on from the stack.
fn pops_rip(before: &Moment, after: &Moment, step: &Step) -> bool {
    let popped = step.rd.first().filter(|cell| Some(cell.address) == before.get(Register::Rsp));
    popped.is_some_and(|cell| Some(cell.value) == after.get(Register::Rip))
}

/// `rsp -= 8`
fn moved(register: &str, old: u64, new: u64) -> String {
    let by = new.wrapping_sub(old).cast_signed();
    let sign = if by < 0 { '-' } else { '+' };
    format!("{register} {sign}= {}", by.unsigned_abs())
}

/// Whether a value is an address without a name, a little off the one that was there before.
fn is_step_of_pointer(recording: &Recording, after: &Moment, old: u64, new: u64) -> bool {
    let near = old != new && old.abs_diff(new) < 4096;
    near && shown(recording, after, new).starts_with("0x7f")
}

/// Who calls, and what is called.
fn entered(before: &Moment, enter: &Enter) -> Vec<String> {
    let arguments = enter.args.as_ref().map(|args| args.iter().map(named).collect());
    let called = with_arguments(&enter.to, arguments);
    match (enter.py.first(), before.outside()) {
        (Some(frame), _) if frame.file == "<session>" => {
            vec![format!("Python, {}", python_line(frame)), format!("calls {called}")]
        }
        (_, Some(outside)) => vec![format!("{} calls {called}", harmless(outside))],
        (_, None) => vec![format!("Python calls {called}")],
    }
}

/// `line 1: multiply(2, 4)`
pub fn python_line(frame: &PythonFrame) -> String {
    // `<module>`, `<listcomp>` and the like are no names that anybody gave.
    let named = !frame.name.starts_with('<');
    let within = if named { format!(" of {}", frame.name) } else { String::new() };
    let text = frame.text.as_ref().map(|text| format!(": {}", text.trim())).unwrap_or_default();
    harmless(&format!("line {}{within}{text}", frame.line))
}

fn called(recording: &Recording, before: &Moment, call: &Call) -> String {
    let argument = |value: &Value| match value.t {
        Some(_) => named(value),
        None => {
            let text = shown(recording, before, value.v.0);
            if value.n.is_empty() { text } else { format!("{}={text}", value.n) }
        }
    };
    let verb = if call.tail { "jumps to" } else { "calls" };
    let arguments = call.args.as_ref().map(|args| args.iter().map(argument).collect());
    format!("{verb} {}", with_arguments(&call.to, arguments))
}

/// `f(a=1)`, or `f` where nothing is known of its arguments.
fn with_arguments(name: &str, arguments: Option<Vec<String>>) -> String {
    match arguments {
        Some(arguments) => format!("{}({})", harmless(name), arguments.join(", ")),
        None => harmless(name),
    }
}

fn named(value: &Value) -> String {
    let text = harmless(value.t.as_deref().unwrap_or("an address"));
    if value.n.is_empty() { text } else { format!("{}={text}", value.n) }
}

fn came_back(recording: &Recording, after: &Moment, step: &Step, back: &Back) -> Option<String> {
    let result = back.result.as_ref().map(|value| match &value.t {
        Some(text) => harmless(text),
        None if (0x8000_0000..=0xffff_ffff).contains(&value.v.0) => {
            format!("{}, or {} as an int", value.v.0, (value.v.0 as u32).cast_signed())
        }
        None => shown(recording, after, value.v.0),
    });
    let leaves = step.k == Kind::Instruction;
    match (leaves, result) {
        (true, Some(result)) => Some(format!("{} gives {result}", harmless(&back.from))),
        (true, None) => Some(format!("{} is done", harmless(&back.from))),
        (false, Some(result)) => Some(format!("gives {result}")),
        (false, None) => None,
    }
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
