//! Calls and returns, as people read them.

use crate::model::trace::replay::Moment;
use crate::model::trace::{Back, Call, Enter, Kind, Recording, Step, Value};
use crate::report::style::harmless;
use crate::report::trace::python_line;
use crate::report::trace::values::shown;

/// Who calls, and what is called.
pub(super) fn entered(before: &Moment, enter: &Enter) -> Vec<String> {
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

/// A call out of the module.
pub(super) fn called(recording: &Recording, before: &Moment, call: &Call) -> String {
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

/// A return, and what it gives.
pub(super) fn came_back(
    recording: &Recording,
    after: &Moment,
    step: &Step,
    back: &Back,
) -> Option<String> {
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
