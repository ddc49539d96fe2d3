//! Why the CPU gave up where it did: the instruction's operands, or the call that led there.

use crate::check::crash::{SI_KERNEL, Scene};
use crate::check::instruction;
use crate::model::capi;
use crate::model::evidence::{ARGUMENTS, CallRecord};
use crate::model::finding::{Code, Finding};

impl Scene<'_> {
    /// The instruction's operands, and what was wrong with them.
    pub(super) fn explain_instruction(&self, mut finding: Finding, address: u64) -> Finding {
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
    pub(super) fn explain_call(&self, finding: Finding, call: Option<&CallRecord>) -> Finding {
        let callee = call.and_then(|call| self.facts.callee(call.slot));
        let finding = match callee {
            Some(name) => {
                finding.detail(format!("The crash came inside {name}, which this line calls."))
            }
            None => finding.detail("The crash came inside the function that this line calls."),
        };
        let Some(call) = call else { return finding };
        let unsigned = callee.and_then(capi::prototype).into_iter().flat_map(|one| one.unsigned());
        let negative = unsigned
            .map(|register| (ARGUMENTS[register], call.arguments[register].cast_signed()))
            .filter(|(_, value)| *value < 0)
            .map(|(register, value)| {
                format!("{register} was {value}, which without a sign is {}", value.cast_unsigned())
            });
        let suspects: Vec<String> = callee
            .and_then(|name| capi::addresses(name, self.format_of(call, name)))
            // Of other functions the first argument is an address in nearly all.
            .unwrap_or_else(|| vec![0])
            .into_iter()
            .map(|register| (ARGUMENTS[register], call.arguments[register]))
            .filter(|(_, value)| is_no_address(*value) || self.crashed_at(*value))
            .map(|(register, value)| {
                format!("{register} was {}", instruction::value_in_words(value))
            })
            .chain(negative)
            .collect();
        if suspects.is_empty() {
            return finding;
        }
        finding.detail(format!("At the call, {}.", suspects.join("; ")))
    }

    /// The format that a call was given, as far as it lies in the module's own data.
    fn format_of(&self, call: &CallRecord, callee: &str) -> &str {
        let text = || {
            let register = capi::prototype(callee)?.texts().last()?;
            let own = call.arguments[register].checked_sub(self.page.image_base)?;
            self.facts.text_at(own)
        };
        text().unwrap_or_default()
    }

    /// Whether the crash came at that address, or so near that a vector began there.
    fn crashed_at(&self, address: u64) -> bool {
        const VECTOR: u64 = 64;
        self.crash.code != SI_KERNEL && self.crash.address.abs_diff(address) < VECTOR
    }

    pub(super) fn explain_nothing(&self, finding: Finding) -> Finding {
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
}

/// A call in an included file: the learner sees a line there that they never wrote.
pub(super) fn glue(finding: Finding) -> Finding {
    finding
        .detail(
            "That line is the glue's and not yours. It works with what your function returned, and \
             with the memory that your function could write to.",
        )
        .hint("what is in rax when your function returns?")
}

/// Whether a value cannot be the address of anything.
fn is_no_address(value: u64) -> bool {
    value < 4096 || value >> 47 != 0
}
