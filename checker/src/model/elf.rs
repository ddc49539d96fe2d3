//! The one kind of file that nasm and ld are asked for, and that Linux on x86-64 loads.

use object::LittleEndian;
use object::read::elf::{ElfFile64, ElfSection64};

/// An object file, shared object or program of 64-bit code. `object::File` would bring the same
/// code for each other kind of file there is.
pub type Elf<'data, Bytes = &'data [u8]> = ElfFile64<'data, LittleEndian, Bytes>;

/// A section of such a file.
pub type ElfSection<'data, 'file> = ElfSection64<'data, 'file, LittleEndian>;
