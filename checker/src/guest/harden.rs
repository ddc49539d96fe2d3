//! The walls around the learner's code: put up by the guest itself, and never taken down.
//!
//! What the loader needs to map the shared object stays open until that is done, so the walls go
//! up in two steps. Nothing of the object has run by then: the host refuses files with code that
//! runs at load time.

use std::io;
use std::path::Path;

use landlock::{AccessFs, PathBeneath, PathFd, RulesetCreatedAttr, RulesetStatus};
use nix::sys::resource::{Resource, setrlimit};
use seccompiler::{BackendError, BpfProgram, SeccompAction, SeccompCmpOp, SeccompRule};

use crate::guest::crash;
use crate::guest::serve::SOCKET;
use crate::model::isolation::{Layer, Layers, Missing};
use crate::walls::{self, half, only, whole};

/// What one guest may print, in bytes. CPython ignores SIGXFSZ, so that a write beyond it fails
/// with `EFBIG` and ends nobody.
const LONGEST_PRINT: u64 = 64 * 1024;

/// What one guest may map, in bytes. CPython with its libraries maps about 60 MB.
const LARGEST_MEMORY: u64 = 512 << 20;

/// What one guest may use of the CPU, in seconds. The checker's own deadlines are shorter: this
/// ends a guest whose checker is no more.
const LONGEST_CPU: u64 = 60;

/// How many descriptors may be open. The loader needs one besides the guest's own four.
const MOST_DESCRIPTORS: u64 = 8;

/// The first step: everything but seccomp. Of all files, those in `folder` can still be read.
pub(super) fn confine(layers: Layers, folder: &Path) -> Result<(), Missing> {
    let missing = |layer| move |error: io::Error| Missing::new(layer, error);
    if layers.has(Layer::Limits) {
        limit().map_err(missing(Layer::Limits))?;
    }
    if layers.has(Layer::Capabilities) {
        launcher::drop_capabilities().map_err(missing(Layer::Capabilities))?;
    }
    if layers.has(Layer::Landlock) {
        restrict_files(folder)?;
    }
    Ok(())
}

/// The second step: no system call but those that CPython needs to go on, and the socket for
/// nobody who does not know the key.
pub(super) fn seal(layers: Layers) -> Result<Key, Missing> {
    if !layers.has(Layer::Seccomp) {
        return Ok(Key::NONE);
    }
    let missing = |error: &dyn std::fmt::Display| Missing::new(Layer::Seccomp, error);
    let mut key = [0; 8];
    // SAFETY: getrandom writes as many bytes as it is told.
    if unsafe { libc::getrandom(key.as_mut_ptr().cast(), key.len(), 0) } != 8 {
        return Err(missing(&io::Error::last_os_error()));
    }
    let key = Key(u64::from_ne_bytes(key));
    // The one that traps forbids seccomp itself, so it is the last.
    for filter in [refusals(), allowances(key)] {
        let filter = filter.map_err(|error| missing(&error))?;
        seccompiler::apply_filter(&filter).map_err(|error| missing(&error))?;
    }
    Ok(key)
}

/// What a system call on the guest's socket has to bring along, in an argument that the kernel
/// does not look at: code that wants to answer in the guest's place has to find it first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key(u64);

impl Key {
    /// Without seccomp nobody looks at it.
    pub(super) const NONE: Self = Self(0);

    /// Sends a frame.
    pub(super) fn send(self, bytes: &[u8]) -> io::Result<()> {
        // SAFETY: sendto reads the bytes. Where there is no address, its length is ignored.
        let sent = unsafe {
            let nothing = std::ptr::null::<u8>();
            let flags = libc::MSG_NOSIGNAL;
            libc::syscall(
                libc::SYS_sendto,
                SOCKET,
                bytes.as_ptr(),
                bytes.len(),
                flags,
                nothing,
                self.0,
            )
        };
        if sent < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Waits for a frame, and gives its length.
    pub(super) fn receive(self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            // SAFETY: recvfrom writes into the bytes. Where no address is wanted, the pointer to
            // its length is ignored.
            let received = unsafe {
                let nothing = std::ptr::null_mut::<u8>();
                libc::syscall(
                    libc::SYS_recvfrom,
                    SOCKET,
                    bytes.as_mut_ptr(),
                    bytes.len(),
                    0,
                    nothing,
                    self.0,
                )
            };
            match usize::try_from(received) {
                Ok(length) => return Ok(length),
                Err(_) => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
            }
        }
    }
}

fn limit() -> io::Result<()> {
    let limits = [
        (Resource::RLIMIT_FSIZE, LONGEST_PRINT),
        (Resource::RLIMIT_AS, LARGEST_MEMORY),
        (Resource::RLIMIT_CPU, LONGEST_CPU),
        (Resource::RLIMIT_NOFILE, MOST_DESCRIPTORS),
        // Not for root, whom the kernel counts and does not stop.
        (Resource::RLIMIT_NPROC, 0),
        (Resource::RLIMIT_MEMLOCK, 0),
        (Resource::RLIMIT_MSGQUEUE, 0),
        (Resource::RLIMIT_CORE, 0),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, limit, limit)?;
    }
    Ok(())
}

fn restrict_files(folder: &Path) -> Result<(), Missing> {
    let missing = |error: &dyn std::fmt::Display| Missing::new(Layer::Landlock, error);
    let folder = PathFd::new(folder).map_err(|error| missing(&error))?;
    let restricted = walls::ruleset()?
        .add_rule(PathBeneath::new(folder, AccessFs::ReadFile))
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(|error| missing(&error))?;
    match restricted.ruleset {
        RulesetStatus::NotEnforced => Err(missing(&"this kernel has none")),
        RulesetStatus::PartiallyEnforced | RulesetStatus::FullyEnforced => Ok(()),
    }
}

/// What is refused with an error: a statement that imports a module which is not there yet
/// raises ModuleNotFoundError, as on a machine that does not have it.
fn refusals() -> Result<BpfProgram, BackendError> {
    let refused = SeccompAction::Errno(libc::EACCES.unsigned_abs());
    walls::filter(walls::always(LOOKS_AT_FILES), refused, SeccompAction::Allow)
}

const LOOKS_AT_FILES: [i64; 14] = [
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_access,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlink,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
];

/// What is allowed, whoever asks for it.
const HARMLESS: [i64; 36] = [
    // Memory of the process's own.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Waiting, and the time.
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_time,
    libc::SYS_times,
    libc::SYS_select,
    libc::SYS_pselect6,
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_pause,
    libc::SYS_restart_syscall,
    // Signals to itself.
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // Who and where it is.
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getcpu,
    libc::SYS_getrusage,
    libc::SYS_uname,
    libc::SYS_getrandom,
    // The end.
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// What is allowed. Anything else is trapped, and the handler of last words says where.
fn allowances(key: Key) -> Result<BpfProgram, BackendError> {
    const PR_SET_VMA: u64 = 0x5356_4d41;
    let own = u64::from(std::process::id());
    let is = |argument, value| half(argument, SeccompCmpOp::Eq, value);
    let not_executable = || {
        let executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
        only(vec![half(2, executable, 0)?])
    };
    let standard = || only(vec![half(0, SeccompCmpOp::Le, libc::STDERR_FILENO as u64)?]);
    let socket = || only(vec![is(0, SOCKET as u64)?, whole(4, 0)?, whole(5, key.0)?]);

    let mut calls = walls::always(HARMLESS.into_iter().chain(LOOKS_AT_FILES));
    for call in [libc::SYS_read, libc::SYS_write, libc::SYS_writev, libc::SYS_lseek] {
        calls.insert(call, standard()?);
    }
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        calls.insert(call, not_executable()?);
    }
    for call in [libc::SYS_sendto, libc::SYS_recvfrom] {
        calls.insert(call, socket()?);
    }
    // The guard looks at memory that may not be there by way of the kernel.
    for call in [libc::SYS_process_vm_readv, libc::SYS_process_vm_writev, libc::SYS_tgkill] {
        calls.insert(call, only(vec![is(0, own)?])?);
    }
    // Nobody takes the last words away: a trap that a module could catch would be no trap.
    let other = crash::FATAL.map(|signal| half(0, SeccompCmpOp::Ne, signal.unsigned_abs().into()));
    calls.insert(libc::SYS_rt_sigaction, only(other.into_iter().collect::<Result<_, _>>()?)?);
    // isatty(), and what a file was opened for.
    calls.insert(libc::SYS_ioctl, only(vec![is(1, libc::TCGETS)?])?);
    calls.insert(libc::SYS_fcntl, only(vec![is(1, libc::F_GETFL as u64)?])?);
    // CPython 3.15 and glibc give names to memory, and from 3.14 on CPython's last message has its
    // thread's name.
    let names = [PR_SET_VMA, libc::PR_GET_NAME.unsigned_abs().into()];
    let names = names.map(|name| SeccompRule::new(vec![is(0, name)?]));
    calls.insert(libc::SYS_prctl, names.into_iter().collect::<Result<_, _>>()?);
    walls::filter(calls, SeccompAction::Allow, SeccompAction::Trap)
}
