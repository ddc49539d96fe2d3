//! A recording to walk through in a terminal: what the keys do, and what the screen shows.
//! Knows nothing of the terminal itself.

mod screen;

use crate::model::trace::replay::Moment;
use crate::model::trace::{Hex, Kind, Recording, Register};
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
    Memory { name: String, address: u64 },
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
            Key::Character('?') => self.message = HELP.to_owned(),
            Key::Character('q') | Key::Cancel | Key::Quit => return Next::Quit,
            Key::Character(_) => {}
        }
        Next::Draw
    }

    fn go(&mut self, to: usize) {
        let last = self.recording.steps.len();
        if to > last {
            self.message = "this is the last step".to_owned();
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

    /// A register, a label of the module's data, or a place on the stack such as `rsp+8`.
    fn named(&mut self, name: &str) -> Option<Watched> {
        if let Some(register) = Register::named(name) {
            return Some(Watched::Register(register));
        }
        let place = name.trim_matches(['[', ']']).replace(' ', "");
        let moment = self.moment();
        let label = self.recording.names.iter().find(|(_, known)| **known == place);
        let address = label.map(|(address, _)| address.0).or_else(|| relative(&place, &moment));
        if address.is_none() {
            self.message = format!("`{name}` is no register and no label; try rdi, or rsp+8");
        }
        address.map(|address| Watched::Memory { name: name.to_owned(), address })
    }

    /// The steps after which the watched thing has another value.
    fn changes(&self, watched: &Watched) -> Vec<usize> {
        let mut moment = Moment::first(self.recording);
        let mut value = watched.value(&moment);
        let mut changes = Vec::new();
        for (index, step) in self.recording.steps.iter().enumerate() {
            moment.apply(self.recording, step);
            let now = watched.value(&moment);
            if now != value {
                changes.push(index + 1);
                value = now;
            }
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
            None => self.message = format!("{} does not change any more", watched.name()),
        }
    }

    /// Goes on to the next step at a line with that number or that text in it.
    fn search(&mut self) {
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

const HELP: &str = "* ran, > is next, ... says nothing; r: last change; [ ]: changes of what is \
                    watched; N: search on";

impl Watched {
    fn name(&self) -> &str {
        match self {
            Self::Register(register) => register.name(),
            Self::Memory { name, .. } => name,
        }
    }

    fn value(&self, moment: &Moment) -> Option<u64> {
        match self {
            Self::Register(register) => moment.get(*register),
            Self::Memory { address, .. } => moment.word(*address),
        }
    }
}

/// The address of `rsp+8` at a moment.
fn relative(place: &str, moment: &Moment) -> Option<u64> {
    let split = place.find(['+', '-']).unwrap_or(place.len());
    let (base, distance) = place.split_at(split);
    let base = moment.get(Register::named(base)?)?;
    let distance = if distance.is_empty() { 0 } else { distance.parse().ok()? };
    Some(base.wrapping_add_signed(distance))
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
    format!("{} = {value}", watched.name())
}
