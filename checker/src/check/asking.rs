//! Importing a module in a guest, asking it the session, and concluding from what it did.

use std::io;

use anyhow::bail;

use crate::check::witness::{self, Witness};
use crate::check::{
    Built, Places, Task, crash, faults, instruction, midway, replay, texts, widths,
};
use crate::host::symbols;
use crate::host::worker::{Ended, Guest};
use crate::host::zygote::Zygote;
use crate::model::comparison::Compared;
use crate::model::evidence::FaultKind;
use crate::model::finding::{Code, Finding};
use crate::model::protocol::{Left, Reply, Request};
use crate::model::spelling;
use crate::model::transcript::Answer;
use crate::model::verdict::{Outcome, Verdict};

/// How many bytes a module may print before that is a finding.
const MOST_PRINTED: usize = 64 * 1024;

pub(super) fn run(
    task: &Task,
    built: &Built,
    places: Places<'_>,
    zygote: &mut Zygote,
) -> anyhow::Result<Verdict> {
    let guest = zygote.guest()?;
    let mut hearing = Hearing {
        built,
        places,
        guest,
        witness: Witness::default(),
        first_placeless: None,
        suspicious: None,
        verdict: Verdict::stopped(Outcome::Passed, Vec::new()),
    };
    hearing.verdict.statements = task.statements.len();
    match hearing.guest.ask(&import(task, built), task.patience)? {
        Ok(Reply::Imported) => {
            let findings = hearing.new_findings()?;
            hearing.add(findings);
        }
        Ok(Reply::ImportFailed { type_name, message }) => {
            let mut findings = hearing.new_findings()?;
            if !findings.iter().any(faults::is_of_a_table) {
                findings.push(import_failed(task, built, places, zygote, &type_name, &message));
            }
            hearing.verdict.outcome = Outcome::NotImported;
            hearing.add(findings);
        }
        Ok(Reply::NotConfined(missing)) => return Err(missing.into()),
        Ok(_) => hearing.ended(&Ended::BrokeProtocol, None)?,
        Err(end) => hearing.ended(&end, None)?,
    }
    if hearing.verdict.outcome == Outcome::Passed {
        // Nobody knows beforehand when the guard is put to the test.
        let count = task.statements.len().max(1) as u64;
        let tested_at = usize::try_from(witness::unguessable() % count).unwrap_or(0);
        for (index, (statement, expected)) in task.statements.iter().zip(&task.expected).enumerate()
        {
            if index == tested_at {
                hearing.control(task)?;
            }
            if hearing.verdict.outcome != Outcome::Passed {
                break;
            }
            let request = Request::Ask { source: statement.source.clone() };
            match hearing.guest.ask(&request, task.patience)? {
                Ok(Reply::Answered(answer)) => {
                    hearing.judge(Compared::new(statement, &expected.answer, &answer), &answer)?;
                }
                Ok(_) => {
                    hearing.ended(&Ended::BrokeProtocol, Some(&statement.source))?;
                    break;
                }
                Err(end) => {
                    hearing.ended(&end, Some(&statement.source))?;
                    break;
                }
            }
        }
    }
    if hearing.verdict.outcome == Outcome::Passed {
        hearing.control(task)?;
    }
    if hearing.verdict.outcome == Outcome::Passed && hearing.verdict.findings.is_empty() {
        hearing.look_for_leaks(task)?;
    }
    hearing.look_at_widths()?;
    if let Some((object, statement)) = hearing.suspicious
        && hearing.verdict.findings.iter().all(|one| one.code.name().starts_with('C'))
        && let Some(finding) = replay::given_up(object, statement, task, built, places, zygote)?
    {
        // A crash is what comes of it.
        hearing.verdict.findings = vec![finding];
        hearing.verdict.first = Some(statement);
        return hearing.conclude();
    }
    let first = hearing.first_placeless.take();
    let mut verdict = hearing.conclude()?;
    if verdict.findings.first().is_some_and(|first| first.code.is_difference())
        && let Some(cause) = texts::run_on(&verdict.asked, &built.facts, places)
    {
        verdict.findings[0] = cause;
        return Ok(verdict);
    }
    if let (Some(finding), Some(statement)) = (verdict.findings.first(), verdict.first)
        && midway::may_explain(finding, &built.facts, places)
        && let Some(cause) = replay::midway(finding, statement, task, built, places, zygote)?
    {
        verdict.findings[0] = cause;
        return Ok(verdict);
    }
    if let Some((finding, statement)) = first {
        let asked = verdict.asked.get(statement);
        let placed = replay::place(&finding, statement, asked, task, built, places, zygote)?;
        let same = verdict.findings.iter_mut().find(|known| **known == finding);
        if let Some(same) = same {
            same.place = placed.place.or(same.place.take());
            same.details.splice(0..0, placed.detail);
            if placed.is_refuted {
                // The answer is half of the right one, and nothing has made halves.
                *same = Finding::new(Code::V001, &*same.sentence);
            }
        }
    }
    Ok(verdict)
}

/// One module before its guest: what was asked so far and what came of it.
struct Hearing<'a> {
    built: &'a Built,
    places: Places<'a>,
    guest: Guest,
    witness: Witness,
    /// The first finding whose line a replay may find, and the statement that brought it up.
    first_placeless: Option<(Finding, usize)>,
    /// The first object of which too many references may have been given up, and the statement that
    /// did it.
    suspicious: Option<(u64, usize)>,
    verdict: Verdict,
}

impl Hearing<'_> {
    /// What the guard has seen since the last time.
    fn new_findings(&mut self) -> io::Result<Vec<Finding>> {
        let page = self.guest.evidence()?;
        Ok(match self.witness.new_faults(&page) {
            Ok(faults) => {
                let suspicion = faults.iter().find(|fault| fault.kind.is_suspicion());
                if let Some(FaultKind::ImportedGivenUp { object }) = suspicion.map(|one| one.kind) {
                    self.suspicious.get_or_insert((object, self.verdict.asked.len()));
                }
                faults::findings(&faults, page.image_base, &self.built.facts, self.places)
            }
            Err(tampered) => vec![*tampered],
        })
    }

    /// Adds what one answer shows. Only the first difference is a finding: the report shows the
    /// others as a transcript, and they may well have the same cause.
    fn judge(&mut self, compared: Compared, answer: &Answer) -> io::Result<()> {
        let mut found = self.new_findings()?;
        if let Answer::Raised { type_name, message } = answer
            && type_name == "SystemError"
        {
            found.extend(faults::of_the_glue(message, &self.built.facts, self.places));
        }
        let another_differs = self.verdict.asked.iter().any(|earlier| !earlier.matches());
        let explained = self.verdict.findings.iter().any(faults::is_of_a_table);
        if found.is_empty() && !another_differs && !explained {
            let runs_on = || instruction::runs_on(&self.built.facts, self.places);
            found.extend(compared.finding().map(|finding| match runs_on() {
                Some(words) => finding.detail(words),
                None => finding,
            }));
        }
        let statement = self.verdict.asked.len();
        self.verdict.asked.push(compared);
        self.remember(&found, statement);
        self.add(found);
        Ok(())
    }

    /// Asks the session's expressions again, many times over, and looks at what stays behind.
    fn look_for_leaks(&mut self, task: &Task) -> io::Result<()> {
        match self.guest.ask(&Request::Repeat, task.patience)? {
            Ok(Reply::Repeated(left)) => {
                // A module may break a rule only when it has been asked often.
                let findings = self.new_findings()?;
                self.add(findings);
                let mut leaks = task.statements.iter().zip(left).enumerate().filter_map(
                    |(index, (statement, left))| {
                        Some((leak_finding(&statement.source, left?)?, index))
                    },
                );
                if let Some((finding, index)) = leaks.next() {
                    self.remember(std::slice::from_ref(&finding), index);
                    self.add(vec![finding]);
                }
                Ok(())
            }
            Ok(_) => self.ended(&Ended::BrokeProtocol, None),
            Err(end) => self.ended(&end, Some("the session, asked again")),
        }
    }

    /// Looks at what is wider than its variable. It is a fault of its own behind the end of a
    /// section, or if a call fills the variable; otherwise it may explain a wrong answer.
    fn look_at_widths(&mut self) -> io::Result<()> {
        let (facts, object) = (&self.built.facts, &self.built.object);
        let first = self.verdict.findings.first_mut();
        if first.as_ref().is_some_and(|first| !first.code.name().starts_with(['V', 'C'])) {
            return Ok(());
        }
        let page = self.guest.evidence()?;
        let certain = widths::parsed(&page, facts, object, self.places)
            .or_else(|| widths::behind_the_end(facts, object, self.places));
        if let Some(certain) = certain {
            self.verdict.findings.insert(0, certain);
        } else if let Some(first) = first
            && first.code.is_difference()
            && first.place.is_none()
            && let Some((place, says)) = widths::into_the_next(facts, object, self.places)
        {
            first.place = Some(place);
            first.details.push(says);
        }
        Ok(())
    }

    /// Has the guest break a rule, and sees that it is noted.
    fn control(&mut self, task: &Task) -> io::Result<()> {
        let value = witness::unguessable();
        match self.guest.ask(&Request::Control(value), task.patience)? {
            Ok(Reply::Controlled) => {
                let page = self.guest.evidence()?;
                let tampered = self.witness.control(&page, value);
                self.add(tampered.into_iter().map(|finding| *finding).collect());
                Ok(())
            }
            Ok(_) => self.ended(&Ended::BrokeProtocol, None),
            Err(end) => self.ended(&end, None),
        }
    }

    /// Keeps which statement has brought up the first finding, and the first that a replay may
    /// place.
    fn remember(&mut self, findings: &[Finding], statement: usize) {
        if self.verdict.findings.is_empty() && !findings.is_empty() {
            self.verdict.first = Some(statement);
        }
        if self.first_placeless.is_none() {
            let placeless = findings.iter().find(|finding| replay::can_place(finding));
            self.first_placeless = placeless.map(|finding| (finding.clone(), statement));
        }
    }

    fn add(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let known = &self.verdict.findings;
            let said = |known: &Finding| {
                faults::same_subject(known, &finding) || faults::leads_to(known, &finding)
            };
            if !known.iter().any(said) {
                self.verdict.findings.push(finding);
            }
        }
    }

    /// Adds how the guest ended. What the guard saw right before is its likeliest cause.
    fn ended(&mut self, end: &Ended, statement: Option<&str>) -> io::Result<()> {
        let findings = self.new_findings()?;
        if statement.is_some() {
            self.remember(&findings, self.verdict.asked.len());
        }
        let explained = findings.iter().any(faults::explains_a_crash)
            || self.verdict.findings.iter().any(faults::is_of_a_table);
        self.add(findings);
        let page = self.guest.evidence()?;
        let printed = self.guest.printed()?;
        let (outcome, finding) =
            crash::conclude(end, statement, &page, &printed, &self.built.facts, self.places);
        self.verdict.outcome = outcome;
        // What was said of a call in an earlier statement may end the process in this one.
        let said =
            |known: &Finding| faults::explains_a_crash(known) && known.place == finding.place;
        if !explained && !self.verdict.findings.iter().any(said) {
            if statement.is_some() {
                self.remember(std::slice::from_ref(&finding), self.verdict.asked.len());
            }
            self.add(vec![finding]);
        }
        Ok(())
    }

    fn conclude(mut self) -> anyhow::Result<Verdict> {
        self.verdict.printed = self.guest.printed()?;
        if self.verdict.printed.len() >= MOST_PRINTED {
            let sentence = "the module prints more than 64 KiB";
            self.verdict.findings.insert(0, Finding::new(Code::V008, sentence));
        }
        if self.verdict.outcome == Outcome::Passed && !self.verdict.findings.is_empty() {
            self.verdict.outcome = Outcome::Differs;
        }
        Ok(self.verdict)
    }
}

/// The finding of what one statement leaves behind each time, if it does.
pub fn leak_finding(source: &str, left: Left) -> Option<Finding> {
    let asked = source.lines().next().unwrap_or_default();
    let rounded = |amount: f64| (amount >= 0.9).then(|| amount.round());
    if rounded(left.given_up).is_some() {
        let sentence = format!("each `{asked}` gives up a reference to a value that stands in it");
        return Some(faults::explained(Finding::new(Code::R002, sentence)));
    }
    if let Some(blocks) = rounded(left.blocks) {
        let count = if blocks == 1.0 { "1 object".to_owned() } else { format!("{blocks} objects") };
        let sentence = format!("each `{asked}` leaves {count} behind");
        return Some(
            Finding::new(Code::R001, sentence)
                .detail(
                    "A new reference is yours until you return it, give it to somebody who takes it, \
                     or give it up by `Py_DecRef`. One that is forgotten keeps its object for ever.",
                )
                .hint("which object do you get as a new reference and neither return nor give up?"),
        );
    }
    if rounded(left.kept).is_some() {
        let sentence = format!("each `{asked}` keeps a reference to a value that stands in it");
        return Some(
            Finding::new(Code::R001, sentence)
                .detail(
                    "Each `Py_IncRef` makes a reference that somebody has to give up: your caller, \
                     if you return it, or you.",
                )
                .hint("which `Py_IncRef` has no `Py_DecRef` and is not for the caller?"),
        );
    }
    let bytes = rounded(left.bytes / 16.0)? * 16.0;
    let sentence = format!("each `{asked}` leaves about {bytes} bytes of memory behind");
    Some(Finding::new(Code::R003, sentence).hint("what was allocated, and who frees it?"))
}

/// The answers of a module, for a transcript; it has to answer everything.
pub(super) fn answers(
    task: &Task,
    built: &Built,
    zygote: &mut Zygote,
) -> anyhow::Result<Vec<Answer>> {
    let mut guest = zygote.guest()?;
    match guest.ask(&import(task, built), task.patience)? {
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

fn import(task: &Task, built: &Built) -> Request {
    Request::Import {
        path: built.shared.to_string_lossy().into_owned(),
        module: task.module.clone(),
    }
}

fn import_failed(
    task: &Task,
    built: &Built,
    places: Places<'_>,
    zygote: &Zygote,
    type_name: &str,
    message: &str,
) -> Finding {
    let init = format!("PyInit_{}", task.module);
    let has = |words: &str| message.contains(words);
    if let Some((_, symbol)) = message.split_once("undefined symbol: ") {
        let symbol = symbol.split([' ', '\n', ')']).next().unwrap_or(symbol);
        return undefined_symbol(symbol, built, places, zygote);
    }
    if has("does not define module export function") {
        return Finding::new(Code::M001, format!("the file offers no function `{init}`"));
    }
    if has("failed without raising an exception") {
        return Finding::new(Code::M002, format!("{init} returned NULL, and no exception is set"))
            .detail(
                "PyInit gives Python the module that PyModule_Create2 made, or the address of the \
                 definition that PyModuleDef_Init gave back.",
            )
            .hint("what is in rax at the `ret` of PyInit?");
    }
    if has("unreported exception") {
        return Finding::new(
            Code::M006,
            format!("{init} returned a module, and an exception is set"),
        )
        .detail(message.to_owned());
    }
    if has("API version mismatch") {
        return Finding::new(Code::M004, "the module was made for another version of the C API")
            .detail(message.to_owned())
            .hint("the number is PYTHON_API_VERSION of python.inc, in esi at the call to PyModule_Create2");
    }
    if has("did not return an extension module") || has("returned uninitialized object") {
        return Finding::new(Code::M005, format!("{init} returned something that is no module"))
            .detail(message.to_owned());
    }
    if has("cannot enable executable stack") {
        return Finding::new(Code::L005, "the file asks for a stack that can be executed");
    }
    Finding::new(Code::M003, format!("`import {}` raises {type_name}: {message}", task.module))
}

fn undefined_symbol(symbol: &str, built: &Built, places: Places<'_>, zygote: &Zygote) -> Finding {
    let reference = built.object.references.iter().find(|reference| *reference.symbol == *symbol);
    let line = reference.and_then(|reference| reference.line.as_ref());
    let place = line.map(|line| places.of_line(line));
    let finding = Finding::new(Code::L003, format!("nobody defines `{symbol}`")).at(place);
    let offered = symbols::offered_by(zygote.pid());
    match spelling::nearest(symbol, offered.iter().map(String::as_str)) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding
            .hint("neither this CPython nor the C library has a function or variable of that name"),
    }
}
