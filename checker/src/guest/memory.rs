//! Memory that may not be there: read and written by system calls, which fail where an ordinary
//! access would end the process.

use std::collections::BTreeSet;

/// Copies the bytes at the address; how many of them are there.
pub(super) fn read(address: u64, bytes: &mut [u8]) -> usize {
    let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let remote = libc::iovec { iov_base: address as *mut _, iov_len: bytes.len() };
    // SAFETY: the kernel checks both ranges.
    let read = unsafe { libc::process_vm_readv(libc::getpid(), &local, 1, &remote, 1, 0) };
    usize::try_from(read).unwrap_or(0)
}

/// The word at the address.
pub(super) fn word(address: u64) -> Option<u64> {
    let (words, there) = words::<1>(address);
    (there > 0).then_some(words[0])
}

/// The words from the address on, and how many of them are there; the others are 0.
pub(super) fn words<const COUNT: usize>(address: u64) -> ([u64; COUNT], usize) {
    let mut words = [0; COUNT];
    let there = read(address, bytemuck::bytes_of_mut(&mut words)) / size_of::<u64>();
    words[there..].fill(0);
    (words, there)
}

/// Writes words at addresses, also to pages that can only be read, which stay so.
pub(super) fn write_words(words: &[(u64, u64)]) {
    const PAGE: u64 = 4096;
    let change = |page: u64, access| {
        // SAFETY: mprotect is asked only for pages that hold one of the words, and in the end they
        // get back the access that a page of constants has.
        unsafe { libc::mprotect(page as *mut libc::c_void, PAGE as usize, access) == 0 }
    };
    let mut opened = BTreeSet::new();
    for (at, word) in words {
        if !write(*at, *word) {
            for page in [at & !(PAGE - 1), (at + 7) & !(PAGE - 1)] {
                if change(page, libc::PROT_READ | libc::PROT_WRITE) {
                    opened.insert(page);
                }
            }
            write(*at, *word);
        }
    }
    for page in opened {
        change(page, libc::PROT_READ);
    }
}

/// Writes a word to a page that can be written.
fn write(address: u64, word: u64) -> bool {
    let local = libc::iovec { iov_base: (&raw const word).cast_mut().cast(), iov_len: 8 };
    let remote = libc::iovec { iov_base: address as *mut _, iov_len: 8 };
    // SAFETY: the kernel checks the ranges.
    unsafe { libc::process_vm_writev(libc::getpid(), &local, 1, &remote, 1, 0) == 8 }
}

/// The C string at the address, if it is one of printable characters and at most `longest` long.
pub(super) fn text(address: u64, longest: usize) -> Option<String> {
    // Most are short.
    const STEP: usize = 128;
    let mut bytes = Vec::new();
    let end = loop {
        let known = bytes.len();
        bytes.resize((known + STEP).min(longest + 1), 0);
        let there = read(address + known as u64, &mut bytes[known..]);
        if let Some(zero) = bytes[known..][..there].iter().position(|byte| *byte == 0) {
            break known + zero;
        }
        if known + there < bytes.len() || bytes.len() > longest {
            return None;
        }
    };
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    (!text.chars().any(|c| c.is_control() && !c.is_whitespace())).then(|| text.to_owned())
}

/// A part of a loaded object: what the loader has mapped at once, with the same access.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Where the object is loaded.
    pub(super) base: u64,
    /// Whether it is code.
    pub(super) is_code: bool,
    start: u64,
    end: u64,
}

impl Segment {
    /// Whether the address lies in it.
    pub(super) fn has(&self, address: u64) -> bool {
        (self.start..self.end).contains(&address)
    }
}

/// The segments of all objects, as the loader lists them itself.
pub(super) fn segments() -> Vec<Segment> {
    unsafe extern "C" fn add(
        object: *mut libc::dl_phdr_info,
        _: libc::size_t,
        found: *mut libc::c_void,
    ) -> i32 {
        // SAFETY: the loader hands over one object's headers at a time, and `found` is the vector
        // below.
        unsafe {
            let (object, found) = (&*object, &mut *found.cast::<Vec<Segment>>());
            let headers = std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into());
            let loaded = headers.iter().filter(|header| header.p_type == libc::PT_LOAD);
            found.extend(loaded.map(|header| {
                let start = object.dlpi_addr.wrapping_add(header.p_vaddr);
                Segment {
                    base: object.dlpi_addr,
                    is_code: header.p_flags & libc::PF_X != 0,
                    start,
                    end: start.wrapping_add(header.p_memsz),
                }
            }));
        }
        0
    }
    let mut found = Vec::new();
    // SAFETY: the callback gets the vector that outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(add), (&raw mut found).cast()) };
    found
}
