//! The stepper's screen: source, registers, stack, and what the last step did.

use crate::model::trace::replay::Moment;
use crate::model::trace::{Enter, FLAGS, Kind, Register, Step};
use crate::report::stepper::{KEYS, Prompt, Stepper, next_line, watched_text};
use crate::report::style::{Ink, Role, harmless, wrap};
use crate::report::trace;

/// The width of the registers' column.
const REGISTERS: usize = 33;

/// Below this, the registers have no column of their own.
const NARROW: usize = 70;

/// Below this, the rows that only say where Python is and where a part ends are left out.
const LOW: usize = 10;

/// A piece of a row and what it is.
type Piece = (String, Option<Role>);

impl Stepper<'_> {
    /// The screen's rows, at most `height` of them, none wider than `width`.
    pub fn draw(&self, width: usize, height: usize, ink: Ink) -> Vec<String> {
        let recording = self.recording;
        let moment = self.moment();
        let step = self.at.checked_sub(1).and_then(|index| recording.steps.get(index));
        let mut rows: Vec<Vec<Piece>> = Vec::new();

        let low = height < LOW;
        let title = recording.title.lines().next().unwrap_or_default();
        let place = format!("step {} of {}", self.at, recording.steps.len());
        let title = format!("{}   CPython {}", harmless(title), recording.python);
        rows.push(vec![(ends(&title, &place, width), Some(Role::Heading))]);
        if !low {
            rows.push(vec![(self.python(), None)]);
        }
        if !low || self.watched.is_some() {
            rows.push(vec![(self.rule(&moment, width), Some(Role::Quiet))]);
        }

        let bottom = self.bottom_part(step, width, height);
        let middle = height.saturating_sub(rows.len() + bottom.len()).max(1);
        let stack_rows = (middle / 3).min(8);
        let left_width = if width < NARROW { width } else { width - REGISTERS - 1 };
        let mut left = self.source(&moment, step, middle - stack_rows, left_width);
        left.extend(self.stack(&moment, stack_rows));
        let right = if width < NARROW { Vec::new() } else { self.registers(&moment, step) };
        for index in 0..middle {
            let (text, role) = left.get(index).cloned().unwrap_or_default();
            let mut row = vec![(fit(&text, left_width), role)];
            if let Some((text, role)) = right.get(index) {
                row.push((" ".to_owned(), None));
                row.push((fit(text, REGISTERS), *role));
            }
            rows.push(row);
        }
        rows.extend(bottom.into_iter().map(|piece| vec![piece]));

        let paint = |row: Vec<Piece>| {
            let mut left = width;
            let pieces = row.into_iter().map(|(text, role)| {
                let text: String = harmless(&text).chars().take(left).collect();
                left -= text.chars().count();
                role.map_or(text.clone(), |role| ink.paint(role, &text))
            });
            pieces.collect::<String>()
        };
        rows.into_iter().take(height).map(paint).collect()
    }

    /// The rows below the source: what happened, or the keys, and what can be done.
    fn bottom_part(&self, step: Option<&Step>, width: usize, height: usize) -> Vec<Piece> {
        let text = if self.lists_keys { KEYS.to_owned() } else { self.happened(step) };
        let mut lines = wrap(&text, width);
        let fewest = if height < LOW { 1 } else { 2 };
        lines.resize(lines.len().clamp(fewest, (height / 3).max(fewest)), String::new());
        let mut rows = Vec::new();
        if height >= LOW {
            rows.push(("-".repeat(width), Some(Role::Quiet)));
        }
        rows.extend(lines.into_iter().map(|line| (line, None)));
        rows.push((self.bottom(width), None));
        rows
    }

    /// Where Python is: the line that called the function.
    fn python(&self) -> String {
        let mut entered: Vec<&Enter> = Vec::new();
        for step in &self.recording.steps[..self.at] {
            if let Some(back) = &step.back
                && entered.last().is_some_and(|enter| enter.to == back.from)
            {
                entered.pop();
            }
            entered.extend(&step.enter);
        }
        let frame = entered.iter().rev().find_map(|enter| enter.py.first());
        match (entered.last(), frame) {
            (_, Some(frame)) => format!("Python is at {}", trace::python_line(frame)),
            (Some(enter), None) => format!("Python called {}", harmless(&enter.to)),
            (None, None) => "Python is on its own".to_owned(),
        }
    }

    fn rule(&self, moment: &Moment, width: usize) -> String {
        let Some(watched) = &self.watched else { return "-".repeat(width) };
        let changes = self.changes(watched);
        let last = changes.iter().rev().find(|step| **step <= self.at);
        let next = changes.iter().find(|step| **step > self.at);
        let text = watched_text(self.recording, moment, watched);
        let last = last.map_or("unchanged so far".to_owned(), |step| format!("since step {step}"));
        let next = next.map_or("to the end".to_owned(), |step| format!("until step {step}"));
        format!("-- watch {text}, {last}, {next} {}", "-".repeat(width))
    }

    /// Source lines around the one that runs next; `*` ran, `>` is next.
    fn source(
        &self,
        moment: &Moment,
        step: Option<&Step>,
        rows: usize,
        width: usize,
    ) -> Vec<Piece> {
        let recording = self.recording;
        // An entry has the line that is next.
        let ran =
            step.filter(|step| step.l > 0 && step.k != Kind::Enter).map(|step| (step.f, step.l));
        let next = next_line(recording, moment);
        let Some((file, center)) = next.or(ran) else { return vec![(String::new(), None); rows] };
        let lines = recording.files.get(file).map_or(0, |file| file.lines.len());
        let center = usize::try_from(center).unwrap_or(0);
        let first = center.saturating_sub(rows / 2).max(1);
        let first = first.min((lines + 1).saturating_sub(rows).max(1));
        let shown = (first..first + rows).map(|number| {
            let line = u32::try_from(number).unwrap_or(0);
            let Some(text) = recording.text(file, line) else { return (String::new(), None) };
            let here = Some((file, line));
            let (mark, role) = match (here == next, here == ran) {
                (true, true) => ("*>", Some(Role::Good)),
                (true, false) => (" >", Some(Role::Good)),
                (false, true) => ("* ", Some(Role::Hint)),
                (false, false) => ("  ", None),
            };
            let text = harmless(&text.replace('\t', "    "));
            (fit(&format!("{mark}{number:4} {text}"), width), role)
        });
        shown.collect()
    }

    /// The words of the stack from rsp upwards.
    fn stack(&self, moment: &Moment, rows: usize) -> Vec<Piece> {
        let Some(rsp) = moment.get(Register::Rsp).filter(|_| rows > 1) else { return Vec::new() };
        let recording = self.recording;
        let mut lines = vec![("stack, from rsp upwards".to_owned(), Some(Role::Quiet))];
        for index in 0..rows as u64 - 1 {
            let address = rsp.wrapping_add(8 * index);
            if address >= recording.stack.hi.0 {
                break;
            }
            let text = match moment.word(address) {
                Some(word) if Some(address) == moment.entry() => {
                    format!("{word:016x} back to Python")
                }
                Some(word) => format!("{word:016x} {}", self.meaning(moment, word)),
                None => "................".to_owned(),
            };
            lines.push((format!("  rsp+{:<4} {text}", 8 * index), None));
        }
        lines.resize(rows, (String::new(), None));
        lines
    }

    fn registers(&self, moment: &Moment, step: Option<&Step>) -> Vec<Piece> {
        let mut rows = Vec::new();
        for register in Register::ALL.into_iter().take(16) {
            let changed = step.is_some_and(|step| step.r.contains_key(&register));
            let mark = if changed { '*' } else { ' ' };
            let text = match moment.get(register) {
                Some(value) => {
                    format!(
                        "{mark}{:3} {value:016x} {}",
                        register.name(),
                        self.meaning(moment, value)
                    )
                }
                None => format!("{mark}{:3} ................", register.name()),
            };
            rows.push((text, changed.then_some(Role::Hint)));
        }
        let flags = FLAGS.iter().filter(|(name, _)| *name != "AF").map(|(name, bit)| {
            let value = moment.flag(*bit).map_or(".".to_owned(), |set| u8::from(set).to_string());
            format!("{name}={value}")
        });
        rows.push((format!(" {}", flags.collect::<Vec<_>>().join(" ")), None));
        rows
    }

    /// What a value means, where that is more than its digits say.
    fn meaning(&self, moment: &Moment, value: u64) -> String {
        match trace::shown(self.recording, moment, value) {
            text if text.starts_with("0x") => String::new(),
            text => text,
        }
    }

    /// The last step in words.
    fn happened(&self, step: Option<&Step>) -> String {
        let Some(step) = step else { return "nothing has run yet".to_owned() };
        let recording = self.recording;
        let before = Moment::after(recording, self.at - 1);
        let place = trace::place(recording, step);
        let mut text = match step.k {
            Kind::Enter => {
                let arguments = step.enter.iter().flat_map(|enter| {
                    enter.args.iter().flatten().map(|value| {
                        let text = value.t.clone().unwrap_or_default();
                        format!("{} ({}) = {}", value.at, value.n, harmless(&text))
                    })
                });
                let name = step.enter.as_ref().map_or("", |enter| enter.to.as_str());
                let caller = match step.enter.as_ref().and_then(|enter| enter.py.first()) {
                    Some(_) => "Python",
                    None => before.outside().unwrap_or("Python"),
                };
                let arguments: Vec<String> = arguments.collect();
                let colon = if arguments.is_empty() { "" } else { ": " };
                let arguments = arguments.join(", ");
                format!("{} calls {}{colon}{arguments}", harmless(caller), harmless(name))
            }
            Kind::Gap => format!(
                "{} instructions ran here that are not kept",
                step.skipped.unwrap_or_default()
            ),
            _ => {
                let source = trace::source(recording, &before, step);
                let changes = trace::changes(recording, &before, &self.moment(), step);
                format!("{place} {} : {changes}", source.trim())
            }
        };
        for remark in &step.n {
            text.push_str(&format!(" ! {}", harmless(remark)));
        }
        text
    }

    fn bottom(&self, width: usize) -> String {
        const ALL: &str = "n next  p back  Home End  r register  w watch  / search  ? keys  q quit";
        match &self.prompt {
            Some((prompt, text)) => {
                let (long, short) = match prompt {
                    Prompt::Register => ("register (where it last changed)", "register"),
                    Prompt::Watch => ("watch (rdi, rsp+8, a label; empty for none)", "watch"),
                    Prompt::Search => ("line number or text", "search"),
                };
                // What is typed has to be seen.
                let fits = long.len() + 3 + text.chars().count() <= width;
                format!("{}: {text}_", if fits { long } else { short })
            }
            None if !self.message.is_empty() => self.message.clone(),
            None if width < ALL.len() => "n next  p back  ? keys  q quit".to_owned(),
            None => ALL.to_owned(),
        }
    }
}

/// The text cut or filled up to the width.
fn fit(text: &str, width: usize) -> String {
    let cut: String = text.chars().take(width).collect();
    format!("{cut:width$}")
}

/// One text at the left margin, one at the right.
fn ends(left: &str, right: &str, width: usize) -> String {
    let room = width.saturating_sub(right.chars().count() + 1);
    format!("{} {right}", fit(left, room))
}
