//! A recording of what a module's code did, step by step. It is also the file that `--json`
//! writes and the book plays: `book/src/appendix/trace_format.md` says what each field means.

mod memory;
mod register;
pub mod replay;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use memory::{Cell, Hex};
pub use register::{ALL_FLAGS, DIRECTION_FLAG, FLAGS, Register};

/// The version of the format that this file describes.
pub const VERSION: u32 = 1;

/// Where a recording says that the module is loaded, whatever the address was. Linux puts
/// nothing there of its own accord, and no small number looks like an address there.
pub const IMAGE_BASE: u64 = 0x6000_0000_0000;

/// Where a recording says that the stack ends: just above the first return address.
pub const STACK_TOP: u64 = 0x7fff_ffff_e000;

/// Everything that was recorded of one statement, or of one import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// [`VERSION`]
    pub v: u32,
    /// What Python ran: a statement, or `import multiply`.
    pub title: String,
    /// The CPython that ran it, `3.12.1`.
    pub python: String,
    /// The name of the learner's file, `ex05c.asm`.
    pub file: String,
    /// The number of the first line of `file` that ran, or 0.
    pub first: u32,
    /// The files that steps come from; the learner's own is the first.
    pub files: Vec<SourceFile>,
    /// The state before the first step.
    pub init: State,
    /// The part of the stack that was seen.
    pub stack: Range,
    /// Symbols of the module, by address; a slot of the global offset table is `got:` and the
    /// symbol whose address it holds.
    pub names: BTreeMap<Hex, String>,
    /// The instructions that ran, by address, and the one at which a signal came.
    pub code: BTreeMap<Hex, Instruction>,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// How many instructions of the module ran, those that were not kept included.
    pub count: u64,
    /// Why there are no more steps.
    pub end: End,
    /// Python's answer, as the prompt would print it; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// A source file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceFile {
    /// As nasm was given it, without folders.
    pub name: String,
    /// Its lines; none where they are not at hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// What registers and memory held.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Registers; one that is absent holds a value that says nothing.
    pub r: BTreeMap<Register, Hex>,
    /// Words of memory.
    pub m: Vec<Cell>,
}

/// Addresses from `lo` up to, and without, `hi`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The lowest.
    pub lo: Hex,
    /// The first above.
    pub hi: Hex,
}

/// An instruction of the module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instruction {
    /// The line that made it, from 1, or 0 where that is not known.
    pub l: u32,
    /// The line's file, as an index into `files`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub f: usize,
    /// The instruction as a disassembler prints it.
    pub i: String,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What kind of step it is; absent for an instruction that ran.
    #[serde(default, skip_serializing_if = "Kind::is_instruction")]
    pub k: Kind,
    /// The line, from 1, or 0.
    #[serde(default, skip_serializing_if = "is_zero_line")]
    pub l: u32,
    /// The line's file, as an index into `files`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub f: usize,
    /// How many calls deep, within the module; 0 for a function that Python called.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub d: usize,
    /// Registers that changed, with their new values. `rip` is what runs next.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub r: BTreeMap<Register, Hex>,
    /// Registers whose values say nothing from here on: C may have used them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub u: Vec<Register>,
    /// Flags that are undefined from here on, as bits of `flags`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uf: Option<Hex>,
    /// Vector registers that changed: `xmm0` with 32 hexadecimal digits, `ymm0` with 64.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub x: BTreeMap<String, String>,
    /// Memory that was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rd: Vec<Cell>,
    /// Memory that was written, with its new content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub w: Vec<Cell>,
    /// Of a conditional jump: whether it jumped, 1 or 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub j: Option<u8>,
    /// The function that Python calls here, of an `enter`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enter: Option<Enter>,
    /// The call that this instruction makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// What came back, of a `back` and of an instruction that goes back to Python.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Back>,
    /// The signal, of a `signal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// What addresses that were loaded are: Python objects, in Python's notation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub o: BTreeMap<Hex, String>,
    /// How many instructions were not kept, of a `gap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<u64>,
    /// Remarks: what is wrong here, in a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub n: Vec<String>,
}

/// What kind of step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An instruction ran.
    #[default]
    Instruction,
    /// Code outside the module called one of its functions.
    Enter,
    /// A call out of the module came back.
    Back,
    /// A signal came instead of the next instruction, or in a call.
    Signal,
    /// Here instructions were not kept.
    Gap,
}

impl Kind {
    fn is_instruction(&self) -> bool {
        *self == Self::Instruction
    }
}

/// A function of the module is entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enter {
    /// Its name: Python's, or the label.
    pub to: String,
    /// Its arguments, if its prototype is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<Value>>,
    /// Where Python was, the innermost frame first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub py: Vec<PythonFrame>,
}

/// A frame of Python's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonFrame {
    /// `<session>` for what the checker runs.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// The function, or `<module>`.
    pub name: String,
    /// Where the function begins.
    pub begins: u32,
    /// The line's text, where it is at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The function: its C name, its label, or its address.
    pub to: String,
    /// Whether it is the module's own, so that its steps follow.
    #[serde(default, skip_serializing_if = "is_false")]
    pub own: bool,
    /// Whether it is a jump, after which the called function goes back to our caller.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tail: bool,
    /// Its arguments, if its prototype is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<Value>>,
    /// `rsp % 16` before the call; the ABI wants 0.
    pub rsp: u8,
    /// The direction flag; the ABI wants 0.
    #[serde(default, skip_serializing_if = "is_zero_byte")]
    pub df: u8,
}

/// A function came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Back {
    /// The function.
    pub from: String,
    /// Its result, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
}

/// An argument or a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// The parameter's name, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub n: String,
    /// Where it travels: `rdi`, `xmm0`, `[rsp+8]`.
    pub at: String,
    /// Its bits.
    pub v: Hex,
    /// What it means: `8`, `"LL:multiply"`, `(2, 4)`, `new reference to 8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t: Option<String>,
}

/// A signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its number on Linux.
    pub number: i32,
    /// `SIGSEGV`
    pub name: String,
    /// The address that could not be used, of a SIGSEGV or SIGBUS that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Hex>,
    /// The registers that the instruction at which it came works with, by the names that it has
    /// for them; none where it came in a call, or after the instruction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<String>,
    /// The C function in which it came, if it was not in the module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// Where Python was, the innermost frame first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub py: Vec<PythonFrame>,
}

/// Why a recording ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "k", rename_all = "lowercase")]
pub enum End {
    /// Python went on and answered.
    Answered,
    /// A signal ended the process.
    Crashed {
        /// Its number.
        signal: i32,
    },
    /// The process exited.
    Exited {
        /// With this status.
        status: i32,
    },
    /// There was no answer in time.
    TimedOut,
    /// It took more steps than the recording was to have.
    TooLong,
    /// A `popf` set the trap flag, with which the CPU stops after each instruction.
    TrapFlag,
    /// It started a thread, which the tracer does not follow.
    Threads,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn is_zero_line(number: &u32) -> bool {
    *number == 0
}

fn is_zero_byte(number: &u8) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Recording {
    /// The line's text, trimmed at its end.
    pub fn text(&self, file: usize, line: u32) -> Option<&str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        Some(self.files.get(file)?.lines.get(index)?.trim_end())
    }

    /// Gives a file that steps come from its text.
    pub fn add_source(&mut self, name: &str, text: &str) {
        for file in self.files.iter_mut().filter(|file| file.name == name) {
            file.lines = text.lines().map(str::to_owned).collect();
        }
    }

    /// The symbol at or before an address of the module, and the distance from it.
    pub fn name(&self, address: u64) -> Option<(&str, u64)> {
        let mut before = self.names.range(..=Hex(address)).rev();
        let (start, name) = before.find(|(start, name)| {
            // A slot has eight bytes, and is nobody else's beginning.
            !name.starts_with("got:") || address - start.0 < 8
        })?;
        let within = address < IMAGE_BASE + (1 << 24);
        within.then(|| (name.as_str(), address - start.0))
    }

    /// Gives the frames of Python's that ran statements of a session their texts. `asked` is the
    /// statement that was traced, `earlier` those that ran before it: a function's line counts
    /// from the first line of the statement that defined it.
    pub fn add_python_source(&mut self, asked: &str, earlier: &[&str]) {
        let text = |frame: &PythonFrame| {
            let line = |source: &str, number: u32| {
                let index = usize::try_from(number).ok()?.checked_sub(1)?;
                source.lines().nth(index).map(|line| line.trim().to_owned())
            };
            let defines = |source: &&&str| {
                let first = line(source, frame.begins).unwrap_or_default();
                first.contains(&format!("def {}(", frame.name))
            };
            match frame.file.as_str() {
                "<session>" => {}
                _ => return None,
            }
            let source = earlier.iter().rev().find(defines).copied().unwrap_or(asked);
            line(source, frame.line)
        };
        for step in &mut self.steps {
            let entered = step.enter.iter_mut().flat_map(|enter| &mut enter.py);
            let frames = entered.chain(step.signal.iter_mut().flat_map(|signal| &mut signal.py));
            for frame in frames {
                frame.text = text(frame);
            }
        }
    }
}
