//! What the module hands to CPython and the C library: tables of functions, and callbacks. They
//! are looked at when they are handed over, and the functions in them get their guard.
//!
//! Layouts are those of GIL builds, 3.9 to 3.15: Include/moduleobject.h, Include/methodobject.h,
//! Include/object.h.

use std::cell::RefCell;

use crate::guest::abi_guard::{self, Result};
use crate::guest::image::Image;
use crate::guest::{call_log, memory, page};
use crate::model::evidence::{self, FaultKind};

thread_local! {
    static IMAGE: RefCell<Option<Image>> = const { RefCell::new(None) };
}

/// The kinds of what arguments hand over; 0 is nothing.
const DEFINITION_IN_ONE_PHASE: u64 = 1;
const DEFINITION_IN_PHASES: u64 = 5;
const TYPE_SPEC_FIRST: u64 = 2;
const TYPE_SPEC_SECOND: u64 = 3;
const METHOD_TABLE_SECOND: u64 = 4;
/// A function in the argument of that index, counted from this number.
const CALLBACK: u64 = 100;

/// What the function of that name is handed.
pub(super) fn of(name: &str) -> u64 {
    match name {
        "PyModule_Create2" => DEFINITION_IN_ONE_PHASE,
        "PyModuleDef_Init" => DEFINITION_IN_PHASES,
        "PyType_FromSpec" | "PyType_FromSpecWithBases" => TYPE_SPEC_FIRST,
        "PyType_FromModuleAndSpec" => TYPE_SPEC_SECOND,
        "PyModule_AddFunctions" => METHOD_TABLE_SECOND,
        "qsort" => CALLBACK + 3,
        "bsearch" => CALLBACK + 4,
        "Py_AtExit" | "atexit" => CALLBACK,
        "PyCapsule_New" => CALLBACK + 2,
        "Py_AddPendingCall" => CALLBACK,
        _ => 0,
    }
}

/// Says whose functions are to be guarded.
pub(super) fn begin(image: &Image) {
    IMAGE.set(Some(image.clone()));
}

/// Looks at what is handed over by a call through that slot, and replaces functions by their
/// guards. What it gives is wrong with the call; what is wrong with a table is noted at the table.
pub(super) fn look(kind: u64, slot: u64, arguments: &mut [u64; 6]) -> Option<FaultKind> {
    let image = IMAGE.with_borrow(Clone::clone)?;
    match kind {
        DEFINITION_IN_ONE_PHASE | DEFINITION_IN_PHASES => {
            let value = arguments[0];
            // A definition may lie on the heap, too.
            let named = memory::word(value.wrapping_add(module_def::NAME))
                .is_some_and(|name| is_text(&image, name, LONGEST_NAME));
            if !image.holds(value) && !named {
                return Some(FaultKind::NoDefinition { slot, value });
            }
            module_definition(&image, value, kind);
        }
        TYPE_SPEC_FIRST => type_spec(&image, arguments[0]),
        TYPE_SPEC_SECOND => type_spec(&image, arguments[1]),
        METHOD_TABLE_SECOND => method_table(&image, arguments[1]),
        callback => {
            let index = usize::try_from(callback - CALLBACK).unwrap_or(usize::MAX);
            if let Some(function) = arguments.get_mut(index).filter(|f| image.is_code(**f)) {
                *function = abi_guard::guard(*function, evidence::CALLBACK, Result::Anything);
            }
        }
    }
    None
}

/// Whether the address is that of a text of the module's that does not end.
pub(super) fn is_unended(text: u64) -> bool {
    IMAGE.with_borrow(|image| image.as_ref().is_some_and(|image| image.is_unended(text)))
}

/// Notes a text that does not end, given to a call through that slot, or found in a table if both
/// numbers are 0.
pub(super) fn note_unended(slot: u64, text: u64, returns_to: u64) {
    let base = IMAGE.with_borrow(|image| image.as_ref().map_or(0, |image| image.base));
    let returns_to = if returns_to == 0 { 0 } else { returns_to.wrapping_sub(base) };
    call_log::note_once(FaultKind::TextWithoutEnd { slot, returns_to }, text);
}

/// Whether a text is at the address. One that does not end is noted, and is one all the same.
fn is_text(image: &Image, address: u64, longest: usize) -> bool {
    if image.is_unended(address) {
        note_unended(0, address, 0);
        return true;
    }
    memory::text(address, longest).is_some()
}

/// Offsets of PyModuleDef.
mod module_def {
    pub(super) const NAME: u64 = 40;
    pub(super) const DOC: u64 = 48;
    pub(super) const SIZE: u64 = 56;
    pub(super) const METHODS: u64 = 64;
    pub(super) const SLOTS: u64 = 72;
    pub(super) const FUNCTIONS: [u64; 3] = [80, 88, 96];
    /// All of it.
    pub(super) const WORDS: usize = 13;
}

/// The longest name and the longest docstring that are taken for one, in bytes.
const LONGEST_NAME: usize = 200;
const LONGEST_DOC: usize = 64 * 1024;

/// The largest state that is taken for one, in bytes: an address is larger.
const LARGEST_STATE: i64 = 1 << 30;

fn module_definition(image: &Image, definition: u64, kind: u64) {
    let senseless = |field| {
        page::note(FaultKind::DefinitionMakesNoSense { field }, "", definition);
    };
    let (words, _) = memory::words::<{ module_def::WORDS }>(definition);
    let field = |offset: u64| words[usize::try_from(offset / 8).expect("an offset of PyModuleDef")];
    if !is_text(image, field(module_def::NAME), LONGEST_NAME) {
        return senseless(module_def::NAME);
    }
    if !is_text_or_null(image, field(module_def::DOC)) {
        return senseless(module_def::DOC);
    }
    // -1 says that the module has a state that cannot be copied.
    if !(-1..=LARGEST_STATE).contains(&field(module_def::SIZE).cast_signed()) {
        return senseless(module_def::SIZE);
    }
    let runs =
        |function: u64| function == 0 || image.is_code(function) || abi_guard::is_guarded(function);
    if let Some(offset) = module_def::FUNCTIONS.into_iter().find(|offset| !runs(field(*offset))) {
        return senseless(offset);
    }
    if kind == DEFINITION_IN_ONE_PHASE && field(module_def::SLOTS) != 0 {
        return senseless(module_def::SLOTS);
    }
    for (offset, is_table) in [(module_def::METHODS, true), (module_def::SLOTS, false)] {
        match field(offset) {
            0 => {}
            table if memory::word(table).is_none() => return senseless(offset),
            table if is_table => method_table(image, table),
            table => slots(image, table, "the slot's function"),
        }
    }
}

/// Walks a method table as CPython does, and guards its functions.
fn method_table(image: &Image, table: u64) {
    const ENTRY: u64 = 32;
    const MOST: u64 = 1000;
    for good in 0..MOST {
        let at = table + good * ENTRY;
        match method(image, at) {
            Method::End => return,
            Method::Good => guard_method(image, at),
            Method::Foreign => {}
            Method::Early => {
                // Up to its flags the entry is as CPython wants it, and is called.
                guard_method(image, at);
                return page::note(FaultKind::TableWithoutPadding { good }, "", table);
            }
            // The entry before may lack its padding, if it has no docstring that would show it.
            Method::Senseless(_)
                if good > 0 && !matches!(method(image, at - 4), Method::Senseless(_)) =>
            {
                return page::note(FaultKind::TableWithoutPadding { good }, "", table);
            }
            Method::Senseless(entry::NAME) if good > 0 => {
                return page::note(FaultKind::TableWithoutEnd { good }, "", table);
            }
            Method::Senseless(field) => {
                guard_method(image, at);
                let kind = FaultKind::EntryMakesNoSense { entry: good + 1, field };
                return page::note(kind, "", table);
            }
        }
    }
}

/// Puts the guard before the function of an entry, if CPython could call it: whatever else is
/// wrong with the entry or the table.
fn guard_method(image: &Image, at: u64) {
    let ([name, function, flags], _) = memory::words(at);
    let flags = flags & u64::from(u32::MAX);
    if let Some(name) = memory::text(name, LONGEST_NAME)
        && image.is_code(function)
        && flags & !METH_FLAGS == 0
    {
        let guard = abi_guard::guard(function, &name, Result::Object { flags });
        memory::write_words(&[(at + entry::FUNCTION, guard)]);
    }
}

/// What stands where CPython looks for a PyMethodDef.
enum Method {
    /// The sentinel: a NULL for the name.
    End,
    /// An entry whose function is the module's.
    Good,
    /// An entry whose function is somebody else's.
    Foreign,
    /// An entry whose docstring stands where its padding should be.
    Early,
    /// No entry: the offset of the first field that cannot be what it should.
    Senseless(u64),
}

/// Offsets of PyMethodDef.
mod entry {
    pub(super) const NAME: u64 = 0;
    pub(super) const FUNCTION: u64 = 8;
    pub(super) const FLAGS: u64 = 16;
    pub(super) const DOC: u64 = 24;
}

/// What METH_CLASS, METH_STATIC and METH_COEXIST add for types (Include/methodobject.h).
const FOR_TYPES: u64 = 0x10 | 0x20 | 0x40;

/// Whether flags say how a function takes its arguments: one of VARARGS, VARARGS | KEYWORDS,
/// NOARGS, O, FASTCALL, FASTCALL | KEYWORDS, METHOD | FASTCALL | KEYWORDS.
fn is_convention(flags: u64) -> bool {
    [1, 3, 4, 8, 0x80, 0x82, 0x282].contains(&(flags & 0xffff_ffff & !FOR_TYPES))
}

/// Include/methodobject.h: METH_VARARGS 1 to METH_METHOD 0x200.
const METH_FLAGS: u64 = 0x3ff;

fn method(image: &Image, at: u64) -> Method {
    let ([name, function, flags, doc], there) = memory::words(at);
    // The sentinel is known by its first word; the rest need not be there.
    if there > 0 && name == 0 {
        return Method::End;
    }
    if there < 4 {
        return Method::Senseless(8 * there as u64);
    }
    if !is_text(image, name, LONGEST_NAME) {
        return Method::Senseless(entry::NAME);
    }
    let own = image.is_code(function) || abi_guard::is_guarded(function);
    let runs = || memory::segments().iter().any(|segment| segment.is_code && segment.has(function));
    if !own && !runs() {
        return Method::Senseless(entry::FUNCTION);
    }
    if !is_convention(flags) {
        return Method::Senseless(entry::FLAGS);
    }
    if !is_text_or_null(image, doc) {
        // Without the padding everything after the flags stands 4 bytes early.
        let is_one = |text| is_text_or_null(image, text);
        let doc = memory::word(at + 20).is_some_and(is_one);
        let next = memory::word(at + 28).is_some_and(is_one);
        return if doc && next { Method::Early } else { Method::Senseless(entry::DOC) };
    }
    if own { Method::Good } else { Method::Foreign }
}

/// Walks `{int, void *}` pairs up to a zero, and guards the functions among the pointers.
fn slots(image: &Image, table: u64, name: &str) {
    const SLOT: u64 = 16;
    const MOST: u64 = 200;
    const PY_TP_METHODS: u64 = 64; // Include/typeslots.h
    for index in 0..MOST {
        let at = table + index * SLOT;
        let ([id, value], 2) = memory::words(at) else { return };
        match id & 0xffff_ffff {
            0 => return,
            PY_TP_METHODS => method_table(image, value),
            _ if image.is_code(value) => {
                let guard = abi_guard::guard(value, name, Result::Anything);
                memory::write_words(&[(at + 8, guard)]);
            }
            _ => {}
        }
    }
}

fn type_spec(image: &Image, spec: u64) {
    const SLOTS: u64 = 24; // offsetof(PyType_Spec, slots)
    if let Some(table) = memory::word(spec + SLOTS) {
        slots(image, table, "the type's function");
    }
}

fn is_text_or_null(image: &Image, address: u64) -> bool {
    address == 0 || is_text(image, address, LONGEST_DOC)
}
