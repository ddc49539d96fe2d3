//! Throw-away surroundings: namespaces in which a program can do all the harm it likes, and
//! nobody is there whom it could harm.
//!
//! For the sandbox's own tests only. The sandbox itself needs no namespaces.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sched::{CloneFlags, unshare};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getegid, geteuid, mkfifo};

/// The text that no attack may learn.
pub const SECRET: &str = "kept-from-students-4711";

/// The port on which something listens, for TCP and for UDP.
pub const PORT: u16 = 7007;

const CANARY: &str = "alive and well\n";

/// Makes the files that attacks reach for: `secret`, `canary`, `canary.sh`, `pipe`, and a neighbor's
/// answer in assembly and in Python.
pub fn furnish(folder: &Path) -> io::Result<()> {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text);
    write("secret", &format!("{SECRET}\n"))?;
    write("canary", CANARY)?;
    write("canary.sh", "#!/bin/sh\n: > executed\n")?;
    write("neighbor.asm", &format!("    section .rodata\n    db \"{SECRET}\"\n"))?;
    write("neighbor.py", &format!("answer = '{SECRET}'\n"))?;
    fs::set_permissions(folder.join("canary.sh"), fs::Permissions::from_mode(0o755))?;
    fs::set_permissions(folder.join("canary"), fs::Permissions::from_mode(0o644))?;
    mkfifo(&folder.join("pipe"), Mode::S_IRUSR | Mode::S_IWUSR)?;
    Ok(())
}

/// Whether the canary is what [`furnish`] made: its bytes, its permissions, its date.
pub fn canary_lives(folder: &Path) -> bool {
    let canary = folder.join("canary");
    let same = |metadata: fs::Metadata| {
        let age = metadata.modified().ok().and_then(|then| then.elapsed().ok());
        metadata.mode() & 0o7777 == 0o644 && age.is_some_and(|age| age.as_secs() < 3600)
    };
    fs::symlink_metadata(&canary).is_ok_and(same)
        && fs::read(&canary).is_ok_and(|bytes| bytes == CANARY.as_bytes())
}

/// Listens on [`PORT`], and on two sockets of the machine's: one by the abstract name `attack`,
/// one by the file `service` in the current folder.
pub fn listen() -> io::Result<Listeners> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::SocketAddr;
    let address = (std::net::Ipv4Addr::LOCALHOST, PORT);
    Ok(Listeners {
        _kept: (
            std::net::TcpListener::bind(address)?,
            std::net::UdpSocket::bind(address)?,
            UnixListener::bind_addr(&SocketAddr::from_abstract_name("attack")?)?,
            UnixListener::bind("service")?,
        ),
    })
}

/// They listen as long as this lives.
#[derive(Debug)]
pub struct Listeners {
    _kept: (std::net::TcpListener, std::net::UdpSocket, UnixListener, UnixListener),
}

/// Goes into namespaces of users, mounts, networks, System V objects and host names. What this
/// process starts next is the first process of a namespace of processes.
///
/// # Errors
///
/// Many containers, and some distributions for ordinary users, refuse it.
pub fn enter() -> io::Result<()> {
    let (user, group) = (geteuid(), getegid());
    unshare(
        CloneFlags::CLONE_NEWUSER
            | CloneFlags::CLONE_NEWPID
            | CloneFlags::CLONE_NEWNS
            | CloneFlags::CLONE_NEWNET
            | CloneFlags::CLONE_NEWIPC
            | CloneFlags::CLONE_NEWUTS,
    )?;
    // user_namespaces(7): one line, mapping this user to itself, may be written by everybody.
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
    raise_loopback()
}

/// Has the program start as the first of its namespace of processes, with a `/proc` and a
/// `/dev/shm` of its own.
pub fn be_first(command: &mut Command) {
    // SAFETY: the closure runs between fork and exec; mount is a system call.
    unsafe {
        command.pre_exec(|| {
            let mount = |kind: Option<&std::ffi::CStr>, at: &std::ffi::CStr, flags| {
                let kind = kind.map_or(std::ptr::null(), std::ffi::CStr::as_ptr);
                // SAFETY: the texts end in zero, and there is no data.
                match libc::mount(kind, at.as_ptr(), kind, flags, std::ptr::null()) {
                    0 => Ok(()),
                    _ => Err(io::Error::last_os_error()),
                }
            };
            mount(None, c"/", libc::MS_REC | libc::MS_PRIVATE)?;
            mount(Some(c"proc"), c"/proc", 0)?;
            // Where there is none, nothing can be left in it.
            let _ = mount(Some(c"tmpfs"), c"/dev/shm", 0);
            Ok(())
        });
    }
}

fn raise_loopback() -> io::Result<()> {
    let socket = nix::sys::socket::socket(
        nix::sys::socket::AddressFamily::Inet,
        nix::sys::socket::SockType::Datagram,
        nix::sys::socket::SockFlag::SOCK_CLOEXEC,
        None,
    )?;
    // SAFETY: an ifreq of zeros is one with an empty name.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (place, byte) in request.ifr_name.iter_mut().zip(b"lo") {
        *place = byte.cast_signed();
    }
    request.ifr_ifru.ifru_flags = i16::try_from(libc::IFF_UP).expect("a flag of 1");
    use std::os::fd::AsRawFd;
    // SAFETY: SIOCSIFFLAGS reads one ifreq.
    match unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// What became of a process that was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It exited by itself.
    Exited,
    /// A signal ended it.
    Killed,
    /// A signal stopped it; it was ended then.
    Stopped,
}

/// Has processes whose parents end become children of this one.
pub fn adopt() -> io::Result<()> {
    Ok(nix::sys::prctl::set_child_subreaper(true)?)
}

/// Waits for a child, and ends it if it stands still.
pub fn await_fate(child: Pid) -> io::Result<Fate> {
    loop {
        match waitpid(child, Some(WaitPidFlag::WUNTRACED | WaitPidFlag::__WALL)) {
            Ok(WaitStatus::Exited(..)) => return Ok(Fate::Exited),
            Ok(WaitStatus::Signaled(..)) => return Ok(Fate::Killed),
            Ok(WaitStatus::Stopped(..)) => {
                kill(child, Signal::SIGKILL)?;
                waitpid(child, Some(WaitPidFlag::__WALL))?;
                return Ok(Fate::Stopped);
            }
            Ok(_) | Err(nix::Error::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether processes are left below this one, of those that do not end by themselves in a moment.
/// They are ended.
pub fn end_leftovers() -> io::Result<bool> {
    /// Guests end with the thread that started their zygote; the kernel takes a moment for it.
    const MOMENT: Duration = Duration::from_millis(150);
    let deadline = Instant::now() + MOMENT;
    let mut left = false;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG | WaitPidFlag::__WALL)) {
            Err(nix::Error::ECHILD) => return Ok(left),
            Ok(WaitStatus::StillAlive) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Ok(WaitStatus::StillAlive) => {
                left = true;
                for pid in children()? {
                    let _ = kill(pid, Signal::SIGKILL);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(_) | Err(nix::Error::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn children() -> io::Result<Vec<Pid>> {
    let own = std::process::id();
    let mut children = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok())
        else {
            continue;
        };
        // proc_pid_stat(5): behind the name in parentheses come the state and the parent.
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
        if behind.split_whitespace().nth(1).and_then(|parent| parent.parse().ok()) == Some(own) {
            children.push(Pid::from_raw(pid));
        }
    }
    Ok(children)
}

/// What lies in the folder besides what [`furnish`] and [`listen`] put there.
pub fn appeared(folder: &Path) -> io::Result<Vec<String>> {
    const KNOWN: [&str; 8] = [
        "secret",
        "canary",
        "canary.sh",
        "pipe",
        "neighbor.asm",
        "neighbor.py",
        "service",
        "build",
    ];
    let names = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    Ok(names.into_iter().filter(|name| !KNOWN.contains(&name.as_str())).collect())
}
