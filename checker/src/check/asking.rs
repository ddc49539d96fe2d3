//! Importing a module in a guest, asking it the session, and concluding from what it did.

mod hearing;
mod import;
mod leaks;

use anyhow::bail;

use crate::check::asking::hearing::{Hearing, Placeless};
use crate::check::{Built, Case, Task, midway, replay, texts};
use crate::host::zygote::Zygote;
use crate::model::finding::{Code, Finding};
use crate::model::protocol::{Reply, Request};
use crate::model::transcript::Answer;
use crate::model::verdict::Verdict;

pub use leaks::leak_finding;

/// The verdict on a module, by what it does in a fresh guest.
pub(super) fn run(case: Case<'_>, zygote: &mut Zygote) -> anyhow::Result<Verdict> {
    let mut hearing = Hearing::new(zygote.guest()?, case);
    hearing.import(zygote)?;
    hearing.ask_the_session()?;
    hearing.look_for_leaks()?;
    hearing.look_at_widths()?;
    let is_explained = hearing.look_at_what_was_given_up(zygote)?;
    let (mut verdict, placeless) = hearing.conclude()?;
    if is_explained {
        return Ok(verdict);
    }
    if let Some(cause) = cause(&verdict, case, zygote)? {
        verdict.findings[0] = cause;
    } else if let Some(placeless) = placeless {
        place(&mut verdict, &placeless, case, zygote)?;
    }
    Ok(verdict)
}

/// The finding that has to stand in the place of the first one, if that is nothing but what came
/// of it.
fn cause(
    verdict: &Verdict,
    case: Case<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Option<Finding>> {
    let (facts, places) = (&case.built.facts, case.places);
    let Some(first) = verdict.findings.first() else { return Ok(None) };
    if first.code.is_difference()
        && let Some(cause) = texts::run_on(&verdict.asked, facts, places)
    {
        return Ok(Some(cause));
    }
    match verdict.first {
        Some(statement) if midway::may_explain(first, facts, places) => {
            replay::midway(first, statement, case, zygote)
        }
        _ => Ok(None),
    }
}

/// Adds to a finding of the verdict what a replay has found: its line, and what happened there.
fn place(
    verdict: &mut Verdict,
    (finding, statement): &Placeless,
    case: Case<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<()> {
    let asked = verdict.asked.get(*statement);
    let placed = replay::place(finding, *statement, asked, case, zygote)?;
    let Some(same) = verdict.findings.iter_mut().find(|known| *known == finding) else {
        return Ok(());
    };
    same.place = placed.place.or(same.place.take());
    same.details.splice(0..0, placed.detail);
    if placed.is_refuted {
        // The answer is half of the right one, and nothing has made halves.
        *same = Finding::new(Code::V001, &*same.sentence);
    }
    Ok(())
}

/// The answers of a module, for a transcript; it has to answer everything.
pub(super) fn answers(
    task: &Task,
    built: &Built,
    zygote: &mut Zygote,
) -> anyhow::Result<Vec<Answer>> {
    let mut guest = zygote.guest()?;
    match guest.ask(&task.import(built), task.patience)? {
        Ok(Reply::Imported) => {}
        other => bail!("`import {}` ends with {other:?}", task.module),
    }
    let mut answers = Vec::new();
    for statement in &task.statements {
        let request = Request::Ask { source: statement.source.clone() };
        match guest.ask(&request, task.patience)? {
            Ok(Reply::Answered(answer)) => answers.push(answer),
            other => bail!("`{}` ends with {other:?}", statement.source),
        }
    }
    Ok(answers)
}
