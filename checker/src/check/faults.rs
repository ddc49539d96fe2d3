//! What the guard saw, as findings: each with its rule and, where the guard knows it, its line.

mod calls;
mod returns;
mod rules;
mod tables;

use crate::check::{Places, instruction};
use crate::host::image::SharedFacts;
use crate::model::evidence::{CALLBACK, Fault, FaultKind};
use crate::model::finding::{Code, Finding, Place};

pub(super) use calls::given_up_unmade;
pub(super) use rules::explained;

/// How the names of the glue's own code begin.
const GLUE: &str = "workbook_";

/// The findings of faults, each subject once.
pub fn findings(
    faults: &[Fault],
    image_base: u64,
    facts: &SharedFacts,
    places: Places<'_>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for fault in faults.iter().filter(|fault| !fault.kind.is_suspicion()) {
        let finding = finding(fault, image_base, facts, places);
        if !findings.iter().any(|known| same_subject(known, &finding)) {
            findings.push(finding);
        }
    }
    findings
}

/// The finding that `workbook.inc` raised as a SystemError, which begins with its code.
pub fn of_the_glue(message: &str, facts: &SharedFacts, places: Places<'_>) -> Option<Finding> {
    let (code, sentence) = message.split_once(' ')?;
    let code: Code = code.parse().ok()?;
    let function = sentence.split("()").next().unwrap_or_default();
    let label = facts.labels.iter().find(|(_, label)| label == function);
    let place = label.and_then(|(address, _)| only_return(*address, facts, places));
    Some(explained(Finding::new(code, sentence).at(place)))
}

/// The line of the function's `ret`, if it has one only: the way that the call must have taken.
fn only_return(function: u64, facts: &SharedFacts, places: Places<'_>) -> Option<Place> {
    let [only] = instruction::returns(function, facts)[..] else { return None };
    places.of_code(only, facts)
}

/// Whether two findings differ in nothing but the value that a register came back with, the value
/// that was returned for an object, or the exception that was set.
pub(super) fn same_subject(one: &Finding, other: &Finding) -> bool {
    fn subject(finding: &Finding) -> &str {
        let sentence = finding.sentence.as_str();
        let ends = [
            " = 0x",
            ", and is 0x",
            ", and is 0 now",
            " is set all the same",
            " returned 0x", // only V010 says what was returned
        ];
        let end = ends.iter().filter_map(|end| sentence.find(end)).min();
        let subject = &sentence[..end.unwrap_or(sentence.len())];
        if finding.code == Code::V006 {
            subject.split(',').next().unwrap_or(subject)
        } else {
            subject
        }
    }
    one.code == other.code && one.place == other.place && subject(one) == subject(other)
}

/// Whether a crash right after the finding is its consequence, and not worth a finding of its own.
pub(super) fn explains_a_crash(finding: &Finding) -> bool {
    is_of_a_table(finding) || matches!(finding.code, Code::V011 | Code::R007 | Code::R002)
}

/// Whether a table or a text that CPython reads is broken. What it makes of it may show at any
/// time.
pub(super) fn is_of_a_table(finding: &Finding) -> bool {
    matches!(finding.code, Code::M007 | Code::M008 | Code::M009 | Code::V012)
}

/// Whether the second finding is nothing but what the first one leads to.
pub(super) fn leads_to(cause: &Finding, finding: &Finding) -> bool {
    match finding.code {
        // The guard itself raises SystemError for these.
        Code::V006 => {
            let raised = [Code::V005, Code::V006, Code::V010, Code::R005].contains(&cause.code);
            raised && finding.sentence.contains("SystemError")
        }
        // The next object that takes the freed one's place.
        Code::R006 => cause.code == Code::R005,
        _ => false,
    }
}

fn finding(fault: &Fault, base: u64, facts: &SharedFacts, places: Places<'_>) -> Finding {
    let own = fault.address.wrapping_sub(base);
    // Who is called back by another function than Python's has no name but its label.
    let label = facts.labels.iter().find(|(address, _)| *address == own);
    let name = match (&fault.name, label) {
        (name, Some((_, label))) if name == CALLBACK => label,
        (name, _) => name,
    };
    let called = |name: &str| match fault.name.as_str() {
        CALLBACK => format!("{name} was called"),
        _ => format!("Python called {name}"),
    };
    // A function behind the glue is entered by the glue's own code.
    let behind_the_glue = facts.labels.iter().find(|(_, label)| label == name);
    let function = match label {
        Some((_, entered)) if entered.starts_with(GLUE) => behind_the_glue.map_or(own, |it| it.0),
        _ => own,
    };
    let at_return = |finding: Finding| finding.at(only_return(function, facts, places));
    let at_call = |finding: Finding| finding.at(places.of_code(own.wrapping_sub(1), facts));
    let callee = |slot: u64| facts.callee(slot).unwrap_or("a function");
    let table = facts.data_label(own).unwrap_or("the table");
    let in_table = |finding: Finding| finding.at(places.of_label(table));
    match fault.kind {
        FaultKind::RegisterLost { register, before, after } => {
            at_return(returns::register_lost(register, before, after, &called(name)))
        }
        FaultKind::StackOff(bytes) => returns::stack_off(name, bytes),
        FaultKind::DirectionSet => at_return(returns::direction_set(name)),
        FaultKind::ControlWord { .. } => at_return(returns::control_word(name)),
        FaultKind::FloatStack { used } => at_return(returns::float_stack(name, used)),
        FaultKind::NullWithoutException => returns::null_without_exception(name),
        FaultKind::ResultWithException => returns::result_with_exception(name),
        FaultKind::NoObject { value } => returns::no_object(name, value),
        FaultKind::FreedResult => returns::freed_result(name),
        FaultKind::BorrowedResult => returns::borrowed_result(name),
        FaultKind::GaveUp { argument, times } => returns::gave_up(name, argument, times),
        FaultKind::Misaligned { slot, modulo } => at_call(calls::misaligned(callee(slot), modulo)),
        FaultKind::DirectionSetAtCall { slot } => at_call(calls::direction_set(callee(slot))),
        FaultKind::ArgumentIsNoObject { slot, register, value } => {
            at_call(calls::no_object(callee(slot), register, value))
        }
        FaultKind::ArgumentIsNoTuple { slot, register } => {
            at_call(calls::no_tuple(callee(slot), register))
        }
        FaultKind::ArgumentIsFreed { slot, register } => {
            at_call(calls::freed_object(callee(slot), register))
        }
        FaultKind::ImportedGivenUp { .. } => at_call(given_up_unmade()),
        FaultKind::VectorCount { slot, count } => at_call(calls::vector_count(callee(slot), count)),
        FaultKind::TooFewVectors { slot, count, wanted } => {
            at_call(calls::too_few_vectors(callee(slot), count, wanted))
        }
        FaultKind::NoDefinition { slot, value } => {
            at_call(tables::no_definition(callee(slot), value))
        }
        FaultKind::TableWithoutEnd { good } => in_table(tables::without_end(table, good)),
        FaultKind::TableWithoutPadding { good } => in_table(tables::without_padding(table, good)),
        FaultKind::EntryMakesNoSense { entry, field } => {
            in_table(tables::entry_makes_no_sense(table, entry, field))
        }
        FaultKind::DefinitionMakesNoSense { field } => {
            in_table(tables::definition_makes_no_sense(table, field))
        }
        FaultKind::TextWithoutEnd { slot, returns_to } => {
            let call = places.of_code(returns_to.wrapping_sub(1), facts);
            tables::text_without_end(own, (slot != 0).then(|| callee(slot)), call, facts, places)
        }
    }
}

fn hex(value: u64) -> String {
    if value == 0 { "0".to_owned() } else { format!("{value:#x}") }
}
