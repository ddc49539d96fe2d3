//! The tracer: `ptrace` on a guest while it runs one request, and the recording of what the
//! learner's code did. CPython's own code runs at full speed and is not looked at.
//!
//! Works from the thread that started the guest's zygote, whose child the guest is.

mod ahead;
mod calls;
mod decode;
mod doors;
mod objects;
mod process;
mod python;
mod recorder;
mod session;
mod steps;
mod symbols;
mod target;
mod watch;
mod ways;

use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use nix::errno::Errno;
use nix::sys::signal::Signal;

use crate::host::image::SharedFacts;
use crate::host::interrupt;
use crate::host::tracer::process::{Process, Stop};
use crate::host::tracer::recorder::About;
use crate::host::tracer::session::{Over, Session};
use crate::host::tracer::target::Target;
use crate::host::tracer::watch::{Seen, WAKE, Watch};
use crate::host::worker::{Ended, Guest};
use crate::model::protocol::{Reply, Request};
use crate::model::trace::Recording;

pub use recorder::Bounds;
pub use target::Glue;

/// The module that is to be traced.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its shared object.
    pub shared: &'a Path,
    /// What that says of itself.
    pub facts: &'a SharedFacts,
    /// The learner's file as nasm was given it: `ex05c.asm`.
    pub file: &'a str,
    /// The CPython's version, `3.12.1`.
    pub python: &'a str,
    /// Whether the steps of `workbook.inc` are wanted too.
    pub glue: Glue,
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum NotTraced {
    /// The kernel, a container or Yama says no. Nothing has been asked of the guest.
    #[error("this system does not let the checker trace its own child ({0})")]
    Refused(Errno),
    /// Something else failed. The guest may be gone.
    #[error("the tracer failed: {0}")]
    Io(#[from] io::Error),
}

impl NotTraced {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Refused(_) => {
                "in a container, start it with `--cap-add=SYS_PTRACE`; on a machine with Yama, \
                 `/proc/sys/kernel/yama/ptrace_scope` must be 0 or 1"
            }
            Self::Io(_) => "try it again; if it fails again, please report it",
        }
    }
}

impl From<Errno> for NotTraced {
    fn from(error: Errno) -> Self {
        Self::Io(error.into())
    }
}

/// Whether this machine lets the checker trace a guest: tried on one.
pub fn is_allowed(guest: &Guest) -> Result<(), NotTraced> {
    let process = Process::seize(guest.pid()).map_err(NotTraced::Refused)?;
    Ok(process.detach()?)
}

/// Sends the request to the guest and records what the learner's code does until the reply, or
/// until the end of the guest or of the bounds. After an `Err(Ended)` the guest is gone.
///
/// # Errors
///
/// [`NotTraced::Refused`] before anything was asked: the guest can be asked as usual then.
pub fn record(
    guest: &mut Guest,
    request: &Request,
    subject: &Subject<'_>,
    bounds: Bounds,
) -> Result<(Recording, Result<Reply, Ended>), NotTraced> {
    let bytes = fs::read(subject.shared)?;
    let unreadable = |error: object::Error| io::Error::other(error.to_string());
    let mut target = Target::read(&bytes, subject.facts, subject.glue).map_err(unreadable)?;
    if target.is_empty() || matches!(request, Request::Import { .. }) && !target.has_init() {
        // Everything that runs belongs to the glue.
        target = Target::read(&bytes, subject.facts, Glue::Stepped).map_err(unreadable)?;
    }
    let process = Process::seize(guest.pid()).map_err(NotTraced::Refused)?;
    let mut numbers = subject.python.split('.');
    let minor = numbers.nth(1).and_then(|minor| minor.parse().ok()).unwrap_or(0);
    let mut session = Session::new(process, &target, subject.file, minor, bounds);
    if !session.find_image() {
        session.await_loading();
    }
    let title = match request {
        Request::Import { module, .. } => format!("import {module}"),
        Request::Ask { source } => source.clone(),
        _ => String::new(),
    };
    let number = guest.send(request)?;
    let deadline = Instant::now() + bounds.wall;
    let (watch, done) = Watch::new()?;
    let over = std::thread::scope(|scope| {
        let (pidfd, socket) = (guest.pidfd(), guest.socket());
        let watch = &watch;
        scope.spawn(move || watch.run(pidfd, socket, deadline));
        let over = session.run(watch).and_then(|over| {
            if let Over::Crash(signal) = over {
                // The recording is complete; the guest's own handler has the last word.
                return Ok((over, let_go(&mut session.process, signal, watch)?));
            }
            Ok((over, over))
        });
        drop(done);
        over
    });
    let (over, last) = match over {
        Ok(over) => over,
        Err(error) => return Err(NotTraced::Io(error.into())),
    };
    let recording = finish(&mut session, title, subject, over);
    let Session { process, .. } = session;
    if last == Over::Threads {
        process.detach_new_thread();
    }
    let gone = process.gone();
    process.detach()?;
    let reply = match (gone, last) {
        (Some(status), _) => Err(guest.reaped(status)),
        (None, Over::Seen(Seen::Interrupted)) => {
            interrupt::check().map_err(|stop| io::Error::new(io::ErrorKind::Interrupted, stop))?;
            Err(guest.stop_and_locate()?)
        }
        (None, Over::Seen(Seen::Reply) | Over::Threads) => guest.receive(number, deadline)?,
        (None, _) => Err(guest.stop_and_locate()?),
    };
    Ok((recording, reply))
}

/// Delivers the signal, and whatever follows from it, until the guest is gone or replies.
fn let_go(process: &mut Process, signal: Signal, watch: &Watch) -> nix::Result<Over> {
    process.remove_all_breakpoints();
    let mut signal = Some(signal);
    while watch.seen() == Seen::Nothing {
        signal = match process.run(signal)? {
            Stop::Gone(status) => return Ok(Over::Gone(status)),
            Stop::Signal(WAKE) | Stop::Other | Stop::Thread => None,
            Stop::Signal(other) => Some(other),
            Stop::Trap => Some(Signal::SIGTRAP),
        };
    }
    Ok(Over::Seen(watch.seen()))
}

fn finish(
    session: &mut Session<'_>,
    title: String,
    subject: &Subject<'_>,
    over: Over,
) -> Recording {
    let image = session.image.unwrap_or(0);
    // Up to the end of its last page: a loop over an array ends behind it.
    let end = session.target.extent.end.next_multiple_of(4096);
    let extent = (image + session.target.extent.start, image + end);
    let stack = symbols::mappings(session.process.pid.as_raw());
    let stack_end = stack.iter().find(|mapping| mapping.path == "[stack]").map_or(0, |one| one.end);
    let symbols = &session.target.symbols;
    let guard = symbols.iter().find(|(_, name)| *name == "workbook_guard");
    let glue = guard.is_some_and(|(address, _)| session.target.is_stepped(*address));
    let names = symbols.iter().filter(|(_, name)| glue || !name.starts_with("workbook_"));
    let slots = session.target.slots.iter().map(|(at, name)| (*at, format!("got:{name}")));
    let names = names.map(|(address, name)| (*address, name.clone())).chain(slots);
    let about = About {
        title,
        python: subject.python.to_owned(),
        files: session.listing.files.clone(),
        names: names.collect(),
        end: session.end(over),
    };
    let bounds = session.bounds;
    let recorder = std::mem::replace(&mut session.recorder, recorder::Recorder::new(bounds));
    recorder.finish(about, extent, stack_end)
}
