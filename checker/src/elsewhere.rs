//! What the checker is where it cannot run anybody's module: on systems other than Linux, and on
//! processors other than x86-64. It says what it cannot check, and checks the rest: whether nasm
//! takes the file.

use std::env::consts::{ARCH, OS};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The command line. Its words are those that check: ids of exercises and chapters, and
/// `--file F`. All others need what is not here.
pub(crate) fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let root = std::env::current_dir().unwrap_or_default();
    // Nobody is left to be told that the standard output is closed.
    let _ = check(&words, &root, &mut io::stdout().lock());
    // As for every machine that lacks something.
    ExitCode::from(3)
}

/// Writes what it finds out about the files that the words mean, in the workbook around `folder`.
pub(crate) fn check(words: &[String], folder: &Path, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "The exercises are modules for Linux on x86-64, and this is {} on {ARCH}.\n\
         \n\
         Not checked here: whether your file links, what Python gets from it, and what\n\
         it does to registers, the stack and references.",
        system()
    )?;
    if let Some(root) = folder.ancestors().find(|root| root.join("exercises/include").is_dir()) {
        for file in files(words, folder, root) {
            writeln!(out)?;
            assemble(file.strip_prefix(root).unwrap_or(&file), root, out)?;
        }
    }
    writeln!(
        out,
        "\n\
         To have all of it checked, use an x86-64 Linux: on Windows the one in WSL\n\
         (wsl --install), elsewhere a virtual machine, a server, or a development\n\
         environment on the web. The book is readable here:\n\
         \n    cargo run -p book -- serve"
    )
}

/// As people write it.
fn system() -> &'static str {
    match OS {
        "macos" => "macOS",
        "linux" => "Linux",
        "windows" => "Windows",
        "freebsd" => "FreeBSD",
        other => other,
    }
}

/// The files to assemble: what comes after `--file`, or the answers in `work` to these exercises.
fn files(words: &[String], folder: &Path, root: &Path) -> Vec<PathBuf> {
    if let Some(at) = words.iter().position(|word| word == "--file") {
        return words.get(at + 1).map(|file| folder.join(file)).into_iter().collect();
    }
    let is_meant = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_one = |word: &String| word.starts_with("ex") && name.starts_with(word.as_str());
        path.extension().is_some_and(|end| end == "asm") && words.iter().any(is_one)
    };
    let work = std::fs::read_dir(root.join("work")).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = work.map(|entry| entry.path()).filter(is_meant).collect();
    files.sort();
    files
}

/// Writes whether nasm takes the file, or what it says.
fn assemble(file: &Path, root: &Path, out: &mut impl Write) -> io::Result<()> {
    let object = std::env::temp_dir().join(format!("checker-{}.o", std::process::id()));
    let nasm = Command::new("nasm")
        .args(["-f", "elf64", "-I", "exercises/include/", "-o"])
        .args([object.as_os_str(), file.as_os_str()])
        .current_dir(root)
        .stdin(Stdio::null())
        .output();
    // There is none where nasm refuses the file.
    let _ = std::fs::remove_file(object);
    let name = file.display();
    match nasm {
        Ok(nasm) if nasm.status.success() => writeln!(out, "{name}: nasm takes it."),
        Ok(nasm) => {
            let why = String::from_utf8_lossy(&nasm.stderr);
            writeln!(out, "{name}: nasm refuses it:\n{}", why.trim_end())
        }
        Err(error) => writeln!(out, "{name}: not assembled, nasm cannot be started: {error}"),
    }
}
