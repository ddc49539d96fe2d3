//! The page that checker and guest share: what the guest's guard saw, and its last words.
//!
//! All of it is plain 64-bit words, because handlers and a few lines of assembly write it, and
//! because it has to outlive the guest. A hostile guest can write anything here, so every reader
//! treats it as a claim.

use bytemuck::{Pod, Zeroable};

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

/// What the guard saw around a call, or in a table that the module handed to CPython.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The function, as CPython or the linker calls it.
    pub name: String,
    /// An address of the module's: the function's, the call's return address, the table's.
    pub address: u64,
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A callee-saved register came back changed.
    RegisterLost {
        /// Its place in [`CALLEE_SAVED`].
        register: usize,
        /// What the caller had there.
        before: u64,
        /// What is there now.
        after: u64,
    },
    /// `rsp` came back off by so many bytes: after minus before.
    StackOff(i64),
    /// The direction flag came back set.
    DirectionSet,
    /// A floating-point control word came back changed.
    ControlWord {
        /// What it was: the x87 control word above the control bits of MXCSR.
        before: u64,
        /// What it is.
        after: u64,
    },
    /// NULL came back and no exception was set.
    NullWithoutException,
    /// A result came back while an exception was set; the name holds both.
    ResultWithException,
    /// The result is the address of no object.
    NoObject {
        /// What came back in rax.
        value: u64,
    },
    /// The result is an object that is freed already.
    FreedResult,
    /// The result is an argument, or None, without a reference of its own.
    BorrowedResult,
    /// References to an argument were given up that were the caller's.
    GaveUp {
        /// From 1.
        argument: usize,
        /// How many.
        times: u64,
    },
    /// A call out of the module with `rsp` that is no multiple of 16.
    Misaligned {
        /// The slot of the callee, relative to the image.
        slot: u64,
        /// `rsp` at the call, modulo 16.
        modulo: u64,
    },
    /// A call out of the module with the direction flag set.
    DirectionSetAtCall {
        /// The slot of the callee, relative to the image.
        slot: u64,
    },
    /// What follows the last good entry of a method table is neither an entry nor zero.
    TableWithoutEnd {
        /// How many entries are good.
        good: u64,
    },
    /// An entry of a method table is four bytes early: `ml_flags` lacks its padding.
    TableWithoutPadding {
        /// How many entries are good.
        good: u64,
    },
    /// A field of an entry of a method table makes no sense.
    EntryMakesNoSense {
        /// The entry, from 1.
        entry: u64,
        /// The field's offset in it.
        field: u64,
    },
    /// A module definition makes no sense; the value is the field's offset.
    DefinitionMakesNoSense {
        /// The offset of the first field that cannot be what it should.
        field: u64,
    },
    /// A call was given something else than a module definition of the module's.
    NoDefinition {
        /// The slot of the callee, relative to the image.
        slot: u64,
        /// What it was given.
        value: u64,
    },
    /// A call out of the module was given something that is no object.
    ArgumentIsNoObject {
        /// The slot of the callee, relative to the image.
        slot: u64,
        /// The argument's register, from 0: rdi, rsi, rdx, rcx, r8, r9.
        register: usize,
        /// What was there.
        value: u64,
    },
    /// A call out of the module was given an object that is freed already.
    ArgumentIsFreed {
        /// The slot of the callee, relative to the image.
        slot: u64,
        /// As above.
        register: usize,
    },
    /// A variadic call out of the module whose al is no count of vector registers.
    VectorCount {
        /// The slot of the callee, relative to the image.
        slot: u64,
        /// What al held.
        count: u64,
    },
    /// What is handed over as a text goes on, without a zero byte, to the end of its section. The
    /// address is the text's.
    TextWithoutEnd {
        /// The slot of the callee, relative to the image; 0 if it stands in a table.
        slot: u64,
        /// Where the call goes back to, relative to the image.
        returns_to: u64,
    },
    /// A variadic call out of the module whose al is less than its format has doubles.
    TooFewVectors {
        /// The slot of the callee, relative to the image.
        slot: u64,
        /// What al held.
        count: u64,
        /// How many vector registers the doubles take.
        wanted: u64,
    },
    /// More references were given up than made, by calls, to an object that the module names as
    /// CPython's own. It may have got others, so this is a suspicion.
    ImportedGivenUp {
        /// The object, which is at that address in every guest of the same CPython's.
        object: u64,
    },
    /// x87 registers came back in use.
    FloatStack {
        /// How many.
        used: u64,
    },
}

impl FaultKind {
    /// Whether it may be right, so that it is a fault only if something else says so.
    pub fn is_suspicion(&self) -> bool {
        matches!(self, Self::ImportedGivenUp { .. })
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

/// The name of a function that is called back, whatever its label.
pub const CALLBACK: &str = "the callback";

/// The registers that arguments travel in, in their order.
pub const ARGUMENTS: [&str; 6] = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"];

/// A [`Fault`] in words of 64 bits.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
pub struct FaultRecord {
    /// Its kind's number; 0 for none.
    pub kind: u64,
    /// As in [`Fault`].
    pub address: u64,
    /// The kind's first value.
    pub one: u64,
    /// The kind's second value.
    pub two: u64,
    /// The kind's third value.
    pub three: u64,
    /// As in [`Fault`], in UTF-8, cut and filled up with zeros.
    pub name: [u8; 64],
}

impl FaultRecord {
    /// The record of a fault.
    pub fn of(kind: FaultKind, name: &str, address: u64) -> Self {
        let (kind, one, two, three) = match kind {
            FaultKind::RegisterLost { register, before, after } => {
                (1, register as u64, before, after)
            }
            FaultKind::StackOff(bytes) => (2, bytes.cast_unsigned(), 0, 0),
            FaultKind::DirectionSet => (3, 0, 0, 0),
            FaultKind::ControlWord { before, after } => (4, before, after, 0),
            FaultKind::NullWithoutException => (5, 0, 0, 0),
            FaultKind::ResultWithException => (6, 0, 0, 0),
            FaultKind::Misaligned { slot, modulo } => (7, slot, modulo, 0),
            FaultKind::DirectionSetAtCall { slot } => (8, slot, 0, 0),
            FaultKind::TableWithoutEnd { good } => (9, good, 0, 0),
            FaultKind::TableWithoutPadding { good } => (10, good, 0, 0),
            FaultKind::EntryMakesNoSense { entry, field } => (11, entry, field, 0),
            FaultKind::DefinitionMakesNoSense { field } => (12, field, 0, 0),
            FaultKind::NoObject { value } => (13, value, 0, 0),
            FaultKind::FreedResult => (14, 0, 0, 0),
            FaultKind::BorrowedResult => (15, 0, 0, 0),
            FaultKind::GaveUp { argument, times } => (16, argument as u64, times, 0),
            FaultKind::NoDefinition { slot, value } => (17, slot, value, 0),
            FaultKind::ArgumentIsNoObject { slot, register, value } => {
                (18, slot, register as u64, value)
            }
            FaultKind::ArgumentIsFreed { slot, register } => (19, slot, register as u64, 0),
            FaultKind::VectorCount { slot, count } => (20, slot, count, 0),
            FaultKind::FloatStack { used } => (21, used, 0, 0),
            FaultKind::TextWithoutEnd { slot, returns_to } => (22, slot, returns_to, 0),
            FaultKind::ImportedGivenUp { object } => (23, object, 0, 0),
            FaultKind::TooFewVectors { slot, count, wanted } => (24, slot, count, wanted),
        };
        let mut record = Self { kind, address, one, two, three, name: [0; 64] };
        let length = name.len().min(record.name.len());
        record.name[..length].copy_from_slice(&name.as_bytes()[..length]);
        record
    }

    /// The fault of a record, if it is one.
    pub fn fault(&self) -> Option<Fault> {
        let (one, two, three) = (self.one, self.two, self.three);
        let argument =
            |index: u64| usize::try_from(index).ok().filter(|index| *index < ARGUMENTS.len());
        let kind = match self.kind {
            1 => FaultKind::RegisterLost {
                register: usize::try_from(one).ok().filter(|index| *index < CALLEE_SAVED.len())?,
                before: two,
                after: three,
            },
            2 => FaultKind::StackOff(one.cast_signed()),
            3 => FaultKind::DirectionSet,
            4 => FaultKind::ControlWord { before: one, after: two },
            5 => FaultKind::NullWithoutException,
            6 => FaultKind::ResultWithException,
            7 => FaultKind::Misaligned { slot: one, modulo: two },
            8 => FaultKind::DirectionSetAtCall { slot: one },
            9 => FaultKind::TableWithoutEnd { good: one },
            10 => FaultKind::TableWithoutPadding { good: one },
            11 => FaultKind::EntryMakesNoSense { entry: one, field: two },
            12 => FaultKind::DefinitionMakesNoSense { field: one },
            13 => FaultKind::NoObject { value: one },
            14 => FaultKind::FreedResult,
            15 => FaultKind::BorrowedResult,
            16 => FaultKind::GaveUp { argument: usize::try_from(one).ok()?, times: two },
            17 => FaultKind::NoDefinition { slot: one, value: two },
            18 => {
                FaultKind::ArgumentIsNoObject { slot: one, register: argument(two)?, value: three }
            }
            19 => FaultKind::ArgumentIsFreed { slot: one, register: argument(two)? },
            20 => FaultKind::VectorCount { slot: one, count: two },
            21 => FaultKind::FloatStack { used: one },
            22 => FaultKind::TextWithoutEnd { slot: one, returns_to: two },
            23 => FaultKind::ImportedGivenUp { object: one },
            24 => FaultKind::TooFewVectors { slot: one, count: two, wanted: three },
            _ => return None,
        };
        let name = String::from_utf8_lossy(&self.name);
        let name = name.split('\0').next().unwrap_or_default().to_owned();
        Some(Fault { kind, name, address: self.address })
    }
}
