//! An instruction as a disassembler prints it, with the names that the module has for addresses.

use std::collections::HashMap;

use iced_x86::{
    ConditionCode, FlowControl, Formatter, Instruction, NasmFormatter, SymbolResolver, SymbolResult,
};

use crate::host::tracer::decode::{Flow, flow};
use crate::host::tracer::target::Target;

/// The instruction's text. A call through the procedure linkage table or a slot has its callee's
/// name.
pub(super) fn printed(
    instruction: &Instruction,
    target: &Target<'_>,
    formatter: &mut NasmFormatter,
) -> String {
    let mut text = String::new();
    match target.plt_target(instruction) {
        Some(name) => text = format!("{} {name}", mnemonic(instruction)),
        None => formatter.format(instruction, &mut text),
    }
    text
}

/// What prints the instructions of a module.
pub(super) fn formatter(target: &Target<'_>) -> NasmFormatter {
    let names = Names { symbols: target.symbols.clone().into_iter().collect() };
    let mut formatter = NasmFormatter::with_options(Some(Box::new(names)), None);
    let options = formatter.options_mut();
    options.set_hex_prefix("0x");
    options.set_hex_suffix("");
    options.set_uppercase_hex(false);
    options.set_space_after_operand_separator(true);
    options.set_space_between_memory_add_operators(true);
    options.set_show_branch_size(false);
    options.set_rip_relative_addresses(false);
    formatter
}

impl Target<'_> {
    /// The C function that an instruction calls through the procedure linkage table or a slot.
    fn plt_target(&self, instruction: &Instruction) -> Option<&str> {
        let slot = match instruction.flow_control() {
            FlowControl::Call | FlowControl::UnconditionalBranch => {
                self.plt_slot(instruction.near_branch_target())?
            }
            FlowControl::IndirectCall | FlowControl::IndirectBranch
                if instruction.is_ip_rel_memory_operand() =>
            {
                instruction.ip_rel_memory_address()
            }
            _ => return None,
        };
        self.slot_name(slot)
    }
}

fn mnemonic(instruction: &Instruction) -> &'static str {
    match flow(instruction) {
        Flow::Jump(_) => "jmp",
        _ => "call",
    }
}

/// Names for the addresses in a disassembly.
struct Names {
    symbols: HashMap<u64, String>,
}

impl SymbolResolver for Names {
    fn symbol(
        &mut self,
        instruction: &Instruction,
        _: u32,
        _: Option<u32>,
        address: u64,
        _: u32,
    ) -> Option<SymbolResult<'_>> {
        let own = instruction.is_ip_rel_memory_operand()
            || instruction.condition_code() != ConditionCode::None
            || matches!(flow(instruction), Flow::Call(_) | Flow::Jump(_));
        let name = self.symbols.get(&address).filter(|_| own)?;
        Some(SymbolResult::with_str(address, name))
    }
}
