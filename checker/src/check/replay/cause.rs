//! Findings that a recording shows, each in the place of others that are what came of it.

use iced_x86::FlowControl;

use crate::check::replay::WHOLE;
use crate::check::replay::guilty_step::all_at_one_line;
use crate::check::replay::ledger::{Change, Ledger};
use crate::check::replay::rerun::{Rerun, own_place};
use crate::check::{Case, faults, instruction, midway};
use crate::host::zygote::Zygote;
use crate::model::finding::Finding;
use crate::model::trace::replay::Moment;
use crate::model::trace::{IMAGE_BASE, Kind, Register, Step};

/// The finding in the place of this one, if the CPU had come into the middle of an instruction
/// before: what it does from there on explains everything else.
pub(in crate::check) fn midway(
    finding: &Finding,
    statement: usize,
    case: Case<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Finding>> {
    let (facts, places) = (&case.built.facts, case.places);
    let Some(mut rerun) = Rerun::of(statement, case, zygote)? else { return Ok(None) };
    let Ok(recording) = rerun.record(WHOLE) else { return Ok(None) };
    let mut moment = Moment::first(&recording);
    let mut before: Option<(&Step, u64)> = None;
    for step in &recording.steps {
        let address = moment.get(Register::Rip).and_then(|rip| rip.checked_sub(IMAGE_BASE));
        let runs = matches!(step.k, Kind::Instruction | Kind::Signal);
        let landed = address.filter(|_| runs);
        let landed = landed.and_then(|address| midway::midway(address, facts, places));
        if let (Some(landed), Some((jump, from))) = (landed, before) {
            let flow = instruction::at(from, facts).map(|one| one.flow_control());
            let place = own_place(&recording, jump, places);
            let led = flow.filter(|flow| *flow != FlowControl::Next && place.is_some());
            return Ok(led.map(|flow| landed.finding(flow, place, finding)));
        }
        before = address.filter(|_| step.k == Kind::Instruction).map(|address| (step, address));
        moment.apply(&recording, step);
    }
    Ok(None)
}

/// The finding about references to the object that the statement gives up and that nobody has
/// made, if its accounts say so. What was kept from an earlier call is given up by the first run.
pub(in crate::check) fn given_up(
    object: u64,
    statement: usize,
    case: Case<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Finding>> {
    let Some(mut rerun) = Rerun::of(statement, case, zygote)? else { return Ok(None) };
    if !rerun.answers()? {
        return Ok(None);
    }
    let Ok(recording) = rerun.record(WHOLE) else { return Ok(None) };
    let Some(ledger) = Ledger::of(&recording).filter(|ledger| ledger.balance(object) < 0) else {
        return Ok(None);
    };
    let overdrawn = ledger.overdrawn(Change::GivenUp).filter(|entry| entry.address == object);
    let steps = overdrawn.map(|entry| &recording.steps[entry.step]);
    let place = all_at_one_line(steps).and_then(|step| own_place(&recording, step, case.places));
    Ok(place.map(|place| faults::given_up_unmade().at(Some(place))))
}
