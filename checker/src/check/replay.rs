//! The line of a fault that the guard saw and cannot place: the statement runs once more, under
//! the tracer. Where the system allows no tracing, the finding stays without a line.

use std::time::Duration;

use crate::check::{Built, Places, Task};
use crate::host::tracer::{self, Bounds, Glue, Subject};
use crate::host::zygote::Zygote;
use crate::model::finding::{Code, Finding, Place};
use crate::model::protocol::{Reply, Request};
use crate::model::trace::{Kind, Recording, Step};

/// What a replay may take: a loop is looked at from its ends.
const BOUNDS: Bounds =
    Bounds { first: 50, last: 2000, steps: 100_000, wall: Duration::from_secs(5) };

/// Whether a replay can find the line of the finding.
pub(super) fn can_place(finding: &Finding) -> bool {
    let codes = [
        Code::A001,
        Code::A002,
        Code::A003,
        Code::A006,
        Code::V005,
        Code::V006,
        Code::V010,
        Code::C012,
        Code::C013,
        Code::C015,
    ];
    finding.place.is_none() && codes.contains(&finding.code)
}

/// The place of the finding that the statement of that index has brought up.
pub(super) fn place(
    finding: &Finding,
    statement: usize,
    task: &Task,
    built: &Built,
    places: Places<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Place>> {
    let python = zygote.hello()?.version.clone();
    let mut guest = zygote.guest()?;
    let import = Request::Import {
        path: built.shared.to_string_lossy().into_owned(),
        module: task.module.clone(),
    };
    if !matches!(guest.ask(&import, task.patience)?, Ok(Reply::Imported)) {
        return Ok(None);
    }
    let ask = |index: usize| {
        let source = task.statements.get(index).map(|statement| statement.source.clone());
        source.map(|source| Request::Ask { source })
    };
    for request in (0..statement).filter_map(ask) {
        if guest.ask(&request, task.patience)?.is_err() {
            return Ok(None);
        }
    }
    let file = format!("{}.asm", task.name);
    let subject = Subject {
        shared: &built.shared,
        facts: &built.facts,
        file: &file,
        python: &python,
        glue: Glue::Passed,
    };
    let Some(request) = ask(statement) else { return Ok(None) };
    let Ok((recording, _)) = tracer::record(&mut guest, &request, &subject, BOUNDS) else {
        return Ok(None);
    };
    let Some(step) = guilty(&recording, finding.code) else { return Ok(None) };
    let file = recording.files.get(step.f).map_or("", |file| &file.name);
    let own = step.l > 0 && file == subject.file;
    Ok(own.then(|| places.place(file, step.l)))
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
