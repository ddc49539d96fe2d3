//! `checker doctor`: what is installed, and what each thing is good for here.

use std::path::PathBuf;

use crate::cli::Terminal;
use crate::commands::machine::{self, Purpose};
use crate::commands::{Status, Stop, say};
use crate::host::packages::Manager;
use crate::host::zygote::Zygote;
use crate::host::{child, python, toolchain};
use crate::model::isolation::Layers;
use crate::report::style::Role;

/// Prints a line for each tool and each CPython. Ends well when exercises can be checked.
pub(crate) fn run(terminal: Terminal) -> anyhow::Result<Status> {
    let mut text = String::new();
    let ink = terminal.ink;
    let good = |word: &str| ink.paint(Role::Good, word);
    let bad = |word: &str| ink.paint(Role::Bad, word);

    let mut old_nasm = false;
    text.push_str(&format!("{}\n", ink.paint(Role::Heading, "Tools")));
    match child::find_program("nasm") {
        Some(path) => {
            let version = toolchain::nasm_version(&path)?;
            old_nasm = toolchain::version_below(&path, toolchain::OLDEST_NASM)?.is_some();
            let word = if old_nasm { bad("too old") } else { good("ready") };
            text.push_str(&format!("  nasm {version}: {word}, {}\n", path.display()));
        }
        None => text.push_str(&format!("  nasm: {}\n", bad("missing"))),
    }
    match child::find_program("ld") {
        Some(path) => {
            let version = toolchain::ld_version(&path)?;
            text.push_str(&format!("  ld {version}: {}, {}\n", good("ready"), path.display()));
        }
        None => text.push_str(&format!("  ld: {}\n", bad("missing"))),
    }

    text.push_str(&format!("\n{}\n", ink.paint(Role::Heading, "CPythons")));
    let (mut usable, mut default_usable) = (0, false);
    let default = python::resolve(None).ok();
    let is_default = |path: &PathBuf| {
        default
            .as_ref()
            .is_some_and(|default| default.canonicalize().ok() == path.canonicalize().ok())
    };
    for path in python::all() {
        let is_default = is_default(&path);
        let (version, verdict) = match python::probe(&path) {
            Err(error) => ("?".to_owned(), bad(&error.to_string())),
            Ok(probe) => match probe.unfit() {
                Some(why) => (probe.version, bad(&why)),
                None => match Zygote::start(&path, &[], Layers::NONE)
                    .and_then(|mut zygote| zygote.guest().map(drop))
                {
                    Ok(()) => {
                        usable += 1;
                        default_usable |= is_default;
                        (probe.version, good("ready"))
                    }
                    Err(error) => (probe.version, bad(&error.to_string())),
                },
            },
        };
        let mark = if is_default { ", used unless you say `--python`" } else { "" };
        text.push_str(&format!("  {version}: {verdict}, {}{mark}\n", path.display()));
    }
    if usable == 0 {
        text.push_str("  none that exercises can be checked with\n");
    }

    let missing = machine::missing(Purpose::Learning)?;
    let hint = if !missing.is_empty() {
        "`cargo run -p checker -- setup --yes` installs what is missing"
    } else if old_nasm {
        machine::NEWER_NASM
    } else if usable == 0 {
        "install a CPython 3.9 or newer"
    } else if !default_usable {
        "the python3 on the PATH does not fit; name another one by `--python`, or put it first"
    } else {
        text.push_str("\nThis machine is ready.\n");
        say(&text)?;
        return Ok(Status::Passed);
    };
    if let (Some(manager), false) = (Manager::find(), missing.is_empty()) {
        let commands = manager.commands(&missing);
        let lines: Vec<String> = commands.iter().map(|command| command.join(" ")).collect();
        text.push_str(&format!("\nWhat is missing, this installs:\n    {}\n", lines.join(" && ")));
    }
    say(&text)?;
    Err(Stop::not_ready("this machine is not ready", hint))
}
