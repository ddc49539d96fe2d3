//! Memory that may not be there: read and written by system calls, which fail where an ordinary
//! access would end the process.

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
    let mut bytes = [0; 8];
    (read(address, &mut bytes) == bytes.len()).then(|| u64::from_le_bytes(bytes))
}

/// Writes a word, also to a page that can only be read, which stays so.
pub(super) fn write_word(address: u64, word: u64) -> bool {
    const PAGE: u64 = 4096;
    let local = libc::iovec { iov_base: (&raw const word).cast_mut().cast(), iov_len: 8 };
    let remote = libc::iovec { iov_base: address as *mut _, iov_len: 8 };
    // SAFETY: the kernel checks the ranges. mprotect is asked only for pages that hold the word,
    // and they get back the access that a page of constants has.
    unsafe {
        if libc::process_vm_writev(libc::getpid(), &local, 1, &remote, 1, 0) == 8 {
            return true;
        }
        let first = address & !(PAGE - 1);
        let length = usize::try_from(((address + 7) & !(PAGE - 1)) + PAGE - first).unwrap_or(0);
        let page = first as *mut libc::c_void;
        if libc::mprotect(page, length, libc::PROT_READ | libc::PROT_WRITE) != 0 {
            return false;
        }
        (address as *mut u64).write_unaligned(word);
        libc::mprotect(page, length, libc::PROT_READ) == 0
    }
}

/// The C string at the address, if it is one of printable characters and at most `longest` long.
pub(super) fn text(address: u64, longest: usize) -> Option<String> {
    let mut bytes = vec![0; longest + 1];
    let there = read(address, &mut bytes);
    let end = bytes[..there].iter().position(|byte| *byte == 0)?;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    (!text.chars().any(|c| c.is_control() && !c.is_whitespace())).then(|| text.to_owned())
}

/// The address ranges that may be executed, as the kernel lists them.
pub(super) fn executable() -> Vec<(u64, u64)> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines()
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let (start, end) = fields.next()?.split_once('-')?;
            let number = |text| u64::from_str_radix(text, 16).ok();
            fields.next()?.contains('x').then_some((number(start)?, number(end)?))
        })
        .collect()
}
