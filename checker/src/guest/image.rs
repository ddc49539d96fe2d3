//! The learner's shared object in memory: its code, its imports, its exported names.

use std::ffi::{CStr, CString, c_void};
use std::fs::File;

use object::elf::{self, FileHeader64, SectionHeader64};
use object::read::elf::{FileHeader, SectionHeader};
use object::{LittleEndian, ReadCache};

use crate::guest::memory::{self, Segment};

/// A loaded shared object.
#[derive(Clone, Debug)]
pub(super) struct Image {
    /// Its load address.
    pub(super) base: u64,
    /// What the loader has mapped of it.
    segments: Vec<Segment>,
    symbols: u64,
    strings: u64,
    relocations: Vec<(u64, u64)>,
    /// Where its sections lie in memory.
    sections: Vec<(u64, u64)>,
}

/// A name that the loader has bound, and the slot that holds its address.
#[derive(Clone, Debug)]
pub(super) struct Import {
    /// As the object names it.
    pub(super) name: String,
    /// Relative to the image.
    pub(super) slot: u64,
    /// The address that it holds.
    pub(super) target: u64,
}

/// Sizes of `Elf64_Rela` and `Elf64_Sym`.
const RELA: u64 = 24;
const SYM: u64 = 24;

impl Image {
    /// The object behind a handle of dlopen.
    pub(super) fn of(handle: *mut c_void) -> Option<Self> {
        // struct link_map of <link.h>: l_addr, l_name, l_ld, …
        let mut link_map: *const [u64; 3] = std::ptr::null();
        // SAFETY: dlinfo writes a pointer to a link_map that lives as long as the handle.
        let [base, path, dynamic] = unsafe {
            if libc::dlinfo(handle, libc::RTLD_DI_LINKMAP, (&raw mut link_map).cast()) != 0 {
                return None;
            }
            *link_map
        };
        let entry = |wanted: u64| {
            let mut at = dynamic;
            loop {
                match (loaded_word(at), loaded_word(at + 8)) {
                    (0, _) => return None,
                    (tag, value) if tag == wanted => return Some(value),
                    _ => at += 16,
                }
            }
        };
        // glibc makes the addresses absolute; musl leaves them relative.
        let address = |tag| entry(tag).map(|at| if at < base { at + base } else { at });
        let table = |table, bytes| Some((address(table)?, entry(bytes)?));
        let relocations = [table(7, 8), table(23, 2)]; // DT_RELA, DT_JMPREL
        Some(Self {
            base,
            segments: memory::segments().into_iter().filter(|one| one.base == base).collect(),
            symbols: address(6)?, // DT_SYMTAB
            strings: address(5)?, // DT_STRTAB
            relocations: relocations.into_iter().flatten().collect(),
            // SAFETY: the loader keeps the path there by which it has opened the file.
            sections: sections(unsafe { CStr::from_ptr(path as *const _) }, base)
                .unwrap_or_default(),
        })
    }

    /// Whether a text at the address has no zero byte before the end of its section, so that it
    /// goes on with whatever comes next in memory.
    pub(super) fn is_unended(&self, text: u64) -> bool {
        let section = self.sections.iter().find(|(start, end)| (*start..*end).contains(&text));
        section.is_some_and(|(_, end)| {
            let length = usize::try_from(end - text).unwrap_or(0);
            // SAFETY: the section is a part of the object that is loaded, and can be read.
            unsafe { libc::memchr(text as *const c_void, 0, length).is_null() }
        })
    }

    /// Whether the address lies in the object, code or data.
    pub(super) fn holds(&self, address: u64) -> bool {
        self.segments.iter().any(|segment| segment.has(address))
    }

    /// Whether the address lies in the object's code.
    pub(super) fn is_code(&self, address: u64) -> bool {
        self.segments.iter().any(|segment| segment.is_code && segment.has(address))
    }

    /// The names that the loader has bound to slots of the offset table.
    pub(super) fn imports(&self) -> Vec<Import> {
        const GLOB_DAT: u64 = 6;
        const JUMP_SLOT: u64 = 7;
        let mut imports = Vec::new();
        for (start, bytes) in &self.relocations {
            for at in (*start..start + bytes).step_by(RELA as usize) {
                let (slot, info) = (loaded_word(at), loaded_word(at + 8));
                let name = self.name(self.symbols + (info >> 32) * SYM);
                if let (GLOB_DAT | JUMP_SLOT, Some(name)) = (info & 0xffff_ffff, name) {
                    let target = loaded_word(self.base + slot);
                    imports.push(Import { name, slot, target });
                }
            }
        }
        imports
    }

    /// Has dlsym give another address for a function that the object offers.
    pub(super) fn replace_export(
        &self,
        handle: *mut c_void,
        name: &str,
        other: impl FnOnce(u64) -> u64,
    ) {
        let Ok(c_name) = CString::new(name) else { return };
        // SAFETY: the handle is open and the name ends in zero.
        let address = unsafe { libc::dlsym(handle, c_name.as_ptr()) } as u64;
        if !self.is_code(address) {
            return;
        }
        // The string table follows the symbol table in what ld writes.
        let entries = (self.symbols..self.strings.max(self.symbols)).step_by(SYM as usize);
        for entry in entries {
            if self.name(entry).as_deref() == Some(name) {
                // st_value of Elf64_Sym; the loader adds the base, modulo 2**64.
                return memory::write_words(&[(entry + 8, other(address).wrapping_sub(self.base))]);
            }
        }
    }

    fn name(&self, symbol: u64) -> Option<String> {
        let offset = loaded_word(symbol) & 0xffff_ffff;
        // SAFETY: the loader has just read the same string table, whose entries end in zero.
        let name = unsafe { CStr::from_ptr((self.strings + offset) as *const _) };
        name.to_str().ok().filter(|name| !name.is_empty()).map(str::to_owned)
    }
}

/// Where the sections of the file lie that the learner fills.
fn sections(path: &CStr, base: u64) -> Option<Vec<(u64, u64)>> {
    const LINKERS: [&str; 5] = [".dyn", ".gnu", ".got", ".plt", ".rela"];
    let endian = LittleEndian;
    // Nothing is read but the headers and their names.
    let file = ReadCache::new(File::open(path.to_str().ok()?).ok()?);
    let header = FileHeader64::parse(&file).ok()?;
    let sections = header.sections(endian, &file).ok()?;
    let filled = |section: &&SectionHeader64<LittleEndian>| {
        let name = sections.section_name(endian, section).unwrap_or_default();
        section.sh_flags(endian).contains(elf::SHF_ALLOC)
            && !LINKERS.iter().any(|linker| name.starts_with(linker.as_bytes()))
    };
    let place = |section: &SectionHeader64<LittleEndian>| {
        let start = base.wrapping_add(section.sh_addr(endian));
        (start, start.wrapping_add(section.sh_size(endian)))
    };
    Some(sections.iter().filter(filled).map(place).collect())
}

/// A word of the tables by which the loader has just bound the object.
fn loaded_word(address: u64) -> u64 {
    // SAFETY: the loader maps these tables and has read them; they stay as long as the object.
    unsafe { (address as *const u64).read_unaligned() }
}
