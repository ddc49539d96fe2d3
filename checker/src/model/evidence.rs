//! The page that checker and guest share: what the guest's guard saw, and its last words.
//!
//! All of it is plain 64-bit words, because handlers and a few lines of assembly write it, and
//! because it has to outlive the guest. A hostile guest can write anything here, so every reader
//! treats it as a claim.

mod fault;

use bytemuck::{Pod, Zeroable};

pub use fault::{CALLBACK, Fault, FaultKind, FaultRecord};

/// The general registers of a [`Crash`], in the order in which it keeps them.
pub const REGISTERS: [&str; 18] = [
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15", "rip", "eflags",
];

/// The places of `rsp` and `rip` in [`REGISTERS`].
const RSP: usize = 7;
const RIP: usize = 16;

/// How many words of the stack a [`Crash`] keeps.
pub const STACK_WORDS: usize = 256;

/// How many of them lie below `rsp`, where a `ret` has just taken its address from.
pub const WORDS_BELOW: usize = 16;

/// How many faults a guest can note: the first ones tell the story.
pub const MOST_FAULTS: usize = 32;

/// How many calls out of the module are remembered, a power of two.
pub const CALLS: usize = 64;

/// How deep calls into the module may be nested and still be told apart.
pub const DEPTH: usize = 64;

/// The shared page.
#[repr(C)]
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
pub struct Page {
    /// Where the learner's shared object is loaded, 0 before the import.
    pub image_base: u64,
    /// The lowest address that the main stack may grow to.
    pub stack_bottom: u64,
    /// How many faults were noted, also beyond [`MOST_FAULTS`].
    pub faults: u64,
    /// The first of them.
    pub fault: [FaultRecord; MOST_FAULTS],
    /// How many calls left the module.
    pub calls: u64,
    /// The last of them; call number `n` is at `n % CALLS`.
    pub call: [CallRecord; CALLS],
    /// How many calls into the module are under way.
    pub depth: u64,
    /// They, the outermost first.
    pub frame: [FrameRecord; DEPTH],
    /// The last words.
    pub crash: Crash,
}

impl Page {
    /// Its size in bytes.
    pub const BYTES: usize = size_of::<Self>();

    /// The page from its bytes.
    pub fn read(bytes: &[u8]) -> Box<Self> {
        let mut page = Box::new(Self::zeroed());
        let length = bytes.len().min(Self::BYTES);
        bytemuck::bytes_of_mut(&mut *page)[..length].copy_from_slice(&bytes[..length]);
        page
    }

    /// The faults that are noted, in the order in which they happened.
    pub fn records(&self) -> &[FaultRecord] {
        &self.fault[..usize::try_from(self.faults).unwrap_or(MOST_FAULTS).min(MOST_FAULTS)]
    }

    /// The calls into the module that are under way, the outermost first.
    pub fn frames(&self) -> &[FrameRecord] {
        &self.frame[..usize::try_from(self.depth).unwrap_or(0).min(DEPTH)]
    }

    /// The calls out of the module that are remembered, the newest first.
    pub fn calls_newest_first(&self) -> impl Iterator<Item = &CallRecord> {
        let kept = self.calls.min(CALLS as u64);
        (1..=kept).map(|back| {
            let index = (self.calls - back) % CALLS as u64;
            &self.call[usize::try_from(index).expect("an index below CALLS")]
        })
    }

    /// The call that had not come back: the newest one of the innermost call into the module.
    pub fn pending_call(&self) -> Option<&CallRecord> {
        let innermost = self.frames().last().map_or(0, |frame| frame.serial);
        self.calls_newest_first().find(|call| call.serial == innermost)
    }
}

/// One call out of the module, through the procedure linkage table or the offset table.
#[repr(C)]
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
pub struct CallRecord {
    /// The offset table's slot, relative to the image: it has the callee's name.
    pub slot: u64,
    /// The return address.
    pub returns_to: u64,
    /// `rsp` at the callee's first instruction.
    pub rsp: u64,
    /// `rflags` there.
    pub flags: u64,
    /// The call into the module that it belongs to.
    pub serial: u64,
    /// rdi, rsi, rdx, rcx, r8, r9
    pub arguments: [u64; 6],
}

/// One call into the module that is under way.
#[repr(C)]
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
pub struct FrameRecord {
    /// Its number, from 1.
    pub serial: u64,
    /// The function's address.
    pub function: u64,
    /// `rsp` at its first instruction, where the return address is.
    pub rsp: u64,
}

/// A guest's last words.
#[repr(C)]
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
pub struct Crash {
    /// The signal's number, or 0 for none.
    pub signal: u64,
    /// `si_code`
    pub code: u64,
    /// `si_addr`
    pub address: u64,
    /// The page fault's error code; bit 1 is a write, bit 4 an instruction fetch (Intel SDM,
    /// vol. 3, section 4.7).
    pub error: u64,
    /// The registers, in the order of [`REGISTERS`].
    pub registers: [u64; REGISTERS.len()],
    /// How many words of `stack` are filled.
    pub stack_words: u64,
    /// The stack's words from [`WORDS_BELOW`] words below `rsp` upwards.
    pub stack: [u64; STACK_WORDS],
}

impl Crash {
    /// The instruction pointer.
    pub fn rip(&self) -> u64 {
        self.registers[RIP]
    }

    /// The stack pointer.
    pub fn rsp(&self) -> u64 {
        self.registers[RSP]
    }

    /// The register of that name.
    pub fn register(&self, name: &str) -> Option<u64> {
        let index = REGISTERS.iter().position(|register| *register == name)?;
        Some(self.registers[index])
    }

    /// The stack's words from `rsp` upwards.
    pub fn stack(&self) -> &[u64] {
        let filled = usize::try_from(self.stack_words).unwrap_or(0).min(STACK_WORDS);
        self.stack.get(WORDS_BELOW..filled).unwrap_or_default()
    }

    /// The word that the last `pop` or `ret` has taken.
    pub fn just_popped(&self) -> Option<u64> {
        (self.stack_words >= WORDS_BELOW as u64).then(|| self.stack[WORDS_BELOW - 1])
    }
}

/// What the six of [`CALLEE_SAVED`] hold when the guard calls a function: values that are no
/// addresses (their upper bits differ), so that using one as a pointer fails at once, and that
/// are the same in every run, so that reports can be compared.
pub const MARKS: [u64; 6] = [
    0x5afe_00bb_5afe_00bb,
    0x5afe_00b9_5afe_00b9,
    0x5afe_0012_5afe_0012,
    0x5afe_0013_5afe_0013,
    0x5afe_0014_5afe_0014,
    0x5afe_0015_5afe_0015,
];

/// The callee-saved registers besides rsp, in the order of the guard's frames.
pub const CALLEE_SAVED: [&str; 6] = ["rbx", "rbp", "r12", "r13", "r14", "r15"];

/// The registers that arguments travel in, in their order.
pub const ARGUMENTS: [&str; 6] = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"];
