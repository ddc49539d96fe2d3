//! What calls out of the module are given: objects where the C API wants objects, and a count of
//! vector registers in al where the number of arguments is open.

use pyo3::ffi;

use crate::guest::{handover, memory, references};
use crate::model::capi;
use crate::model::evidence::FaultKind;

/// What is known of one function's arguments.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The registers that hold objects, by their places in the ABI's order, and whether NULL may
    /// stand for each.
    objects: Vec<(usize, bool)>,
    variadic: bool,
    /// Of these registers, those that hold tuples.
    tuples: Vec<usize>,
    /// The function, and the register of its format, if that says which arguments are doubles.
    format: Option<(String, usize)>,
    /// The registers that hold texts.
    texts: Vec<usize>,
    /// By how much the function changes the count of its first argument, and does nothing else.
    counts: i64,
}

/// The System V ABI, section 3.5.7: al is an upper bound, and there are eight such registers.
const MOST_VECTORS: u64 = 8;

/// The longest format that is read, in bytes.
const LONGEST_FORMAT: usize = 1000;

impl Wanted {
    /// What the function of that name wants.
    pub(super) fn by(name: &str) -> Self {
        let known = capi::prototype(name);
        Self {
            objects: known.map(|known| known.objects().collect()).unwrap_or_default(),
            variadic: known.is_some_and(|known| known.variadic),
            tuples: known.map(|known| known.tuples().collect()).unwrap_or_default(),
            format: known
                .filter(|known| known.variadic && capi::doubles_of_format(name, "").is_some())
                .and_then(|known| Some((name.to_owned(), known.texts().last()?))),
            counts: match name {
                "Py_IncRef" => 1,
                "Py_DecRef" => -1,
                _ => 0,
            },
            texts: known.map(|known| known.texts().collect()).unwrap_or_default(),
        }
    }

    /// Whether there is anything to look at.
    pub(super) fn is_something(&self) -> bool {
        self.variadic || !self.objects.is_empty() || !self.texts.is_empty()
    }

    /// The first text that does not end, of a call with these arguments.
    pub(super) fn unended(&self, arguments: &[u64; 6]) -> Option<u64> {
        let texts = self.texts.iter().map(|register| arguments[*register]);
        texts.into_iter().find(|text| handover::is_unended(*text))
    }

    /// What is wrong with a call through that slot.
    pub(super) fn breach(&self, slot: u64, arguments: &[u64; 6], rax: u64) -> Option<FaultKind> {
        let wrong = |(register, nullable): &(usize, bool)| {
            let (register, value) = (*register, arguments[*register]);
            if value == 0 {
                // With an exception set, most of the API passes a NULL on as a failure.
                let missing = !nullable && !exception_is_set();
                return missing.then_some(FaultKind::ArgumentIsNoObject { slot, register, value });
            }
            if references::is_freed(value) {
                return Some(FaultKind::ArgumentIsFreed { slot, register });
            }
            let object = references::is_object(value);
            (!object).then_some(FaultKind::ArgumentIsNoObject { slot, register, value })
        };
        let overdrawn = || {
            let object = arguments[0];
            let overdrawn = self.counts != 0 && references::count_imported(object, self.counts);
            overdrawn.then_some(FaultKind::ImportedGivenUp { object })
        };
        let count = rax & 0xff;
        let too_few = || {
            let (function, register) = self.format.as_ref()?;
            let format = memory::text(arguments[*register], LONGEST_FORMAT)?;
            let doubles = capi::doubles_of_format(function, &format)? as u64;
            let wanted = doubles.min(MOST_VECTORS);
            (count < wanted).then_some(FaultKind::TooFewVectors { slot, count, wanted })
        };
        let uncounted = || {
            (self.variadic && count > MOST_VECTORS)
                .then_some(FaultKind::VectorCount { slot, count })
        };
        let no_tuple = |register: &usize| {
            let object = arguments[*register] as *mut ffi::PyObject;
            // SAFETY: it is an object, with which the check before this one has found no fault. A
            // NULL has its own.
            let other = !object.is_null() && unsafe { ffi::PyTuple_Check(object) } == 0;
            other.then_some(FaultKind::ArgumentIsNoTuple { slot, register: *register })
        };
        self.objects
            .iter()
            .find_map(wrong)
            .or_else(|| self.tuples.iter().find_map(no_tuple))
            .or_else(uncounted)
            .or_else(too_few)
            .or_else(overdrawn)
    }
}

fn exception_is_set() -> bool {
    // SAFETY: a function that takes objects is called with the GIL held.
    unsafe { !ffi::PyErr_Occurred().is_null() }
}
