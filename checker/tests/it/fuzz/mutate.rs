//! Bytes made of other bytes, by chance.

use fastrand::Rng;

/// Pieces that readers take for something special.
const PIECES: [&[u8]; 16] = [
    b"\0",
    b"\n",
    b"\r",
    b"\t",
    b": error: ",
    b"`'",
    b"\xff\xfe",
    b"\x1b[31m",
    "\u{202e}".as_bytes(),
    "\u{200f}".as_bytes(),
    "\u{feff}".as_bytes(),
    "é大\u{1f600}".as_bytes(),
    b"nan",
    b"-1",
    b"99999999999999999999",
    b">>> ",
];

/// Numbers at which arithmetic goes wrong.
const NUMBERS: [u64; 12] = [
    0,
    1,
    8,
    0x7f,
    0x1000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x7fff_ffff_ffff,
    i64::MAX as u64,
    1 << 63,
    u64::MAX,
];

/// One of the inputs, with a few changes.
pub(super) fn mutated(inputs: &[Vec<u8>], longest: usize, random: &mut Rng) -> Vec<u8> {
    let mut bytes = random.choice(inputs).cloned().unwrap_or_default();
    for _ in 0..random.usize(1..=6) {
        mutate(&mut bytes, inputs, random);
        bytes.truncate(longest);
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, inputs: &[Vec<u8>], random: &mut Rng) {
    let at = random.usize(..=bytes.len());
    let end = (at + random.usize(..=32)).min(bytes.len());
    match random.u8(..9) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => insert(bytes, at, &[random.u8(..)]),
        3 => insert(bytes, at, random.choice(PIECES).unwrap_or_default()),
        4 => {
            let piece = bytes[at..end].to_vec();
            let to = random.usize(..=bytes.len());
            insert(bytes, to, &piece.repeat(random.usize(1..=20)));
        }
        5 => {
            let other = random.choice(inputs).map(Vec::as_slice).unwrap_or_default();
            let from = random.usize(..=other.len());
            let to = (from + random.usize(..=64)).min(other.len());
            insert(bytes, at, &other[from..to]);
        }
        6 => {
            let number = random.choice(NUMBERS).unwrap_or_default().to_le_bytes();
            let number = &number[..*random.choice(&[1, 2, 4, 8]).unwrap_or(&8)];
            // Fields of files lie at multiples of their sizes.
            let at = at / number.len() * number.len();
            if let Some(field) = bytes.get_mut(at..at + number.len()) {
                field.copy_from_slice(number);
            }
        }
        7 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.u8(..8);
            }
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = random.u8(..);
            }
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// The text with a few of its lines taken out, said twice, changed for each other, or changed
/// for lines of another one: most of it is still understood.
pub(super) fn relined(text: &str, others: &[String], random: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..random.usize(1..=4) {
        let at = random.usize(..=lines.len());
        let other = random.choice(others).map_or("", String::as_str);
        let other = random.choice(other.lines().collect::<Vec<_>>()).unwrap_or_default();
        match random.u8(..5) {
            0 if at < lines.len() => drop(lines.remove(at)),
            1 if at < lines.len() => lines.insert(at, lines[at].clone()),
            2 if at < lines.len() => {
                let with = random.usize(..lines.len());
                lines.swap(at, with);
            }
            3 if at < lines.len() => other.clone_into(&mut lines[at]),
            _ => lines.insert(at, other.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}
