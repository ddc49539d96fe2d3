//! Whether the machine is ready, and getting it ready.

use std::path::PathBuf;

use crate::cli::Terminal;
use crate::commands::{Stop, agreed, say};
use crate::host::packages::{self, Manager, Tool};
use crate::host::{child, python, toolchain};
use crate::model::isolation::{Isolation, Missing};

/// Whether somebody has agreed to an installation beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    /// Ask, where somebody can answer.
    Ask,
    /// `--yes`
    Given,
}

/// Who the machine is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Checking exercises.
    Learning,
    /// Checking them with a CPython that was named.
    LearningWith,
    /// Getting ready for checks.
    SettingUp,
    /// Running the project's own tests too.
    Developing,
}

impl Purpose {
    /// Checking with what `--python` names.
    pub(super) fn learning(asked: &[String]) -> Self {
        if asked.is_empty() { Self::Learning } else { Self::LearningWith }
    }
}

/// What to do where nasm is too old: a package manager may have nothing newer.
pub(super) const NEWER_NASM: &str =
    "a newer system has a newer nasm, and https://nasm.us has the newest: put it first on the PATH";

/// What is missing or too old.
pub(super) fn missing(purpose: Purpose) -> anyhow::Result<Vec<Tool>> {
    let mut missing = Vec::new();
    match child::find_program("nasm") {
        None => missing.push(Tool::Nasm),
        Some(nasm) if purpose == Purpose::Developing => {
            if let Some(version) = toolchain::version_below(&nasm, toolchain::OLDEST_NASM)? {
                return Err(toolchain::NotReady::TooOld(version).into());
            }
        }
        Some(_) => {}
    }
    if child::find_program("ld").is_none() {
        missing.push(Tool::Binutils);
    }
    // Only a set-up takes the time to ask the interpreters what they are.
    let python = match purpose {
        Purpose::LearningWith => true,
        Purpose::Learning => child::find_program("python3").is_some(),
        Purpose::SettingUp | Purpose::Developing => fit().next().is_some(),
    };
    if !python {
        missing.push(Tool::Python);
    }
    if purpose == Purpose::Developing {
        let headers = |path: PathBuf| python::probe(&path).is_ok_and(|probe| probe.headers);
        if !python::all().into_iter().any(headers) {
            missing.push(Tool::PythonHeaders);
        }
        if child::find_program("cc").is_none() {
            missing.push(Tool::Compiler);
        }
        if child::find_program("gdb").is_none() {
            missing.push(Tool::Debugger);
        }
    }
    Ok(missing)
}

/// Installs what is missing, if that is agreed to; an error that says the command if not.
pub(super) fn ensure(purpose: Purpose, consent: Consent, terminal: Terminal) -> anyhow::Result<()> {
    let missing = missing(purpose)?;
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|tool| tool.name()).collect();
    let what = match names[..] {
        [ref several @ .., last] if !several.is_empty() => {
            format!("this machine lacks {} and {last}", several.join(", "))
        }
        _ => format!("this machine lacks {}", names.join("")),
    };
    let Some(manager) = Manager::find() else {
        return Err(Stop::not_ready(what, "install it, and put it on the PATH"));
    };
    let commands = manager.commands(&missing);
    let shown: Vec<String> = commands.iter().map(|command| command.join(" ")).collect();
    let shown = shown.join(" && ");
    let agreed = match consent {
        Consent::Given => {
            say(&format!("{what}.\n    {shown}\n"))?;
            true
        }
        Consent::Ask if terminal.answers => {
            say(&format!("{what}. This installs it:\n    {shown}\n"))?;
            agreed("Run that now?")?
        }
        Consent::Ask => false,
    };
    if !agreed {
        return Err(Stop::not_ready(what, format!("`{shown}`")));
    }
    for command in &commands {
        let status = packages::run(command).map_err(|error| {
            Stop::not_ready(format!("`{}`: {error}", command[0]), shown.clone())
        })?;
        // A failed `apt-get update` often means one dead mirror; the installation decides.
        let last = std::ptr::eq(command, commands.last().expect("there is at least one command"));
        if last && !status.success() {
            let what = format!("`{}` ended with {status}", command.join(" "));
            return Err(Stop::not_ready(what, "its own words are above"));
        }
    }
    let still = self::missing(purpose)?;
    if let Some(tool) = still.first() {
        let what = format!("{} is still not to be found", tool.name());
        return Err(Stop::not_ready(what, "is it on the PATH?"));
    }
    Ok(())
}

/// The isolation that was asked for, or the strictest that this system has; in the second case
/// also what it lacks.
pub(super) fn isolation(asked: Option<Isolation>) -> Result<(Isolation, Option<Missing>), Missing> {
    let missing = || toolchain::missing(Isolation::Strict.layers());
    match asked {
        Some(Isolation::Strict) => missing().map_or(Ok((Isolation::Strict, None)), Err),
        Some(Isolation::Process) => Ok((Isolation::Process, None)),
        None => Ok(match missing() {
            None => (Isolation::Strict, None),
            lacking => (Isolation::Process, lacking),
        }),
    }
}

/// The interpreters for `--python`, each once; the `python3` on the path without one.
pub(super) fn pythons(asked: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for one in asked {
        match one.as_str() {
            "all" => paths.extend(fit()),
            version => paths.push(resolve(Some(version))?),
        }
    }
    if asked.is_empty() {
        paths.push(resolve(None)?);
    }
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    if paths.is_empty() {
        return Err(Stop::not_ready("no CPython fits", "`checker doctor` lists them and says why"));
    }
    Ok(paths)
}

fn resolve(asked: Option<&str>) -> anyhow::Result<PathBuf> {
    python::resolve(asked).map_err(|error| match error {
        python::NotReady::NotFound { .. } => {
            Stop::usage(error.to_string(), "give a version that is installed, or a path")
        }
        other => Stop::not_ready(other.to_string(), "`cargo run -p checker -- setup` installs one"),
    })
}

/// What to say for `--python` so that the interpreter fits: nothing where the `python3` on the
/// path does, and else the path of the first that does.
pub(super) fn fitting() -> Vec<String> {
    let default = python::resolve(None).and_then(|path| python::probe(&path));
    if default.is_ok_and(|probe| probe.unfit().is_none()) {
        return Vec::new();
    }
    fit().next().map(|path| path.display().to_string()).into_iter().collect()
}

/// The interpreters that exercises can be checked with.
pub(super) fn fit() -> impl Iterator<Item = PathBuf> {
    python::all()
        .into_iter()
        .filter(|path| python::probe(path).is_ok_and(|probe| probe.unfit().is_none()))
}
