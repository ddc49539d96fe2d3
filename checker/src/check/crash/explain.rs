//! Why the CPU gave up where it did: the instruction's operands, or the call that led there.

use crate::check::crash::{SI_KERNEL, Scene};
use crate::check::instruction;
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
