//! The temporary folders that files are built in. A checker that is killed cannot remove its own;
//! the next one does.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use tempfile::TempDir;

/// What the folders' names begin with.
const PREFIX: &str = "checker-";

/// How old a folder has to be to be taken for abandoned: it is made a moment before it is locked.
const AGE: Duration = Duration::from_secs(60);

/// A folder that is there as long as this is. Its lock says so to other checkers.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// A new folder; before the first one, those of checkers that are gone are removed.
    pub fn new() -> io::Result<Self> {
        static SWEPT: Once = Once::new();
        let base = std::env::temp_dir();
        SWEPT.call_once(|| sweep(&base));
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(base)?;
        let lock = File::open(folder.path())?;
        // A file system without locks: the folder is swept by nobody then, and neither are others.
        let _ = lock.try_lock();
        Ok(Self { folder, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders that no living process holds a lock on. What cannot be removed, such as
/// another user's, stays.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
        if !is_folder || age < AGE {
            continue;
        }
        let Ok(folder) = File::open(entry.path()) else { continue };
        match folder.try_lock() {
            Ok(()) => _ = fs::remove_dir_all(entry.path()),
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
}
