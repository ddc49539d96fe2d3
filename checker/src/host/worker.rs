//! One guest: asking it, one frame at a time, and finding out how it ended.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::mem::offset_of;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::sys::socket::{MsgFlags, recv, send};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::host::child;
use crate::host::one_cpu::OneCpu;
use crate::model::evidence::Page;
use crate::model::protocol::{CANNOT_REPLY, LONGEST_FRAME, Numbered, Reply, Request};

/// Why a guest gives no more replies.
#[derive(Clone, Debug)]
pub enum Ended {
    /// A signal ended it.
    Signal(i32),
    /// It exited, with this status.
    Exited(i32),
    /// It gave no reply in time.
    TimedOut,
    /// It sent something that is no reply.
    BrokeProtocol,
}

/// A process that holds one learner's module.
#[derive(Debug)]
pub struct Guest {
    pid: Pid,
    pidfd: OwnedFd,
    socket: OwnedFd,
    printed: File,
    evidence: File,
    /// Room for the longest reply.
    frame: Box<[u8]>,
    reaped: bool,
    /// Holds the thread that asks on the guest's CPU.
    _turns: Option<OneCpu>,
}

/// How long a guest that is told to stop may take to say where it was.
const LAST_WORDS: Duration = Duration::from_millis(300);

impl Guest {
    pub(crate) fn new(
        pid: Pid,
        socket: OwnedFd,
        printed: File,
        evidence: File,
        turns: Option<OneCpu>,
    ) -> io::Result<Self> {
        let pidfd = child::pidfd_open(pid.as_raw().unsigned_abs())?;
        let frame = vec![0; LONGEST_FRAME].into_boxed_slice();
        Ok(Self { pid, pidfd, socket, printed, evidence, frame, reaped: false, _turns: turns })
    }

    /// Sends one request and waits for its one reply. After an `Err(Ended)` the guest is gone.
    pub fn ask(
        &mut self,
        request: &Request,
        patience: Duration,
    ) -> io::Result<Result<Reply, Ended>> {
        let deadline = Instant::now() + patience;
        let number = self.send(request)?;
        self.receive(number, deadline)
    }

    /// Sends one request, and gives its number.
    pub(crate) fn send(&mut self, request: &Request) -> io::Result<u64> {
        // Random keys, from the system's randomness.
        let number = RandomState::new().build_hasher().finish();
        let numbered = Numbered { number, content: request };
        let frame = serde_json::to_vec(&numbered).expect("a request is plain data");
        match send(self.socket.as_raw_fd(), &frame, MsgFlags::MSG_NOSIGNAL) {
            // It may be gone, or have closed its end; which of them the waiting finds out.
            Ok(_) | Err(nix::Error::EPIPE | nix::Error::ECONNRESET) => Ok(number),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits for the one reply to the request of that number.
    pub(crate) fn receive(
        &mut self,
        number: u64,
        deadline: Instant,
    ) -> io::Result<Result<Reply, Ended>> {
        if !child::wait_readable(self.socket.as_fd(), deadline)? {
            return self.stop_and_locate().map(Err);
        }
        let length = match recv(self.socket.as_raw_fd(), &mut self.frame, MsgFlags::empty()) {
            Err(nix::Error::ECONNRESET) => 0,
            received => received?,
        };
        if length == 0 {
            return self.end().map(Err);
        }
        match serde_json::from_slice::<Numbered<Reply>>(&self.frame[..length]) {
            Ok(reply) if reply.number == number => Ok(Ok(reply.content)),
            _ => {
                self.kill()?;
                Ok(Err(Ended::BrokeProtocol))
            }
        }
    }

    /// What the module printed so far, at most 64 KiB.
    pub fn printed(&self) -> io::Result<String> {
        child::read_capped(&self.printed, 64 * 1024)
    }

    /// How much it printed, in bytes.
    pub fn printed_length(&self) -> io::Result<u64> {
        Ok(self.printed.metadata()?.len())
    }

    /// What the guard has seen so far, and the last words of a guest that a signal ended.
    pub fn evidence(&self) -> io::Result<Box<Page>> {
        let mut bytes = vec![0; Page::BYTES];
        self.evidence.read_exact_at(&mut bytes, 0)?;
        Ok(Page::read(&bytes))
    }

    /// Whether the guard has noted a fault so far. The whole page takes ten times as long.
    pub fn has_noted(&self) -> io::Result<bool> {
        let mut count = [0; 8];
        self.evidence.read_exact_at(&mut count, offset_of!(Page, faults) as u64)?;
        Ok(u64::from_ne_bytes(count) > 0)
    }

    /// The process.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Readable when the process has ended.
    pub(crate) fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    /// Readable when there is a reply.
    pub(crate) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Somebody else waited for the process, and was told how it ended.
    pub(crate) fn reaped(&mut self, status: WaitStatus) -> Ended {
        self.reaped = true;
        match status {
            WaitStatus::Signaled(_, signal, _) => Ended::Signal(signal as i32),
            WaitStatus::Exited(_, CANNOT_REPLY) => Ended::BrokeProtocol,
            WaitStatus::Exited(_, status) => Ended::Exited(status),
            _ => Ended::BrokeProtocol,
        }
    }

    /// The socket is closed from the other side: how did the process end?
    fn end(&mut self) -> io::Result<Ended> {
        if !child::wait_readable(self.pidfd.as_fd(), Instant::now() + LAST_WORDS)? {
            // It closed the socket and lives on.
            self.kill()?;
            return Ok(Ended::BrokeProtocol);
        }
        let status = waitpid(self.pid, Some(WaitPidFlag::__WALL))?;
        Ok(self.reaped(status))
    }

    /// Past its deadline: SIGXCPU has its handler note where it is; SIGKILL ends it.
    pub(crate) fn stop_and_locate(&mut self) -> io::Result<Ended> {
        kill(self.pid, Signal::SIGXCPU)?;
        child::wait_readable(self.pidfd.as_fd(), Instant::now() + LAST_WORDS)?;
        self.kill()?;
        Ok(Ended::TimedOut)
    }

    fn kill(&mut self) -> io::Result<()> {
        if !self.reaped {
            self.reaped = true;
            kill(self.pid, Signal::SIGKILL)?;
            waitpid(self.pid, Some(WaitPidFlag::__WALL))?;
        }
        Ok(())
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
