//! An object file that nasm made: its sections, its labels, and how its code reaches names.

use std::collections::HashMap;
use std::sync::Arc;

use object::{
    Object, ObjectSection, ObjectSymbol, RelocationFlags, RelocationTarget, SectionFlags,
    SymbolFlags, SymbolIndex, SymbolSection, elf,
};

use crate::host::image::{Names, NotAnImage};
use crate::host::line_table::{LineTable, SourceLine};
use crate::model::elf::{Elf, ElfSection};

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
    /// The labels of its data, in the order of their places.
    pub data: Vec<DataLabel>,
    /// The first places in data that would have to hold an address, and cannot.
    pub misplaced: Vec<Misplaced>,
}

/// A label of a section that holds no code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataLabel {
    /// The section, as an index into the object's sections.
    pub section: usize,
    /// Where in it.
    pub offset: u64,
    /// How many bytes of the section there are from here on.
    pub left: u64,
    /// Its name.
    pub name: String,
}

/// An address that stands in data where the loader cannot fill it in.
#[derive(Clone, Debug)]
pub struct Misplaced {
    /// The section.
    pub section: String,
    /// The label at or before the place.
    pub label: Option<String>,
    /// Why not.
    pub because: Because,
}

/// Why an address cannot stand where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// There are only so many bytes for its 8.
    TooShort(u8),
    /// The section can only be read.
    ReadOnly,
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
    /// section's name. It is shared: a name may be long, and reached from everywhere.
    pub symbol: Arc<str>,
    /// Whether the file itself defines it.
    pub defined: bool,
    /// How it is reached.
    pub reach: Reach,
    /// The line of the instruction.
    pub line: Option<SourceLine>,
}

/// Reads an object file that nasm made.
pub fn read_object(bytes: &[u8]) -> Result<ObjectFacts, NotAnImage> {
    let file = Elf::parse(bytes)?;
    let lines = LineTable::read(&file);
    let mut names = Names::of(bytes);
    let mut facts = ObjectFacts {
        stack_note: file.section_by_name(".note.GNU-stack").is_some(),
        sections: Vec::new(),
        globals: Vec::new(),
        locals: Vec::new(),
        references: Vec::new(),
        data: data_labels(&file, &mut names)?,
        misplaced: Vec::new(),
    };
    for symbol in file.symbols().filter(is_own) {
        let name = names.take(symbol.name()?)?.to_owned();
        let named = !name.is_empty() && symbol.kind() != object::SymbolKind::File;
        match symbol.is_global() {
            _ if !named || matches!(symbol.section(), SymbolSection::None) => {}
            true if is_hidden(&symbol) => facts.locals.push(name),
            true => facts.globals.push(name),
            false => facts.locals.push(name),
        }
    }
    let mut known = HashMap::new();
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags: flags, .. } = section.flags() else { continue };
        let flags = flags.0;
        if flags & elf::SHF_ALLOC.0 == 0 {
            continue;
        }
        let executable = flags & elf::SHF_EXECINSTR.0 != 0;
        facts.sections.push(SectionFact {
            name: names.take(section.name()?)?.to_owned(),
            executable,
            writable: flags & elf::SHF_WRITE.0 != 0,
            size: section.size(),
            line: lines.line_in_section(section.index().0, 0).cloned(),
        });
        if executable {
            let code = section.data()?;
            for (offset, relocation) in section.relocations() {
                let RelocationTarget::Symbol(index) = relocation.target() else { continue };
                let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
                let (symbol, defined) = match known.get(&index) {
                    Some(known) => Clone::clone(known),
                    None => {
                        let named = named(&file, index, &mut names)?;
                        known.insert(index, named.clone());
                        named
                    }
                };
                facts.references.push(Reference {
                    symbol,
                    defined,
                    reach: reach(r_type.0, code, offset),
                    line: lines.line_in_section(section.index().0, offset).cloned(),
                });
            }
        } else if facts.misplaced.is_empty() {
            let writable = flags & elf::SHF_WRITE.0 != 0;
            facts.misplaced = misplaced(&file, &section, writable)?;
        }
    }
    Ok(facts)
}

/// The labels of the sections that hold no code, in the order of their places.
fn data_labels(file: &Elf<'_>, names: &mut Names) -> Result<Vec<DataLabel>, NotAnImage> {
    let mut lengths = HashMap::new();
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags, .. } = section.flags() else { continue };
        if sh_flags.0 & elf::SHF_ALLOC.0 != 0 && sh_flags.0 & elf::SHF_EXECINSTR.0 == 0 {
            lengths.insert(section.index(), section.size());
        }
    }
    let mut labels = Vec::new();
    for symbol in file.symbols() {
        let Some(section) = symbol.section_index() else { continue };
        let left = lengths.get(&section).and_then(|length| length.checked_sub(symbol.address()));
        if let (Some(left), Ok(name)) = (left, symbol.name())
            && !name.is_empty()
        {
            let (section, offset) = (section.0, symbol.address());
            let name = names.take(name)?.to_owned();
            labels.push(DataLabel { section, offset, left, name });
        }
    }
    labels.sort();
    Ok(labels)
}

/// Whether the file itself defines the symbol. What it declares `common` is defined by whoever
/// comes first.
fn is_own<'data>(symbol: &impl ObjectSymbol<'data>) -> bool {
    symbol.is_definition() || symbol.is_common()
}

/// Whether a global symbol stays within the shared object: `global name:function hidden`.
fn is_hidden<'data>(symbol: &impl ObjectSymbol<'data>) -> bool {
    const VISIBILITY: u8 = 3; // gABI, "Symbol Table": the low bits of st_other
    match symbol.flags() {
        SymbolFlags::Elf { st_other, .. } => st_other.0 & VISIBILITY != 0,
        _ => false,
    }
}

/// The addresses that a section of data holds and cannot, as far as a report has room for them.
fn misplaced(
    file: &Elf<'_>,
    section: &ElfSection<'_, '_>,
    writable: bool,
) -> Result<Vec<Misplaced>, NotAnImage> {
    const MOST: usize = 5;
    let label = |offset: u64| {
        let own = file.symbols().filter(|symbol| {
            symbol.section_index() == Some(section.index())
                && symbol.address() <= offset
                // nasm's own labels, such as those of `istruc`, begin with two dots.
                && symbol.name().is_ok_and(|name| !name.is_empty() && !name.starts_with(".."))
        });
        let nearest = own.max_by_key(|symbol| symbol.address())?;
        Some(nearest.name().ok()?.to_owned())
    };
    let mut misplaced: Vec<Misplaced> = Vec::new();
    for (offset, relocation) in section.relocations() {
        let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
        // Numbers from the System V ABI's AMD64 supplement, table 4.9.
        let because = match r_type.0 {
            1 if !writable => Because::ReadOnly,
            10 | 11 => Because::TooShort(4),
            12 => Because::TooShort(2),
            14 => Because::TooShort(1),
            _ => continue,
        };
        let name = section.name()?.to_owned();
        misplaced.push(Misplaced { section: name, label: label(offset), because });
        if misplaced.len() == MOST {
            break;
        }
    }
    Ok(misplaced)
}

/// The name by which code reaches a symbol, and whether the file itself defines it.
fn named(
    file: &Elf<'_>,
    index: SymbolIndex,
    names: &mut Names,
) -> Result<(Arc<str>, bool), NotAnImage> {
    let symbol = file.symbol_by_index(index)?;
    let name = match (symbol.name()?, symbol.section_index()) {
        ("", Some(section)) => file.section_by_index(section)?.name()?.to_owned(),
        (name, _) => name.to_owned(),
    };
    let defined = is_own(&symbol) || symbol.section_index().is_some();
    Ok((names.take(&name)?.into(), defined))
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
