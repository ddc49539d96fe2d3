//! The tracee by its process id: registers, memory, breakpoints, and one step at a time.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;

use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::model::trace::{ALL_FLAGS, Register};

/// The general registers, `rip` and the flags, in the order of [`Register::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Registers {
    /// The values.
    pub(super) values: [u64; 18],
    /// The address that `fs:` stands for.
    pub(super) fs_base: u64,
}

impl Registers {
    pub(super) fn get(&self, register: Register) -> u64 {
        self.values[register.index()]
    }

    pub(super) fn rip(&self) -> u64 {
        self.get(Register::Rip)
    }

    pub(super) fn rsp(&self) -> u64 {
        self.get(Register::Rsp)
    }

    fn of(raw: &libc::user_regs_struct) -> Self {
        Self {
            values: [
                raw.rax,
                raw.rbx,
                raw.rcx,
                raw.rdx,
                raw.rsi,
                raw.rdi,
                raw.rbp,
                raw.rsp,
                raw.r8,
                raw.r9,
                raw.r10,
                raw.r11,
                raw.r12,
                raw.r13,
                raw.r14,
                raw.r15,
                raw.rip,
                raw.eflags & ALL_FLAGS,
            ],
            fs_base: raw.fs_base,
        }
    }
}

/// What a tracee that was let go did next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// SIGTRAP: a step is done, or a breakpoint was met.
    Trap,
    /// A signal is about to be delivered.
    Signal(Signal),
    /// It started a thread.
    Thread,
    /// It is stopped for another reason that asks for nothing.
    Other,
    /// It is gone.
    Gone(WaitStatus),
}

/// The instruction `int3`.
const BREAKPOINT: u8 = 0xcc;

/// The trap flag, by which the kernel makes the CPU take one step.
pub(super) const TRAP_FLAG: u64 = 1 << 8;

/// A child of this thread that is being traced.
pub(super) struct Process {
    pub(super) pid: Pid,
    memory: File,
    breakpoints: HashMap<u64, Breakpoint>,
    gone: Option<WaitStatus>,
}

struct Breakpoint {
    original: u8,
    users: u32,
}

impl Process {
    /// Takes hold of the child and stops it.
    pub(super) fn seize(pid: Pid) -> nix::Result<Self> {
        ptrace::seize(pid, Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL)?;
        let memory = OpenOptions::new().read(true).write(true).open(format!("/proc/{pid}/mem"));
        let memory = match memory {
            Ok(memory) => memory,
            Err(error) => {
                let _ = ptrace::interrupt(pid).and_then(|()| waitpid(pid, None));
                let _ = ptrace::detach(pid, None);
                return Err(error.raw_os_error().map_or(Errno::EPERM, Errno::from_raw));
            }
        };
        let mut process = Self { pid, memory, breakpoints: HashMap::new(), gone: None };
        ptrace::interrupt(pid)?;
        process.wait()?;
        Ok(process)
    }

    /// Lets it go on its own, with no breakpoint left.
    pub(super) fn detach(mut self) -> nix::Result<()> {
        self.remove_all_breakpoints();
        if self.gone.is_none() {
            ptrace::detach(self.pid, None)?;
        }
        Ok(())
    }

    /// How it ended, if it did.
    pub(super) fn gone(&self) -> Option<WaitStatus> {
        self.gone
    }

    pub(super) fn registers(&self) -> nix::Result<Registers> {
        Ok(Registers::of(&ptrace::getregs(self.pid)?))
    }

    pub(super) fn raw_registers(&self) -> nix::Result<libc::user_regs_struct> {
        ptrace::getregs(self.pid)
    }

    pub(super) fn set_raw_registers(&self, raw: libc::user_regs_struct) -> nix::Result<()> {
        ptrace::setregs(self.pid, raw)
    }

    pub(super) fn set_rip(&self, rip: u64) -> nix::Result<()> {
        let mut raw = ptrace::getregs(self.pid)?;
        raw.rip = rip;
        ptrace::setregs(self.pid, raw)
    }

    /// Lets it run until something stops it.
    pub(super) fn run(&mut self, signal: Option<Signal>) -> nix::Result<Stop> {
        ptrace::cont(self.pid, signal)?;
        self.wait()
    }

    /// Lets it run one instruction, whether there is a breakpoint on it or not.
    pub(super) fn step(&mut self, rip: u64) -> nix::Result<Stop> {
        self.beyond(rip, |process| {
            ptrace::step(process.pid, None)?;
            process.wait()
        })
    }

    /// Lets it run the instruction at `rip`, of which it is known that it goes on at one of these
    /// addresses: by breakpoints there, or by a step where that cannot be.
    pub(super) fn step_to(&mut self, rip: u64, ahead: [u64; 2]) -> nix::Result<Stop> {
        if ahead.contains(&rip) {
            return self.step(rip);
        }
        let placed = ahead.map(|place| self.add_breakpoint(place));
        let stop = match placed {
            [true, true] => self.beyond(rip, |process| {
                let stop = process.run(None)?;
                if stop == Stop::Trap {
                    process.back_onto_breakpoint()?;
                }
                Ok(stop)
            }),
            _ => self.step(rip),
        };
        for (place, _) in ahead.into_iter().zip(placed).filter(|(_, placed)| *placed) {
            self.remove_breakpoint(place);
        }
        stop
    }

    /// Does something while there is no breakpoint on the instruction at `rip`.
    fn beyond(
        &mut self,
        rip: u64,
        go: impl FnOnce(&mut Self) -> nix::Result<Stop>,
    ) -> nix::Result<Stop> {
        let hidden = self.breakpoints.get(&rip).map(|breakpoint| breakpoint.original);
        if let Some(original) = hidden {
            let _ = self.write(rip, &[original]);
        }
        let stop = go(self)?;
        if hidden.is_some() && self.gone.is_none() {
            let _ = self.write(rip, &[BREAKPOINT]);
        }
        Ok(stop)
    }

    /// After a breakpoint rip is behind it.
    fn back_onto_breakpoint(&self) -> nix::Result<()> {
        const RIP: usize = std::mem::offset_of!(libc::user_regs_struct, rip);
        let at = ptrace::read_user(self.pid, RIP as ptrace::AddressType)?.wrapping_sub(1);
        if self.has_breakpoint(at.cast_unsigned()) {
            ptrace::write_user(self.pid, RIP as ptrace::AddressType, at)?;
        }
        Ok(())
    }

    fn wait(&mut self) -> nix::Result<Stop> {
        let status = loop {
            match waitpid(self.pid, Some(WaitPidFlag::__WALL)) {
                Err(Errno::EINTR) => {}
                other => break other?,
            }
        };
        Ok(match status {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => Stop::Trap,
            WaitStatus::Stopped(_, signal) => Stop::Signal(signal),
            WaitStatus::PtraceEvent(_, _, libc::PTRACE_EVENT_CLONE) => Stop::Thread,
            WaitStatus::Exited(..) | WaitStatus::Signaled(..) => {
                self.gone = Some(status);
                Stop::Gone(status)
            }
            _ => Stop::Other,
        })
    }

    /// Fills the buffer from the tracee's memory; false where not all of it is there.
    pub(super) fn read(&self, address: u64, buffer: &mut [u8]) -> bool {
        self.memory.read_exact_at(buffer, address).is_ok()
    }

    pub(super) fn read_word(&self, address: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        self.read(address, &mut bytes).then(|| u64::from_le_bytes(bytes))
    }

    /// Up to `most` bytes before the first zero byte.
    pub(super) fn read_text(&self, address: u64, most: usize) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        let mut at = address;
        while text.len() < most {
            // Never over the end of a page: the next one may not be there.
            let room = 64 - usize::try_from(at % 64).expect("a remainder of 64 is small");
            let mut bytes = [0; 64];
            if !self.read(at, &mut bytes[..room]) {
                return None;
            }
            match bytes[..room].iter().position(|byte| *byte == 0) {
                Some(end) => {
                    text.extend(&bytes[..end]);
                    break;
                }
                None => text.extend(&bytes[..room]),
            }
            at += room as u64;
        }
        text.truncate(most);
        Some(text)
    }

    pub(super) fn write(&self, address: u64, bytes: &[u8]) -> io::Result<()> {
        self.memory.write_all_at(bytes, address)
    }

    /// Puts a breakpoint there, or counts one more user of it.
    pub(super) fn add_breakpoint(&mut self, address: u64) -> bool {
        if let Some(breakpoint) = self.breakpoints.get_mut(&address) {
            breakpoint.users += 1;
            return true;
        }
        let mut original = [0];
        if !self.read(address, &mut original) || self.write(address, &[BREAKPOINT]).is_err() {
            return false;
        }
        self.breakpoints.insert(address, Breakpoint { original: original[0], users: 1 });
        true
    }

    /// Takes one user of a breakpoint away, and the breakpoint with the last.
    pub(super) fn remove_breakpoint(&mut self, address: u64) {
        let Some(breakpoint) = self.breakpoints.get_mut(&address) else { return };
        breakpoint.users -= 1;
        if breakpoint.users == 0 {
            let original = breakpoint.original;
            self.breakpoints.remove(&address);
            if self.gone.is_none() {
                let _ = self.write(address, &[original]);
            }
        }
    }

    pub(super) fn remove_all_breakpoints(&mut self) {
        for (address, breakpoint) in std::mem::take(&mut self.breakpoints) {
            if self.gone.is_none() {
                let _ = self.write(address, &[breakpoint.original]);
            }
        }
    }

    pub(super) fn has_breakpoint(&self, address: u64) -> bool {
        self.breakpoints.contains_key(&address)
    }

    /// The address that the signal at hand is about, and its `si_code`.
    pub(super) fn signal_details(&self) -> nix::Result<(u64, i32)> {
        let details = ptrace::getsiginfo(self.pid)?;
        // SAFETY: si_addr is read for the signals whose siginfo has it; for others the caller
        // does not use it, and any bits are a pointer that is never followed.
        let address = unsafe { details.si_addr() } as u64;
        Ok((address, details.si_code))
    }

    /// The signal at hand with all of its details.
    pub(super) fn signal(&self) -> nix::Result<libc::siginfo_t> {
        ptrace::getsiginfo(self.pid)
    }

    /// Puts the details of a signal back, after something else has stopped the tracee.
    pub(super) fn set_signal(&self, details: &libc::siginfo_t) -> nix::Result<()> {
        ptrace::setsiginfo(self.pid, details)
    }

    /// Lets go of the thread that the tracee has just started.
    pub(super) fn detach_new_thread(&self) {
        let Ok(thread) = ptrace::getevent(self.pid) else { return };
        let Ok(thread) = i32::try_from(thread) else { return };
        let thread = Pid::from_raw(thread);
        let _ = waitpid(thread, Some(WaitPidFlag::__WALL));
        let _ = ptrace::detach(thread, None);
    }

    /// The vector registers, as the CPU saves them.
    pub(super) fn vectors(&self) -> nix::Result<Vectors> {
        let mut area = Box::new([0; XSAVE_BYTES]);
        let mut part = libc::iovec { iov_base: area.as_mut_ptr().cast(), iov_len: area.len() };
        self.register_set(libc::PTRACE_GETREGSET, &mut part)?;
        Ok(Vectors { area, length: part.iov_len })
    }

    /// Puts vector registers back.
    pub(super) fn set_vectors(&self, vectors: &Vectors) -> nix::Result<()> {
        let mut area = vectors.area.clone();
        let mut part = libc::iovec { iov_base: area.as_mut_ptr().cast(), iov_len: vectors.length };
        self.register_set(libc::PTRACE_SETREGSET, &mut part)
    }

    fn register_set(&self, request: libc::c_uint, part: &mut libc::iovec) -> nix::Result<()> {
        // The note type of the XSAVE area (Linux, include/uapi/linux/elf.h).
        const NT_X86_XSTATE: usize = 0x202;
        // SAFETY: the kernel reads or writes at most iov_len bytes at iov_base, which the caller
        // has taken from one live buffer, and stores the length in `part`.
        let done = unsafe {
            libc::ptrace(request, self.pid.as_raw(), NT_X86_XSTATE, std::ptr::from_mut(part))
        };
        Errno::result(done).map(drop)
    }
}

/// The largest XSAVE area that is read: with AVX-512 it has 2,688 bytes, with AMX 11 KB.
const XSAVE_BYTES: usize = 16 * 1024;

/// The vector registers at one moment.
pub(super) struct Vectors {
    area: Box<[u8; XSAVE_BYTES]>,
    length: usize,
}

impl Vectors {
    /// Register 0 to 15: its low 16 bytes, and the 16 above them, zeros on a CPU without AVX.
    /// The standard form of the area has xmm0 at 160 and the upper halves at 576 (Intel SDM,
    /// vol. 1, 13.4).
    pub(super) fn get(&self, register: usize) -> (u128, u128) {
        let at = |start: usize| {
            let start = start + 16 * register;
            let bytes = self.area.get(start..start + 16).filter(|_| start + 16 <= self.length);
            bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u128::from_le_bytes)
        };
        (at(160), at(576))
    }
}
