//! Where a run cuts a number of 64 bits down to 32.

use iced_x86::{Instruction, InstructionInfoFactory, Mnemonic, OpKind};

use crate::check::replay::Found;
use crate::check::{Built, instruction, widths};
use crate::host::image::SharedFacts;
use crate::model::capi;
use crate::model::trace::replay::Moment;
use crate::model::trace::{Call, Cell, Hex, IMAGE_BASE, Kind, Recording, Register, Step};

/// The instructions that cut numbers.
#[derive(Debug, Default)]
pub(super) struct Cuts<'a> {
    /// The first at which one of the right values was there and lost its upper half.
    pub(super) exact: Option<Found<'a>>,
    /// The first that cut any number.
    pub(super) first: Option<Found<'a>>,
    /// The first that read a right value's half where a variable has room for all of it.
    pub(super) variable: Option<Found<'a>>,
    /// Whether any instruction that ran has to do with 32 bits of anything, whatever it is.
    pub(super) is_possible: bool,
    /// Whether the exact one's half was stored outside of the stack, there or later.
    pub(super) is_kept: bool,
}

/// The cuts of a run, up to the exact one.
pub(super) fn find<'a>(recording: &'a Recording, built: &Built, right: &[i128]) -> Cuts<'a> {
    let facts = &built.facts;
    let mut moment = Moment::first(recording);
    let mut wide_places = Vec::new();
    let mut cuts = Cuts::default();
    for (index, step) in recording.steps.iter().enumerate() {
        cuts.is_possible |= makes_halves(&moment, step, facts);
        let cut = cut(&moment, step, facts, &wide_places);
        let variable = half_of_a_variable(&moment, step, built);
        moment.apply(recording, step);
        let stored = step.w.iter().filter(|cell| step.k == Kind::Instruction && cell.size == 8);
        wide_places.extend(stored.map(|cell| cell.address));
        wide_places.extend(step.call.iter().flat_map(parsed));
        let half_of_right = |value: &Hex| right.iter().any(|one| *one as u32 == value.0 as u32);
        if let (None, Some((label, bytes))) = (&cuts.variable, variable)
            && step.f == 0
            && step.r.values().any(half_of_right)
        {
            let detail = format!("This line reads 4 bytes at `{label}`, which has {bytes}.");
            cuts.variable = Some((step, Some(detail)));
        }
        let Some((whole, source)) = cut.filter(|_| step.f == 0 && step.l > 0) else { continue };
        let exact = |value: &&i128| **value as u64 == whole;
        if let Some(value) = right.iter().find(exact) {
            let detail = format!(
                "Here the value still was {value}. The instruction keeps its lower 32 bits only."
            );
            cuts.exact = Some((step, Some(detail)));
            let stack = recording.stack.lo.0..recording.stack.hi.0;
            let kept = |cell: &Cell| cell.value as u32 == whole as u32 && cell.size >= 4;
            let mut stored = recording.steps[index..].iter().flat_map(|step| &step.w);
            cuts.is_kept = stored.any(|cell| kept(cell) && !stack.contains(&cell.address));
            return cuts;
        }
        if cuts.first.is_none() && source == Source::Number {
            let detail = format!(
                "This is the first instruction that keeps the lower 32 bits of a number that has \
                 more: {}.",
                whole.cast_signed()
            );
            cuts.first = Some((step, Some(detail)));
        }
    }
    cuts
}

/// Whether the step's instruction has an operand of 32 bits.
fn makes_halves(moment: &Moment, step: &Step, facts: &SharedFacts) -> bool {
    let address = moment.get(Register::Rip).and_then(|rip| rip.checked_sub(IMAGE_BASE));
    let runs = step.k == Kind::Instruction && step.f == 0;
    let instruction = address.filter(|_| runs).and_then(|address| instruction::at(address, facts));
    let Some(instruction) = instruction else { return runs };
    // iced says rax of an instruction that writes eax, and eax of one that reads it unnamed.
    let named = (0..instruction.op_count()).any(|index| {
        instruction.op_kind(index) == OpKind::Register && instruction.op_register(index).is_gpr32()
    });
    let mut factory = InstructionInfoFactory::new();
    let mut used = factory.info(&instruction).used_registers().iter();
    named || used.any(|one| one.register().is_gpr32()) || instruction.memory_size().size() == 4
}

/// The variable of 8 bytes or more, by its label, of which the instruction reads 4.
fn half_of_a_variable(moment: &Moment, step: &Step, built: &Built) -> Option<(String, u64)> {
    let address = moment.get(Register::Rip)?.checked_sub(IMAGE_BASE)?;
    let instruction = instruction::at(address, &built.facts)?;
    let reads = step.k == Kind::Instruction
        && instruction.is_ip_rel_memory_operand()
        && instruction.memory_size().size() == 4
        && !instruction::writes(&instruction);
    let place = instruction.ip_rel_memory_address();
    let room = widths::room(place, &built.facts, &built.object).filter(|_| reads)?;
    (room.bytes >= 8).then(|| (room.label.to_owned(), room.bytes))
}

/// Whether what was cut is known to be one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Number,
    /// Perhaps two neighbors in memory, or a 32-bit value in a register whose upper half nobody
    /// has filled.
    Perhaps,
}

/// What the instruction would have given with 64 bits, if it has 32 and gives something else.
fn cut(
    moment: &Moment,
    step: &Step,
    facts: &SharedFacts,
    wide_places: &[u64],
) -> Option<(u64, Source)> {
    if step.k != Kind::Instruction {
        return None;
    }
    let address = moment.get(Register::Rip)?.checked_sub(IMAGE_BASE)?;
    let instruction = instruction::at(address, facts)?;
    let extends = matches!(instruction.mnemonic(), Mnemonic::Cdqe | Mnemonic::Movsxd);
    let narrow =
        instruction.op0_kind() == OpKind::Register && instruction.op0_register().is_gpr32();
    let stores = instruction.mnemonic() == Mnemonic::Mov
        && instruction.op0_kind() == OpKind::Memory
        && instruction.op1_kind() == OpKind::Register
        && instruction.op1_register().is_gpr32();
    if stores {
        let whole = moment.get(general(instruction.op1_register())?)?;
        let stored = step.w.first().map(|cell| cell.value)?;
        return (whole != stored && whole as u32 == stored as u32)
            .then_some((whole, Source::Perhaps));
    }
    if !narrow && !extends {
        return None;
    }
    let mut source = if extends { Source::Perhaps } else { Source::Number };
    let mut operands = Vec::new();
    let only_written =
        matches!(instruction.mnemonic(), Mnemonic::Mov | Mnemonic::Movsxd | Mnemonic::Lea)
            || instruction.op_count() == 3;
    for index in 0..instruction.op_count() {
        if index == 0 && only_written {
            operands.push(None);
            continue;
        }
        let operand = match instruction.op_kind(index) {
            OpKind::Register => {
                let value = moment.get(general(instruction.op_register(index))?);
                if value.is_some_and(has_filler) {
                    source = Source::Perhaps;
                }
                value
            }
            OpKind::Memory => {
                let place = place(&instruction, moment)?;
                if !wide_places.contains(&place) {
                    source = Source::Perhaps;
                }
                moment.word(place)
            }
            // As an instruction of 64 bits would have it. A mask looks the same as -1.
            OpKind::Immediate32 => {
                if instruction.mnemonic() == Mnemonic::Mov {
                    source = Source::Perhaps;
                }
                Some(i64::from(instruction.immediate32().cast_signed()).cast_unsigned())
            }
            _ => instruction.try_immediate(index).ok(),
        };
        operands.push(operand);
    }
    let whole = whole(&instruction, &operands, moment)?;
    let result = match instruction.mnemonic() {
        Mnemonic::Cdqe => Register::Rax,
        _ => general(instruction.op0_register())?,
    };
    // The register may keep what it had, and then it is not among the changes.
    let given = step.r.get(&result).map(|value| value.0).or_else(|| moment.get(result))?;
    (whole != given && whole as u32 == given as u32).then_some((whole, source))
}

/// The result with 64 bits for every operand. The first operand is the destination.
fn whole(instruction: &Instruction, operands: &[Option<u64>], moment: &Moment) -> Option<u64> {
    let operand = |index: usize| operands.get(index).copied().flatten();
    let both = |combine: fn(u64, u64) -> u64| Some(combine(operand(0)?, operand(1)?));
    match instruction.mnemonic() {
        Mnemonic::Mov | Mnemonic::Movsxd => operand(1),
        Mnemonic::Cdqe => moment.get(Register::Rax),
        Mnemonic::Add => both(u64::wrapping_add),
        Mnemonic::Sub => both(u64::wrapping_sub),
        Mnemonic::And => both(|one, other| one & other),
        Mnemonic::Or => both(|one, other| one | other),
        Mnemonic::Imul if operands.len() == 2 => both(u64::wrapping_mul),
        Mnemonic::Imul if operands.len() == 3 => Some(operand(1)?.wrapping_mul(operand(2)?)),
        Mnemonic::Shl if operand(1)? < 32 => Some(operand(0)? << operand(1)?),
        Mnemonic::Neg => Some(operand(0)?.wrapping_neg()),
        Mnemonic::Not => Some(!operand(0)?),
        Mnemonic::Inc => Some(operand(0)?.wrapping_add(1)),
        Mnemonic::Dec => Some(operand(0)?.wrapping_sub(1)),
        Mnemonic::Lea => place(instruction, moment),
        _ => None,
    }
}

/// The address of the memory operand.
fn place(instruction: &Instruction, moment: &Moment) -> Option<u64> {
    let operand =
        (0..instruction.op_count()).find(|index| instruction.op_kind(*index) == OpKind::Memory)?;
    let value = |register: iced_x86::Register, _, _| match register {
        register if register.is_segment_register() => Some(0),
        register => moment.get(general(register)?),
    };
    let address = instruction.virtual_address(operand, 0, value)?;
    let base = if instruction.is_ip_rel_memory_operand() { IMAGE_BASE } else { 0 };
    Some(address.wrapping_add(base))
}

/// The variables of 64 bits that a call of PyArg_ParseTuple fills.
fn parsed(call: &Call) -> Vec<u64> {
    let arguments = call.args.as_deref().unwrap_or_default();
    let Some(at) = arguments.iter().position(|value| value.n == "format") else {
        return Vec::new();
    };
    let format = arguments[at].t.as_deref().unwrap_or_default().trim_matches('"');
    let units = format.split([':', ';']).next().unwrap_or_default().replace('|', "");
    let plain = capi::arguments_of_format(&call.to, &units) == Some(units.len())
        && !units.contains(['#', '!', '&']);
    if !plain || !call.to.contains("Parse") {
        return Vec::new();
    }
    let pointers = arguments[at + 1..].iter().map(|value| value.v.0);
    let wide = |unit: char| matches!(unit, 'l' | 'k' | 'L' | 'K' | 'n');
    units.chars().zip(pointers).filter(|(unit, _)| wide(*unit)).map(|(_, at)| at).collect()
}

/// Whether the upper half is what workbook.inc or the checker has put there.
fn has_filler(value: u64) -> bool {
    value >> 32 == 0x7ff8_bad0 || value >> 48 == 0x5afe
}

fn general(register: iced_x86::Register) -> Option<Register> {
    let name = format!("{:?}", register.full_register()).to_ascii_lowercase();
    Register::ALL.into_iter().find(|one| one.name() == name)
}
