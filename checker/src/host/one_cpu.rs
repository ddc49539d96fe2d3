//! Two that take turns, held on one CPU: to wake somebody on another one takes an interrupt, and
//! in a virtual machine longer than the answer to most questions.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
use nix::unistd::Pid;

/// The calling thread and a process, held as long as this is.
#[derive(Debug)]
pub(crate) struct OneCpu {
    before: CpuSet,
    cpu: usize,
}

/// The calling thread, in the words of the system calls.
const SELF: Pid = Pid::from_raw(0);

/// The CPUs on which this process holds somebody: two pairs on one would leave another one idle.
static TAKEN: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

impl OneCpu {
    /// Holds both on the CPU that the thread is on, or on another one if that is taken; nothing
    /// where all are, or where the system does not allow it.
    pub(crate) fn hold(other: Pid) -> Option<Self> {
        let before = sched_getaffinity(SELF).ok()?;
        let Some(cpu) = take(&before) else {
            // It may still be where it was held before.
            let _ = sched_setaffinity(other, &before);
            return None;
        };
        // From here on, the CPU is given back when this is dropped.
        let turns = Self { before, cpu };
        let mut only = CpuSet::new();
        only.set(cpu).ok()?;
        sched_setaffinity(other, &only).ok()?;
        sched_setaffinity(SELF, &only).ok()?;
        Some(turns)
    }
}

impl Drop for OneCpu {
    fn drop(&mut self) {
        let _ = sched_setaffinity(SELF, &self.before);
        TAKEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.cpu);
    }
}

/// A CPU of these that nobody is held on: the one that the thread is on, if it can be had.
fn take(allowed: &CpuSet) -> Option<usize> {
    let here = sched_getcpu().ok()?;
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_free = |cpu: &usize| allowed.is_set(*cpu).unwrap_or(false) && !taken.contains(cpu);
    let cpu = std::iter::once(here).chain(0..CpuSet::count()).find(is_free)?;
    taken.insert(cpu);
    Some(cpu)
}
