//! The machine's package manager: which one it is, and its command for what is missing.

use std::io;
use std::process::{Command, ExitStatus, Stdio};

use crate::host::child;

/// What the workbook needs and a package manager has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// The assembler.
    Nasm,
    /// GNU binutils, for ld.
    Binutils,
    /// A CPython.
    Python,
    /// CPython's C headers, for the tests.
    PythonHeaders,
    /// A C compiler, for the tests.
    Compiler,
    /// gdb, for the tests.
    Debugger,
}

impl Tool {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nasm => "nasm",
            Self::Binutils => "ld (GNU binutils)",
            Self::Python => "a CPython 3.9 or newer",
            Self::PythonHeaders => "CPython's C headers",
            Self::Compiler => "a C compiler",
            Self::Debugger => "gdb",
        }
    }
}

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// Debian, Ubuntu.
    Apt,
    /// Fedora.
    Dnf,
    /// Arch.
    Pacman,
    /// Homebrew.
    Brew,
}

impl Manager {
    /// The one that is installed.
    pub fn find() -> Option<Self> {
        const PROGRAMS: [(&str, Manager); 4] = [
            ("apt-get", Manager::Apt),
            ("dnf", Manager::Dnf),
            ("pacman", Manager::Pacman),
            ("brew", Manager::Brew),
        ];
        PROGRAMS
            .into_iter()
            .find(|(program, _)| child::find_program(program).is_some())
            .map(|(_, manager)| manager)
    }

    /// The commands that install the tools, to be run one after the other.
    pub fn commands(self, tools: &[Tool]) -> Vec<Vec<&'static str>> {
        let packages = tools.iter().map(|tool| self.package(*tool));
        let (prepare, install): (Option<&[&str]>, &[&str]) = match self {
            // A fresh machine or container has no package lists yet.
            Self::Apt => (Some(&["apt-get", "update"]), &["apt-get", "install", "--yes"]),
            Self::Dnf => (None, &["dnf", "install", "--assumeyes"]),
            Self::Pacman => (None, &["pacman", "-Sy", "--needed", "--noconfirm"]),
            Self::Brew => (None, &["brew", "install"]),
        };
        let root: &[&str] = if self.needs_sudo() { &["sudo"] } else { &[] };
        let mut commands: Vec<Vec<&str>> = Vec::new();
        commands.extend(prepare.map(|command| [root, command].concat()));
        commands.push(root.iter().chain(install).copied().chain(packages).collect());
        commands
    }

    fn needs_sudo(self) -> bool {
        self != Self::Brew && !nix::unistd::geteuid().is_root()
    }

    fn package(self, tool: Tool) -> &'static str {
        match (self, tool) {
            (_, Tool::Nasm) => "nasm",
            (_, Tool::Binutils) => "binutils",
            (Self::Pacman | Self::Brew, Tool::Python | Tool::PythonHeaders) => "python",
            (_, Tool::Python) => "python3",
            (Self::Apt, Tool::PythonHeaders) => "python3-dev",
            (Self::Dnf, Tool::PythonHeaders) => "python3-devel",
            (_, Tool::Compiler) => "gcc",
            (_, Tool::Debugger) => "gdb",
        }
    }
}

/// Runs one of the commands with the terminal as it is.
pub fn run(command: &[&str]) -> io::Result<ExitStatus> {
    let [program, arguments @ ..] = command else {
        return Err(io::Error::other("an empty command"));
    };
    Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::inherit())
        .status()
}
