//! Where a guest was when it ended, in the learner's file, and what lies at an address.

use crate::check::crash::Scene;
use crate::host::image::SharedFacts;
use crate::model::evidence::CallRecord;
use crate::model::finding::Place;

/// The gap that Linux keeps free below a stack, in bytes (`stack_guard_gap`, 256 pages).
pub(super) const GUARD_GAP: u64 = 1024 * 1024;

const SIGTRAP: u64 = 5;
const SIGSYS: u64 = 31;

/// Where a guest was when it ended.
pub(super) enum Where<'a> {
    /// At an instruction of the learner's file, at this address as linked.
    At(u64, Place),
    /// In somebody else's code, in a call from the learner's file.
    CalledFrom(Place, Option<&'a CallRecord>),
    /// Behind the last instruction of the learner's file.
    PastTheEnd(Option<Place>),
    /// Nothing of the learner's is to be seen.
    Elsewhere,
}

impl<'a> Scene<'a> {
    pub(super) fn line(&self, address: u64) -> Option<Place> {
        self.places.of_code(address, self.facts)
    }

    pub(super) fn call_place(&self, call: &CallRecord) -> Option<Place> {
        self.line(call.returns_to.wrapping_sub(self.page.image_base).wrapping_sub(1))
    }

    pub(super) fn locate(&self) -> Where<'a> {
        let (page, facts) = (self.page, self.facts);
        if page.image_base == 0 {
            return Where::Elsewhere;
        }
        let own = |address: u64| address.checked_sub(page.image_base);
        // After a breakpoint rip is behind its one byte, after `syscall` behind its two.
        let behind = match self.crash.signal {
            SIGTRAP => 1,
            SIGSYS => 2,
            _ => 0,
        };
        if let Some(here) = own(self.crash.rip()).and_then(|rip| rip.checked_sub(behind)) {
            let guard = facts.label(here).is_some_and(|label| label == "workbook_guard");
            if facts.is_code(here)
                && !guard
                && let Some(place) = self.line(here)
            {
                return Where::At(here, place);
            }
            if guard || is_behind(here, facts) {
                return Where::PastTheEnd(self.last_line(here));
            }
        }
        if page.frames().is_empty() {
            return Where::Elsewhere;
        }
        if let Some(call) = page.pending_call()
            && let Some(place) = self.call_place(call)
        {
            return Where::CalledFrom(place, Some(call));
        }
        // A call that goes by no slot: the nearest word of the stack that is an address behind a
        // call of the learner's.
        let caller = self.crash.stack().iter().find_map(|word| {
            let here = own(*word)?;
            facts.is_behind_call(here).then(|| self.line(here - 1))?
        });
        match caller {
            Some(place) if place.text.is_some() => Where::CalledFrom(place, None),
            _ => Where::Elsewhere,
        }
    }

    /// The last line of the learner's before the address, which may be far behind the code: the
    /// zeros that fill its page up are instructions too.
    pub(super) fn last_line(&self, address: u64) -> Option<Place> {
        const FAR: u64 = 64;
        let ends = self.facts.code.iter().map(|(start, bytes)| start + bytes.len() as u64);
        let from = ends.filter(|end| *end <= address).max().unwrap_or(address);
        let from = if self.facts.is_code(address) { address } else { from };
        (1..=FAR)
            .filter_map(|back| self.line(from.checked_sub(back)?))
            .find(|place| place.text.is_some())
    }

    /// What lies at an address, as far as the learner's file has a name for it.
    pub(super) fn label_of(&self, address: u64) -> String {
        let own = address.wrapping_sub(self.page.image_base);
        let near_stack = address.abs_diff(self.crash.rsp()) < GUARD_GAP;
        if self.facts.is_code(own) {
            return match self.facts.label(own) {
                Some(label) => format!("The address is in your code, at `{label}`."),
                None => "The address is in your code.".to_owned(),
            };
        }
        match self.facts.data_label(own) {
            Some(label) if own < self.facts.end => {
                format!("The address is in your data, at `{label}`.")
            }
            _ if near_stack => "The address is on the stack.".to_owned(),
            _ => "The address is in memory that is not yours.".to_owned(),
        }
    }
}

/// Whether the address is in the page in which the code ends, behind its end.
fn is_behind(address: u64, facts: &SharedFacts) -> bool {
    const PAGE: u64 = 4096;
    facts.code.iter().any(|(start, bytes)| {
        let end = start + bytes.len() as u64;
        let to_next_page = end.wrapping_neg() % PAGE;
        address.checked_sub(end).is_some_and(|behind| behind < to_next_page + PAGE)
    })
}
