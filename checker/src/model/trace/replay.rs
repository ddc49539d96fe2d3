//! The state at any step of a recording: the steps' changes, one after the other.

use std::collections::BTreeMap;

use crate::model::trace::{
    ALL_FLAGS, Cell, DIRECTION_FLAG, Hex, Recording, Register, STACK_TOP, Step, Value,
};

/// What is known at one moment.
#[derive(Clone, Debug)]
pub struct Moment {
    registers: [Option<u64>; 18],
    /// Flags that say nothing, as bits.
    undefined: u64,
    memory: BTreeMap<u64, u8>,
    /// Vector registers by their names.
    pub vectors: BTreeMap<String, String>,
    /// What values mean: `(2, 4)` for the address of that tuple, `&PyExc_TypeError` for what a
    /// slot of the global offset table holds.
    meanings: BTreeMap<u64, String>,
    /// For each call out of the module that has not come back: its function, and the registers
    /// when it was called.
    calls: Vec<(String, [Option<u64>; 18])>,
    /// For each function that Python called and that has not come back, rsp at its entry.
    entries: Vec<u64>,
}

impl Moment {
    /// The moment before the first step.
    pub fn first(recording: &Recording) -> Self {
        let mut moment = Self {
            registers: [None; 18],
            undefined: ALL_FLAGS & !DIRECTION_FLAG,
            memory: BTreeMap::new(),
            vectors: BTreeMap::new(),
            meanings: BTreeMap::new(),
            calls: Vec::new(),
            entries: Vec::new(),
        };
        moment.set(&recording.init.r);
        moment.fill(&recording.init.m);
        moment
    }

    /// The moment after so many steps.
    pub fn after(recording: &Recording, steps: usize) -> Self {
        let mut moment = Self::first(recording);
        for step in recording.steps.iter().take(steps) {
            moment.apply(recording, step);
        }
        moment
    }

    /// Goes one step on.
    pub fn apply(&mut self, recording: &Recording, step: &Step) {
        for cell in &step.rd {
            if let Some(symbol) = recording.names.get(&Hex(cell.address))
                && let Some(symbol) = symbol.strip_prefix("got:")
            {
                self.meanings.insert(cell.value, format!("&{symbol}"));
            }
        }
        // What was read was there before.
        self.fill(&step.rd);
        for register in &step.u {
            self.registers[register.index()] = None;
        }
        self.set(&step.r);
        if let Some(undefined) = step.uf {
            self.undefined = undefined.0;
        }
        self.fill(&step.w);
        self.vectors.extend(step.x.iter().map(|(name, digits)| (name.clone(), digits.clone())));
        for (address, text) in &step.o {
            self.meanings.insert(address.0, text.clone());
        }
        if let Some(enter) = &step.enter {
            self.entries.push(self.get(Register::Rsp).unwrap_or(STACK_TOP - 8));
            self.note(enter.args.as_deref().unwrap_or_default());
        }
        if let Some(call) = &step.call {
            self.note(call.args.as_deref().unwrap_or_default());
            if !call.own {
                self.calls.push((call.to.clone(), self.registers));
            }
        }
        if let Some(back) = &step.back {
            self.note(back.result.as_slice());
            let rsp = self.get(Register::Rsp).unwrap_or(0);
            self.entries.retain(|entry| rsp <= *entry);
            if let Some(index) = self.calls.iter().rposition(|(name, _)| *name == back.from) {
                self.calls.truncate(index);
            }
        }
    }

    /// A register's value, if it says something.
    pub fn get(&self, register: Register) -> Option<u64> {
        self.registers[register.index()]
    }

    /// A register's value when the function was called that has not come back.
    pub fn at_call(&self, function: &str, register: Register) -> Option<u64> {
        let call = self.calls.iter().rev().find(|(name, _)| name == function);
        call.and_then(|(_, registers)| registers[register.index()])
    }

    /// The function outside of the module that was called last and has not come back.
    pub fn outside(&self) -> Option<&str> {
        self.calls.last().map(|(name, _)| name.as_str())
    }

    /// A flag, if it is defined.
    pub fn flag(&self, bit: u64) -> Option<bool> {
        (self.undefined & bit == 0).then(|| self.get(Register::Flags).unwrap_or(0) & bit != 0)
    }

    /// A word of memory, if all of its bytes are known.
    pub fn word(&self, address: u64) -> Option<u64> {
        self.number(address, 8)
    }

    /// The number in so many bytes of memory, at most 8, if they are all known.
    pub fn number(&self, address: u64, size: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        for (offset, byte) in (0..size).zip(&mut bytes) {
            *byte = *self.memory.get(&address.wrapping_add(offset))?;
        }
        Some(u64::from_le_bytes(bytes))
    }

    /// Whether any byte of the word is known.
    pub fn has_word(&self, address: u64) -> bool {
        self.memory.range(address..address.saturating_add(8)).next().is_some()
    }

    /// What the value means, if that was said of it.
    pub fn meaning(&self, value: u64) -> Option<&str> {
        self.meanings.get(&value).map(String::as_str)
    }

    /// rsp at the entry of the innermost function that Python called.
    pub fn entry(&self) -> Option<u64> {
        self.entries.last().copied()
    }

    fn set(&mut self, registers: &BTreeMap<Register, Hex>) {
        for (register, value) in registers {
            self.registers[register.index()] = Some(value.0);
        }
    }

    fn fill(&mut self, cells: &[Cell]) {
        for cell in cells {
            let bytes = cell.value.to_le_bytes();
            for (offset, byte) in (0..u64::from(cell.size)).zip(bytes) {
                self.memory.insert(cell.address.wrapping_add(offset), byte);
            }
        }
    }

    /// Remembers what addresses mean; a number means what it is.
    fn note(&mut self, values: &[Value]) {
        for value in values.iter().filter(|value| !value.at.starts_with("xmm")) {
            let (bits, low) = (value.v.0, value.v.0 as u32);
            let as_number = |text: &String| {
                *text == bits.to_string()
                    || *text == bits.cast_signed().to_string()
                    || *text == low.to_string()
                    || *text == low.cast_signed().to_string()
            };
            if let Some(text) = value.t.as_ref().filter(|text| bits >= 1 << 16 && !as_number(text))
            {
                self.meanings.insert(bits, text.clone());
            }
        }
    }
}
