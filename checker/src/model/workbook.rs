//! Exercises and chapters as their folders describe them.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::model::finding::MustSay;

/// The learner's name for one exercise: `ex05c` is exercise `c` of chapter 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExerciseId {
    /// The chapter's number, from 1 to 99.
    pub chapter: u8,
    /// The exercise's letter within the chapter, from `a` to `z`.
    pub letter: char,
}

impl fmt::Display for ExerciseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ex{:02}{}", self.chapter, self.letter)
    }
}

/// What a command line may name: a whole chapter or one exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// `ex05`
    Chapter(u8),
    /// `ex05c`
    Exercise(ExerciseId),
}

impl Selection {
    /// Whether the exercise belongs to the selection.
    pub fn holds(&self, id: ExerciseId) -> bool {
        match self {
            Self::Chapter(chapter) => id.chapter == *chapter,
            Self::Exercise(exercise) => id == *exercise,
        }
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chapter(chapter) => write!(f, "ex{chapter:02}"),
            Self::Exercise(exercise) => exercise.fmt(f),
        }
    }
}

/// The text is not of the form `ex05` or `ex05c`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an exercise's name: names look like `ex05` (a chapter) or `ex05c`")]
pub struct NotAnId(pub String);

impl FromStr for Selection {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let wrong = || NotAnId(text.to_owned());
        let lower = text.trim().to_ascii_lowercase();
        let rest = lower.strip_prefix("ex").ok_or_else(wrong)?;
        let digits = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let chapter: u8 = match digits.len() {
            1 | 2 => digits.parse().map_err(|_| wrong())?,
            _ => return Err(wrong()),
        };
        let mut letters = rest[digits.len()..].chars();
        match (letters.next(), letters.next()) {
            _ if chapter == 0 => Err(wrong()),
            (None, _) => Ok(Self::Chapter(chapter)),
            (Some(letter), None) => Ok(Self::Exercise(ExerciseId { chapter, letter })),
            _ => Err(wrong()),
        }
    }
}

/// `exercise.toml`, as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The exercise's name for people, in sentence case.
    pub title: String,
    /// The name that Python imports; the file exports `PyInit_<module>`.
    pub module: String,
    /// What the exercise is worth in a gradebook.
    pub points: u32,
    /// The minutes that a newcomer needs, as its author reckons.
    pub minutes: u32,
    /// The finding that the untouched starter gets.
    pub starter_says: MustSay,
    /// C API functions that a solution may call, beyond those of `workbook.inc`.
    #[serde(default)]
    pub api: Vec<String>,
    /// Hints, from a question to almost the answer.
    #[serde(default)]
    pub hints: Vec<String>,
    /// What a run may use.
    #[serde(default)]
    pub limits: Limits,
}

/// `[limits]` of `exercise.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Wall-clock seconds for one statement.
    #[serde(deserialize_with = "finite")]
    pub seconds: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seconds: 2.0 }
    }
}

/// A number that is one: TOML has `nan` and `inf` too.
fn finite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let number = f64::deserialize(deserializer)?;
    match number.is_finite() {
        true => Ok(number),
        false => Err(D::Error::custom("it has to be a number of seconds")),
    }
}

/// `chapter.toml`, as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterManifest {
    /// The chapter's name for people.
    pub title: String,
}

/// One graded task and the folder that holds it.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Its name on the command line.
    pub id: ExerciseId,
    /// What `exercise.toml` says.
    pub manifest: Manifest,
    /// `…/exercises/ex05_module_registration/c_multiply`
    pub folder: PathBuf,
}

/// One chapter and its exercises, in order.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// 5 for `ex05_module_registration`.
    pub number: u8,
    /// What `chapter.toml` says.
    pub title: String,
    /// `…/exercises/ex05_module_registration`
    pub folder: PathBuf,
    /// In the order of their letters.
    pub exercises: Vec<Exercise>,
}
