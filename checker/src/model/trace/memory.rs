//! Numbers and pieces of memory as a recording's JSON has them.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number, written as hexadecimal digits without `0x`: JSON's own numbers are doubles in most
/// programs and stop being exact at 2^53.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex(pub u64);

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16).map(Self).map_err(D::Error::custom)
    }
}

/// A piece of memory: `["7fffffffdff0","8"]`, and its size where that is not 8 bytes:
/// `["60000000201c","61",1]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Where it begins.
    pub address: u64,
    /// Its content, a little-endian number.
    pub value: u64,
    /// In bytes, 1 to 8.
    pub size: u8,
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element(&Hex(self.address))?;
        list.serialize_element(&Hex(self.value))?;
        if self.size != 8 {
            list.serialize_element(&self.size)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CellVisitor;
        impl<'de> Visitor<'de> for CellVisitor {
            type Value = Cell;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[address, content] or [address, content, size]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Cell, A::Error> {
                let missing = || A::Error::custom("a cell has an address and a content");
                let address: Hex = list.next_element()?.ok_or_else(missing)?;
                let value: Hex = list.next_element()?.ok_or_else(missing)?;
                let size: Option<u8> = list.next_element()?;
                Ok(Cell { address: address.0, value: value.0, size: size.unwrap_or(8) })
            }
        }
        deserializer.deserialize_seq(CellVisitor)
    }
}
