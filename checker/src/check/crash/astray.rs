//! A `ret`, a jump or a call that went where there is no code.

use iced_x86::FlowControl;

use crate::check::crash::whereabouts::Where;
use crate::check::crash::{PROTECTION, SI_KERNEL, Scene};
use crate::check::instruction;
use crate::model::evidence::ARGUMENTS;
use crate::model::finding::{Code, Finding, Place};

/// The bit of the page fault's error code that an instruction fetch sets.
const FETCH: u64 = 1 << 4;

impl Scene<'_> {
    /// A `ret`, a jump or a call that went to no code.
    pub(super) fn led_astray(&self, doing: &str, location: &Where<'_>) -> Option<Finding> {
        let crash = self.crash;
        if !matches!(location, Where::At(..))
            && let Some(finding) = self.way_back_written_over(doing)
        {
            return Some(finding);
        }
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
            return Some(self.astray(doing, FlowControl::Return, place, None));
        }
        let behind = crash.stack().first().copied().map(own);
        let place = behind
            .filter(|address| self.facts.is_behind_call(*address))
            .and_then(|address| self.line(address - 1))
            // The glue's own call comes before a jump of the learner's, and is not at fault.
            .filter(|place| place.text.is_some());
        Some(self.astray(doing, FlowControl::IndirectCall, place, mapped.then_some(target)))
    }

    /// The `ret` of a function that the learner's code has called: its return address lies right
    /// below the caller's rsp, where a caller must keep nothing that others write to.
    fn way_back_written_over(&self, doing: &str) -> Option<Finding> {
        let call = self.page.pending_call()?;
        // At the `ret` itself, if its address can be none, or right after it.
        let crash = self.crash;
        let address = match crash.rsp().wrapping_sub(call.rsp) {
            0 => crash.stack().first().copied(),
            8 => crash.just_popped(),
            _ => None,
        };
        if address? == call.returns_to {
            return None;
        }
        let callee = self.facts.callee(call.slot)?;
        // The 128 bytes of the red zone, of which the first 8 are the return address.
        let below = (call.rsp + 8).saturating_sub(128)..call.rsp + 8;
        let arguments = ARGUMENTS.iter().zip(call.arguments);
        let told: Vec<String> = arguments
            .filter(|(_, value)| below.contains(value))
            .map(|(register, value)| {
                format!("{register} was the address {} bytes below rsp", call.rsp + 8 - value)
            })
            .collect();
        let finding = Finding::new(
            Code::C012,
            format!("in {doing}, the `ret` of {callee} goes to a wrong address"),
        )
        .at(self.call_place(call))
        .detail(
            "A call leaves its return address right below rsp, and all that lies there belongs to \
             the function that is called. This one's was written over.",
        )
        .hint("move rsp down by `sub rsp, …` before a call, and keep variables at rsp and above");
        // Without such an argument it may as well be a later `ret` at the same place of the stack.
        let own = finding.place.as_ref().is_some_and(|place| place.text.is_some());
        if told.is_empty() || !own {
            return None;
        }
        Some(finding.detail(format!("At the call, {}.", told.join("; "))))
    }

    pub(super) fn astray(
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
                .hint("count the pushes and pops on the way to this `ret`, and each `sub rsp` with its `add rsp`"),
            _ => Finding::new(Code::C013, format!("in {doing}, a jump or a call goes to a wrong address"))
                .at(place)
                .detail("What was taken for the address of code is none.")
                .hint("what is in the register, or in the table, that this instruction goes by?"),
        }
    }
}
