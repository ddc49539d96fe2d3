//! How a guest ended, as a finding: the signal, and the learner's line that led there.

use crate::check::Places;
use crate::host::image::SharedFacts;
use crate::host::worker::Ended;
use crate::model::finding::{Code, Finding, Place};
use crate::model::protocol::Crash;
use crate::model::signal;
use crate::model::verdict::Outcome;

/// How far below the top of a fault `rsp` may be, and still have been the cause, in bytes.
const NEAR_RSP: u64 = 64 * 1024;

/// The gap that Linux keeps free below a stack, in bytes (`stack_guard_gap`, 256 pages).
const GUARD_GAP: u64 = 1024 * 1024;

/// Where a guest was when it ended.
enum Where {
    /// At an instruction of the learner's file.
    At(Place),
    /// In somebody else's code, in a call from the learner's file.
    CalledFrom(Place),
    /// Behind the last instruction of the learner's file.
    PastTheEnd(Option<Place>),
    /// Nothing of the learner's is to be seen.
    Elsewhere,
}

/// The outcome and the finding of a guest that gives no more replies.
pub(super) fn conclude(
    end: &Ended,
    statement: Option<&str>,
    facts: &SharedFacts,
    places: Places<'_>,
) -> (Outcome, Finding) {
    let doing = match statement {
        Some(source) => format!("`{}`", source.lines().next().unwrap_or_default()),
        None => "the import".to_owned(),
    };
    match end {
        Ended::Signal(number, crash) => {
            (Outcome::Crashed, signal_finding(*number, crash.as_deref(), &doing, facts, places))
        }
        Ended::Exited(status) => {
            let sentence = format!("{doing} ended the whole process, with status {status}");
            let finding = Finding::new(Code::C007, sentence)
                .detail("A module lives in Python's process and leaves its end to Python.")
                .hint("return to your caller instead of calling exit");
            (Outcome::Crashed, finding)
        }
        Ended::TimedOut(crash) => {
            (Outcome::TimedOut, timed_out(crash.as_deref(), &doing, facts, places))
        }
        Ended::BrokeProtocol => {
            let sentence = format!("{doing} disturbed the connection to the checker");
            let finding = Finding::new(Code::C010, sentence)
                .detail("The module closed or wrote to a file descriptor that is not its own.");
            (Outcome::Crashed, finding)
        }
    }
}

fn timed_out(
    crash: Option<&Crash>,
    doing: &str,
    facts: &SharedFacts,
    places: Places<'_>,
) -> Finding {
    let finding = Finding::new(Code::C008, format!("{doing} gives no answer in time"));
    match crash.map(|crash| locate(crash, facts, places)) {
        Some(Where::At(place)) => finding
            .at(Some(place))
            .detail("The line above is where the CPU was when the time was up.")
            .hint("which instruction makes the loop's condition come true at last?"),
        Some(Where::CalledFrom(place)) => {
            finding.at(Some(place)).detail("The CPU was inside the function that this line calls.")
        }
        _ => finding.hint("does every loop of yours come to an end?"),
    }
}

fn signal_finding(
    number: i32,
    crash: Option<&Crash>,
    doing: &str,
    facts: &SharedFacts,
    places: Places<'_>,
) -> Finding {
    let (name, meaning) = signal::in_words(number);
    let Some(crash) = crash else {
        return Finding::new(Code::C009, format!("{doing} ended the process: {meaning} ({name})"));
    };
    let location = locate(crash, facts, places);
    if let Where::PastTheEnd(place) = location {
        return Finding::new(Code::A005, format!("{doing} runs on behind the end of your code"))
            .at(place)
            .detail(
                "The CPU takes one instruction after the other. Where a function has no `ret`, it \
                 goes on with whatever bytes come next.",
            )
            .hint("does every way through your function end in `ret`?");
    }
    if overflowed(crash, number) {
        let place = match location {
            Where::At(place) | Where::CalledFrom(place) => Some(place),
            _ => None,
        };
        return Finding::new(Code::C006, format!("{doing} used up the stack"))
            .at(place)
            .detail("Each call and each push takes 8 bytes of the stack, which has 8 MB here.")
            .hint("does the recursion come to its end? Is something pushed in a loop?");
    }
    let code = match number {
        4 => Code::C002,
        5 => Code::C011,
        6 => Code::C005,
        7 => Code::C004,
        8 => Code::C003,
        11 => Code::C001,
        _ => Code::C009,
    };
    let finding = Finding::new(code, format!("{doing} crashed: {meaning} ({name})"));
    let finding = match location {
        Where::At(place) => finding.at(Some(place)),
        Where::CalledFrom(place) => finding
            .at(Some(place))
            .detail("The crash came inside the function that this line calls."),
        Where::PastTheEnd(_) | Where::Elsewhere => finding.detail(
            "It came in code that is not yours, with nothing of yours on the stack: a jump or a \
             `ret` to a wrong address, or something that an earlier call left behind.",
        ),
    };
    match code {
        Code::C001 => finding.detail(reached(crash)),
        Code::C003 => finding.detail(
            "`div` and `idiv` take their dividend from rdx and rax together: with a divisor of 0, \
             or a quotient over 64 bits, the CPU gives up.",
        ),
        _ => finding,
    }
}

/// The address that was reached for, in words. On x86-64 an address that is no address at all
/// (bits 47 to 63 differ) is reported as 0 with the code SI_KERNEL.
fn reached(crash: &Crash) -> String {
    const SI_KERNEL: u64 = 0x80;
    match crash.address {
        _ if crash.code == SI_KERNEL => {
            "The instruction used a value as an address that can be no address, or may not be \
             used here."
                .to_owned()
        }
        address if address < 4096 => format!(
            "The address was {address:#x}: so near to 0 that a NULL, or a small number, was taken \
             for an address."
        ),
        address if address == crash.rip() => {
            "The CPU was sent there to go on with its work, and there is no code.".to_owned()
        }
        _ => "Nothing is mapped at that address, or it may not be used in this way.".to_owned(),
    }
}

fn overflowed(crash: &Crash, number: i32) -> bool {
    let near = crash.address.abs_diff(crash.rsp()) < NEAR_RSP;
    let at_bottom = crash.address < crash.stack_bottom.saturating_add(GUARD_GAP)
        && crash.address > crash.stack_bottom.saturating_sub(GUARD_GAP);
    number == 11 && near && at_bottom
}

fn locate(crash: &Crash, facts: &SharedFacts, places: Places<'_>) -> Where {
    if crash.image_base == 0 {
        return Where::Elsewhere;
    }
    let own = |address: u64| address.checked_sub(crash.image_base);
    if let Some(here) = own(crash.rip()) {
        let guard = facts.label(here).is_some_and(|label| label == "workbook_guard");
        if facts.is_code(here)
            && !guard
            && let Some(line) = facts.lines.line(here)
        {
            return Where::At(places.place(&line.file, line.line));
        }
        if guard || is_behind(here, facts) {
            return Where::PastTheEnd(last_line(here, facts, places));
        }
    }
    // The nearest word of the stack that is an address behind a call of the learner's.
    let caller = crash.stack().iter().find_map(|word| {
        let here = own(*word)?;
        facts.is_behind_call(here).then(|| facts.lines.line(here - 1))?
    });
    match caller {
        Some(line) if line.file.ends_with(".asm") => {
            Where::CalledFrom(places.place(&line.file, line.line))
        }
        _ => Where::Elsewhere,
    }
}

/// Whether the address is in the page in which the code ends, behind its end.
fn is_behind(address: u64, facts: &SharedFacts) -> bool {
    const PAGE: u64 = 4096;
    facts.code.iter().any(|(start, bytes)| {
        let end = start + bytes.len() as u64;
        (end..end.next_multiple_of(PAGE) + PAGE).contains(&address)
    })
}

/// The last line of code before the address.
fn last_line(address: u64, facts: &SharedFacts, places: Places<'_>) -> Option<Place> {
    let line = (1..=64).find_map(|back| {
        let line = facts.lines.line(address.checked_sub(back)?)?;
        line.file.ends_with(".asm").then_some(line)
    })?;
    Some(places.place(&line.file, line.line))
}
