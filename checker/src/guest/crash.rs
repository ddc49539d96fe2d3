//! The last words of a dying guest: a signal handler that copies the registers and the top of
//! the stack to the page that the checker keeps.

use std::io;
use std::mem::{offset_of, zeroed};
use std::ptr::{addr_of_mut, null_mut};
use std::sync::atomic::Ordering;

use crate::guest::page::{self, PAGE};
use crate::model::evidence::{Crash, STACK_WORDS, WORDS_BELOW};

/// What ends a process, besides SIGKILL. SIGXCPU is how the checker asks a guest that gives no
/// answer where it is.
pub(super) const FATAL: [i32; 8] = [
    libc::SIGSEGV,
    libc::SIGILL,
    libc::SIGFPE,
    libc::SIGBUS,
    libc::SIGABRT,
    libc::SIGTRAP,
    libc::SIGXCPU,
    libc::SIGSYS,
];

/// The handler's own stack, in bytes.
const STACK: usize = 64 * 1024;

/// Catches the fatal signals on a stack of their own. The page has to be shared by now.
pub(super) fn catch_fatal_signals() -> io::Result<()> {
    let mut here = 0_u8;
    let here = addr_of_mut!(here) as u64;
    // SAFETY: the mapping is new and lives as long as the process; the structs are filled before
    // they are passed. The handler only copies memory and makes system calls.
    unsafe {
        let mut limit: libc::rlimit = zeroed();
        libc::getrlimit(libc::RLIMIT_STACK, &mut limit);
        page::with(|page| page.stack_bottom = here.saturating_sub(limit.rlim_cur));

        let access = libc::PROT_READ | libc::PROT_WRITE;
        let private = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let stack = libc::mmap(null_mut(), STACK, access, private, -1, 0);
        let alternative = libc::stack_t { ss_sp: stack, ss_flags: 0, ss_size: STACK };
        if stack == libc::MAP_FAILED || libc::sigaltstack(&alternative, null_mut()) != 0 {
            return Err(io::Error::last_os_error());
        }
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = on_signal as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESETHAND;
        for signal in FATAL {
            if libc::sigaction(signal, &action, null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
    }
    Ok(())
}

extern "C" fn on_signal(signal: i32, details: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let page = PAGE.load(Ordering::Acquire);
    // SAFETY: the kernel hands valid pointers to a handler with SA_SIGINFO; the page is mapped
    // for the life of the process. The stack is read by a system call, which gives an error
    // where a plain read of a bad address would be one more fault.
    unsafe {
        let crash = &raw mut (*page).crash;
        let context = &*context.cast::<libc::ucontext_t>();
        let from = &context.uc_mcontext.gregs;
        // The order is that of evidence::REGISTERS.
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
            (*crash).registers[index] = from[register as usize].cast_unsigned();
        }
        (*crash).code = i64::from((*details).si_code).cast_unsigned();
        (*crash).address = (*details).si_addr() as u64;
        (*crash).error = from[libc::REG_ERR as usize].cast_unsigned();
        (*crash).signal = u64::from(signal.unsigned_abs());
        let local = libc::iovec {
            iov_base: crash.cast::<u8>().add(offset_of!(Crash, stack)).cast(),
            iov_len: STACK_WORDS * 8,
        };
        let below = WORDS_BELOW as i64 * 8;
        let remote = libc::iovec {
            iov_base: from[libc::REG_RSP as usize].wrapping_sub(below) as *mut libc::c_void,
            iov_len: STACK_WORDS * 8,
        };
        let read = libc::process_vm_readv(libc::getpid(), &local, 1, &remote, 1, 0);
        (*crash).stack_words = u64::try_from(read).unwrap_or(0) / 8;
        // SA_RESETHAND has put the default action back: this ends the process on return.
        libc::syscall(libc::SYS_tgkill, libc::getpid(), libc::gettid(), signal);
    }
}
