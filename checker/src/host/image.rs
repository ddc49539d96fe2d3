//! What an object file and a shared object say of themselves, before anything of them runs.

use object::elf;
use object::read::elf::ElfFile64;
use object::{
    Endianness, Object, ObjectSection, ObjectSegment, ObjectSymbol, ObjectSymbolTable,
    RelocationFlags, RelocationTarget, SectionFlags, SymbolSection,
};

use crate::host::line_table::{LineTable, SourceLine};

/// The facts of an object file.
#[derive(Clone, Debug)]
pub struct ObjectFacts {
    /// Whether it has the section `.note.GNU-stack`.
    pub stack_note: bool,
    /// The sections that a running module has, besides the notes.
    pub sections: Vec<SectionFact>,
    /// The names that it offers: defined, and `global`.
    pub globals: Vec<String>,
    /// The labels that it keeps for itself.
    pub locals: Vec<String>,
    /// The places in code that the linker has to fill in.
    pub references: Vec<Reference>,
}

/// A section of an object file.
#[derive(Clone, Debug)]
pub struct SectionFact {
    /// `.text`
    pub name: String,
    /// Whether it may be executed.
    pub executable: bool,
    /// Whether it may be written.
    pub writable: bool,
    /// In bytes.
    pub size: u64,
    /// The line of its first instruction.
    pub line: Option<SourceLine>,
}

/// How code reaches a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// `call name` or `jmp name`, straight.
    Branch,
    /// A distance from here, for data: `[rel name]`.
    Relative,
    /// Through the procedure linkage table: `wrt ..plt`.
    Plt,
    /// Through the global offset table: `wrt ..got`.
    Got,
    /// An absolute address of 4 or 8 bytes.
    Absolute,
    /// Anything else, by its ELF number.
    Other(u32),
}

/// One place in code that names something.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The name; for a label of the file's own, which the object names by its section, the
    /// section's name.
    pub symbol: String,
    /// Whether the file itself defines it.
    pub defined: bool,
    /// How it is reached.
    pub reach: Reach,
    /// The line of the instruction.
    pub line: Option<SourceLine>,
}

/// What a shared object would have the loader do.
#[derive(Clone, Debug)]
pub struct SharedFacts {
    /// The line table of its code.
    pub lines: LineTable,
    /// Entries of the dynamic section that run code at load time or bring in other files.
    pub load_time: Vec<&'static str>,
    /// Whether a segment is both writable and executable.
    pub writable_code: bool,
    /// The functions and variables that it wants from the process.
    pub imports: Vec<String>,
    /// The code, and the address at which it begins, as linked.
    pub code: Vec<(u64, Vec<u8>)>,
    /// The symbols of its code, by address.
    pub labels: Vec<(u64, String)>,
    /// The end of its memory, as linked.
    pub end: u64,
    /// The symbols of its data, by address.
    pub data_labels: Vec<(u64, String)>,
    /// The slots of the offset table, by address, and the names that they are for.
    pub slots: Vec<(u64, String)>,
}

impl SharedFacts {
    /// Whether the address, as linked, is in the code.
    pub fn is_code(&self, address: u64) -> bool {
        self.bytes_at(address).is_some()
    }

    /// Whether a call instruction stands before the address, so that it may be where a function
    /// returns to: `E8 rel32`, or `FF /2` with its operand of 1, 2, 5 or 6 bytes (Intel SDM, vol. 2).
    pub fn is_behind_call(&self, address: u64) -> bool {
        let byte = |back: u64| {
            let before = self.bytes_at(address.checked_sub(back)?)?;
            before.first().copied()
        };
        let indirect = |back: u64| {
            byte(back) == Some(0xff) && byte(back - 1).is_some_and(|modrm| modrm >> 3 & 7 == 2)
        };
        byte(5) == Some(0xe8) || [2, 3, 6, 7].into_iter().any(indirect)
    }

    /// The code from the address on.
    pub fn bytes_at(&self, address: u64) -> Option<&[u8]> {
        self.code.iter().find_map(|(start, bytes)| {
            let offset = usize::try_from(address.checked_sub(*start)?).ok()?;
            bytes.get(offset..).filter(|rest| !rest.is_empty())
        })
    }

    /// The label at or before the address: the function or local label that holds it.
    pub fn label(&self, address: u64) -> Option<&str> {
        nearest_before(&self.labels, address)
    }

    /// The label of the data at or before the address.
    pub fn data_label(&self, address: u64) -> Option<&str> {
        nearest_before(&self.data_labels, address)
    }

    /// The function that the slot of the offset table is for.
    pub fn callee(&self, slot: u64) -> Option<&str> {
        self.slots.iter().find(|(address, _)| *address == slot).map(|(_, name)| name.as_str())
    }
}

fn nearest_before(labels: &[(u64, String)], address: u64) -> Option<&str> {
    let after = labels.partition_point(|(start, _)| *start <= address);
    Some(labels.get(after.checked_sub(1)?)?.1.as_str())
}

/// Reads an object file that nasm made.
pub fn read_object(bytes: &[u8]) -> object::Result<ObjectFacts> {
    let file = object::File::parse(bytes)?;
    let lines = LineTable::read(&file);
    let mut facts = ObjectFacts {
        stack_note: file.section_by_name(".note.GNU-stack").is_some(),
        sections: Vec::new(),
        globals: Vec::new(),
        locals: Vec::new(),
        references: Vec::new(),
    };
    for symbol in file.symbols().filter(|symbol| symbol.is_definition()) {
        let name = symbol.name()?.to_owned();
        let named = !name.is_empty() && symbol.kind() != object::SymbolKind::File;
        match symbol.is_global() {
            _ if !named || matches!(symbol.section(), SymbolSection::None) => {}
            true => facts.globals.push(name),
            false => facts.locals.push(name),
        }
    }
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags: flags, .. } = section.flags() else { continue };
        let flags = flags.0;
        if flags & elf::SHF_ALLOC.0 == 0 {
            continue;
        }
        let executable = flags & elf::SHF_EXECINSTR.0 != 0;
        facts.sections.push(SectionFact {
            name: section.name()?.to_owned(),
            executable,
            writable: flags & elf::SHF_WRITE.0 != 0,
            size: section.size(),
            line: lines.line_in_section(section.index().0, 0).cloned(),
        });
        if executable {
            read_references(&file, &section, &lines, &mut facts.references)?;
        }
    }
    Ok(facts)
}

fn read_references(
    file: &object::File<'_>,
    section: &object::Section<'_, '_>,
    lines: &LineTable,
    references: &mut Vec<Reference>,
) -> object::Result<()> {
    let code = section.data()?;
    for (offset, relocation) in section.relocations() {
        let RelocationTarget::Symbol(index) = relocation.target() else { continue };
        let symbol = file.symbol_by_index(index)?;
        let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
        let mut name = symbol.name()?.to_owned();
        if let (true, Some(section)) = (name.is_empty(), symbol.section_index()) {
            name = file.section_by_index(section)?.name()?.to_owned();
        }
        references.push(Reference {
            symbol: name,
            defined: symbol.is_definition() || symbol.section_index().is_some(),
            reach: reach(r_type.0, code, offset),
            line: lines.line_in_section(section.index().0, offset).cloned(),
        });
    }
    Ok(())
}

fn reach(kind: u32, code: &[u8], offset: u64) -> Reach {
    let before = |distance: u64| {
        let at = offset.checked_sub(distance).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| code.get(at)).copied().unwrap_or(0)
    };
    // Intel SDM vol. 2: E8 is call rel32, E9 jmp rel32, 0F 80..8F jcc rel32.
    let branch =
        matches!(before(1), 0xe8 | 0xe9) || (before(2) == 0x0f && before(1) & 0xf0 == 0x80);
    // Numbers from the System V ABI's AMD64 supplement, table 4.9.
    match kind {
        2 if branch => Reach::Branch,
        2 | 24 => Reach::Relative,
        4 => Reach::Plt,
        3 | 9 | 22 | 28 | 41 | 42 => Reach::Got,
        1 | 10 | 11 | 12 | 14 => Reach::Absolute,
        other => Reach::Other(other),
    }
}

/// Reads a shared object that ld made.
pub fn read_shared(bytes: &[u8]) -> object::Result<SharedFacts> {
    let elf_file = ElfFile64::<Endianness>::parse(bytes)?;
    let file = object::File::parse(bytes)?;
    let segments: Vec<(u64, u64, u32)> = {
        use object::read::elf::ProgramHeader;
        let endian = elf_file.endian();
        elf_file
            .elf_program_headers()
            .iter()
            .filter(|header| header.p_type(endian) == elf::PT_LOAD)
            .map(|header| {
                let start = header.p_vaddr(endian);
                (start, start + header.p_memsz(endian), header.p_flags(endian).0)
            })
            .collect()
    };
    let flagged = |flags: u32, bit: u32| flags & bit != 0;
    let (write, execute) = (elf::PF_W.0, elf::PF_X.0);
    let in_code = |address: u64| {
        segments.iter().any(|(start, end, flags)| {
            flagged(*flags, execute) && (*start..*end).contains(&address)
        })
    };
    let mut symbols: Vec<(u64, String)> = file
        .symbols()
        .filter(|symbol| symbol.is_definition() && symbol.kind() != object::SymbolKind::Section)
        .filter_map(|symbol| Some((symbol.address(), symbol.name().ok()?.to_owned())))
        .filter(|(_, name)| !name.is_empty())
        .collect();
    symbols.sort();
    let (labels, data_labels) = symbols.into_iter().partition(|(address, _)| in_code(*address));
    Ok(SharedFacts {
        lines: LineTable::read(&file),
        load_time: load_time_entries(&file)?,
        writable_code: segments
            .iter()
            .any(|(.., flags)| flagged(*flags, write) && flagged(*flags, execute)),
        imports: file
            .dynamic_symbols()
            .filter(|symbol| symbol.is_undefined())
            .filter_map(|symbol| symbol.name().ok().map(str::to_owned))
            .filter(|name| !name.is_empty())
            .collect(),
        code: file
            .segments()
            .filter(|segment| {
                segments.iter().any(|(start, _, flags)| {
                    flagged(*flags, execute) && *start == segment.address()
                })
            })
            .map(|segment| Ok((segment.address(), segment.data()?.to_vec())))
            .collect::<object::Result<_>>()?,
        labels,
        end: segments.iter().map(|(_, end, _)| *end).max().unwrap_or(0),
        data_labels,
        slots: slots(&file),
    })
}

/// The slots of the offset table and the names that they are for.
fn slots(file: &object::File<'_>) -> Vec<(u64, String)> {
    let Some(names) = file.dynamic_symbol_table() else { return Vec::new() };
    let relocations = file.dynamic_relocations().into_iter().flatten();
    relocations
        .filter_map(|(slot, relocation)| {
            let RelocationTarget::Symbol(index) = relocation.target() else { return None };
            Some((slot, names.symbol_by_index(index).ok()?.name().ok()?.to_owned()))
        })
        .collect()
}

/// Entries of `.dynamic` that must not be there, by their names in the gABI.
fn load_time_entries(file: &object::File<'_>) -> object::Result<Vec<&'static str>> {
    const UNWANTED: [(u64, &str); 7] = [
        (1, "DT_NEEDED"),
        (12, "DT_INIT"),
        (13, "DT_FINI"),
        (22, "DT_TEXTREL"),
        (25, "DT_INIT_ARRAY"),
        (26, "DT_FINI_ARRAY"),
        (32, "DT_PREINIT_ARRAY"),
    ];
    let Some(dynamic) = file.section_by_name(".dynamic") else { return Ok(Vec::new()) };
    let (words, _) = dynamic.data()?.as_chunks::<8>();
    let tags = words.iter().step_by(2).map(|word| u64::from_le_bytes(*word));
    Ok(tags
        .filter_map(|tag| UNWANTED.iter().find(|(n, _)| *n == tag).map(|(_, name)| *name))
        .collect())
}
