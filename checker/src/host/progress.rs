//! What the learner has solved and which hints were shown: `work/.progress.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::workbook::ExerciseId;

/// The learner's progress.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// The ids of the exercises that have passed once.
    pub passed: BTreeSet<String>,
    /// How many hints of an exercise were shown.
    pub hints: BTreeMap<String, usize>,
}

impl Progress {
    /// Whether the exercise has passed once.
    pub fn has_passed(&self, id: ExerciseId) -> bool {
        self.passed.contains(&id.to_string())
    }
}

/// The progress in the learner's folder; none where there is no file, or one that is damaged.
pub fn load(work: &Path) -> Progress {
    let text = std::fs::read_to_string(path(work)).unwrap_or_default();
    toml::from_str(&text).unwrap_or_default()
}

/// Changes the progress, one checker at a time. Nothing is written where nothing changes.
pub fn update(work: &Path, change: impl FnOnce(&mut Progress)) -> io::Result<Progress> {
    let before = load(work);
    let mut file = open(work)?;
    file.lock()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let mut progress: Progress = toml::from_str(&text).unwrap_or_default();
    change(&mut progress);
    if progress != before || text.is_empty() {
        let text = toml::to_string(&progress).map_err(io::Error::other)?;
        file.seek(SeekFrom::Start(0))?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())?;
    }
    Ok(progress)
}

fn open(work: &Path) -> io::Result<File> {
    std::fs::create_dir_all(work)?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path(work))
}

fn path(work: &Path) -> PathBuf {
    work.join(".progress.toml")
}
