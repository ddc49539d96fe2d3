//! What an object file and a shared object say of themselves, before anything of them runs.

use std::collections::HashMap;
use std::sync::Arc;

use object::elf;
use object::read::elf::{ElfFile64, ProgramHeader};
use object::{
    Endianness, Object, ObjectSection, ObjectSymbol, ObjectSymbolTable, RelocationFlags,
    RelocationTarget, SectionFlags, SymbolFlags, SymbolIndex, SymbolSection,
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

/// What a shared object would have the loader do.
#[derive(Clone, Debug)]
pub struct SharedFacts {
    /// The line table of its code.
    pub lines: LineTable,
    /// Entries for the loader that ld does not make of its own accord: they run code at load
    /// time, or bring in other files.
    pub load_time: Vec<String>,
    /// Whether a segment is both writable and executable.
    pub writable_code: bool,
    /// The functions and variables that it wants from the process.
    pub imports: Vec<String>,
    /// The code, and the address at which it begins, as linked.
    pub code: Vec<(u64, Vec<u8>)>,
    /// What its other segments hold at first, and the addresses at which they begin.
    pub data: Vec<(u64, Vec<u8>)>,
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
        bytes_from(&self.code, address)
    }

    /// What the data holds at first, from the address on, as far as it stands in the file.
    pub fn data_at(&self, address: u64) -> Option<&[u8]> {
        bytes_from(&self.data, address)
    }

    /// The label at or before the address: the function or local label that holds it.
    pub fn label(&self, address: u64) -> Option<&str> {
        nearest_before(&self.labels, address)
    }

    /// The function that holds the address: the last label before it that is no local one.
    pub fn function(&self, address: u64) -> Option<(u64, &str)> {
        let after = self.labels.partition_point(|(at, _)| *at <= address);
        let before = self.labels[..after].iter().rev();
        before.filter(|(_, name)| !name.contains('.')).map(|(at, name)| (*at, name.as_str())).next()
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

fn bytes_from(parts: &[(u64, Vec<u8>)], address: u64) -> Option<&[u8]> {
    parts.iter().find_map(|(start, bytes)| {
        let offset = usize::try_from(address.checked_sub(*start)?).ok()?;
        bytes.get(offset..).filter(|rest| !rest.is_empty())
    })
}

fn nearest_before(labels: &[(u64, String)], address: u64) -> Option<&str> {
    let after = labels.partition_point(|(start, _)| *start <= address);
    Some(labels.get(after.checked_sub(1)?)?.1.as_str())
}

/// The bytes are no file that nasm or ld makes.
#[derive(Debug, thiserror::Error)]
pub enum NotAnImage {
    /// By the rules of the format.
    #[error(transparent)]
    Elf(#[from] object::Error),
    /// Segments lie across each other, or reach beyond the last address.
    #[error("its segments lie across each other")]
    Segments,
    /// Written out one by one, the names are far longer than the file.
    #[error("its names are longer than itself")]
    Names,
}

/// Keeps names in proportion to the file: a hostile one can name the same long text at every turn.
struct Names {
    /// How many more bytes of names may be taken.
    left: usize,
}

impl Names {
    /// Linkers let one name be the end of another, so the names can be a little longer together.
    fn of(file: &[u8]) -> Self {
        Self { left: file.len().saturating_mul(4) }
    }

    fn take<'name>(&mut self, name: &'name str) -> Result<&'name str, NotAnImage> {
        self.left = self.left.checked_sub(name.len()).ok_or(NotAnImage::Names)?;
        Ok(name)
    }
}

/// Reads an object file that nasm made.
pub fn read_object(bytes: &[u8]) -> Result<ObjectFacts, NotAnImage> {
    let file = object::File::parse(bytes)?;
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
fn data_labels(file: &object::File<'_>, names: &mut Names) -> Result<Vec<DataLabel>, NotAnImage> {
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
    file: &object::File<'_>,
    section: &object::Section<'_, '_>,
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
    file: &object::File<'_>,
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

/// A part of the file that the loader maps.
struct Segment<'a> {
    start: u64,
    end: u64,
    flags: u32,
    bytes: &'a [u8],
}

impl Segment<'_> {
    fn may(&self, flag: elf::ProgramFlags) -> bool {
        self.flags & flag.0 != 0
    }
}

/// Reads a shared object that ld made.
pub fn read_shared(bytes: &[u8]) -> Result<SharedFacts, NotAnImage> {
    let elf_file = ElfFile64::<Endianness>::parse(bytes)?;
    let file = object::File::parse(bytes)?;
    let mut names = Names::of(bytes);
    let segments = segments(&elf_file, bytes)?;
    let in_code = |address: u64| {
        let after = segments.partition_point(|segment| segment.start <= address);
        let segment = after.checked_sub(1).and_then(|index| segments.get(index));
        segment.is_some_and(|segment| segment.may(elf::PF_X) && address < segment.end)
    };
    let mut symbols: Vec<(u64, String)> = Vec::new();
    for symbol in file.symbols() {
        let named = symbol.is_definition() && symbol.kind() != object::SymbolKind::Section;
        if let (true, Ok(name)) = (named, symbol.name())
            && !name.is_empty()
        {
            symbols.push((symbol.address(), names.take(name)?.to_owned()));
        }
    }
    symbols.sort();
    let (labels, data_labels) = symbols.into_iter().partition(|(address, _)| in_code(*address));
    let mut imports = Vec::new();
    for symbol in file.dynamic_symbols().filter(|symbol| symbol.is_undefined()) {
        if let Some(name) = symbol.name().ok().filter(|name| !name.is_empty()) {
            imports.push(names.take(name)?.to_owned());
        }
    }
    let (code, data): (Vec<_>, Vec<_>) =
        segments.iter().partition(|segment| segment.may(elf::PF_X));
    let bytes_of = |segments: Vec<&Segment<'_>>| {
        segments.into_iter().map(|segment| (segment.start, segment.bytes.to_vec())).collect()
    };
    Ok(SharedFacts {
        lines: LineTable::read(&file),
        load_time: load_time_entries(&elf_file, bytes)?,
        writable_code: segments.iter().any(|one| one.may(elf::PF_W) && one.may(elf::PF_X)),
        imports,
        code: bytes_of(code),
        data: bytes_of(data),
        labels,
        end: segments.last().map_or(0, |segment| segment.end),
        data_labels,
        slots: slots(&file, &mut names)?,
    })
}

/// The segments that are loaded, by their addresses. A linker lists them so, and gives each byte
/// of the file to one of them at most.
fn segments<'data>(
    file: &ElfFile64<'data, Endianness>,
    bytes: &'data [u8],
) -> Result<Vec<Segment<'data>>, NotAnImage> {
    let endian = file.endian();
    let mut segments: Vec<Segment<'_>> = Vec::new();
    let mut left = bytes.len();
    for header in file.elf_program_headers() {
        if header.p_type(endian) != elf::PT_LOAD {
            continue;
        }
        let start = header.p_vaddr(endian);
        let end = start.checked_add(header.p_memsz(endian)).ok_or(NotAnImage::Segments)?;
        // What lies in the file has no more bytes than what lies in memory.
        let bytes = header.data(endian, bytes).map_err(|()| NotAnImage::Segments)?;
        left = left.checked_sub(bytes.len()).ok_or(NotAnImage::Segments)?;
        let before = segments.last().map_or(0, |segment| segment.end);
        if start < before || bytes.len() as u64 > end - start {
            return Err(NotAnImage::Segments);
        }
        segments.push(Segment { start, end, flags: header.p_flags(endian).0, bytes });
    }
    Ok(segments)
}

/// The slots of the offset table and the names that they are for.
fn slots(file: &object::File<'_>, names: &mut Names) -> Result<Vec<(u64, String)>, NotAnImage> {
    let mut slots = Vec::new();
    let Some(symbols) = file.dynamic_symbol_table() else { return Ok(slots) };
    for (slot, relocation) in file.dynamic_relocations().into_iter().flatten() {
        let RelocationTarget::Symbol(index) = relocation.target() else { continue };
        if let Ok(name) = symbols.symbol_by_index(index).and_then(|symbol| symbol.name()) {
            slots.push((slot, names.take(name)?.to_owned()));
        }
    }
    Ok(slots)
}

/// What the loader is told to do besides what every module of ours needs. Names and numbers are
/// those of the gABI.
fn load_time_entries(
    file: &ElfFile64<'_, Endianness>,
    bytes: &[u8],
) -> Result<Vec<String>, NotAnImage> {
    // Tables of symbols, names, hashes and relocations, their sizes, and flags; the numbers at
    // the end are DT_GNU_HASH, DT_RELACOUNT and DT_FLAGS_1.
    const NEEDED: [u64; 17] =
        [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 23, 30, 0x6fff_fef5, 0x6fff_fff9, 0x6fff_fffb];
    const NAMED: [(u64, &str); 9] = [
        (1, "DT_NEEDED"),
        (12, "DT_INIT"),
        (13, "DT_FINI"),
        (22, "DT_TEXTREL"),
        (25, "DT_INIT_ARRAY"),
        (26, "DT_FINI_ARRAY"),
        (32, "DT_PREINIT_ARRAY"),
        (0x7fff_fffd, "DT_AUXILIARY"),
        (0x7fff_ffff, "DT_FILTER"),
    ];
    let endian = file.endian();
    let mut unwanted: Vec<String> = Vec::new();
    for header in file.elf_program_headers() {
        if header.p_type(endian) != elf::PT_DYNAMIC {
            continue;
        }
        // The loader goes by the segment, whatever sections there are.
        let data = header.data(endian, bytes).map_err(|()| NotAnImage::Segments)?;
        let (words, _) = data.as_chunks::<8>();
        for tag in words.iter().step_by(2).map(|word| u64::from_le_bytes(*word)) {
            let named = NAMED.iter().find(|(number, _)| *number == tag);
            let name = named.map_or_else(|| format!("{tag:#x}"), |(_, name)| (*name).to_owned());
            if !NEEDED.contains(&tag) && unwanted.len() < NAMED.len() && !unwanted.contains(&name) {
                unwanted.push(name);
            }
        }
    }
    Ok(unwanted)
}
