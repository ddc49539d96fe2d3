//! The registers and flags of a recording.

use serde::{Deserialize, Serialize};

macro_rules! registers {
    ($($variant:ident $name:literal)+) => {
        /// A register of the recording's, in the order in which it is shown.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "lowercase")]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Register {
            $($variant,)+
        }

        impl Register {
            /// Every register.
            pub const ALL: [Self; 18] = [$(Self::$variant),+];

            /// `rax`
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

registers! {
    Rax "rax" Rbx "rbx" Rcx "rcx" Rdx "rdx" Rsi "rsi" Rdi "rdi" Rbp "rbp" Rsp "rsp"
    R8 "r8" R9 "r9" R10 "r10" R11 "r11" R12 "r12" R13 "r13" R14 "r14" R15 "r15"
    Rip "rip" Flags "flags"
}

impl Register {
    /// The registers that a function must give back as it found them (System V ABI, AMD64
    /// supplement, figure 3.4).
    pub const CALLEE_SAVED: [Self; 6] =
        [Self::Rbx, Self::Rbp, Self::R12, Self::R13, Self::R14, Self::R15];

    /// The registers of the first six integer arguments, in order.
    pub const ARGUMENTS: [Self; 6] =
        [Self::Rdi, Self::Rsi, Self::Rdx, Self::Rcx, Self::R8, Self::R9];

    /// The registers that a function may leave changed.
    pub const CALLER_SAVED: [Self; 9] = [
        Self::Rax,
        Self::Rcx,
        Self::Rdx,
        Self::Rsi,
        Self::Rdi,
        Self::R8,
        Self::R9,
        Self::R10,
        Self::R11,
    ];

    /// The register of that name: any part of it will do, so `al` is rax and `r8d` is r8.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        if let Some(found) = Self::ALL.into_iter().find(|register| register.name() == name) {
            return Some(found);
        }
        if matches!(name.as_str(), "eflags" | "rflags") {
            return Some(Self::Flags);
        }
        // r8d, r8w, r8b
        if let Some(whole) = name.strip_suffix(['d', 'w', 'b'])
            && whole.starts_with('r')
            && whole.len() >= 2
        {
            return Self::ALL.into_iter().find(|register| register.name() == whole);
        }
        let short = name.strip_prefix('e').unwrap_or(&name);
        let whole = match short.strip_suffix(['l', 'h', 'x']) {
            Some(letter @ ("a" | "b" | "c" | "d")) => format!("r{letter}x"),
            _ => format!("r{}", short.strip_suffix('l').unwrap_or(short)),
        };
        Self::ALL.into_iter().find(|register| register.name() == whole)
    }

    /// What a register of that name holds while the whole of it holds `value`, and how many bits
    /// that is: `ah` has 8, from bit 8 on.
    pub fn part(name: &str, value: u64) -> (u64, u32) {
        let whole = Self::ALL.into_iter().any(|register| register.name() == name);
        let numbered = name.ends_with(|c: char| c.is_ascii_digit());
        let (from, bits) = match name.as_bytes() {
            _ if whole || numbered => (0, 64),
            [b'e', ..] | [.., b'd'] => (0, 32),
            [.., b'h'] => (8, 8),
            [.., b'l' | b'b'] => (0, 8),
            _ => (0, 16),
        };
        (value >> from & u64::MAX >> (64 - bits), bits)
    }

    /// Its place in [`Register::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// The arithmetic flags and the direction flag, from the lowest bit up: their names and bits
/// (Intel SDM, vol. 1, 3.4.3). A recording keeps these only.
pub const FLAGS: [(&str, u64); 7] = [
    ("CF", 1 << 0),
    ("PF", 1 << 2),
    ("AF", 1 << 4),
    ("ZF", 1 << 6),
    ("SF", 1 << 7),
    ("DF", 1 << 10),
    ("OF", 1 << 11),
];

/// Every bit of [`FLAGS`].
pub const ALL_FLAGS: u64 = 0xcd5;

/// The direction flag's bit.
pub const DIRECTION_FLAG: u64 = 1 << 10;
