//! What the walls around a guest and around nasm and ld have in common: a Landlock
//! ruleset to begin with, and the parts of a seccomp filter. Both sides build their own of it.

mod filter;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreated, Scope,
};
use seccompiler::{BackendError, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};

pub(crate) use filter::{Calls, filter};

use crate::model::isolation::{Layer, Missing};

/// The newest Landlock whose rights are asked for; an older kernel takes those that it knows.
pub(crate) const LANDLOCK: ABI = ABI::V7;

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
