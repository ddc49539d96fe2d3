//! Whether what was seen of an attack shows that it worked, or that it was stopped.

use nix::errno::Errno;
use nix::sys::signal::Signal;

use crate::model::attack::trial::{Confined, Heard, NasmEnd, Observed, Unconfined};
use crate::model::attack::{Attack, Sign, Stop};

/// The verdict on a run where nothing confined it.
pub(super) fn unconfined(attack: &Attack, observed: &Observed) -> Unconfined {
    match &attack.needs {
        _ if shows(&attack.works, observed) => Unconfined::Works,
        Some(needs) if refused_by_system(observed) => Unconfined::NotHere(needs.clone()),
        _ => Unconfined::DoesNothing(in_words(observed)),
    }
}

/// The verdict on a run in the sandbox, or in a part of it.
pub(super) fn confined(attack: &Attack, observed: &Observed) -> Confined {
    if tells_by_itself(&attack.works) && shows(&attack.works, observed) {
        return Confined::Escaped(format!("it works: {}", in_words(observed)));
    }
    match attack.contained.iter().any(|stop| stopped(stop, &attack.works, observed)) {
        true => Confined::Contained(in_words(observed)),
        false => Confined::Escaped(in_words(observed)),
    }
}

/// Whether the sign means the same, whoever looks. The others are signs only for somebody who
/// has no deadline, or believes what the guest says.
fn tells_by_itself(sign: &Sign) -> bool {
    !matches!(
        sign,
        Sign::NoAnswer
            | Sign::Exits(_)
            | Sign::Believed
            | Sign::BreaksProtocol
            | Sign::Says(_)
            | Sign::NasmDoesNotEnd
    )
}

fn shows(sign: &Sign, seen: &Observed) -> bool {
    let number = |heard: &Option<Heard>, wanted: i64| matches!(heard, Some(Heard::Answered(Some(number))) if *number == wanted);
    let nasm = |is: &dyn Fn(&crate::model::attack::trial::Nasm) -> bool| {
        seen.nasm.as_ref().is_some_and(is)
    };
    match sign {
        Sign::RunIs(wanted) => number(&seen.heard, *wanted),
        Sign::SecondRunIs(wanted) => number(&seen.second, *wanted),
        Sign::Exits(status) => seen.heard == Some(Heard::Exited(*status)),
        Sign::NoAnswer => seen.heard == Some(Heard::TimedOut),
        Sign::CanaryChanges => seen.canary_changed,
        Sign::FileAppears(name) => seen.appeared.contains(name),
        Sign::CheckerDies => seen.checker_died,
        Sign::CheckerStops => seen.checker_stopped,
        Sign::ZygoteDies => seen.zygote_died,
        Sign::ProcessStays => seen.process_stays,
        Sign::Believed => seen.believed,
        Sign::Passes => seen.judged.as_ref().is_some_and(|judged| judged.passed),
        Sign::BreaksProtocol => seen.heard == Some(Heard::BrokeProtocol),
        Sign::Says(text) => seen.said.contains(text),
        Sign::Prints(bytes) => seen.printed > *bytes,
        Sign::ObjectHolds(_) => nasm(&|nasm| nasm.holds),
        Sign::NasmDoesNotEnd => nasm(&|nasm| nasm.end == NasmEnd::Stopped),
        Sign::NasmWrites(bytes) => nasm(&|nasm| nasm.written > *bytes),
        Sign::NasmTakes(megabytes) => nasm(&|nasm| nasm.memory > *megabytes),
    }
}

fn stopped(stop: &Stop, sign: &Sign, seen: &Observed) -> bool {
    // What a second guest says is the newer answer.
    let heard = seen.second.as_ref().or(seen.heard.as_ref());
    let nasm = |end| seen.nasm.as_ref().is_some_and(|nasm| nasm.end == end);
    match stop {
        Stop::Refused(code) => seen.refused.contains(code),
        Stop::Errno(name) => matches!(heard, Some(Heard::Answered(Some(number)))
            if errno(*number).as_ref() == Some(name)),
        Stop::Signal(name) => {
            matches!(heard, Some(Heard::Signal(number)) if signal(*number) == *name)
        }
        Stop::TimeLimit => heard == Some(&Heard::TimedOut),
        Stop::BrokenProtocol => heard == Some(&Heard::BrokeProtocol),
        Stop::NotPassed => seen.judged.as_ref().is_some_and(|judged| !judged.passed),
        Stop::HarmlessReport => seen.judged.as_ref().is_some_and(|judged| judged.harm.is_none()),
        Stop::ImportFails => matches!(heard, Some(Heard::ImportFailed(_))),
        Stop::InVain => {
            let answers = matches!(heard, Some(Heard::Answered(_) | Heard::Raised(_)));
            (answers || nasm(NasmEnd::Made)) && !shows(sign, seen)
        }
        Stop::NasmRefuses => nasm(NasmEnd::Refused),
        Stop::NasmStopped => nasm(NasmEnd::Stopped),
    }
}

/// Whether the system itself said no, which it may where something is missing.
fn refused_by_system(seen: &Observed) -> bool {
    let heard = seen.second.as_ref().or(seen.heard.as_ref());
    matches!(heard, Some(Heard::Answered(Some(number))) if errno(*number).is_some())
        || matches!(heard, Some(Heard::Signal(_)))
}

fn errno(number: i64) -> Option<String> {
    let number = i32::try_from(number.checked_neg()?).ok().filter(|number| *number > 0)?;
    match Errno::from_raw(number) {
        Errno::UnknownErrno => None,
        known => Some(format!("{known:?}")),
    }
}

fn signal(number: i32) -> String {
    Signal::try_from(number).map_or(format!("signal {number}"), |known| known.to_string())
}

/// What was seen, in a few words.
fn in_words(seen: &Observed) -> String {
    if !seen.refused.is_empty() {
        return format!("refused, {}", seen.refused.join(" "));
    }
    if seen.checker_died {
        return "the checker died".to_owned();
    }
    if seen.checker_stopped {
        return "the checker stood still".to_owned();
    }
    if let Some(nasm) = &seen.nasm {
        return match nasm.end {
            NasmEnd::Made => format!("an object of {} bytes", nasm.written),
            NasmEnd::Refused => "nasm refuses".to_owned(),
            NasmEnd::Stopped => "nasm is stopped".to_owned(),
        };
    }
    if let Some(judged) = &seen.judged {
        return match (&judged.harm, judged.passed) {
            (Some(harm), _) => format!("the report {harm}"),
            (None, true) => "passed".to_owned(),
            (None, false) => format!("not passed, {}", judged.codes.join(" ")),
        };
    }
    if seen.believed {
        return "believed".to_owned();
    }
    let second = seen.second.as_ref().or(seen.heard.as_ref());
    second.map_or("nothing was heard".to_owned(), heard)
}

/// What a guest gave last, in a few words.
fn heard(heard: &Heard) -> String {
    match heard {
        Heard::Answered(Some(number)) => {
            errno(*number).unwrap_or_else(|| format!("run() is {number}"))
        }
        Heard::Answered(None) => "an answer that is no number".to_owned(),
        Heard::Raised(name) => format!("raises {name}"),
        Heard::ImportFailed(_) => "the import fails".to_owned(),
        Heard::Signal(number) => signal(*number),
        Heard::Exited(status) => format!("exit status {status}"),
        Heard::TimedOut => "time limit".to_owned(),
        Heard::BrokeProtocol => "broken protocol".to_owned(),
    }
}
