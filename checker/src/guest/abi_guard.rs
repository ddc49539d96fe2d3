//! The guard around every call of the learner's functions: callee-saved registers, the stack
//! pointer, the direction flag, and NULL against the exception.
//!
//! A function of a module is reached through `PyMethodDef.ml_meth`, on every path of every
//! CPython. The guard puts a stub of its own there. The stub names its slot and goes to
//! [`entry`], which notes the registers, fills the callee-saved ones with marks, calls the
//! function, and looks at what came back.

use std::arch::naked_asm;
use std::cell::RefCell;
use std::ffi::{CStr, c_char};
use std::io;
use std::mem::offset_of;
use std::ptr::null_mut;

use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict};

use crate::guest::interpreter;
use crate::model::protocol::Fault;

/// One guarded function. The stub has its address.
#[repr(C)]
struct Slot {
    target: usize,
    name: String,
}

/// One call under way.
#[repr(C)]
struct Frame {
    /// The caller's rbx, rbp, r12, r13, r14, r15.
    before: [u64; 6],
    /// rsp as the caller's `call` left it, at the return address.
    rsp: u64,
    /// The same six registers when the function came back.
    after: [u64; 6],
    rsp_after: u64,
    flags_after: u64,
    slot: *const Slot,
}

const REGISTERS: [&str; 6] = ["rbx", "rbp", "r12", "r13", "r14", "r15"];

/// What the six registers hold when the function is called: values that are no addresses
/// (their upper bits differ), so that using one as a pointer fails at once, and that are the
/// same in every run, so that reports can be compared.
const MARKS: [u64; 6] = [
    0x5afe_00bb_5afe_00bb,
    0x5afe_00b9_5afe_00b9,
    0x5afe_0012_5afe_0012,
    0x5afe_0013_5afe_0013,
    0x5afe_0014_5afe_0014,
    0x5afe_0015_5afe_0015,
];

const DIRECTION_FLAG: u64 = 1 << 10;

thread_local! {
    static CALLS: RefCell<Vec<*mut Frame>> = const { RefCell::new(Vec::new()) };
    static FAULTS: RefCell<Vec<Fault>> = const { RefCell::new(Vec::new()) };
}

/// How many faults of one statement are kept: the first ones tell the story.
const MOST_FAULTS: usize = 16;

/// The faults since the last time, in the order in which they happened.
pub(crate) fn take_faults() -> Vec<Fault> {
    FAULTS.take()
}

/// Puts the guard around the functions of the module whose code lies in the image at `base`.
pub(crate) fn wrap_functions(module: &Bound<'_, PyAny>, base: usize) -> PyResult<()> {
    let Ok(names) = module.getattr("__dict__")?.cast_into::<PyDict>() else {
        return Ok(());
    };
    let mut stubs = Stubs::default();
    for value in names.values() {
        let Ok(function) = value.cast::<PyCFunction>() else { continue };
        // SAFETY: PyCFunctionObject begins with PyObject and then m_ml in every GIL build from
        // 3.9 to 3.15 (Include/cpython/methodobject.h).
        let method = unsafe {
            *function
                .as_ptr()
                .cast::<u8>()
                .add(size_of::<ffi::PyObject>())
                .cast::<*mut ffi::PyMethodDef>()
        };
        // SAFETY: a function object's m_ml is valid as long as the function.
        let (target, name) =
            unsafe { (*(&raw const (*method).ml_meth).cast::<usize>(), (*method).ml_name) };
        if image_of(target) != Some(base) {
            continue;
        }
        // SAFETY: ml_name is a C string, or the module could not have been made.
        let name = unsafe { CStr::from_ptr(name.cast::<c_char>()) }.to_string_lossy().into_owned();
        let stub = stubs.add(Slot { target, name })?;
        // Written by a system call: a table in memory that cannot be written stays as it is.
        // SAFETY: ml_meth is the pointer-sized field of a live PyMethodDef.
        write_word(unsafe { &raw mut (*method).ml_meth }.cast(), stub);
    }
    stubs.seal()?;
    Ok(())
}

/// The load address of the file that holds the code at `address`.
fn image_of(address: usize) -> Option<usize> {
    // SAFETY: dladdr fills the struct, or says no.
    unsafe {
        let mut found: libc::Dl_info = std::mem::zeroed();
        (libc::dladdr(address as *const libc::c_void, &mut found) != 0)
            .then_some(found.dli_fbase as usize)
    }
}

fn write_word(to: *mut usize, mut word: usize) {
    let local = libc::iovec { iov_base: (&raw mut word).cast(), iov_len: size_of::<usize>() };
    let remote = libc::iovec { iov_base: to.cast(), iov_len: size_of::<usize>() };
    // SAFETY: the kernel checks both ranges.
    unsafe { libc::process_vm_writev(libc::getpid(), &local, 1, &remote, 1, 0) };
}

/// The pages of stubs: `mov r11, slot; mov rax, entry; jmp rax`.
#[derive(Default)]
struct Stubs {
    page: Option<*mut u8>,
    used: usize,
    full: Vec<*mut u8>,
}

const PAGE: usize = 4096;
const STUB: usize = 32;

impl Stubs {
    fn add(&mut self, slot: Slot) -> io::Result<usize> {
        if self.used + STUB > PAGE {
            self.full.extend(self.page.take());
        }
        let page = match self.page {
            Some(page) => page,
            None => self.open_page()?,
        };
        let slot: *const Slot = Box::leak(Box::new(slot));
        let mut code = Vec::with_capacity(STUB);
        code.extend([0x49, 0xbb]);
        code.extend((slot as u64).to_le_bytes());
        code.extend([0x48, 0xb8]);
        code.extend((entry as *const () as u64).to_le_bytes());
        code.extend([0xff, 0xe0]);
        // SAFETY: the page has room for one more stub.
        let at = unsafe {
            let at = page.add(self.used);
            at.copy_from_nonoverlapping(code.as_ptr(), code.len());
            at
        };
        self.used += STUB;
        Ok(at as usize)
    }

    fn open_page(&mut self) -> io::Result<*mut u8> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a new mapping.
        let page = unsafe {
            libc::mmap(null_mut(), PAGE, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0)
        };
        if page == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        self.page = Some(page.cast());
        self.used = 0;
        Ok(page.cast())
    }

    /// Makes the stubs executable and no longer writable.
    fn seal(self) -> io::Result<()> {
        for page in self.full.into_iter().chain(self.page) {
            // SAFETY: the page is ours.
            let sealed =
                unsafe { libc::mprotect(page.cast(), PAGE, libc::PROT_READ | libc::PROT_EXEC) };
            if sealed != 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    }
}

/// Every guarded call passes here: r11 is the slot, the arguments are where the ABI has them,
/// and `[rsp]` is the return address into CPython.
#[unsafe(naked)]
unsafe extern "C" fn entry() {
    naked_asm!(
        // The arguments of every METH_ kind fit the six registers.
        "push rdi", "push rsi", "push rdx", "push rcx", "push r8", "push r9", "push r11",
        "mov rdi, r11",
        "call {enter}",
        "pop r11", "pop r9", "pop r8", "pop rcx", "pop rdx", "pop rsi", "pop rdi",
        "mov [rax + {before}], rbx",
        "mov [rax + {before} + 8], rbp",
        "mov [rax + {before} + 16], r12",
        "mov [rax + {before} + 24], r13",
        "mov [rax + {before} + 32], r14",
        "mov [rax + {before} + 40], r15",
        "mov [rax + {rsp}], rsp",
        "mov r10, [r11 + {target}]",
        "movabs rbx, {mark0}", "movabs rbp, {mark1}", "movabs r12, {mark2}",
        "movabs r13, {mark3}", "movabs r14, {mark4}", "movabs r15, {mark5}",
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
        "mov rbx, [rax + {before}]",
        "mov rbp, [rax + {before} + 8]",
        "mov r12, [rax + {before} + 16]",
        "mov r13, [rax + {before} + 24]",
        "mov r14, [rax + {before} + 32]",
        "mov r15, [rax + {before} + 40]",
        "mov rsp, [rax + {rsp}]",
        "sub rsp, 8",
        "mov rdi, rax",
        "call {leave}",
        "add rsp, 8",
        "ret",
        enter = sym enter,
        current = sym current,
        leave = sym leave,
        before = const offset_of!(Frame, before),
        rsp = const offset_of!(Frame, rsp),
        after = const offset_of!(Frame, after),
        rsp_after = const offset_of!(Frame, rsp_after),
        flags_after = const offset_of!(Frame, flags_after),
        target = const offset_of!(Slot, target),
        mark0 = const MARKS[0], mark1 = const MARKS[1], mark2 = const MARKS[2],
        mark3 = const MARKS[3], mark4 = const MARKS[4], mark5 = const MARKS[5],
    )
}

extern "C" fn enter(slot: *const Slot) -> *mut Frame {
    let frame = Box::into_raw(Box::new(Frame {
        before: [0; 6],
        rsp: 0,
        after: [0; 6],
        rsp_after: 0,
        flags_after: 0,
        slot,
    }));
    CALLS.with_borrow_mut(|calls| calls.push(frame));
    frame
}

extern "C" fn current() -> *mut Frame {
    CALLS.with_borrow(|calls| *calls.last().expect("a call that comes back was entered"))
}

extern "C" fn leave(frame: *mut Frame, result: *mut ffi::PyObject) -> *mut ffi::PyObject {
    CALLS.with_borrow_mut(Vec::pop);
    // SAFETY: `enter` made the frame with Box, and this is the only place that ends it.
    let frame = unsafe { Box::from_raw(frame) };
    // SAFETY: slots are leaked on purpose and live for ever.
    let function = unsafe { &(*frame.slot).name };
    for (index, register) in REGISTERS.into_iter().enumerate() {
        if frame.after[index] != MARKS[index] {
            note(Fault::RegisterLost {
                function: function.clone(),
                register: register.to_owned(),
                before: MARKS[index],
                after: frame.after[index],
            });
        }
    }
    // `sub rsp, 8` stood before the call.
    let bytes = frame.rsp_after.wrapping_sub(frame.rsp - 8).cast_signed();
    if bytes != 0 {
        note(Fault::StackOff { function: function.clone(), bytes });
    }
    if frame.flags_after & DIRECTION_FLAG != 0 {
        note(Fault::DirectionSet { function: function.clone() });
    }
    settle(function, result)
}

/// Holds the function to the C API's rule, NULL if and only if an exception is set, as CPython
/// itself does on some of its paths only. Where it is broken, Python sees a SystemError.
fn settle(function: &str, result: *mut ffi::PyObject) -> *mut ffi::PyObject {
    Python::attach(|py| match (result.is_null(), PyErr::take(py)) {
        (false, None) => result,
        (true, Some(exception)) => {
            exception.restore(py);
            result
        }
        (true, None) => {
            note(Fault::NullWithoutException { function: function.to_owned() });
            let text = format!("{function} returned NULL without setting an exception");
            PySystemError::new_err(text).restore(py);
            null_mut()
        }
        (false, Some(exception)) => {
            let exception = interpreter::type_name(&exception.get_type(py)).unwrap_or_default();
            let text = format!("{function} returned a result with {exception} set");
            note(Fault::ResultWithException { function: function.to_owned(), exception });
            PySystemError::new_err(text).restore(py);
            null_mut()
        }
    })
}

fn note(fault: Fault) {
    FAULTS.with_borrow_mut(|faults| {
        if faults.len() < MOST_FAULTS {
            faults.push(fault);
        }
    });
}
