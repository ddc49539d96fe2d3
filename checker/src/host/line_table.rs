//! Addresses to source lines, from the DWARF that nasm writes. A file name in DWARF is the
//! learner's to choose (`%line`), so names are shown and compared, and never opened.

use std::collections::HashMap;
use std::sync::Arc;

use gimli::{EndianSlice, LittleEndian};
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};

use crate::model::elf::Elf;

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceLine {
    /// The file's base name as nasm was given it: `ex05c.asm`, `workbook.inc`. It is shared by
    /// all lines of the file: `%line` can make it as long as the learner's own.
    pub file: Arc<str>,
    /// From 1.
    pub line: u32,
}

/// The line table of an object file or a shared object.
#[derive(Clone, Debug, Default)]
pub struct LineTable {
    /// Ranges `[start, end)` in order of their starts.
    rows: Vec<(u64, u64, SourceLine)>,
}

/// How far apart the sections of an object file are thought to lie: its addresses all begin at
/// 0, so each section gets a base of its own.
const SECTION_STRIDE: u64 = 1 << 32;

impl LineTable {
    /// The table of an ELF file; empty where there is no DWARF that can be read.
    pub fn read(file: &Elf<'_>) -> Self {
        Self::try_read(file).unwrap_or_default()
    }

    fn try_read(file: &Elf<'_>) -> Option<Self> {
        let relocatable = file.kind() == object::ObjectKind::Relocatable;
        let sections: HashMap<&str, Vec<u8>> = [".debug_info", ".debug_abbrev", ".debug_line"]
            .into_iter()
            .filter_map(|name| Some((name, relocated(file, name, relocatable)?)))
            .collect();
        let load = |id: gimli::SectionId| {
            let bytes = sections.get(id.name()).map_or(&[][..], Vec::as_slice);
            Ok::<_, gimli::Error>(EndianSlice::new(bytes, LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(load).ok()?;
        let mut rows = Vec::new();
        // nasm writes one unit, and the glue may bring another. A section of the learner's own can
        // claim any number of them, all with the same lines.
        const MOST_UNITS: usize = 2;
        let mut units = dwarf.units();
        for _ in 0..MOST_UNITS {
            let Some(header) = units.next().ok()? else { break };
            let unit = dwarf.unit(header).ok()?;
            let (program, sequences) = unit.line_program.clone()?.sequences().ok()?;
            let mut names = HashMap::new();
            for sequence in &sequences {
                read_sequence(&dwarf, &unit, &program, sequence, &mut names, &mut rows)?;
            }
        }
        rows.sort_by_key(|(start, ..)| *start);
        Some(Self { rows })
    }

    /// The line of an address of a shared object, as linked.
    pub fn line(&self, address: u64) -> Option<&SourceLine> {
        let after = self.rows.partition_point(|(start, ..)| *start <= address);
        let (_, end, line) = self.rows.get(after.checked_sub(1)?)?;
        (address < *end).then_some(line)
    }

    /// Where the code of the address's line begins: at an instruction. A line that repeats itself,
    /// or makes several instructions, has a beginning for each time that it is named anew.
    pub fn start(&self, address: u64) -> Option<u64> {
        let after = self.rows.partition_point(|(start, ..)| *start <= address);
        let (start, end, _) = self.rows.get(after.checked_sub(1)?)?;
        (address < *end).then_some(*start)
    }

    /// The addresses of each line's code, from its start up to its end.
    pub fn ranges(&self) -> impl Iterator<Item = (u64, u64)> {
        self.rows.iter().map(|(start, end, _)| (*start, *end))
    }

    /// The lines of a file that have code, in the order of their addresses.
    pub fn lines_of(&self, file: &str) -> impl Iterator<Item = u32> {
        self.rows.iter().filter(move |(.., line)| *line.file == *file).map(|(.., line)| line.line)
    }

    /// The line of an offset in a section of an object file.
    pub fn line_in_section(&self, section: usize, offset: u64) -> Option<&SourceLine> {
        let base = (section as u64).checked_mul(SECTION_STRIDE)?;
        self.line(base.checked_add(offset.min(SECTION_STRIDE - 1))?)
    }
}

/// No file has a longer name, in bytes: NAME_MAX of Linux (`limits.h`).
const LONGEST_NAME: usize = 255;

type Reader<'a> = EndianSlice<'a, LittleEndian>;

fn read_sequence(
    dwarf: &gimli::Dwarf<Reader<'_>>,
    unit: &gimli::Unit<Reader<'_>>,
    program: &gimli::CompleteLineProgram<Reader<'_>>,
    sequence: &gimli::LineSequence<Reader<'_>>,
    names: &mut HashMap<u64, Arc<str>>,
    rows: &mut Vec<(u64, u64, SourceLine)>,
) -> Option<()> {
    let mut open: Option<(u64, SourceLine)> = None;
    let mut machine = program.resume_from(sequence);
    while let Some((header, row)) = machine.next_row().ok()? {
        if let Some((start, line)) = open.take()
            && row.address() > start
        {
            rows.push((start, row.address(), line));
        }
        if !row.end_sequence() {
            let file = match names.get(&row.file_index()) {
                Some(known) => Arc::clone(known),
                None => {
                    let path = row.file(header)?.path_name();
                    let path = dwarf.attr_string(unit, path).ok()?.to_string_lossy();
                    let name = path.rsplit('/').next().unwrap_or_default();
                    let name: Arc<str> = name.chars().take(LONGEST_NAME).collect::<String>().into();
                    names.insert(row.file_index(), Arc::clone(&name));
                    name
                }
            };
            let line = row.line().map_or(0, |line| u32::try_from(line.get()).unwrap_or(0));
            open = Some((row.address(), SourceLine { file, line }));
        }
    }
    Some(())
}

/// The section's bytes, with the addresses filled in that the linker would fill in.
fn relocated(file: &Elf<'_>, name: &str, relocatable: bool) -> Option<Vec<u8>> {
    let section = file.section_by_name(name)?;
    let mut bytes = section.uncompressed_data().ok()?.into_owned();
    if !relocatable {
        return Some(bytes);
    }
    for (offset, relocation) in section.relocations() {
        let RelocationTarget::Symbol(symbol) = relocation.target() else { continue };
        let symbol = file.symbol_by_index(symbol).ok()?;
        let debug = symbol
            .section_index()
            .and_then(|index| file.section_by_index(index).ok())
            .is_none_or(|target| target.name().is_ok_and(|name| name.starts_with(".debug")));
        let base = match symbol.section_index() {
            Some(index) if !debug => index.0 as u64 * SECTION_STRIDE,
            _ => 0,
        };
        let value = base.wrapping_add(symbol.address()).wrapping_add_signed(relocation.addend());
        let size = usize::from(relocation.size() / 8);
        let at = usize::try_from(offset).ok()?;
        let target = bytes.get_mut(at..at.checked_add(size)?)?;
        target.copy_from_slice(value.to_le_bytes().get(..size)?);
    }
    Some(bytes)
}
