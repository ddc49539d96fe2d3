//! The module's file: which of its code is the learner's, where Python can enter it, and which
//! C function stands behind which slot. Addresses are as linked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use iced_x86::{Code, Decoder, DecoderOptions, FlowControl, Instruction, OpKind, Register};
use object::{
    Object, ObjectSection, ObjectSegment, ObjectSymbol, RelocationFlags, RelocationTarget,
};

use crate::host::image::SharedFacts;
use crate::model::elf::Elf;

/// How Python calls a function of a method table: its `ml_flags` (Include/methodobject.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Convention {
    /// `METH_NOARGS`: the module.
    NoArguments,
    /// `METH_O`: the module and one object.
    OneObject,
    /// `METH_VARARGS`: the module and a tuple.
    Tuple,
    /// `METH_VARARGS | METH_KEYWORDS`: the module, a tuple, and a dict or NULL.
    TupleAndDict,
    /// `METH_FASTCALL`: the module, an array, and its length.
    Array,
    /// `METH_FASTCALL | METH_KEYWORDS`: and a tuple of names or NULL.
    ArrayAndNames,
}

impl Convention {
    fn of(flags: u32) -> Option<Self> {
        // METH_VARARGS 1, METH_KEYWORDS 2, METH_NOARGS 4, METH_O 8, METH_CLASS 16,
        // METH_STATIC 32, METH_FASTCALL 0x80
        match flags & !0x30 {
            0x01 => Some(Self::Tuple),
            0x03 => Some(Self::TupleAndDict),
            0x04 => Some(Self::NoArguments),
            0x08 => Some(Self::OneObject),
            0x80 => Some(Self::Array),
            0x82 => Some(Self::ArrayAndNames),
            _ => None,
        }
    }
}

/// What is known of a function that can be called from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signature {
    /// A row of a method table.
    Method(String, Convention),
    /// A function of `workbook_function`: the types of its arguments, and of its result.
    Workbook(String, Vec<String>, String),
    /// `PyInit_…`, which has no arguments.
    Init(String),
    /// Anything else, by its label.
    Unknown(String),
}

/// The parts of a module's file that the tracer goes by.
pub(super) struct Target<'a> {
    pub(super) facts: &'a SharedFacts,
    /// The code of which each instruction is a step.
    pub(super) stepped: Vec<Range<u64>>,
    /// All addresses that the module takes up.
    pub(super) extent: Range<u64>,
    /// Its writable memory.
    pub(super) data: Vec<Range<u64>>,
    /// Where calls may come in.
    pub(super) entries: BTreeSet<u64>,
    /// The names of its symbols, functions and data.
    pub(super) symbols: BTreeMap<u64, String>,
    /// Slots of the global offset table: C names.
    pub(super) slots: HashMap<u64, String>,
    plt: Vec<Range<u64>>,
    signatures: HashMap<u64, Signature>,
    /// Whether its code names vector registers.
    pub(super) vectors: bool,
}

/// Whether the glue of `workbook.inc` is stepped through like the learner's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glue {
    /// It is passed by, as CPython's code is.
    Passed,
    /// Each of its instructions is a step.
    Stepped,
}

const R_X86_64_64: u32 = 1;
const R_X86_64_GLOB_DAT: u32 = 6;
const R_X86_64_JUMP_SLOT: u32 = 7;
const R_X86_64_RELATIVE: u32 = 8;

impl<'a> Target<'a> {
    /// Reads the file of a module whose facts are known.
    pub(super) fn read(bytes: &[u8], facts: &'a SharedFacts, glue: Glue) -> object::Result<Self> {
        let file = Elf::parse(bytes)?;
        let mut plt = Vec::new();
        let mut stepped = Vec::new();
        for section in file.sections() {
            let range = section.address()..section.address() + section.size();
            match section.name().unwrap_or_default() {
                name if name.starts_with(".plt") => plt.push(range),
                _ if section.kind() == object::SectionKind::Text => stepped.push(range),
                _ => {}
            }
        }
        let label = |name: &str| facts.labels.iter().find(|(_, label)| label == name);
        if let (Glue::Passed, Some((guard, _))) = (glue, label("workbook_guard")) {
            // The glue lies behind the learner's code: `workbook.inc` says how.
            for range in &mut stepped {
                range.end = range.end.min(*guard).max(range.start);
            }
        }
        let segments = file.segments().map(|segment| {
            (segment.address()..segment.address() + segment.size(), segment.permissions())
        });
        let segments: Vec<_> = segments.collect();
        let end = segments.iter().map(|(range, _)| range.end).max().unwrap_or(0);
        let data = segments.iter().filter(|(_, permissions)| permissions.writable());
        let mut target = Self {
            facts,
            stepped,
            extent: 0..end,
            data: data.map(|(range, _)| range.clone()).collect(),
            entries: BTreeSet::new(),
            symbols: symbols(&file),
            slots: HashMap::new(),
            plt,
            signatures: HashMap::new(),
            vectors: false,
        };
        target.read_relocations(&file, bytes);
        target.read_exports(&file);
        target.read_code();
        target.entries.retain(|entry| *entry != 0);
        Ok(target)
    }

    /// Whether each instruction there is a step.
    pub(super) fn is_stepped(&self, address: u64) -> bool {
        self.stepped.iter().any(|range| range.contains(&address))
    }

    /// Whether there is nothing of the learner's to step through.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the module's `PyInit` is stepped through.
    pub(super) fn has_init(&self) -> bool {
        self.signatures.values().any(|signature| matches!(signature, Signature::Init(_)))
    }

    /// The slot through which the stub of the procedure linkage table at the address jumps.
    pub(super) fn plt_slot(&self, address: u64) -> Option<u64> {
        if !self.plt.iter().any(|range| range.contains(&address)) {
            return None;
        }
        let mut decoder =
            Decoder::with_ip(64, self.facts.bytes_at(address)?, address, DecoderOptions::NONE);
        // `endbr64`, then the jump.
        let jump = decoder.iter().take(2).find(|ins| ins.code() == Code::Jmp_rm64)?;
        Some(jump.ip_rel_memory_address())
    }

    /// The C name that the linker put behind a slot of the global offset table.
    pub(super) fn slot_name(&self, slot: u64) -> Option<&str> {
        self.slots.get(&slot).map(String::as_str)
    }

    /// What is known of the function that begins at the address.
    pub(super) fn signature(&self, entry: u64) -> Signature {
        let known = self.signatures.get(&entry).cloned();
        known.unwrap_or_else(|| Signature::Unknown(self.label(entry)))
    }

    /// The label of a code address: `multiply`, or `multiply+0x1a`.
    pub(super) fn label(&self, address: u64) -> String {
        match self.symbols.range(..=address).next_back() {
            Some((start, name)) if *start == address => name.clone(),
            Some((start, name)) if self.extent.contains(&address) => {
                format!("{name}+{:#x}", address - start)
            }
            _ => format!("{address:#x}"),
        }
    }

    fn read_relocations(&mut self, file: &Elf<'_>, bytes: &[u8]) {
        let Some(relocations) = file.dynamic_relocations() else { return };
        let memory = Memory { file, bytes };
        let mut pointers = HashMap::new();
        for (at, relocation) in relocations {
            let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
            let symbol = match relocation.target() {
                RelocationTarget::Symbol(index) => file.dynamic_symbol_table().and_then(|table| {
                    use object::ObjectSymbolTable;
                    table.symbol_by_index(index).ok()
                }),
                _ => None,
            };
            match (r_type.0, symbol) {
                (R_X86_64_JUMP_SLOT | R_X86_64_GLOB_DAT, Some(symbol)) => {
                    if let Ok(name) = symbol.name() {
                        self.slots.insert(at, name.to_owned());
                    }
                }
                (R_X86_64_64, Some(symbol)) if symbol.is_definition() => {
                    pointers.insert(at, symbol.address());
                }
                (R_X86_64_RELATIVE, _) => {
                    pointers.insert(at, relocation.addend().cast_unsigned());
                }
                _ => {}
            }
        }
        for (at, target) in &pointers {
            if !self.is_code(*target) {
                continue;
            }
            if self.is_stepped(*target) {
                self.entries.insert(*target);
            }
            if let Some(signature) = self.signature_at(*at, &pointers, &memory) {
                self.signatures.insert(*target, signature);
            }
        }
    }

    /// The signature that stands around a pointer to a function: the row of a method table, or
    /// the description that `workbook_function` makes.
    fn signature_at(
        &self,
        at: u64,
        pointers: &HashMap<u64, u64>,
        memory: &Memory<'_>,
    ) -> Option<Signature> {
        // Both begin with the name, and have the function behind it.
        let name = memory.text(*pointers.get(&at.checked_sub(8)?)?)?;
        if let Some(convention) = memory.word(at + 8).and_then(|word| {
            Convention::of(u32::try_from(word & 0xffff_ffff).expect("it has 32 bits"))
        }) && !self.names_workbook_type(at + 16, pointers)
        {
            return Some(Signature::Method(name, convention));
        }
        let count = memory.word(at + 8).filter(|count| *count <= 16)?;
        let types = (0..=count).map(|index| {
            let kind = pointers.get(&(at + 16 + 8 * index))?;
            self.symbols.get(kind)?.strip_prefix("workbook_type_").map(str::to_owned)
        });
        let mut types: Vec<String> = types.collect::<Option<_>>()?;
        let result = types.pop()?;
        Some(Signature::Workbook(name, types, result))
    }

    fn names_workbook_type(&self, at: u64, pointers: &HashMap<u64, u64>) -> bool {
        let symbol = pointers.get(&at).and_then(|address| self.symbols.get(address));
        symbol.is_some_and(|name| name.starts_with("workbook_type_"))
    }

    fn read_exports(&mut self, file: &Elf<'_>) {
        for symbol in file.dynamic_symbols().filter(ObjectSymbol::is_definition) {
            let (Ok(name), address) = (symbol.name(), symbol.address()) else { continue };
            if !self.is_stepped(address) {
                continue;
            }
            self.entries.insert(address);
            if name.starts_with("PyInit_") {
                self.signatures.insert(address, Signature::Init(name.to_owned()));
            }
        }
    }

    /// Code addresses that the code itself makes, to hand them out: `lea rcx, [rel compare]`.
    fn read_code(&mut self) {
        let mut found = Vec::new();
        for range in &self.stepped {
            let Some(bytes) = self.facts.bytes_at(range.start) else { continue };
            let length = usize::try_from(range.end - range.start).unwrap_or(0).min(bytes.len());
            let mut decoder =
                Decoder::with_ip(64, &bytes[..length], range.start, DecoderOptions::NONE);
            let mut instruction = Instruction::default();
            while decoder.can_decode() {
                decoder.decode_out(&mut instruction);
                self.vectors |= names_vectors(&instruction);
                if instruction.code() == Code::Lea_r64_m && instruction.is_ip_rel_memory_operand() {
                    found.push(instruction.ip_rel_memory_address());
                }
            }
        }
        for address in found {
            if self.is_stepped(address) && self.is_code(address) {
                self.entries.insert(address);
            }
        }
    }

    /// Whether an instruction stands at an address of the code sections, and not data that was
    /// put among the code: a breakpoint there would change it. A line of data is one row of the
    /// line table, and hardly ever as long as what its first bytes mean as an instruction.
    fn is_code(&self, address: u64) -> bool {
        let Some(bytes) = self.facts.bytes_at(address) else { return false };
        let mut decoder = Decoder::with_ip(64, bytes, address, DecoderOptions::NONE);
        let instruction = decoder.decode();
        if instruction.is_invalid() {
            return false;
        }
        let line = |address: u64| self.facts.lines.line(address);
        let (here, last) = (line(address), line(instruction.next_ip() - 1));
        let ends_row = line(instruction.next_ip()) != here;
        let ends_code = matches!(
            instruction.flow_control(),
            FlowControl::Return | FlowControl::UnconditionalBranch | FlowControl::IndirectBranch
        );
        here.is_none() || here == last && (ends_row || ends_code)
    }
}

/// Whether the instruction has to do with xmm, ymm or zmm registers.
fn names_vectors(instruction: &Instruction) -> bool {
    (0..instruction.op_count()).any(|operand| {
        instruction.op_kind(operand) == OpKind::Register
            && Register::is_vector_register(instruction.op_register(operand))
    })
}

fn symbols(file: &Elf<'_>) -> BTreeMap<u64, String> {
    // An `equ` is a symbol too, in no section.
    let defined = file.symbols().filter(|symbol| {
        symbol.is_definition()
            && symbol.section_index().is_some()
            && symbol.kind() != object::SymbolKind::Section
    });
    let named = defined.filter_map(|symbol| Some((symbol.address(), symbol.name().ok()?)));
    let mut symbols = BTreeMap::new();
    for (address, name) in named {
        // The linker's own symbols, such as `_end`, and nasm's for the locals of macros.
        if name.is_empty() || name.starts_with('_') || name.starts_with("..") {
            continue;
        }
        symbols.entry(address).or_insert_with(|| name.to_owned());
    }
    symbols
}

/// What the file puts into memory.
struct Memory<'a> {
    file: &'a Elf<'a>,
    bytes: &'a [u8],
}

impl Memory<'_> {
    fn at(&self, address: u64) -> Option<&[u8]> {
        let segment = self.file.segments().find(|segment| {
            let (_, length) = segment.file_range();
            (segment.address()..segment.address() + length).contains(&address)
        })?;
        let (start, length) = segment.file_range();
        let within = address - segment.address();
        let from = usize::try_from(start + within).ok()?;
        self.bytes.get(from..from.checked_add(usize::try_from(length - within).ok()?)?)
    }

    fn word(&self, address: u64) -> Option<u64> {
        let bytes = self.at(address)?.first_chunk::<8>()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// A name that Python could have for a function.
    fn text(&self, address: u64) -> Option<String> {
        let bytes = self.at(address)?;
        let end = bytes.iter().take(256).position(|byte| *byte == 0)?;
        let text = std::str::from_utf8(&bytes[..end]).ok()?;
        (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned())
    }
}
