//! Calls in words: arguments and results by their prototypes.

use crate::host::tracer::objects::{Objects, quoted};
use crate::host::tracer::process::{Process, Registers};
use crate::host::tracer::target::{Convention, Signature};
use crate::model::capi::{self, Gives, Kind, Prototype};
use crate::model::trace::{Hex, Register, Value};

/// How many arguments of a variadic call are shown.
const MOST_VARIADIC: usize = 8;

/// What is needed to read arguments.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) process: &'a Process,
    pub(super) minor: u32,
}

impl<'a> Reader<'a> {
    fn objects(&self) -> Objects<'a> {
        Objects { process: self.process, minor: self.minor }
    }

    /// The arguments of a C function that is about to be called, `rsp` being where it is before
    /// the `call` pushes its return address.
    pub(super) fn arguments(
        &self,
        name: &str,
        prototype: &Prototype,
        registers: &Registers,
    ) -> Vec<Value> {
        let mut values = Vec::new();
        let mut places = Slots::new(self, registers, 0);
        let mut format = None;
        for parameter in &prototype.parameters {
            let value = places.value(parameter.name, parameter.kind);
            if parameter.name == "format" {
                format = self.process.read_text(value.v.0, 200);
            }
            values.push(value);
        }
        if prototype.variadic {
            let format = format.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let count = format.and_then(|format| capi::arguments_of_format(name, &format));
            for _ in 0..count.unwrap_or(0).min(MOST_VARIADIC) {
                values.push(places.value("", Kind::Pointer));
            }
        }
        values
    }

    /// What a C function gave, and whether it may use rdx for it.
    pub(super) fn result(
        &self,
        gives: Option<Gives>,
        registers: &Registers,
    ) -> (Option<Value>, bool) {
        let rax = registers.get(Register::Rax);
        let value = |text| Some(Value { n: String::new(), at: "rax".into(), v: Hex(rax), t: text });
        match gives {
            None => (value(None), true),
            Some(Gives::Nothing) => (None, false),
            Some(Gives::Pair) => {
                let (low, high) = (rax.cast_signed(), registers.get(Register::Rdx).cast_signed());
                (value(Some(format!("{low} and {high}"))), true)
            }
            Some(Gives::New | Gives::Borrowed) => (value(self.objects().describe(rax)), false),
            Some(Gives::Value(Kind::Double)) => (self.double("", 0), false),
            Some(Gives::Value(kind)) => (value(self.text(kind, rax)), false),
        }
    }

    /// The arguments of a function of the module's that was just entered.
    pub(super) fn entered(
        &self,
        signature: &Signature,
        registers: &Registers,
    ) -> Option<Vec<Value>> {
        let mut slots = Slots::new(self, registers, 8);
        let convention = match signature {
            Signature::Method(_, convention) => *convention,
            Signature::Workbook(_, types, _) => {
                let value = |kind: &String| {
                    let mut value = slots.value(kind, workbook_kind(kind));
                    value.t = narrow(kind, value.v.0).or(value.t);
                    value
                };
                return Some(types.iter().map(value).collect());
            }
            Signature::Init(_) => return Some(Vec::new()),
            Signature::Unknown(_) => return None,
        };
        let mut values = vec![slots.value("module", Kind::Object)];
        match convention {
            Convention::NoArguments => {}
            Convention::OneObject => values.push(slots.value("arg", Kind::Object)),
            Convention::Tuple => values.push(slots.value("args", Kind::Object)),
            Convention::TupleAndDict => {
                values.push(slots.value("args", Kind::Object));
                values.push(slots.value("kwargs", Kind::Object));
            }
            Convention::Array | Convention::ArrayAndNames => {
                let mut array = slots.value("args", Kind::Pointer);
                let count = slots.value("nargs", Kind::Long);
                array.t = self.objects().array(array.v.0, count.v.0);
                values.extend([array, count]);
                if convention == Convention::ArrayAndNames {
                    values.push(slots.value("kwnames", Kind::Object));
                }
            }
        }
        Some(values)
    }

    /// What a function of the module's gives to its caller.
    pub(super) fn left(&self, signature: &Signature, registers: &Registers) -> Option<Value> {
        let gives = match signature {
            Signature::Method(..) | Signature::Init(_) => Gives::New,
            Signature::Workbook(_, _, kind) => match kind.as_str() {
                "void" => Gives::Nothing,
                "bool" => {
                    let al = registers.get(Register::Rax) & 0xff;
                    let t = Some(if al == 0 { "False" } else { "True" }.to_owned());
                    return Some(Value { n: String::new(), at: "al".into(), v: Hex(al), t });
                }
                kind => {
                    let (at, mask) = part_of_rax(kind);
                    let v = registers.get(Register::Rax) & mask;
                    if kind == "double" {
                        return self.double("", 0);
                    }
                    let t = narrow(kind, v).or_else(|| self.text(workbook_kind(kind), v));
                    return Some(Value { n: String::new(), at: at.into(), v: Hex(v), t });
                }
            },
            Signature::Unknown(_) => return self.result(None, registers).0,
        };
        self.result(Some(gives), registers).0
    }

    /// A value by its kind: a number in decimal, a text in quotes, an object as Python has it.
    fn text(&self, kind: Kind, value: u64) -> Option<String> {
        match kind {
            Kind::Object | Kind::Tuple | Kind::Stolen => self.objects().describe(value),
            Kind::Text if value == 0 => Some("NULL".to_owned()),
            Kind::Text => {
                let bytes = self.process.read_text(value, 80)?;
                Some(quoted(&String::from_utf8_lossy(&bytes)))
            }
            Kind::Int => Some((value as u32).cast_signed().to_string()),
            Kind::Unsigned => Some((value as u32).to_string()),
            Kind::Long => Some(value.cast_signed().to_string()),
            Kind::UnsignedLong => Some(value.to_string()),
            Kind::Double | Kind::Pointer => None,
        }
    }

    fn double(&self, name: &str, number: usize) -> Option<Value> {
        let bits = self.process.vectors().ok()?.get(number).0 as u64;
        Some(Value {
            n: name.to_owned(),
            at: format!("xmm{number}"),
            v: Hex(bits),
            t: Some(format!("{:?}", f64::from_bits(bits))),
        })
    }
}

/// The places of arguments, one after the other (System V ABI, 3.2.3).
struct Slots<'a> {
    reader: &'a Reader<'a>,
    registers: &'a Registers,
    integers: usize,
    doubles: usize,
    /// Where the next argument on the stack is, from rsp.
    stack: u64,
}

impl<'a> Slots<'a> {
    fn new(reader: &'a Reader<'a>, registers: &'a Registers, stack: u64) -> Self {
        Self { reader, registers, integers: 0, doubles: 0, stack }
    }

    fn value(&mut self, name: &str, kind: Kind) -> Value {
        if kind == Kind::Double && self.doubles < 8 {
            self.doubles += 1;
            if let Some(value) = self.reader.double(name, self.doubles - 1) {
                return value;
            }
        }
        let (at, value) = match Register::ARGUMENTS.get(self.integers) {
            Some(register) => {
                self.integers += 1;
                (register.name().to_owned(), self.registers.get(*register))
            }
            None => {
                let offset = self.stack;
                self.stack += 8;
                let value = self.reader.process.read_word(self.registers.rsp() + offset);
                let at = if offset == 0 { "[rsp]".into() } else { format!("[rsp+{offset}]") };
                (at, value.unwrap_or(0))
            }
        };
        Value { n: name.to_owned(), at, v: Hex(value), t: self.reader.text(kind, value) }
    }
}

/// The type of a `workbook_function`, as C's.
fn workbook_kind(kind: &str) -> Kind {
    match kind {
        "long" => Kind::Long,
        "ulong" => Kind::UnsignedLong,
        "int" | "short" | "char" => Kind::Int,
        "uint" | "ushort" | "uchar" => Kind::Unsigned,
        "double" => Kind::Double,
        "string" => Kind::Text,
        _ => Kind::Pointer,
    }
}

/// The value of a type of which only the lowest bits count.
fn narrow(kind: &str, value: u64) -> Option<String> {
    let [low, next, ..] = value.to_le_bytes();
    Some(match kind {
        "short" => i16::from_le_bytes([low, next]).to_string(),
        "ushort" => u16::from_le_bytes([low, next]).to_string(),
        "char" => low.cast_signed().to_string(),
        "uchar" => low.to_string(),
        _ => return None,
    })
}

/// The part of rax in which a type travels, and its bits.
fn part_of_rax(kind: &str) -> (&'static str, u64) {
    match kind {
        "int" | "uint" => ("eax", 0xffff_ffff),
        "short" | "ushort" => ("ax", 0xffff),
        "char" | "uchar" => ("al", 0xff),
        _ => ("rax", u64::MAX),
    }
}
