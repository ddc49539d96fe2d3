//! The instruction at which the CPU gave up, in words: what it reached for, and which registers
//! led it there.

use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess,
    OpKind, Register,
};

use crate::host::image::SharedFacts;
use crate::model::evidence::Crash;

/// The instruction at the address, as linked.
pub(super) fn at(address: u64, facts: &SharedFacts) -> Option<Instruction> {
    let bytes = facts.bytes_at(address)?;
    let instruction = Decoder::with_ip(64, bytes, address, DecoderOptions::NONE).decode();
    (!instruction.is_invalid()).then_some(instruction)
}

/// Whether the instruction goes somewhere else: `ret`, or a jump or call by a register or memory.
pub(super) fn leads_away(instruction: &Instruction) -> Option<FlowControl> {
    let flow = instruction.flow_control();
    let away = [FlowControl::Return, FlowControl::IndirectBranch, FlowControl::IndirectCall];
    away.contains(&flow).then_some(flow)
}

/// The addresses of the `ret`s in the function that begins at the address.
pub(super) fn returns(function: u64, facts: &SharedFacts) -> Vec<u64> {
    let Some(bytes) = facts.bytes_at(function) else { return Vec::new() };
    // A label with a dot is the function's own; the next one without begins another.
    let next = facts.labels.iter().find(|(at, name)| *at > function && !name.contains('.'));
    let length = next.map_or(bytes.len(), |(at, _)| usize::try_from(at - function).unwrap_or(0));
    let bytes = &bytes[..length.min(bytes.len())];
    Decoder::with_ip(64, bytes, function, DecoderOptions::NONE)
        .into_iter()
        .filter(|instruction| instruction.flow_control() == FlowControl::Return)
        .map(|instruction| instruction.ip())
        .collect()
}

/// The jump that closes the innermost loop around the address: the nearest one behind it that
/// goes back to it or before it.
pub(super) fn closes_the_loop(address: u64, facts: &SharedFacts) -> Option<u64> {
    let starts = facts.labels.iter().filter(|(at, name)| *at <= address && !name.contains('.'));
    let function = starts.map(|(at, _)| *at).max()?;
    let bytes = facts.bytes_at(function)?;
    Decoder::with_ip(64, bytes, function, DecoderOptions::NONE)
        .into_iter()
        .filter(|instruction| {
            let flow = instruction.flow_control();
            let jumps = [FlowControl::ConditionalBranch, FlowControl::UnconditionalBranch];
            let target = instruction.near_branch_target();
            jumps.contains(&flow) && (function..=address).contains(&target)
        })
        .map(|instruction| instruction.ip())
        .find(|ip| *ip >= address)
}

/// What the memory operand reached for: sentences about its registers and its alignment.
pub(super) fn operand_in_words(instruction: &Instruction, crash: &Crash) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut factory = InstructionInfoFactory::new();
    let used = factory.info(instruction).used_memory().first().copied();
    let Some(memory) = used else { return sentences };
    let size = memory.memory_size().size() as u64;
    let address = memory.virtual_address(0, |register, _, _| match value_of(register, crash) {
        Some((_, value)) => Some(value),
        // ds, es and ss begin at 0.
        None => register.is_segment_register().then_some(0),
    });
    let aligned_only = matches!(
        instruction.mnemonic(),
        Mnemonic::Movaps
            | Mnemonic::Movapd
            | Mnemonic::Movdqa
            | Mnemonic::Vmovaps
            | Mnemonic::Vmovapd
            | Mnemonic::Vmovdqa
    );
    if let (true, Some(address)) = (aligned_only, address)
        && size > 0
        && address % size != 0
    {
        sentences.push(format!(
            "The instruction wants an address that is a multiple of {size}, and gets one that is {} \
             more",
            address % size
        ));
        return sentences;
    }
    for register in [memory.base(), memory.index()] {
        if let Some((name, value)) = value_of(register, crash) {
            sentences.push(format!("{name} is {}", value_in_words(value)));
        }
    }
    sentences
}

/// Why a division has no result.
pub(super) fn division_in_words(instruction: &Instruction, crash: &Crash) -> Option<String> {
    if !matches!(instruction.mnemonic(), Mnemonic::Div | Mnemonic::Idiv) {
        return None;
    }
    let by_register = instruction.op0_kind() == OpKind::Register;
    let divisor = by_register.then(|| value_of(instruction.op0_register(), crash)).flatten();
    let (rdx, rax) = (crash.register("rdx")?, crash.register("rax")?);
    Some(match divisor {
        Some((name, 0)) => format!("The divisor, {name}, is 0."),
        divisor => {
            let by = divisor.map_or_else(
                || "the divisor".to_owned(),
                |(name, value)| format!("{name}, {}", value.cast_signed()),
            );
            let signed = instruction.mnemonic() == Mnemonic::Idiv;
            let sign = if rax.cast_signed() < 0 { u64::MAX } else { 0 };
            let filled = if signed { rdx == sign } else { rdx == 0 };
            let why = match (filled, signed) {
                (true, _) => "the quotient does not fit into rax",
                (false, true) => {
                    "rdx does not continue the sign of rax: `cqo` before `idiv` makes it so"
                }
                (false, false) => "rdx is not 0: `xor edx, edx` before `div` makes it so",
            };
            format!("rdx is {rdx:#x} and rax is {rax:#x}, divided by {by}: {why}.")
        }
    })
}

/// Whether the instruction writes to memory.
pub(super) fn writes(instruction: &Instruction) -> bool {
    let mut factory = InstructionInfoFactory::new();
    let info = factory.info(instruction);
    info.used_memory().iter().any(|memory| {
        matches!(memory.access(), OpAccess::Write | OpAccess::ReadWrite | OpAccess::CondWrite)
    })
}

/// The full register's name and what it holds.
fn value_of(register: Register, crash: &Crash) -> Option<(String, u64)> {
    let full = register.full_register();
    if !full.is_gpr64() {
        return None;
    }
    let name = format!("{full:?}").to_ascii_lowercase();
    let value = crash.register(&name)?;
    Some((name, value))
}

/// A value, and what it gives away.
pub(super) fn value_in_words(value: u64) -> String {
    // WORKBOOK_JUNK of workbook.inc, and what it and the checker put into callee-saved registers.
    const JUNK: u64 = 0x7ff8_bad0;
    const MARK: u64 = 0x5afe;
    match value {
        0 => "0".to_owned(),
        value if value >> 32 == JUNK => {
            format!("{value:#x}: junk that stands for \"nobody has put anything here\"")
        }
        value if value >> 48 == MARK => {
            format!("{value:#x}: your caller's value, and no address of yours")
        }
        value if value < 4096 => format!("{value}, a number and no address"),
        value if value >> 47 != 0 && value >> 47 != 0x1_ffff => {
            format!("{value:#x}, which can be no address")
        }
        _ => "an address that may not be used in this way".to_owned(),
    }
}
