//! Calls out of the module: every function slot of its offset table leads to a stub that writes
//! down the callee, the return address, the stack pointer, the direction flag and the arguments,
//! and goes on to the function. The log survives a crash.

use std::arch::naked_asm;
use std::cell::RefCell;
use std::io;
use std::mem::offset_of;

use crate::guest::arguments::Wanted;
use crate::guest::image::{Image, Import};
use crate::guest::stubs::{Row, Way};
use crate::guest::{handover, memory, page, references};
use crate::model::evidence::{CALLS, CallRecord, FaultKind, FaultRecord, MOST_FAULTS, Page};

/// One function that the module calls. Its stub brings the address of this in r11.
#[repr(C)]
#[derive(Debug, Default)]
struct Callee {
    /// [`entry`] or [`entry_with_a_look`]: the stub reads its target here.
    way: u64,
    /// The function itself.
    target: u64,
    /// Its slot, relative to the image.
    slot: u64,
    /// What the arguments hand over, as [`handover`] knows it.
    handover: u64,
    wanted: Wanted,
}

/// What [`entry_with_a_look`] has pushed.
#[repr(C)]
struct Pushed {
    arguments: [u64; 6],
    rbp: u64,
    r11: u64,
    r10: u64,
    rax: u64,
    returns_to: u64,
}

/// How many functions a module can call.
const MOST: usize = 256;

thread_local! {
    static CALLEES: RefCell<Option<Row<Callee>>> = const { RefCell::new(None) };
}

/// Makes the stubs.
pub(super) fn prepare() -> io::Result<()> {
    CALLEES.set(Some(Row::new(MOST, Way::ToWhatTheCellSays)?));
    // The table of prototypes is read once, for all guests.
    Wanted::by("");
    Ok(())
}

/// Leads every function slot of the image through a stub.
pub(super) fn redirect(image: &Image) {
    let segments = memory::segments();
    let mut stubs = Vec::new();
    for Import { name, slot, target } in image.imports() {
        let elsewhere = segments.iter().any(|segment| segment.is_code && segment.has(target));
        if !elsewhere {
            references::watch_imported(target);
        }
        if !elsewhere || image.is_code(target) {
            continue;
        }
        let handover = handover::of(&name);
        let wanted = Wanted::by(&name);
        let way = match handover != 0 || wanted.is_something() {
            true => entry_with_a_look as *const () as u64,
            false => entry as *const () as u64,
        };
        let stub = CALLEES.with_borrow_mut(|row| {
            row.as_mut().and_then(|row| row.fill(Callee { way, target, slot, handover, wanted }))
        });
        stubs.extend(stub.map(|stub| (image.base + slot, stub)));
    }
    memory::write_words(&stubs);
}

const DIRECTION_FLAG: u64 = 1 << 10;

/// Writes down one call and goes on. r11 is the [`Callee`], `[rsp]` the return address; every
/// other register is the callee's.
#[unsafe(naked)]
unsafe extern "C" fn entry() {
    naked_asm!(
        "pushfq",
        "push rax",
        "push rcx",
        "push rdx",
        // rax = the page, rcx = the record
        "lea rax, [rip + {page}]",
        "mov rax, [rax]",
        "mov rcx, [rax + {calls}]",
        "inc qword ptr [rax + {calls}]",
        "and ecx, {calls_mask}",
        "imul ecx, ecx, {record}",
        "lea rcx, [rax + rcx + {call}]",
        "mov rdx, [r11 + {slot}]",
        "mov [rcx + {record_slot}], rdx",
        "mov rdx, [rsp + 32]",
        "mov [rcx + {returns_to}], rdx",
        "lea rdx, [rsp + 32]",
        "mov [rcx + {rsp}], rdx",
        "mov rdx, [rsp + 24]",
        "mov [rcx + {flags}], rdx",
        // the innermost call into the module: frame[min(depth, most) - 1].serial, or 0
        "mov rdx, [rax + {depth}]",
        "cmp rdx, {most_depth}",
        "jbe 2f",
        "mov edx, {most_depth}",
        "2:",
        "test rdx, rdx",
        "jz 3f",
        "imul edx, edx, {frame_size}",
        "mov rdx, [rax + rdx + {frame} - {frame_size}]",
        "3:",
        "mov [rcx + {serial}], rdx",
        "mov [rcx + {arguments}], rdi",
        "mov [rcx + {arguments} + 8], rsi",
        "mov rdx, [rsp]",
        "mov [rcx + {arguments} + 16], rdx",
        "mov rdx, [rsp + 8]",
        "mov [rcx + {arguments} + 24], rdx",
        "mov [rcx + {arguments} + 32], r8",
        "mov [rcx + {arguments} + 40], r9",
        // A call pushes 8 bytes on a stack that has to be at a multiple of 16. Four pushes here
        // change nothing about that.
        "mov eax, esp",
        "and eax, 15",
        "cmp eax, 8",
        "jne 4f",
        "test dword ptr [rsp + 24], {direction}",
        "jz 5f",
        "4:",
        "push rdi", "push rsi", "push r8", "push r9", "push r10", "push r11", "push rbp",
        "mov rdi, rcx",
        "mov rbp, rsp",
        "and rsp, -16",
        // Doubles travel in them, and what is called here may use them.
        "sub rsp, 128",
        "movups [rsp], xmm0", "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2", "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4", "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6", "movups [rsp + 112], xmm7",
        "cld",
        "call {note}",
        "movups xmm0, [rsp]", "movups xmm1, [rsp + 16]",
        "movups xmm2, [rsp + 32]", "movups xmm3, [rsp + 48]",
        "movups xmm4, [rsp + 64]", "movups xmm5, [rsp + 80]",
        "movups xmm6, [rsp + 96]", "movups xmm7, [rsp + 112]",
        "mov rsp, rbp",
        "pop rbp", "pop r11", "pop r10", "pop r9", "pop r8", "pop rsi", "pop rdi",
        // With the flag set CPython would copy backwards or search for ever.
        "and dword ptr [rsp + 24], {no_direction}",
        "5:",
        "pop rdx",
        "pop rcx",
        "pop rax",
        "popfq",
        "jmp [r11 + {target}]",
        page = sym page::PAGE,
        calls = const offset_of!(Page, calls),
        call = const offset_of!(Page, call),
        calls_mask = const CALLS - 1,
        record = const size_of::<CallRecord>(),
        record_slot = const offset_of!(CallRecord, slot),
        returns_to = const offset_of!(CallRecord, returns_to),
        rsp = const offset_of!(CallRecord, rsp),
        flags = const offset_of!(CallRecord, flags),
        serial = const offset_of!(CallRecord, serial),
        arguments = const offset_of!(CallRecord, arguments),
        depth = const offset_of!(Page, depth),
        most_depth = const crate::model::evidence::DEPTH,
        frame = const offset_of!(Page, frame),
        frame_size = const size_of::<crate::model::evidence::FrameRecord>(),
        slot = const offset_of!(Callee, slot),
        target = const offset_of!(Callee, target),
        direction = const DIRECTION_FLAG,
        no_direction = const !(DIRECTION_FLAG as i32),
        note = sym note,
    )
}

/// As [`entry`], after a look at the arguments, and at the tables and functions that they hand over.
#[unsafe(naked)]
unsafe extern "C" fn entry_with_a_look() {
    naked_asm!(
        // The six arguments in memory, so that one of them can be replaced.
        "push rax", "push r10", "push r11", "push rbp",
        "push r9", "push r8", "push rcx", "push rdx", "push rsi", "push rdi",
        "mov rsi, rsp",
        "mov rdi, r11",
        "mov rbp, rsp",
        "and rsp, -16",
        // Doubles travel in them, and what is called here may use them.
        "sub rsp, 128",
        "movups [rsp], xmm0", "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2", "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4", "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6", "movups [rsp + 112], xmm7",
        "cld",
        "call {look}",
        "movups xmm0, [rsp]", "movups xmm1, [rsp + 16]",
        "movups xmm2, [rsp + 32]", "movups xmm3, [rsp + 48]",
        "movups xmm4, [rsp + 64]", "movups xmm5, [rsp + 80]",
        "movups xmm6, [rsp + 96]", "movups xmm7, [rsp + 112]",
        "mov rsp, rbp",
        "pop rdi", "pop rsi", "pop rdx", "pop rcx", "pop r8", "pop r9",
        "pop rbp", "pop r11", "pop r10", "pop rax",
        "jmp {entry}",
        look = sym look,
        entry = sym entry,
    )
}

extern "C" fn look(callee: *const Callee, pushed: *mut Pushed) {
    // SAFETY: the assembly above passes a cell of a stub, which lives for ever, and what it has
    // pushed, on a stack that may be misaligned by any amount.
    let (callee, mut given) = unsafe { (&*callee, pushed.read_unaligned()) };
    if let Some(breach) = callee.wanted.breach(callee.slot, &given.arguments, given.rax) {
        note_once(breach, given.returns_to);
    }
    if let Some(text) = callee.wanted.unended(&given.arguments) {
        handover::note_unended(callee.slot, text, given.returns_to);
    }
    if callee.handover == 0 {
        return;
    }
    if let Some(breach) = handover::look(callee.handover, callee.slot, &mut given.arguments) {
        note_once(breach, given.returns_to);
    }
    // SAFETY: as above.
    unsafe { pushed.write_unaligned(given) };
}

/// Notes what is wrong with a call that was just written down.
extern "C" fn note(call: *const CallRecord) {
    // SAFETY: the record lies in the page, which is mapped for the life of the process.
    let call = unsafe { *call };
    // At the callee's first instruction the return address makes 8 of the 16.
    let modulo = (call.rsp + 8) % 16;
    if modulo != 0 {
        let kind = FaultKind::Misaligned { slot: call.slot, modulo };
        note_once(kind, call.returns_to);
    }
    if call.flags & DIRECTION_FLAG != 0 {
        note_once(FaultKind::DirectionSetAtCall { slot: call.slot }, call.returns_to);
    }
}

/// A call in a loop is one fault.
pub(super) fn note_once(kind: FaultKind, address: u64) {
    let record = FaultRecord::of(kind, "", address);
    let known = page::with(|page| {
        let noted = usize::try_from(page.faults).unwrap_or(MOST_FAULTS).min(MOST_FAULTS);
        let same = |old: &FaultRecord| old.kind == record.kind && old.address == address;
        page.fault[..noted].iter().any(same)
    });
    if known == Some(false) {
        page::note(kind, "", address);
    }
}
