//! The conversation with one guest: what was asked so far, and what came of it.

use std::io;

use crate::check::asking::import;
use crate::check::asking::leaks::leak_finding;
use crate::check::witness::{self, Witness};
use crate::check::{Case, crash, faults, instruction, replay, widths};
use crate::host::worker::{Ended, Guest};
use crate::host::zygote::Zygote;
use crate::model::comparison::Compared;
use crate::model::evidence::FaultKind;
use crate::model::finding::{Code, Finding};
use crate::model::protocol::{Reply, Request};
use crate::model::transcript::Answer;
use crate::model::verdict::{Outcome, Verdict};

/// How many bytes a module may print before that is a finding.
const MOST_PRINTED: usize = 64 * 1024;

/// One module before its guest.
pub(super) struct Hearing<'a> {
    case: Case<'a>,
    guest: Guest,
    witness: Witness,
    first_placeless: Option<Placeless>,
    /// The first object of which too many references may have been given up, and the statement that
    /// did it.
    suspicious: Option<(u64, usize)>,
    verdict: Verdict,
}

/// The first finding whose line a replay may find, and the statement that brought it up.
pub(super) type Placeless = (Finding, usize);

impl<'a> Hearing<'a> {
    /// Before anything was asked.
    pub(super) fn new(guest: Guest, case: Case<'a>) -> Self {
        let mut verdict = Verdict::stopped(Outcome::Passed, Vec::new());
        verdict.statements = case.task.statements.len();
        Self {
            case,
            guest,
            witness: Witness::default(),
            first_placeless: None,
            suspicious: None,
            verdict,
        }
    }

    /// Has the module imported.
    pub(super) fn import(&mut self, zygote: &Zygote) -> anyhow::Result<()> {
        let Case { task, built, .. } = self.case;
        match self.guest.ask(&task.import(built), task.patience)? {
            Ok(Reply::Imported) => {
                let findings = self.new_findings()?;
                self.add(findings);
            }
            Ok(Reply::ImportFailed { type_name, message }) => {
                let mut findings = self.new_findings()?;
                if !findings.iter().any(faults::is_of_a_table) {
                    findings.push(import::failed(self.case, zygote, &type_name, &message));
                }
                self.verdict.outcome = Outcome::NotImported;
                self.add(findings);
            }
            Ok(Reply::NotConfined(missing)) => return Err(missing.into()),
            Ok(_) => self.ended(&Ended::BrokeProtocol, None)?,
            Err(end) => self.ended(&end, None)?,
        }
        Ok(())
    }

    /// Asks statement by statement, and puts the guard to the test: once at a moment that nobody
    /// knows beforehand, and once at the end.
    pub(super) fn ask_the_session(&mut self) -> io::Result<()> {
        let task = self.case.task;
        let count = task.statements.len().max(1) as u64;
        let tested_at = usize::try_from(witness::unguessable() % count).unwrap_or(0);
        for (index, (statement, expected)) in task.statements.iter().zip(&task.expected).enumerate()
        {
            if index == tested_at && self.passes() {
                self.control()?;
            }
            if !self.passes() {
                return Ok(());
            }
            let request = Request::Ask { source: statement.source.clone() };
            match self.guest.ask(&request, task.patience)? {
                Ok(Reply::Answered(answer)) => {
                    self.judge(Compared::new(statement, &expected.answer, &answer), &answer)?;
                }
                Ok(_) => return self.ended(&Ended::BrokeProtocol, Some(&statement.source)),
                Err(end) => return self.ended(&end, Some(&statement.source)),
            }
        }
        if self.passes() { self.control() } else { Ok(()) }
    }

    /// Whether the module has answered so far, rightly or not.
    fn passes(&self) -> bool {
        self.verdict.outcome == Outcome::Passed
    }

    /// What the guard has seen since the last time.
    fn new_findings(&mut self) -> io::Result<Vec<Finding>> {
        if self.witness.is_empty() && !self.guest.has_noted()? {
            return Ok(Vec::new());
        }
        let page = self.guest.evidence()?;
        Ok(match self.witness.new_faults(&page) {
            Ok(faults) => {
                let suspicion = faults.iter().find(|fault| fault.kind.is_suspicion());
                if let Some(FaultKind::ImportedGivenUp { object }) = suspicion.map(|one| one.kind) {
                    self.suspicious.get_or_insert((object, self.verdict.asked.len()));
                }
                faults::findings(&faults, page.image_base, &self.case.built.facts, self.case.places)
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
            found.extend(faults::of_the_glue(message, &self.case.built.facts, self.case.places));
        }
        let another_differs = self.verdict.asked.iter().any(|earlier| !earlier.matches());
        let explained = self.verdict.findings.iter().any(faults::is_of_a_table);
        if found.is_empty() && !another_differs && !explained {
            let runs_on = || instruction::runs_on(&self.case.built.facts, self.case.places);
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

    /// If nothing was wrong, asks the session's expressions again, a few times, and looks at what
    /// stays behind.
    pub(super) fn look_for_leaks(&mut self) -> io::Result<()> {
        if !self.passes() || !self.verdict.findings.is_empty() {
            return Ok(());
        }
        let task = self.case.task;
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
    pub(super) fn look_at_widths(&mut self) -> io::Result<()> {
        let (facts, object) = (&self.case.built.facts, &self.case.built.object);
        let first = self.verdict.findings.first_mut();
        if first.as_ref().is_some_and(|first| !first.code.name().starts_with(['V', 'C'])) {
            return Ok(());
        }
        let page = self.guest.evidence()?;
        let certain = widths::parsed(&page, facts, object, self.case.places)
            .or_else(|| widths::behind_the_end(facts, object, self.case.places));
        if let Some(certain) = certain {
            self.verdict.findings.insert(0, certain);
        } else if let Some(first) = first
            && first.code.is_difference()
            && first.place.is_none()
            && let Some((place, says)) = widths::into_the_next(facts, object, self.case.places)
        {
            first.place = Some(place);
            first.details.push(says);
        }
        Ok(())
    }

    /// Has a suspicion looked into, if there is one and nothing else explains what went wrong.
    /// Gives whether it was right: then it is the one finding, and a crash is what comes of it.
    pub(super) fn look_at_what_was_given_up(
        &mut self,
        zygote: &mut Zygote,
    ) -> anyhow::Result<bool> {
        if let Some((object, statement)) = self.suspicious
            && self.verdict.findings.iter().all(|one| one.code.name().starts_with('C'))
            && let Some(finding) = replay::given_up(object, statement, self.case, zygote)?
        {
            self.verdict.findings = vec![finding];
            self.verdict.first = Some(statement);
            return Ok(true);
        }
        Ok(false)
    }

    /// Has the guest break a rule, and sees that it is noted.
    fn control(&mut self) -> io::Result<()> {
        let value = witness::unguessable();
        match self.guest.ask(&Request::Control(value), self.case.task.patience)? {
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
        let (outcome, finding) = crash::conclude(
            end,
            statement,
            &page,
            &printed,
            &self.case.built.facts,
            self.case.places,
        );
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

    /// The verdict, and the finding whose line a replay may find.
    pub(super) fn conclude(mut self) -> io::Result<(Verdict, Option<Placeless>)> {
        self.verdict.printed = self.guest.printed()?;
        if self.verdict.printed.len() >= MOST_PRINTED {
            let sentence = "the module prints more than 64 KiB";
            self.verdict.findings.insert(0, Finding::new(Code::V008, sentence));
        }
        if self.passes() && !self.verdict.findings.is_empty() {
            self.verdict.outcome = Outcome::Differs;
        }
        Ok((self.verdict, self.first_placeless))
    }
}
