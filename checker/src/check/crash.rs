//! How a guest ended, as a finding: the signal, the learner's line that led there, and why.

mod alignment;
mod astray;
mod explain;
mod handed_back;
mod whereabouts;

use iced_x86::Mnemonic;
use syscalls::Sysno;

use crate::check::crash::whereabouts::{GUARD_GAP, Where};
use crate::check::{Places, instruction, midway};
use crate::host::image::SharedFacts;
use crate::host::worker::Ended;
use crate::model::evidence::{CallRecord, Crash, Page};
use crate::model::finding::{Code, Finding};
use crate::model::signal;
use crate::model::verdict::Outcome;

/// How far from `rsp` a fault may be, and still have come from a push or a call, in bytes.
const NEAR_RSP: u64 = 64 * 1024;

/// The signal of a system call that a filter refuses.
const SYS: i32 = 31;

/// The code of a SIGBUS at a page that has an address and no memory (`sigaction(2)`): behind the end
/// of a mapped file, or one of the kernel's own.
const BUS_ADRERR: u64 = 2;

/// The code of a fault at no address in particular: on x86-64, the use of an address whose bits
/// 47 to 63 differ, or of an unaligned one where alignment counts.
const SI_KERNEL: u64 = 0x80;

/// Bits of the page fault's error code: Intel SDM, vol. 3, section 4.7.
const PROTECTION: u64 = 1;
const WRITE: u64 = 1 << 1;

/// A dead guest, and the file that was its module.
struct Scene<'a> {
    page: &'a Page,
    crash: &'a Crash,
    facts: &'a SharedFacts,
    places: Places<'a>,
}

/// The outcome and the finding of a guest that gives no more replies.
pub fn conclude(
    end: &Ended,
    statement: Option<&str>,
    page: &Page,
    printed: &str,
    facts: &SharedFacts,
    places: Places<'_>,
) -> (Outcome, Finding) {
    let doing = match statement {
        Some(source) => format!("`{}`", source.lines().next().unwrap_or_default()),
        None => "the import".to_owned(),
    };
    let scene = Scene { page, crash: &page.crash, facts, places };
    match end {
        Ended::Signal(number) if scene.crash.signal == 0 => {
            if *number == SYS {
                return (Outcome::Crashed, forbidden_at_once(&doing, facts, places));
            }
            let (name, meaning) = signal::in_words(*number);
            let sentence = format!("{doing} ended the process: {meaning} ({name})");
            (Outcome::Crashed, Finding::new(Code::C009, sentence))
        }
        Ended::Signal(number) => {
            let mut finding = scene.signal(*number, &doing, printed);
            if let Where::At(address, _) = scene.locate()
                && let Some(midway) = midway::midway(address, facts, places)
            {
                // Whatever else was seen was seen of an instruction that nobody wrote.
                finding.details = vec![midway.stopped_here()];
                finding.hint = Some(
                    "which jump, call or `ret` goes to an address that is not that of a label?"
                        .to_owned(),
                );
            }
            (Outcome::Crashed, finding)
        }
        Ended::Exited(status) => {
            let sentence = format!("{doing} ended the whole process, with status {status}");
            let mut finding = Finding::new(Code::C007, sentence)
                .detail("A module lives in Python's process and leaves its end to Python.")
                .hint("return to your caller instead of calling exit");
            let call = page.pending_call();
            let ends = |call: &&CallRecord| facts.callee(call.slot).is_some_and(ends_processes);
            let calls = instruction::system_calls(facts, places);
            finding = match (call, call.filter(ends), calls.as_slice()) {
                (_, Some(call), _) => finding.at(scene.call_place(call)),
                (None, _, [(_, only)]) => finding.at(Some(only.clone())),
                // A replay finds it, where one can be had.
                _ => finding,
            };
            (Outcome::Crashed, finding)
        }
        Ended::TimedOut => (Outcome::TimedOut, scene.timed_out(&doing)),
        Ended::BrokeProtocol => {
            let sentence = format!("{doing} disturbed the connection to the checker");
            let finding = Finding::new(Code::C010, sentence)
                .detail("The module closed or wrote to a file descriptor that is not its own.");
            (Outcome::Crashed, finding)
        }
    }
}

/// Whether the function of that name never comes back, and ends the process.
fn ends_processes(name: &str) -> bool {
    const ENDS: [&str; 7] =
        ["exit", "_exit", "_Exit", "quick_exit", "Py_Exit", "Py_FatalError", "abort"];
    ENDS.contains(&name)
}

/// A system call that the kernel refuses without a word to the process: one that is made as
/// 32-bit programs make them.
fn forbidden_at_once(doing: &str, facts: &SharedFacts, places: Places<'_>) -> Finding {
    let sentence = format!("{doing} makes a system call that is not allowed here");
    let mut finding = Finding::new(Code::C016, sentence)
        .hint("a module asks CPython or the C library for what it needs");
    let calls = instruction::system_calls(facts, places);
    if calls.iter().any(|(call, _)| call.mnemonic() == Mnemonic::Int) {
        finding = finding.detail(
            "`int 0x80` is the way of 32-bit programs: other numbers, other registers, and \
             addresses of 32 bits. Python and its modules have 64.",
        );
    }
    match calls.as_slice() {
        [(_, only)] => finding.at(Some(only.clone())),
        _ => finding,
    }
}

impl<'a> Scene<'a> {
    fn timed_out(&self, doing: &str) -> Finding {
        let finding = Finding::new(Code::C008, format!("{doing} gives no answer in time"));
        match self.locate() {
            Where::At(address, place) if self.crash.signal != 0 => {
                // Where in the loop the CPU was is chance; the jump that closes it is not.
                let jump = instruction::closes_the_loop(address, self.facts);
                let finding = match jump.and_then(|jump| self.line(jump)) {
                    Some(jump) => finding.at(Some(jump)).detail(
                        "The CPU was in the loop that this jump closes when the time was up.",
                    ),
                    None => finding
                        .at(Some(place))
                        .detail("The line above is where the CPU was when the time was up."),
                };
                finding.hint("which instruction makes the loop's condition come true at last?")
            }
            Where::CalledFrom(place, _) if self.crash.signal != 0 => finding
                .at(Some(place))
                .detail("The CPU was inside the function that this line calls."),
            _ => finding.hint("does every loop of yours come to an end?"),
        }
    }

    fn signal(&self, number: i32, doing: &str, printed: &str) -> Finding {
        const SEGV: i32 = 11;
        const BUS: i32 = 7;
        const FPE: i32 = 8;
        const ABRT: i32 = 6;
        // No memory, under another name. Which of the two a wild address gets depends on the kernel
        // and on chance, and says nothing about the code.
        let is_the_same = number == BUS && self.crash.code == BUS_ADRERR;
        let number = if is_the_same { SEGV } else { number };
        let location = self.locate();
        if let Where::PastTheEnd(place) = location {
            return Finding::new(
                Code::A005,
                format!("{doing} runs on behind the end of your code"),
            )
            .at(place)
            .detail(
                "The CPU takes one instruction after the other. Where a function has no `ret`, \
                     it goes on with whatever bytes come next.",
            )
            .hint("does every way through your function end in `ret`?");
        }
        if number == SEGV {
            if self.stack_used_up() {
                return self.stack_finding(doing, location);
            }
            if let Some(finding) = self.led_astray(doing, &location) {
                return finding;
            }
            let better = match &location {
                Where::At(address, place) => self.misaligned(doing, *address, place),
                Where::CalledFrom(place, call) => self.handed_back(place, *call),
                _ => None,
            };
            if let Some(finding) = better {
                return finding;
            }
        }
        if number == ABRT {
            return self.aborted(doing, location, printed);
        }
        if number == SYS {
            return self.forbidden(doing, location);
        }
        let (name, meaning) = signal::in_words(number);
        let forbidden = match location {
            Where::At(address, _) => instruction::at(address, self.facts)
                .filter(|instruction| number == SEGV && instruction.is_privileged()),
            _ => None,
        };
        let code = match number {
            4 => Code::C002,
            SEGV if forbidden.is_some() => Code::C002,
            5 => Code::C011,
            BUS => Code::C004,
            FPE => Code::C003,
            SEGV if self.wrote_to_constants() => Code::C014,
            SEGV => Code::C001,
            _ => Code::C009,
        };
        let sentence = match code {
            _ if let Some(instruction) = forbidden => {
                let mnemonic = format!("{:?}", instruction.mnemonic()).to_ascii_lowercase();
                format!(
                    "{doing} crashed: `{mnemonic}` is an instruction for the kernel only ({name})"
                )
            }
            Code::C014 => format!("{doing} writes to memory that can only be read"),
            _ => format!("{doing} crashed: {meaning} ({name})"),
        };
        let finding = Finding::new(code, sentence);
        match location {
            Where::At(address, place) => self.explain_instruction(finding.at(Some(place)), address),
            Where::CalledFrom(place, call) => {
                let in_the_glue = place.text.is_none();
                let finding = self.explain_call(finding.at(Some(place)), call);
                if in_the_glue { explain::glue(finding) } else { finding }
            }
            Where::PastTheEnd(_) | Where::Elsewhere => self.explain_nothing(finding),
        }
    }

    fn wrote_to_constants(&self) -> bool {
        self.crash.error & WRITE != 0 && self.crash.error & PROTECTION != 0
    }

    fn stack_used_up(&self) -> bool {
        let bottom = self.page.stack_bottom;
        let near = self.crash.address.abs_diff(self.crash.rsp()) < NEAR_RSP;
        let at_bottom = self.crash.address.abs_diff(bottom) < GUARD_GAP;
        near && at_bottom
    }

    fn stack_finding(&self, doing: &str, location: Where<'_>) -> Finding {
        let place = match location {
            Where::At(_, place) | Where::CalledFrom(place, _) => Some(place),
            _ => None,
        };
        Finding::new(Code::C006, format!("{doing} used up the stack"))
            .at(place)
            .detail("Each call and each push takes 8 bytes of the stack, which has 8 MB here.")
            .hint("does the recursion come to its end? Is something pushed in a loop?")
    }

    /// A system call that the sandbox does not allow. The kernel has put its number back into
    /// rax (Linux, kernel/seccomp.c: `syscall_rollback`).
    fn forbidden(&self, doing: &str, location: Where<'_>) -> Finding {
        let number = self.crash.register("rax").unwrap_or(0);
        let name = usize::try_from(number).ok().and_then(Sysno::new);
        let what = name.map_or_else(|| "one".to_owned(), |name| format!("`{}`", name.name()));
        let sentence = format!("{doing} makes a system call that is not allowed here");
        let finding = Finding::new(Code::C016, sentence)
            .detail(format!("It is number {number}, {what}."))
            .hint("a module asks CPython or the C library for what it needs");
        match location {
            Where::At(_, place) => finding.at(Some(place)),
            Where::CalledFrom(place, call) => {
                let callee = call.and_then(|call| self.facts.callee(call.slot));
                let callee = callee.unwrap_or("the function that this line calls");
                finding.at(Some(place)).detail(format!("The system call is made inside {callee}."))
            }
            Where::PastTheEnd(_) | Where::Elsewhere => finding,
        }
    }

    /// Somebody called abort(): CPython's own checks, the C library's, or the module. What was
    /// printed says why.
    fn aborted(&self, doing: &str, location: Where<'_>, printed: &str) -> Finding {
        let callee = match location {
            Where::CalledFrom(_, Some(call)) => self.facts.callee(call.slot),
            _ => None,
        };
        let place = match location {
            Where::At(_, place) | Where::CalledFrom(place, _) => Some(place),
            _ => None,
        };
        let fatal = printed.lines().find_map(|line| line.split_once("Fatal Python error: "));
        let overrun = printed.contains("Debug memory block at address");
        if overrun {
            return Finding::new(
                Code::R004,
                format!("{doing} has written past the end of an object"),
            )
            .at(place)
            .detail(
                "CPython puts a few known bytes around every block of memory that it gives \
                     out, and looks at them when the block comes back. They were changed.",
            )
            .hint("how many bytes did you ask for, and how many do you write?");
        }
        match (fatal, callee) {
            (Some((_, words)), _) => {
                Finding::new(Code::C005, format!("CPython stopped the process in {doing}"))
                    .at(place)
                    .detail(format!("It says: {words}"))
            }
            (None, Some("abort")) => {
                Finding::new(Code::C007, format!("{doing} ended the whole process, by abort"))
                    .at(place)
                    .detail("A module lives in Python's process and leaves its end to Python.")
                    .hint("return to your caller instead of calling abort")
            }
            (None, _) => {
                let sentence = format!("the C library stopped the process in {doing}");
                let finding = Finding::new(Code::C005, sentence).at(place);
                // glibc prints one line before it aborts: `free(): invalid pointer`.
                match printed.lines().rfind(|line| line.contains(": ")) {
                    Some(words) => finding.detail(format!("It says: {words}")),
                    None => finding,
                }
            }
        }
    }
}
