//! The line of a fault that the guard saw and cannot place: the statement runs once more, under
//! the tracer. Where the system allows no tracing, the finding stays without a line.

mod halves;
mod ledger;

use std::time::Duration;

use crate::check::replay::ledger::{Change, Ledger};
use crate::check::{Built, Places, Task};
use crate::host::tracer::{self, Bounds, Glue, Subject};
use crate::host::worker::Guest;
use crate::host::zygote::Zygote;
use crate::model::comparison::Compared;
use crate::model::finding::{Code, Finding, Place};
use crate::model::protocol::{Reply, Request};
use crate::model::trace::{Kind, Recording, Step};

/// What a replay may take: a loop is looked at from its ends.
const BOUNDS: Bounds =
    Bounds { first: 50, last: 2000, steps: 100_000, wall: Duration::from_secs(5) };

/// What a replay may take that has to see every step.
const WHOLE: Bounds = Bounds { first: 100_000, ..BOUNDS };

/// How often a statement runs before its leak is looked for: what it makes once is there then.
const WARM_UP: usize = 2;

/// Whether a replay can find the line of the finding.
pub(super) fn can_place(finding: &Finding) -> bool {
    let codes = [
        Code::A001,
        Code::A002,
        Code::A003,
        Code::A006,
        Code::R001,
        Code::R002,
        Code::R003,
        Code::R005,
        Code::R006,
        Code::V005,
        Code::V006,
        Code::V009,
        Code::V010,
        Code::C012,
        Code::C013,
        Code::C015,
    ];
    finding.place.is_none() && codes.contains(&finding.code)
}

/// A step, and what happened there.
type Found<'a> = (&'a Step, Option<String>);

/// A line, and what happened there if that is worth a sentence.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) place: Place,
    pub(super) detail: Option<String>,
}

/// The place of the finding that the statement of that index has brought up. `compared` is what
/// came of it, if it was asked by itself.
pub(super) fn place(
    finding: &Finding,
    statement: usize,
    compared: Option<&Compared>,
    task: &Task,
    built: &Built,
    places: Places<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Placed>> {
    let file = format!("{}.asm", task.name);
    let python = zygote.hello()?.version.clone();
    let subject = Subject {
        shared: &built.shared,
        facts: &built.facts,
        file: &file,
        python: &python,
        glue: Glue::Passed,
    };
    let Some(mut guest) = guest_before(statement, task, built, zygote)? else { return Ok(None) };
    let Some(source) = task.statements.get(statement).map(|one| one.source.clone()) else {
        return Ok(None);
    };
    let request = Request::Ask { source };
    let leak = matches!(finding.code, Code::R001 | Code::R003);
    let whole = leak || matches!(finding.code, Code::R002 | Code::R005 | Code::R006 | Code::V009);
    let bounds = if whole { WHOLE } else { BOUNDS };
    let record = |guest: &mut Guest| {
        tracer::record(guest, &request, &subject, bounds).ok().map(|(recording, _)| recording)
    };
    let mut before = None;
    if leak {
        for _ in 0..WARM_UP {
            if guest.ask(&request, task.patience)?.is_err() {
                return Ok(None);
            }
        }
        before = record(&mut guest);
    }
    let Some(recording) = record(&mut guest) else { return Ok(None) };
    let found = match (finding.code, &before) {
        (Code::R001 | Code::R003, before) => {
            before.as_ref().and_then(|before| leaked(before, &recording))
        }
        (Code::R002 | Code::R005 | Code::R006, _) => {
            misowned(&recording, finding.code).map(|step| (step, None))
        }
        (Code::V009, _) => {
            let right = compared.map(Compared::halved).unwrap_or_default();
            halves::find(&recording, &built.facts, &right)
        }
        (code, _) => guilty(&recording, code).map(|step| (step, None)),
    };
    let Some((step, detail)) = found else { return Ok(None) };
    let name = recording.files.get(step.f).map_or("", |file| &file.name);
    let own = step.l > 0 && name == file;
    Ok(own.then(|| Placed { place: places.place(name, step.l), detail }))
}

/// A guest that was asked everything before the statement of that index.
fn guest_before(
    statement: usize,
    task: &Task,
    built: &Built,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Guest>> {
    let mut guest = zygote.guest()?;
    let import = Request::Import {
        path: built.shared.to_string_lossy().into_owned(),
        module: task.module.clone(),
    };
    if !matches!(guest.ask(&import, task.patience)?, Ok(Reply::Imported)) {
        return Ok(None);
    }
    for earlier in task.statements.iter().take(statement) {
        let request = Request::Ask { source: earlier.source.clone() };
        if guest.ask(&request, task.patience)?.is_err() {
            return Ok(None);
        }
    }
    Ok(Some(guest))
}

/// The step that made a reference, or took a block of memory, that is left behind. What is left
/// in two runs at one address is no new object: a small int, or what the module keeps.
fn leaked<'a>(before: &Recording, recording: &'a Recording) -> Option<Found<'a>> {
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
fn misowned(recording: &Recording, code: Code) -> Option<&Step> {
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
fn guilty(recording: &Recording, code: Code) -> Option<&Step> {
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
fn all_at_one_line<'a>(mut steps: impl Iterator<Item = &'a Step>) -> Option<&'a Step> {
    let first = steps.next()?;
    steps.all(|step| (step.f, step.l) == (first.f, first.l)).then_some(first)
}
