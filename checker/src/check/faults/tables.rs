//! What was wrong in what the module hands over: a method table, a module definition, a text.

use crate::check::Places;
use crate::check::faults::{explained, hex};
use crate::host::image::SharedFacts;
use crate::model::finding::{Code, Finding, Place};

pub(super) fn without_end(table: &str, good: u64) -> Finding {
    let entries = if good == 1 { "1 entry".to_owned() } else { format!("{good} entries") };
    let sentence = format!("after its {entries}, the method table `{table}` does not end");
    explained(Finding::new(Code::M007, sentence))
}

pub(super) fn without_padding(table: &str, good: u64) -> Finding {
    let sentence = format!("entry {} of the method table `{table}` is 4 bytes short", good.max(1));
    explained(Finding::new(Code::M008, sentence))
}

pub(super) fn entry_makes_no_sense(table: &str, entry: u64, field: u64) -> Finding {
    let (what, hint) = wrong_field(field);
    let sentence = format!("entry {entry} of the method table `{table}`: {what}");
    Finding::new(Code::M008, sentence)
        .detail(
            "A PyMethodDef has 32 bytes: the name, the function, the flags in 4 bytes, 4 bytes of \
             padding, the docstring.",
        )
        .hint(hint)
}

pub(super) fn definition_makes_no_sense(table: &str, field: u64) -> Finding {
    let field = field_of_a_definition(field);
    let sentence = format!("{field} of the module definition `{table}` makes no sense");
    explained(Finding::new(Code::M009, sentence))
}

pub(super) fn no_definition(callee: &str, value: u64) -> Finding {
    let sentence = format!("{callee} is given {} for a module definition", hex(value));
    Finding::new(Code::M009, sentence)
        .detail("Its first argument, in rdi, is the address of a PyModuleDef.")
        .hint("`lea rdi, [rel name]` gives the address of what is at a label")
}

/// A text that goes on to the end of its section, given to that call or found in a table.
pub(super) fn text_without_end(
    text: u64,
    callee: Option<&str>,
    call: Option<Place>,
    facts: &SharedFacts,
    places: Places<'_>,
) -> Finding {
    let label = facts.data_label(text).or_else(|| facts.label(text));
    let what = label.map_or_else(|| "a text".to_owned(), |label| format!("`{label}`"));
    let taken = match (callee, call) {
        (Some(callee), Some(call)) if call.text.is_some() => {
            format!("{callee} is given it at line {}", call.line)
        }
        (Some(callee), _) => format!("{callee} is given it"),
        (None, _) => "A table of the module has its address".to_owned(),
    };
    let sentence = format!("{what} is taken for a text and does not end in a zero byte");
    explained(
        Finding::new(Code::V012, sentence)
            .at(label.and_then(|label| places.of_label(label)))
            .detail(format!(
                "{taken}. No zero comes before the section ends, so what belongs to the text is \
                 chance: with another linker, or one more line in the file, it is something else."
            )),
    )
}

/// What is wrong with the field of a PyMethodDef, and what to look at.
fn wrong_field(offset: u64) -> (&'static str, &'static str) {
    const TEXT: &str = "a text is in `.rodata`, ends in a zero byte, and is named by `dq label`";
    match offset {
        0 => ("ml_name, at offset 0, is the address of no text", TEXT),
        8 => (
            "ml_meth, at offset 8, is the address of no code",
            "`dq label` names the function; is every field at its place?",
        ),
        16 => (
            "ml_flags, at offset 16, does not say how the function takes its arguments",
            "METH_NOARGS, METH_O, METH_VARARGS or METH_FASTCALL, in 4 bytes by `dd`",
        ),
        _ => ("ml_doc, at offset 24, is the address of no text", TEXT),
    }
}

fn field_of_a_definition(offset: u64) -> &'static str {
    match offset {
        40 => "m_name, at offset 40,",
        48 => "m_doc, at offset 48,",
        56 => "m_size, at offset 56,",
        64 => "m_methods, at offset 64,",
        72 => "m_slots, at offset 72,",
        80 => "m_traverse, at offset 80,",
        88 => "m_clear, at offset 88,",
        96 => "m_free, at offset 96,",
        _ => "a field",
    }
}
