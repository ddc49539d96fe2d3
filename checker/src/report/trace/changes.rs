//! What a step changed, in one line: registers, memory, flags, and where it goes on.

use crate::model::signal;
use crate::model::trace::replay::Moment;
use crate::model::trace::{Cell, FLAGS, Hex, Kind, Recording, Register, Step};
use crate::report::style::harmless;
use crate::report::trace::calls::{called, came_back};
use crate::report::trace::code_at;
use crate::report::trace::values::{content, memory, shown, vector};

/// How many pieces of memory are shown of one step.
const MOST_CELLS: usize = 4;

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
