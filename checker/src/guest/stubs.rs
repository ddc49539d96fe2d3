//! Small pieces of code made at run time, one for each of a row of data cells: the stub brings
//! its cell's address in r11. They are made in the zygote, before any learner's code is near, and
//! sealed; a guest only fills the cells.

use std::io;
use std::ptr::null_mut;

/// The distance of two stubs, in bytes.
const STUB: usize = 32;

/// Where a stub goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    /// To fixed code, by rax: no function of a METH_ kind takes anything there.
    ToCode(u64),
    /// To the address in the cell's first word: no register is free on the way out of a module,
    /// where al counts the vector registers of a variadic call.
    ToWhatTheCellSays,
}

/// A row of cells and the stubs that lead to them.
#[derive(Debug)]
pub(super) struct Row<Cell: 'static> {
    cells: &'static mut [Cell],
    code: u64,
    used: usize,
}

impl<Cell: Default> Row<Cell> {
    /// Makes so many cells and stubs.
    pub(super) fn new(count: usize, way: Way) -> io::Result<Self> {
        let cells: &'static mut [Cell] =
            Box::leak((0..count).map(|_| Cell::default()).collect::<Vec<_>>().into_boxed_slice());
        let mut code = Vec::with_capacity(count * STUB);
        for cell in cells.iter() {
            let start = code.len();
            code.extend([0x49, 0xbb]); // mov r11, cell
            code.extend((std::ptr::from_ref(cell) as u64).to_le_bytes());
            match way {
                Way::ToCode(target) => {
                    code.extend([0x48, 0xb8]); // mov rax, target
                    code.extend(target.to_le_bytes());
                    code.extend([0xff, 0xe0]); // jmp rax
                }
                Way::ToWhatTheCellSays => code.extend([0x41, 0xff, 0x23]), // jmp [r11]
            }
            code.resize(start + STUB, 0xcc);
        }
        Ok(Self { cells, code: seal(&code)?, used: 0 })
    }

    /// Fills the next cell and gives its stub's address; nothing where all are used.
    pub(super) fn fill(&mut self, cell: Cell) -> Option<u64> {
        let free = self.cells.get_mut(self.used)?;
        *free = cell;
        let stub = self.code + (self.used * STUB) as u64;
        self.used += 1;
        Some(stub)
    }

    /// The stub of the first used cell that fits.
    pub(super) fn find(&self, fits: impl Fn(&Cell) -> bool) -> Option<u64> {
        let index = self.cells[..self.used].iter().position(fits)?;
        Some(self.code + (index * STUB) as u64)
    }

    /// The cell whose stub is at the address.
    pub(super) fn cell(&self, stub: u64) -> Option<&Cell> {
        let offset = usize::try_from(stub.checked_sub(self.code)?).ok()?;
        self.cells.get(..self.used)?.get(offset / STUB)
    }
}

/// Copies code to pages of its own that can be executed and not written.
fn seal(code: &[u8]) -> io::Result<u64> {
    let writable = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping of the code's length, filled before anybody else knows of it.
    unsafe {
        let page = libc::mmap(null_mut(), code.len(), writable, flags, -1, 0);
        if page == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        page.cast::<u8>().copy_from_nonoverlapping(code.as_ptr(), code.len());
        if libc::mprotect(page, code.len(), libc::PROT_READ | libc::PROT_EXEC) != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(page as u64)
    }
}
