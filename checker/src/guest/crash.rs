//! The last words of a dying guest: a signal handler that copies the registers and the top of
//! the stack to a page that the checker keeps.

use std::io;
use std::mem::{offset_of, zeroed};
use std::os::fd::RawFd;
use std::ptr::{addr_of_mut, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::model::protocol::{Crash, STACK_WORDS};

static PAGE: AtomicPtr<Crash> = AtomicPtr::new(null_mut());

/// What ends a process, besides SIGKILL. SIGXCPU is how the checker asks a guest that gives no
/// answer where it is.
const FATAL: [i32; 8] = [
    libc::SIGSEGV,
    libc::SIGILL,
    libc::SIGFPE,
    libc::SIGBUS,
    libc::SIGABRT,
    libc::SIGTRAP,
    libc::SIGXCPU,
    libc::SIGSYS,
];

/// Shares the page of the descriptor and catches the fatal signals on a stack of their own.
pub(crate) fn catch_fatal_signals(page: RawFd) -> io::Result<()> {
    let flags = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: the mappings are new and live as long as the process. The handler only copies
    // memory and makes system calls.
    unsafe {
        let shared = libc::mmap(null_mut(), Crash::BYTES, flags, libc::MAP_SHARED, page, 0);
        let stack_bytes = 64 * 1024;
        let private = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let stack = libc::mmap(null_mut(), stack_bytes, flags, private, -1, 0);
        if shared == libc::MAP_FAILED || stack == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let shared = shared.cast::<Crash>();
        let mut here = 0_u8;
        let here = addr_of_mut!(here) as u64;
        let mut limit: libc::rlimit = zeroed();
        libc::getrlimit(libc::RLIMIT_STACK, &mut limit);
        (*shared).stack_bottom = here.saturating_sub(limit.rlim_cur);
        PAGE.store(shared, Ordering::Release);

        let alternative = libc::stack_t { ss_sp: stack, ss_flags: 0, ss_size: stack_bytes };
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = on_signal as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESETHAND;
        if libc::sigaltstack(&alternative, null_mut()) != 0 {
            return Err(io::Error::last_os_error());
        }
        for signal in FATAL {
            if libc::sigaction(signal, &action, null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
    }
    Ok(())
}

/// Notes where the learner's shared object is.
pub(crate) fn note_image(base: usize) {
    let page = PAGE.load(Ordering::Acquire);
    if !page.is_null() {
        // SAFETY: the page is mapped for the life of the process.
        unsafe { (*page).image_base = base as u64 };
    }
}

extern "C" fn on_signal(signal: i32, details: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let page = PAGE.load(Ordering::Acquire);
    // SAFETY: the kernel hands valid pointers to a handler with SA_SIGINFO; the page is mapped
    // for the life of the process. The stack is read by a system call, which gives an error
    // where a plain read of a bad address would be one more fault.
    unsafe {
        let context = &*context.cast::<libc::ucontext_t>();
        let from = &context.uc_mcontext.gregs;
        // The order is that of protocol::REGISTERS.
        let order = [
            libc::REG_RAX,
            libc::REG_RBX,
            libc::REG_RCX,
            libc::REG_RDX,
            libc::REG_RSI,
            libc::REG_RDI,
            libc::REG_RBP,
            libc::REG_RSP,
            libc::REG_R8,
            libc::REG_R9,
            libc::REG_R10,
            libc::REG_R11,
            libc::REG_R12,
            libc::REG_R13,
            libc::REG_R14,
            libc::REG_R15,
            libc::REG_RIP,
            libc::REG_EFL,
        ];
        for (index, register) in order.into_iter().enumerate() {
            (*page).registers[index] = from[register as usize] as u64;
        }
        (*page).code = (*details).si_code as u64;
        (*page).address = (*details).si_addr() as u64;
        (*page).signal = signal as u64;
        let local = libc::iovec {
            iov_base: page.cast::<u8>().add(offset_of!(Crash, stack)).cast(),
            iov_len: STACK_WORDS * 8,
        };
        // Word by page: a read that begins well gives the part that is there.
        let remote = libc::iovec {
            iov_base: from[libc::REG_RSP as usize] as *mut libc::c_void,
            iov_len: STACK_WORDS * 8,
        };
        let read = libc::process_vm_readv(libc::getpid(), &local, 1, &remote, 1, 0);
        (*page).stack_words = u64::try_from(read).unwrap_or(0) / 8;
        // SA_RESETHAND has put the default action back: this ends the process on return.
        libc::syscall(libc::SYS_tgkill, libc::getpid(), libc::gettid(), signal);
    }
}
