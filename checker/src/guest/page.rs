//! The guest's side of the page that it shares with the checker.

use std::io;
use std::os::fd::RawFd;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::model::evidence::{FaultKind, FaultRecord, MOST_FAULTS, Page};

/// Where the page is, once a guest has mapped it. The assembly of the guard reads it by name.
pub(super) static PAGE: AtomicPtr<Page> = AtomicPtr::new(null_mut());

/// Maps the page of the descriptor.
pub(super) fn share(descriptor: RawFd) -> io::Result<()> {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping of a file that has the page's size.
    let page =
        unsafe { libc::mmap(null_mut(), Page::BYTES, access, libc::MAP_SHARED, descriptor, 0) };
    if page == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    PAGE.store(page.cast(), Ordering::Release);
    Ok(())
}

/// Works on the page. Only one thread of a guest runs Python or the guard at a time.
pub(super) fn with<T>(work: impl FnOnce(&mut Page) -> T) -> Option<T> {
    let page = PAGE.load(Ordering::Acquire);
    // SAFETY: it is null, or mapped for the life of the process; no other reference lives while
    // `work` runs, because every use goes through here and none calls back.
    unsafe { page.as_mut() }.map(work)
}

/// Notes a fault; `address` is absolute.
pub(super) fn note(kind: FaultKind, name: &str, address: u64) {
    with(|page| {
        let index = usize::try_from(page.faults).unwrap_or(MOST_FAULTS);
        page.faults += 1;
        if let Some(record) = page.fault.get_mut(index) {
            *record = FaultRecord::of(kind, name, address);
        }
    });
}
