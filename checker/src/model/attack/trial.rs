//! What became of an attack program, without a sandbox and in it.

use serde::{Deserialize, Serialize};

use crate::model::attack::Attack;

/// One attack and what became of it.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The attack.
    pub attack: Attack,
    /// In throw-away surroundings, where nothing confines it.
    pub unconfined: Unconfined,
    /// In the sandbox.
    pub confined: Confined,
    /// What of the sandbox contains it alone; nothing where only all of it together does, or
    /// where nobody asked.
    pub by: Vec<&'static str>,
}

impl Trial {
    /// Whether it shows what the attack's head promises, or this machine cannot tell.
    pub fn is_fine(&self) -> bool {
        let works = !matches!(self.unconfined, Unconfined::DoesNothing(_));
        works && self.is_contained() != self.is_known()
    }

    /// Whether the sandbox contains it.
    pub fn is_contained(&self) -> bool {
        matches!(self.confined, Confined::Contained(_))
    }

    /// Whether it is known that the sandbox does not contain it.
    pub fn is_known(&self) -> bool {
        self.attack.gains.is_some()
    }
}

/// What came of an attack where nothing confines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unconfined {
    /// It does what it says.
    Works,
    /// The machine has not what the attack needs.
    NotHere(String),
    /// It was not tried, because nothing would keep it from the machine itself.
    NotTried,
    /// It does not do what it says, so that containing it shows nothing. What was seen instead.
    DoesNothing(String),
}

/// What came of an attack in the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confined {
    /// As it should be, and how.
    Contained(String),
    /// It worked, or ended in a way that was not foreseen. What was seen.
    Escaped(String),
}

/// All that was seen of one run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Observed {
    /// The codes of the findings for which the file was refused before it could run.
    pub refused: Vec<String>,
    /// What came last of the first guest.
    pub heard: Option<Heard>,
    /// What came last of the second guest.
    pub second: Option<Heard>,
    /// What the checker concluded, if it was asked to.
    pub judged: Option<Judged>,
    /// Whether tests inside the guest passed it.
    pub believed: bool,
    /// The answer and what was printed, as text.
    pub said: String,
    /// How much was printed, in bytes.
    pub printed: u64,
    /// Whether the interpreter that makes guests is gone.
    pub zygote_died: bool,
    /// What nasm did.
    pub nasm: Option<Nasm>,
    /// Whether the canary is not what it was.
    pub canary_changed: bool,
    /// The files that are there and were not.
    pub appeared: Vec<String>,
    /// Whether a signal ended the process in the checker's place.
    pub checker_died: bool,
    /// Whether it stood still.
    pub checker_stopped: bool,
    /// Whether a process was left.
    pub process_stays: bool,
}

/// What came of asking a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Heard {
    /// An answer: a number, if it is one.
    Answered(Option<i64>),
    /// An exception, of this type.
    Raised(String),
    /// The import raised this.
    ImportFailed(String),
    /// A signal ended the guest.
    Signal(i32),
    /// It exited with this status.
    Exited(i32),
    /// Nothing came in time.
    TimedOut,
    /// What came was no reply.
    BrokeProtocol,
}

/// The checker's conclusion.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Judged {
    /// Whether it passed.
    pub passed: bool,
    /// The findings' codes.
    pub codes: Vec<String>,
    /// What is wrong with the report, if something is.
    pub harm: Option<String>,
}

/// What nasm did with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nasm {
    /// How it ended.
    pub end: NasmEnd,
    /// The object and the messages, in bytes.
    pub written: u64,
    /// The most memory that it had, in megabytes.
    pub memory: u64,
    /// Whether the words are in the object.
    pub holds: bool,
}

/// How nasm ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NasmEnd {
    /// With an object.
    Made,
    /// With messages.
    Refused,
    /// By a limit or a deadline.
    Stopped,
}
