//! Which CPythons there are, and which one is meant.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::host::child;

/// The oldest CPython whose stable ABI the checker and the exercises use.
pub const OLDEST: (u32, u32) = (3, 9);

/// The interpreter that was asked for is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// No `python3` on the path.
    #[error("there is no python3 on the PATH")]
    Missing,
    /// `--python` names no file and no version that is installed.
    #[error("there is no Python `{asked}` here; found: {found}")]
    NotFound {
        /// What was asked for.
        asked: String,
        /// What there is.
        found: String,
    },
    /// It does not run.
    #[error("{0} cannot be started: {1}")]
    Io(PathBuf, io::Error),
    /// It runs and does not say what it is.
    #[error("{0} is no Python that can be used: {1}")]
    NotPython(PathBuf, String),
}

/// What an interpreter says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `sys.executable`
    pub executable: PathBuf,
    /// `3.13.0`
    pub version: String,
    /// `cpython`, `pypy`
    pub implementation: String,
    /// `x86_64`
    pub machine: String,
    /// 64 or 32
    pub bits: u32,
    /// Whether it is a free-threaded build.
    pub free_threaded: bool,
    /// Whether its C headers are installed.
    pub headers: bool,
}

impl Probe {
    /// Why the exercises cannot be checked with it, or nothing where they can.
    pub fn unfit(&self) -> Option<String> {
        let mut numbers = self.version.split('.').map(|part| part.parse().unwrap_or(0));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if version < OLDEST {
            Some("too old: the exercises need 3.9 or newer".to_owned())
        } else if self.implementation != "cpython" {
            Some(format!(
                "it is {}, and the exercises are modules for CPython",
                self.implementation
            ))
        } else if self.bits != 64 || self.machine != "x86_64" {
            Some(format!(
                "a {}-bit Python for {}; the exercises are for x86-64",
                self.bits, self.machine
            ))
        } else if self.free_threaded {
            Some("a free-threaded build, which lays out modules in another way".to_owned())
        } else {
            None
        }
    }
}

/// The interpreter for `--python`: a path, or a version such as `3.12`; without it the `python3`
/// on the path.
pub fn resolve(asked: Option<&str>) -> Result<PathBuf, NotReady> {
    let Some(asked) = asked else {
        let found = child::find_program("python3").ok_or(NotReady::Missing)?;
        return behind_shim(&found);
    };
    if asked.contains('/') {
        let path = PathBuf::from(asked);
        return if child::is_program(&path) { behind_shim(&path) } else { Err(not_found(asked)) };
    }
    if asked.starts_with(|c: char| c.is_ascii_digit()) {
        let fits =
            |path: &PathBuf| version_of(path).is_some_and(|version| is_prefix(asked, &version));
        return all().into_iter().find(fits).ok_or_else(|| not_found(asked));
    }
    let found = child::find_program(asked).ok_or_else(|| not_found(asked))?;
    behind_shim(&found)
}

/// Every `python3` that can be found: on the path, and among pyenv's. No two are the same file.
pub fn all() -> Vec<PathBuf> {
    let mut candidates: Vec<PathBuf> = Vec::new();
    let path = std::env::var_os("PATH").unwrap_or_default();
    for folder in std::env::split_paths(&path) {
        candidates.push(folder.join("python3"));
        candidates.extend((OLDEST.1..40).map(|minor| folder.join(format!("python3.{minor}"))));
    }
    let versions = pyenv_root().map(|root| root.join("versions"));
    let entries = versions.and_then(|folder| fs::read_dir(folder).ok());
    let mut pyenv: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin/python3"))
        .collect();
    pyenv.sort();
    candidates.extend(pyenv);

    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for path in candidates.into_iter().filter(|path| child::is_program(path)) {
        if child::is_script(&path) {
            continue;
        }
        if let Ok(file) = path.canonicalize()
            && seen.insert(file)
        {
            found.push(path);
        }
    }
    // A version manager's script starts one that need not be in any of these places.
    if let Ok(path) = resolve(None)
        && path.canonicalize().is_ok_and(|file| seen.insert(file))
    {
        found.push(path);
    }
    found
}

/// Asks an interpreter what it is. Takes the time of its start.
pub fn probe(path: &Path) -> Result<Probe, NotReady> {
    const QUESTION: &str = "
import sys, os
try:
    import sysconfig
    include = sysconfig.get_paths()['include']
except Exception:
    include = ''
name = getattr(getattr(sys, 'implementation', None), 'name', 'unknown')
bits = 64 if sys.maxsize > 2**32 else 32
free = 't' in getattr(sys, 'abiflags', '')
print('%s|%d.%d.%d|%s|%s|%d|%d|%d' % (
    (sys.executable,) + tuple(sys.version_info[:3]) + (name, os.uname()[4], bits, free,
    os.path.exists(include + '/Python.h'))))
";
    let output = Command::new(path)
        .args(["-c", QUESTION])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| NotReady::Io(path.to_owned(), error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let fields: Vec<&str> = text.trim().split('|').collect();
    let [executable, version, implementation, machine, bits, free, headers] = fields[..] else {
        let said = String::from_utf8_lossy(&output.stderr);
        let why = said.lines().last().unwrap_or("it says nothing").to_owned();
        return Err(NotReady::NotPython(path.to_owned(), why));
    };
    Ok(Probe {
        executable: PathBuf::from(executable),
        version: version.to_owned(),
        implementation: implementation.to_owned(),
        machine: machine.to_owned(),
        bits: bits.parse().unwrap_or(0),
        free_threaded: free == "1",
        headers: headers == "1",
    })
}

/// The version in the name of the file that the path leads to, or else by asking it.
fn version_of(path: &Path) -> Option<String> {
    probe(path).ok().map(|probe| probe.version)
}

fn is_prefix(asked: &str, version: &str) -> bool {
    version == asked || version.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'))
}

fn not_found(asked: &str) -> NotReady {
    let versions: Vec<String> = all().iter().filter_map(|path| version_of(path)).collect();
    let found = if versions.is_empty() { "none".to_owned() } else { versions.join(", ") };
    NotReady::NotFound { asked: asked.to_owned(), found }
}

fn pyenv_root() -> Option<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    root.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")))
}

/// A version manager puts a script in the interpreter's place, which takes longer to start than
/// a whole check. The interpreter behind it is asked for once and kept in the user's cache, with
/// all that such scripts decide by.
fn behind_shim(path: &Path) -> Result<PathBuf, NotReady> {
    if !child::is_script(path) {
        return Ok(path.to_owned());
    }
    let key = shim_key(path);
    let cache = cache_file();
    if let Some(known) = cache.as_ref().and_then(|file| fs::read_to_string(file).ok())
        && let Some((cached_key, executable)) = known.rsplit_once('\n')
        && cached_key == key
        && child::is_program(Path::new(executable))
    {
        return Ok(PathBuf::from(executable));
    }
    let executable = probe(path)?.executable;
    if let Some(file) = cache {
        // A cache that cannot be written costs time and nothing else.
        let _ = file.parent().map(fs::create_dir_all);
        let _ = fs::write(file, format!("{key}\n{}", executable.display()));
    }
    Ok(executable)
}

fn shim_key(path: &Path) -> String {
    let mut key = format!("{} {}", path.display(), modified(path));
    for variable in ["PYENV_VERSION", "PYENV_ROOT", "ASDF_PYTHON_VERSION"] {
        if let Ok(value) = std::env::var(variable) {
            key.push_str(&format!(" {variable}={value}"));
        }
    }
    let here = std::env::current_dir().unwrap_or_default();
    let mut deciders: Vec<PathBuf> = here
        .ancestors()
        .flat_map(|folder| [folder.join(".python-version"), folder.join(".tool-versions")])
        .collect();
    deciders.extend(pyenv_root().map(|root| root.join("version")));
    for file in deciders.into_iter().filter(|file| file.exists()) {
        key.push_str(&format!(" {} {}", file.display(), modified(&file)));
    }
    key
}

/// The time of the file's last change, in nanoseconds since 1970; 0 where it is not known.
fn modified(path: &Path) -> i64 {
    path.metadata().map_or(0, |metadata| metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec())
}

fn cache_file() -> Option<PathBuf> {
    let folder =
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder =
        folder.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    Some(folder.join("assembly-workbook/python3"))
}
