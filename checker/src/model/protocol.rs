//! The frames between the checker and its worker, and the page that a dying worker leaves.
//!
//! One frame is one `SOCK_SEQPACKET` message of JSON. The checker sends a request and gets
//! exactly one reply; a frame too many or out of turn is a broken protocol.

use serde::{Deserialize, Serialize};

use crate::model::transcript::Answer;

/// The longest frame, in bytes. A `SOCK_SEQPACKET` message must fit the socket's send buffer,
/// 212,992 bytes by default on Linux (`net.core.wmem_default`).
pub const LONGEST_FRAME: usize = 128 * 1024;

/// The longest text of one answer, in bytes; a longer one is cut.
pub const LONGEST_TEXT: usize = 48 * 1024;

/// What the zygote says of itself, once, when it is ready.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hello {
    /// `sys.version_info` as `3.13.0`.
    pub version: String,
    /// `sys.executable`.
    pub executable: String,
}

/// What the checker asks of a guest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Load the shared object and run its `PyInit`.
    Import {
        /// The shared object's path.
        path: String,
        /// The module's name.
        module: String,
    },
    /// Run one statement.
    Ask {
        /// Python source.
        source: String,
    },
    /// Flush and exit.
    Bye,
}

/// What a guest replies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// The module is imported.
    Imported {
        /// What the ABI guard saw while `PyInit` ran.
        faults: Vec<Fault>,
    },
    /// The import raised.
    ImportFailed {
        /// The exception's type.
        type_name: String,
        /// Its message.
        message: String,
    },
    /// A statement's answer.
    Answered {
        /// The answer.
        answer: Answer,
        /// What the ABI guard saw while it ran.
        faults: Vec<Fault>,
    },
    /// The guest is about to exit.
    Bye,
}

/// One breach of the calling convention or of the C API's, seen around a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// A callee-saved register came back changed.
    RegisterLost {
        /// The Python-visible name of the function.
        function: String,
        /// `rbx`
        register: String,
        /// What the caller had there.
        before: u64,
        /// What is there now.
        after: u64,
    },
    /// `rsp` came back off by so many bytes.
    StackOff {
        /// The Python-visible name of the function.
        function: String,
        /// After minus before.
        bytes: i64,
    },
    /// The direction flag came back set.
    DirectionSet {
        /// The Python-visible name of the function.
        function: String,
    },
    /// NULL came back and no exception was set.
    NullWithoutException {
        /// The Python-visible name of the function.
        function: String,
    },
    /// A result came back while an exception was set.
    ResultWithException {
        /// The Python-visible name of the function.
        function: String,
        /// The exception's type.
        exception: String,
    },
}

/// The general registers of a [`Crash`], in the order in which it keeps them.
pub const REGISTERS: [&str; 18] = [
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15", "rip", "eflags",
];

/// How many words of the stack a [`Crash`] keeps, from `rsp` upwards.
pub const STACK_WORDS: usize = 256;

/// The page that checker and guest share, as 64-bit words. The guest's signal handler fills it;
/// it outlives the guest. A hostile guest can write anything here, so every reader treats it as
/// a claim.
#[repr(C)]
#[derive(Clone, Debug)]
pub struct Crash {
    /// The signal's number, or 0 for none.
    pub signal: u64,
    /// `si_code`
    pub code: u64,
    /// `si_addr`
    pub address: u64,
    /// Where the learner's shared object is loaded, 0 before the import.
    pub image_base: u64,
    /// The lowest address that the main stack may grow to.
    pub stack_bottom: u64,
    /// How many words of `stack` are filled.
    pub stack_words: u64,
    /// The registers, in the order of [`REGISTERS`].
    pub registers: [u64; REGISTERS.len()],
    /// The stack's words from `rsp` upwards.
    pub stack: [u64; STACK_WORDS],
}

impl Crash {
    /// The size of the shared page's content, in bytes.
    pub const BYTES: usize = size_of::<Self>();

    /// The page from its bytes.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let (words, _) = bytes.as_chunks::<8>();
        let mut words = words.iter().map(|word| u64::from_le_bytes(*word));
        let mut next = || words.next().expect("the page has its size");
        Self {
            signal: next(),
            code: next(),
            address: next(),
            image_base: next(),
            stack_bottom: next(),
            stack_words: next(),
            registers: std::array::from_fn(|_| next()),
            stack: std::array::from_fn(|_| next()),
        }
    }

    /// The instruction pointer.
    pub fn rip(&self) -> u64 {
        self.registers[16]
    }

    /// The stack pointer.
    pub fn rsp(&self) -> u64 {
        self.registers[7]
    }

    /// The filled part of the stack.
    pub fn stack(&self) -> &[u64] {
        &self.stack[..usize::try_from(self.stack_words).unwrap_or(0).min(STACK_WORDS)]
    }
}
