//! The instruction at which the CPU gave up, in words: what it reached for, and which registers
//! led it there.

use std::collections::{HashMap, HashSet};

use iced_x86::{
    Decoder, DecoderOptions, EncodingKind, FlowControl, Instruction, InstructionInfoFactory,
    Mnemonic, OpAccess, OpKind, Register,
};

use crate::check::Places;
use crate::host::image::SharedFacts;
use crate::model::evidence::Crash;
use crate::model::finding::Place;

/// The instruction at the address, as linked.
pub(super) fn at(address: u64, facts: &SharedFacts) -> Option<Instruction> {
    let bytes = facts.bytes_at(address)?;
    let instruction = Decoder::with_ip(64, bytes, address, DecoderOptions::NONE).decode();
    (!instruction.is_invalid()).then_some(instruction)
}

/// The instructions of the lines of code, from each line's beginning.
pub(super) fn all(facts: &SharedFacts) -> Vec<Instruction> {
    let mut all = Vec::new();
    for (start, end) in facts.lines.ranges() {
        let Some(bytes) = facts.bytes_at(start) else { continue };
        let length = usize::try_from(end - start).unwrap_or(0).min(bytes.len());
        all.extend(
            Decoder::with_ip(64, &bytes[..length], start, DecoderOptions::NONE)
                .into_iter()
                .take_while(|one| !one.is_invalid()),
        );
    }
    all
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

/// A sentence about a function that Python calls, that is called by a `call`, or whose address is
/// taken, and that the code before it runs into because no `ret` or jump stands between.
pub(super) fn runs_on(facts: &SharedFacts, places: Places<'_>) -> Option<String> {
    let instructions = |(start, bytes): &(u64, Vec<u8>)| -> Vec<Instruction> {
        Decoder::with_ip(64, bytes, *start, DecoderOptions::NONE).into_iter().collect()
    };
    let all: Vec<Instruction> = facts.code.iter().flat_map(instructions).collect();
    let called = |one: &Instruction| match one.flow_control() {
        FlowControl::Call => Some(one.near_branch_target()),
        _ if one.mnemonic() == Mnemonic::Lea && one.is_ip_rel_memory_operand() => {
            Some(one.ip_rel_memory_address())
        }
        _ => None,
    };
    let called: HashSet<u64> = all.iter().filter_map(called).collect();
    let entered: HashSet<&str> =
        facts.labels.iter().filter_map(|(_, label)| label.strip_prefix(ENTERED)).collect();
    let labels: HashMap<u64, &str> =
        facts.labels.iter().map(|(at, label)| (*at, label.as_str())).collect();
    all.windows(2).find_map(|pair| {
        let [before, first] = pair else { return None };
        let name = *labels.get(&first.ip())?;
        let goes_on = matches!(
            before.flow_control(),
            FlowControl::Next | FlowControl::ConditionalBranch | FlowControl::Call
        );
        let fills = matches!(before.mnemonic(), Mnemonic::Nop | Mnemonic::INVALID);
        if !goes_on || fills || !(entered.contains(name) || called.contains(&first.ip())) {
            return None;
        }
        let last = places.of_own_code(before.ip(), facts)?.line;
        let above = facts.function(before.ip())?.1;
        Some(format!(
            "`{above}` runs on into `{name}`: its last line, {last}, is neither a `ret` nor a jump."
        ))
    })
}

/// How the glue calls its entry of a function.
pub(super) const ENTERED: &str = "workbook_enter_";

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

/// What the memory operand reached for: sentences about its registers.
pub(super) fn operand_in_words(instruction: &Instruction, crash: &Crash) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut factory = InstructionInfoFactory::new();
    let used = factory.info(instruction).used_memory().first().copied();
    let Some(memory) = used else { return sentences };
    let address = memory.virtual_address(0, |register, _, _| match value_of(register, crash) {
        Some((_, value)) => Some(value),
        // ds, es and ss begin at 0.
        None => register.is_segment_register().then_some(0),
    });
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

/// What the address has to be a multiple of, and how much more it is; nothing if the instruction
/// takes any address, or if it is one. Intel SDM, vol. 1, section 4.1.1.
pub(super) fn misaligned(instruction: &Instruction, crash: &Crash) -> Option<(u64, u64)> {
    // Of the older SSE instructions nearly all want their 16 bytes aligned, of the newer ones, with
    // a VEX prefix, only the moves that say so.
    let any = matches!(
        instruction.mnemonic(),
        Mnemonic::Movups
            | Mnemonic::Movupd
            | Mnemonic::Movdqu
            | Mnemonic::Lddqu
            | Mnemonic::Pcmpestri
            | Mnemonic::Pcmpestrm
            | Mnemonic::Pcmpistri
            | Mnemonic::Pcmpistrm
    );
    let aligned = matches!(
        instruction.mnemonic(),
        Mnemonic::Vmovaps
            | Mnemonic::Vmovapd
            | Mnemonic::Vmovdqa
            | Mnemonic::Vmovdqa32
            | Mnemonic::Vmovdqa64
            | Mnemonic::Vmovntdq
            | Mnemonic::Vmovntdqa
            | Mnemonic::Vmovntps
            | Mnemonic::Vmovntpd
    );
    let mut factory = InstructionInfoFactory::new();
    let memory = factory.info(instruction).used_memory().first().copied()?;
    let size = memory.memory_size().size() as u64;
    let legacy = instruction.encoding() == EncodingKind::Legacy && size == 16 && !any;
    if !legacy && !aligned {
        return None;
    }
    let address = memory.virtual_address(0, |register, _, _| match value_of(register, crash) {
        Some((_, value)) => Some(value),
        // ds, es and ss begin at 0.
        None => register.is_segment_register().then_some(0),
    })?;
    (size > 0 && address % size != 0).then_some((size, address % size))
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
        // `cqo` was made for it, and the division is narrower.
        (false, true) if bits == 32 && is_extended(crash) => format!(
            "rdx continues the sign of rax, and the division takes 32 bits of each: {name} is the \
             lower half of a register"
        ),
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

/// Whether rdx continues the sign of rax, as after `cqo`, and not edx that of eax.
fn is_extended(crash: &Crash) -> bool {
    let (Some(rax), Some(rdx)) = (crash.register("rax"), crash.register("rdx")) else {
        return false;
    };
    rdx.cast_signed() == rax.cast_signed() >> 63
}

/// Whether the instruction asks the kernel for something.
pub(super) fn is_system_call(instruction: &Instruction) -> bool {
    match instruction.mnemonic() {
        Mnemonic::Syscall | Mnemonic::Sysenter => true,
        Mnemonic::Int => instruction.immediate8() == 0x80,
        _ => false,
    }
}

/// The learner's instructions that ask the kernel for something, and their lines.
pub(super) fn system_calls(facts: &SharedFacts, places: Places<'_>) -> Vec<(Instruction, Place)> {
    let decoded = facts.code.iter().flat_map(|(start, bytes)| {
        Decoder::with_ip(64, bytes, *start, DecoderOptions::NONE).into_iter()
    });
    let own = |one: Instruction| {
        let place = places.of_own_code(one.ip(), facts)?;
        Some((one, place))
    };
    decoded.filter(is_system_call).filter_map(own).collect()
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
    // WORKBOOK_JUNK of workbook_call.inc, and what it and the checker put into callee-saved registers.
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
