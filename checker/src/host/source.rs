//! The learner's file: reading it with care, and never changing it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};

/// The largest file that is taken for a solution, in bytes.
pub const LARGEST: u64 = 1024 * 1024;

/// A learner's file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// How messages name it: relative to the clone where it lies inside.
    pub shown: String,
    /// Its text, with `\n` at line ends whatever the file has.
    pub text: String,
}

/// The file cannot be checked as it is. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not there.
    #[error("there is no file {0}")]
    Missing(String),
    /// A symbolic link to nowhere.
    #[error("{0} is a link to a file that is not there")]
    Dangling(String),
    /// A folder, a device, a pipe.
    #[error("{0} is no ordinary file but {1}")]
    NotAFile(String, &'static str),
    /// Nothing in it.
    #[error("{0} is empty")]
    Empty(String),
    /// Over [`LARGEST`].
    #[error("{0} has {1} bytes; a solution has at most {LARGEST}")]
    TooLarge(String, u64),
    /// No UTF-8, or zero bytes in it.
    #[error("{0} is not text in UTF-8 (see its byte {1}); save it so in your editor")]
    NotText(String, usize),
    /// The system says no.
    #[error("{0} cannot be read: {1}")]
    Io(String, io::Error),
}

/// Reads a file, which messages call `shown`.
pub fn read(path: &Path, shown: &str) -> Result<Source, Unreadable> {
    let shown = shown.to_owned();
    let io_error = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => Unreadable::Dangling(shown.clone()),
        io::ErrorKind::NotFound => Unreadable::Missing(shown.clone()),
        _ => Unreadable::Io(shown.clone(), error),
    };
    // Looked at before it is opened: opening a named pipe would wait for ever.
    let metadata = fs::metadata(path).map_err(io_error)?;
    if metadata.is_dir() {
        return Err(Unreadable::NotAFile(shown, "a folder"));
    }
    if !metadata.is_file() {
        return Err(Unreadable::NotAFile(shown, "a device or a pipe"));
    }
    if metadata.len() > LARGEST {
        return Err(Unreadable::TooLarge(shown, metadata.len()));
    }
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
        .map_err(io_error)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(io_error)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Unreadable::TooLarge(shown, bytes.len() as u64));
    }
    from_bytes(bytes, shown)
}

/// The bytes of a learner's file, which messages call `shown`, as its text.
pub fn from_bytes(bytes: Vec<u8>, shown: String) -> Result<Source, Unreadable> {
    if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
        return Err(Unreadable::NotText(shown, zero));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| Unreadable::NotText(shown.clone(), error.utf8_error().valid_up_to()))?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    if text.trim().is_empty() {
        return Err(Unreadable::Empty(shown));
    }
    Ok(Source { shown, text })
}

/// How messages name a path: relative to the clone where it lies inside.
pub fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// Makes the learner's file from the starter unless something is there already, and says
/// whether it did. The file appears whole or not at all, also when two checkers run at once.
pub fn make_from_starter(starter: &Path, path: &Path) -> io::Result<bool> {
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let folder = path.parent().expect("a learner's file lies in a folder");
    fs::create_dir_all(folder)?;
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(&fs::read(starter)?)?;
    readable_by_all(draft.as_file())?;
    match draft.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// Moves the learner's file to the first free name `ex05c.asm.bak`, `ex05c.asm.bak2`, ….
pub fn back_up(path: &Path) -> io::Result<PathBuf> {
    for number in 1.. {
        let suffix = if number == 1 { ".bak".to_owned() } else { format!(".bak{number}") };
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let backup = PathBuf::from(name);
        match rename_to_free(path, &backup) {
            Ok(()) => return Ok(backup),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    unreachable!("there are more numbers than files")
}

/// Renames and replaces nothing, so that no older backup is lost.
fn rename_to_free(path: &Path, to: &Path) -> io::Result<()> {
    match renameat2(AT_FDCWD, path, AT_FDCWD, to, RenameFlags::RENAME_NOREPLACE) {
        // Not every file system can do this in one step.
        Err(Errno::EINVAL) if to.symlink_metadata().is_ok() => {
            Err(io::ErrorKind::AlreadyExists.into())
        }
        Err(Errno::EINVAL) => fs::rename(path, to),
        done => Ok(done?),
    }
}

/// Temporary files are the owner's alone; a learner's file has the usual mode.
fn readable_by_all(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}
