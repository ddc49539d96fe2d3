//! An attack on nasm: running nasm on it, with walls or without, and looking at what it did.

use std::fs;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};

use crate::check::attack::stage::{Job, Mode};
use crate::host::toolchain::{self, GlueFrom, NotAssembled};
use crate::host::{child, surroundings};
use crate::model::attack::trial::{Nasm, NasmEnd};
use crate::model::attack::{Attack, Sign, Words};
use crate::model::isolation::{Isolation, Layers};

/// Assembles the attack in the folder `build`: as the checker does, or with the environment that
/// this process has and no walls.
pub(super) fn assemble(job: &Job, attack: &Attack) -> anyhow::Result<Nasm> {
    let folder = std::env::current_dir()?.join("build");
    let (end, messages) = match job.mode {
        Mode::Naive => {
            // Who is not done by then will not be soon.
            let seconds = if attack.works == Sign::NasmDoesNotEnd { 2 } else { 20 };
            assemble_naively(job, &folder, Duration::from_secs(seconds))?
        }
        Mode::Checked(layers) => {
            // With some layers, by a nasm that is started for it. With all of them by a template's:
            // that makes the second run of a process.
            if layers == Isolation::Strict.layers() {
                assemble_checked(job, "", &folder, layers)?;
            }
            assemble_checked(job, &job.text, &folder, layers)?
        }
    };
    let object = folder.join("attack.o");
    let length = object.metadata().map_or(0, |metadata| metadata.len());
    let holds = match &attack.works {
        Sign::ObjectHolds(words) => {
            let words = match words {
                Words::Secret => surroundings::SECRET,
                Words::Of(text) => text,
            };
            holds(&object, words.as_bytes())
        }
        _ => false,
    };
    let kilobytes = getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss();
    Ok(Nasm { end, written: length + messages, memory: u64::try_from(kilobytes)? / 1024, holds })
}

fn assemble_checked(
    job: &Job,
    text: &str,
    folder: &Path,
    layers: Layers,
) -> anyhow::Result<(NasmEnd, u64)> {
    let from = GlueFrom::TheFile;
    let made = toolchain::assemble(text, "attack", &job.include, folder, layers, from)?;
    Ok(match made {
        Ok(_) => (NasmEnd::Made, 0),
        Err(NotAssembled::Messages(_)) => (NasmEnd::Refused, 0),
        Err(NotAssembled::GaveUp(said)) => (NasmEnd::Stopped, said.len() as u64),
    })
}

fn assemble_naively(
    job: &Job,
    folder: &Path,
    patience: Duration,
) -> anyhow::Result<(NasmEnd, u64)> {
    let messages = child::memory_file("messages")?;
    fs::write(folder.join("attack.asm"), &job.text)?;
    let mut command = Command::new(child::find_program("nasm").context("nasm is missing")?);
    command
        .args(["-f", "elf64", "-o", "attack.o", "attack.asm"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(messages.try_clone()?)
        .stderr(messages.try_clone()?);
    child::end_with_parent(&mut command);
    let mut nasm = command.spawn()?;
    let pidfd = child::pidfd_open(nasm.id())?;
    let ended = child::wait_readable(pidfd.as_fd(), Instant::now() + patience)?;
    if !ended {
        nasm.kill()?;
    }
    let success = nasm.wait()?.success();
    let end = match (ended, success) {
        (false, _) => NasmEnd::Stopped,
        (true, true) => NasmEnd::Made,
        (true, false) => NasmEnd::Refused,
    };
    Ok((end, messages.metadata()?.len()))
}

fn holds(file: &Path, words: &[u8]) -> bool {
    fs::read(file).is_ok_and(|bytes| bytes.windows(words.len()).any(|window| window == words))
}
