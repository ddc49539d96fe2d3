//! Two that take turns, held on one CPU: to wake somebody on another one takes an interrupt, and
//! in a virtual machine longer than the answer to most questions.

use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
use nix::unistd::Pid;

/// The calling thread and a process, held as long as this is.
#[derive(Debug)]
pub(crate) struct OneCpu {
    before: CpuSet,
    held: CpuSet,
}

/// The calling thread, in the words of the system calls.
const SELF: Pid = Pid::from_raw(0);

impl OneCpu {
    /// Holds both on the CPU that the thread is on; nothing where the system does not allow it.
    pub(crate) fn hold(other: Pid) -> Option<Self> {
        let before = sched_getaffinity(SELF).ok()?;
        let mut held = CpuSet::new();
        held.set(sched_getcpu().ok()?).ok()?;
        sched_setaffinity(other, &held).ok()?;
        sched_setaffinity(SELF, &held).ok()?;
        Some(Self { before, held })
    }
}

impl Drop for OneCpu {
    fn drop(&mut self) {
        // Whoever was held before this one, and was let go first, has done it already.
        if sched_getaffinity(SELF).is_ok_and(|now| now == self.held) {
            let _ = sched_setaffinity(SELF, &self.before);
        }
    }
}
