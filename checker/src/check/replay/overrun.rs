//! Which step of a run has written over the bytes that CPython's debug allocator keeps around a
//! block.

use iced_x86::{Instruction, OpKind, Register as Operand};

use crate::check::instruction;
use crate::check::replay::Found;
use crate::host::image::SharedFacts;
use crate::model::trace::replay::Moment;
use crate::model::trace::{Call, IMAGE_BASE, Kind, Recording, Register};

/// How many known bytes there are on each side: `SST` of Objects/obmalloc.c, on 64-bit systems.
const KEPT: u64 = 8;

/// The block that CPython found damaged, as it prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    start: u64,
    end: u64,
}

impl Block {
    /// The last block that the output of `_PyObject_DebugDumpAddress` names.
    pub(super) fn printed(text: &str) -> Option<Self> {
        let at = text.rfind("Debug memory block at address p=0x")?;
        let rest = text[at..].split_once("p=0x")?.1;
        let digits = rest.split(|c: char| !c.is_ascii_hexdigit()).next()?;
        let start = u64::from_str_radix(digits, 16).ok()?;
        let size = rest.split(" bytes originally requested").next()?;
        let size: u64 = size.split_whitespace().last()?.parse().ok()?;
        Some(Self { start, end: start.checked_add(size)? })
    }

    /// What a write to these addresses does to the block's surroundings, in words.
    fn damage(self, from: u64, to: u64) -> Option<String> {
        let bytes =
            |count: u64| if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") };
        if from < self.end.checked_add(KEPT)? && to > self.end && from >= self.start {
            let past = bytes(to - self.end);
            return Some(format!(
                "What this writes ends {past} past the end of the object's memory."
            ));
        }
        let before = self.start.checked_sub(KEPT)?;
        (to > before && from < self.start && to <= self.end.checked_add(KEPT)?).then(|| {
            let early = bytes(self.start - from);
            format!("What this writes begins {early} before the object's memory.")
        })
    }
}

/// The last step that wrote there, and what it did. What comes after it is for the allocator to find.
pub(super) fn find<'a>(
    recording: &'a Recording,
    block: Block,
    facts: &SharedFacts,
) -> Option<Found<'a>> {
    let mut moment = Moment::first(recording);
    let mut found = None;
    for step in &recording.steps {
        let rdi = moment.get(Register::Rdi);
        let address = moment.get(Register::Rip).and_then(|rip| rip.checked_sub(IMAGE_BASE));
        moment.apply(recording, step);
        let repeated = || {
            let instruction = instruction::at(address?, facts).filter(stores_at_rdi)?;
            let (from, to) = (rdi?, moment.get(Register::Rdi)?);
            (instruction.has_rep_prefix() && from < to).then_some((from, to))
        };
        let written = match step.k {
            Kind::Instruction => step
                .w
                .iter()
                .map(|cell| (cell.address, cell.address + u64::from(cell.size)))
                .collect(),
            _ => Vec::new(),
        };
        let all = written.into_iter().chain(repeated()).chain(step.call.as_ref().and_then(filled));
        let mut damage = all.filter_map(|(from, to)| block.damage(from, to));
        if let Some(words) = damage.next() {
            found = Some((step, Some(words)));
        }
    }
    found
}

fn stores_at_rdi(instruction: &Instruction) -> bool {
    instruction.op0_kind() == OpKind::MemoryESRDI && instruction.memory_base() != Operand::RIP
}

/// The addresses that a call of the C library fills.
fn filled(call: &Call) -> Option<(u64, u64)> {
    const FILL: [&str; 4] = ["memcpy", "memmove", "memset", "strncpy"];
    let arguments = call.args.as_deref().filter(|_| FILL.contains(&call.to.as_str()))?;
    let (to, length) = (arguments.first()?.v.0, arguments.get(2)?.v.0);
    Some((to, to.checked_add(length)?))
}
