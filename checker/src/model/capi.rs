//! The C functions that exercises call: their parameters' names and types, and what their
//! results are. It is for showing calls, so a function that is not here is shown without names.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

/// What travels in a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `PyObject *`; the callee borrows it.
    Object,
    /// The same, of a tuple.
    Tuple,
    /// `PyObject *`; the callee takes the reference over.
    Stolen,
    /// `const char *`, ended by a zero byte.
    Text,
    /// 32 bits with a sign.
    Int,
    /// 32 bits without.
    Unsigned,
    /// 64 bits with a sign.
    Long,
    /// 64 bits without: `size_t` too.
    UnsignedLong,
    /// In a vector register.
    Double,
    /// Any other address.
    Pointer,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// `PyObject *`: a reference that is the caller's to give back, or NULL with an exception.
    New,
    /// `PyObject *`: a reference that belongs to somebody else, or NULL.
    Borrowed,
    /// A plain value or address, in rax or xmm0.
    Value(Kind),
    /// Two 64-bit halves, in rax and rdx.
    Pair,
    /// Nothing: rax holds what it may.
    Nothing,
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in CPython's documentation, or in the man page.
    pub name: &'static str,
    /// What travels in it.
    pub kind: Kind,
    /// Whether NULL may stand for it.
    pub nullable: bool,
}

/// A function's prototype.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototype {
    /// What it gives.
    pub gives: Gives,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// Whether more arguments may follow, as in `printf`.
    pub variadic: bool,
}

/// How many integer registers there are for arguments.
const REGISTERS: usize = 6;

/// The prototype of a function, if it is known.
pub fn prototype(name: &str) -> Option<&'static Prototype> {
    // A guest asks for a few of them only, so each is read when it is asked for.
    type Row = (&'static str, &'static str, OnceLock<Prototype>);
    static ROWS: LazyLock<HashMap<&str, Row>> = LazyLock::new(|| {
        let rows = TABLE.lines().filter_map(|line| {
            let (head, parameters) = line.trim_end_matches(')').split_once('(')?;
            let (gives, name) = head.split_once(' ')?;
            Some((name, (gives, parameters, OnceLock::new())))
        });
        rows.collect()
    });
    let (gives, parameters, read) = ROWS.get(name)?;
    Some(read.get_or_init(|| parse(gives, parameters)))
}

/// Every function's name.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter_map(|line| line.split_once('(')?.0.split_once(' ')).map(|(_, name)| name)
}

fn parse(gives: &str, parameters: &'static str) -> Prototype {
    let parts = || parameters.split(", ").filter(|part| !part.is_empty());
    Prototype {
        gives: match gives {
            "new" => Gives::New,
            "borrowed" => Gives::Borrowed,
            "void" => Gives::Nothing,
            "pair" => Gives::Pair,
            other => Gives::Value(kind(other)),
        },
        parameters: parts()
            .filter_map(|part| part.split_once(' '))
            .map(|(word, name)| Parameter {
                name,
                kind: kind(word.trim_end_matches('?')),
                nullable: word.ends_with('?'),
            })
            .collect(),
        variadic: parts().any(|part| part == "..."),
    }
}

fn kind(word: &str) -> Kind {
    match word {
        "object" => Kind::Object,
        "tuple" => Kind::Tuple,
        "stolen" => Kind::Stolen,
        "text" => Kind::Text,
        "int" => Kind::Int,
        "uint" => Kind::Unsigned,
        "long" | "size" => Kind::Long,
        "ulong" => Kind::UnsignedLong,
        "double" => Kind::Double,
        _ => Kind::Pointer,
    }
}

/// How many arguments follow a format string, for the two kinds of formats there are; `None`
/// where the function takes none.
pub fn arguments_of_format(function: &str, format: &str) -> Option<usize> {
    if matches!(
        function,
        "printf"
            | "fprintf"
            | "snprintf"
            | "sprintf"
            | "dprintf"
            | "PyErr_Format"
            | "PyErr_WarnFormat"
            | "PyOS_snprintf"
            | "PyUnicode_FromFormat"
            | "PyBytes_FromFormat"
    ) {
        let count = conversions(format).map(|one| one.stars + usize::from(one.letter == 'V') + 1);
        return Some(count.sum());
    }
    let parses = function.contains("Parse");
    if !parses && !function.contains("Build") && !function.contains("Call") {
        return None;
    }
    // `O!`, `O&` and `s#` take one argument more; `(`, `|` and the like take none.
    let units = format.split([':', ';']).next().unwrap_or("");
    let takes = |c: char| c.is_ascii_alphabetic() || matches!(c, '#' | '!' | '&');
    Some(units.replace("es", "ss").replace("et", "ss").chars().filter(|c| takes(*c)).count())
}

/// How many of the arguments behind a format are doubles, which travel in vector registers; `None`
/// where the function takes no such format.
pub fn doubles_of_format(function: &str, format: &str) -> Option<usize> {
    let prints = ["printf", "fprintf", "snprintf", "sprintf", "dprintf", "PyOS_snprintf"];
    if !prints.contains(&function) {
        return None;
    }
    Some(conversions(format).filter(|one| one.is_double()).count())
}

/// A conversion of a format as printf(3) has it, or one of CPython's own: `%s`, `%-*ld`, `%R`.
struct Conversion {
    /// How many arguments say its width and precision.
    stars: usize,
    letter: char,
}

impl Conversion {
    fn is_double(&self) -> bool {
        "aAeEfFgG".contains(self.letter)
    }

    /// "PyUnicode_FromFormat" of the C API manual has the upper-case letters.
    fn is_address(&self) -> bool {
        "snUVSRATN".contains(self.letter)
    }
}

/// The conversions of a format that take arguments.
fn conversions(format: &str) -> impl Iterator<Item = Conversion> {
    let mut rest = format;
    std::iter::from_fn(move || {
        loop {
            // Flags, width, precision and length come before the letter. A long double, `L`,
            // travels on the stack.
            let behind = &rest[rest.find('%')? + 1..];
            let is_letter = |c: char| c == '%' || c.is_ascii_alphabetic() && !"hljztq".contains(c);
            let (at, letter) = behind.char_indices().find(|(_, c)| is_letter(*c))?;
            rest = &behind[at + letter.len_utf8()..];
            if letter != '%' {
                let stars = behind[..at].matches('*').count();
                return Some(Conversion { stars, letter });
            }
        }
    })
}

/// The registers, by their places in the ABI's order, that hold addresses in a call of the
/// function: as far as its prototype says so, and its format. `None` where nothing is known of it.
pub fn addresses(function: &str, format: &str) -> Option<Vec<usize>> {
    let known = prototype(function)?;
    let is_address = |kind: Kind| kind.is_object() || matches!(kind, Kind::Text | Kind::Pointer);
    let mut addresses: Vec<bool> =
        known.in_registers().map(|(_, one)| is_address(one.kind) && !one.nullable).collect();
    let count = arguments_of_format(function, format).filter(|_| known.variadic).unwrap_or(0);
    if function.contains("Parse") {
        addresses.extend(std::iter::repeat_n(true, count));
    } else if known.variadic && !function.contains("Build") && !function.contains("Call") {
        // CPython's own formats have no doubles, and `%A` for an object.
        let prints_doubles = doubles_of_format(function, "").is_some();
        for one in conversions(format) {
            addresses.extend(std::iter::repeat_n(false, one.stars));
            let arguments = match one.letter {
                _ if prints_doubles && one.is_double() => 0,
                'V' => 2,
                _ => 1,
            };
            addresses.extend(std::iter::repeat_n(one.is_address(), arguments));
        }
    }
    let places = addresses.into_iter().take(REGISTERS).enumerate();
    Some(places.filter_map(|(place, is_one)| is_one.then_some(place)).collect())
}

/// What each variable gets of PyArg_ParseTuple and its like: its unit of the format, and how many
/// bytes that writes. Up to a unit with arguments of another kind.
pub fn widths_of_format(format: &str) -> Vec<(char, u64)> {
    let units = format.split([':', ';']).next().unwrap_or_default();
    let mut widths = Vec::new();
    let mut rest = units.chars().peekable();
    while let Some(unit) = rest.next() {
        // "Parsing arguments and building values" of the C API manual.
        let width = match unit {
            'b' | 'B' | 'c' => 1,
            'h' | 'H' => 2,
            'i' | 'I' | 'f' | 'C' | 'p' => 4,
            'l' | 'k' | 'L' | 'K' | 'n' | 'd' | 'O' | 's' | 'z' | 'y' | 'U' | 'S' | 'Y' => 8,
            'D' => 16,
            '|' | '$' | '(' | ')' => continue,
            _ => break,
        };
        match rest.peek() {
            Some('#') => {
                widths.extend([(unit, 8), ('#', 8)]);
                rest.next();
            }
            Some('!' | '&' | '*') => break,
            _ => widths.push((unit, width)),
        }
    }
    widths
}

impl Prototype {
    /// The integer registers in which texts travel that end in a zero byte, by their places in the
    /// ABI's order. A text whose length is passed behind it needs none.
    pub fn texts(&self) -> impl Iterator<Item = usize> {
        const LENGTHS: [&str; 3] = ["size", "len", "n"];
        let length = self.parameters.iter().rposition(|one| LENGTHS.contains(&one.name));
        let after_it = length.map_or(0, |length| length + 1);
        let in_registers = self.parameters.iter().enumerate();
        let in_registers = in_registers.filter(|(_, one)| one.kind != Kind::Double);
        in_registers
            .take(REGISTERS)
            .enumerate()
            .filter(move |(_, (index, one))| one.kind == Kind::Text && *index >= after_it)
            .map(|(register, _)| register)
    }

    /// The integer registers in which numbers of 64 bits without a sign travel, such as a count of
    /// bytes, by their places in the ABI's order.
    pub fn unsigned(&self) -> impl Iterator<Item = usize> {
        self.of_kind(Kind::UnsignedLong)
    }

    /// The integer registers in which tuples travel, by their places in the ABI's order.
    pub fn tuples(&self) -> impl Iterator<Item = usize> {
        self.of_kind(Kind::Tuple)
    }

    /// The integer registers in which objects travel, by their places in the ABI's order, and
    /// whether NULL may stand for each.
    pub fn objects(&self) -> impl Iterator<Item = (usize, bool)> {
        let objects = self.in_registers().filter(|(_, one)| one.kind.is_object());
        objects.map(|(register, one)| (register, one.nullable))
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = usize> {
        let those = self.in_registers().filter(move |(_, one)| one.kind == kind);
        those.map(|(register, _)| register)
    }

    /// The parameters in integer registers, with their places in the ABI's order.
    fn in_registers(&self) -> impl Iterator<Item = (usize, &Parameter)> {
        let in_registers = self.parameters.iter().filter(|one| one.kind != Kind::Double);
        in_registers.take(REGISTERS).enumerate()
    }
}

impl Kind {
    fn is_object(self) -> bool {
        matches!(self, Self::Object | Self::Tuple | Self::Stolen)
    }
}

/// A line for each: what it gives, its name, its parameters. Written after the C API's reference
/// manual; the libc part after the man pages. `object?` may be NULL.
const TABLE: &str = include_str!("capi/functions.txt");
