//! Where Python is, asked of Python itself: the tracee is made to call `PyEval_GetFrame` and its
//! relatives, and gets all of its registers back. That works on every CPython alike, where
//! reading frames from memory would need the layout of each.

use crate::host::tracer::objects::Objects;
use crate::host::tracer::process::{Process, Stop, Vectors};
use crate::host::tracer::symbols::Symbols;
use crate::model::trace::PythonFrame;

/// How many frames are asked for.
const DEEPEST: usize = 4;

/// The file that statements come from, as the guest has compiled them.
const SESSION: &str = "<session>";

/// How far below the stack pointer the calls are made, in bytes: below the 128 bytes that a
/// function may use there (System V ABI, 3.2.2), with room for the names that they get.
const BELOW: u64 = 1024;

/// The functions that are called.
pub(super) struct PythonCalls {
    holds_gil: u64,
    frame: u64,
    line: u64,
    code: u64,
    back: u64,
    attribute: u64,
}

impl PythonCalls {
    /// Their addresses, if this CPython has them all.
    pub(super) fn find(symbols: &mut Symbols) -> Option<Self> {
        Some(Self {
            holds_gil: symbols.address("PyGILState_Check")?,
            frame: symbols.address("PyEval_GetFrame")?,
            line: symbols.address("PyFrame_GetLineNumber")?,
            code: symbols.address("PyFrame_GetCode")?,
            back: symbols.address("PyFrame_GetBack")?,
            attribute: symbols.address("PyObject_GetAttrString")?,
        })
    }

    /// The frames of the stopped tracee, innermost first; none where they cannot be had, or where
    /// no statement is under way: what imports a module is nobody's Python. Its registers are the
    /// same afterwards. There must be a breakpoint at `landing`.
    pub(super) fn frames(
        &self,
        process: &mut Process,
        landing: u64,
        minor: u32,
    ) -> Vec<PythonFrame> {
        let Some(mut visit) = Visit::begin(process, landing) else { return Vec::new() };
        let mut frames = Vec::new();
        if visit.call(self.holds_gil, [0, 0]).is_some_and(|held| held & 0xffff_ffff == 1) {
            let mut frame = visit.call(self.frame, [0, 0]).unwrap_or(0);
            while frame != 0 && frames.len() < DEEPEST {
                let Some(read) = self.frame(&mut visit, frame, minor) else { break };
                // What is below a statement is the zygote's own.
                let outermost = read.file == SESSION && read.name == "<module>";
                frames.push(read);
                if outermost {
                    break;
                }
                // A new reference, which is kept: the guest is here for this statement only.
                frame = visit.call(self.back, [frame, 0]).unwrap_or(0);
            }
        }
        visit.end();
        if frames.iter().all(|frame| frame.file != SESSION) {
            frames.clear();
        }
        frames
    }

    fn frame(&self, visit: &mut Visit<'_>, frame: u64, minor: u32) -> Option<PythonFrame> {
        let line = visit.call(self.line, [frame, 0])?;
        let code = visit.call(self.code, [frame, 0]).filter(|code| *code != 0)?;
        let mut attribute = |name: &str| {
            let name = visit.text(name)?;
            visit.call(self.attribute, [code, name]).filter(|object| *object != 0)
        };
        let file = attribute("co_filename")?;
        let name = attribute("co_name")?;
        let begins = attribute("co_firstlineno")?;
        let objects = Objects { process: visit.process, minor };
        Some(PythonFrame {
            file: objects.text(file)?,
            line: u32::try_from(line & 0xffff_ffff).unwrap_or(0),
            name: objects.text(name)?,
            begins: objects.describe(begins)?.parse().ok()?,
            text: None,
        })
    }
}

/// The tracee while it makes calls for us.
struct Visit<'a> {
    process: &'a mut Process,
    landing: u64,
    saved: libc::user_regs_struct,
    vectors: Vectors,
    failed: bool,
}

impl<'a> Visit<'a> {
    fn begin(process: &'a mut Process, landing: u64) -> Option<Self> {
        let saved = process.raw_registers().ok()?;
        let vectors = process.vectors().ok()?;
        Some(Self { process, landing, saved, vectors, failed: false })
    }

    /// Puts a text where the called function finds it, and gives its address.
    fn text(&mut self, text: &str) -> Option<u64> {
        let address = self.saved.rsp.checked_sub(BELOW / 2)?;
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        self.process.write(address, &bytes).ok().map(|()| address)
    }

    /// What the function gives in rax.
    fn call(&mut self, function: u64, [first, second]: [u64; 2]) -> Option<u64> {
        if self.failed {
            return None;
        }
        let mut registers = self.saved;
        let rsp = (self.saved.rsp.checked_sub(BELOW)? & !15) - 8;
        registers.rsp = rsp;
        registers.rip = function;
        registers.rdi = first;
        registers.rsi = second;
        registers.rax = 0;
        // Clear, as the ABI wants it.
        registers.eflags &= !0x400;
        // No system call is to be started again.
        registers.orig_rax = u64::MAX;
        self.failed = true;
        self.process.write(rsp, &self.landing.to_le_bytes()).ok()?;
        self.process.set_raw_registers(registers).ok()?;
        if self.process.run(None) != Ok(Stop::Trap) {
            return None;
        }
        let after = self.process.raw_registers().ok()?;
        if (after.rip, after.rsp) != (self.landing + 1, rsp + 8) {
            return None;
        }
        self.failed = false;
        Some(after.rax)
    }

    fn end(self) {
        let _ = self.process.set_vectors(&self.vectors);
        let _ = self.process.set_raw_registers(self.saved);
    }
}
