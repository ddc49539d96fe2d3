//! The templates of this process: tools that are loaded and wait, one of each.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::fs::File;
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use launcher::{Confinement, LONGEST, MOST_ARGUMENTS, Order, SOCKET};
use nix::sys::socket::{
    AddressFamily, ControlMessage, MsgFlags, SockFlag, SockType, recv, sendmsg, socketpair,
};

use crate::host::child::start::Started;
use crate::host::child::{end_with_parent, inherit, is_script, library, wait_readable};

/// From which run of a tool on it has a template: one that runs once is quicker without.
const WORTH_IT: usize = 2;

/// How long a template may take to make a process. It takes 0.1 ms; a machine under load takes
/// longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A tool of this process.
#[derive(Debug, Default)]
struct Tool {
    runs: usize,
    template: Option<Template>,
}

/// Has a template of the command's program make the process of one run. Nothing where there is
/// none: because the program has hardly run yet, or because it cannot be had, as of one that is
/// linked statically.
pub(super) fn start(
    command: &Command,
    output: BorrowedFd<'_>,
    confinement: &Confinement,
) -> io::Result<Option<Started>> {
    let program = Path::new(command.get_program());
    let tool = tool(program);
    let mut tool = tool.lock().unwrap_or_else(PoisonError::into_inner);
    tool.runs += 1;
    if tool.runs == WORTH_IT {
        tool.template = Template::start(program).ok();
    }
    let Some(template) = &tool.template else { return Ok(None) };
    let Some(order) = order(command, confinement) else { return Ok(None) };
    let folder = File::open(command.get_current_dir().unwrap_or(Path::new(".")))?;
    match template.make(&order, output, folder.as_fd(), confinement.files) {
        Ok(started) => Ok(Some(started)),
        Err(error) => {
            // It may have more to say, which nobody would know what to do with.
            tool.template = None;
            if error.kind() == io::ErrorKind::Interrupted { Err(error) } else { Ok(None) }
        }
    }
}

/// Ends the templates, and waits until they are gone.
pub(super) fn end() {
    TOOLS.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// The tools of this process, by their paths. Two of them can be at work at once, and one has one
/// run begun at a time.
static TOOLS: Mutex<BTreeMap<PathBuf, Arc<Mutex<Tool>>>> = Mutex::new(BTreeMap::new());

fn tool(program: &Path) -> Arc<Mutex<Tool>> {
    let mut tools = TOOLS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(tools.entry(program.to_owned()).or_default())
}

/// What a template is told of the command; nothing if that is more than it can take.
fn order(command: &Command, confinement: &Confinement) -> Option<Vec<u8>> {
    let arguments = std::iter::once(command.get_program()).chain(command.get_args());
    let arguments = arguments.map(|part| CString::new(part.as_bytes()));
    let arguments: Vec<CString> = arguments.collect::<Result<_, _>>().ok()?;
    let fits = arguments.len() <= MOST_ARGUMENTS;
    let order = Order { confinement: confinement.clone(), arguments };
    let bytes = serde_json::to_vec(&order).expect("an order is plain data");
    (fits && bytes.len() <= LONGEST).then_some(bytes)
}

/// A tool that is loaded and waits. It ends with its socket.
#[derive(Debug)]
struct Template {
    socket: Option<OwnedFd>,
    /// Told when it has ended and was waited for.
    ended: Receiver<()>,
}

impl Drop for Template {
    fn drop(&mut self) {
        self.socket = None;
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

impl Template {
    /// Starts it, and does not wait for it.
    fn start(program: &Path) -> io::Result<Self> {
        if is_script(program) {
            return Err(io::Error::from(io::ErrorKind::Unsupported));
        }
        let kind = SockType::SeqPacket;
        let (socket, theirs) = socketpair(AddressFamily::Unix, kind, None, SockFlag::SOCK_CLOEXEC)?;
        // By its number, because the loader splits what it is to preload at spaces and colons.
        let library = File::open(library("launcher").map_err(|_| io::ErrorKind::NotFound)?)?;
        let mut command = Command::new(program);
        command
            .args([""; MOST_ARGUMENTS - 1])
            .env_clear()
            .env("LC_ALL", "C")
            .env("LD_PRELOAD", format!("/proc/self/fd/{}", library.as_raw_fd()))
            // Once for all runs.
            .env("LD_BIND_NOW", "1")
            .env(SOCKET.to_str().expect("it is ASCII"), theirs.as_raw_fd().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        inherit(&mut command, library.as_fd());
        inherit(&mut command, theirs.as_fd());
        end_with_parent(&mut command);
        // Its runs are children of the thread that starts it, and would end with that.
        let (tell, told) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        thread::Builder::new().name("template".to_owned()).spawn(move || {
            let started = command.spawn();
            drop((library, theirs));
            match started {
                Ok(mut template) => {
                    let _ = tell.send(Ok(()));
                    let _ = template.wait();
                    let _ = end.send(());
                    loop {
                        thread::park();
                    }
                }
                Err(error) => tell.send(Err(error)),
            }
        })?;
        told.recv().map_err(io::Error::other)??;
        Ok(Self { socket: Some(socket), ended })
    }

    /// The process of one run.
    fn make(
        &self,
        order: &[u8],
        output: BorrowedFd<'_>,
        folder: BorrowedFd<'_>,
        ruleset: Option<RawFd>,
    ) -> io::Result<Started> {
        let socket = self.socket.as_ref().expect("it is there until the end");
        let mut descriptors = vec![output.as_raw_fd(), folder.as_raw_fd()];
        descriptors.extend(ruleset);
        sendmsg::<()>(
            socket.as_raw_fd(),
            &[IoSlice::new(order)],
            &[ControlMessage::ScmRights(&descriptors)],
            MsgFlags::MSG_NOSIGNAL,
            None,
        )?;
        if !wait_readable(socket.as_fd(), Instant::now() + PATIENCE)? {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let mut pid = [0; size_of::<i32>()];
        if recv(socket.as_raw_fd(), &mut pid, MsgFlags::empty())? != pid.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Started::new(i32::from_ne_bytes(pid))
    }
}
