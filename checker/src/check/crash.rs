//! How a guest ended, as a finding: the signal, the learner's line that led there, and why.

use iced_x86::FlowControl;

use crate::check::{Places, instruction};
use crate::host::image::SharedFacts;
use crate::host::worker::Ended;
use crate::model::evidence::{CallRecord, Crash, Page};
use crate::model::finding::{Code, Finding, Place};
use crate::model::signal;
use crate::model::verdict::Outcome;

/// How far from `rsp` a fault may be, and still have come from a push or a call, in bytes.
const NEAR_RSP: u64 = 64 * 1024;

/// The gap that Linux keeps free below a stack, in bytes (`stack_guard_gap`, 256 pages).
const GUARD_GAP: u64 = 1024 * 1024;

/// The code of a fault at no address in particular: on x86-64, the use of an address whose bits
/// 47 to 63 differ, or of an unaligned one where alignment counts.
const SI_KERNEL: u64 = 0x80;

const SIGTRAP: u64 = 5;

/// The code of a SIGBUS behind the end of a mapped file (`sigaction(2)`).
const BUS_ADRERR: u64 = 2;

/// Bits of the page fault's error code: Intel SDM, vol. 3, section 4.7.
const PROTECTION: u64 = 1;
const WRITE: u64 = 1 << 1;
const FETCH: u64 = 1 << 4;

/// A dead guest, and the file that was its module.
struct Scene<'a> {
    page: &'a Page,
    crash: &'a Crash,
    facts: &'a SharedFacts,
    places: Places<'a>,
}

/// Where a guest was when it ended.
enum Where<'a> {
    /// At an instruction of the learner's file, at this address as linked.
    At(u64, Place),
    /// In somebody else's code, in a call from the learner's file.
    CalledFrom(Place, Option<&'a CallRecord>),
    /// Behind the last instruction of the learner's file.
    PastTheEnd(Option<Place>),
    /// Nothing of the learner's is to be seen.
    Elsewhere,
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
            let (name, meaning) = signal::in_words(*number);
            let sentence = format!("{doing} ended the process: {meaning} ({name})");
            (Outcome::Crashed, Finding::new(Code::C009, sentence))
        }
        Ended::Signal(number) => (Outcome::Crashed, scene.signal(*number, &doing, printed)),
        Ended::Exited(status) => {
            let sentence = format!("{doing} ended the whole process, with status {status}");
            let mut finding = Finding::new(Code::C007, sentence)
                .detail("A module lives in Python's process and leaves its end to Python.")
                .hint("return to your caller instead of calling exit");
            if let Some(call) = page.pending_call() {
                finding = finding.at(scene.call_place(call));
            }
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
        const FPE: i32 = 8;
        const ABRT: i32 = 6;
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
        }
        if number == ABRT {
            return aborted(doing, location, printed);
        }
        let (name, meaning) = signal::in_words(number);
        let code = match number {
            4 => Code::C002,
            5 => Code::C011,
            // A mapped file that ends before the page does: no memory, under another name.
            7 if self.crash.code == BUS_ADRERR => Code::C001,
            7 => Code::C004,
            FPE => Code::C003,
            SEGV if self.wrote_to_constants() => Code::C014,
            SEGV => Code::C001,
            31 => Code::C016,
            _ => Code::C009,
        };
        let sentence = match code {
            Code::C014 => format!("{doing} writes to memory that can only be read"),
            _ => format!("{doing} crashed: {meaning} ({name})"),
        };
        let finding = Finding::new(code, sentence);
        match location {
            Where::At(address, place) => self.explain_instruction(finding.at(Some(place)), address),
            Where::CalledFrom(place, call) => self.explain_call(finding.at(Some(place)), call),
            Where::PastTheEnd(_) | Where::Elsewhere => self.explain_nothing(finding),
        }
    }

    /// The instruction's operands, and what was wrong with them.
    fn explain_instruction(&self, mut finding: Finding, address: u64) -> Finding {
        let Some(instruction) = instruction::at(address, self.facts) else { return finding };
        if let Some(why) = instruction::division_in_words(&instruction, self.crash) {
            return finding.detail(why).detail(
                "`div` and `idiv` take their dividend from rdx and rax together, and put the \
                 quotient into rax and the rest into rdx.",
            );
        }
        if finding.code == Code::C014 {
            let label = self.label_of(self.crash.address);
            return finding.detail(label).hint("variables stand in `.data` or `.bss`");
        }
        let words = instruction::operand_in_words(&instruction, self.crash);
        if !words.is_empty() {
            finding = finding.detail(format!("{}.", words.join("; ")));
        }
        if instruction::writes(&instruction)
            && self.crash.address < 4096
            && self.crash.code != SI_KERNEL
        {
            finding = finding.detail("It would have written there.");
        }
        finding
    }

    /// The call that led into the crash, and what it was given.
    fn explain_call(&self, finding: Finding, call: Option<&CallRecord>) -> Finding {
        const ARGUMENTS: [&str; 6] = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"];
        let callee = call.and_then(|call| self.facts.callee(call.slot));
        let finding = match callee {
            Some(name) => {
                finding.detail(format!("The crash came inside {name}, which this line calls."))
            }
            None => finding.detail("The crash came inside the function that this line calls."),
        };
        let Some(call) = call else { return finding };
        // Its first argument is an address in nearly every function of the C API; of the others
        // nothing is known here.
        let taken = 1;
        let suspects: Vec<String> = ARGUMENTS
            .iter()
            .zip(call.arguments)
            .take(taken)
            .filter(|(_, value)| is_no_address(*value))
            .map(|(register, value)| {
                format!("{register} was {}", instruction::value_in_words(value))
            })
            .collect();
        if suspects.is_empty() {
            return finding;
        }
        finding.detail(format!("At the call, {}.", suspects.join("; ")))
    }

    fn explain_nothing(&self, finding: Finding) -> Finding {
        let finding = finding.detail(
            "It came in CPython's own code, after your function had come back: what you gave back, \
             or left behind in one of your tables, was not what CPython took it for.",
        );
        if self.crash.code != SI_KERNEL && self.crash.address < 4096 {
            return finding.detail(format!(
                "The address was {:#x}: so near to 0 that a NULL, or a small number, was taken for \
                 an address.",
                self.crash.address
            ));
        }
        finding
    }

    /// A `ret`, a jump or a call that went to no code.
    fn led_astray(&self, doing: &str, location: &Where<'_>) -> Option<Finding> {
        let crash = self.crash;
        // An address that can be none stops the CPU at the instruction itself.
        if let Where::At(address, place) = location {
            let flow = instruction::leads_away(&instruction::at(*address, self.facts)?)?;
            if crash.code != SI_KERNEL {
                return None;
            }
            return Some(self.astray(doing, flow, Some(place.clone()), None));
        }
        let fetched =
            crash.error & FETCH != 0 || crash.address == crash.rip() && crash.code != SI_KERNEL;
        if !fetched {
            return None;
        }
        let mapped = crash.error & PROTECTION != 0;
        let target = crash.rip();
        let own = |address: u64| address.wrapping_sub(self.page.image_base);
        if crash.just_popped() == Some(target) {
            let function = self.page.frames().last().map(|frame| own(frame.function));
            let returns = function.map_or_else(Vec::new, |at| instruction::returns(at, self.facts));
            let place = match returns[..] {
                [only] => self.line(only),
                _ => None,
            };
            return Some(self.astray(doing, FlowControl::Return, place, mapped.then_some(target)));
        }
        let behind = crash.stack().first().copied().map(own);
        let place = behind
            .filter(|address| self.facts.is_behind_call(*address))
            .and_then(|address| self.line(address - 1))
            // The glue's own call comes before a jump of the learner's, and is not at fault.
            .filter(|place| place.text.is_some());
        Some(self.astray(doing, FlowControl::IndirectCall, place, mapped.then_some(target)))
    }

    fn astray(
        &self,
        doing: &str,
        flow: FlowControl,
        place: Option<Place>,
        mapped: Option<u64>,
    ) -> Finding {
        if let Some(target) = mapped {
            return Finding::new(
                Code::C015,
                format!("{doing} goes on where there is data and no code"),
            )
            .at(place)
            .detail(self.label_of(target))
            .hint(
                "a `call` or `jmp` by `[name]` goes to the address stored there; without the \
                       bracket, to the place itself",
            );
        }
        match flow {
            FlowControl::Return => Finding::new(Code::C012, format!("in {doing}, a `ret` goes to a wrong address"))
                .at(place)
                .detail(
                    "`ret` takes the address of its caller from the top of the stack. Something \
                     else lies there: something was pushed and not popped, or popped once too often, \
                     or written over it.",
                )
                .hint("count the pushes and pops on the way to this `ret`"),
            _ => Finding::new(Code::C013, format!("in {doing}, a jump or a call goes to a wrong address"))
                .at(place)
                .detail("What was taken for the address of code is none.")
                .hint("what is in the register, or in the table, that this instruction goes by?"),
        }
    }

    /// What lies at an address, as far as the learner's file has a name for it.
    fn label_of(&self, address: u64) -> String {
        let own = address.wrapping_sub(self.page.image_base);
        let near_stack = address.abs_diff(self.crash.rsp()) < GUARD_GAP;
        if self.facts.is_code(own) {
            return match self.facts.label(own) {
                Some(label) => format!("The address is in your code, at `{label}`."),
                None => "The address is in your code.".to_owned(),
            };
        }
        match self.facts.data_label(own) {
            Some(label) if own < self.facts.end => {
                format!("The address is in your data, at `{label}`.")
            }
            _ if near_stack => "The address is on the stack.".to_owned(),
            _ => "The address is in memory that is not yours.".to_owned(),
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

    fn line(&self, address: u64) -> Option<Place> {
        let line = self.facts.lines.line(address)?;
        Some(self.places.place(&line.file, line.line))
    }

    fn call_place(&self, call: &CallRecord) -> Option<Place> {
        self.line(call.returns_to.wrapping_sub(self.page.image_base).wrapping_sub(1))
    }

    fn locate(&self) -> Where<'a> {
        let (page, facts) = (self.page, self.facts);
        if page.image_base == 0 {
            return Where::Elsewhere;
        }
        let own = |address: u64| address.checked_sub(page.image_base);
        // After a breakpoint rip is behind its one byte.
        let behind = u64::from(self.crash.signal == SIGTRAP);
        if let Some(here) = own(self.crash.rip()).and_then(|rip| rip.checked_sub(behind)) {
            let guard = facts.label(here).is_some_and(|label| label == "workbook_guard");
            if facts.is_code(here)
                && !guard
                && let Some(place) = self.line(here)
            {
                return Where::At(here, place);
            }
            if guard || is_behind(here, facts) {
                return Where::PastTheEnd(self.last_line(here));
            }
        }
        if page.frames().is_empty() {
            return Where::Elsewhere;
        }
        if let Some(call) = page.pending_call()
            && let Some(place) = self.call_place(call)
        {
            return Where::CalledFrom(place, Some(call));
        }
        // A call that goes by no slot: the nearest word of the stack that is an address behind a
        // call of the learner's.
        let caller = self.crash.stack().iter().find_map(|word| {
            let here = own(*word)?;
            facts.is_behind_call(here).then(|| self.line(here - 1))?
        });
        match caller {
            Some(place) if place.text.is_some() => Where::CalledFrom(place, None),
            _ => Where::Elsewhere,
        }
    }

    /// The last line of the learner's before the address.
    fn last_line(&self, address: u64) -> Option<Place> {
        const FAR: u64 = 64;
        (1..=FAR)
            .filter_map(|back| self.line(address.checked_sub(back)?))
            .find(|place| place.text.is_some())
    }
}

/// CPython's own checks ended the process; what they printed says why.
fn aborted(doing: &str, location: Where<'_>, printed: &str) -> Finding {
    let said = printed.lines().find(|line| line.contains("Fatal Python error"));
    let said = said.map(|line| line.trim_start_matches("Fatal Python error: ").to_owned());
    let overrun = printed.contains("Debug memory block at address");
    let place = match location {
        Where::At(_, place) | Where::CalledFrom(place, _) => Some(place),
        _ => None,
    };
    if overrun {
        return Finding::new(Code::R004, format!("{doing} has written past the end of an object"))
            .at(place)
            .detail(
                "CPython puts a few known bytes around every block of memory that it gives out, and \
                 looks at them when the block comes back. They were changed.",
            )
            .hint("how many bytes did you ask for, and how many do you write?");
    }
    let finding =
        Finding::new(Code::C005, format!("CPython stopped the process in {doing}")).at(place);
    match said {
        Some(words) => finding.detail(format!("It says: {words}")),
        None => finding,
    }
}

/// Whether a value cannot be the address of anything.
fn is_no_address(value: u64) -> bool {
    value < 4096 || value >> 47 != 0
}

/// Whether the address is in the page in which the code ends, behind its end.
fn is_behind(address: u64, facts: &SharedFacts) -> bool {
    const PAGE: u64 = 4096;
    facts.code.iter().any(|(start, bytes)| {
        let end = start + bytes.len() as u64;
        let to_next_page = end.wrapping_neg() % PAGE;
        address.checked_sub(end).is_some_and(|behind| behind < to_next_page + PAGE)
    })
}
