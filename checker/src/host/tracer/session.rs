//! The tracing itself: the tracee runs freely outside of the learner's code, and one instruction
//! at a time inside of it.

use std::rc::Rc;

use nix::sys::signal::Signal;
use nix::sys::wait::WaitStatus;

use crate::host::tracer::decode::{Decoded, Listing};
use crate::host::tracer::process::{Process, Stop};
use crate::host::tracer::python::PythonCalls;
use crate::host::tracer::recorder::{Bounds, Note, Recorder};
use crate::host::tracer::symbols::{Symbols, mappings};
use crate::host::tracer::target::{Signature, Target};
use crate::host::tracer::watch::{Seen, WAKE, Watch};
use crate::model::capi::Prototype;
use crate::model::signal;
use crate::model::trace::{
    Cell, DIRECTION_FLAG, End, Hex, Kind, PythonFrame, Register, Signal as SignalNote,
};

/// Why the tracing is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// The watcher saw something.
    Seen(Seen),
    /// A signal is about to end the process.
    Crash(Signal),
    /// It is gone.
    Gone(WaitStatus),
    /// Enough steps.
    TooLong,
    /// It has a second thread.
    Threads,
}

/// A function of the module's that was called from outside and has not come back.
pub(super) struct Frame {
    pub(super) name: String,
    pub(super) signature: Signature,
    pub(super) return_address: u64,
    /// rsp at the entry, at the return address.
    pub(super) rsp: u64,
    /// The callee-saved registers at the entry.
    pub(super) kept: [u64; 6],
    /// Calls within the module: where each goes back to, and rsp then.
    pub(super) calls: Vec<(u64, u64)>,
    pub(super) python: Vec<PythonFrame>,
}

/// A call out of the module that has not come back.
pub(super) struct Outside {
    pub(super) name: String,
    pub(super) prototype: Option<&'static Prototype>,
    pub(super) return_address: u64,
    /// rsp when it comes back.
    pub(super) rsp: u64,
    pub(super) place: (usize, u32),
    /// The learner's memory before the call: stack and data.
    pub(super) memory: Vec<(u64, Vec<u8>)>,
}

pub(super) enum Activation {
    Frame(Frame),
    Outside(Outside),
}

/// An instruction at which a signal came.
pub(super) struct Interrupted {
    pub(super) decoded: Rc<Decoded>,
    /// What it was to read.
    pub(super) reads: Vec<Cell>,
}

/// How a stretch of single steps ends.
pub(super) enum Left {
    /// The tracee is about to run other code than the learner's.
    Outside,
    Over(Over),
}

pub(super) struct Session<'a> {
    pub(super) process: Process,
    pub(super) target: &'a Target<'a>,
    pub(super) listing: Listing,
    pub(super) symbols: Symbols,
    pub(super) recorder: Recorder,
    /// Where the module is loaded, once it is.
    pub(super) image: Option<u64>,
    pub(super) minor: u32,
    pub(super) bounds: Bounds,
    pub(super) python: Option<PythonCalls>,
    /// The dynamic loader's function that says that a file was mapped.
    loader: Option<u64>,
    pub(super) activations: Vec<Activation>,
    pub(super) known: u32,
    pub(super) flags_known: u64,
    pub(super) last_place: (usize, u32),
    /// How many more loaded addresses may be looked at for objects.
    pub(super) objects_left: usize,
    /// Whether the learner's code set the trap flag.
    pub(super) trap_flag: bool,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        process: Process,
        target: &'a Target<'a>,
        file: &str,
        minor: u32,
        bounds: Bounds,
    ) -> Self {
        let mut symbols = Symbols::of(process.pid.as_raw());
        Self {
            python: PythonCalls::find(&mut symbols),
            process,
            target,
            listing: Listing::new(target, file),
            symbols,
            recorder: Recorder::new(bounds),
            image: None,
            minor,
            bounds,
            loader: None,
            activations: Vec::new(),
            known: 0,
            flags_known: DIRECTION_FLAG,
            last_place: (0, 0),
            objects_left: 2000,
            trap_flag: false,
        }
    }

    /// Looks for the module in the tracee's memory, and puts breakpoints on its entries.
    pub(super) fn find_image(&mut self) -> bool {
        let Some((start, code)) = self.target.facts.code.first() else { return false };
        let mut there = vec![0; code.len()];
        let image = mappings(self.process.pid.as_raw()).into_iter().find(|mapping| {
            mapping.offset == 0
                && self.process.read(mapping.start + start, &mut there)
                && there == *code
        });
        let Some(image) = image else { return false };
        self.image = Some(image.start);
        for entry in &self.target.entries {
            self.process.add_breakpoint(image.start + entry);
        }
        true
    }

    /// Has the tracee stop when the dynamic loader has mapped a file: `_dl_debug_state` is there
    /// for debuggers (glibc, elf/link.h).
    pub(super) fn await_loading(&mut self) -> bool {
        self.loader = self.symbols.address("_dl_debug_state");
        self.loader.is_some_and(|address| self.process.add_breakpoint(address))
    }

    /// Lets the tracee run until the tracing is over.
    pub(super) fn run(&mut self, watch: &Watch) -> nix::Result<Over> {
        let mut signal = None;
        loop {
            if watch.seen() != Seen::Nothing {
                return Ok(Over::Seen(watch.seen()));
            }
            let registers = self.process.registers()?;
            if self.process.has_breakpoint(registers.rip()) && signal.is_none() {
                // It stands on a breakpoint that has been dealt with.
                match self.process.step(registers.rip())? {
                    Stop::Gone(status) => return Ok(Over::Gone(status)),
                    Stop::Trap => {}
                    _ => continue,
                }
            }
            match self.process.run(signal.take())? {
                Stop::Trap => {
                    if let Some(over) = self.at_trap(watch)? {
                        return Ok(over);
                    }
                }
                Stop::Signal(WAKE) | Stop::Other => {}
                Stop::Signal(other) if is_fatal(other) => return self.crash(other, None),
                Stop::Signal(other) => signal = Some(other),
                Stop::Thread => return Ok(Over::Threads),
                Stop::Gone(status) => return Ok(Over::Gone(status)),
            }
        }
    }

    /// The tracee met a breakpoint of ours, or a trap of its own.
    fn at_trap(&mut self, watch: &Watch) -> nix::Result<Option<Over>> {
        let mut registers = self.process.registers()?;
        let at = registers.rip().wrapping_sub(1);
        if !self.process.has_breakpoint(at) {
            return self.crash(Signal::SIGTRAP, None).map(Some);
        }
        self.process.set_rip(at)?;
        registers.values[Register::Rip.index()] = at;
        if self.loader == Some(at) {
            if self.find_image() {
                self.process.remove_breakpoint(at);
                self.loader = None;
            }
            return Ok(None);
        }
        let comes_back = |activation: &Activation| match activation {
            Activation::Outside(call) => call.return_address == at && call.rsp == registers.rsp(),
            Activation::Frame(_) => false,
        };
        let offset = at.wrapping_sub(self.image.unwrap_or(0));
        if let Some(index) = self.activations.iter().rposition(comes_back) {
            // Whatever was above it will not come back: a longjmp went past it.
            self.activations.truncate(index + 1);
            self.back(&registers)?;
        } else if self.target.entries.contains(&offset) {
            self.enter(offset, &registers)?;
        } else if matches!(self.activations.last(),
            Some(Activation::Outside(call)) if call.return_address == at)
        {
            // It came back with another rsp.
            self.back(&registers)?;
        }
        let registers = self.process.registers()?;
        match self.offset(registers.rip()) {
            Some(offset) if self.target.is_stepped(offset) => {}
            _ => return Ok(None),
        }
        match self.steps(watch, registers)? {
            Left::Outside => Ok(None),
            Left::Over(over) => Ok(Some(over)),
        }
    }

    /// A signal that will end the process is about to be delivered, at the instruction that was
    /// to run, if it was one of the module's.
    pub(super) fn crash(&mut self, fatal: Signal, at: Option<Interrupted>) -> nix::Result<Over> {
        let registers = self.process.registers()?;
        let (address, code) = self.process.signal_details().unwrap_or((0, 0));
        let offset = self.offset(registers.rip());
        let inside = offset.is_some_and(|offset| self.target.is_stepped(offset));
        let mut within = None;
        let place = match self.activations.last() {
            Some(Activation::Outside(call)) if !inside => {
                within = Some(call.name.clone()).filter(|name| !name.starts_with("0x"));
                call.place
            }
            // rip may be behind the instruction: `int3` and `syscall` are over by then.
            _ => self.last_place,
        };
        if let Some(called) = &mut within
            && let Some(name) = self.name_of(registers.rip())
            && let Some(inner) = name.split('+').next()
            && inner != called
        {
            called.push_str(&format!(" ({inner})"));
        }
        let frames = self.python_at_crash(fatal);
        // SI_KERNEL comes with no address (Linux, arch/x86/kernel/traps.c).
        const SI_KERNEL: i32 = 0x80;
        let memory = matches!(fatal, Signal::SIGSEGV | Signal::SIGBUS) && code != SI_KERNEL;
        let mut raw = self.raw(Kind::Signal, place, &registers);
        let mut uses = Vec::new();
        if let Some(Interrupted { decoded, reads }) = at {
            uses.clone_from(&decoded.uses);
            raw.reads = reads;
            raw.code = Some(decoded);
        }
        raw.note = Some(Box::new(Note {
            signal: Some(SignalNote {
                number: fatal as i32,
                name: signal::in_words(fatal as i32).0.to_owned(),
                address: memory.then_some(Hex(address)),
                uses,
                within,
                py: frames,
            }),
            ..Note::default()
        }));
        self.recorder.push(raw);
        Ok(Over::Crash(fatal))
    }

    /// Where Python is: as it was when the function was entered, or asked now, if the entry is
    /// not among the steps that are kept for good.
    fn python_at_crash(&mut self, fatal: Signal) -> Vec<PythonFrame> {
        let entered = self.innermost().map(|frame| frame.python.clone()).unwrap_or_default();
        let landing = self.target.entries.first().zip(self.image);
        match (&self.python, landing) {
            // After abort() the C library may hold locks.
            (Some(calls), Some((entry, image)))
                if entered.is_empty()
                    && fatal != Signal::SIGABRT
                    && !self.activations.is_empty() =>
            {
                let Ok(details) = self.process.signal() else { return entered };
                let frames = calls.frames(&mut self.process, image + entry, self.minor);
                let _ = self.process.set_signal(&details);
                frames
            }
            _ => entered,
        }
    }

    /// The end that the recording has.
    pub(super) fn end(&self, over: Over) -> End {
        match over {
            Over::Crash(_) if self.trap_flag => End::TrapFlag,
            Over::Crash(signal) => End::Crashed { signal: signal as i32 },
            Over::Gone(WaitStatus::Exited(_, status)) => End::Exited { status },
            Over::Gone(WaitStatus::Signaled(_, signal, _)) => {
                End::Crashed { signal: signal as i32 }
            }
            Over::Gone(_) => End::Exited { status: 0 },
            Over::Seen(Seen::Reply | Seen::Nothing) => End::Answered,
            Over::Seen(Seen::Deadline | Seen::Interrupted) => End::TimedOut,
            Over::TooLong => End::TooLong,
            Over::Threads => End::Threads,
        }
    }

    /// An address as the module's file has it, if it is one of the module's.
    pub(super) fn offset(&self, address: u64) -> Option<u64> {
        let offset = address.checked_sub(self.image?)?;
        self.target.extent.contains(&offset).then_some(offset)
    }

    pub(super) fn name_of(&mut self, address: u64) -> Option<String> {
        match self.offset(address) {
            Some(offset) => Some(self.target.label(offset)),
            None => self.symbols.name(address),
        }
    }

    /// The function that was called from outside last and has not come back.
    pub(super) fn innermost(&self) -> Option<&Frame> {
        self.activations.iter().rev().find_map(|activation| match activation {
            Activation::Frame(frame) => Some(frame),
            Activation::Outside(_) => None,
        })
    }

    pub(super) fn depth(&self) -> usize {
        let deep = |activation: &Activation| match activation {
            Activation::Frame(frame) => 1 + frame.calls.len(),
            Activation::Outside(_) => 0,
        };
        self.activations.iter().map(deep).sum::<usize>().saturating_sub(1)
    }
}

/// Whether a signal ends a process that does nothing about it, and comes from what it did.
pub(super) fn is_fatal(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::SIGSEGV
            | Signal::SIGILL
            | Signal::SIGFPE
            | Signal::SIGBUS
            | Signal::SIGTRAP
            | Signal::SIGABRT
            | Signal::SIGSYS
            | Signal::SIGXCPU
    )
}
