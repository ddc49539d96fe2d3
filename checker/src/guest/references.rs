//! Reference counts around one call: what the function gave up that was not its own, and whether
//! its result is its caller's to keep.
//!
//! An object begins with its count and its type (Include/object.h, GIL builds). From 3.12 on some
//! objects are immortal: their counts say nothing.

use std::cell::RefCell;
use std::ops::Range;

use pyo3::ffi;

use crate::guest::memory;

/// The objects of one call.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Each object once, with the argument that it is first and its count before the call. An
    /// array, because a watch begins and ends with every call.
    objects: [Watched; MOST],
    /// How many of them there are.
    count: usize,
    none: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Watched {
    argument: usize,
    object: u64,
    before: u64,
}

/// How many items a tuple has. Where it keeps them changed in 3.14, so CPython is asked.
fn size(tuple: u64) -> usize {
    // SAFETY: CPython passes a tuple to a METH_VARARGS function, and holds the GIL.
    let size = unsafe { ffi::PyTuple_Size(tuple as *mut ffi::PyObject) };
    usize::try_from(size).unwrap_or(0)
}

/// An item of a tuple that has it.
fn item(tuple: u64, index: usize) -> u64 {
    // SAFETY: as above; the item is borrowed and stays with the tuple.
    unsafe { ffi::PyTuple_GetItem(tuple as *mut ffi::PyObject, index.cast_signed()) as u64 }
}

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    /// The caller's reference to an argument was given up, so many times.
    GaveUp {
        /// From 1.
        argument: usize,
        /// How many references.
        times: u64,
    },
    /// The result is an argument, or None, and no reference was made for the caller.
    Borrowed,
}

/// How many references of the guard's own keep an argument alive while the function runs.
const ARMOR: u64 = 1000;

/// How many arguments are watched.
const MOST: usize = 16;

/// Counts from here on belong to immortal objects: 3.12 and 3.13 begin at 2**30 - 1 or have the
/// sign bit of 32 set, 3.14 and later at 3 * 2**30.
const IMMORTAL: u64 = 0x2000_0000;

/// What the debug allocator fills freed memory with.
const FREED: u64 = 0xdddd_dddd;

impl Watch {
    /// Before the call: `flags` as in PyMethodDef, the first arguments as the registers have them.
    pub(super) fn begin(&mut self, flags: u64, rsi: u64, rdx: u64) {
        const VARARGS: u64 = 1;
        const O: u64 = 8;
        const FASTCALL: u64 = 0x80;
        let (given, argument): (usize, &dyn Fn(usize) -> u64) = match flags {
            _ if flags & O != 0 => (1, &|_| rsi),
            _ if flags & VARARGS != 0 => (size(rsi), &|index| item(rsi, index)),
            // The upper bit of nargs is PY_VECTORCALL_ARGUMENTS_OFFSET's.
            _ if flags & FASTCALL != 0 => {
                let given = usize::try_from(rdx & u64::from(u32::MAX)).unwrap_or(0);
                (given, &|index| memory_word(rsi + 8 * index as u64))
            }
            _ => (0, &|_| 0),
        };
        self.none = count(none());
        self.count = 0;
        for index in 0..given.min(MOST) {
            let object = argument(index);
            let before = count(object);
            let known = self.objects[..self.count].iter().any(|known| known.object == object);
            if before < IMMORTAL && !known {
                set_count(object, before + ARMOR);
                self.objects[self.count] = Watched { argument: index + 1, object, before };
                self.count += 1;
            }
        }
    }

    /// After the call, with what it gave back.
    pub(super) fn end(&self, result: u64) -> Vec<Breach> {
        let mut breaches = Vec::new();
        let mut returned = None;
        for Watched { argument, object, before } in self.objects[..self.count].iter().copied() {
            let now = count(object).wrapping_sub(ARMOR);
            set_count(object, now);
            let change = now.wrapping_sub(before).cast_signed();
            if object == result {
                returned = Some(change);
            }
            if change < 0 {
                let times = change.unsigned_abs();
                set_count(object, before);
                breaches.push(Breach::GaveUp { argument, times });
            }
        }
        if result != 0 {
            breaches.extend(self.result(result, returned));
        }
        breaches
    }

    fn result(&self, result: u64, returned: Option<i64>) -> Option<Breach> {
        let made = match returned {
            Some(made) => made,
            None if result == none() && self.none < IMMORTAL => {
                count(result).wrapping_sub(self.none).cast_signed()
            }
            None => return None,
        };
        if made > 0 {
            return None;
        }
        // The caller will give it up: it gets the reference that it should have had.
        set_count(result, count(result) + 1);
        Some(Breach::Borrowed)
    }
}

/// Objects that are kept alive, whatever is done to their counts, while something runs again and
/// again: the constants of its code.
#[derive(Debug)]
pub(super) struct Armored(Vec<(u64, u64)>);

impl Armored {
    /// Of these objects, those that hardly anybody else has.
    pub(super) fn new(objects: &[u64]) -> Self {
        const FEW: u64 = 20;
        let mut armored = Vec::new();
        for object in objects.iter().copied() {
            let before = count(object);
            if before < FEW {
                set_count(object, before + ARMOR);
                armored.push((object, before));
            }
        }
        Self(armored)
    }

    /// How many references to them there are more than at first, and how many fewer.
    pub(super) fn changes(&self) -> (u64, u64) {
        let change = |(object, before): &(u64, u64)| {
            count(*object).wrapping_sub(before + ARMOR).cast_signed()
        };
        let of =
            |sign: i64| self.0.iter().map(|one| (sign * change(one)).max(0).unsigned_abs()).sum();
        (of(1), of(-1))
    }
}

impl Drop for Armored {
    fn drop(&mut self) {
        for (object, before) in &self.0 {
            // Whoever lost references has them back: the code still holds the object.
            set_count(*object, count(*object).wrapping_sub(ARMOR).max(*before));
        }
    }
}

thread_local! {
    /// CPython's own objects that the module names, such as exceptions, and by how much the
    /// module's calls have changed the count of each.
    static IMPORTED: RefCell<Vec<(u64, i64)>> = const { RefCell::new(Vec::new()) };
}

/// Watches what a variable of CPython's is, or holds: an object, or the address of one.
pub(super) fn watch_imported(variable: u64) {
    let held = || memory::word(variable).filter(|held| is_object(*held));
    let object = if is_object(variable) { Some(variable) } else { held() };
    if let Some(object) = object {
        IMPORTED.with_borrow_mut(|imported| imported.push((object, 0)));
    }
}

/// Counts a call that changes the object's count by so much; whether more references were given
/// up than made by now. Where they live for ever, the count itself does not show that.
pub(super) fn count_imported(object: u64, change: i64) -> bool {
    IMPORTED.with_borrow_mut(|imported| {
        let known = imported.iter_mut().find(|(known, _)| *known == object);
        known.is_some_and(|(_, balance)| {
            *balance += change;
            *balance < 0
        })
    })
}

thread_local! {
    /// Pages that were there when they were first looked at, and types that are types.
    static PAGES: RefCell<Seen> = const { RefCell::new(Seen::NOTHING) };
    static TYPES: RefCell<Seen> = const { RefCell::new(Seen::NOTHING) };
}

/// Some of the numbers that were seen: each has one place, where the next one with the same place
/// takes over.
#[derive(Debug)]
struct Seen([u64; Seen::PLACES]);

impl Seen {
    const PLACES: usize = 256;
    const NOTHING: Self = Self([0; Self::PLACES]);

    /// Whether the number was seen, or else is as `look` says, which is then remembered. Numbers
    /// that differ in their low bits only have different places.
    fn or(&mut self, number: u64, look: impl FnOnce() -> bool) -> bool {
        let place = usize::try_from(number % Self::PLACES as u64).unwrap_or(0);
        if number == 0 || self.0[place] != number {
            if !look() {
                return false;
            }
            self.0[place] = number;
        }
        true
    }
}

/// Whether an object begins at the address: a type that is an object itself.
pub(super) fn is_object(address: u64) -> bool {
    // A count is a number of 32 bits. From 3.14 on, flags may lie in the 16 highest bits.
    const NO_COUNT: u64 = 0xffff << 32;
    if !is_there_aligned(address) {
        return false;
    }
    // In a row of variables that hold objects, such as CPython's exceptions, the next one would
    // pass for a type.
    let first = memory_word(address);
    let variable = first < IMMORTAL && is_there_aligned(first) && has_a_type(first);
    first & NO_COUNT == 0 && has_a_type(address) && !variable
}

fn is_there_aligned(address: u64) -> bool {
    address.is_multiple_of(8) && address >= 4096 && is_there(address) && is_there(address + 8)
}

fn has_a_type(address: u64) -> bool {
    const TYPE: u64 = 8;
    let class = memory_word(address + TYPE);
    class.is_multiple_of(TYPE)
        && TYPES.with_borrow_mut(|types| types.or(class / TYPE, || is_type(class)))
}

/// Whether the address is a type's: its type's type, in the end, is `type`, which is its own.
fn is_type(address: u64) -> bool {
    let mut at = address;
    for _ in 0..3 {
        match memory::word(at + 8) {
            Some(class) if class == at => return true,
            Some(class) if class != 0 && class.is_multiple_of(8) => at = class,
            _ => return false,
        }
    }
    false
}

/// Whether the page of the address can be read. A system call asks once for each page.
fn is_there(address: u64) -> bool {
    const PAGE: u64 = 4096;
    let page = address / PAGE;
    PAGES.with_borrow_mut(|pages| pages.or(page, || memory::word(address & !7).is_some()))
}

/// Whether an object has been given back: its memory to the debug allocator, or the object, with
/// no reference left, to a free list of its type's.
pub(super) fn is_freed(address: u64) -> bool {
    if !address.is_multiple_of(8) || !is_there(address) {
        return false;
    }
    let first = memory_word(address);
    // An ordinary count, which is what nearly every object begins with.
    if (1..IMMORTAL).contains(&first) {
        return false;
    }
    let count = first & u64::from(u32::MAX);
    count == FREED || count == 0 && is_object(address) || is_in_free_list(address)
}

/// Whether the object stands in a free list as 3.14 and later keep them: in the place of its count
/// is the address of the next one, which has the same type, and the last one has 0 there.
fn is_in_free_list(address: u64) -> bool {
    // Others may be in the list, but no living object has an address for a count.
    const ENOUGH: usize = 3;
    // Below are counts, and above those of 3.14 with flags in the 16 highest bits. Objects of free
    // lists come from CPython's arenas, which mmap(2) has made.
    const ARENAS: Range<u64> = 1 << 32..1 << 48;
    let class = |object: u64| memory_word(object + 8);
    if !is_there_aligned(address) || !has_a_type(address) {
        return false;
    }
    let mut at = address;
    for _ in 0..ENOUGH {
        let next = memory_word(at);
        if next == 0 {
            return true;
        }
        let possible = ARENAS.contains(&next) && is_there_aligned(next);
        if !possible || class(next) != class(address) {
            return false;
        }
        at = next;
    }
    true
}

fn none() -> u64 {
    // SAFETY: Py_None is the address of a static object.
    unsafe { ffi::Py_None() as u64 }
}

/// The count of an object: 32 bits of it since 3.12.
fn count(object: u64) -> u64 {
    memory_word(object) & 0xffff_ffff
}

fn set_count(object: u64, count: u64) {
    // SAFETY: the object is alive: an argument of a call under way, or None. Only the count's
    // lower half changes, which all of 3.9 to 3.15 have there.
    unsafe { (object as *mut u32).write(u32::try_from(count).unwrap_or(u32::MAX)) }
}

/// The word at an address that CPython itself has just given us.
fn memory_word(address: u64) -> u64 {
    // SAFETY: arguments, tuples and argument vectors of a call under way are alive.
    unsafe { *(address as *const u64) }
}
