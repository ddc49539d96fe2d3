//! The zygote's loop and the guest's: frames in, frames out.

use std::io::{self, IoSliceMut};
use std::os::fd::RawFd;

use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, send};
use pyo3::prelude::*;

use crate::guest::harden::Key;
use crate::guest::interpreter::Session;
use crate::guest::loader::{Guard, Loader};
use crate::guest::{abi_guard, crash, leaks, page};
use crate::model::isolation::Layers;
use crate::model::protocol::{CANNOT_REPLY, Hello, LONGEST_FRAME, Numbered, Reply, Request};

/// The module `checker`, as CPython sees it.
#[pymodule]
fn checker(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(zygote, module)?)
}

unsafe extern "C" {
    // All three are in the stable ABI since 3.7; pyo3 leaves them out of its limited set.
    fn PyOS_BeforeFork();
    fn PyOS_AfterFork_Parent();
    fn PyOS_AfterFork_Child();
}

/// The guest's end of its socket, the same number in every guest.
pub(super) const SOCKET: RawFd = 3;

/// Says hello on the socket `control` and makes a guest for each message that comes with three
/// descriptors and names the layers of its sandbox, until the socket closes.
#[pyfunction]
fn zygote(py: Python<'_>, control: RawFd, version: String, executable: String) -> PyResult<()> {
    // Before it aborts, CPython takes down the handlers of `-X dev`, and ours would go with them.
    py.import("faulthandler")?.call_method0("disable")?;
    // Crates ask for it when they first look for a byte, and what a virtual machine answers takes
    // 0.1 ms. The standard library remembers it.
    let _ = std::arch::is_x86_feature_detected!("avx2");
    let loader = Loader::new(py)?;
    // Guests collect garbage while they look for leaks: their own, and not what is here by now.
    py.import("gc")?.call_method0("freeze")?;
    let mut session = Session::new(py)?;
    reply(control, &Hello { version, executable })?;
    let mut descriptors = [0; 3];
    while let Some(layers) = receive_order(control, &mut descriptors)? {
        // SAFETY: this process has one thread, and the GIL is held.
        let pid = unsafe { fork_as_sibling() }?;
        if pid == 0 {
            let status = match become_guest(descriptors)
                .and_then(|()| serve(&loader, &mut session, layers))
            {
                Ok(()) => 0,
                Err(_) => CANNOT_REPLY,
            };
            // SAFETY: _exit runs no handlers of CPython's or the module's.
            unsafe { libc::_exit(status) }
        }
        for descriptor in descriptors {
            let _ = nix::unistd::close(descriptor);
        }
        reply(control, &pid)?;
    }
    Ok(())
}

/// Forks like `os.fork`, but the child's parent is this process's parent.
///
/// # Safety
///
/// One thread, GIL held.
unsafe fn fork_as_sibling() -> io::Result<i32> {
    // SAFETY: with one thread and CPython's own hooks around it, the child may go on as after
    // os.fork().
    unsafe {
        PyOS_BeforeFork();
        let pid = launcher::fork_as_sibling();
        if matches!(pid, Ok(0)) {
            PyOS_AfterFork_Child();
        } else {
            PyOS_AfterFork_Parent();
        }
        pid
    }
}

fn receive_order(control: RawFd, descriptors: &mut [RawFd; 3]) -> io::Result<Option<Layers>> {
    let mut space = nix::cmsg_space!([RawFd; 3]);
    let mut bytes = [0; 16];
    let mut parts = [IoSliceMut::new(&mut bytes)];
    let message = loop {
        match recvmsg::<()>(control, &mut parts, Some(&mut space), MsgFlags::MSG_CMSG_CLOEXEC) {
            Err(nix::Error::EINTR) => {}
            other => break other?,
        }
    };
    let length = message.bytes;
    let mut complete = false;
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(received) = part
            && let Ok(three) = <[RawFd; 3]>::try_from(received)
        {
            *descriptors = three;
            complete = true;
        }
    }
    Ok(if complete { Some(serde_json::from_slice(&bytes[..length])?) } else { None })
}

/// Gives the new process its descriptors, and no others.
fn become_guest([socket, printed, evidence]: [RawFd; 3]) -> io::Result<()> {
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)?;
    page::share(evidence)?;
    crash::catch_fatal_signals()?;
    for (from, to) in [(printed, 1), (printed, 2), (socket, SOCKET)] {
        // SAFETY: dup2 takes two integers.
        if unsafe { libc::dup2(from, to) } < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    // SAFETY: nothing above the socket is used from here on; the zygote keeps its own copies.
    if unsafe { libc::syscall(libc::SYS_close_range, SOCKET + 1, u32::MAX, 0) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn serve(loader: &Loader<'_>, session: &mut Session<'_>, layers: Layers) -> io::Result<()> {
    let mut key = Key::NONE;
    let mut frame = vec![0; LONGEST_FRAME];
    let mut guard = Guard::Up;
    loop {
        let length = key.receive(&mut frame)?;
        let Numbered { number, content } = serde_json::from_slice(&frame[..length])?;
        let content = match content {
            Request::Unguarded => {
                guard = Guard::Down;
                Reply::Unguarded
            }
            Request::Import { path, module } => {
                loader.load(&path, &module, guard, layers, &mut key)
            }
            Request::Ask { source } => Reply::Answered(session.answer(&source)),
            Request::Repeat => Reply::Repeated(leaks::measure(session)),
            Request::Control(value) => {
                abi_guard::break_a_rule(value);
                Reply::Controlled
            }
            Request::Bye => Reply::Bye,
        };
        let last = matches!(content, Reply::Bye);
        key.send(&serde_json::to_vec(&Numbered { number, content })?)?;
        if last {
            return Ok(());
        }
    }
}

fn reply(socket: RawFd, frame: &impl serde::Serialize) -> io::Result<()> {
    let bytes = serde_json::to_vec(frame)?;
    send(socket, &bytes, MsgFlags::MSG_NOSIGNAL)?;
    Ok(())
}
