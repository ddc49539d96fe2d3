//! One statement: compiled, run, and its answer taken by the C API, whatever the module has
//! done to `builtins` or `sys.stdout`.

use std::ffi::CString;
use std::io;

use pyo3::exceptions::PySyntaxError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::guest::references::Armored;
use crate::model::protocol::LONGEST_TEXT;
use crate::model::transcript::Answer;

/// The namespace in which a session's statements run.
pub(crate) fn fresh_globals(py: Python<'_>) -> io::Result<Py<PyDict>> {
    let globals = PyDict::new(py);
    let fill = || -> PyResult<()> {
        globals.set_item("__name__", "__main__")?;
        globals.set_item("__builtins__", py.import("builtins")?)
    };
    fill().map_err(|error| io::Error::other(error.to_string()))?;
    Ok(globals.unbind())
}

/// Runs a statement and gives Python's answer.
pub(crate) fn answer(py: Python<'_>, source: &str, globals: &Py<PyDict>) -> Answer {
    match run(py, source, globals.bind(py)) {
        Ok(None) => Answer::Nothing,
        Ok(Some(repr)) => Answer::Value(cut(repr)),
        Err(error) => {
            let (type_name, message) = describe(py, &error);
            Answer::Raised { type_name, message }
        }
    }
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

fn run(py: Python<'_>, source: &str, globals: &Bound<'_, PyDict>) -> PyResult<Option<String>> {
    let source = CString::new(source)?;
    match compile(py, &source, ffi::Py_eval_input) {
        Ok(code) => {
            let _armored = armored(&code);
            let value = evaluate(py, &code, globals)?;
            if value.is_none() {
                return Ok(None);
            }
            // PyObject_Repr, not builtins.repr.
            Ok(Some(value.repr()?.to_string_lossy().into_owned()))
        }
        Err(error) if error.is_instance_of::<PySyntaxError>(py) => {
            let code = compile(py, &source, ffi::Py_file_input)?;
            let _armored = armored(&code);
            evaluate(py, &code, globals)?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The code of an expression; nothing where the statement is none.
pub(crate) fn expression<'py>(py: Python<'py>, source: &str) -> Option<Bound<'py, PyAny>> {
    let source = CString::new(source).ok()?;
    compile(py, &source, ffi::Py_eval_input).ok()
}

fn compile<'py>(py: Python<'py>, source: &CString, start: i32) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: both texts end in zero, and a new reference or NULL with an exception comes back.
    unsafe {
        let code = ffi::Py_CompileString(source.as_ptr(), c"<session>".as_ptr(), start);
        Bound::from_owned_ptr_or_err(py, code)
    }
}

/// Runs code in a namespace.
pub(crate) fn evaluate<'py>(
    py: Python<'py>,
    code: &Bound<'py, PyAny>,
    globals: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: code is a code object that Py_CompileString made and globals is a dict.
    unsafe {
        let value = ffi::PyEval_EvalCode(code.as_ptr(), globals.as_ptr(), globals.as_ptr());
        Bound::from_owned_ptr_or_err(py, value)
    }
}

/// The constants of code, kept alive while it runs: one whose last reference a function gives up
/// would be freed under the code, and a free list that has lost its way ends the process later.
pub(crate) fn armored(code: &Bound<'_, PyAny>) -> Armored {
    let mut addresses = Vec::new();
    if let Some(constants) = constants(code) {
        add_addresses(&constants, 0, &mut addresses);
    }
    Armored::new(addresses.into_iter())
}

/// The constants of a code object, and none of another one.
fn constants<'py>(object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyTuple>> {
    object.getattr("co_consts").ok()?.cast_into().ok()
}

/// Adds the constants, those of functions among them, and what tuples among them hold.
fn add_addresses(parts: &Bound<'_, PyTuple>, depth: usize, addresses: &mut Vec<u64>) {
    const DEEPEST: usize = 3;
    for part in parts.iter() {
        let of_code = constants(&part);
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
