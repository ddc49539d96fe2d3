//! Importing a module in a guest, asking it the session, and concluding from what it did.

use anyhow::bail;

use crate::check::{Built, Places, Task, crash};
use crate::host::symbols;
use crate::host::worker::Ended;
use crate::host::zygote::Zygote;
use crate::model::comparison::Compared;
use crate::model::finding::{Code, Finding};
use crate::model::protocol::{Fault, Reply, Request};
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
    let mut guest = zygote.guest()?;
    let mut verdict = Verdict::stopped(Outcome::Passed, Vec::new());
    verdict.statements = task.statements.len();

    match guest.ask(&import(task, built), task.patience)? {
        Ok(Reply::Imported { faults }) => verdict.findings = fault_findings(&faults),
        Ok(Reply::ImportFailed { type_name, message }) => {
            verdict.outcome = Outcome::NotImported;
            let finding = import_failed(task, built, places, zygote, &type_name, &message);
            verdict.findings.push(finding);
        }
        Ok(_) => ended(&mut verdict, &Ended::BrokeProtocol, None, built, places),
        Err(end) => ended(&mut verdict, &end, None, built, places),
    }
    if verdict.outcome == Outcome::Passed {
        for (statement, expected) in task.statements.iter().zip(&task.expected) {
            let request = Request::Ask { source: statement.source.clone() };
            match guest.ask(&request, task.patience)? {
                Ok(Reply::Answered { answer, faults }) => {
                    let compared = Compared::new(statement, &expected.answer, &answer);
                    judge(&mut verdict, &compared, &answer, &faults);
                    verdict.asked.push(compared);
                }
                Ok(_) => {
                    ended(
                        &mut verdict,
                        &Ended::BrokeProtocol,
                        Some(&statement.source),
                        built,
                        places,
                    );
                    break;
                }
                Err(end) => {
                    ended(&mut verdict, &end, Some(&statement.source), built, places);
                    break;
                }
            }
        }
    }
    verdict.printed = guest.printed()?;
    if verdict.printed.len() >= MOST_PRINTED {
        let sentence = "the module prints more than 64 KiB";
        verdict.findings.insert(0, Finding::new(Code::V008, sentence));
    }
    if verdict.outcome == Outcome::Passed && !verdict.findings.is_empty() {
        verdict.outcome = Outcome::Differs;
    }
    Ok(verdict)
}

/// The answers of a module, for a transcript; it has to answer everything.
pub(super) fn answers(
    task: &Task,
    built: &Built,
    zygote: &mut Zygote,
) -> anyhow::Result<Vec<Answer>> {
    let mut guest = zygote.guest()?;
    match guest.ask(&import(task, built), task.patience)? {
        Ok(Reply::Imported { .. }) => {}
        other => bail!("`import {}` ends with {other:?}", task.module),
    }
    let mut answers = Vec::new();
    for statement in &task.statements {
        let request = Request::Ask { source: statement.source.clone() };
        match guest.ask(&request, task.patience)? {
            Ok(Reply::Answered { answer, .. }) => answers.push(answer),
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

/// Adds what one answer shows. Only the first difference is a finding: the report shows the
/// others as a transcript, and they may well have the same cause.
fn judge(verdict: &mut Verdict, compared: &Compared, answer: &Answer, faults: &[Fault]) {
    let mut found = fault_findings(faults);
    if let Answer::Raised { type_name, message } = answer
        && type_name == "SystemError"
    {
        found.extend(glue_finding(message));
    }
    let another_differs = verdict.asked.iter().any(|earlier| !earlier.matches());
    if found.is_empty() && !another_differs {
        found.extend(compared.finding());
    }
    for finding in found {
        if !verdict.findings.iter().any(|known| same_fault(known, &finding)) {
            verdict.findings.push(finding);
        }
    }
}

/// Whether two findings differ in nothing but the value that a register came back with.
fn same_fault(one: &Finding, other: &Finding) -> bool {
    fn subject(finding: &Finding) -> &str {
        let sentence = finding.sentence.as_str();
        let end = sentence.find(" = 0x").or_else(|| sentence.find(", and is 0x"));
        &sentence[..end.unwrap_or(sentence.len())]
    }
    one.code == other.code && subject(one) == subject(other)
}

/// `workbook.inc` says what it finds in a SystemError that begins with the finding's code.
fn glue_finding(message: &str) -> Option<Finding> {
    let (code, sentence) = message.split_once(' ')?;
    let code: Code = code.parse().ok()?;
    Some(explained(Finding::new(code, sentence)))
}

fn fault_findings(faults: &[Fault]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in faults.iter().map(fault_finding) {
        if !findings.iter().any(|known| same_fault(known, &finding)) {
            findings.push(finding);
        }
    }
    findings
}

fn fault_finding(fault: &Fault) -> Finding {
    let finding = match fault {
        Fault::RegisterLost { function, register, before, after } => Finding::new(
            Code::A002,
            format!(
                "{register} was {before:#x} when Python called {function}, and is {after:#x} now"
            ),
        ),
        Fault::StackOff { function, bytes } => {
            let way = if *bytes > 0 { "high" } else { "low" };
            let count = bytes.unsigned_abs();
            Finding::new(
                Code::A001,
                format!("rsp is {count} bytes too {way} when {function} comes back"),
            )
        }
        Fault::DirectionSet { function } => {
            Finding::new(Code::A003, format!("{function} returns with the direction flag set"))
        }
        Fault::NullWithoutException { function } => {
            Finding::new(Code::V005, format!("{function} returned NULL, and no exception is set"))
        }
        Fault::ResultWithException { function, exception } => Finding::new(
            Code::V006,
            format!("{function} returned a result, and {exception} is set all the same"),
        ),
    };
    explained(finding)
}

/// The rule behind a finding of the calling convention's or the C API's.
fn explained(finding: Finding) -> Finding {
    let (rule, hint) = match finding.code {
        Code::A001 => (
            "A function gives rsp back as it found it: every push has its pop, and every `sub rsp` \
             its `add rsp`, on each way out.",
            "count the pushes and pops on the way to each `ret`",
        ),
        Code::A002 => (
            "The System V ABI makes you give back rbx, rbp and r12 to r15 as you found them: your \
             caller keeps values of its own there.",
            "push the register before its first use, and pop it on every way out; or use rcx, rdx, \
             rsi, rdi, r8 to r11, which are yours",
        ),
        Code::A003 => (
            "The System V ABI has the direction flag clear at every call and return. With it set, \
             the C library copies memory backwards.",
            "each `std` needs its `cld`, before any call and before `ret`",
        ),
        Code::V005 => (
            "NULL means to CPython that an exception is waiting. Where none is, Python can only \
             raise a SystemError.",
            "which call failed and set no exception? Or did rax happen to be 0?",
        ),
        Code::V006 => (
            "An exception that is set and a result that is returned contradict each other: on some \
             versions the exception shows up many lines later.",
            "after a call that may fail, look at its result, and leave with NULL",
        ),
        _ => return finding,
    };
    finding.detail(rule).hint(hint)
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
    let reference = built.object.references.iter().find(|reference| reference.symbol == symbol);
    let line = reference.and_then(|reference| reference.line.as_ref());
    let place = line.map(|line| places.place(&line.file, line.line));
    let finding = Finding::new(Code::L003, format!("nobody defines `{symbol}`")).at(place);
    let offered = symbols::offered_by(zygote.pid());
    match spelling::nearest(symbol, offered.iter().map(String::as_str)) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding
            .hint("neither this CPython nor the C library has a function or variable of that name"),
    }
}

/// Adds how the guest ended.
fn ended(
    verdict: &mut Verdict,
    end: &Ended,
    statement: Option<&str>,
    built: &Built,
    places: Places<'_>,
) {
    let (outcome, finding) = crash::conclude(end, statement, &built.facts, places);
    verdict.outcome = outcome;
    verdict.findings.push(finding);
}
