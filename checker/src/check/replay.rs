//! The line of a fault that the guard saw and cannot place: the statement runs once more, under
//! the tracer. Where the system allows no tracing, the finding says so.

mod halves;
mod ledger;
mod overrun;

use std::time::Duration;

use iced_x86::{FlowControl, Mnemonic};
use syscalls::Sysno;

use crate::check::midway;
use crate::check::replay::halves::Cuts;
use crate::check::replay::ledger::{Change, Ledger};
use crate::check::replay::overrun::Block;
use crate::check::{Built, Places, Task, faults, instruction};
use crate::host::tracer::{self, Bounds, Glue, NotTraced, Subject};
use crate::host::worker::Guest;
use crate::host::zygote::Zygote;
use crate::model::comparison::Compared;
use crate::model::finding::{Code, Finding, Place};
use crate::model::protocol::{Reply, Request};
use crate::model::trace::replay::Moment;
use crate::model::trace::{IMAGE_BASE, Kind, Recording, Register, Step};

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
        Code::C007,
        Code::C009,
        Code::C012,
        Code::C013,
        Code::C015,
        Code::C016,
    ];
    // Where CPython notices a block that was overrun is not where that happened.
    finding.code == Code::R004 || finding.place.is_none() && codes.contains(&finding.code)
}

/// A step, and what happened there.
type Found<'a> = (&'a Step, Option<String>);

/// What a replay has found.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// The line, if it is one of the learner's.
    pub(super) place: Option<Place>,
    /// What happened there, or why the replay could not tell, where that is worth a sentence.
    pub(super) detail: Option<String>,
    /// Whether the run shows that the finding is mistaken.
    pub(super) is_refuted: bool,
}

impl Placed {
    fn not_looked_for(error: &NotTraced) -> Self {
        match error {
            NotTraced::Refused(_) => {
                let detail = format!("Its line was not looked for: {error}; {}.", error.hint());
                Self { detail: Some(detail), ..Self::default() }
            }
            NotTraced::Io(_) => Self::default(),
        }
    }

    /// What happened is said of a line, and of none where there is none.
    fn or_nothing(self) -> Self {
        if self.place.is_some() { self } else { Self::default() }
    }
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
) -> anyhow::Result<Placed> {
    let file = format!("{}.asm", task.name);
    let python = zygote.hello()?.version.clone();
    let subject = subject(built, &file, &python);
    if finding.code == Code::V009 {
        let right = compared.map(Compared::halved).unwrap_or_default();
        return half(&right, statement, task, built, &subject, places, zygote);
    }
    if finding.code == Code::R004 {
        return overrun(statement, task, built, &subject, places, zygote);
    }
    let asked = guest_and_request(statement, task, built, zygote)?;
    let Some((mut guest, request)) = asked else { return Ok(Placed::default()) };
    let leak = matches!(finding.code, Code::R001 | Code::R003);
    let whole = leak || matches!(finding.code, Code::R002 | Code::R005 | Code::R006);
    let bounds = if whole { WHOLE } else { BOUNDS };
    let mut recordings = Vec::new();
    if leak {
        for _ in 0..WARM_UP {
            if guest.ask(&request, task.patience)?.is_err() {
                return Ok(Placed::default());
            }
        }
    }
    for _ in 0..if leak { 2 } else { 1 } {
        match tracer::record(&mut guest, &request, &subject, bounds) {
            Ok((recording, _)) => recordings.push(recording),
            Err(error) => return Ok(Placed::not_looked_for(&error)),
        }
    }
    if let [recording] = &recordings[..]
        && matches!(finding.code, Code::C007 | Code::C009 | Code::C016)
    {
        return Ok(ended(recording, built, &file, places));
    }
    let found = match &recordings[..] {
        [before, recording] => leaked(before, recording),
        [recording] => match finding.code {
            Code::R002 | Code::R005 | Code::R006 => {
                misowned(recording, finding.code).map(|step| (step, None))
            }
            code => guilty(recording, code).map(|step| (step, None)),
        },
        _ => None,
    };
    let (Some((step, detail)), Some(recording)) = (found, recordings.last()) else {
        return Ok(Placed::default());
    };
    let place = own_place(recording, step, &file, places);
    Ok(Placed { place, detail, ..Placed::default() }.or_nothing())
}

fn subject<'a>(built: &'a Built, file: &'a str, python: &'a str) -> Subject<'a> {
    Subject { shared: &built.shared, facts: &built.facts, file, python, glue: Glue::Passed }
}

/// The finding in the place of this one, if the CPU had come into the middle of an instruction
/// before: what it does from there on explains everything else.
pub(super) fn midway(
    finding: &Finding,
    statement: usize,
    task: &Task,
    built: &Built,
    places: Places<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Finding>> {
    let file = format!("{}.asm", task.name);
    let python = zygote.hello()?.version.clone();
    let asked = guest_and_request(statement, task, built, zygote)?;
    let Some((mut guest, request)) = asked else { return Ok(None) };
    let subject = subject(built, &file, &python);
    let Ok((recording, _)) = tracer::record(&mut guest, &request, &subject, WHOLE) else {
        return Ok(None);
    };
    let mut moment = Moment::first(&recording);
    let mut before: Option<(&Step, u64)> = None;
    for step in &recording.steps {
        let address = moment.get(Register::Rip).and_then(|rip| rip.checked_sub(IMAGE_BASE));
        let runs = matches!(step.k, Kind::Instruction | Kind::Signal);
        let landed = address.filter(|_| runs);
        let landed = landed.and_then(|address| midway::midway(address, &built.facts, places));
        if let (Some(landed), Some((jump, from))) = (landed, before) {
            let flow = instruction::at(from, &built.facts).map(|one| one.flow_control());
            let place = own_place(&recording, jump, &file, places);
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
pub(super) fn given_up(
    object: u64,
    statement: usize,
    task: &Task,
    built: &Built,
    places: Places<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Finding>> {
    let file = format!("{}.asm", task.name);
    let python = zygote.hello()?.version.clone();
    let asked = guest_and_request(statement, task, built, zygote)?;
    let Some((mut guest, request)) = asked else { return Ok(None) };
    if guest.ask(&request, task.patience)?.is_err() {
        return Ok(None);
    }
    let subject = subject(built, &file, &python);
    let Ok((recording, _)) = tracer::record(&mut guest, &request, &subject, WHOLE) else {
        return Ok(None);
    };
    let Some(ledger) = Ledger::of(&recording).filter(|ledger| ledger.balance(object) < 0) else {
        return Ok(None);
    };
    let overdrawn = ledger.overdrawn(Change::GivenUp).filter(|entry| entry.address == object);
    let steps = overdrawn.map(|entry| &recording.steps[entry.step]);
    let place = all_at_one_line(steps).and_then(|step| own_place(&recording, step, &file, places));
    Ok(place.map(|place| faults::given_up_unmade().at(Some(place))))
}

/// Where a number loses its upper half: in the statement that shows it, or in one shortly before,
/// if the number that is right was there and was cut.
fn half(
    right: &[i128],
    statement: usize,
    task: &Task,
    built: &Built,
    subject: &Subject<'_>,
    places: Places<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Placed> {
    const EARLIER: usize = 3;
    let mut is_refuted = false;
    for index in (0..=statement).rev().take(1 + EARLIER) {
        let asked = guest_and_request(index, task, built, zygote)?;
        let Some((mut guest, request)) = asked else { continue };
        let recording = match tracer::record(&mut guest, &request, subject, WHOLE) {
            Ok((recording, _)) => recording,
            Err(error) => return Ok(Placed::not_looked_for(&error)),
        };
        let whole = recording.steps.iter().all(|step| step.k != Kind::Gap);
        let cuts = halves::find(&recording, &built.facts, right);
        is_refuted |= index == statement && whole && !cuts.is_possible;
        // What another statement cuts is of interest only if it stays behind.
        let found = match cuts {
            Cuts { exact: Some(found), .. } if index == statement || cuts.is_kept => Some(found),
            Cuts { first, .. } if index == statement => first,
            _ => None,
        };
        if let Some((step, detail)) = found {
            let place = own_place(&recording, step, subject.file, places);
            return Ok(Placed { place, detail, ..Placed::default() }.or_nothing());
        }
    }
    Ok(Placed { is_refuted, ..Placed::default() })
}

/// Where a block was overrun: in the statement at which CPython noticed, or shortly before. Guests
/// of one zygote that are asked the same have their blocks at the same addresses.
fn overrun(
    statement: usize,
    task: &Task,
    built: &Built,
    subject: &Subject<'_>,
    places: Places<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Placed> {
    const EARLIER: usize = 3;
    let mut block = None;
    for index in (0..=statement).rev().take(1 + EARLIER) {
        let asked = guest_and_request(index, task, built, zygote)?;
        let Some((mut guest, request)) = asked else { continue };
        let recording = match tracer::record(&mut guest, &request, subject, WHOLE) {
            Ok((recording, _)) => recording,
            Err(error) => return Ok(Placed::not_looked_for(&error)),
        };
        let Some(known) = block.or_else(|| Block::printed(&guest.printed().ok()?)) else { break };
        block = Some(known);
        if let Some((step, detail)) = overrun::find(&recording, known, &built.facts) {
            let place = own_place(&recording, step, subject.file, places);
            return Ok(Placed { place, detail, ..Placed::default() }.or_nothing());
        }
    }
    Ok(Placed::default())
}

/// Where a process ended without a word: in a call that does not come back, or at a system call of
/// the learner's own, which is the instruction that the CPU was to run next.
fn ended(recording: &Recording, built: &Built, file: &str, places: Places<'_>) -> Placed {
    let last = recording.steps.iter().rfind(|step| step.k != Kind::Gap);
    if let Some(step) = last.filter(|step| step.call.as_ref().is_some_and(|call| !call.own)) {
        let place = own_place(recording, step, file, places);
        return Placed { place, ..Placed::default() };
    }
    let moment = Moment::after(recording, recording.steps.len());
    let next = || {
        let address = moment.get(Register::Rip)?.checked_sub(IMAGE_BASE)?;
        let place = places.of_own_code(address, &built.facts);
        Some((instruction::at(address, &built.facts)?, place))
    };
    let Some((asks, place)) = next().filter(|(one, _)| instruction::is_system_call(one)) else {
        return Placed::default();
    };
    let number = moment.get(Register::Rax).and_then(|rax| usize::try_from(rax).ok());
    let name = number.and_then(Sysno::new).filter(|_| asks.mnemonic() == Mnemonic::Syscall);
    let detail = name.map(|name| format!("The system call of this line is `{}`.", name.name()));
    Placed { place, detail, ..Placed::default() }.or_nothing()
}

/// The place of a step, if it is in the learner's file.
fn own_place(recording: &Recording, step: &Step, file: &str, places: Places<'_>) -> Option<Place> {
    let name = &recording.files.get(step.f)?.name;
    (step.l > 0 && name == file).then(|| places.place(name, step.l))
}

/// A guest that was asked everything before the statement of that index, and the request for it.
fn guest_and_request(
    statement: usize,
    task: &Task,
    built: &Built,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<(Guest, Request)>> {
    let Some(asked) = task.statements.get(statement) else { return Ok(None) };
    let request = Request::Ask { source: asked.source.clone() };
    Ok(guest_before(statement, task, built, zygote)?.map(|guest| (guest, request)))
}

/// A guest that was asked everything before the statement of that index.
fn guest_before(
    statement: usize,
    task: &Task,
    built: &Built,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Guest>> {
    let mut guest = zygote.guest()?;
    if !matches!(guest.ask(&task.import(built), task.patience)?, Ok(Reply::Imported)) {
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
