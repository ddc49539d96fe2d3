//! GNU ld's messages, for the few faults that the object's own relocations do not show.

/// What ld complains of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkerMessage {
    /// A relocation that a shared object cannot have.
    Relocation {
        /// `R_X86_64_32S`
        kind: String,
        /// The symbol's name, or a section's.
        symbol: String,
    },
    /// The same name twice.
    DefinedTwice(String),
    /// Any other line.
    Other(String),
}

/// The complaints in ld's output, in its order.
pub fn parse(output: &str) -> Vec<LinkerMessage> {
    // ld says first in which function it is, on a line of its own.
    let says = |line: &&str| !line.is_empty() && !line.ends_with("':");
    output.lines().map(str::trim).filter(says).map(parse_line).collect()
}

fn parse_line(line: &str) -> LinkerMessage {
    if let Some((_, rest)) = line.split_once("relocation R_X86_64_") {
        let kind = rest.split_whitespace().next().unwrap_or("");
        return LinkerMessage::Relocation {
            kind: format!("R_X86_64_{kind}"),
            symbol: quoted(rest).unwrap_or("").to_owned(),
        };
    }
    if let Some((_, rest)) = line.split_once("multiple definition of ") {
        return LinkerMessage::DefinedTwice(quoted(rest).unwrap_or("").to_owned());
    }
    let text = line.split_once(": ").map_or(line, |(_, text)| text);
    LinkerMessage::Other(text.to_owned())
}

/// The first name between a backquote or an apostrophe and an apostrophe.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['`', '\''])? + 1;
    let end = text[start..].find('\'')? + start;
    Some(&text[start..end])
}
