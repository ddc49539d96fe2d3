//! What a page may show of an exercise: its facts, its statement, its hints, and the recorded
//! answers of Python and of the checker. The contract is the appendix "For authors".

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use crate::workbook::{Workbook, files, folders};

/// An exercise, as the book shows it.
#[derive(Debug)]
pub struct Exercise {
    /// The name that learners and gradebooks know: `ex05c`.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What `exercise.toml` says of it.
    pub facts: Facts,
    /// The statement, in Markdown: `task.md`.
    pub task: String,
}

/// The lines of `exercise.toml` that the book prints.
#[derive(Debug, Deserialize)]
pub struct Facts {
    /// The title, in sentence case.
    pub title: String,
    /// What a newcomer needs.
    pub minutes: u32,
    /// What the exercise counts for.
    pub points: u32,
    /// From a question to almost the answer.
    pub hints: Vec<String>,
}

impl Exercise {
    /// Reads the exercise of that id.
    pub fn read(workbook: &Workbook, id: &str) -> Result<Self> {
        let folder = folder_of(workbook, id)?;
        let facts = read(workbook, &folder.join("exercise.toml"))?;
        let facts: Facts = toml::from_str(&facts).map_err(|error| {
            anyhow!("{}: {}", workbook.name_of(&folder.join("exercise.toml")), error.message())
        })?;
        let task = read(workbook, &folder.join("task.md"))?;
        Ok(Self { id: id.to_owned(), folder, facts, task })
    }
}

/// What Python answered to the session of an exercise or example, a folder under `exercises/`.
pub fn transcript(workbook: &Workbook, folder: &str) -> Result<String> {
    if folder.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        bail!("`{folder}` is no folder under exercises/");
    }
    snapshot(workbook, &workbook.exercises().join(folder).join("expected.snap"))
}

/// What the checker printed for one of an exercise's traps.
pub fn report(workbook: &Workbook, id: &str, trap: &str) -> Result<String> {
    let traps = folder_of(workbook, id)?.join("traps");
    snapshot(workbook, &traps.join(format!("{trap}.snap")))
}

/// The file with our answer to an exercise.
pub const SOLUTION: &str = "solution.asm";

/// Our answers and the worked examples of all chapters.
pub fn sources(workbook: &Workbook) -> Vec<PathBuf> {
    let mut sources = files(&workbook.exercises());
    sources.retain(|path| {
        path.file_name().is_some_and(|name| name == SOLUTION || name == "example.asm")
    });
    sources
}

/// The folder of an id: the letter is the exercise's, the rest its chapter's.
pub fn folder_of(workbook: &Workbook, id: &str) -> Result<PathBuf> {
    let mut known = Vec::new();
    for chapter in folders(&workbook.exercises()) {
        let Some((number, _)) = name(&chapter).split_once('_') else {
            continue;
        };
        for folder in folders(&chapter) {
            let Some((letter, _)) = name(&folder).split_once('_') else {
                continue;
            };
            if letter.len() != 1 {
                continue;
            }
            let found = format!("{number}{letter}");
            if found == id {
                return Ok(folder);
            }
            known.push(found);
        }
    }
    bail!("no exercise is called `{id}`; there are {}", known.join(", "))
}

fn name(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The contents of an insta snapshot: all that stands below the second `---`.
fn snapshot(workbook: &Workbook, path: &Path) -> Result<String> {
    let text = read(workbook, path)?;
    let contents = text
        .strip_prefix("---\n")
        .and_then(|text| text.split_once("\n---\n"))
        .map(|(_, contents)| contents)
        .with_context(|| {
            format!("{} does not begin with insta's header", workbook.name_of(path))
        })?;
    Ok(contents.trim_end().to_owned())
}

/// Reads a file with Unix line ends, or says in one sentence which one is missing.
pub(crate) fn read(workbook: &Workbook, path: &Path) -> Result<String> {
    let name = workbook.name_of(path);
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.replace("\r\n", "\n")),
        Err(error) if error.kind() == ErrorKind::NotFound && name.ends_with(".snap") => {
            bail!("there is no {name}; `INSTA_UPDATE=always cargo test -p checker` makes it")
        }
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("there is no {name}"),
        Err(error) => bail!("{name} cannot be read: {error}"),
    }
}
