//! Values and addresses as people read them: names, distances from registers, numbers.

use crate::model::trace::replay::Moment;
use crate::model::trace::{Cell, IMAGE_BASE, Recording, Register, STACK_TOP};
use crate::report::style::harmless;

/// A value as people read it: what it means, a name, a distance from rsp, or a number.
pub fn shown(recording: &Recording, moment: &Moment, value: u64) -> String {
    if let Some(name) = symbol(recording, value) {
        return name;
    }
    if let Some(meaning) = moment.meaning(value) {
        return harmless(meaning);
    }
    if on_stack(recording, value) {
        return from_rsp(moment, value);
    }
    number(value)
}

/// Decimal where that says more than the digits of an address would.
fn number(value: u64) -> String {
    let signed = value.cast_signed();
    if signed.unsigned_abs() < 1 << 46 { signed.to_string() } else { format!("{value:#x}") }
}

/// The label of an address of the module's, and the distance from it.
fn symbol(recording: &Recording, address: u64) -> Option<String> {
    if !(IMAGE_BASE..IMAGE_BASE + (1 << 24)).contains(&address) {
        return None;
    }
    recording.name(address).map(|(name, distance)| match distance {
        0 => harmless(name),
        distance => format!("{}+{distance}", harmless(name)),
    })
}

fn on_stack(recording: &Recording, address: u64) -> bool {
    let lowest = recording.stack.lo.0.min(STACK_TOP - (1 << 20));
    (lowest..STACK_TOP + (1 << 16)).contains(&address)
}

fn from_rsp(moment: &Moment, address: u64) -> String {
    let Some(rsp) = moment.get(Register::Rsp) else { return format!("{address:#x}") };
    match address.wrapping_sub(rsp).cast_signed() {
        0 => "rsp".to_owned(),
        distance if distance > 0 => format!("rsp+{distance}"),
        distance => format!("rsp{distance}"),
    }
}

/// `[rsp+8]`, `dword [counter]`, `byte [rdi+1]`
pub(super) fn memory(
    recording: &Recording,
    before: &Moment,
    after: &Moment,
    cell: &Cell,
) -> String {
    let size = match cell.size {
        8 => String::new(),
        4 => "dword ".to_owned(),
        2 => "word ".to_owned(),
        1 => "byte ".to_owned(),
        other => format!("{other} bytes "),
    };
    let stack = on_stack(recording, cell.address);
    let address = address(recording, if stack { after } else { before }, cell.address);
    format!("{size}[{address}]")
}

/// A place in memory at a moment: `counter`, `rsp+8`, `rdi+1`.
pub fn address(recording: &Recording, moment: &Moment, address: u64) -> String {
    match symbol(recording, address) {
        Some(name) => name,
        None if on_stack(recording, address) => from_rsp(moment, address),
        None => from_register(moment, address),
    }
}

/// An address in somebody else's memory, by a register that points near it.
fn from_register(before: &Moment, address: u64) -> String {
    const NEAR: u64 = 4096;
    let pointers = Register::ALL.into_iter().take(16).filter_map(|register| {
        let distance = address.checked_sub(before.get(register)?)?;
        (distance < NEAR).then_some((distance, register))
    });
    match pointers.min_by_key(|(distance, _)| *distance) {
        Some((0, register)) => register.name().to_owned(),
        Some((distance, register)) => format!("{}+{distance}", register.name()),
        None => format!("{address:#x}"),
    }
}

pub(super) fn content(recording: &Recording, moment: &Moment, cell: &Cell) -> String {
    match cell.size {
        8 => shown(recording, moment, cell.value),
        1 if (0x20..0x7f).contains(&cell.value) => {
            format!("{} ('{}')", cell.value, char::from(cell.value.to_le_bytes()[0]))
        }
        _ => cell.value.to_string(),
    }
}

/// The low double of a vector register, and its digits if there is more in it.
pub(super) fn vector(digits: &str, instruction: &str) -> String {
    let value = digits.get(digits.len().saturating_sub(16)..).unwrap_or(digits);
    let bits = u64::from_str_radix(value, 16).unwrap_or(0);
    let rest = digits[..digits.len() - value.len()].bytes().any(|digit| digit != b'0');
    // An instruction on one double, such as `addsd`, leaves the upper half as it is.
    match rest && !instruction.split(' ').next().unwrap_or_default().ends_with("sd") {
        true => format!("0x{digits}"),
        false => format!("{:?}", f64::from_bits(bits)),
    }
}
