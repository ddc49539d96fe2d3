//! The temporary folders that files are built in. A checker that is killed cannot remove its own;
//! the next one does.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use nix::sys::statvfs::{FsFlags, statvfs};
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
        let folder = in_memory().and_then(|base| folder(&base).ok());
        let folder = folder.map_or_else(|| self::folder(&std::env::temp_dir()), Ok)?;
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

/// Where folders are made, unless `TMPDIR` names another place: in memory, if there is room. What
/// nasm and ld write is needed for some milliseconds, and a disk adds half of one.
fn in_memory() -> Option<PathBuf> {
    /// Several times what the tools can write at the worst.
    const ROOM: u64 = 256 << 20;
    let base = Path::new("/dev/shm");
    let system = statvfs(base).ok()?;
    let free = system.fragment_size() * system.blocks_available();
    // Containers have a small one, from which no shared object can be loaded.
    let will_do = free >= ROOM && !system.flags().contains(FsFlags::ST_NOEXEC);
    (std::env::var_os("TMPDIR").is_none() && will_do).then(|| base.to_owned())
}

fn folder(base: &Path) -> io::Result<TempDir> {
    static SWEPT: Once = Once::new();
    SWEPT.call_once(|| sweep(base));
    tempfile::Builder::new().prefix(PREFIX).tempdir_in(base)
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
