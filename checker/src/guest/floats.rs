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
        let used = registers_in_use();
        let changed = now != self;
        if used != 0 {
            // SAFETY: it empties the x87 registers, in which no Rust code keeps anything.
            unsafe { asm!("fninit", options(nomem, nostack)) };
        }
        if used != 0 || changed {
            self.write();
        }
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

/// How many x87 registers hold something; the mmx registers are the same ones.
fn registers_in_use() -> u64 {
    #[repr(C, align(16))]
    struct Area([u8; 512]);

    // The status word of the Intel SDM, vol. 1, section 8.1.3: which register is the top of the
    // stack, and what `fxam` says of it, here that it is empty. Whatever was pushed or went to an
    // mmx register and is still there shows in one of the two.
    const TOP_AND_CLASS: u16 = 0x3800 | 0x4500;
    const EMPTY_AT_THE_TOP: u16 = 0x4100;
    let status: u16;
    // SAFETY: the first changes nothing but the status word, the second copies it.
    unsafe { asm!("fxam", "fnstsw ax", out("ax") status, options(nomem, nostack)) };
    if status & TOP_AND_CLASS == EMPTY_AT_THE_TOP {
        return 0;
    }
    let mut area = MaybeUninit::<Area>::uninit();
    let bytes = area.as_mut_ptr().cast::<u8>();
    // SAFETY: the instruction stores 512 bytes, aligned to 16. Intel SDM, vol. 1, table 10-2: at 4
    // is a bit for each register that holds something.
    unsafe {
        asm!("fxsave64 [{}]", in(reg) bytes, options(nostack, preserves_flags));
        bytes.add(4).read().count_ones().into()
    }
}
