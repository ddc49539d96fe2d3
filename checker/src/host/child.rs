//! One child process at a time: limits, a deadline, its output up to a cap, and no orphan.

mod start;
mod template;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use launcher::Confinement;
use nix::poll::{PollFd, PollFlags, PollTimeout};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;

use crate::host::interrupt;

/// What a tool may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wall clock until it is killed.
    pub wall: Duration,
    /// Whole seconds of the CPU's time until it is killed. On a busy machine that comes later.
    pub cpu: Duration,
    /// Address space, in bytes.
    pub memory: u64,
    /// The largest file that it may write, in bytes.
    pub file: u64,
}

impl Limits {
    /// The limits of time and no others.
    pub fn of_time(self) -> Self {
        Self { memory: libc::RLIM_INFINITY, file: libc::RLIM_INFINITY, ..self }
    }

    /// These alone.
    pub fn alone(self) -> Confinement {
        let Self { cpu, memory, file, .. } = self;
        let limits = launcher::Limits { cpu: cpu.as_secs(), memory, file };
        Confinement { limits, capabilities: false, files: None, calls: None }
    }
}

/// How a tool ended.
#[derive(Debug)]
pub struct Run {
    /// Its exit status; a tool past its deadline was ended by SIGKILL.
    pub status: ExitStatus,
    /// Whether the deadline ended it.
    pub timed_out: bool,
    /// Its standard output and error together, at most [`LONGEST_OUTPUT`] bytes.
    pub output: String,
}

/// How much of a tool's output is kept, in bytes.
pub const LONGEST_OUTPUT: u64 = 256 * 1024;

/// Runs a confined program in the command's folder with its arguments, with no input and a cleared
/// environment, and waits for its end, or ends it when that time on the wall is over.
///
/// # Errors
///
/// Whatever starting it gives (`NotFound` where the program is missing), and `Interrupted` in an
/// `io::Error` of kind `Interrupted` after Ctrl-C.
pub fn run(command: &Command, wall: Duration, confinement: &Confinement) -> io::Result<Run> {
    let output = memory_file("output")?;
    let child = match template::start(command, output.as_fd(), confinement)? {
        Some(child) => child,
        None => start::start(command, output.as_fd(), confinement)?,
    };
    let ended = wait_readable(child.pidfd.as_fd(), Instant::now() + wall);
    if !matches!(ended, Ok(true)) {
        child.kill();
    }
    let status = child.wait()?;
    let timed_out = !ended?;
    let output = read_capped(&output, LONGEST_OUTPUT)?;
    if status.code() == Some(launcher::NOT_CONFINED) {
        return Err(io::Error::other(output));
    }
    Ok(Run { status, timed_out, output })
}

/// Ends what is kept loaded for more runs.
pub fn tidy_up() {
    template::end();
}

/// A library of the build that the running binary is of, or where it should be.
pub fn library(name: &str) -> Result<PathBuf, PathBuf> {
    let binary = std::env::current_exe().unwrap_or_default();
    let folder = binary.parent().unwrap_or(Path::new("."));
    // Cargo makes it in `deps`, where test binaries lie too, and `cargo test` leaves no copy
    // beside the binary, or an old one.
    let file = format!("lib{name}.so");
    let [first, second] = [folder.join("deps").join(&file), folder.join(&file)];
    [first, second.clone()].into_iter().find(|path| path.is_file()).ok_or(second)
}

/// A file that lives in memory only and is closed on exec.
pub fn memory_file(name: &str) -> io::Result<File> {
    Ok(File::from(memfd_create(name, MFdFlags::MFD_CLOEXEC)?))
}

/// The file's first bytes as text, from its start; what is not UTF-8 becomes U+FFFD.
pub fn read_capped(mut file: &File, cap: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.take(cap).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Waits until the descriptor is readable: true, or false at the deadline.
pub fn wait_readable(fd: BorrowedFd<'_>, deadline: Instant) -> io::Result<bool> {
    loop {
        interrupt::check().map_err(|stop| io::Error::new(io::ErrorKind::Interrupted, stop))?;
        let left = deadline.saturating_duration_since(Instant::now());
        // Rounded up, so that the last millisecond does not spin.
        let timeout = u32::try_from(left.as_millis() + 1).unwrap_or(u32::MAX);
        let timeout = PollTimeout::try_from(timeout).unwrap_or(PollTimeout::MAX);
        match nix::poll::poll(&mut [PollFd::new(fd, PollFlags::POLLIN)], timeout) {
            Ok(0) if Instant::now() >= deadline => return Ok(false),
            // Whoever has handled the signal may have left a number of its own.
            Ok(0) | Err(nix::Error::EINTR | nix::Error::EAGAIN) => {}
            Ok(_) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
    }
}

/// A descriptor that becomes readable when the process ends.
pub fn pidfd_open(pid: u32) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_open takes two integers and touches no memory.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    let fd = i32::try_from(fd).expect("a descriptor fits an int");
    // SAFETY: the kernel made this descriptor for us alone.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Has the kernel end the program when the thread that started it ends.
pub fn end_with_parent(command: &mut Command) {
    // SAFETY: the closure runs between fork and exec; prctl is a system call.
    unsafe {
        command.pre_exec(|| {
            set_pdeathsig(Signal::SIGKILL)?;
            Ok(())
        });
    }
}

/// Has the kernel lay out the program's memory alike in each run, where that may be asked for:
/// some containers refuse it.
pub fn fix_layout(command: &mut Command) {
    // SAFETY: the closure runs between fork and exec; personality is a system call.
    unsafe {
        command.pre_exec(|| {
            let _ = nix::sys::personality::get().and_then(|now| {
                nix::sys::personality::set(now | nix::sys::personality::Persona::ADDR_NO_RANDOMIZE)
            });
            Ok(())
        });
    }
}

/// Lets the descriptor stay open across exec, under its own number.
pub fn inherit(command: &mut Command, fd: BorrowedFd<'_>) {
    let fd = fd.as_raw_fd();
    // SAFETY: the closure runs between fork and exec; fcntl is a system call.
    unsafe {
        command.pre_exec(move || match libc::fcntl(fd, libc::F_SETFD, 0) {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        });
    }
}

/// The program's path: the first executable file of that name in the folders of `PATH`. One that
/// was found is not looked for again.
pub fn find_program(name: &str) -> Option<PathBuf> {
    static FOUND: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(path) = found.get(name) {
        return Some(path.clone());
    }
    let folders = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&folders).map(|folder| folder.join(name));
    let path = places.find(|file| is_program(file))?;
    found.insert(name.to_owned(), path.clone());
    Some(path)
}

/// Whether the path is an executable file.
pub fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.mode() & 0o111 != 0)
}

/// Whether the file is a script, which starts other programs.
pub fn is_script(path: &Path) -> bool {
    let mut start = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *b"#!"
}
