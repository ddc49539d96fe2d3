//! The functions of the tracee's executable and libraries: addresses to names and back.

use std::collections::HashMap;
use std::fs;

use object::{Object, ObjectSegment, ObjectSymbol, ReadCache};

use crate::model::elf::Elf;

/// A file that is mapped into the tracee.
struct Mapped {
    path: String,
    /// What is added to an address of the file's to get the tracee's.
    bias: u64,
    /// The addresses that it takes up.
    start: u64,
    end: u64,
    /// Functions: address, size, name; sorted. Read when first asked for.
    functions: Option<Vec<(u64, u64, String)>>,
}

/// The files of one process.
pub(super) struct Symbols {
    pid: i32,
    files: Vec<Mapped>,
    names: HashMap<u64, Option<String>>,
}

/// A row of `/proc/pid/maps`.
pub(super) struct Mapping {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) offset: u64,
    pub(super) path: String,
}

/// The process's mappings, in order; none where `/proc` does not tell.
pub(super) fn mappings(pid: i32) -> Vec<Mapping> {
    let text = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    text.lines().filter_map(mapping).collect()
}

fn mapping(line: &str) -> Option<Mapping> {
    let mut words = line.split_ascii_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let _permissions = words.next()?;
    let hex = |digits: &str| u64::from_str_radix(digits, 16).ok();
    let offset = hex(words.next()?)?;
    let path = line.find(['/', '[']).map_or("", |at| &line[at..]).to_owned();
    Some(Mapping { start: hex(start)?, end: hex(end)?, offset, path })
}

impl Symbols {
    pub(super) fn of(pid: i32) -> Self {
        let mut symbols = Self { pid, files: Vec::new(), names: HashMap::new() };
        symbols.refresh();
        symbols
    }

    /// The name of the C function that holds the address; `name+0x…` inside of it.
    pub(super) fn name(&mut self, address: u64) -> Option<String> {
        if let Some(known) = self.names.get(&address) {
            return known.clone();
        }
        if self.file_of(address).is_none() {
            self.refresh();
        }
        let name = self.file_of(address).and_then(|index| self.files[index].name(address));
        self.names.insert(address, name.clone());
        name
    }

    /// The address of a C function.
    pub(super) fn address(&mut self, name: &str) -> Option<u64> {
        self.files.iter_mut().find_map(|file| {
            let found = file.functions().iter().find(|(.., known)| known == name)?.0;
            Some(found.wrapping_add(file.bias))
        })
    }

    fn file_of(&self, address: u64) -> Option<usize> {
        self.files.iter().position(|file| (file.start..file.end).contains(&address))
    }

    fn refresh(&mut self) {
        for mapping in mappings(self.pid) {
            if !mapping.path.starts_with('/') {
                continue;
            }
            let known = self
                .files
                .iter_mut()
                .find(|file| file.path == mapping.path && file.start <= mapping.start);
            match known {
                Some(file) => file.end = file.end.max(mapping.end),
                None if mapping.offset == 0 => self.files.push(Mapped {
                    path: mapping.path,
                    bias: mapping.start,
                    start: mapping.start,
                    end: mapping.end,
                    functions: None,
                }),
                None => {}
            }
        }
    }
}

impl Mapped {
    fn name(&mut self, address: u64) -> Option<String> {
        self.functions();
        let within = address.checked_sub(self.bias)?;
        let functions = self.functions.as_ref()?;
        let after = functions.partition_point(|(start, ..)| *start <= within);
        let (start, size, name) = functions.get(after.checked_sub(1)?)?;
        let offset = within - start;
        match offset {
            0 => Some(name.clone()),
            offset if offset < (*size).max(1) => Some(format!("{name}+{offset:#x}")),
            _ => None,
        }
    }

    fn functions(&mut self) -> &[(u64, u64, String)] {
        if self.functions.is_none() {
            let (base, functions) = read_functions(&self.path).unwrap_or_default();
            self.bias = self.bias.wrapping_sub(base);
            self.functions = Some(functions);
        }
        self.functions.as_deref().unwrap_or_default()
    }
}

/// The lowest address of the file's, and its functions.
#[expect(clippy::type_complexity, reason = "a private function's two results")]
fn read_functions(path: &str) -> Option<(u64, Vec<(u64, u64, String)>)> {
    // Only what is looked at is read: a python3 may have 30 MB.
    let bytes = ReadCache::new(fs::File::open(path).ok()?);
    let file = Elf::parse(&bytes).ok()?;
    let base = file.segments().map(|segment| segment.address()).min()?;
    let mut functions: Vec<(u64, u64, String)> = file
        .dynamic_symbols()
        .chain(file.symbols())
        .filter(|symbol| symbol.is_definition() && symbol.kind() == object::SymbolKind::Text)
        .filter_map(|symbol| {
            Some((symbol.address(), symbol.size(), symbol.name().ok()?.to_owned()))
        })
        .filter(|(.., name)| !name.is_empty())
        .collect();
    functions.sort();
    functions.dedup_by_key(|(address, ..)| *address);
    Some((base, functions))
}
