//! An instruction that takes aligned addresses only, and got another one.

use iced_x86::{FlowControl, Register};

use crate::check::crash::{SI_KERNEL, Scene};
use crate::check::{faults, instruction};
use crate::model::finding::{Code, Finding, Place};

impl Scene<'_> {
    /// The finding, if that is what ended the process at the instruction of this address.
    pub(super) fn misaligned(&self, doing: &str, address: u64, place: &Place) -> Option<Finding> {
        if self.crash.code != SI_KERNEL {
            return None;
        }
        let instruction = instruction::at(address, self.facts)?;
        let (size, more) = instruction::misaligned(&instruction, self.crash)?;
        let by_the_stack = matches!(instruction.memory_base(), Register::RSP | Register::RBP);
        if by_the_stack && let Some(finding) = self.called_with_another_rsp(address, place) {
            return Some(finding);
        }
        let sentence = format!("{doing} crashed: the address is no multiple of {size} (SIGSEGV)");
        let gets = format!(
            "The instruction wants an address that is a multiple of {size}, and gets one that is \
             {more} more."
        );
        let hint = match by_the_stack {
            true => "where is rsp, modulo 16, from the function's first instruction to this one?",
            false => {
                "`movups`, `movupd` and `movdqu` take any address; or put `align 16` before the data"
            }
        };
        Some(Finding::new(Code::C017, sentence).at(Some(place.clone())).detail(gets).hint(hint))
    }

    /// The call of the module's own that led to the instruction with a stack that is not aligned.
    fn called_with_another_rsp(&self, address: u64, crashed: &Place) -> Option<Finding> {
        let (function, name) = self.facts.function(address)?;
        let own = |word: u64| word.checked_sub(self.page.image_base);
        let calls = |word: u64| -> Option<u64> {
            let behind = own(word)?;
            let call = instruction::at(behind.checked_sub(5)?, self.facts)?;
            let here = call.flow_control() == FlowControl::Call
                && call.next_ip() == behind
                && call.near_branch_target() == function;
            here.then_some(call.ip())
        };
        let found = (0_u64..).zip(self.crash.stack());
        let (index, call) =
            found.filter_map(|(index, word)| Some((index, calls(*word)?))).next()?;
        // The return address lies right below rsp at the call.
        let modulo = (self.crash.rsp() + 8 * index + 8) % 16;
        let place = self.line(call)?;
        if modulo == 0 || place.text.is_none() {
            return None;
        }
        let sentence = format!("rsp is {modulo} more than a multiple of 16 at the call to {name}");
        let relies = format!("Line {} counts on it, and ended the process.", crashed.line);
        Some(faults::explained(Finding::new(Code::A004, sentence).at(Some(place)).detail(relies)))
    }
}
