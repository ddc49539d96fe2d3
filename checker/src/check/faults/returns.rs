//! What was wrong when a function of the module came back.

use crate::check::faults::{explained, hex};
use crate::model::evidence::CALLEE_SAVED;
use crate::model::finding::{Code, Finding};

/// `called` says who called the function.
pub(super) fn register_lost(register: usize, before: u64, after: u64, called: &str) -> Finding {
    let (register, after) = (CALLEE_SAVED[register], hex(after));
    let sentence = format!("{register} was {before:#x} when {called}, and is {after} now");
    explained(Finding::new(Code::A002, sentence))
}

pub(super) fn stack_off(name: &str, bytes: i64) -> Finding {
    let way = if bytes > 0 { "high" } else { "low" };
    let count = bytes.unsigned_abs();
    let sentence = format!("rsp is {count} bytes too {way} when {name} comes back");
    explained(Finding::new(Code::A001, sentence))
}

pub(super) fn direction_set(name: &str) -> Finding {
    let sentence = format!("{name} returns with the direction flag set");
    explained(Finding::new(Code::A003, sentence))
}

pub(super) fn control_word(name: &str) -> Finding {
    let sentence =
        format!("{name} returns with another rounding or precision than it was called with");
    explained(Finding::new(Code::A006, sentence))
}

pub(super) fn float_stack(name: &str, used: u64) -> Finding {
    let registers =
        if used == 1 { "an x87 register".to_owned() } else { format!("{used} x87 registers") };
    let sentence = format!("{name} returns with {registers} in use");
    explained(Finding::new(Code::A008, sentence))
}

pub(super) fn null_without_exception(name: &str) -> Finding {
    let sentence = format!("{name} returned NULL, and no exception is set");
    explained(Finding::new(Code::V005, sentence))
}

/// The name holds both, the function's and the exception's.
pub(super) fn result_with_exception(name: &str) -> Finding {
    let (function, exception) = name.split_once(' ').unwrap_or((name, "an exception"));
    let sentence = format!("{function} returned a result, and {exception} is set all the same");
    explained(Finding::new(Code::V006, sentence))
}

pub(super) fn no_object(name: &str, value: u64) -> Finding {
    let sentence = format!("{name} returned {}, which is the address of no object", hex(value));
    explained(Finding::new(Code::V010, sentence))
}

pub(super) fn freed_result(name: &str) -> Finding {
    let sentence = format!("{name} returned an object that is freed already");
    explained(Finding::new(Code::R005, sentence))
}

pub(super) fn borrowed_result(name: &str) -> Finding {
    let sentence = format!("{name} returned an object without making a reference for its caller");
    explained(Finding::new(Code::R006, sentence))
}

pub(super) fn gave_up(name: &str, argument: usize, times: u64) -> Finding {
    let count = if times == 1 { "a reference".to_owned() } else { format!("{times} references") };
    let sentence =
        format!("{name} gave up {count} to its argument {argument} that its caller owns");
    explained(Finding::new(Code::R002, sentence))
}
