//! What the guard notes, and whether that can be believed. The page that it writes on lies in the
//! learner's process, where a hostile module can write too.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::model::evidence::{Fault, FaultKind, FaultRecord, MARKS, MOST_FAULTS, Page};
use crate::model::finding::{Code, Finding};

/// What the page has said so far. It only ever grows, so a line of it that is gone or changed was
/// taken away by somebody else than the guard.
#[derive(Default)]
pub(super) struct Witness {
    seen: Vec<FaultRecord>,
}

impl Witness {
    /// Whether nothing was noted, as far as is known.
    pub(super) fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// The faults that were noted since the last time, or the finding that some are gone.
    pub(super) fn new_faults(&mut self, page: &Page) -> Result<Vec<Fault>, Box<Finding>> {
        let records = page.records();
        if !records.starts_with(&self.seen) {
            return Err(Box::new(tampered("what the checker noted of earlier calls is gone")));
        }
        let faults = records[self.seen.len()..].iter().filter_map(FaultRecord::fault).collect();
        self.seen = records.to_vec();
        Ok(faults)
    }

    /// After the guest has lost rbx on purpose and left this in it: the finding that nobody noticed.
    pub(super) fn control(&mut self, page: &Page, value: u64) -> Option<Box<Finding>> {
        let full = self.seen.len() == MOST_FAULTS;
        match self.new_faults(page) {
            Err(finding) => Some(finding),
            Ok(_) if full => None,
            Ok(faults) => {
                let lost = FaultKind::RegisterLost { register: 0, before: MARKS[0], after: value };
                let missed = !matches!(&faults[..], [only] if only.kind == lost);
                missed.then(|| Box::new(tampered("the guard around the module's calls is blind")))
            }
        }
    }
}

/// A number that nobody can guess.
pub(super) fn unguessable() -> u64 {
    // Random keys, from the system's randomness.
    RandomState::new().build_hasher().finish()
}

fn tampered(sentence: &str) -> Finding {
    Finding::new(Code::C010, sentence)
        .detail(
            "In the same process as your module, the checker keeps notes on its calls. Something \
             has written over them: a wild address, or a module that means to.",
        )
        .hint("which of your instructions write to memory, and to whose?")
}
