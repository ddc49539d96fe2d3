//! The watcher: a thread that waits for the guest's reply, the deadline and Ctrl-C while the
//! tracer waits for the guest itself, and then wakes the tracer by a signal to the guest.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;

use crate::host::interrupt;

/// What the watcher saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing yet.
    Nothing,
    /// The guest has sent its reply, or closed its socket.
    Reply,
    /// The time is up.
    Deadline,
    /// The checker was asked to stop.
    Interrupted,
}

/// By this signal the guest is stopped. It has no effect on a process that is not traced.
pub(super) const WAKE: Signal = Signal::SIGURG;

/// How often Ctrl-C is looked for.
const ROUND: Duration = Duration::from_millis(100);

/// How long a guest that holds the wake-up off may go on.
const GRACE: Duration = Duration::from_secs(5);

/// What tracer and watcher share.
pub(super) struct Watch {
    seen: AtomicU8,
    /// Closed when the tracer is done.
    done: PipeReader,
}

impl Watch {
    /// A watch, and what ends it when it is dropped.
    pub(super) fn new() -> io::Result<(Self, PipeWriter)> {
        let (done, end) = io::pipe()?;
        Ok((Self { seen: AtomicU8::new(0), done }, end))
    }

    pub(super) fn seen(&self) -> Seen {
        match self.seen.load(Ordering::Acquire) {
            0 => Seen::Nothing,
            1 => Seen::Reply,
            2 => Seen::Deadline,
            _ => Seen::Interrupted,
        }
    }

    /// Waits for one of the three, notes it, and wakes the tracer. Returns when `done` closes.
    pub(super) fn run(&self, pidfd: BorrowedFd<'_>, socket: BorrowedFd<'_>, deadline: Instant) {
        let seen = loop {
            let mut waited = [
                PollFd::new(self.done.as_fd(), PollFlags::empty()),
                PollFd::new(socket, PollFlags::POLLIN),
            ];
            let left = deadline.saturating_duration_since(Instant::now()).min(ROUND);
            let left = PollTimeout::try_from(left + Duration::from_millis(1));
            let _ = poll(&mut waited, left.unwrap_or(PollTimeout::ZERO));
            if waited[0].any().unwrap_or(true) {
                return;
            }
            if waited[1].any().unwrap_or(true) {
                break 1;
            }
            if interrupt::check().is_err() {
                break 3;
            }
            if Instant::now() >= deadline {
                break 2;
            }
        };
        self.seen.store(seen, Ordering::Release);
        send(pidfd, WAKE);
        // A guest can hold off any signal but one.
        let mut done = [PollFd::new(self.done.as_fd(), PollFlags::empty())];
        let grace = PollTimeout::try_from(GRACE).unwrap_or(PollTimeout::MAX);
        if poll(&mut done, grace) == Ok(0) {
            send(pidfd, Signal::SIGKILL);
        }
    }
}

/// A signal by pidfd: it reaches this process or nobody, even after its number is used again.
fn send(pidfd: BorrowedFd<'_>, signal: Signal) {
    // SAFETY: pidfd_send_signal takes integers, and NULL for the details it makes up itself.
    unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            signal as i32,
            std::ptr::null::<libc::siginfo_t>(),
            0,
        );
    }
}
