//! One instruction after the other: what each reads and writes, and where it goes.

use std::rc::Rc;

use nix::sys::signal::Signal;

use crate::host::tracer::decode::{Decoded, Flow, Special};
use crate::host::tracer::objects::Objects;
use crate::host::tracer::process::{Registers, Stop, TRAP_FLAG};
use crate::host::tracer::recorder::{Note, Raw};
use crate::host::tracer::session::{Interrupted, Left, Over, Session, is_fatal};
use crate::host::tracer::watch::{Seen, Watch};
use crate::model::trace::{Cell, DIRECTION_FLAG, Kind, Register};

/// How many bytes of stack and data are compared around a call out of the module.
const MOST_COMPARED: u64 = 64 * 1024;

/// How many bytes of one operand are kept.
const MOST_OPERAND: usize = 64;

impl Session<'_> {
    /// Takes one step after the other until the learner's code is left.
    pub(super) fn steps(&mut self, watch: &Watch, mut registers: Registers) -> nix::Result<Left> {
        let image = self.image.unwrap_or(0);
        loop {
            if watch.seen() != Seen::Nothing {
                return Ok(Left::Over(Over::Seen(watch.seen())));
            }
            if self.recorder.count >= self.bounds.steps {
                return Ok(Left::Over(Over::TooLong));
            }
            let decoded = self.listing.at(registers.rip().wrapping_sub(image), self.target);
            self.last_place = decoded.place;
            let (reads, writes) = self.operands(&decoded, &registers, image);
            if decoded.special == Special::LoadsFlags && self.sets_trap_flag(&registers) {
                self.trap_flag = true;
                let mut raw = self.raw(Kind::Instruction, decoded.place, &registers);
                let text = "this sets the trap flag, and the CPU stops after each instruction";
                raw.note =
                    Some(Box::new(Note { remarks: vec![text.to_owned()], ..Note::default() }));
                raw.code = Some(decoded);
                self.recorder.push(raw);
                return Ok(Left::Outside);
            }
            let ahead = match decoded.special {
                // All of its rounds at once.
                Special::Repeated { .. } => Some([decoded.next + image; 2]),
                _ => self.ahead(&decoded, &registers, &reads, image),
            };
            let stop = match ahead {
                Some(ahead) => self.process.step_to(registers.rip(), ahead)?,
                None => self.process.step(registers.rip())?,
            };
            match stop {
                Stop::Trap if decoded.special == Special::Breakpoint => {
                    let at = Interrupted { decoded, reads };
                    return self.crash(Signal::SIGTRAP, Some(at)).map(Left::Over);
                }
                Stop::Trap => {}
                Stop::Signal(fatal) if is_fatal(fatal) => {
                    let at = Interrupted { decoded, reads };
                    return self.crash(fatal, Some(at)).map(Left::Over);
                }
                Stop::Signal(_) | Stop::Other => {
                    registers = self.process.registers()?;
                    continue;
                }
                Stop::Thread => return Ok(Left::Over(Over::Threads)),
                Stop::Gone(status) => return Ok(Left::Over(Over::Gone(status))),
            }
            let after = self.process.registers()?;
            let mut raw = self.executed(&decoded, &registers, &after, reads, &writes)?;
            let next = after.rip().wrapping_sub(image);
            let inside = self.target.is_stepped(next);
            if inside && matches!(decoded.flow, Flow::Next | Flow::ConditionalJump | Flow::Jump(_))
            {
                self.recorder.push(raw);
                registers = after;
                continue;
            }
            let left = self.moved(&decoded, &registers, &after, &mut raw);
            self.recorder.push(raw);
            match left {
                None => registers = after,
                Some(left) => return Ok(left),
            }
        }
    }

    /// Memory that the instruction reads, with its content, and the places that it will write.
    fn operands(
        &self,
        decoded: &Decoded,
        registers: &Registers,
        image: u64,
    ) -> (Vec<Cell>, Vec<(u64, usize)>) {
        let mut reads = Vec::new();
        let mut writes = Vec::new();
        for operand in &decoded.operands {
            let address = operand.address(registers, image);
            if operand.reads {
                self.cells(address, operand.size, &mut reads);
            }
            if operand.writes {
                writes.push((address, operand.size));
            }
        }
        if let Special::Repeated { size, reads: loads, writes: stores } = decoded.special {
            let length = registers.get(Register::Rcx).saturating_mul(size);
            let backwards = registers.get(Register::Flags) & DIRECTION_FLAG != 0;
            let start = |register: Register| {
                let at = registers.get(register);
                if backwards { at.wrapping_add(size).wrapping_sub(length) } else { at }
            };
            let kept = usize::try_from(length).unwrap_or(usize::MAX).min(MOST_OPERAND);
            if loads {
                self.cells(start(Register::Rsi), kept, &mut reads);
            }
            if stores && kept > 0 {
                writes.push((start(Register::Rdi), kept));
            }
        }
        (reads, writes)
    }

    /// Memory as cells of at most eight bytes; none where it cannot be read.
    fn cells(&self, address: u64, size: usize, cells: &mut Vec<Cell>) {
        let mut bytes = [0; MOST_OPERAND];
        let bytes = &mut bytes[..size.min(MOST_OPERAND)];
        if !self.process.read(address, bytes) {
            return;
        }
        for (index, part) in (0..).zip(bytes.chunks(8)) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            cells.push(Cell {
                address: address.wrapping_add(8 * index),
                value: u64::from_le_bytes(word),
                size: u8::try_from(part.len()).expect("a chunk has at most 8 bytes"),
            });
        }
    }

    /// The step of an instruction that ran.
    fn executed(
        &mut self,
        decoded: &Rc<Decoded>,
        before: &Registers,
        after: &Registers,
        reads: Vec<Cell>,
        writes: &[(u64, usize)],
    ) -> nix::Result<Raw> {
        if decoded.special == Special::StoresFlags {
            // The image of the flags has our trap flag in it.
            let at = after.rsp();
            let flags = self.process.read_word(at).unwrap_or(0);
            let _ = self.process.write(at, &(flags & !TRAP_FLAG).to_le_bytes());
        }
        self.known |= decoded.writes;
        let nothing_shifted = matches!(decoded.special,
            Special::ShiftByCl(mask) if before.get(Register::Rcx) & mask == 0);
        if !nothing_shifted {
            let (defined, undefined) = decoded.flags;
            self.flags_known = (self.flags_known | defined) & !undefined;
        }
        let mut raw = self.raw(Kind::Instruction, decoded.place, after);
        raw.code = Some(Rc::clone(decoded));
        raw.reads = reads;
        for (address, size) in writes {
            self.cells(*address, *size, &mut raw.writes);
        }
        if decoded.flow == Flow::ConditionalJump {
            let next = decoded.next + self.image.unwrap_or(0);
            raw.jumped = Some(after.rip() != next);
        }
        self.note_objects(decoded, after, &mut raw);
        let (numbers, wide) = decoded.vectors;
        if numbers != 0 {
            let vectors = self.process.vectors()?;
            for number in (0..16_u8).filter(|number| numbers >> number & 1 == 1) {
                let (low, high) = vectors.get(number.into());
                raw.vectors.push((number, wide, low, high));
            }
        }
        Ok(raw)
    }

    /// Says of an address that was loaded from memory which Python object is there.
    fn note_objects(&mut self, decoded: &Decoded, after: &Registers, raw: &mut Raw) {
        let loads = raw.reads.iter().any(|cell| cell.size == 8);
        if !loads || !self.recorder.keeps() || self.objects_left == 0 {
            return;
        }
        for register in Register::ALL.into_iter().take(16).filter(|one| *one != Register::Rsp) {
            let value = after.get(register);
            let written = decoded.writes >> register.index() & 1 == 1;
            let near = value.abs_diff(after.rsp()) < 1 << 23 || self.offset(value).is_some();
            if !written || near || !(1 << 16..1 << 47).contains(&value) {
                continue;
            }
            self.objects_left = self.objects_left.saturating_sub(1);
            let objects = Objects { process: &self.process, minor: self.minor };
            if let Some(text) = objects.describe(value) {
                raw.note().objects.push((value, text));
            }
        }
    }

    /// A step with nothing in it but the registers.
    pub(super) fn raw(&self, kind: Kind, place: (usize, u32), registers: &Registers) -> Raw {
        Raw {
            kind,
            code: None,
            place,
            depth: self.depth(),
            registers: registers.values,
            known: self.known,
            flags_known: self.flags_known,
            jumped: None,
            reads: Vec::new(),
            writes: Vec::new(),
            vectors: Vec::new(),
            note: None,
        }
    }

    /// Whether the flags on the stack have the trap flag set.
    fn sets_trap_flag(&self, registers: &Registers) -> bool {
        self.process.read_word(registers.rsp()).is_some_and(|flags| flags & TRAP_FLAG != 0)
    }

    /// The stack from rsp up to the frame's return address, and the module's data.
    pub(super) fn snapshot(&self, rsp: u64) -> Vec<(u64, Vec<u8>)> {
        let frame = self.innermost().map(|frame| frame.rsp);
        let image = self.image.unwrap_or(0);
        let data = self.target.data.iter().map(|range| range.start + image..range.end + image);
        let ranges = frame.map(|top| rsp..top).into_iter().chain(data);
        let mut memory = Vec::new();
        for range in ranges.filter(|range| range.start < range.end) {
            let length = (range.end - range.start).min(MOST_COMPARED);
            let mut bytes = vec![0; usize::try_from(length).expect("it is at most 64 KiB")];
            if self.process.read(range.start, &mut bytes) {
                memory.push((range.start, bytes));
            }
        }
        memory
    }

    /// The words of a snapshot that are different now.
    pub(super) fn changes(&self, snapshot: &[(u64, Vec<u8>)]) -> Vec<Cell> {
        let mut changed = Vec::new();
        for (start, before) in snapshot {
            let mut now = vec![0; before.len()];
            if !self.process.read(*start, &mut now) || now == *before {
                continue;
            }
            for (index, (old, new)) in before.chunks(8).zip(now.chunks(8)).enumerate() {
                if old != new {
                    self.cells(start + 8 * index as u64, new.len(), &mut changed);
                }
            }
        }
        changed
    }
}
