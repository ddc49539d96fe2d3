//! What a process gives up before it runs a tool.

use std::borrow::Cow;
use std::io;
use std::os::fd::RawFd;

use serde::{Deserialize, Serialize};

/// Everything that a tool's process gives up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Confinement {
    /// What it may use.
    pub limits: Limits,
    /// Whether it gives up its capabilities.
    pub capabilities: bool,
    /// The descriptor of the Landlock ruleset that it is held to.
    pub files: Option<RawFd>,
    /// The seccomp filter that its system calls go through.
    pub calls: Option<Cow<'static, [Instruction]>>,
}

/// What a tool may use. A limit of `RLIM_INFINITY` is none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// Seconds of the CPU's time.
    pub cpu: u64,
    /// Address space, in bytes.
    pub memory: u64,
    /// The largest file that it may write, in bytes.
    pub file: u64,
}

/// One instruction of a seccomp filter: `struct sock_filter` of `<linux/filter.h>`. A message has
/// it as one number.
#[repr(C)]
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct Instruction {
    /// What it does.
    pub code: u16,
    /// How many instructions it passes over if its condition holds.
    pub jt: u8,
    /// And if it does not.
    pub jf: u8,
    /// Its operand.
    pub k: u32,
}

impl From<u64> for Instruction {
    fn from(word: u64) -> Self {
        let [a, b, jt, jf, k @ ..] = word.to_le_bytes();
        Self { code: u16::from_le_bytes([a, b]), jt, jf, k: u32::from_le_bytes(k) }
    }
}

impl From<Instruction> for u64 {
    fn from(Instruction { code, jt, jf, k }: Instruction) -> Self {
        let ([a, b], [c, d, e, f]) = (code.to_le_bytes(), k.to_le_bytes());
        Self::from_le_bytes([a, b, jt, jf, c, d, e, f])
    }
}

impl Confinement {
    /// Confines this process for good, and has it end with the thread that is its parent. All of
    /// this is system calls, so a process that shares its memory may do it.
    ///
    /// # Errors
    ///
    /// Whatever the kernel says. The process is confined in part then, and must not go on.
    pub fn impose(&self) -> io::Result<()> {
        // SAFETY: prctl and landlock_restrict_self take integers here. seccomp reads a program and
        // its instructions, which have the kernel's layout and live as long as the call.
        unsafe {
            check(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL).into())?;
            self.limits.impose()?;
            if self.capabilities {
                drop_capabilities()?;
            }
            if self.files.is_some() || self.calls.is_some() {
                check(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0).into())?;
            }
            if let Some(ruleset) = self.files {
                check(libc::syscall(libc::SYS_landlock_restrict_self, ruleset, 0))?;
                libc::close(ruleset);
            }
            // The last one: it allows nothing of what the others need.
            if let Some(filter) = &self.calls {
                let len = u16::try_from(filter.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
                let filter = filter.as_ptr().cast_mut().cast();
                let program = libc::sock_fprog { len, filter };
                let set = libc::SECCOMP_SET_MODE_FILTER;
                check(libc::syscall(libc::SYS_seccomp, set, 0, &raw const program))?;
            }
        }
        Ok(())
    }
}

impl Limits {
    fn impose(self) -> io::Result<()> {
        let limits = [
            (libc::RLIMIT_CPU, self.cpu),
            (libc::RLIMIT_AS, self.memory),
            (libc::RLIMIT_FSIZE, self.file),
            (libc::RLIMIT_CORE, 0),
        ];
        for (resource, limit) in limits {
            let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
            // SAFETY: setrlimit reads the struct.
            check(unsafe { libc::setrlimit(resource, &raw const limit) }.into())?;
        }
        Ok(())
    }
}

/// Gives up every capability for good. The bounding set stays: without new privileges, no program
/// can take anything from it.
///
/// # Errors
///
/// Whatever the kernel says.
pub fn drop_capabilities() -> io::Result<()> {
    // struct __user_cap_header_struct and __user_cap_data_struct[2] of <linux/capability.h>.
    const VERSION_3: u32 = 0x2008_0522;
    let header: [u32; 2] = [VERSION_3, 0];
    let none: [u32; 6] = [0; 6];
    // SAFETY: both calls read what they are given.
    unsafe {
        check(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0).into())?;
        check(libc::syscall(libc::SYS_capset, header.as_ptr(), none.as_ptr()))
    }
}

/// What a system call has answered.
pub(crate) fn check(answer: i64) -> io::Result<()> {
    if answer == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
