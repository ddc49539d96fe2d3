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
    let parts = [memory.base(), memory.index()].map(|register| value_of(register, crash));
    if let ([Some(_), Some(_)], Some(address)) = (&parts, address) {
        // Neither of the two needs to be an address by itself.
        let place = |value: u64| value >> 47 == 0 && value >= 4096;
        let parts = parts.into_iter().flatten().map(|(name, value)| match value {
            value if place(value) => format!("{name} is {value:#x}"),
            value => format!("{name} is {}", value_in_words(value)),
        });
        sentences.push(format!("The address was {address:#x}"));
        sentences.extend(parts);
        return sentences;
    }
    for (name, value) in parts.into_iter().flatten() {
        sentences.push(format!("{name} is {}", value_in_words(value)));
    }
    sentences
}

/// Why a division has no result.
pub(super) fn division_in_words(instruction: &Instruction, crash: &Crash) -> Option<String> {
    let signed = match instruction.mnemonic() {
        Mnemonic::Div => false,
        Mnemonic::Idiv => true,
        _ => return None,
    };
    let operand = instruction.op0_register();
    let (by_register, size) = match instruction.op0_kind() {
        OpKind::Register => (true, operand.size()),
        _ => (false, instruction.memory_size().size()),
    };
    // The halves of the dividend and their bits: Intel SDM, vol. 2, DIV.
    let (upper, lower, bits) = match size {
        8 => ("rdx", "rax", 64),
        4 => ("edx", "eax", 32),
        2 => ("dx", "ax", 16),
        _ => ("ah", "al", 8),
    };
    let part = |value: u64| if bits == 64 { value } else { value & ((1 << bits) - 1) };
    let rax = crash.register("rax")?;
    let low = part(rax);
    let high = part(if bits == 8 { rax >> 8 } else { crash.register("rdx")? });
    let signed_value = |value: u64| (value << (64 - bits)).cast_signed() >> (64 - bits);
    let filler = if signed && signed_value(low) < 0 { part(u64::MAX) } else { 0 };
    let name = format!("{operand:?}").to_ascii_lowercase();
    let value = value_of(operand, crash).filter(|_| by_register).map(|(_, whole)| {
        // ah, bh, ch and dh are bits 8 to 15.
        part(if bits == 8 && name.ends_with('h') { whole >> 8 } else { whole })
    });
    // With a dividend that fits, only these have no quotient: anything by 0, and the lowest
    // number by -1.
    let lowest = signed && signed_value(low) == i64::MIN >> (64 - bits);
    if value == Some(0) {
        return Some(format!("The divisor, {name}, is 0."));
    }
    if value.is_none() && high == filler && !lowest {
        return Some("The divisor is 0: it is what stands in memory there.".to_owned());
    }
    let by = match value {
        Some(value) if signed => format!("{name}, {}", signed_value(value)),
        Some(value) => format!("{name}, {value}"),
        None => "what stands in memory there".to_owned(),
    };
    let why = match (high == filler, signed) {
        (true, _) => format!("the quotient does not fit into {lower}"),
        (false, _) if bits == 8 => "the dividend is all of ax, and too large".to_owned(),
        (false, true) => {
            let extend = match bits {
                64 => "cqo",
                32 => "cdq",
                _ => "cwd",
            };
            format!(
                "{upper} does not continue the sign of {lower}: `{extend}` before `idiv` makes it so"
            )
        }
        (false, false) => format!("{upper} is not 0: `xor edx, edx` before `div` makes it so"),
    };
    Some(format!("{upper} is {high:#x} and {lower} is {low:#x}, divided by {by}: {why}."))
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
