//! What was wrong at a call out of the module: the stack, the flags, an argument.

use crate::check::faults::explained;
use crate::model::evidence::ARGUMENTS;
use crate::model::finding::{Code, Finding};

pub(super) fn misaligned(callee: &str, modulo: u64) -> Finding {
    let sentence = format!("rsp is {modulo} more than a multiple of 16 at the call to {callee}");
    explained(Finding::new(Code::A004, sentence))
}

pub(super) fn direction_set(callee: &str) -> Finding {
    let sentence = format!("the direction flag is set at the call to {callee}");
    explained(Finding::new(Code::A003, sentence))
}

pub(super) fn no_object(callee: &str, register: usize, value: u64) -> Finding {
    let (register, what) = (ARGUMENTS[register], instead_of_an_object(value));
    let sentence =
        format!("{register} is {what} at the call to {callee}, which takes an object there");
    let finding = Finding::new(Code::V011, sentence);
    let wants_a_tuple = callee.starts_with("PyArg_") || callee.starts_with("PyTuple_");
    if wants_a_tuple && register == ARGUMENTS[0] && value != 0 {
        return finding
            .detail(
                "It takes the tuple of arguments, which a function whose flags say METH_VARARGS \
                 gets in rsi. METH_FASTCALL gives the address of an array there, METH_O the \
                 argument itself.",
            )
            .hint("which flags does this function's entry in the method table have?");
    }
    explained(finding)
}

pub(super) fn no_tuple(callee: &str, register: usize) -> Finding {
    let register = ARGUMENTS[register];
    let sentence = format!("{register} is an object but no tuple at the call to {callee}");
    Finding::new(Code::V011, sentence)
        .detail(
            "It takes the tuple of arguments. A function whose flags say METH_VARARGS gets that \
             in rsi, and in rdi the module or the object whose method it is. METH_O gives the \
             argument itself in rsi.",
        )
        .hint("is rsi moved to rdi before the call, and do the flags say METH_VARARGS?")
}

pub(super) fn freed_object(callee: &str, register: usize) -> Finding {
    let register = ARGUMENTS[register];
    let (code, sentence) = match callee {
        "Py_DecRef" => {
            (Code::R002, "Py_DecRef is given an object that is freed already".to_owned())
        }
        _ => {
            (Code::R007, format!("{callee} is given an object in {register} that is freed already"))
        }
    };
    explained(Finding::new(code, sentence))
}

pub(super) fn vector_count(callee: &str, count: u64) -> Finding {
    explained(Finding::new(Code::A007, format!("al is {count} at the call to {callee}")))
}

pub(super) fn too_few_vectors(callee: &str, count: u64, wanted: u64) -> Finding {
    let doubles = if wanted == 1 { "a double" } else { &format!("{wanted} doubles") };
    let sentence = format!("al is {count} at the call to {callee}, whose format has {doubles}");
    explained(Finding::new(Code::A007, sentence))
        .hint("which of the arguments are in xmm registers, and who tells al?")
}

/// References to an object of CPython's own, given up and never made.
pub(in crate::check) fn given_up_unmade() -> Finding {
    let sentence = "Py_DecRef gives up a reference that the module has never made";
    Finding::new(Code::R002, sentence).detail(
        "What CPython's own variables name, such as an exception or None, is borrowed. From 3.12 on \
         most of it lives for ever, and nothing shows. Before, each call takes a reference from \
         CPython, and when the last one is gone, the process crashes anywhere.",
    )
    .hint("each `Py_DecRef` needs a reference that you got as new, or made by `Py_IncRef`")
}

/// A value that should be an object's address, in words.
fn instead_of_an_object(value: u64) -> String {
    match value {
        0 => "NULL".to_owned(),
        _ if value < 4096 || value.cast_signed() < 0 => value.cast_signed().to_string(),
        _ => "the address of no object".to_owned(),
    }
}
