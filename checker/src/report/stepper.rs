//! A recording to walk through in a terminal: what the keys do, and what the screen shows.
//! Knows nothing of the terminal itself.

mod screen;

use crate::model::trace::replay::Moment;
use crate::model::trace::{Cell, Hex, Kind, Recording, Register, Step};
use crate::report::trace;

/// A key, as far as the stepper has a use for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// → ↓ and the like.
    Forward,
    /// ← ↑
    Backward,
    /// Home
    First,
    /// End
    Last,
    /// Page down: ten steps.
    FarForward,
    /// Page up: ten steps.
    FarBackward,
    /// Enter
    Confirm,
    /// Escape
    Cancel,
    /// Backspace
    Erase,
    /// Ctrl-C
    Quit,
    /// A letter, digit or sign.
    Character(char),
}

/// What follows from a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Draw again and wait for the next key.
    Draw,
    /// Leave.
    Quit,
}

/// What the line at the bottom is asking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prompt {
    Register,
    Watch,
    Search,
}

/// Something whose changes are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Watched {
    Register(Register),
    /// An address, and how many bytes belong to it at most.
    Memory {
        address: u64,
        size: u64,
    },
}

/// Where somebody is in a recording.
#[derive(Debug)]
pub struct Stepper<'a> {
    recording: &'a Recording,
    /// How many steps have been taken.
    at: usize,
    prompt: Option<(Prompt, String)>,
    watched: Option<Watched>,
    /// What the bottom line says until the next key.
    message: String,
    /// Whether the keys are listed, until the next one.
    lists_keys: bool,
    searched: String,
}

impl<'a> Stepper<'a> {
    /// At the first step of a recording.
    pub fn new(recording: &'a Recording) -> Self {
        Self {
            recording,
            at: recording.steps.len().min(1),
            prompt: None,
            watched: None,
            message: String::new(),
            lists_keys: false,
            searched: String::new(),
        }
    }

    /// How many steps have been taken.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Does what the key says.
    pub fn press(&mut self, key: Key) -> Next {
        self.message.clear();
        self.lists_keys = false;
        if key == Key::Quit {
            return Next::Quit;
        }
        if self.prompt.is_some() {
            self.answer(key);
            return Next::Draw;
        }
        let last = self.recording.steps.len();
        match key {
            Key::Forward | Key::Character('n' | ' ' | 'l' | 'j') | Key::Confirm => {
                self.go(self.at + 1)
            }
            Key::Backward | Key::Character('p' | 'h' | 'k') | Key::Erase => {
                self.go(self.at.saturating_sub(1));
            }
            Key::First | Key::Character('g') => self.go(0),
            Key::Last | Key::Character('G') => self.go(last),
            Key::FarForward => self.go(self.at + 10),
            Key::FarBackward => self.go(self.at.saturating_sub(10)),
            Key::Character('r') => self.prompt = Some((Prompt::Register, String::new())),
            Key::Character('w') => self.prompt = Some((Prompt::Watch, String::new())),
            Key::Character('/') => self.prompt = Some((Prompt::Search, String::new())),
            Key::Character('N') => self.search(),
            Key::Character(']') => self.go_to_change(Direction::Forward),
            Key::Character('[') => self.go_to_change(Direction::Backward),
            Key::Character('?') => self.lists_keys = true,
            Key::Character('q') | Key::Cancel | Key::Quit => return Next::Quit,
            Key::Character(_) => {}
        }
        Next::Draw
    }

    fn go(&mut self, to: usize) {
        let last = self.recording.steps.len();
        if to > last {
            self.message = "this is the last step".to_owned();
        } else if to == 0 && self.at <= 1 {
            self.message = "this is the first step".to_owned();
        }
        self.at = to.clamp(last.min(1), last);
    }

    fn answer(&mut self, key: Key) {
        let Some((prompt, text)) = &mut self.prompt else { return };
        match key {
            Key::Character(c) => text.push(c),
            Key::Erase => {
                text.pop();
            }
            Key::Confirm => {
                let (prompt, text) = (*prompt, text.trim().to_owned());
                self.prompt = None;
                match prompt {
                    Prompt::Register => self.go_to_last_change(&text),
                    Prompt::Watch => self.watch(&text),
                    Prompt::Search => {
                        self.searched = text;
                        self.search();
                    }
                }
            }
            Key::Cancel => self.prompt = None,
            _ => {}
        }
    }

    /// Goes back to the step at which a register, or a variable, got its present value.
    fn go_to_last_change(&mut self, name: &str) {
        let Some(watched) = self.named(name) else { return };
        match self.changes(&watched).into_iter().rev().find(|step| *step <= self.at) {
            Some(step) => {
                self.at = step;
                self.message = format!("{name} last changed here");
            }
            None => self.message = format!("{name} has not changed"),
        }
    }

    fn watch(&mut self, name: &str) {
        if name.is_empty() {
            self.watched = None;
            return;
        }
        if let Some(watched) = self.named(name) {
            self.watched = Some(watched);
        }
    }

    /// A register, a label of the module's data, or a distance from one of them: `rsp+8`.
    fn named(&mut self, name: &str) -> Option<Watched> {
        let place = name.trim_matches(['[', ']']).replace(' ', "");
        // `flags` may be both.
        let is_label = self.recording.names.values().any(|known| *known == place);
        if let Some(register) = Register::named(name).filter(|_| !is_label) {
            return Some(Watched::Register(register));
        }
        let Some(address) = self.address(&place) else {
            self.message = format!("`{name}` is no register and no label; try rdi, or rsp+8");
            return None;
        };
        // What has a label of its own behind it belongs to that.
        let next = self.recording.names.range(Hex(address.saturating_add(1))..).next();
        let size = next.map_or(8, |(next, _)| (next.0 - address).min(8));
        Some(Watched::Memory { address, size })
    }

    /// The address of a label, of `label+4`, or of `rsp+8` at this moment.
    fn address(&self, place: &str) -> Option<u64> {
        let label = |name: &str| self.recording.names.iter().find(|(_, known)| **known == name);
        // A label may have the signs in it.
        if let Some((address, _)) = label(place) {
            return Some(address.0);
        }
        let split = place.rfind(['+', '-']).unwrap_or(place.len());
        let (base, distance) = place.split_at(split);
        let base = match (Register::named(base), label(base)) {
            (Some(register), _) => self.moment().get(register)?,
            (None, label) => label?.0.0,
        };
        let distance = if distance.is_empty() { 0 } else { distance.parse().ok()? };
        Some(base.wrapping_add_signed(distance))
    }

    /// The steps after which the watched thing has another value.
    fn changes(&self, watched: &Watched) -> Vec<usize> {
        let mut moment = Moment::first(self.recording);
        let mut value = watched.value(&moment);
        let mut changes = Vec::new();
        for (index, step) in self.recording.steps.iter().enumerate() {
            moment.apply(self.recording, step);
            let now = watched.value(&moment);
            if now != value && !(value.is_none() && watched.is_only_read(step)) {
                changes.push(index + 1);
            }
            value = now;
        }
        changes
    }

    fn go_to_change(&mut self, direction: Direction) {
        let Some(watched) = self.watched.clone() else {
            self.message = "nothing is watched: `w` and a name".to_owned();
            return;
        };
        let changes = self.changes(&watched);
        let found = match direction {
            Direction::Forward => changes.into_iter().find(|step| *step > self.at),
            Direction::Backward => changes.into_iter().rev().find(|step| *step < self.at),
        };
        match found {
            Some(step) => self.at = step,
            None => {
                let name = watched.name(self.recording, &self.moment());
                self.message = match direction {
                    Direction::Forward => format!("{name} does not change any more"),
                    Direction::Backward => format!("{name} has not changed before"),
                };
            }
        }
    }

    /// Goes on to the next step at a line with that number or that text in it.
    fn search(&mut self) {
        if self.searched.is_empty() {
            self.message = "nothing is searched for: `/` and a line or a text".to_owned();
            return;
        }
        let steps = &self.recording.steps;
        let number: Option<u32> = self.searched.parse().ok();
        let fits = |index: &usize| {
            let step = &steps[*index];
            match number {
                Some(line) => step.l == line && step.k == Kind::Instruction,
                None => {
                    let text = self.recording.text(step.f, step.l).unwrap_or_default();
                    text.contains(&self.searched)
                }
            }
        };
        let found = (self.at..steps.len()).chain(0..self.at).find(fits);
        match found {
            Some(index) => self.at = index + 1,
            None => self.message = format!("no step at `{}`", self.searched),
        }
    }

    fn moment(&self) -> Moment {
        Moment::after(self.recording, self.at)
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Backward,
}

/// All keys and marks, the least known first, for a window in which not all of it fits.
const KEYS: &str = "r: to the step that gave a register its value; w: watch one, or a label, or \
                    rsp+8; [ and ]: to the changes of what is watched; /: to a line or a text, N: \
                    to the next one; n, Right, Space: on; p, Left: back; Page Up and Down: ten \
                    steps; Home, End; q, Esc, Ctrl-C: quit. In the source * ran, and > is next; \
                    ... says nothing.";

impl Watched {
    fn name(&self, recording: &Recording, moment: &Moment) -> String {
        match self {
            Self::Register(register) => register.name().to_owned(),
            Self::Memory { address, .. } => trace::address(recording, moment, *address),
        }
    }

    /// Whether the step reads it and does not write it: what is read first was there before.
    fn is_only_read(&self, step: &Step) -> bool {
        match self {
            Self::Register(_) => false,
            Self::Memory { address, size } => {
                let overlaps = |cell: &Cell| {
                    cell.address < address.saturating_add(*size)
                        && *address < cell.address.saturating_add(cell.size.into())
                };
                step.rd.iter().any(overlaps) && !step.w.iter().any(overlaps)
            }
        }
    }

    /// The value; of memory as many of its bytes as are known, eight, four, two or one.
    fn value(&self, moment: &Moment) -> Option<u64> {
        match self {
            Self::Register(register) => moment.get(*register),
            Self::Memory { address, size } => {
                let sizes = [8, 4, 2, 1].into_iter().filter(|one| one <= size);
                sizes.into_iter().find_map(|size| moment.number(*address, size))
            }
        }
    }
}

/// The line that runs next at a moment: its file and number.
fn next_line(recording: &Recording, moment: &Moment) -> Option<(usize, u32)> {
    let code = recording.code.get(&Hex(moment.get(Register::Rip)?))?;
    (code.l > 0).then_some((code.f, code.l))
}

/// The watched thing's value in words.
fn watched_text(recording: &Recording, moment: &Moment, watched: &Watched) -> String {
    let value = watched.value(moment);
    let value = value.map_or("unknown".to_owned(), |one| trace::shown(recording, moment, one));
    format!("{} = {value}", watched.name(recording, moment))
}
