//! The names that a running process offers to the modules that it loads.

use std::collections::BTreeSet;
use std::fs;

use object::{Object, ObjectSymbol};

use crate::model::elf::Elf;

/// The names in the dynamic symbol tables of the process's executable and libraries.
/// Empty where `/proc` does not tell.
pub fn offered_by(pid: u32) -> BTreeSet<String> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let files: BTreeSet<&str> =
        maps.lines().filter_map(|line| line.find('/').map(|start| &line[start..])).collect();
    files.into_iter().flat_map(defined_in).collect()
}

fn defined_in(path: &str) -> Vec<String> {
    let Ok(bytes) = fs::read(path) else { return Vec::new() };
    let Ok(file) = Elf::parse(&*bytes) else { return Vec::new() };
    file.dynamic_symbols()
        // Not `is_definition`: the C library's fastest functions are IFUNCs.
        .filter(|symbol| !symbol.is_undefined())
        .filter_map(|symbol| symbol.name().ok().map(str::to_owned))
        .collect()
}
