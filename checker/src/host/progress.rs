//! What the learner has solved and which hints were shown: `work/.progress.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

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

/// Changes the progress, one checker at a time. Nothing is written where nothing changes, and a
/// damaged file is kept under another name.
pub fn update(work: &Path, change: impl FnOnce(&mut Progress)) -> io::Result<Progress> {
    std::fs::create_dir_all(work)?;
    let mut file = open_locked(&path(work))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let before: Progress = match std::str::from_utf8(&bytes).map(toml::from_str) {
        Ok(Ok(progress)) => progress,
        _ => {
            let mut damaged = draft(work, ".progress.toml.damaged-")?;
            damaged.write_all(&bytes)?;
            damaged.keep()?;
            Progress::default()
        }
    };
    let mut progress = before.clone();
    change(&mut progress);
    if progress != before || bytes.is_empty() {
        let text = toml::to_string(&progress).map_err(io::Error::other)?;
        // The file changes as a whole, also when the disk is full or the checker is killed.
        let mut draft = draft(work, ".progress.toml.new-")?;
        draft.write_all(text.as_bytes())?;
        draft.persist(path(work))?;
    }
    Ok(progress)
}

/// Waits for the lock on the file that has the path then.
fn open_locked(path: &Path) -> io::Result<File> {
    loop {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.lock()?;
        // Another checker may have put a new file there meanwhile.
        if path.metadata().is_ok_and(|now| file.metadata().is_ok_and(|own| own.ino() == now.ino()))
        {
            return Ok(file);
        }
    }
}

fn draft(work: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    let mode = Permissions::from_mode(0o644);
    tempfile::Builder::new().prefix(prefix).permissions(mode).tempfile_in(work)
}

fn path(work: &Path) -> PathBuf {
    work.join(".progress.toml")
}
