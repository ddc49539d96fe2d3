//! The walls around nasm and ld, which read what a stranger wrote, and whether this system has
//! walls at all. The guest puts up its own.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use landlock::{AccessFs, BitFlags, PathBeneath, PathFd, RulesetCreated, RulesetCreatedAttr};
use object::elf::FileHeader64;
use seccompiler::{BackendError, BpfProgram, SeccompAction, SeccompCmpOp, SeccompRule};

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

/// Has the program confine itself before it starts. Its limits are the caller's to set.
pub fn confine(command: &mut Command, layers: Layers, view: View<'_>) -> Result<(), Missing> {
    if layers.has(Layer::Capabilities) {
        // SAFETY: the closure runs between fork and exec; it makes system calls only.
        unsafe { command.pre_exec(walls::drop_capabilities) };
    }
    if layers.has(Layer::Landlock) {
        let mut rules = Some(files(Path::new(command.get_program()), view)?);
        // SAFETY: the closure runs between fork and exec; what it makes are system calls.
        unsafe {
            command.pre_exec(move || {
                let rules = rules.take().ok_or(io::ErrorKind::Other)?;
                rules.restrict_self().map_err(|_| io::Error::from_raw_os_error(libc::ENOSYS))?;
                Ok(())
            });
        }
    }
    if layers.has(Layer::Seccomp) {
        let filter = allowances().map_err(|error| Missing::new(Layer::Seccomp, error))?;
        // SAFETY: the closure runs between fork and exec; what it makes are system calls. It is
        // the last, because the filter allows nothing that the others need.
        unsafe {
            command.pre_exec(move || {
                seccompiler::apply_filter(&filter)
                    .map_err(|_| io::Error::from_raw_os_error(libc::ENOSYS))
            });
        }
    }
    Ok(())
}

fn files(program: &Path, view: View<'_>) -> Result<RulesetCreated, Missing> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write =
        read | AccessFs::WriteFile | AccessFs::Truncate | AccessFs::MakeReg | AccessFs::RemoveFile;
    let mut grants: Vec<(PathBuf, BitFlags<AccessFs>)> = Vec::new();
    let run = AccessFs::Execute | AccessFs::ReadFile;
    grants.push((program.to_owned(), run));
    grants.extend(interpreter(program).map(|path| (path, run)));
    grants.extend(LIBRARIES.map(|path| (path.into(), read)));
    grants.extend(view.readable.iter().map(|path| ((*path).to_owned(), read)));
    grants.push((view.writable.to_owned(), write));

    let missing = |error: &dyn std::fmt::Display| Missing::new(Layer::Landlock, error);
    let mut rules = walls::ruleset()?;
    for (path, access) in grants {
        // Not every system has every folder of the list.
        let Ok(descriptor) = PathFd::new(&path) else { continue };
        let access =
            if path.is_dir() { access } else { access & AccessFs::from_file(walls::LANDLOCK) };
        rules = rules
            .add_rule(PathBeneath::new(descriptor, access))
            .map_err(|error| missing(&error))?;
    }
    Ok(rules)
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
