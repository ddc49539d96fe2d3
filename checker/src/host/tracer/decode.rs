//! What an instruction will read and write, told before it runs. Each is decoded once.

mod printed;

use std::collections::HashMap;
use std::rc::Rc;

use iced_x86::{
    Code, Decoder, DecoderOptions, FlowControl, Formatter, Instruction, InstructionInfoFactory,
    NasmFormatter, OpAccess, OpKind, RflagsBits,
};

use crate::host::tracer::ahead::Ahead;
use crate::host::tracer::process::Registers;
use crate::host::tracer::target::Target;
use crate::model::trace::{FLAGS, Register};

/// An instruction of the module.
#[derive(Clone, Debug)]
pub(super) struct Decoded {
    /// Where it is, as linked.
    pub(super) address: u64,
    /// Where the next one is.
    pub(super) next: u64,
    /// The file and line that made it; line 0 where that is not known.
    pub(super) place: (usize, u32),
    /// As a disassembler prints it.
    pub(super) text: String,
    pub(super) flow: Flow,
    pub(super) ahead: Ahead,
    /// Memory that it reads, then memory that it writes.
    pub(super) operands: Vec<Operand>,
    /// The general registers that it takes its values and addresses from, rsp aside, by the names
    /// that it has for them.
    pub(super) uses: Vec<String>,
    /// Registers that it writes, as bits by their index.
    pub(super) writes: u32,
    /// Flags that it defines, and flags that it leaves undefined.
    pub(super) flags: (u64, u64),
    /// Vector registers that it writes: bits by their numbers, and whether they are ymm.
    pub(super) vectors: (u16, bool),
    pub(super) special: Special,
}

impl Decoded {
    /// The slot that holds the address to which `call [rel x]` goes, as linked.
    pub(super) fn slot(&self) -> Option<u64> {
        let indirect = matches!(self.flow, Flow::Call(None) | Flow::Jump(None));
        let slot = self.operands.iter().find(|operand| operand.in_image && operand.reads);
        slot.filter(|_| indirect).map(|operand| operand.displacement)
    }
}

/// Where an instruction may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    /// With the address that it goes to, as linked, if the instruction itself says it.
    Call(Option<u64>),
    Jump(Option<u64>),
    ConditionalJump,
    Return,
}

/// What the tracer has to know beyond that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    None,
    /// A breakpoint of the learner's: a step over it looks like a step.
    Breakpoint,
    /// It stores the flags, and with them the trap flag by which we step.
    StoresFlags,
    /// It loads the flags from the stack.
    LoadsFlags,
    /// `rep movsb`: elements of this size, all in one step. Whether it reads `[rsi]`, and
    /// whether it writes `[rdi]`.
    Repeated {
        size: u64,
        reads: bool,
        writes: bool,
    },
    /// A shift or a rotation by as many bits of cl as this says, which leaves the flags alone
    /// if they are 0.
    ShiftByCl(u64),
    /// It is no instruction.
    Invalid,
}

/// A piece of memory that an instruction names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    base: Option<Register>,
    index: Option<Register>,
    scale: u64,
    displacement: u64,
    /// Whether `displacement` is an address of the module's, as linked.
    in_image: bool,
    thread_local: bool,
    /// In bytes.
    pub(super) size: usize,
    pub(super) reads: bool,
    pub(super) writes: bool,
}

impl Operand {
    /// Its address, before the instruction runs.
    pub(super) fn address(&self, registers: &Registers, image: u64) -> u64 {
        let mut address = self.displacement;
        for (register, scale) in [(self.base, 1), (self.index, self.scale)] {
            if let Some(register) = register {
                address = address.wrapping_add(registers.get(register).wrapping_mul(scale));
            }
        }
        if self.in_image {
            address = address.wrapping_add(image);
        }
        if self.thread_local {
            address = address.wrapping_add(registers.fs_base);
        }
        address
    }
}

/// The instructions of a module, as they are needed.
pub(super) struct Listing {
    known: HashMap<u64, Rc<Decoded>>,
    /// The names of the files that lines come from; the learner's own is the first.
    pub(super) files: Vec<String>,
    formatter: NasmFormatter,
    details: InstructionInfoFactory,
}

impl Listing {
    pub(super) fn new(target: &Target<'_>, file: &str) -> Self {
        Self {
            known: HashMap::new(),
            files: vec![file.to_owned()],
            formatter: printed::formatter(target),
            details: InstructionInfoFactory::new(),
        }
    }

    /// The instruction at the address, as linked.
    pub(super) fn at(&mut self, address: u64, target: &Target<'_>) -> Rc<Decoded> {
        if let Some(known) = self.known.get(&address) {
            return Rc::clone(known);
        }
        let decoded = Rc::new(self.decode(address, target));
        self.known.insert(address, Rc::clone(&decoded));
        decoded
    }

    /// The file and the line of an address.
    pub(super) fn place(&mut self, address: u64, target: &Target<'_>) -> (usize, u32) {
        let Some(line) = target.facts.lines.line(address) else { return (0, 0) };
        let known = self.files.iter().position(|file| **file == *line.file);
        let file = known.unwrap_or_else(|| {
            self.files.push(line.file.to_string());
            self.files.len() - 1
        });
        (file, line.line)
    }

    fn decode(&mut self, address: u64, target: &Target<'_>) -> Decoded {
        let bytes = target.facts.bytes_at(address).unwrap_or_default();
        let instruction = Decoder::with_ip(64, bytes, address, DecoderOptions::NONE).decode();
        let place = self.place(address, target);
        let text = printed::printed(&instruction, target, &mut self.formatter);
        let mut decoded = Decoded {
            address,
            next: instruction.next_ip(),
            place,
            text,
            flow: flow(&instruction),
            ahead: Ahead::of(&instruction),
            operands: Vec::new(),
            uses: Vec::new(),
            writes: 0,
            flags: flags(&instruction),
            vectors: (0, false),
            special: special(&instruction),
        };
        if decoded.special == Special::Invalid {
            return decoded;
        }
        let details = self.details.info(&instruction);
        let read = details.used_registers().iter().filter(|used| {
            !matches!(used.access(), OpAccess::Write | OpAccess::CondWrite)
                && general(used.register()).is_some_and(|register| register != Register::Rsp)
        });
        for used in read {
            let name = self.formatter.format_register(used.register());
            if !decoded.uses.iter().any(|known| known == name) {
                decoded.uses.push(name.to_owned());
            }
        }
        for used in details.used_registers() {
            if !matches!(
                used.access(),
                OpAccess::Write
                    | OpAccess::CondWrite
                    | OpAccess::ReadWrite
                    | OpAccess::ReadCondWrite
            ) {
                continue;
            }
            let register = used.register();
            if let Some(general) = general(register) {
                decoded.writes |= 1 << general.index();
            } else if register.is_vector_register() && register.number() < 16 {
                decoded.vectors.0 |= 1 << register.number();
            }
        }
        if matches!(decoded.special, Special::Repeated { .. }) {
            return decoded;
        }
        let wide = |operand| instruction.op_register(operand).is_ymm();
        decoded.vectors.1 = (0..instruction.op_count()).any(wide);
        decoded.operands = details.used_memory().iter().filter_map(operand).collect();
        decoded
    }
}

fn flow(instruction: &Instruction) -> Flow {
    match instruction.flow_control() {
        // A system call is one to iced, but it comes back by itself.
        FlowControl::Call if instruction.op0_kind() != OpKind::NearBranch64 => Flow::Next,
        FlowControl::Call => Flow::Call(Some(instruction.near_branch_target())),
        FlowControl::IndirectCall => Flow::Call(None),
        FlowControl::UnconditionalBranch => Flow::Jump(Some(instruction.near_branch_target())),
        FlowControl::IndirectBranch => Flow::Jump(None),
        FlowControl::Return => Flow::Return,
        FlowControl::ConditionalBranch => Flow::ConditionalJump,
        _ => Flow::Next,
    }
}

fn special(instruction: &Instruction) -> Special {
    let repeated = instruction.has_rep_prefix() || instruction.has_repne_prefix();
    if repeated && instruction.is_string_instruction() {
        use iced_x86::Mnemonic as M;
        let (reads, writes) = match instruction.mnemonic() {
            M::Movsb | M::Movsw | M::Movsd | M::Movsq => (true, true),
            M::Stosb | M::Stosw | M::Stosd | M::Stosq => (false, true),
            M::Lodsb | M::Lodsw | M::Lodsd | M::Lodsq => (true, false),
            M::Cmpsb | M::Cmpsw | M::Cmpsd | M::Cmpsq => (true, false),
            _ => (false, false),
        };
        let size = instruction.memory_size().size() as u64;
        return Special::Repeated { size, reads, writes };
    }
    match instruction.code() {
        Code::INVALID => Special::Invalid,
        Code::Int3 | Code::Int1 => Special::Breakpoint,
        Code::Int_imm8 if instruction.immediate8() == 3 => Special::Breakpoint,
        Code::Pushfq | Code::Pushfw => Special::StoresFlags,
        Code::Popfq | Code::Popfw | Code::Iretq => Special::LoadsFlags,
        _ if shifts_by_cl(instruction) => {
            let wide =
                instruction.op0_register().is_gpr64() || instruction.memory_size().size() == 8;
            Special::ShiftByCl(if wide { 63 } else { 31 })
        }
        _ => Special::None,
    }
}

fn shifts_by_cl(instruction: &Instruction) -> bool {
    use iced_x86::Mnemonic as M;
    let shifts = matches!(
        instruction.mnemonic(),
        M::Shl | M::Sal | M::Shr | M::Sar | M::Rol | M::Ror | M::Rcl | M::Rcr | M::Shld | M::Shrd
    );
    let last = instruction.op_count().saturating_sub(1);
    shifts && instruction.op_register(last) == iced_x86::Register::CL
}

/// Flags that it defines, and flags that it leaves undefined, as bits of rflags.
fn flags(instruction: &Instruction) -> (u64, u64) {
    let defined =
        instruction.rflags_written() | instruction.rflags_cleared() | instruction.rflags_set();
    (in_rflags(defined), in_rflags(instruction.rflags_undefined()))
}

fn in_rflags(bits: u32) -> u64 {
    // In the order of FLAGS.
    const ORDER: [u32; FLAGS.len()] = [
        RflagsBits::CF,
        RflagsBits::PF,
        RflagsBits::AF,
        RflagsBits::ZF,
        RflagsBits::SF,
        RflagsBits::DF,
        RflagsBits::OF,
    ];
    let here = ORDER.into_iter().zip(FLAGS).filter(|(theirs, _)| bits & theirs != 0);
    here.map(|(_, (_, bit))| bit).sum()
}

fn operand(used: &iced_x86::UsedMemory) -> Option<Operand> {
    use iced_x86::Register as R;
    let (reads, writes) = match used.access() {
        OpAccess::Read | OpAccess::CondRead => (true, false),
        OpAccess::Write | OpAccess::CondWrite => (false, true),
        OpAccess::ReadWrite | OpAccess::ReadCondWrite => (true, true),
        _ => return None,
    };
    let register = |register: R| match register {
        R::None | R::RIP => Some(None),
        other => general(other).map(Some),
    };
    Some(Operand {
        base: register(used.base())?,
        // A vector of indexes is left out: only AVX2's gathers have one.
        index: register(used.index())?,
        scale: u64::from(used.scale()),
        displacement: used.displacement(),
        // iced gives a rip-relative operand as an absolute one.
        in_image: used.base() == R::None && used.index() == R::None && used.segment() != R::FS,
        thread_local: used.segment() == R::FS,
        size: used.memory_size().size(),
        reads,
        writes,
    })
}

/// The 64-bit register that holds it, if it is a general one.
fn general(register: iced_x86::Register) -> Option<Register> {
    use iced_x86::Register as R;
    Some(match register.full_register() {
        R::RAX => Register::Rax,
        R::RBX => Register::Rbx,
        R::RCX => Register::Rcx,
        R::RDX => Register::Rdx,
        R::RSI => Register::Rsi,
        R::RDI => Register::Rdi,
        R::RBP => Register::Rbp,
        R::RSP => Register::Rsp,
        R::R8 => Register::R8,
        R::R9 => Register::R9,
        R::R10 => Register::R10,
        R::R11 => Register::R11,
        R::R12 => Register::R12,
        R::R13 => Register::R13,
        R::R14 => Register::R14,
        R::R15 => Register::R15,
        _ => return None,
    })
}
