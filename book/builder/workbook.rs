//! Where the workbook lies and how its files are named. Reads paths, never what is in them.

use std::env;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};

/// A clone of the workbook.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// The folder that holds `book/` and `exercises/`.
    pub root: PathBuf,
}

impl Workbook {
    /// The clone around the current folder, or else the one this program was built in.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder cannot be read")?;
        Self::around(&here)
            .or_else(|| Self::around(Path::new(env!("CARGO_MANIFEST_DIR"))))
            .with_context(|| format!("no `book/book.toml` in {} or above it", here.display()))
    }

    /// The clone that `folder` lies in.
    pub fn around(folder: &Path) -> Option<Self> {
        let root = folder.ancestors().find(|folder| folder.join("book/book.toml").is_file())?;
        Some(Self { root: root.to_path_buf() })
    }

    /// The mdBook: `book/`.
    pub fn book(&self) -> PathBuf {
        self.root.join("book")
    }

    /// The pages: `book/src/`.
    pub fn pages(&self) -> PathBuf {
        self.root.join("book").join("src")
    }

    /// The exercises and worked examples: `exercises/`.
    pub fn exercises(&self) -> PathBuf {
        self.root.join("exercises")
    }

    /// The name of a file as people write it: from the root, with `/` between its parts.
    pub fn name_of(&self, path: &Path) -> String {
        let path = normal(path);
        let inside = path.strip_prefix(normal(&self.root)).unwrap_or(&path);
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    }
}

/// The path without `.` and `..`, by its letters alone: nothing is looked up.
fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) =>
            {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// The subfolders of `folder`, sorted by name.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        entries(folder).into_iter().filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// Every file under `folder`, at any depth, sorted by name.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}
