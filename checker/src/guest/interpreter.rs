//! A session: statements compiled, run one at a time, and their answers taken by the C API, whatever the module has
//! done to `builtins` or `sys.stdout`.

use std::ffi::CString;
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use pyo3::exceptions::PySyntaxError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::guest::references::Armored;
use crate::model::protocol::LONGEST_TEXT;
use crate::model::transcript::Answer;

/// A namespace, and what was asked in it so far.
pub(crate) struct Session<'py> {
    globals: Bound<'py, PyDict>,
    /// In order; nothing for what is no expression.
    asked: Vec<Option<Asked<'py>>>,
}

/// The words that no expression begins with. To try a statement as one first takes CPython as long
/// as everything else about it.
const BEGIN_STATEMENTS: [&str; 9] =
    ["assert", "class", "def", "del", "for", "from", "import", "try", "with"];

/// An expression that ran once.
pub(crate) struct Asked<'py> {
    code: Bound<'py, PyAny>,
    /// The addresses of its constants, which live as long as the code.
    constants: Vec<u64>,
    /// What the run took of the CPU.
    pub(crate) took: Duration,
}

impl<'py> Session<'py> {
    /// Nothing was asked yet.
    pub(crate) fn new(py: Python<'py>) -> PyResult<Self> {
        let globals = PyDict::new(py);
        globals.set_item("__name__", "__main__")?;
        globals.set_item("__builtins__", py.import("builtins")?)?;
        Ok(Self { globals, asked: Vec::new() })
    }

    /// Runs a statement and gives Python's answer.
    pub(crate) fn answer(&mut self, source: &str) -> Answer {
        match self.ask(source) {
            Ok(None) => Answer::Nothing,
            Ok(Some(repr)) => Answer::Value(cut(repr)),
            Err(error) => {
                let (type_name, message) = describe(self.globals.py(), &error);
                Answer::Raised { type_name, message }
            }
        }
    }

    fn ask(&mut self, source: &str) -> PyResult<Option<String>> {
        let py = self.globals.py();
        let begins =
            source.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let is_statement = BEGIN_STATEMENTS.contains(&begins);
        let source = CString::new(source)?;
        let compiled = match is_statement {
            true => Err(PySyntaxError::new_err(())),
            false => compile(py, &source, ffi::Py_eval_input),
        };
        match compiled {
            Ok(code) => {
                let constants = constants(&code);
                let _armored = Armored::new(&constants);
                let start = cpu_time();
                let value = evaluate(&code, &self.globals);
                let took = cpu_time().saturating_sub(start);
                self.asked.push(Some(Asked { code, constants, took }));
                let value = value?;
                if value.is_none() {
                    return Ok(None);
                }
                // PyObject_Repr, not builtins.repr.
                Ok(Some(value.repr()?.to_string_lossy().into_owned()))
            }
            Err(error) if error.is_instance_of::<PySyntaxError>(py) => {
                self.asked.push(None);
                let code = compile(py, &source, ffi::Py_file_input)?;
                let _armored = Armored::new(&constants(&code));
                evaluate(&code, &self.globals)?;
                Ok(None)
            }
            Err(error) => {
                self.asked.push(None);
                Err(error)
            }
        }
    }

    /// The interpreter that runs it.
    pub(crate) fn py(&self) -> Python<'py> {
        self.globals.py()
    }

    /// What was asked, in order.
    pub(crate) fn asked(&self) -> &[Option<Asked<'py>>] {
        &self.asked
    }

    /// Runs an expression again. Its value and its exception are nobody's.
    pub(crate) fn repeat(&self, asked: &Asked<'_>) {
        drop(evaluate(&asked.code, &self.globals));
    }
}

impl Asked<'_> {
    /// The constants, kept alive while the code runs: one whose last reference a function gives
    /// up would be freed under the code, and a free list that has lost its way ends the process
    /// later.
    pub(crate) fn armored(&self) -> Armored {
        Armored::new(&self.constants)
    }
}

/// What this process, which has one thread, has used of the CPU. A busy machine changes nothing
/// about it. The process's own clock stands still between ticks once there is a limit on it.
fn cpu_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}

/// The exception's type, with its module unless that goes without saying, and its message.
pub(crate) fn describe(py: Python<'_>, error: &PyErr) -> (String, String) {
    let type_name = type_name(&error.get_type(py)).unwrap_or_else(|_| "an exception".to_owned());
    let message = error.value(py).str().map(|text| text.to_string_lossy().into_owned());
    (cut(type_name), cut(message.unwrap_or_else(|_| "no message: its str() raises".to_owned())))
}

/// `TypeError`, `decimal.Inexact`.
pub(crate) fn type_name(class: &Bound<'_, PyType>) -> PyResult<String> {
    let name = class.qualname()?;
    let name = name.to_string_lossy();
    let module = class.module()?;
    Ok(match &*module.to_string_lossy() {
        "builtins" | "__main__" => name.into_owned(),
        module => format!("{module}.{name}"),
    })
}

fn compile<'py>(py: Python<'py>, source: &CString, start: i32) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: both texts end in zero, and a new reference or NULL with an exception comes back.
    unsafe {
        let code = ffi::Py_CompileString(source.as_ptr(), c"<session>".as_ptr(), start);
        Bound::from_owned_ptr_or_err(py, code)
    }
}

/// Runs code in a namespace.
fn evaluate<'py>(
    code: &Bound<'py, PyAny>,
    globals: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: code is a code object that Py_CompileString made and globals is a dict.
    unsafe {
        let value = ffi::PyEval_EvalCode(code.as_ptr(), globals.as_ptr(), globals.as_ptr());
        Bound::from_owned_ptr_or_err(code.py(), value)
    }
}

/// The addresses of the constants of code.
fn constants(code: &Bound<'_, PyAny>) -> Vec<u64> {
    let mut addresses = Vec::new();
    if let Some(constants) = constants_of(code) {
        add_addresses(&constants, 0, &mut addresses);
    }
    addresses
}

/// The constants of a code object, and none of another one.
fn constants_of<'py>(object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyTuple>> {
    object.getattr("co_consts").ok()?.cast_into().ok()
}

/// Adds the constants, those of functions among them, and what tuples among them hold.
fn add_addresses(parts: &Bound<'_, PyTuple>, depth: usize, addresses: &mut Vec<u64>) {
    const DEEPEST: usize = 3;
    for part in parts.iter() {
        let of_code = constants_of(&part);
        if of_code.is_none() {
            addresses.push(part.as_ptr() as u64);
        }
        let within = of_code.or_else(|| part.cast_into().ok());
        if let Some(within) = within.filter(|_| depth < DEEPEST) {
            add_addresses(&within, depth + 1, addresses);
        }
    }
}

/// The text's beginning, as much as a frame has room for: JSON writes `"` as two bytes and a
/// control character as six.
fn cut(mut text: String) -> String {
    let mut room = LONGEST_TEXT;
    let end = text.char_indices().find_map(|(at, c)| {
        let size = match c {
            '"' | '\\' => 2,
            c if c.is_ascii_control() => 6,
            c => c.len_utf8(),
        };
        let left = room.checked_sub(size);
        room = left.unwrap_or(0);
        left.is_none().then_some(at)
    });
    if let Some(end) = end {
        text.truncate(end);
        text.push('…');
    }
    text
}
