//! The ways into the learner's code and out of it: what is noted when a function is entered,
//! when a call comes back, and when a function goes back to its caller.

use crate::host::tracer::calls::Reader;
use crate::host::tracer::process::Registers;
use crate::host::tracer::recorder::{ALL_KNOWN, Note};
use crate::host::tracer::session::{Activation, Frame, Session};
use crate::host::tracer::target::{Convention, Signature};
use crate::model::capi::{self, Gives};
use crate::model::trace::{Back, Cell, DIRECTION_FLAG, Enter, Kind, Register};

impl Session<'_> {
    /// A function of the module's is called from outside of it.
    pub(super) fn enter(&mut self, entry: u64, registers: &Registers) -> nix::Result<()> {
        let signature = self.target.signature(entry);
        let name = match &signature {
            Signature::Method(name, _)
            | Signature::Workbook(name, ..)
            | Signature::Init(name)
            | Signature::Unknown(name) => name.clone(),
        };
        let landing = registers.rip();
        let python = match &self.python {
            Some(calls) if self.recorder.keeps() => {
                calls.frames(&mut self.process, landing, self.minor)
            }
            _ => Vec::new(),
        };
        let args =
            Reader { process: &self.process, minor: self.minor }.entered(&signature, registers);
        self.known = self.known_at_entry(&signature);
        self.flags_known = DIRECTION_FLAG;
        let return_address = self.process.read_word(registers.rsp()).unwrap_or(0);
        let place = self.listing.place(entry, self.target);
        let mut raw = self.raw(Kind::Enter, place, registers);
        raw.writes = vec![Cell { address: registers.rsp(), value: return_address, size: 8 }];
        if self.target.vectors && matches!(signature, Signature::Workbook(..)) {
            let vectors = self.process.vectors()?;
            let argument = |number: u8| {
                let (low, high) = vectors.get(number.into());
                (number, false, low, high)
            };
            raw.vectors = (0..8).map(argument).collect();
        }
        // Python is where it was when it is a C function that calls, such as qsort.
        let same = self.innermost().is_some_and(|frame| frame.python == python);
        let py = if same { Vec::new() } else { python.clone() };
        let enter = Enter { to: name.clone(), args, py };
        raw.note = Some(Box::new(Note { enter: Some(enter), ..Note::default() }));
        self.activations.push(Activation::Frame(Frame {
            name,
            signature,
            return_address,
            rsp: registers.rsp(),
            kept: Register::CALLEE_SAVED.map(|register| registers.get(register)),
            calls: Vec::new(),
            python,
        }));
        raw.depth = self.depth();
        self.recorder.push(raw);
        Ok(())
    }

    /// Registers that say something when a function is entered.
    fn known_at_entry(&self, signature: &Signature) -> u32 {
        let arguments = match signature {
            // The glue fills every register on purpose.
            Signature::Workbook(..) => return ALL_KNOWN,
            Signature::Init(_) => 0,
            Signature::Unknown(_) => 6,
            Signature::Method(_, Convention::NoArguments) => 1,
            Signature::Method(_, Convention::OneObject | Convention::Tuple) => 2,
            Signature::Method(_, Convention::TupleAndDict | Convention::Array) => 3,
            Signature::Method(_, Convention::ArrayAndNames) => 4,
        };
        let lost = bits(&Register::CALLER_SAVED) & !bits(&Register::ARGUMENTS[..arguments]);
        ALL_KNOWN & !lost
    }

    /// A call out of the module comes back.
    pub(super) fn back(&mut self, registers: &Registers) -> nix::Result<()> {
        let Some(Activation::Outside(call)) = self.activations.pop() else { return Ok(()) };
        self.process.remove_breakpoint(call.return_address);
        let gives = call.prototype.map(|prototype| prototype.gives);
        let reader = Reader { process: &self.process, minor: self.minor };
        let (result, in_rdx) = reader.result(gives, registers);
        self.known &= !bits(&Register::CALLER_SAVED);
        if gives != Some(Gives::Nothing) {
            self.known |= bits(&[Register::Rax]);
        }
        if in_rdx {
            self.known |= bits(&[Register::Rdx]);
        }
        self.flags_known = DIRECTION_FLAG;
        let mut remarks = Vec::new();
        if call.rsp != registers.rsp() {
            let bytes = registers.rsp().wrapping_sub(call.rsp).cast_signed();
            remarks.push(format!("{} came back with rsp {bytes} bytes off", call.name));
        }
        let place = call.place;
        let mut raw = self.raw(Kind::Back, place, registers);
        if gives == Some(Gives::Value(capi::Kind::Double)) {
            let (low, high) = self.process.vectors()?.get(0);
            raw.vectors = vec![(0, false, low, high)];
        }
        raw.writes = self.changes(&call.memory);
        raw.note = Some(Box::new(Note {
            back: Some(Back { from: call.name, result }),
            remarks,
            ..Note::default()
        }));
        self.recorder.push(raw);
        // After a tail call it is our caller to whom the called function came back.
        let here =
            self.offset(registers.rip()).is_some_and(|offset| self.target.is_stepped(offset));
        if let Some(Activation::Frame(frame)) = self.activations.last_mut() {
            if !here && registers.rip() == frame.return_address {
                let note = self.leave(registers);
                let mut raw = self.raw(Kind::Back, place, registers);
                raw.note = Some(Box::new(note));
                self.recorder.push(raw);
            } else if frame.calls.last() == Some(&(registers.rip(), registers.rsp())) {
                frame.calls.pop();
            }
        }
        Ok(())
    }

    /// The function that was called from outside goes back there; says it at the last step.
    pub(super) fn leave(&mut self, registers: &Registers) -> Note {
        let Some(Activation::Frame(frame)) = self.activations.pop() else { return Note::default() };
        let reader = Reader { process: &self.process, minor: self.minor };
        let mut remarks = Vec::new();
        for (register, before) in Register::CALLEE_SAVED.into_iter().zip(frame.kept) {
            let now = registers.get(register);
            if now != before {
                remarks.push(format!(
                    "{} is {now:#x} and was {before:#x} when {} was called",
                    register.name(),
                    frame.name
                ));
            }
        }
        let off = registers.rsp().wrapping_sub(frame.rsp + 8).cast_signed();
        if off != 0 {
            remarks.push(format!("rsp is {off} bytes off when {} goes back", frame.name));
        }
        if registers.get(Register::Flags) & DIRECTION_FLAG != 0 {
            remarks.push(format!("{} goes back with the direction flag set", frame.name));
        }
        let result = reader.left(&frame.signature, registers);
        Note { back: Some(Back { from: frame.name, result }), remarks, ..Note::default() }
    }
}

/// A set of registers as bits by their indices.
fn bits(registers: &[Register]) -> u32 {
    registers.iter().map(|register| 1 << register.index()).sum()
}
