//! What the checker concludes of one exercise.

use crate::model::comparison::Compared;
use crate::model::finding::Finding;

/// How far a file came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// nasm refused it.
    NotAssembled,
    /// It cannot be made a shared object that Python may load.
    NotLinked,
    /// Python could not import it.
    NotImported,
    /// Its process died.
    Crashed,
    /// It gave no answer in time.
    TimedOut,
    /// It answers, and something in the answers or the calls is wrong.
    Differs,
    /// Every answer is as expected.
    Passed,
}

impl Outcome {
    /// The outcome in two or three words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::NotAssembled => "not assembled",
            Self::NotLinked => "not linked",
            Self::NotImported => "not imported",
            Self::Crashed => "crashed",
            Self::TimedOut => "timed out",
            Self::Differs => "differs",
            Self::Passed => "passed",
        }
    }
}

/// The conclusion on one file, on one CPython.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How far it came.
    pub outcome: Outcome,
    /// The faults, root cause first; empty when it passed.
    pub findings: Vec<Finding>,
    /// The statements that were asked, in order.
    pub asked: Vec<Compared>,
    /// How many statements the session has.
    pub statements: usize,
    /// The statement that brought up the first finding, by its index; nothing where that was
    /// before all statements.
    pub first: Option<usize>,
    /// What the module wrote to its standard output and error, cut to 64 KiB.
    pub printed: String,
}

impl Verdict {
    /// A verdict from before anything was asked.
    pub fn stopped(outcome: Outcome, findings: Vec<Finding>) -> Self {
        Self {
            outcome,
            findings,
            asked: Vec::new(),
            statements: 0,
            first: None,
            printed: String::new(),
        }
    }

    /// Whether the exercise is solved.
    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Passed
    }
}
