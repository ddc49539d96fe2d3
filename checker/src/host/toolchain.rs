//! nasm and ld: running them on one file, in a folder of their own.

mod glue;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

pub use glue::{Glue, GlueFrom};

use crate::host::child::{self, Limits};
use crate::host::sandbox::{self, View, Walls};
use crate::model::isolation::{Isolation, Layer, Layers, Missing};
use crate::model::linker_message::{self, LinkerMessage};
use crate::model::nasm_message::{self, NasmMessage, Severity};

/// The oldest nasm that the workbook's exercises are written for: 2.15 brought the macro
/// functions and warning classes that it relies on.
pub const OLDEST_NASM: (u32, u32) = (2, 15);

/// The flags of the book's every nasm command, besides the include folder. nasm 3 adds warnings
/// that a right module cannot avoid: its own `struc` macro gives `unknown-warning`, a table of
/// addresses gives `reloc-abs-qword`, and `lea rax, [rel x]` gives `reloc-rel-dword`. What
/// `reloc-abs-dword` warns of is a finding of the checker's own, L002.
pub const NASM_FLAGS: [&str; 11] = [
    "-f",
    "elf64",
    "-g",
    "-F",
    "dwarf",
    "-w+all",
    "-w-unknown-warning",
    "-w-reloc-abs-qword",
    "-w-reloc-rel-dword",
    "-w-reloc-abs-dword",
    "-Werror",
];

/// The flags of the book's every ld command.
pub const LD_FLAGS: [&str; 7] = ["-shared", "-z", "text", "-z", "noexecstack", "-z", "now"];

/// A tool that cannot do its work on this machine.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// Not on the path.
    #[error("{0} is not installed")]
    Missing(&'static str),
    /// Older than [`OLDEST_NASM`].
    #[error("nasm {0} is too old; the exercises need 2.15 or newer")]
    TooOld(String),
    /// A layer of the sandbox that was asked for is not to be had.
    #[error(transparent)]
    NotConfined(#[from] Missing),
    /// It could not be run, or its folder could not be written.
    #[error("{0} cannot be run")]
    Io(&'static str, #[source] io::Error),
}

/// Why there is no object file.
#[derive(Debug)]
pub enum NotAssembled {
    /// nasm's errors and warnings, in its order.
    Messages(Vec<NasmMessage>),
    /// nasm ran into the limit on its time or memory, or failed without a word.
    GaveUp(String),
}

/// Code that somebody wrote for a video codec, macros upon macros, keeps nasm busy for 3 seconds.
const NASM_LIMITS: Limits = Limits {
    wall: Duration::from_secs(20),
    cpu: Duration::from_secs(8),
    memory: 512 << 20,
    file: 16 << 20,
};

const LD_LIMITS: Limits = Limits {
    wall: Duration::from_secs(20),
    cpu: Duration::from_secs(10),
    memory: 2 << 30,
    file: 64 << 20,
};

/// What nasm made, or why there is nothing.
pub type Assembled<T> = Result<T, NotAssembled>;

/// The object of a file.
#[derive(Debug)]
pub struct Object {
    /// The object file.
    pub path: PathBuf,
    /// What it may have to be linked with.
    pub glue: Option<Arc<Glue>>,
}

/// Assembles the text as `<name>.asm` in the folder, to `<name>.o` beside it.
pub fn assemble(
    text: &str,
    name: &str,
    include: &Path,
    folder: &Path,
    layers: Layers,
    from: GlueFrom,
) -> Result<Assembled<Object>, NotReady> {
    let part = match from {
        GlueFrom::TheFile => Part::All,
        GlueFrom::AnObject => Part::Own,
    };
    let own = || assemble_part(part, text, name, include, folder, layers);
    let (path, glue) = match from == GlueFrom::AnObject && text.contains(glue::ASKED_FOR) {
        false => (own()?, None),
        true => thread::scope(|scope| {
            let glue = scope.spawn(|| glue::of(include, layers));
            let own = own()?;
            let glue = glue.join().expect("a thread that makes the glue does not panic")?;
            Ok::<_, NotReady>((own, Some(glue)))
        })?,
    };
    Ok(path.and_then(|path| Ok(Object { path, glue: glue.transpose()? })))
}

/// What nasm makes of a text.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The whole of it.
    All,
    /// All but what is the same for every file that includes `workbook.inc`.
    Own,
}

fn assemble_part(
    part: Part,
    text: &str,
    name: &str,
    include: &Path,
    folder: &Path,
    layers: Layers,
) -> Result<Assembled<PathBuf>, NotReady> {
    let nasm = child::find_program("nasm").ok_or(NotReady::Missing("nasm"))?;
    let failed = |error| NotReady::Io("nasm", error);
    let source = format!("{name}.asm");
    let object = folder.join(format!("{name}.o"));
    fs::write(folder.join(&source), text).map_err(failed)?;
    let mut included = include.as_os_str().to_owned();
    included.push("/");
    let mut command = Command::new(&nasm);
    let part = match part {
        Part::All => None,
        Part::Own => Some("-dWORKBOOK_CALL_APART"),
    };
    command.args(NASM_FLAGS).args(part).arg("-I").arg(included).arg("-o").arg(&object).arg(&source);
    command.current_dir(folder);
    let view = View { readable: &[include], writable: folder };
    let run = confined(&command, NASM_LIMITS, layers, view)?.map_err(failed)?;
    if run.status.success() {
        return Ok(Ok(object));
    }
    // An old nasm does not understand workbook.inc, which is no fault of the learner's.
    if let Some(version) = version_below(&nasm, OLDEST_NASM).map_err(failed)? {
        return Err(NotReady::TooOld(version));
    }
    let mut messages = nasm_message::parse(&run.output);
    if messages.iter().any(|message| message.severity == Severity::Error) {
        // What follows from an error is not worth a second message.
        messages.retain(|message| message.severity == Severity::Error);
    }
    if messages.is_empty() {
        return Ok(Err(NotAssembled::GaveUp(run.output)));
    }
    Ok(Err(NotAssembled::Messages(messages)))
}

/// Links one object, and the glue if it has a use for it, to a shared object.
pub fn link(
    object: &Path,
    glue: Option<&Glue>,
    shared: &Path,
    folder: &Path,
    layers: Layers,
) -> Result<Result<(), Vec<LinkerMessage>>, NotReady> {
    let ld = child::find_program("ld").ok_or(NotReady::Missing("ld"))?;
    let failed = |error| NotReady::Io("ld", error);
    let mut command = Command::new(ld);
    command.args(LD_FLAGS).arg("-o").arg(shared).arg(object);
    if let Some(glue) = glue {
        // Behind the learner's: whoever runs off the end of that meets the guard in between.
        let path = folder.join("glue.o");
        fs::write(&path, &glue.bytes).map_err(failed)?;
        command.arg(path);
    }
    let view = View { readable: &[], writable: folder };
    let run = confined(&command, LD_LIMITS, layers, view)?.map_err(failed)?;
    if run.status.success() {
        return Ok(Ok(()));
    }
    let mut messages = linker_message::parse(&run.output);
    if messages.is_empty() {
        messages.push(LinkerMessage::Other(format!("ld ended with {}", run.status)));
    }
    Ok(Err(messages))
}

/// The first layer of the sandbox that is not to be had for the tools of this machine.
pub fn missing(layers: Layers) -> Option<Missing> {
    let script = |name: &str| {
        let path = child::find_program(name)?;
        let why = format!("{} is a script, and nobody knows what it starts", path.display());
        (layers.has(Layer::Landlock) && child::is_script(&path))
            .then(|| Missing::new(Layer::Landlock, why))
    };
    sandbox::missing(layers).or_else(|| ["nasm", "ld"].into_iter().find_map(script))
}

/// The strictest isolation that this machine has.
pub fn strictest() -> Isolation {
    match missing(Isolation::Strict.layers()) {
        None => Isolation::Strict,
        Some(_) => Isolation::Process,
    }
}

/// Runs a tool on what a learner wrote.
fn confined(
    command: &Command,
    limits: Limits,
    layers: Layers,
    view: View<'_>,
) -> Result<io::Result<child::Run>, Missing> {
    let limits = if layers.has(Layer::Limits) { limits } else { limits.of_time() };
    let walls = Walls::new(Path::new(command.get_program()), layers, view)?;
    Ok(child::run(command, limits.wall, &walls.with(limits.alone())))
}

/// nasm's version as it prints it: `2.16.01`.
pub fn nasm_version(nasm: &Path) -> io::Result<String> {
    let run = child::run(Command::new(nasm).arg("-v"), NASM_LIMITS.wall, &NASM_LIMITS.alone())?;
    Ok(run.output.split_whitespace().nth(2).unwrap_or("of an unknown version").to_owned())
}

/// ld's version as it prints it.
pub fn ld_version(ld: &Path) -> io::Result<String> {
    let run = child::run(Command::new(ld).arg("--version"), LD_LIMITS.wall, &LD_LIMITS.alone())?;
    let first = run.output.lines().next().unwrap_or_default();
    Ok(first.rsplit(' ').next().unwrap_or_default().to_owned())
}

/// nasm's version if it is older than the given one.
pub fn version_below(nasm: &Path, oldest: (u32, u32)) -> io::Result<Option<String>> {
    let version = nasm_version(nasm)?;
    let mut numbers = version.split(['.', 'r']).map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    Ok((found < oldest).then_some(version))
}
