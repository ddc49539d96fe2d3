//! The walls around nasm and ld, which read what a stranger wrote, and whether this system has
//! walls at all. The guest puts up its own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use landlock::{
    AccessFs, BitFlags, PathBeneath, PathFd, RulesetCreated, RulesetCreatedAttr, RulesetError,
};
use launcher::{Confinement, Instruction};
use object::elf::FileHeader64;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpOp, SeccompRule, sock_filter,
};

use crate::model::isolation::{Layer, Layers, Missing};
use crate::walls::{self, half, only};

/// What one program may see of the file system, besides itself and the system's libraries.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Files below these folders can be read.
    pub readable: &'a [&'a Path],
    /// Files below this folder can be read, written, made and removed.
    pub writable: &'a Path,
}

/// Where programs find their libraries: the usual folders, and those of NixOS and Guix.
const LIBRARIES: [&str; 8] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/nix/store",
    "/gnu/store",
];

/// The first layer that this system lacks, or nothing where it has all of them.
pub fn missing(layers: Layers) -> Option<Missing> {
    if layers.has(Layer::Landlock)
        && let Err(missing) = walls::ruleset()
    {
        return Some(missing);
    }
    if layers.has(Layer::Seccomp) {
        let action: u32 = libc::SECCOMP_RET_TRAP;
        // SAFETY: the call reads one number.
        let answer = unsafe {
            let question = libc::SECCOMP_GET_ACTION_AVAIL;
            libc::syscall(libc::SYS_seccomp, question, 0, &raw const action)
        };
        if answer != 0 {
            return Some(Missing::new(Layer::Seccomp, io::Error::last_os_error()));
        }
    }
    None
}

/// The walls around one program, made and not yet put up.
#[derive(Debug)]
pub struct Walls {
    capabilities: bool,
    files: Option<OwnedFd>,
    calls: Option<&'static [Instruction]>,
}

impl Walls {
    /// Those layers around the program, which sees so much of the file system.
    pub fn new(program: &Path, layers: Layers, view: View<'_>) -> Result<Self, Missing> {
        let files = match layers.has(Layer::Landlock) {
            true => Option::from(files(program, view)?),
            false => None,
        };
        let calls = match layers.has(Layer::Seccomp) {
            true => Some(calls().map_err(|error| Missing::new(Layer::Seccomp, error))?),
            false => None,
        };
        Ok(Self { capabilities: layers.has(Layer::Capabilities), files, calls })
    }

    /// These walls, and limits, for a process as long as they are there.
    pub fn with(&self, limits: Confinement) -> Confinement {
        Confinement {
            capabilities: self.capabilities,
            files: self.files.as_ref().map(AsRawFd::as_raw_fd),
            calls: self.calls.map(Cow::Borrowed),
            ..limits
        }
    }
}

/// The filter of every tool.
fn calls() -> Result<&'static [Instruction], &'static BackendError> {
    static FILTER: LazyLock<Result<Vec<Instruction>, BackendError>> = LazyLock::new(|| {
        let same = |sock_filter { code, jt, jf, k }| Instruction { code, jt, jf, k };
        Ok(allowances()?.into_iter().map(same).collect())
    });
    FILTER.as_deref()
}

/// What a program may do with a file or a folder.
type Grant = (PathFd, BitFlags<AccessFs>);

fn files(program: &Path, view: View<'_>) -> Result<RulesetCreated, Missing> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write =
        read | AccessFs::WriteFile | AccessFs::Truncate | AccessFs::MakeReg | AccessFs::RemoveFile;
    let own = view.readable.iter().filter_map(|path| grant(path, read));
    let own: Vec<Grant> = own.chain(grant(view.writable, write)).collect();
    let missing = |error: &dyn std::fmt::Display| Missing::new(Layer::Landlock, error);
    walls::ruleset()?
        .add_rules(
            of_every_run(program)
                .iter()
                .chain(&own)
                .map(|(place, access)| Ok::<_, RulesetError>(PathBeneath::new(place, *access))),
        )
        .map_err(|error| missing(&error))
}

/// What a program needs whatever it is given: itself and the system's libraries. They are looked up
/// once.
fn of_every_run(program: &Path) -> Arc<Vec<Grant>> {
    static KNOWN: Mutex<BTreeMap<PathBuf, Arc<Vec<Grant>>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let looked_up = || {
        let run = AccessFs::Execute | AccessFs::ReadFile;
        let started = [Some(program.to_owned()), interpreter(program)];
        let started = started.iter().flatten().filter_map(|path| grant(path, run));
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let libraries = LIBRARIES.iter().filter_map(|path| grant(Path::new(path), read));
        Arc::new(started.chain(libraries).collect())
    };
    Arc::clone(known.entry(program.to_owned()).or_insert_with(looked_up))
}

/// Nothing for a path that this system does not have.
fn grant(path: &Path, access: BitFlags<AccessFs>) -> Option<Grant> {
    let descriptor = PathFd::new(path).ok()?;
    let of_files = AccessFs::from_file(walls::LANDLOCK);
    Some((descriptor, if path.is_dir() { access } else { access & of_files }))
}

/// The dynamic loader that a program names, `PT_INTERP` of its program headers; nothing for a
/// script.
fn interpreter(program: &Path) -> Option<PathBuf> {
    use object::read::elf::{FileHeader, ProgramHeader};
    // The headers and the name stand at the beginning, and the rest may be large.
    let mut bytes = Vec::new();
    File::open(program).ok()?.take(64 * 1024).read_to_end(&mut bytes).ok()?;
    let header = FileHeader64::<object::LittleEndian>::parse(&*bytes).ok()?;
    let endian = header.endian().ok()?;
    let mut headers = header.program_headers(endian, &*bytes).ok()?.iter();
    let path = headers.find_map(|header| header.interpreter(endian, &*bytes).ok().flatten())?;
    Some(PathBuf::from(String::from_utf8_lossy(path).into_owned()))
}

/// What assemblers and linkers ask of the kernel. Other calls fail as on a kernel that lacks
/// them, for which the C library is prepared.
const NEEDED: [i64; 72] = [
    libc::SYS_execve,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Files: which ones is Landlock's to say.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_creat,
    libc::SYS_close,
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
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_dup,
    libc::SYS_dup2,
    libc::SYS_dup3,
    libc::SYS_ftruncate,
    libc::SYS_truncate,
    libc::SYS_fallocate,
    libc::SYS_fadvise64,
    libc::SYS_unlink,
    libc::SYS_unlinkat,
    libc::SYS_umask,
    // ld makes what it has linked executable; only files below the writable folder can be opened.
    libc::SYS_chmod,
    libc::SYS_fchmod,
    // Memory, also executable: for libraries.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Signals to itself, waiting, the time.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_time,
    libc::SYS_times,
    // Starting up.
    libc::SYS_arch_prctl,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_getrandom,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getrusage,
    libc::SYS_sched_getaffinity,
];

fn allowances() -> Result<BpfProgram, BackendError> {
    let is = |argument, value| half(argument, SeccompCmpOp::Eq, value);
    let mut calls = walls::always(NEEDED);
    // Threads, which some linkers start, and no processes.
    let thread = libc::CLONE_THREAD as u64;
    calls.insert(libc::SYS_clone, only(vec![half(0, SeccompCmpOp::MaskedEq(thread), thread)?])?);
    calls.insert(libc::SYS_ioctl, only(vec![is(1, libc::TCGETS)?])?);
    // Its own limits, which it may read and lower.
    calls.insert(libc::SYS_prlimit64, only(vec![is(0, 0)?])?);
    let fcntl = [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_DUPFD_CLOEXEC];
    let fcntl = fcntl.map(|command| SeccompRule::new(vec![is(1, command as u64)?]));
    calls.insert(libc::SYS_fcntl, fcntl.into_iter().collect::<Result<_, _>>()?);
    walls::filter(calls, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS.unsigned_abs()))
}
