//! A shared object that ld made: what the loader maps and does for it, and what is at an address.

use object::read::elf::ProgramHeader;
use object::{Object, ObjectSymbol, ObjectSymbolTable, RelocationTarget, elf};

use crate::host::image::{Names, NotAnImage};
use crate::host::line_table::LineTable;
use crate::model::elf::Elf;

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

    /// The text in the data at the address, up to its zero byte.
    pub fn text_at(&self, address: u64) -> Option<&str> {
        let text = self.data_at(address)?.split(|byte| *byte == 0).next()?;
        std::str::from_utf8(text).ok()
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

/// Reads a shared object that ld made.
pub fn read_shared(bytes: &[u8]) -> Result<SharedFacts, NotAnImage> {
    let file = Elf::parse(bytes)?;
    let mut names = Names::of(bytes);
    let segments = segments(&file, bytes)?;
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
        load_time: load_time_entries(&file, bytes)?,
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

/// The segments that are loaded, by their addresses. A linker lists them so, and gives each byte
/// of the file to one of them at most.
fn segments<'data>(
    file: &Elf<'data>,
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
fn slots(file: &Elf<'_>, names: &mut Names) -> Result<Vec<(u64, String)>, NotAnImage> {
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
fn load_time_entries(file: &Elf<'_>, bytes: &[u8]) -> Result<Vec<String>, NotAnImage> {
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
