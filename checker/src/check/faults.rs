//! What the guard saw, as findings: each with its rule and, where the guard knows it, its line.

use crate::check::{Places, instruction};
use crate::host::image::SharedFacts;
use crate::model::evidence::{ARGUMENTS, CALLBACK, CALLEE_SAVED, Fault, FaultKind};
use crate::model::finding::{Code, Finding, Place};

/// How the names of the glue's own code begin.
const GLUE: &str = "workbook_";

/// The findings of faults, each subject once.
pub fn findings(
    faults: &[Fault],
    image_base: u64,
    facts: &SharedFacts,
    places: Places<'_>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for fault in faults.iter().filter(|fault| !fault.kind.is_suspicion()) {
        let finding = finding(fault, image_base, facts, places);
        if !findings.iter().any(|known| same_subject(known, &finding)) {
            findings.push(finding);
        }
    }
    findings
}

/// The finding that `workbook.inc` raised as a SystemError, which begins with its code.
pub fn of_the_glue(message: &str, facts: &SharedFacts, places: Places<'_>) -> Option<Finding> {
    let (code, sentence) = message.split_once(' ')?;
    let code: Code = code.parse().ok()?;
    let function = sentence.split("()").next().unwrap_or_default();
    let label = facts.labels.iter().find(|(_, label)| label == function);
    let place = label.and_then(|(address, _)| only_return(*address, facts, places));
    Some(explained(Finding::new(code, sentence).at(place)))
}

/// The line of the function's `ret`, if it has one only: the way that the call must have taken.
fn only_return(function: u64, facts: &SharedFacts, places: Places<'_>) -> Option<Place> {
    let [only] = instruction::returns(function, facts)[..] else { return None };
    places.of_code(only, facts)
}

/// Whether two findings differ in nothing but the value that a register came back with, the value
/// that was returned for an object, or the exception that was set.
pub(super) fn same_subject(one: &Finding, other: &Finding) -> bool {
    fn subject(finding: &Finding) -> &str {
        let sentence = finding.sentence.as_str();
        let ends = [
            " = 0x",
            ", and is 0x",
            ", and is 0 now",
            " is set all the same",
            " returned 0x", // only V010 says what was returned
        ];
        let end = ends.iter().filter_map(|end| sentence.find(end)).min();
        let subject = &sentence[..end.unwrap_or(sentence.len())];
        if finding.code == Code::V006 {
            subject.split(',').next().unwrap_or(subject)
        } else {
            subject
        }
    }
    one.code == other.code && one.place == other.place && subject(one) == subject(other)
}

/// Whether a crash right after the finding is its consequence, and not worth a finding of its own.
pub(super) fn explains_a_crash(finding: &Finding) -> bool {
    is_of_a_table(finding) || matches!(finding.code, Code::V011 | Code::R007 | Code::R002)
}

/// Whether a table or a text that CPython reads is broken. What it makes of it may show at any
/// time.
pub(super) fn is_of_a_table(finding: &Finding) -> bool {
    matches!(finding.code, Code::M007 | Code::M008 | Code::M009 | Code::V012)
}

/// Whether the second finding is nothing but what the first one leads to.
pub(super) fn leads_to(cause: &Finding, finding: &Finding) -> bool {
    match finding.code {
        // The guard itself raises SystemError for these.
        Code::V006 => {
            let raised = [Code::V005, Code::V006, Code::V010, Code::R005].contains(&cause.code);
            raised && finding.sentence.contains("SystemError")
        }
        // The next object that takes the freed one's place.
        Code::R006 => cause.code == Code::R005,
        _ => false,
    }
}

fn finding(fault: &Fault, base: u64, facts: &SharedFacts, places: Places<'_>) -> Finding {
    let own = fault.address.wrapping_sub(base);
    // Who is called back by another function than Python's has no name but its label.
    let label = facts.labels.iter().find(|(address, _)| *address == own);
    let name = match (&fault.name, label) {
        (name, Some((_, label))) if name == CALLBACK => label,
        (name, _) => name,
    };
    let called = |name: &str| match fault.name.as_str() {
        CALLBACK => format!("{name} was called"),
        _ => format!("Python called {name}"),
    };
    // A function behind the glue is entered by the glue's own code.
    let behind_the_glue = facts.labels.iter().find(|(_, label)| label == name);
    let function = match label {
        Some((_, entered)) if entered.starts_with(GLUE) => behind_the_glue.map_or(own, |it| it.0),
        _ => own,
    };
    let at_return = |finding: Finding| finding.at(only_return(function, facts, places));
    let at_call = || places.of_code(own.wrapping_sub(1), facts);
    let callee = |slot: u64| facts.callee(slot).unwrap_or("a function");
    let table = || facts.data_label(own).unwrap_or("the table");
    let table_place = || places.of_label(table());
    let finding = match fault.kind {
        FaultKind::RegisterLost { register, before, after } => at_return(Finding::new(
            Code::A002,
            format!(
                "{} was {before:#x} when {}, and is {} now",
                CALLEE_SAVED[register],
                called(name),
                hex(after)
            ),
        )),
        FaultKind::StackOff(bytes) => {
            let way = if bytes > 0 { "high" } else { "low" };
            let count = bytes.unsigned_abs();
            Finding::new(
                Code::A001,
                format!("rsp is {count} bytes too {way} when {name} comes back"),
            )
        }
        FaultKind::DirectionSet => at_return(Finding::new(
            Code::A003,
            format!("{name} returns with the direction flag set"),
        )),
        FaultKind::ControlWord { .. } => at_return(Finding::new(
            Code::A006,
            format!("{name} returns with another rounding or precision than it was called with"),
        )),
        FaultKind::FloatStack { used } => {
            let registers = if used == 1 {
                "an x87 register".to_owned()
            } else {
                format!("{used} x87 registers")
            };
            at_return(Finding::new(Code::A008, format!("{name} returns with {registers} in use")))
        }
        FaultKind::NullWithoutException => {
            Finding::new(Code::V005, format!("{name} returned NULL, and no exception is set"))
        }
        FaultKind::ResultWithException => {
            let (function, exception) = name.split_once(' ').unwrap_or((name, "an exception"));
            let sentence =
                format!("{function} returned a result, and {exception} is set all the same");
            Finding::new(Code::V006, sentence)
        }
        FaultKind::NoObject { value } => Finding::new(
            Code::V010,
            format!("{name} returned {}, which is the address of no object", hex(value)),
        ),
        FaultKind::FreedResult => {
            Finding::new(Code::R005, format!("{name} returned an object that is freed already"))
        }
        FaultKind::BorrowedResult => Finding::new(
            Code::R006,
            format!("{name} returned an object without making a reference for its caller"),
        ),
        FaultKind::GaveUp { argument, times } => {
            let count =
                if times == 1 { "a reference".to_owned() } else { format!("{times} references") };
            let sentence =
                format!("{name} gave up {count} to its argument {argument} that its caller owns");
            Finding::new(Code::R002, sentence)
        }
        FaultKind::Misaligned { slot, modulo } => {
            let callee = callee(slot);
            let sentence =
                format!("rsp is {modulo} more than a multiple of 16 at the call to {callee}");
            Finding::new(Code::A004, sentence).at(at_call())
        }
        FaultKind::DirectionSetAtCall { slot } => {
            let sentence = format!("the direction flag is set at the call to {}", callee(slot));
            Finding::new(Code::A003, sentence).at(at_call())
        }
        FaultKind::TableWithoutEnd { good } => Finding::new(
            Code::M007,
            format!("after its {}, the method table `{}` does not end", entries(good), table()),
        )
        .at(table_place()),
        FaultKind::TableWithoutPadding { good } => Finding::new(
            Code::M008,
            format!("entry {} of the method table `{}` is 4 bytes short", good.max(1), table()),
        )
        .at(table_place()),
        FaultKind::EntryMakesNoSense { entry, field } => {
            let (what, hint) = wrong_field(field);
            let sentence = format!("entry {entry} of the method table `{}`: {what}", table());
            return Finding::new(Code::M008, sentence)
                .at(table_place())
                .detail(LAYOUT_OF_A_METHOD)
                .hint(hint);
        }
        FaultKind::NoDefinition { slot, value } => {
            let sentence =
                format!("{} is given {} for a module definition", callee(slot), hex(value));
            return Finding::new(Code::M009, sentence)
                .at(at_call())
                .detail("Its first argument, in rdi, is the address of a PyModuleDef.")
                .hint("`lea rdi, [rel name]` gives the address of what is at a label");
        }
        FaultKind::ArgumentIsNoObject { slot, register, value } => {
            let (register, what) = (ARGUMENTS[register], no_object(value));
            let sentence = format!(
                "{register} is {what} at the call to {}, which takes an object there",
                callee(slot)
            );
            let finding = Finding::new(Code::V011, sentence).at(at_call());
            let wants_a_tuple =
                callee(slot).starts_with("PyArg_") || callee(slot).starts_with("PyTuple_");
            if wants_a_tuple && register == ARGUMENTS[0] && value != 0 {
                return finding
                    .detail(
                        "It takes the tuple of arguments, which a function whose flags say \
                         METH_VARARGS gets in rsi. METH_FASTCALL gives the address of an array \
                         there, METH_O the argument itself.",
                    )
                    .hint("which flags does this function's entry in the method table have?");
            }
            finding
        }
        FaultKind::ArgumentIsFreed { slot, register } => {
            let (callee, register) = (callee(slot), ARGUMENTS[register]);
            let (code, sentence) = match callee {
                "Py_DecRef" => {
                    (Code::R002, "Py_DecRef is given an object that is freed already".to_owned())
                }
                _ => (
                    Code::R007,
                    format!("{callee} is given an object in {register} that is freed already"),
                ),
            };
            Finding::new(code, sentence).at(at_call())
        }
        FaultKind::ImportedGivenUp { .. } => given_up_unmade().at(at_call()),
        FaultKind::VectorCount { slot, count } => {
            let sentence = format!("al is {count} at the call to {}", callee(slot));
            Finding::new(Code::A007, sentence).at(at_call())
        }
        FaultKind::TooFewVectors { slot, count, wanted } => {
            let doubles = if wanted == 1 { "a double" } else { &format!("{wanted} doubles") };
            let sentence = format!(
                "al is {count} at the call to {}, whose format has {doubles}",
                callee(slot)
            );
            let finding = Finding::new(Code::A007, sentence).at(at_call());
            return Finding {
                hint: Some(
                    "which of the arguments are in xmm registers, and who tells al?".to_owned(),
                ),
                ..explained(finding)
            };
        }
        FaultKind::TextWithoutEnd { slot, returns_to } => {
            return text_without_end(
                own,
                (slot != 0).then(|| callee(slot)),
                places.of_code(returns_to.wrapping_sub(1), facts),
                facts,
                places,
            );
        }
        FaultKind::DefinitionMakesNoSense { field } => Finding::new(
            Code::M009,
            format!("{} of the module definition `{}` makes no sense", field_name(field), table()),
        )
        .at(table_place()),
    };
    explained(finding)
}

/// References to an object of CPython's own, given up and never made.
pub(super) fn given_up_unmade() -> Finding {
    let sentence = "Py_DecRef gives up a reference that the module has never made";
    Finding::new(Code::R002, sentence).detail(
        "What CPython's own variables name, such as an exception or None, is borrowed. From 3.12 on \
         most of it lives for ever, and nothing shows. Before, each call takes a reference from \
         CPython, and when the last one is gone, the process crashes anywhere.",
    )
    .hint("each `Py_DecRef` needs a reference that you got as new, or made by `Py_IncRef`")
}

/// A text that goes on to the end of its section, given to a call at that line or found in a table.
fn text_without_end(
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

fn hex(value: u64) -> String {
    if value == 0 { "0".to_owned() } else { format!("{value:#x}") }
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn field_name(offset: u64) -> &'static str {
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

const LAYOUT_OF_A_METHOD: &str = "A PyMethodDef has 32 bytes: the name, the function, the flags in 4 bytes, 4 bytes of padding, \
     the docstring.";

/// A value that should be an object's address, in words.
fn no_object(value: u64) -> String {
    match value {
        0 => "NULL".to_owned(),
        _ if value < 4096 || value.cast_signed() < 0 => value.cast_signed().to_string(),
        _ => "the address of no object".to_owned(),
    }
}

/// The rule behind a finding of the calling convention's or the C API's, and what to look at.
pub(super) fn explained(finding: Finding) -> Finding {
    let (rule, hint) = match finding.code {
        Code::A001 => (
            "A function gives rsp back as it found it: every push has its pop, and every `sub rsp` \
             its `add rsp`, on each way out.",
            "count the pushes and pops on the way to each `ret`",
        ),
        Code::A002 => (
            "The System V ABI makes you give back rbx, rbp and r12 to r15 as you found them: your \
             caller keeps values of its own there.",
            "push the register before its first use, and pop it on every way out; or use rcx, rdx, \
             rsi, rdi, r8 to r11, which are yours",
        ),
        Code::A003 => (
            "The System V ABI has the direction flag clear at every call and return. With it set, \
             the C library copies memory backwards.",
            "each `std` needs its `cld`, before any call and before `ret`",
        ),
        Code::A004 => (
            "The System V ABI wants rsp at a multiple of 16 at every call. Your caller's call has \
             pushed 8 bytes, so a function that calls has to move rsp by 8 more, or by 24, 40, …. \
             The C compiler counts on it: a callee with a `movaps` crashes, another one does not.",
            "an odd number of pushes, or `sub rsp, 8`, brings rsp to a multiple of 16",
        ),
        Code::A006 => (
            "The System V ABI makes you give back the x87 control word and the control bits of \
             MXCSR as you found them: they decide how every later calculation rounds.",
            "save it with `stmxcsr` or `fnstcw`, and put it back with `ldmxcsr` or `fldcw`",
        ),
        Code::A007 => (
            "A function with an open number of arguments learns from al how many of them are in \
             vector registers: at most that many, and never more than 8. What al holds otherwise is \
             chance.",
            "`xor eax, eax` right before the call where none of the arguments is a double",
        ),
        Code::A008 => (
            "The System V ABI has the x87 registers empty at every call and return. They are a \
             stack of eight: what is left there makes a later calculation fail, in code that is not \
             yours.",
            "each `fld` or `fild` needs an `fstp`; after mmx registers, `emms`",
        ),
        Code::V005 => (
            "NULL means to CPython that an exception is waiting. Where none is, Python can only \
             raise a SystemError.",
            "which call failed and set no exception? Or did rax happen to be 0?",
        ),
        Code::V006 => (
            "An exception that is set and a result that is returned contradict each other: on some \
             versions the exception shows up many lines later.",
            "after a call that may fail, look at its result, and leave with NULL",
        ),
        Code::V010 => (
            "A method gives Python the address of an object. A number in rax has to be made an \
             object first.",
            "`PyLong_FromLong` makes an int of a C long, and `Py_IncRef` before `_Py_NoneStruct` \
             gives None",
        ),
        Code::V011 => (
            "The C API knows objects by their addresses, and looks into them without asking. NULL, a \
             number, or the place where an object's address is stored is no object.",
            "what is in that register? A result that was not looked at, a number, or an address that \
             has to be followed once more by `[…]`?",
        ),
        Code::R007 => (
            "The object's last reference was given up before this call, and its memory is free.",
            "which `Py_DecRef` comes too early, or was not yours to make?",
        ),
        Code::R002 => (
            "The arguments of a method are borrowed, and so is what some calls give: the reference \
             belongs to somebody else, who gives it up later. One too many, and the object goes \
             while somebody still uses it.",
            "each `Py_DecRef` needs a reference that you got as new, or made by `Py_IncRef`",
        ),
        Code::R005 => (
            "The last reference to the object was given up before it was returned.",
            "which `Py_DecRef` comes between making the object and the `ret`?",
        ),
        Code::R006 => (
            "The caller owns what a method returns, and will give it up. An argument, or None, is \
             only borrowed: returning it takes a reference of its own.",
            "`Py_IncRef` it before the `ret`",
        ),
        Code::V012 => (
            "C knows where a text begins, and no length: it ends at the first zero byte. nasm writes \
             the bytes that you name, and none besides.",
            "`, 0` behind the quoted text",
        ),
        Code::M007 => (
            "CPython reads entries until it meets one whose name is NULL. Without it, CPython goes \
             on into whatever comes next in memory.",
            "end the table with an entry of zeros: 32 bytes",
        ),
        Code::M008 => (
            "A PyMethodDef has 32 bytes: the name, the function, the flags in 4 bytes, 4 bytes of \
             padding, the docstring. A C compiler puts the padding there without being asked, and \
             nasm does not.",
            "`istruc PyMethodDef` of python.inc has the field `.ml_flags_padding`",
        ),
        Code::M009 => (
            "A PyModuleDef has 104 bytes: a head of 40, then the name, the docstring, the size, the \
             methods, the slots and three functions, 8 bytes each.",
            "`istruc PyModuleDef` of python.inc has every field at its place",
        ),
        _ => return finding,
    };
    finding.detail(rule).hint(hint)
}
