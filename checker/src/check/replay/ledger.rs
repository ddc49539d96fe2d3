//! Whose reference is whose: the references of a recorded run, as its calls make them, give them
//! up and hand them on. Where a call does more than its prototype says, there is no ledger.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::capi::{self, Gives, Kind as Travels};
use crate::model::trace::replay::Moment;
use crate::model::trace::{Call, End, Kind, Recording};

/// What happens to a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A call or an instruction makes one.
    Made,
    /// One is given up, or given to a function that takes it over.
    GivenUp,
    /// One goes to the caller, as a result.
    Returned,
}

/// One change, and what the run owns of the object, or of the block of memory, after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The index of the step.
    pub(super) step: usize,
    pub(super) address: u64,
    pub(super) change: Change,
    /// How many references of its own the run has after this; negative where it gave up others'.
    pub(super) owned: i64,
}

/// The changes of a run, in order.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) entries: Vec<Entry>,
    owned: BTreeMap<u64, i64>,
}

/// Functions that do to references what their prototypes do not say: they give some through
/// pointers, or free an object outright.
const BEYOND_PROTOTYPE: [&str; 7] = [
    "PyDict_GetItemRef",
    "PyIter_NextItem",
    "PyErr_Fetch",
    "PyObject_GetBuffer",
    "_PyBytes_Resize",
    "_Py_Dealloc",
    "longjmp",
];

/// Functions that give out a block of memory, which is its caller's to give back.
const ALLOCATE: [&str; 12] = [
    "malloc",
    "calloc",
    "realloc",
    "strdup",
    "PyMem_Malloc",
    "PyMem_Calloc",
    "PyMem_Realloc",
    "PyMem_RawMalloc",
    "PyObject_Malloc",
    "PyObject_Calloc",
    "PyObject_Realloc",
    "PyType_GenericAlloc",
];

/// Functions that take back what their first argument is: a reference, or a block.
const GIVE_UP: [&str; 9] = [
    "Py_DecRef",
    "free",
    "realloc",
    "PyMem_Free",
    "PyMem_Realloc",
    "PyMem_RawFree",
    "PyObject_Free",
    "PyObject_Realloc",
    "PyObject_GC_Del",
];

/// A function under way.
enum Under {
    /// One that was called from outside of the module.
    Entered,
    /// One outside of the module.
    Called(String),
}

impl Ledger {
    /// The ledger of a run that came to its end.
    pub(super) fn of(recording: &Recording) -> Option<Self> {
        if recording.end != End::Answered {
            return None;
        }
        let mut ledger = Self::default();
        let mut objects = BTreeSet::new();
        let mut under = Vec::new();
        let mut moment = Moment::first(recording);
        for (index, step) in recording.steps.iter().enumerate() {
            if step.k == Kind::Gap {
                return None;
            }
            // Whoever counts without Py_IncRef and Py_DecRef writes to an object's first word.
            for cell in step.w.iter().filter(|cell| objects.contains(&cell.address)) {
                let read = step.rd.iter().find(|read| read.address == cell.address);
                let before = read.map(|read| read.value).or_else(|| moment.word(cell.address))?;
                let change = match cell.size {
                    4 => i64::from(cell.value as i32) - i64::from(before as i32),
                    _ => cell.value.wrapping_sub(before).cast_signed(),
                };
                match change {
                    1 => ledger.note(index, cell.address, Change::Made),
                    -1 => ledger.note(index, cell.address, Change::GivenUp),
                    _ => {}
                }
            }
            if let Some(enter) = &step.enter {
                under.push(Under::Entered);
                objects.extend(enter.args.iter().flatten().map(|value| value.v.0));
            }
            if let Some(call) = step.call.as_ref().filter(|call| !call.own) {
                ledger.call(index, call)?;
                under.push(Under::Called(call.to.clone()));
            }
            if let Some(back) = &step.back {
                let result = back.result.as_ref().map_or(0, |result| result.v.0);
                match under.pop()? {
                    Under::Called(name) if step.k == Kind::Back && name == back.from => {
                        let gives = capi::prototype(&name)?.gives;
                        if matches!(gives, Gives::New | Gives::Borrowed) {
                            objects.insert(result);
                        }
                        let own = gives == Gives::New || ALLOCATE.contains(&name.as_str());
                        if own && result != 0 {
                            ledger.note(index, result, Change::Made);
                        }
                    }
                    Under::Called(_) => return None,
                    Under::Entered if objects.contains(&result) && result != 0 => {
                        ledger.note(index, result, Change::Returned);
                    }
                    Under::Entered => {}
                }
            }
            moment.apply(recording, step);
        }
        Some(ledger)
    }

    /// The entries of references that the run made and still has at its end, one for each
    /// object: the last that nothing answers.
    pub(super) fn kept(&self) -> Vec<Entry> {
        let kept = self.owned.iter().filter(|(_, owned)| **owned > 0);
        let last = kept.filter_map(|(address, _)| {
            let made = |entry: &&Entry| entry.address == *address && entry.change == Change::Made;
            self.entries.iter().rfind(made).copied()
        });
        let mut last: Vec<Entry> = last.collect();
        last.sort_by_key(|entry| entry.step);
        last
    }

    /// How many references to the object the run has made more than it has given up or returned.
    pub(super) fn balance(&self, object: u64) -> i64 {
        let of_it = self.entries.iter().filter(|entry| entry.address == object);
        of_it.map(|entry| if entry.change == Change::Made { 1 } else { -1 }).sum()
    }

    /// The entries that give up, or return, a reference that the run does not have.
    pub(super) fn overdrawn(&self, change: Change) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.change == change && entry.owned < 0)
    }

    fn call(&mut self, step: usize, call: &Call) -> Option<()> {
        let name = call.to.as_str();
        let prototype = capi::prototype(name)?;
        let arguments = call.args.as_deref().unwrap_or_default();
        // `N` in a format takes a reference over.
        let takes = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains('N'));
        let formatted = arguments.iter().any(|value| value.n == "format" && takes(&value.t));
        let builds = name.contains("Build") || name.contains("Call");
        if BEYOND_PROTOTYPE.contains(&name) || formatted && builds {
            return None;
        }
        for (parameter, value) in prototype.parameters.iter().zip(arguments) {
            if parameter.kind == Travels::Stolen && value.v.0 != 0 {
                self.note(step, value.v.0, Change::GivenUp);
            }
        }
        let first = arguments.first().map_or(0, |value| value.v.0);
        if first != 0 && name == "Py_IncRef" {
            self.note(step, first, Change::Made);
        }
        if first != 0 && GIVE_UP.contains(&name) {
            self.note(step, first, Change::GivenUp);
        }
        Some(())
    }

    fn note(&mut self, step: usize, address: u64, change: Change) {
        let owned = self.owned.entry(address).or_default();
        *owned += if change == Change::Made { 1 } else { -1 };
        self.entries.push(Entry { step, address, change, owned: *owned });
        if *owned < 0 {
            // Said once: what comes after has an account of its own.
            *owned = 0;
        }
    }
}
