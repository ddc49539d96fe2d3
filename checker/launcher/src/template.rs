//! A loaded tool, held up before its first instruction: it makes one process for each order.

use std::ffi::{CStr, c_char, c_int};
use std::io::{self, IoSliceMut};
use std::os::fd::RawFd;
use std::ptr;

use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg};

use crate::confinement::check;
use crate::order::{LONGEST, MOST_ARGUMENTS, NOT_CONFINED, Order, SOCKET};

/// Where the loader begins with this library (`DT_INIT`, by `build.rs`), before the program does:
/// glibc hands over the program's arguments as the kernel has put them on its stack.
///
/// # Safety
///
/// The loader calls it, once, in a process with one thread.
#[unsafe(no_mangle)]
unsafe extern "C" fn launcher_begin(_: c_int, arguments: *mut *mut c_char) {
    let Some(socket) = socket() else { return };
    // A run has the environment of a tool that is started as usual.
    for variable in [SOCKET, c"LD_PRELOAD", c"LD_BIND_NOW"] {
        // SAFETY: the name ends in zero, and nobody else looks at the environment.
        unsafe { libc::unsetenv(variable.as_ptr()) };
    }
    // SAFETY: the process has one thread.
    let order = unsafe { wait_for_an_order(socket) };
    // SAFETY: a template is started with as many arguments as an order can have. Their count lies
    // before the first of them (System V ABI, figure 3.9), and a zero goes behind the last one.
    unsafe {
        let count = order.arguments.len().min(MOST_ARGUMENTS);
        arguments.cast::<usize>().sub(1).write(count);
        for (index, argument) in order.arguments.into_iter().take(count).enumerate() {
            arguments.add(index).write(argument.into_raw());
        }
        arguments.add(count).write(ptr::null_mut());
    }
}

/// A template's socket; a program that nobody uses as one has none.
fn socket() -> Option<RawFd> {
    // SAFETY: the name ends in zero, and so does what getenv gives, which nobody changes meanwhile.
    let number = unsafe {
        let text = libc::getenv(SOCKET.as_ptr());
        (!text.is_null()).then(|| CStr::from_ptr(text))
    };
    number?.to_str().ok()?.parse().ok()
}

/// Makes a process for each order until there are no more, and ends then. It comes back in those
/// processes only, confined.
///
/// # Safety
///
/// One thread.
unsafe fn wait_for_an_order(socket: RawFd) -> Order {
    let mut frame = vec![0; LONGEST];
    loop {
        let Ok((length @ 1.., descriptors)) = receive(socket, &mut frame) else {
            // SAFETY: the program has not begun, so there is nothing to tidy up.
            unsafe { libc::_exit(0) }
        };
        // SAFETY: the process has one thread.
        match unsafe { fork_as_sibling() } {
            Ok(0) => match become_a_run(&frame[..length], &descriptors) {
                Ok(order) => return order,
                Err(error) => {
                    let said = format!("the sandbox could not be put up: {error}\n");
                    // SAFETY: write reads the text. Nothing of the run has begun.
                    unsafe {
                        libc::write(libc::STDERR_FILENO, said.as_ptr().cast(), said.len());
                        libc::_exit(NOT_CONFINED)
                    }
                }
            },
            made => {
                let pid = made.unwrap_or(-1).to_ne_bytes();
                // SAFETY: close takes an integer and send reads four bytes.
                unsafe {
                    for descriptor in descriptors {
                        libc::close(descriptor);
                    }
                    libc::send(socket, pid.as_ptr().cast(), pid.len(), libc::MSG_NOSIGNAL);
                }
            }
        }
    }
}

/// Gives the new process its descriptors, and no others, and its confinement.
fn become_a_run(frame: &[u8], descriptors: &[RawFd]) -> io::Result<Order> {
    let [output, folder, ruleset @ ..] = descriptors else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let mut order: Order = serde_json::from_slice(frame)?;
    // SAFETY: all of these take integers. Nothing above the standard descriptors is used from here
    // on but the ruleset, and that until the process is held to it.
    unsafe {
        check(libc::dup2(*output, libc::STDOUT_FILENO).into())?;
        check(libc::dup2(*output, libc::STDERR_FILENO).into())?;
        check(libc::fchdir(*folder).into())?;
        let first = libc::STDERR_FILENO + 1;
        order.confinement.files = match (order.confinement.files, ruleset) {
            (None, _) => None,
            (Some(_), [ruleset]) => Some(libc::dup2(*ruleset, first)),
            (Some(_), _) => return Err(io::ErrorKind::InvalidInput.into()),
        };
        let kept = order.confinement.files.map_or(0, |_| 1);
        check(libc::syscall(libc::SYS_close_range, first + kept, u32::MAX, 0))?;
    }
    order.confinement.impose()?;
    Ok(order)
}

/// Forks, but the child's parent is this process's parent.
///
/// # Errors
///
/// Whatever clone(2) gives.
///
/// # Safety
///
/// One thread, and nobody who has to be told of a fork.
pub unsafe fn fork_as_sibling() -> io::Result<i32> {
    const PR_GET_TID_ADDRESS: i32 = 40;
    let mut thread_id: *mut i32 = ptr::null_mut();
    // glibc keeps the thread's id in its descriptor and reads it in abort() and raise(); the
    // kernel writes the new one where CLONE_CHILD_SETTID points.
    // SAFETY: prctl writes one pointer, to our variable.
    unsafe { libc::prctl(PR_GET_TID_ADDRESS, &raw mut thread_id, 0, 0, 0) };
    let flags =
        libc::CLONE_PARENT | libc::SIGCHLD | libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID;
    // SAFETY: a clone without CLONE_VM is a fork.
    match unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, thread_id, 0) } {
        -1 => Err(io::Error::last_os_error()),
        pid => Ok(i32::try_from(pid).expect("a process id fits an int")),
    }
}

/// One message, by its length, and the descriptors that came with it.
fn receive(socket: RawFd, frame: &mut [u8]) -> io::Result<(usize, Vec<RawFd>)> {
    let mut space = nix::cmsg_space!([RawFd; 3]);
    let mut parts = [IoSliceMut::new(frame)];
    let message = loop {
        match recvmsg::<()>(socket, &mut parts, Some(&mut space), MsgFlags::MSG_CMSG_CLOEXEC) {
            Err(nix::Error::EINTR) => {}
            received => break received?,
        }
    };
    let descriptors = message.cmsgs()?.flat_map(|part| match part {
        ControlMessageOwned::ScmRights(received) => received,
        _ => Vec::new(),
    });
    Ok((message.bytes, descriptors.collect()))
}
