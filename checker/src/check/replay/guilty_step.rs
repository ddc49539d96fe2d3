//! Which step of a recording has done it.

use crate::check::replay::Found;
use crate::check::replay::ledger::{Change, Ledger};
use crate::model::finding::Code;
use crate::model::trace::{Kind, Recording, Step};

/// The step that made a reference, or took a block of memory, that is left behind. What is left
/// in two runs at one address is no new object: a small int, or what the module keeps.
pub(super) fn leaked<'a>(before: &Recording, recording: &'a Recording) -> Option<Found<'a>> {
    let earlier: Vec<u64> = Ledger::of(before)?.kept().iter().map(|kept| kept.address).collect();
    let kept = Ledger::of(recording)?.kept();
    let left = kept.iter().find(|kept| !earlier.contains(&kept.address))?;
    let step = &recording.steps[left.step];
    let made = match (&step.back, &step.call) {
        (Some(back), _) => format!("What {} gave here", back.from),
        (_, Some(call)) => format!("The reference that {} made here", call.to),
        _ => "The reference that was made here".to_owned(),
    };
    let detail = format!("{made} was neither returned nor given up when the statement was done.");
    Some((step, Some(detail)))
}

/// The step that gives away a reference that is not its own.
pub(super) fn misowned(recording: &Recording, code: Code) -> Option<&Step> {
    let ledger = Ledger::of(recording)?;
    let step = |index: usize| &recording.steps[index];
    match code {
        Code::R002 => {
            all_at_one_line(ledger.overdrawn(Change::GivenUp).map(|entry| step(entry.step)))
        }
        Code::R006 => {
            all_at_one_line(ledger.overdrawn(Change::Returned).map(|entry| step(entry.step)))
        }
        // What is returned after its last reference is gone: the step that gave that up.
        _ => {
            let returned = ledger.overdrawn(Change::Returned).next()?;
            let earlier = ledger.entries.iter().take_while(|entry| entry.step < returned.step);
            let last = earlier.filter(|entry| entry.address == returned.address).last()?;
            (last.change == Change::GivenUp).then(|| step(last.step))
        }
    }
}

/// The step at which the fault happens: the return that breaks a rule, or the last instruction
/// before the CPU gave up.
pub(super) fn guilty(recording: &Recording, code: Code) -> Option<&Step> {
    let mut returns = recording.steps.iter().filter(|step| step.k == Kind::Instruction);
    let to_python = |step: &&Step| step.d == 0 && step.back.is_some();
    let is_null = |step: &&Step| {
        let result = step.back.as_ref().and_then(|back| back.result.as_ref());
        result.is_some_and(|result| result.v.0 == 0)
    };
    match code {
        Code::A001 | Code::A002 | Code::A003 | Code::A006 => {
            returns.find(|step| step.back.is_some() && !step.n.is_empty())
        }
        Code::V005 => all_at_one_line(returns.filter(to_python).filter(is_null)),
        Code::V006 | Code::V010 => all_at_one_line(returns.filter(to_python)),
        _ => {
            let signal = recording.steps.iter().position(|step| step.k == Kind::Signal)?;
            recording.steps[..signal].iter().rev().find(|step| step.k == Kind::Instruction)
        }
    }
}

/// The first of the steps, if all of them are at its line: of several calls in one statement the
/// recording does not say which one broke the rule.
pub(super) fn all_at_one_line<'a>(mut steps: impl Iterator<Item = &'a Step>) -> Option<&'a Step> {
    let first = steps.next()?;
    steps.all(|step| (step.f, step.l) == (first.f, first.l)).then_some(first)
}
