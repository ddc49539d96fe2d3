//! Accesses that are wider than the variable they name. How large a variable is, nasm does not
//! say: it reaches to the next label, or to the end of its section. Behind that end nothing is
//! anybody's; the next label's bytes may be meant, and only explain what went wrong.

use iced_x86::Instruction;

use crate::check::{Places, instruction};
use crate::host::image::{DataLabel, ObjectFacts, SharedFacts};
use crate::model::capi;
use crate::model::evidence::Page;
use crate::model::finding::{Code, Finding, Place};

/// The bytes of a variable: up to the next label, or to the end of its section.
pub(super) struct Room<'a> {
    pub(super) label: &'a str,
    pub(super) bytes: u64,
    /// The next label, or nothing at the end.
    next: Option<&'a str>,
}

/// The room of the variable at the address. A label such as `pair.second` is a part of `pair`. The
/// linker joins sections and fills them up, so only the object says where one ends.
pub(super) fn room<'a>(
    address: u64,
    facts: &SharedFacts,
    object: &'a ObjectFacts,
) -> Option<Room<'a>> {
    let first = facts.data_labels.partition_point(|(at, _)| *at < address);
    let here = facts.data_labels[first..].iter().take_while(|(at, _)| *at == address);
    // Behind the end of one section another one may begin.
    let known = here.filter_map(|(_, name)| object.data.iter().position(|one| one.name == *name));
    let index = known.filter(|index| object.data[*index].left > 0).min()?;
    let DataLabel { section, offset, left, name } = &object.data[index];
    let part = |other: &str| {
        other.strip_prefix(&**name).is_some_and(|rest| rest.starts_with('.'))
            || other.starts_with("..")
    };
    let rest = object.data[index..].iter().take_while(|other| other.section == *section);
    let mut later = rest.filter(|other| other.offset > *offset && other.offset < offset + left);
    let next = later.find(|other| !part(&other.name));
    let bytes = next.map_or(*left, |next| next.offset - offset);
    Some(Room { label: name, bytes, next: next.map(|next| next.name.as_str()) })
}

/// The finding about an access that goes on behind the end of its section.
pub(super) fn behind_the_end(
    facts: &SharedFacts,
    object: &ObjectFacts,
    places: Places<'_>,
) -> Option<Finding> {
    too_wide(facts, object, places).find_map(|(one, room, place)| {
        if room.next.is_some() {
            return None;
        }
        // Whoever loads a vector may know that nothing comes of the bytes that are too many.
        let size = one.memory_size().size();
        if size > 8 && !instruction::writes(&one) {
            return None;
        }
        let does = if instruction::writes(&one) { "writes" } else { "reads" };
        let (label, has) = (room.label, room.bytes);
        let sentence = format!("this {does} {size} bytes at `{label}`, which has {has}");
        Some(finding(sentence, Some(place)).detail(BEHIND_THE_END))
    })
}

/// What to say, and of which line, of the first access that takes the next variable's bytes in.
pub(super) fn into_the_next(
    facts: &SharedFacts,
    object: &ObjectFacts,
    places: Places<'_>,
) -> Option<(Place, String)> {
    too_wide(facts, object, places).find_map(|(one, room, place)| {
        let next = room.next?;
        let does = if instruction::writes(&one) { "writes" } else { "reads" };
        let (size, label, has) = (one.memory_size().size(), room.label, room.bytes);
        let says = format!(
            "This line {does} {size} bytes at `{label}`, which has {has}. The others are those of \
             `{next}`."
        );
        Some((place, says))
    })
}

/// The finding about a variable that a call of PyArg_ParseTuple fills, and that has not the room
/// for what its format says: as far as calls are remembered, and their arguments are in registers.
pub(super) fn parsed(
    page: &Page,
    facts: &SharedFacts,
    object: &ObjectFacts,
    places: Places<'_>,
) -> Option<Finding> {
    let own = |address: u64| address.checked_sub(page.image_base);
    page.calls_newest_first().find_map(|call| {
        let callee = facts.callee(call.slot)?;
        // The format's register, and those of the variables behind it.
        let format = match callee {
            "PyArg_ParseTuple" | "PyArg_Parse" => 1,
            "PyArg_ParseTupleAndKeywords" => 2,
            _ => return None,
        };
        let first = if format == 1 { 2 } else { 4 };
        let text = facts.text_at(own(call.arguments[format])?)?;
        let widths = capi::widths_of_format(text);
        let place = places.of_own_code(own(call.returns_to)?.checked_sub(1)?, facts)?;
        let variables = call.arguments[first..].iter().zip(widths);
        variables
            .filter_map(|(variable, (unit, width))| {
                let room = room(own(*variable)?, facts, object)?;
                let (label, has) = (room.label, room.bytes);
                let sentence =
                    format!("`{unit}` in the format fills {width} bytes, and `{label}` has {has}");
                let what = match room.next {
                    None => BEHIND_THE_END.to_owned(),
                    Some(next) => format!("The bytes behind it are those of `{next}`."),
                };
                (room.bytes < width).then(|| finding(sentence, Some(place.clone())).detail(what))
            })
            .next()
    })
}

/// The learner's accesses to a label that are wider than what it has.
fn too_wide<'a>(
    facts: &'a SharedFacts,
    object: &'a ObjectFacts,
    places: Places<'a>,
) -> impl Iterator<Item = (Instruction, Room<'a>, Place)> {
    instruction::all(facts).into_iter().filter_map(move |one| {
        let size = one.memory_size().size() as u64;
        if !one.is_ip_rel_memory_operand() || size == 0 {
            return None;
        }
        let room = room(one.ip_rel_memory_address(), facts, object)?;
        let place = places.of_own_code(one.ip(), facts)?;
        (size > room.bytes).then_some((one, room, place))
    })
}

const BEHIND_THE_END: &str =
    "Its section ends behind it: what is there belongs to nobody, or is no memory at all.";

fn finding(sentence: String, place: Option<Place>) -> Finding {
    Finding::new(Code::V013, sentence).at(place).hint(
        "`resb`, `resw`, `resd` and `resq` reserve 1, 2, 4 and 8 bytes; `db`, `dw`, `dd` and `dq` \
         write as many; a C long and an address have 8",
    )
}
