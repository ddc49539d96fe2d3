//! gdb or lldb on the right Python, with the module loaded: what they are told, and the start.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use object::{Object, ObjectSection};

use crate::host::child;
use crate::model::elf::Elf;

/// A debugger that is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debugger {
    /// The GNU debugger.
    Gdb,
    /// LLVM's.
    Lldb,
}

impl Debugger {
    /// The one that is installed; gdb where both are.
    pub fn find() -> Option<Self> {
        let installed = |name| child::find_program(name).is_some();
        if installed("gdb") { Some(Self::Gdb) } else { installed("lldb").then_some(Self::Lldb) }
    }

    /// Its command.
    pub fn program(self) -> &'static str {
        match self {
            Self::Gdb => "gdb",
            Self::Lldb => "lldb",
        }
    }
}

/// The registers that are shown at the stop.
const REGISTERS: &str = "rax rbx rcx rdx rsi rdi rbp rsp rip";

/// Where to stop first.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The source file's name as nasm was given it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    /// The interpreter.
    pub python: &'a Path,
    /// The folder with the shared object and a copy of its source.
    pub folder: &'a Path,
    /// The module's name.
    pub module: &'a str,
    /// Python statements, the last of which is of interest.
    pub statements: &'a [String],
    /// Where to stop.
    pub stop: Stop,
    /// Whether to run to the stop, show where that is, and end: for pipes.
    pub batch: bool,
}

/// Runs the debugger until the user leaves it.
pub fn run(debugger: Debugger, job: &Job<'_>) -> io::Result<ExitStatus> {
    let script = job.folder.join("session.py");
    let mut python =
        format!("import sys\nsys.path.insert(0, {:?})\n", job.folder.to_string_lossy());
    for statement in job.statements {
        python.push_str(&shown(statement));
    }
    fs::write(&script, python)?;
    let shared = job.folder.join(format!("{}.so", job.module));
    widen_unit(&shared)?;
    let mut command = match debugger {
        Debugger::Gdb => gdb(job)?,
        Debugger::Lldb => lldb(job)?,
    };
    // Unbuffered: what was printed before the stop is seen before it, in a pipe too.
    command.arg(job.python).args(["-I", "-u", "-X", "dev"]).arg(&script);
    command.current_dir(job.folder).status()
}

/// An expression prints its value, as at the prompt.
fn shown(statement: &str) -> String {
    format!(
        "_source = {statement:?}\ntry:\n    _code = compile(_source, 'session', 'eval')\nexcept \
         SyntaxError:\n    exec(_source)\nelse:\n    print('>>>', _source)\n    print(eval(_code))\n"
    )
}

fn gdb(job: &Job<'_>) -> io::Result<Command> {
    let commands = job.folder.join("gdb.commands");
    let stop = format!("{}:{}", job.stop.file, job.stop.line);
    let mut text = format!(
        "set breakpoint pending on\nset confirm off\nset pagination off\nset debuginfod enabled \
         off\nset disassembly-flavor intel\nset startup-with-shell off\nhandle SIGXCPU nostop \
         noprint pass\nbreak {stop}\nrun\n"
    );
    if job.batch {
        text.push_str(&format!("frame\ninfo registers {REGISTERS}\nkill\n"));
    } else {
        // What the program prints goes over the screen.
        text.push_str(
            "tui new-layout workbook src 2 regs 1 status 0 cmd 1\nlayout workbook\ntui reg \
             general\ndefine hook-stop\nrefresh\nend\n",
        );
    }
    fs::write(&commands, text)?;
    let mut command = Command::new("gdb");
    command.args(["-q", "-iex", "set auto-load python-scripts off", "-x"]).arg(&commands);
    if job.batch {
        command.arg("-batch");
    }
    command.arg("--args");
    Ok(command)
}

fn lldb(job: &Job<'_>) -> io::Result<Command> {
    let commands = job.folder.join("lldb.commands");
    // Containers mostly refuse to switch address space randomization off, and lldb gives up then.
    let mut text = format!(
        "settings set auto-confirm true\nsettings set target.disable-aslr false\nsettings set \
         target.x86-disassembly-flavor intel\nbreakpoint set --file {} --line {}\nrun\nregister \
         read {REGISTERS}\n",
        job.stop.file, job.stop.line
    );
    if job.batch {
        text.push_str("quit\n");
    }
    fs::write(&commands, text)?;
    let mut command = Command::new("lldb");
    command.arg("--source").arg(&commands);
    if job.batch {
        command.arg("--batch");
    }
    command.arg("--");
    Ok(command)
}

/// nasm gives its compilation unit the range from the first to the last section with code in the
/// order in which they were named, which need not be the order of their addresses. Debuggers
/// then find no line for what lies outside. This widens the range to all of the code.
fn widen_unit(shared: &Path) -> io::Result<()> {
    /// Where nasm's .debug_info has DW_AT_low_pc: behind a header of 11 bytes and the
    /// abbreviation's number.
    const LOW: usize = 12;
    const HIGH: usize = LOW + 8;
    let mut bytes = fs::read(shared)?;
    let Some((at, code)) = debug_info(&bytes) else { return Ok(()) };
    let (Some(start), Some(end)) = (code.first(), code.last()) else { return Ok(()) };
    for (offset, address) in [(LOW, start.0), (HIGH, end.1)] {
        if let Some(field) = bytes.get_mut(at + offset..at + offset + 8) {
            field.copy_from_slice(&address.to_le_bytes());
        }
    }
    fs::write(shared, bytes)
}

/// The file offset of .debug_info if nasm wrote it, and the ranges of code in order.
fn debug_info(bytes: &[u8]) -> Option<(usize, Vec<(u64, u64)>)> {
    let file = Elf::parse(bytes).ok()?;
    let section = file.section_by_name(".debug_info")?;
    let producer = b"NASM";
    let data = section.data().ok()?;
    if !data.windows(producer.len()).any(|window| window == producer) {
        return None;
    }
    let (at, _) = section.file_range()?;
    let mut code: Vec<(u64, u64)> = file
        .sections()
        .filter(|section| section.kind() == object::SectionKind::Text)
        .filter(|section| section.name() == Ok(".text"))
        .map(|section| (section.address(), section.address() + section.size()))
        .collect();
    code.sort_unstable();
    Some((usize::try_from(at).ok()?, code))
}
