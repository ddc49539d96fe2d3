//! Starting a program from a process that shares our memory until it becomes that program.
//!
//! A fork copies the tables of all our memory, and then each page that either side writes to.
//! Beside a tool that takes 2 ms, that is 0.5 ms. posix_spawn(3) does without, but what its child
//! may do before the program starts is a short list, and walls are not on it.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering};

use launcher::Confinement;
use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
use nix::sys::signal::{SigSet, SigmaskHow};
use nix::unistd::Pid;

use crate::host::child::pidfd_open;

/// The calling thread, in the words of the system calls.
const SELF: Pid = Pid::from_raw(0);

/// The whole environment of a tool.
const ENVIRONMENT: &CStr = c"LC_ALL=C";

/// The child's stack until the program has one of its own, in words of 16 bytes.
const STACK: usize = 4096;

/// A running program.
#[derive(Debug)]
pub(super) struct Started {
    pid: libc::pid_t,
    /// Readable when it has ended.
    pub(super) pidfd: OwnedFd,
}

impl Started {
    /// A child of this process, which nobody has waited for yet.
    pub(super) fn new(pid: libc::pid_t) -> io::Result<Self> {
        let number = u32::try_from(pid).map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok(Self { pid, pidfd: pidfd_open(number)? })
    }

    /// Ends it.
    pub(super) fn kill(&self) {
        // SAFETY: kill takes two integers. Nobody has waited for the child yet, so the number is
        // still its own.
        unsafe { libc::kill(self.pid, libc::SIGKILL) };
    }

    /// Waits for its end.
    pub(super) fn wait(self) -> io::Result<ExitStatus> {
        let mut status = 0;
        loop {
            // SAFETY: waitpid writes one int, to our variable.
            match unsafe { libc::waitpid(self.pid, &raw mut status, 0) } {
                -1 => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
                _ => return Ok(ExitStatus::from_raw(status)),
            }
        }
    }
}

/// What the child needs, made beforehand: it shares its memory with other threads, and does
/// nothing but system calls.
struct Plan<'a> {
    program: CString,
    arguments: Vec<*const c_char>,
    folder: Option<CString>,
    input: RawFd,
    output: RawFd,
    /// The CPUs that this thread may use and that the program will.
    cpus: Option<CpuSet>,
    confinement: &'a Confinement,
    /// Why there is no program, as an errno.
    failed: AtomicI32,
}

/// Starts the command's program in its folder with its arguments, with no input, one output, and
/// nothing in its environment but the language.
pub(super) fn start(
    command: &Command,
    output: BorrowedFd<'_>,
    confinement: &Confinement,
) -> io::Result<Started> {
    let text = |part: &std::ffi::OsStr| CString::new(part.as_bytes()).map_err(io::Error::from);
    let arguments = std::iter::once(command.get_program()).chain(command.get_args());
    let arguments: Vec<CString> = arguments.map(text).collect::<Result<_, _>>()?;
    let nothing = File::open("/dev/null")?;
    let plan = Plan {
        program: text(command.get_program())?,
        arguments: arguments.iter().map(|one| one.as_ptr()).chain([ptr::null()]).collect(),
        folder: command.get_current_dir().map(|path| text(path.as_os_str())).transpose()?,
        input: nothing.as_raw_fd(),
        output: output.as_raw_fd(),
        cpus: stay(),
        confinement,
        failed: AtomicI32::new(0),
    };

    // A handler of ours would run in the child too, on our variables.
    let signals = SigSet::all().thread_swap_mask(SigmaskHow::SIG_SETMASK)?;
    let started = split(&plan);
    signals.thread_set_mask()?;
    if let Some(cpus) = plan.cpus {
        sched_setaffinity(SELF, &cpus)?;
    }

    let started = started?;
    match plan.failed.load(Ordering::Relaxed) {
        0 => Ok(started),
        error => {
            started.wait()?;
            Err(io::Error::from_raw_os_error(error))
        }
    }
}

/// Holds this thread on the CPU that it is on, if the system allows it, and gives those that it
/// was allowed. This CPU is free while the thread waits for the child; on another one, the child
/// might wait for somebody else.
fn stay() -> Option<CpuSet> {
    let before = sched_getaffinity(SELF).ok()?;
    let mut here = CpuSet::new();
    here.set(sched_getcpu().ok()?).ok()?;
    sched_setaffinity(SELF, &here).ok()?;
    Some(before)
}

/// Makes the child, and waits until it is the program or has given up.
fn split(plan: &Plan<'_>) -> io::Result<Started> {
    let mut stack: Vec<MaybeUninit<u128>> = Vec::with_capacity(STACK);
    let mut pidfd: c_int = -1;
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_PIDFD | libc::SIGCHLD;
    // SAFETY: the stack is ours, of so many words, aligned to 16, and nobody uses it besides. The
    // plan outlives the child's use of it: CLONE_VFORK has this thread wait until the child runs
    // another program or has ended. The child has this thread's variables of its own until then.
    let pid = unsafe {
        let top = stack.spare_capacity_mut().as_mut_ptr().add(STACK);
        libc::clone(
            become_program,
            top.cast(),
            flags,
            ptr::from_ref(plan).cast_mut().cast(),
            &raw mut pidfd,
        )
    };
    if pid < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel made this descriptor for us alone.
    Ok(Started { pid, pidfd: unsafe { OwnedFd::from_raw_fd(pidfd) } })
}

extern "C" fn become_program(plan: *mut c_void) -> c_int {
    // SAFETY: `split` gives us a plan that lives as long as this.
    let plan = unsafe { &*plan.cast::<Plan<'_>>() };
    let Err(error) = plan.carry_out();
    plan.failed.store(error.raw_os_error().unwrap_or(libc::EIO), Ordering::Relaxed);
    // SAFETY: _exit runs no handlers, which would be those of the process whose memory this is.
    unsafe { libc::_exit(127) }
}

impl Plan<'_> {
    fn carry_out(&self) -> Result<std::convert::Infallible, io::Error> {
        let check = |answer: c_int| match answer {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        };
        // SAFETY: these are system calls. Their texts and lists are the plan's, and end in zeros.
        // The handlers are this process's own, which has no use for any.
        unsafe {
            for signal in 1..=libc::SIGSYS {
                // Some cannot be caught, and have nothing to be set back.
                libc::signal(signal, libc::SIG_DFL);
            }
            SigSet::empty().thread_set_mask()?;
            check(libc::dup2(self.input, 0))?;
            check(libc::dup2(self.output, 1))?;
            check(libc::dup2(self.output, 2))?;
            // Whoever has started us may have left more open. A kernel without this has no Landlock.
            let on_exec = libc::CLOSE_RANGE_CLOEXEC;
            libc::syscall(libc::SYS_close_range, libc::STDERR_FILENO + 1, u32::MAX, on_exec);
            if let Some(folder) = &self.folder {
                check(libc::chdir(folder.as_ptr()))?;
            }
            if let Some(cpus) = &self.cpus {
                sched_setaffinity(SELF, cpus)?;
            }
            self.confinement.impose()?;
            let environment = [ENVIRONMENT.as_ptr(), ptr::null()];
            libc::execve(self.program.as_ptr(), self.arguments.as_ptr(), environment.as_ptr());
        }
        Err(io::Error::last_os_error())
    }
}
