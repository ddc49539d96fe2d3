//! The frames between the checker and its worker, and the page that a dying worker leaves.
//!
//! One frame is one `SOCK_SEQPACKET` message of JSON. The checker sends a request and gets
//! exactly one reply. Each request has a number that nobody can guess, and its reply repeats it:
//! what a module wrote to the descriptor beforehand answers nothing.

use serde::{Deserialize, Serialize};

use crate::model::isolation::Missing;
use crate::model::transcript::Answer;

/// The longest frame, in bytes. A `SOCK_SEQPACKET` message must fit the socket's send buffer,
/// 212,992 bytes by default on Linux (`net.core.wmem_default`).
pub const LONGEST_FRAME: usize = 128 * 1024;

/// The longest text of one answer, in bytes of JSON; a longer one is cut. An exception has two.
pub const LONGEST_TEXT: usize = 48 * 1024;

/// The exit status of a worker that could not read a request or send a reply.
pub const CANNOT_REPLY: i32 = 70;

/// A request or a reply, and the number that belongs to both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Numbered<T> {
    /// The checker draws it for each request.
    pub number: u64,
    /// The request or the reply.
    pub content: T,
}

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
    /// Import without the guard around the module's calls. Only the benchmark of the guard asks
    /// for this; no check does, and no command line leads here.
    Unguarded,
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
    /// Run the expressions among the statements so far again, a few times each, and measure what
    /// they leave behind.
    Repeat,
    /// Call a function that comes back with this in rbx, through the guard, which has to note it.
    /// Where it does not, something has been at the guard. Nobody can guess the number.
    Control(u64),
    /// Flush and exit.
    Bye,
}

/// What one run of a statement leaves behind, on average.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// Blocks of CPython's allocator: `sys.getallocatedblocks()`.
    pub blocks: f64,
    /// Bytes of the C library's: `uordblks` of `mallinfo2(3)`.
    pub bytes: f64,
    /// References to the values that stand in the statement, made and kept.
    pub kept: f64,
    /// References to those values that were given up and belonged to the statement.
    pub given_up: f64,
}

/// What a guest replies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// There will be no guard.
    Unguarded,
    /// The module is imported.
    Imported,
    /// A layer of the sandbox is not to be had; nothing of the module has run.
    NotConfined(Missing),
    /// The import raised.
    ImportFailed {
        /// The exception's type.
        type_name: String,
        /// Its message.
        message: String,
    },
    /// A statement's answer.
    Answered(Answer),
    /// For each statement so far what it leaves behind; nothing for one that is no expression, that
    /// takes long, or that did not have its turn.
    Repeated(Vec<Option<Left>>),
    /// The rule was broken.
    Controlled,
    /// The guest is about to exit.
    Bye,
}
