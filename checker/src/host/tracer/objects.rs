//! Python objects as they lie in the tracee's memory, in Python's own notation. The layouts are
//! those of CPython 3.9 to 3.14 with a GIL (Include/cpython/*.h); what does not look like an
//! object there gets no text.

use crate::host::tracer::process::Process;

/// How deep containers are opened.
const DEEPEST: usize = 2;

/// How many items of a container are shown.
const MOST_ITEMS: u64 = 4;

/// How many characters of a text are shown.
const LONGEST: usize = 40;

/// Where fields of objects lie, in bytes.
const OB_TYPE: u64 = 8;
const OB_SIZE: u64 = 16;
const AFTER_VAR_HEAD: u64 = 24;
const TP_NAME: u64 = 24;

/// With this byte the debug allocator fills freed memory (Objects/obmalloc.c).
const FREED: u64 = 0xdddd_dddd_dddd_dddd;

/// Reads objects of one process.
#[derive(Clone, Copy)]
pub(super) struct Objects<'a> {
    pub(super) process: &'a Process,
    /// 12 for CPython 3.12.
    pub(super) minor: u32,
}

impl Objects<'_> {
    /// The object in Python's notation; nothing where the address is not one of an object.
    pub(super) fn describe(&self, address: u64) -> Option<String> {
        if address == 0 {
            return Some("NULL".to_owned());
        }
        self.at_depth(address, 0)
    }

    /// An array of objects: what a `METH_FASTCALL` function gets.
    pub(super) fn array(&self, address: u64, length: u64) -> Option<String> {
        self.items(address, length, 0).map(|items| format!("[{items}]"))
    }

    fn at_depth(&self, address: u64, depth: usize) -> Option<String> {
        if address < 4096 || !address.is_multiple_of(8) {
            return None;
        }
        let word = |offset: u64| self.process.read_word(address + offset);
        let (count, class) = (word(0)?, word(OB_TYPE)?);
        if class == FREED {
            return Some("freed memory".to_owned());
        }
        if !is_count(count) {
            return None;
        }
        let name = self.type_name(class)?;
        let text = match name.as_str() {
            "NoneType" => Some("None".to_owned()),
            "NotImplementedType" => Some("NotImplemented".to_owned()),
            "ellipsis" => Some("Ellipsis".to_owned()),
            "int" => self.integer(address),
            "bool" => self
                .integer(address)
                .map(|value| if value == "0" { "False".to_owned() } else { "True".to_owned() }),
            "float" => word(OB_SIZE).map(|bits| float(f64::from_bits(bits))),
            "str" => self.text(address).map(|text| quoted(&text)),
            "bytes" => self.bytes(address),
            "tuple" if depth < DEEPEST => self.tuple(address, depth),
            "list" if depth < DEEPEST => {
                let items = self.items(word(AFTER_VAR_HEAD)?, word(OB_SIZE)?, depth);
                items.map(|items| format!("[{items}]"))
            }
            "module" => {
                // md_dict, md_def, md_state, md_weaklist, md_name
                let name = word(48).and_then(|name| self.text(name));
                name.map(|name| format!("<module '{name}'>"))
            }
            _ if self.is_type(class) && self.is_type(address) => self.class(address),
            _ => None,
        };
        Some(text.unwrap_or_else(|| format!("<{name} object>")))
    }

    /// A text object's characters.
    pub(super) fn text(&self, address: u64) -> Option<String> {
        let length = self.process.read_word(address + 16)?;
        let shown = usize::try_from(length).ok()?.min(LONGEST + 1);
        let state = self.process.read_word(address + 32)? & 0xffff_ffff;
        // 3.14 gives `interned` 16 bits; before, it had 2.
        let at = if state >> 2 & 7 != 0 { 2 } else { 16 };
        let (kind, compact, ascii) =
            (state >> at & 7, state >> (at + 3) & 1, state >> (at + 4) & 1);
        if compact != 1 {
            return None;
        }
        // Before 3.12 a wchar_t pointer and its length took 16 bytes more.
        let head = match (ascii == 1, self.minor < 12) {
            (true, true) => 48,
            (true, false) => 40,
            (false, true) => 72,
            (false, false) => 56,
        };
        let size = usize::try_from(kind).ok().filter(|size| matches!(size, 1 | 2 | 4))?;
        let mut bytes = vec![0; shown * size];
        self.process.read(address + head, &mut bytes).then_some(())?;
        let characters = bytes.chunks_exact(size).map(|unit| {
            let code = unit.iter().rev().fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        });
        let mut text: String = characters.collect();
        if shown > LONGEST {
            text.pop();
            text.push('…');
        }
        Some(text)
    }

    fn type_name(&self, class: u64) -> Option<String> {
        if class < 4096 || !class.is_multiple_of(8) || !self.is_type(class) {
            return None;
        }
        let name = self.process.read_word(class + TP_NAME)?;
        let name = String::from_utf8(self.process.read_text(name, 80)?).ok()?;
        let fits =
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_.".contains(c));
        fits.then_some(name)
    }

    /// Whether it is a type: the type of its type, or the type of that, is `type` itself.
    fn is_type(&self, address: u64) -> bool {
        let class_of = |object: u64| {
            let aligned = object >= 4096 && object.is_multiple_of(8);
            aligned.then(|| self.process.read_word(object + OB_TYPE))?
        };
        let Some(meta) = class_of(address) else { return false };
        let Some(above) = class_of(meta) else { return false };
        // `type` is its own type.
        above == meta || class_of(above) == Some(above)
    }

    fn class(&self, address: u64) -> Option<String> {
        let name = self.process.read_word(address + TP_NAME)?;
        let name = String::from_utf8(self.process.read_text(name, 80)?).ok()?;
        Some(format!("<class '{name}'>"))
    }

    fn integer(&self, address: u64) -> Option<String> {
        let tag = self.process.read_word(address + 16)?;
        let (count, negative) = if self.minor < 12 {
            (tag.cast_signed().unsigned_abs(), tag.cast_signed() < 0)
        } else {
            // lv_tag: the sign in two bits (0 plus, 1 zero, 2 minus), then a flag, then the count.
            (if tag & 3 == 1 { 0 } else { tag >> 3 }, tag & 3 == 2)
        };
        const MOST_DIGITS: u64 = 4;
        if count > MOST_DIGITS {
            let bits = 30 * count.min(1 << 32);
            return Some(format!("an int of about {bits} bits"));
        }
        let mut value: u128 = 0;
        for index in 0..count {
            let mut digit = [0; 4];
            self.process.read(address + 24 + 4 * index, &mut digit).then_some(())?;
            value |= u128::from(u32::from_le_bytes(digit)) << (30 * index);
        }
        Some(if negative { format!("-{value}") } else { value.to_string() })
    }

    fn bytes(&self, address: u64) -> Option<String> {
        let length = usize::try_from(self.process.read_word(address + OB_SIZE)?).ok()?;
        let mut bytes = vec![0; length.min(LONGEST)];
        self.process.read(address + 32, &mut bytes).then_some(())?;
        let text: String =
            bytes.iter().flat_map(|byte| byte.escape_ascii()).map(char::from).collect();
        let more = if length > LONGEST { "…" } else { "" };
        Some(format!("b'{text}'{more}"))
    }

    fn tuple(&self, address: u64, depth: usize) -> Option<String> {
        let length = self.process.read_word(address + OB_SIZE)?;
        // 3.14 keeps the hash before the items.
        let items = if self.minor < 14 { AFTER_VAR_HEAD } else { AFTER_VAR_HEAD + 8 };
        let items = self.items(address + items, length, depth)?;
        Some(if length == 1 { format!("({items},)") } else { format!("({items})") })
    }

    fn items(&self, address: u64, length: u64, depth: usize) -> Option<String> {
        let mut items = Vec::new();
        for index in 0..length.min(MOST_ITEMS) {
            let item = self.process.read_word(address + 8 * index)?;
            let text = match item {
                0 => Some("NULL".to_owned()),
                item => self.at_depth(item, depth + 1),
            };
            items.push(text.unwrap_or_else(|| "?".to_owned()));
        }
        if length > MOST_ITEMS {
            items.push("…".to_owned());
        }
        Some(items.join(", "))
    }
}

/// Whether the word can be a reference count, and not an address: small, or that of an immortal
/// object. From 3.14 on its upper bits are flags (Include/refcount.h).
fn is_count(word: u64) -> bool {
    const LARGE: u64 = 1 << 20;
    const IMMORTAL: u64 = 1 << 29;
    let low = word & 0xffff_ffff;
    word >> 32 & 0xffff == 0 && low > 0 && !(LARGE..IMMORTAL).contains(&low)
}

/// As Python prints a float, but for its shortest form of very large and small ones.
fn float(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { value.to_string().to_lowercase() }
}

/// Text in double quotes, with what cannot be seen escaped.
pub(super) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(LONGEST + 1).collect();
    format!("\"{}\"", shown.escape_debug())
}
