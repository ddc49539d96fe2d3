//! Places in the learner's file: of a line that a tool names, of an instruction, of a label.

use crate::host::image::SharedFacts;
use crate::host::line_table::SourceLine;
use crate::host::source::Source;
use crate::model::finding::Place;

/// Names places in the learner's file.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The file.
    pub source: &'a Source,
    /// How nasm was told to name it, without `.asm`.
    pub name: &'a str,
}

impl Places<'_> {
    /// The place of a line that nasm or DWARF names.
    pub fn place(&self, file: &str, line: u32) -> Place {
        let own = file.strip_suffix(".asm") == Some(self.name);
        Place {
            file: if own { self.source.shown.clone() } else { shortened(file) },
            line,
            column: None,
            text: own.then(|| self.line(line)).flatten().map(str::to_owned),
        }
    }

    /// The place of a line of the line table.
    pub(super) fn of_line(&self, line: &SourceLine) -> Place {
        self.place(&line.file, line.line)
    }

    /// The place of the instruction at the address, as linked.
    pub(super) fn of_code(&self, address: u64, facts: &SharedFacts) -> Option<Place> {
        facts.lines.line(address).map(|line| self.of_line(line))
    }

    /// The same, if it is a line of the learner's own.
    pub(super) fn of_own_code(&self, address: u64, facts: &SharedFacts) -> Option<Place> {
        self.of_code(address, facts).filter(|place| place.text.is_some())
    }

    /// The line on which the learner's file has the label. A local one stands without its
    /// function's name below the function, and a label before data may have no colon.
    pub(super) fn of_label(&self, label: &str) -> Option<Place> {
        const DATA: [&str; 11] =
            ["db", "dw", "dd", "dq", "resb", "resw", "resd", "resq", "times", "incbin", "istruc"];
        let starts = |line: &str, label: &str| {
            let Some(rest) = line.trim_start().strip_prefix(label) else { return false };
            let data = rest.starts_with([' ', '\t'])
                && rest.split_whitespace().next().is_some_and(|word| DATA.contains(&word));
            data || rest.trim_start().starts_with(':')
        };
        let lines = || self.source.text.lines().enumerate();
        let whole = lines().find(|(_, line)| starts(line, label));
        let local = || {
            let (function, _) = label.split_once('.')?;
            let (above, _) = lines().find(|(_, line)| starts(line, function))?;
            lines().skip(above).find(|(_, line)| starts(line, &label[function.len()..]))
        };
        let (index, _) = whole.or_else(local)?;
        let line = u32::try_from(index + 1).ok()?;
        Some(self.place(&format!("{}.asm", self.name), line))
    }

    /// A line of the learner's file, from 1.
    pub fn line(&self, line: u32) -> Option<&str> {
        self.source.text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)
    }
}

/// The end of the name of a file that is not the learner's; `%line` gives it any length.
fn shortened(file: &str) -> String {
    const LONGEST: usize = 60;
    match file.char_indices().rev().nth(LONGEST - 1) {
        Some((at, _)) if at > 0 => format!("…{}", &file[at..]),
        _ => file.to_owned(),
    }
}
