//! The floating-point unit around a call: its control words, which a function gives back as it
//! found them, and its registers, which it leaves empty (System V ABI, section 3.2.1).

use std::arch::asm;
use std::mem::MaybeUninit;

use crate::model::evidence::FaultKind;

/// The control words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ControlWords {
    /// The x87 control word.
    x87: u16,
    /// MXCSR without its six status flags.
    mxcsr: u32,
}

/// The bits of MXCSR that report what happened, and are nobody's to keep.
const STATUS: u32 = 0x3f;

impl ControlWords {
    /// As they are.
    pub(super) fn read() -> Self {
        let (mut x87, mut mxcsr) = (0_u16, 0_u32);
        // SAFETY: both instructions store to our variables.
        unsafe {
            asm!("fnstcw [{}]", in(reg) &raw mut x87, options(nostack, preserves_flags));
            asm!("stmxcsr [{}]", in(reg) &raw mut mxcsr, options(nostack, preserves_flags));
        }
        Self { x87, mxcsr: mxcsr & !STATUS }
    }

    /// Puts them back and empties the registers, if a function has left them otherwise; what it
    /// has broken.
    pub(super) fn restore(self) -> [Option<FaultKind>; 2] {
        let now = Self::read();
        let changed = now != self;
        if !changed && are_empty() {
            return [None, None];
        }
        let used = registers_in_use();
        // SAFETY: it changes the x87 unit only, in which no Rust code keeps anything: its registers
        // are empty afterwards, and no exception waits there.
        unsafe { asm!("fninit", options(nomem, nostack)) };
        self.write();
        [
            changed.then(|| FaultKind::ControlWord { before: self.word(), after: now.word() }),
            (used != 0).then_some(FaultKind::FloatStack { used }),
        ]
    }

    fn write(self) {
        // SAFETY: the values were read from the same registers.
        unsafe {
            asm!("fldcw [{}]", in(reg) &raw const self.x87, options(nostack, preserves_flags));
            asm!("ldmxcsr [{}]", in(reg) &raw const self.mxcsr, options(nostack, preserves_flags));
        }
    }

    fn word(self) -> u64 {
        u64::from(self.x87) << 32 | u64::from(self.mxcsr)
    }
}

/// Whether the x87 registers are empty, as far as three quick instructions can tell; the mmx
/// registers are the same ones. What was pushed and is still there has moved the top of the stack.
/// What went to an mmx register has filled it, so that another push does not fit. The exceptions
/// have to be masked.
fn are_empty() -> bool {
    // The status word of the Intel SDM, vol. 1, section 8.1.3: the top of the stack, and whether
    // the stack was full or empty when it should not have been.
    const TOP: u16 = 0x3800;
    const STACK_FAULT: u16 = 0x40;
    let (before, after): (u16, u16);
    // SAFETY: the push takes a register that is empty, or fails and says so.
    unsafe {
        asm!("fnstsw ax", out("ax") before, options(nomem, nostack));
        if before & TOP != 0 {
            return false;
        }
        asm!("fld1", "fstp st(0)", "fnstsw ax", out("ax") after, options(nomem, nostack));
    }
    after & STACK_FAULT == 0
}

/// How many x87 registers hold something.
fn registers_in_use() -> u64 {
    #[repr(C, align(16))]
    struct Area([u8; 512]);

    let mut area = MaybeUninit::<Area>::uninit();
    let bytes = area.as_mut_ptr().cast::<u8>();
    // SAFETY: the instruction stores 512 bytes, aligned to 16. Intel SDM, vol. 1, table 10-2: at 4
    // is a bit for each register that holds something.
    let used = unsafe {
        asm!("fxsave64 [{}]", in(reg) bytes, options(nostack, preserves_flags));
        bytes.add(4).read().count_ones()
    };
    // Where all were in use, the push above has taken one of them.
    if used == 7 { 8 } else { used.into() }
}
