//! Where an instruction can go on, told before it runs. A breakpoint there stops the tracee as a
//! step would, and much sooner: in a virtual machine each trap of a step goes to the hypervisor
//! first, and that of a breakpoint does not.

use iced_x86::{Code, FlowControl, Instruction, OpKind};

use crate::host::tracer::decode::Decoded;
use crate::host::tracer::process::Registers;
use crate::host::tracer::session::Session;
use crate::model::trace::Cell;

/// What an instruction says of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ahead {
    /// At one of these addresses, as linked; for most instructions they are the same.
    At(u64, u64),
    /// At the address that it takes from the stack.
    OnStack,
    /// Only the CPU knows.
    Unknown,
}

impl Ahead {
    pub(super) fn of(instruction: &Instruction) -> Self {
        let next = instruction.next_ip();
        let target = instruction.near_branch_target();
        let near = instruction.op0_kind() == OpKind::NearBranch64;
        match instruction.flow_control() {
            // What a gather reads is not among its operands here.
            FlowControl::Next if !instruction.is_vsib() => Self::At(next, next),
            FlowControl::UnconditionalBranch | FlowControl::Call if near => {
                Self::At(target, target)
            }
            FlowControl::ConditionalBranch if near => Self::At(next, target),
            FlowControl::Return
                if matches!(instruction.code(), Code::Retnq | Code::Retnq_imm16) =>
            {
                Self::OnStack
            }
            // System calls are here too: one of them goes anywhere.
            _ => Self::Unknown,
        }
    }
}

impl Session<'_> {
    /// The addresses at one of which the tracee goes on, if a breakpoint can be put on both:
    /// they are the module's code, and the instruction reads neither.
    pub(super) fn ahead(
        &self,
        decoded: &Decoded,
        registers: &Registers,
        reads: &[Cell],
        image: u64,
    ) -> Option<[u64; 2]> {
        let ahead = match decoded.ahead {
            Ahead::At(one, other) => [one, other],
            Ahead::OnStack => [reads.first()?.value.wrapping_sub(image); 2],
            Ahead::Unknown => return None,
        };
        let code = |place: &u64| self.target.facts.bytes_at(*place).is_some();
        if !ahead.iter().all(code) {
            return None;
        }
        let ahead = ahead.map(|place| place + image);
        let is_read = decoded.operands.iter().any(|operand| {
            let start = operand.address(registers, image);
            ahead.iter().any(|place| place.wrapping_sub(start) < operand.size as u64)
        });
        (!is_read).then_some(ahead)
    }
}
