//! The lines of a page that stand for something else: `{{#exercise ex01a}}` and its kin.
//! Knows how they are written, not what they become.

/// A directive, alone on its line.
#[derive(Debug, PartialEq, Eq)]
pub enum Directive<'line> {
    /// `{{#include ../x.asm:part}}`: lines of a file.
    Include {
        /// From the folder of the file that includes.
        path: &'line str,
        /// Which lines of it.
        part: Part<'line>,
    },
    /// `{{#exercise ex01a}}`: the statement, the hints and the commands of an exercise.
    Exercise {
        /// The id of the exercise.
        id: &'line str,
    },
    /// `{{#transcript ex01_registers/examples/twice}}`: what Python answered.
    Transcript {
        /// The folder under `exercises/`.
        folder: &'line str,
    },
    /// `{{#report ex01a low_byte}}`: what the checker printed.
    Report {
        /// The id of the exercise.
        id: &'line str,
        /// The trap's file name, without its ending.
        trap: &'line str,
    },
    /// `{{#quiz ex05}}`: the questions of a chapter.
    Quiz {
        /// The id of the chapter.
        chapter: &'line str,
    },
}

/// The part of a file that an include takes.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Part<'line> {
    /// All of it.
    Whole,
    /// The lines between `ANCHOR: name` and `ANCHOR_END: name`.
    Anchor(&'line str),
    /// These lines, counted from 1, both included.
    Lines {
        /// The first line.
        first: usize,
        /// The last line, or the file's last when there is none.
        last: Option<usize>,
    },
}

/// The directive on this line, if it has one; `Err` says why it is none.
pub fn parse(line: &str) -> Result<Option<Directive<'_>>, String> {
    let Some(start) = opening(line) else {
        return Ok(None);
    };
    let Some(end) = line[start..].find("}}").map(|end| start + end) else {
        return Err("`{{#` without `}}` on the same line".to_owned());
    };
    let (name, arguments) = {
        let inside = line[start + 2..end].trim().trim_start_matches('#').trim();
        inside.split_once(char::is_whitespace).unwrap_or((inside, ""))
    };
    if name == "title" {
        return Ok(None); // mdBook's own, for the <title> of a page
    }
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let before = line[..start].trim_matches([' ', '\t', '>']);
    if !before.is_empty() || !line[end + 2..].trim().is_empty() {
        return Err(format!(
            "`{{{{#{name}}}}}` stands alone on its line; a page that only names it writes `\\{{{{#{name}}}}}`"
        ));
    }
    match (name, words.as_slice()) {
        ("include", [target]) => {
            let (path, part) = target.split_once(':').unwrap_or((target, ""));
            Ok(Some(Directive::Include { path, part: parse_part(part)? }))
        }
        ("exercise", [id]) => Ok(Some(Directive::Exercise { id })),
        ("transcript", [folder]) => Ok(Some(Directive::Transcript { folder })),
        ("report", [id, trap]) => Ok(Some(Directive::Report { id, trap })),
        ("quiz", [chapter]) => Ok(Some(Directive::Quiz { chapter })),
        ("include", _) => Err("write `{{#include path}}` or `{{#include path:anchor}}`".to_owned()),
        ("exercise", _) => Err("write `{{#exercise ex01a}}`".to_owned()),
        ("transcript", _) => {
            Err("write `{{#transcript folder}}`, a folder under exercises/".to_owned())
        }
        ("report", _) => Err("write `{{#report ex01a trap}}`".to_owned()),
        ("quiz", _) => Err("write `{{#quiz ex05}}`".to_owned()),
        _ => Err(format!(
            "`{{{{#{name}}}}}` is no directive of this book; \
             there are include, exercise, transcript, report and quiz"
        )),
    }
}

/// Where the line's first `{{#` begins that no backslash disarms.
fn opening(line: &str) -> Option<usize> {
    line.match_indices("{{")
        .map(|(at, _)| at)
        .find(|&at| line[at + 2..].trim_start().starts_with('#') && !line[..at].ends_with('\\'))
}

/// `name`, `3`, `3:`, `3:7` or `:7`, as mdBook writes them.
fn parse_part(text: &str) -> Result<Part<'_>, String> {
    let number =
        |text: &str| text.parse::<usize>().map_err(|_| format!("`{text}` is no line number"));
    match text.split_once(':') {
        None if text.is_empty() => Ok(Part::Whole),
        None => Ok(match text.parse() {
            Ok(line) => Part::Lines { first: line, last: Some(line) },
            Err(_) => Part::Anchor(text),
        }),
        Some((first, last)) => Ok(Part::Lines {
            first: if first.is_empty() { 1 } else { number(first)? },
            last: if last.is_empty() { None } else { Some(number(last)?) },
        }),
    }
}
