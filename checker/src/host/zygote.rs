//! A warmed CPython that has never seen learner code and makes one guest per job.
//!
//! The zygote clones with `CLONE_PARENT`, so a guest is the child of the thread that started the
//! zygote: that thread must live as long as the zygote.

use std::fs::File;
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::socket::{
    AddressFamily, ControlMessage, MsgFlags, SockFlag, SockType, sendmsg, socketpair,
};
use nix::unistd::Pid;

use crate::host::child;
use crate::host::one_cpu::OneCpu;
use crate::host::worker::Guest;
use crate::model::evidence::Page;
use crate::model::isolation::Layers;
use crate::model::protocol::Hello;

/// A CPython that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The library that Python loads is not beside the binary.
    #[error("{0} is missing; build it again with `cargo build -p checker`")]
    NoLibrary(PathBuf),
    /// It could not be started.
    #[error("{path} cannot be started: {source}")]
    Io {
        /// The interpreter.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It started and said something else than hello.
    #[error("{path} cannot be used: {why}")]
    Refused {
        /// The interpreter.
        path: PathBuf,
        /// In its own words.
        why: String,
    },
}

/// The running zygote of one interpreter.
#[derive(Debug)]
pub struct Zygote {
    python: PathBuf,
    preload: Vec<String>,
    layout: Layout,
    child: Child,
    control: OwnedFd,
    errors: File,
    hello: Option<Hello>,
    layers: Layers,
}

/// Where the kernel puts what a process maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Somewhere else in each run.
    Random,
    /// In the same place in each run, if the system allows that: recordings are alike then.
    Fixed,
}

/// The longest thing that a zygote says, in bytes: its version and its path.
const LONGEST_HELLO: usize = 8 * 1024;

/// How long a CPython may take to start. It takes 10 ms; a machine under load takes longer.
const START: Duration = Duration::from_secs(20);

/// What the zygote runs. It is read by whatever `--python` names, so its first half is Python
/// 2 and 3 alike.
const BOOT: &str = r#"
import sys
if not getattr(sys.flags, "isolated", 1):
    del sys.path[0]
def refuse(why):
    sys.stderr.write(why)
    sys.exit(3)
version = "%d.%d.%d" % sys.version_info[:3]
name = getattr(getattr(sys, "implementation", None), "name", "cpython")
if name != "cpython":
    refuse("it is %s, and the exercises are modules for CPython" % name)
if sys.version_info < (3, 9):
    refuse("it is Python %s, and the exercises need 3.9 or newer" % version)
if sys.maxsize < 2 ** 32:
    refuse("it is a 32-bit Python, and the exercises are 64-bit modules")
import posix
if posix.uname().machine != "x86_64":
    refuse("it runs on %s, and the exercises are for x86-64" % posix.uname().machine)
if hasattr(sys, "_is_gil_enabled") and "t" in getattr(sys, "abiflags", ""):
    refuse("it is a free-threaded Python, which lays out modules in another way")
import _frozen_importlib, _frozen_importlib_external, _imp, warnings
if sys.version_info < (3, 11):
    import os # which guests can import by themselves once it is frozen
library, control = sys.argv[1], int(sys.argv[2])
# Modules ask to be called in each guest, to seed random numbers that no session uses.
posix.register_at_fork = lambda **when: None
for module in sys.argv[3:]:
    try:
        __import__(module)
    except ImportError:
        pass
loader = _frozen_importlib_external.ExtensionFileLoader("checker", library)
spec = _frozen_importlib.ModuleSpec("checker", loader, origin=library)
checker = _imp.create_dynamic(spec)
_imp.exec_dynamic(checker)
checker.zygote(control, version, sys.executable)
"#;

impl Zygote {
    /// Starts an interpreter, which imports the modules named in `preload` if it has them, and
    /// does not wait for it. Its guests get these layers of the sandbox.
    pub fn start(python: &Path, preload: &[String], layers: Layers) -> Result<Self, NotReady> {
        Self::start_in(python, preload, layers, Layout::Random)
    }

    /// The same, with the layout of its memory chosen.
    pub fn start_in(
        python: &Path,
        preload: &[String],
        layers: Layers,
        layout: Layout,
    ) -> Result<Self, NotReady> {
        let failed = |source| NotReady::Io { path: python.to_owned(), source };
        let library = child::library("checker").map_err(NotReady::NoLibrary)?;
        let (control, theirs) = socket_pair().map_err(failed)?;
        let errors = child::memory_file("python-errors").map_err(failed)?;
        // Isolated, Python does not read PYTHONHASHSEED, and has a seed of its own in each run;
        // what else isolation keeps out is not there, or is taken out by BOOT.
        let isolation = if layout == Layout::Fixed { "-s" } else { "-I" };
        let mut command = Command::new(python);
        command
            .args([isolation, "-S", "-u", "-X", "dev", "-c", BOOT])
            .arg(&library)
            // As many digits in each run: a fixed layout depends on the arguments' length.
            .arg(format!("{:08}", theirs.as_raw_fd()))
            .args(preload)
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            // A freed block counts as freed at once: mallinfo2(3) counts what malloc keeps for
            // the same thread as given out.
            .env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0")
            // Functions of libraries are looked up once for all guests, and not by each.
            .env("LD_BIND_NOW", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors.try_clone().map_err(failed)?);
        child::inherit(&mut command, theirs.as_fd());
        child::end_with_parent(&mut command);
        if layout == Layout::Fixed {
            command.env("PYTHONHASHSEED", "0");
            child::fix_layout(&mut command);
        }
        let child = command.spawn().map_err(failed)?;
        let (python, preload) = (python.to_owned(), preload.to_owned());
        Ok(Self { python, preload, layout, child, control, errors, hello: None, layers })
    }

    /// What the interpreter says of itself; waits until it is ready.
    pub fn hello(&mut self) -> Result<&Hello, NotReady> {
        if self.hello.is_none() {
            self.hello = Some(self.wait_for_hello()?);
        }
        Ok(self.hello.as_ref().expect("it was set a line above"))
    }

    fn wait_for_hello(&mut self) -> Result<Hello, NotReady> {
        let failed = |source| NotReady::Io { path: self.python.clone(), source };
        if child::wait_readable(self.control.as_fd(), Instant::now() + START).map_err(failed)? {
            let frame = receive(&self.control).map_err(failed)?;
            if let Ok(hello) = serde_json::from_slice(&frame) {
                return Ok(hello);
            }
        }
        let said = child::read_capped(&self.errors, 4096).map_err(failed)?;
        let why = match said.trim() {
            "" => "it ended without a word".to_owned(),
            text => text.lines().last().unwrap_or_default().to_owned(),
        };
        Err(NotReady::Refused { path: self.python.clone(), why })
    }

    /// The layers of the sandbox that its guests get.
    pub fn layers(&self) -> Layers {
        self.layers
    }

    /// The interpreter's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A fresh guest, a child of this process. An interpreter that makes none any more, because
    /// somebody ended or stopped it, is replaced by a new one.
    pub fn guest(&mut self) -> Result<Guest, NotReady> {
        self.hello()?;
        match self.make_guest() {
            Err(NotReady::Io { source, .. }) if source.kind() != io::ErrorKind::Interrupted => {
                *self = Self::start_in(&self.python, &self.preload, self.layers, self.layout)?;
                self.hello()?;
                self.make_guest()
            }
            made => made,
        }
    }

    fn make_guest(&mut self) -> Result<Guest, NotReady> {
        let failed = |source| NotReady::Io { path: self.python.clone(), source };
        // A guest is where the zygote is, and nobody has to move it: the zygote is asleep now.
        let turns = OneCpu::hold(Pid::from_raw(self.pid().cast_signed()));
        let (socket, theirs) = socket_pair().map_err(failed)?;
        let printed = child::memory_file("printed").map_err(failed)?;
        let evidence = child::memory_file("evidence").map_err(failed)?;
        evidence.set_len(Page::BYTES as u64).map_err(failed)?;
        let descriptors = [theirs.as_raw_fd(), printed.as_raw_fd(), evidence.as_raw_fd()];
        let order = serde_json::to_vec(&self.layers).expect("a set of layers is plain data");
        let sent = sendmsg::<()>(
            self.control.as_raw_fd(),
            &[IoSlice::new(&order)],
            &[ControlMessage::ScmRights(&descriptors)],
            MsgFlags::MSG_NOSIGNAL,
            None,
        );
        sent.map_err(|error| failed(error.into()))?;
        drop(theirs);
        if !child::wait_readable(self.control.as_fd(), Instant::now() + START).map_err(failed)? {
            return Err(failed(io::Error::from(io::ErrorKind::TimedOut)));
        }
        let frame = receive(&self.control).map_err(failed)?;
        let pid: i32 = serde_json::from_slice(&frame).map_err(|error| failed(error.into()))?;
        Guest::new(Pid::from_raw(pid), socket, printed, evidence, turns).map_err(failed)
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        // Its socket closes with us; it is ended all the same, in case it does not listen.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One frame from the zygote; empty at its end.
fn receive(socket: &OwnedFd) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; LONGEST_HELLO];
    let length = nix::sys::socket::recv(socket.as_raw_fd(), &mut frame, MsgFlags::empty())?;
    frame.truncate(length);
    Ok(frame)
}

fn socket_pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)?)
}
