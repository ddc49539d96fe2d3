//! What a template is told of one run: a message of JSON to its socket, with two descriptors, the
//! run's output and its folder, and a third one if it is held to a Landlock ruleset. The answer is
//! the number of the process.

use std::ffi::{CStr, CString};

use serde::{Deserialize, Serialize};

use crate::confinement::Confinement;

/// The environment variable that has the number of a template's socket.
pub const SOCKET: &CStr = c"LAUNCHER_SOCKET";

/// The longest order, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// How many arguments a run may have, the program's name among them. A template is started with so
/// many, so that there is room for them on its stack.
pub const MOST_ARGUMENTS: usize = 40;

/// The status of a process that could not be confined. No assembler or linker uses it.
pub const NOT_CONFINED: i32 = 126;

/// One run of a tool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// What its process gives up.
    pub confinement: Confinement,
    /// Its arguments, the program's name first.
    pub arguments: Vec<CString>,
}
