//! What the walls around a guest and around nasm and ld have in common: capabilities, a Landlock
//! ruleset to begin with, and the parts of a seccomp filter. Both sides build their own of it.

mod filter;

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreated, Scope,
};
use seccompiler::{BackendError, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};

pub(crate) use filter::{Calls, filter};

use crate::model::isolation::{Layer, Missing};

/// The newest Landlock whose rights are asked for; an older kernel takes those that it knows.
pub(crate) const LANDLOCK: ABI = ABI::V7;

/// Gives up every capability for good. The bounding set stays: without new privileges, no
/// program can take anything from it.
pub(crate) fn drop_capabilities() -> io::Result<()> {
    // struct __user_cap_header_struct and __user_cap_data_struct[2] of <linux/capability.h>.
    const VERSION_3: u32 = 0x2008_0522;
    let header: [u32; 2] = [VERSION_3, 0];
    let none: [u32; 6] = [0; 6];
    // SAFETY: both calls read what they are given.
    unsafe {
        if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
            || libc::syscall(libc::SYS_capset, header.as_ptr(), none.as_ptr()) != 0
        {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// A Landlock ruleset that allows nothing yet. Its making fails where the kernel has no Landlock.
pub(crate) fn ruleset() -> Result<RulesetCreated, Missing> {
    // The first version's rights are a must, the newer ones are taken where they are.
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .map(|rules| rules.set_compatibility(CompatLevel::BestEffort))
        .and_then(|rules| rules.handle_access(AccessFs::from_all(LANDLOCK)))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(LANDLOCK)))
        .and_then(|rules| rules.scope(Scope::from_all(LANDLOCK)))
        .and_then(Ruleset::create)
        .map_err(|error| Missing::new(Layer::Landlock, error))
}

/// Holds the thread to a ruleset from here on, by system calls alone: the crate's way to do so
/// uses the ruleset up, in a process that may share its memory with another one.
pub(crate) fn restrict(ruleset: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: both calls take integers.
    unsafe {
        if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
            || libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0) != 0
        {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Calls that are meant whatever their arguments.
pub(crate) fn always(calls: impl IntoIterator<Item = i64>) -> Calls {
    calls.into_iter().map(|call| (call, Vec::new())).collect()
}

/// The one way in which a call is meant: all of the conditions hold.
pub(crate) fn only(conditions: Vec<SeccompCondition>) -> Result<Vec<SeccompRule>, BackendError> {
    Ok(vec![SeccompRule::new(conditions)?])
}

/// That the lower half of an argument, counted from 0, is this, is not this, ….
pub(crate) fn half(
    argument: u8,
    comparison: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, comparison, value)
}

/// That all 64 bits of an argument, counted from 0, are this.
pub(crate) fn whole(argument: u8, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, value)
}
