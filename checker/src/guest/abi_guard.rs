//! The guard around every call of the learner's functions: callee-saved registers, the stack
//! pointer, the direction flag, the floating-point control words, and NULL against the exception.
//!
//! Whoever calls a function of the module gets the address of a stub instead. The stub goes to
//! [`entry`], which notes the registers, fills the callee-saved ones with marks, calls the
//! function, and looks at what came back.

use std::arch::naked_asm;
use std::cell::RefCell;
use std::io;
use std::mem::offset_of;
use std::ptr::null_mut;

use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::guest::floats::ControlWords;
use crate::guest::references::{self, Breach, Watch};
use crate::guest::stubs::{Row, Way};
use crate::guest::{interpreter, page};
use crate::model::evidence::{DEPTH, FaultKind, FrameRecord, MARKS};

/// What the caller of a function expects of its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Result {
    /// An object, or NULL with an exception set: a method, with its `ml_flags`.
    Object {
        /// METH_VARARGS and so on.
        flags: u64,
    },
    /// Nothing that the guard could check: CPython looks at it itself, or it is a number.
    #[default]
    Anything,
}

/// One guarded function. Its stub brings the address of this in r11.
#[repr(C)]
#[derive(Debug, Default)]
struct Guarded {
    target: u64,
    result: Result,
    name: String,
}

/// One call under way.
#[repr(C)]
#[derive(Default)]
struct Frame {
    /// The caller's rbx, rbp, r12, r13, r14, r15.
    before: [u64; 6],
    /// rsp as the caller's `call` left it, at the return address.
    rsp: u64,
    /// The same six registers when the function came back.
    after: [u64; 6],
    rsp_after: u64,
    flags_after: u64,
    guarded: *const Guarded,
    control: ControlWords,
    watch: Watch,
}

/// What rax holds then: WORKBOOK_JUNK of `workbook_call.inc`.
const JUNK: u64 = 0x7ff8_bad0_bad0_bad0;

const DIRECTION_FLAG: u64 = 1 << 10;

/// How many functions of one module can be guarded.
const MOST: usize = 256;

/// The calls of this thread.
struct Calls {
    /// A frame for each depth that was reached so far, the outermost call's first. They stay
    /// where they are: the assembly has their addresses.
    #[expect(clippy::vec_box, reason = "the assembly has the frames' addresses")]
    frames: Vec<Box<Frame>>,
    /// How many calls are under way.
    depth: usize,
    /// How many there were.
    made: u64,
}

thread_local! {
    static CALLS: RefCell<Calls> =
        const { RefCell::new(Calls { frames: Vec::new(), depth: 0, made: 0 }) };
    static GUARDED: RefCell<Option<Row<Guarded>>> = const { RefCell::new(None) };
}

/// Makes the stubs.
pub(super) fn prepare() -> io::Result<()> {
    let row = Row::new(MOST, Way::ToCode(entry as *const () as u64))?;
    GUARDED.set(Some(row));
    // The first stub is the control's, whatever a module uses up.
    guard(lose_rbx as *const () as u64, "control", Result::Anything);
    Ok(())
}

/// The address to call instead of the function; the function's own where there is no stub left,
/// or where it is one already.
pub(super) fn guard(target: u64, name: &str, result: Result) -> u64 {
    GUARDED.with_borrow_mut(|row| {
        let Some(row) = row.as_mut().filter(|row| row.cell(target).is_none()) else {
            return target;
        };
        // A callback is handed over again and again.
        let known = row.find(|known| known.target == target && known.result == result);
        let fill = || row.fill(Guarded { target, result, name: name.to_owned() });
        known.or_else(fill).unwrap_or(target)
    })
}

/// Whether the address is a stub of the guard's.
pub(super) fn is_guarded(address: u64) -> bool {
    GUARDED.with_borrow(|row| row.as_ref().is_some_and(|row| row.cell(address).is_some()))
}

/// Leaves this in rbx.
#[unsafe(naked)]
unsafe extern "C" fn lose_rbx(value: u64) {
    naked_asm!("mov rbx, rdi", "ret")
}

/// Has a function come back with this in rbx, called as a function of a module's would be.
pub(super) fn break_a_rule(value: u64) {
    let stub = guard(lose_rbx as *const () as u64, "control", Result::Anything);
    // SAFETY: `prepare` has made the stub, which calls the function and puts rbx back.
    unsafe { std::mem::transmute::<u64, extern "C" fn(u64)>(stub)(value) }
}

/// Every guarded call passes here: r11 is the [`Guarded`], the arguments are where the ABI has
/// them, and `[rsp]` is the return address into CPython.
#[unsafe(naked)]
unsafe extern "C" fn entry() {
    naked_asm!(
        // The arguments of every METH_ kind fit the six registers.
        "push rdi", "push rsi", "push rdx", "push rcx", "push r8", "push r9", "push r11",
        "push rbp",
        "mov rdi, r11",
        "lea rsi, [rsp + 64]",
        // A callback's caller stands where the module left it, which may be anywhere.
        "mov rbp, rsp",
        "and rsp, -16",
        "call {enter}",
        "mov rsp, rbp",
        "pop rbp",
        "pop r11", "pop r9", "pop r8", "pop rcx", "pop rdx", "pop rsi", "pop rdi",
        "mov [rax + {before}], rbx",
        "mov [rax + {before} + 8], rbp",
        "mov [rax + {before} + 16], r12",
        "mov [rax + {before} + 24], r13",
        "mov [rax + {before} + 32], r14",
        "mov [rax + {before} + 40], r15",
        "mov r10, [r11 + {target}]",
        "movabs rbx, {mark0}", "movabs rbp, {mark1}", "movabs r12, {mark2}",
        "movabs r13, {mark3}", "movabs r14, {mark4}", "movabs r15, {mark5}",
        // Nobody may count on anything there: al is set before a variadic call, or is not.
        "movabs rax, {junk}",
        "sub rsp, 8",
        "call r10",
        // Nothing is known here but that the function came back: not even rsp. If it is a
        // little too high, the bytes below it are CPython's, so what follows stays far below.
        "mov r10, rsp",
        "sub rsp, 4096",
        "and rsp, -16",
        "push rax", "push r10", "pushfq", "cld", "push r10",
        "call {current}",
        "mov [rax + {after}], rbx",
        "mov [rax + {after} + 8], rbp",
        "mov [rax + {after} + 16], r12",
        "mov [rax + {after} + 24], r13",
        "mov [rax + {after} + 32], r14",
        "mov [rax + {after} + 40], r15",
        "mov r10, [rsp + 8]", "mov [rax + {flags_after}], r10",
        "mov r10, [rsp + 16]", "mov [rax + {rsp_after}], r10",
        "mov rsi, [rsp + 24]",
        // `leave` ends the frame, so what the caller gets back waits here.
        "sub rsp, 8",
        "push [rax + {rsp}]",
        "push [rax + {before}]",
        "push [rax + {before} + 8]",
        "push [rax + {before} + 16]",
        "push [rax + {before} + 24]",
        "push [rax + {before} + 32]",
        "push [rax + {before} + 40]",
        "mov rdi, rax",
        "call {leave}",
        "pop r15", "pop r14", "pop r13", "pop r12", "pop rbp", "pop rbx",
        "pop rsp",
        "ret",
        enter = sym enter,
        current = sym current,
        leave = sym leave,
        before = const offset_of!(Frame, before),
        rsp = const offset_of!(Frame, rsp),
        after = const offset_of!(Frame, after),
        rsp_after = const offset_of!(Frame, rsp_after),
        flags_after = const offset_of!(Frame, flags_after),
        target = const offset_of!(Guarded, target),
        mark0 = const MARKS[0], mark1 = const MARKS[1], mark2 = const MARKS[2],
        mark3 = const MARKS[3], mark4 = const MARKS[4], mark5 = const MARKS[5],
        junk = const JUNK,
    )
}

/// A call begins; `rsp` is at its return address.
extern "C" fn enter(guarded: *const Guarded, rsp: u64) -> *mut Frame {
    // SAFETY: cells of stubs live for ever, and the assembly has pushed rdi, rsi and rdx below the
    // return address.
    let (function, result, rsi, rdx) = unsafe {
        let pushed = rsp as *const u64;
        ((*guarded).target, (*guarded).result, *pushed.sub(2), *pushed.sub(3))
    };
    let (frame, serial) = CALLS.with_borrow_mut(|calls| {
        if calls.frames.len() == calls.depth {
            calls.frames.push(Box::default());
        }
        let frame = &mut *calls.frames[calls.depth];
        calls.depth += 1;
        calls.made += 1;
        frame.rsp = rsp;
        frame.guarded = guarded;
        frame.control = ControlWords::read();
        if let Result::Object { flags } = result {
            frame.watch.begin(flags, rsi, rdx);
        }
        (&raw mut *frame, calls.made)
    });
    page::with(|page| {
        let depth = usize::try_from(page.depth).unwrap_or(DEPTH);
        page.depth += 1;
        if let Some(record) = page.frame.get_mut(depth) {
            *record = FrameRecord { serial, function, rsp };
        }
    });
    frame
}

extern "C" fn current() -> *mut Frame {
    CALLS.with_borrow_mut(|calls| &raw mut *calls.frames[calls.depth - 1])
}

/// A call has come back, with this in rax.
extern "C" fn leave(frame: *mut Frame, result: *mut ffi::PyObject) -> *mut ffi::PyObject {
    page::with(|page| page.depth = page.depth.saturating_sub(1));
    // SAFETY: frames live for ever, and this one is its call's alone: the depth goes down below.
    let frame = unsafe { &*frame };
    // SAFETY: cells of stubs live for ever.
    let guarded = unsafe { &*frame.guarded };
    let note = |kind| page::note(kind, &guarded.name, guarded.target);
    for (register, after) in frame.after.into_iter().enumerate() {
        let before = MARKS[register];
        if after != before {
            note(FaultKind::RegisterLost { register, before, after });
        }
    }
    // `sub rsp, 8` stood before the call.
    let bytes = frame.rsp_after.wrapping_sub(frame.rsp - 8).cast_signed();
    if bytes != 0 {
        note(FaultKind::StackOff(bytes));
    }
    if frame.flags_after & DIRECTION_FLAG != 0 {
        note(FaultKind::DirectionSet);
    }
    frame.control.restore().into_iter().flatten().for_each(note);
    let result = match guarded.result {
        Result::Anything => result,
        Result::Object { .. } => {
            let result = real_object(guarded, result);
            for breach in frame.watch.end(result as u64) {
                note(match breach {
                    Breach::GaveUp { argument, times } => FaultKind::GaveUp { argument, times },
                    Breach::Borrowed => FaultKind::BorrowedResult,
                });
            }
            settle(guarded, result)
        }
    };
    CALLS.with_borrow_mut(|calls| calls.depth -= 1);
    result
}

/// The result, or NULL with a SystemError where it is the address of no living object, which
/// would end the process a moment later and far away.
fn real_object(guarded: &Guarded, result: *mut ffi::PyObject) -> *mut ffi::PyObject {
    let address = result as u64;
    let freed = !result.is_null() && references::is_freed(address);
    if result.is_null() || references::is_object(address) && !freed {
        return result;
    }
    let kind = match freed {
        true => FaultKind::FreedResult,
        false => FaultKind::NoObject { value: address },
    };
    page::note(kind, &guarded.name, guarded.target);
    Python::attach(|py| {
        PyErr::take(py);
        let text = format!("{} returned something that is no object", guarded.name);
        PySystemError::new_err(text).restore(py);
    });
    null_mut()
}

/// Holds a method to the C API's rule, NULL if and only if an exception is set, as CPython itself
/// does on some of its paths only. Where it is broken, Python sees a SystemError.
fn settle(guarded: &Guarded, result: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: CPython has called the function, so the GIL is held.
    let is_set = unsafe { !ffi::PyErr_Occurred().is_null() };
    if result.is_null() == is_set {
        return result;
    }
    let name = &guarded.name;
    Python::attach(|py| {
        let text = match PyErr::take(py) {
            None => {
                page::note(FaultKind::NullWithoutException, name, guarded.target);
                format!("{name} returned NULL without setting an exception")
            }
            Some(exception) => {
                let exception = interpreter::type_name(&exception.get_type(py)).unwrap_or_default();
                let both = format!("{name} {exception}");
                page::note(FaultKind::ResultWithException, &both, guarded.target);
                format!("{name} returned a result with {exception} set")
            }
        };
        PySystemError::new_err(text).restore(py);
    });
    null_mut()
}
