//! The line of a fault that the guard saw and cannot place: the statement runs once more, under
//! the tracer. Where the system allows no tracing, the finding says so.

mod cause;
mod guilty_step;
mod halves;
mod ledger;
mod overrun;
mod rerun;

use std::time::Duration;

use iced_x86::Mnemonic;
use syscalls::Sysno;

use crate::check::replay::halves::Cuts;
use crate::check::replay::overrun::Block;
use crate::check::replay::rerun::{Rerun, own_place};
use crate::check::{Case, instruction};
use crate::host::tracer::{Bounds, NotTraced};
use crate::host::zygote::Zygote;
use crate::model::comparison::Compared;
use crate::model::finding::{Code, Finding, Place};
use crate::model::trace::replay::Moment;
use crate::model::trace::{IMAGE_BASE, Kind, Recording, Register, Step};

pub(super) use cause::{given_up, midway};

/// What a replay may take: a loop is looked at from its ends.
const BOUNDS: Bounds =
    Bounds { first: 50, last: 2000, steps: 100_000, wall: Duration::from_secs(5) };

/// What a replay may take that has to see every step.
const WHOLE: Bounds = Bounds { first: 100_000, ..BOUNDS };

/// How many statements before the one that shows a fault may have done it.
const EARLIER: usize = 3;

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

    fn at((step, detail): Found<'_>, recording: &Recording, case: Case<'_>) -> Self {
        let place = own_place(recording, step, case.places);
        Self { place, detail, ..Self::default() }.or_nothing()
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
    case: Case<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Placed> {
    match finding.code {
        Code::V009 => {
            let right = compared.map(Compared::halved).unwrap_or_default();
            half(&right, statement, case, zygote)
        }
        Code::R004 => overrun(statement, case, zygote),
        Code::R001 | Code::R003 => leak(statement, case, zygote),
        code => one_step(code, statement, case, zygote),
    }
}

/// Where a fault happens that one recording of the statement shows.
fn one_step(
    code: Code,
    statement: usize,
    case: Case<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Placed> {
    let Some(mut rerun) = Rerun::of(statement, case, zygote)? else {
        return Ok(Placed::default());
    };
    let misowned = matches!(code, Code::R002 | Code::R005 | Code::R006);
    let recording = match rerun.record(if misowned { WHOLE } else { BOUNDS }) {
        Ok(recording) => recording,
        Err(error) => return Ok(Placed::not_looked_for(&error)),
    };
    if matches!(code, Code::C007 | Code::C009 | Code::C016) {
        return Ok(ended(&recording, case));
    }
    let step = if misowned {
        guilty_step::misowned(&recording, code)
    } else {
        guilty_step::guilty(&recording, code)
    };
    let place = step.and_then(|step| own_place(&recording, step, case.places));
    Ok(Placed { place, ..Placed::default() })
}

/// Where a reference or a block is made that stays behind: it takes two runs to see which.
fn leak(statement: usize, case: Case<'_>, zygote: &mut Zygote) -> anyhow::Result<Placed> {
    let Some(mut rerun) = Rerun::of(statement, case, zygote)? else {
        return Ok(Placed::default());
    };
    for _ in 0..WARM_UP {
        if !rerun.answers()? {
            return Ok(Placed::default());
        }
    }
    let two = rerun.record(WHOLE).and_then(|before| Ok((before, rerun.record(WHOLE)?)));
    let (before, recording) = match two {
        Ok(two) => two,
        Err(error) => return Ok(Placed::not_looked_for(&error)),
    };
    let leaked = guilty_step::leaked(&before, &recording);
    Ok(leaked.map(|found| Placed::at(found, &recording, case)).unwrap_or_default())
}

/// Where a number loses its upper half: in the statement that shows it, or in one shortly before,
/// if the number that is right was there and was cut.
fn half(
    right: &[i128],
    statement: usize,
    case: Case<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Placed> {
    let mut is_refuted = false;
    for index in (0..=statement).rev().take(1 + EARLIER) {
        let Some(mut rerun) = Rerun::of(index, case, zygote)? else { continue };
        let recording = match rerun.record(WHOLE) {
            Ok(recording) => recording,
            Err(error) => return Ok(Placed::not_looked_for(&error)),
        };
        let whole = recording.steps.iter().all(|step| step.k != Kind::Gap);
        let cuts = halves::find(&recording, case.built, right);
        is_refuted |= index == statement && whole && !cuts.is_possible;
        // What another statement cuts is of interest only if it stays behind.
        let found = match cuts {
            Cuts { exact: Some(found), .. } if index == statement || cuts.is_kept => Some(found),
            Cuts { first, variable, .. } if index == statement => first.or(variable),
            _ => None,
        };
        if let Some(found) = found {
            return Ok(Placed::at(found, &recording, case));
        }
    }
    Ok(Placed { is_refuted, ..Placed::default() })
}

/// Where a block was overrun: in the statement at which CPython noticed, or shortly before. Guests
/// of one zygote that are asked the same have their blocks at the same addresses.
fn overrun(statement: usize, case: Case<'_>, zygote: &mut Zygote) -> anyhow::Result<Placed> {
    let mut block = None;
    for index in (0..=statement).rev().take(1 + EARLIER) {
        let Some(mut rerun) = Rerun::of(index, case, zygote)? else { continue };
        let recording = match rerun.record(WHOLE) {
            Ok(recording) => recording,
            Err(error) => return Ok(Placed::not_looked_for(&error)),
        };
        let Some(known) = block.or_else(|| Block::printed(&rerun.printed().ok()?)) else { break };
        block = Some(known);
        if let Some(found) = overrun::find(&recording, known, &case.built.facts) {
            return Ok(Placed::at(found, &recording, case));
        }
    }
    Ok(Placed::default())
}

/// Where a process ended without a word: in a call that does not come back, or at a system call of
/// the learner's own, which is the instruction that the CPU was to run next.
fn ended(recording: &Recording, case: Case<'_>) -> Placed {
    let (facts, places) = (&case.built.facts, case.places);
    let last = recording.steps.iter().rfind(|step| step.k != Kind::Gap);
    if let Some(step) = last.filter(|step| step.call.as_ref().is_some_and(|call| !call.own)) {
        let place = own_place(recording, step, places);
        return Placed { place, ..Placed::default() };
    }
    let moment = Moment::after(recording, recording.steps.len());
    let next = || {
        let address = moment.get(Register::Rip)?.checked_sub(IMAGE_BASE)?;
        let place = places.of_own_code(address, facts);
        Some((instruction::at(address, facts)?, place))
    };
    let Some((asks, place)) = next().filter(|(one, _)| instruction::is_system_call(one)) else {
        return Placed::default();
    };
    let number = moment.get(Register::Rax).and_then(|rax| usize::try_from(rax).ok());
    let name = number.and_then(Sysno::new).filter(|_| asks.mnemonic() == Mnemonic::Syscall);
    let detail = name.map(|name| format!("The system call of this line is `{}`.", name.name()));
    Placed { place, detail, ..Placed::default() }.or_nothing()
}
