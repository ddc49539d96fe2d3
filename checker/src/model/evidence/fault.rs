//! The faults that the guard can see, and how one is written into the page and read from it.

use bytemuck::{Pod, Zeroable};

use crate::model::evidence::{ARGUMENTS, CALLEE_SAVED};

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
    /// A call out of the module was given an object that is no tuple, and takes one there.
    ArgumentIsNoTuple {
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

/// The name of a function that is called back, whatever its label.
pub const CALLBACK: &str = "the callback";

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
            FaultKind::ArgumentIsNoTuple { slot, register } => (25, slot, register as u64, 0),
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
            25 => FaultKind::ArgumentIsNoTuple { slot: one, register: argument(two)? },
            _ => return None,
        };
        let name = String::from_utf8_lossy(&self.name);
        let name = name.split('\0').next().unwrap_or_default().to_owned();
        Some(Fault { kind, name, address: self.address })
    }
}
