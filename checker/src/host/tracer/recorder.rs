//! Keeps the first steps and the last, and makes a recording of them: what changed from one to
//! the next, with the module and the stack at addresses that are the same in every run.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::host::tracer::decode::Decoded;
use crate::model::trace::{
    ALL_FLAGS, Back, Call, Cell, DIRECTION_FLAG, End, Enter, Hex, IMAGE_BASE, Instruction, Kind,
    Range, Recording, Register, STACK_TOP, Signal, SourceFile, State, Step, VERSION,
};

/// How much is recorded, at most.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// So many steps from the first on are kept.
    pub first: usize,
    /// So many of the last, besides those.
    pub last: usize,
    /// After so many instructions it ends.
    pub steps: u64,
    /// After so long it ends.
    pub wall: std::time::Duration,
}

/// A register set of which every value is known.
pub(super) const ALL_KNOWN: u32 = (1 << 18) - 1;

/// One step, as it is taken.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) kind: Kind,
    pub(super) code: Option<Rc<Decoded>>,
    pub(super) place: (usize, u32),
    pub(super) depth: usize,
    /// After the step.
    pub(super) registers: [u64; 18],
    /// Registers whose values say something, as bits by their index.
    pub(super) known: u32,
    /// The same of flags.
    pub(super) flags_known: u64,
    pub(super) jumped: Option<bool>,
    pub(super) reads: Vec<Cell>,
    pub(super) writes: Vec<Cell>,
    /// Vector registers: number, whether as ymm, low and high half.
    pub(super) vectors: Vec<(u8, bool, u128, u128)>,
    /// What few steps have.
    pub(super) note: Option<Box<Note>>,
}

impl Raw {
    /// What the step says besides, to be added to.
    pub(super) fn note(&mut self) -> &mut Note {
        self.note.get_or_insert_default()
    }
}

/// What few steps have.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    pub(super) enter: Option<Enter>,
    pub(super) call: Option<Call>,
    pub(super) back: Option<Back>,
    pub(super) signal: Option<Signal>,
    /// What addresses are: Python objects.
    pub(super) objects: Vec<(u64, String)>,
    pub(super) remarks: Vec<String>,
}

/// The steps that are kept.
pub(super) struct Recorder {
    bounds: Bounds,
    first: Vec<Raw>,
    last: VecDeque<Raw>,
    /// How many instructions ran.
    pub(super) count: u64,
    skipped: u64,
    /// The last of the steps that were not kept.
    skipped_last: Option<Raw>,
    /// What the skipped steps left in memory.
    skipped_memory: BTreeMap<u64, u8>,
    lowest_rsp: u64,
}

/// How many bytes that were written in the gap are remembered.
const MOST_SKIPPED_BYTES: usize = 64 * 1024;

impl Recorder {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            first: Vec::new(),
            last: VecDeque::new(),
            count: 0,
            skipped: 0,
            skipped_last: None,
            skipped_memory: BTreeMap::new(),
            lowest_rsp: u64::MAX,
        }
    }

    pub(super) fn push(&mut self, step: Raw) {
        self.count += u64::from(step.kind == Kind::Instruction);
        self.lowest_rsp = self.lowest_rsp.min(step.registers[Register::Rsp.index()]);
        if self.first.len() < self.bounds.first {
            self.first.push(step);
            return;
        }
        if self.last.len() >= self.bounds.last.max(1)
            && let Some(dropped) = self.last.pop_front()
        {
            self.skipped += u64::from(dropped.kind == Kind::Instruction);
            for cell in &dropped.writes {
                let bytes = cell.value.to_le_bytes();
                for (offset, byte) in (0..u64::from(cell.size)).zip(bytes) {
                    if self.skipped_memory.len() < MOST_SKIPPED_BYTES {
                        self.skipped_memory.insert(cell.address.wrapping_add(offset), byte);
                    }
                }
            }
            self.skipped_last = Some(dropped);
        }
        self.last.push_back(step);
    }

    /// Whether steps are kept for good now, and not only if they are among the last.
    pub(super) fn keeps(&self) -> bool {
        self.first.len() < self.bounds.first
    }

    /// The recording. `image` is where the module was, `stack_end` the end of the stack.
    pub(super) fn finish(self, about: About, image: (u64, u64), stack_end: u64) -> Recording {
        let first_rsp = self.first.first().map_or(0, |step| step.registers[RSP]);
        // At the entry rsp points to the return address, 8 below a multiple of 16.
        let top = (first_rsp + 8).next_multiple_of(16);
        let lowest = self.lowest_rsp.saturating_sub(1 << 20);
        let places = Places { image, stack: (lowest, stack_end.max(top)), top };

        let mut code = BTreeMap::new();
        let mut steps = Vec::new();
        let mut before = Before::default();
        let mut init = State::default();
        if let Some(first) = self.first.first() {
            // The first step is the entry: what is known then is the state before the steps.
            let entered = before.step(first, &places);
            before.undefined = ALL_FLAGS & !DIRECTION_FLAG;
            init = State { r: entered.r, m: entered.w };
        }
        for (index, raw) in self.first.iter().enumerate() {
            let mut step = before.step(raw, &places);
            if index == 0 {
                step.w = Vec::new();
            }
            steps.push(step);
            note_code(&mut code, raw, &places);
        }
        if let Some(last) = &self.skipped_last {
            let step = before.step(last, &places);
            let w = cells(&self.skipped_memory).into_iter().map(|cell| places.cell(cell)).collect();
            steps.push(Step {
                k: Kind::Gap,
                r: step.r,
                u: step.u,
                uf: step.uf,
                skipped: Some(self.skipped),
                w,
                ..Step::default()
            });
        }
        for raw in &self.last {
            steps.push(before.step(raw, &places));
            note_code(&mut code, raw, &places);
        }
        let stack = places.seen(&steps, &init, self.lowest_rsp);
        let first = code.values().filter(|one: &&Instruction| one.f == 0 && one.l > 0);
        Recording {
            v: VERSION,
            title: about.title,
            python: about.python,
            file: about.files.first().cloned().unwrap_or_default(),
            first: first.map(|one| one.l).min().unwrap_or(0),
            files: about
                .files
                .into_iter()
                .map(|name| SourceFile { name, lines: Vec::new() })
                .collect(),
            init,
            stack,
            names: about.names.into_iter().map(|(at, name)| (Hex(at + IMAGE_BASE), name)).collect(),
            code,
            steps,
            count: self.count,
            end: about.end,
            answer: None,
        }
    }
}

/// What a recording says besides its steps.
pub(super) struct About {
    pub(super) title: String,
    pub(super) python: String,
    pub(super) files: Vec<String>,
    /// Symbols by their addresses, as linked.
    pub(super) names: BTreeMap<u64, String>,
    pub(super) end: End,
}

const RSP: usize = Register::Rsp as usize;

/// Where things were, and where the recording says that they are.
struct Places {
    image: (u64, u64),
    stack: (u64, u64),
    top: u64,
}

impl Places {
    fn value(&self, value: u64) -> u64 {
        let within = |(low, high): (u64, u64)| (low..=high).contains(&value);
        if within(self.image) {
            value - self.image.0 + IMAGE_BASE
        } else if within(self.stack) {
            value.wrapping_sub(self.top).wrapping_add(STACK_TOP)
        } else {
            value
        }
    }

    fn cell(&self, cell: Cell) -> Cell {
        Cell {
            address: self.value(cell.address),
            value: if cell.size == 8 { self.value(cell.value) } else { cell.value },
            size: cell.size,
        }
    }

    /// The part of the stack that the steps show.
    fn seen(&self, steps: &[Step], init: &State, lowest: u64) -> Range {
        const ABOVE: u64 = 4096;
        let cells = steps.iter().flat_map(|step| step.rd.iter().chain(&step.w)).chain(&init.m);
        let above = cells.map(|cell| cell.address + u64::from(cell.size));
        let above = above.filter(|end| (STACK_TOP..STACK_TOP + ABOVE).contains(end));
        let hi = above.max().unwrap_or(STACK_TOP).max(STACK_TOP).next_multiple_of(8);
        Range { lo: Hex(self.value(lowest) & !7), hi: Hex(hi) }
    }
}

/// The state before a step.
#[derive(Default)]
struct Before {
    registers: [u64; 18],
    known: u32,
    undefined: u64,
}

impl Before {
    /// The step as what it changes; the state after it is the next one's state before.
    fn step(&mut self, raw: &Raw, places: &Places) -> Step {
        let mut now = raw.registers.map(|value| places.value(value));
        now[Register::Flags.index()] = raw.registers[Register::Flags.index()] & raw.flags_known;
        let known = raw.known | 1 << Register::Rip.index() | 1 << Register::Flags.index();
        let undefined = ALL_FLAGS & !raw.flags_known;
        let has = |mask: u32, register: Register| mask >> register.index() & 1 == 1;
        let changed = |register: &Register| {
            has(known, *register)
                && (!has(self.known, *register)
                    || now[register.index()] != self.registers[register.index()])
        };
        let lost = |register: &Register| has(self.known, *register) && !has(known, *register);
        let registers = Register::ALL.into_iter();
        let note = raw.note.clone().unwrap_or_default();
        let place = |value: &mut Hex| *value = Hex(places.value(value.0));
        let mut step = Step {
            k: raw.kind,
            l: raw.place.1,
            f: raw.place.0,
            d: raw.depth,
            r: registers.clone().filter(changed).map(|one| (one, Hex(now[one.index()]))).collect(),
            u: registers.filter(lost).collect(),
            uf: (undefined != self.undefined).then_some(Hex(undefined)),
            x: raw.vectors.iter().map(vector).collect(),
            rd: raw.reads.iter().map(|cell| places.cell(*cell)).collect(),
            w: raw.writes.iter().map(|cell| places.cell(*cell)).collect(),
            j: raw.jumped.map(u8::from),
            enter: note.enter,
            call: note.call,
            back: note.back,
            signal: note.signal,
            skipped: None,
            o: note.objects.into_iter().map(|(at, text)| (Hex(at), text)).collect(),
            n: note.remarks,
        };
        let arguments = step.enter.iter_mut().flat_map(|enter| enter.args.iter_mut().flatten());
        let arguments =
            arguments.chain(step.call.iter_mut().flat_map(|call| call.args.iter_mut().flatten()));
        let results = step.back.iter_mut().filter_map(|back| back.result.as_mut());
        arguments.chain(results).for_each(|value| place(&mut value.v));
        step.signal.iter_mut().filter_map(|signal| signal.address.as_mut()).for_each(place);
        *self = Self { registers: now, known, undefined };
        step
    }
}

fn vector((number, wide, low, high): &(u8, bool, u128, u128)) -> (String, String) {
    if *wide {
        (format!("ymm{number}"), format!("{high:032x}{low:032x}"))
    } else {
        (format!("xmm{number}"), format!("{low:032x}"))
    }
}

fn note_code(code: &mut BTreeMap<Hex, Instruction>, raw: &Raw, places: &Places) {
    let Some(decoded) = &raw.code else { return };
    let address = Hex(places.value(decoded.address.wrapping_add(places.image.0)));
    code.entry(address).or_insert_with(|| Instruction {
        l: decoded.place.1,
        f: decoded.place.0,
        i: decoded.text.clone(),
    });
}

/// Bytes as cells: whole words where all eight are there.
fn cells(bytes: &BTreeMap<u64, u8>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (address, byte) in bytes {
        match cells.last_mut() {
            Some(cell)
                if cell.address / 8 == address / 8
                    && cell.address + u64::from(cell.size) == *address =>
            {
                cell.value |= u64::from(*byte) << (8 * cell.size);
                cell.size += 1;
            }
            _ => cells.push(Cell { address: *address, value: u64::from(*byte), size: 1 }),
        }
    }
    cells
}
