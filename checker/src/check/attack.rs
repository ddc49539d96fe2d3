//! The sandbox's own tests: every attack program, where nothing confines it and in the sandbox.
//! Decides; prints nothing.
//!
//! An attack is tried in a process of its own, [`stage`], which plays the checker, in
//! surroundings that are thrown away afterwards. What it wanted to do is asked of those
//! surroundings, never of the attack alone.

mod assembling;
mod believing;
mod judge;
pub mod stage;

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::check::attack::stage::{Job, Mode};
use crate::check::{self, Task};
use crate::host::source::Source;
use crate::host::toolchain::GlueFrom;
use crate::host::workbook::Workbook;
use crate::host::zygote::Zygote;
use crate::host::{child, interrupt, surroundings, toolchain};
use crate::model::attack::trial::{Confined, Observed, Trial, Unconfined};
use crate::model::attack::{Attack, Sign, Stop};
use crate::model::isolation::{Isolation, Layer, Layers};
use crate::model::session;
use crate::model::transcript::Entry;

/// How thoroughly attacks are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Without a sandbox and in it.
    Both,
    /// And with each layer alone.
    EachLayer,
}

/// An attack program with its text.
#[derive(Clone, Debug)]
pub struct Program {
    /// What its head says.
    pub attack: Attack,
    /// `d_files/read_secret`
    pub path: String,
    /// The file.
    pub text: String,
}

/// How long one try may take in all.
const LONGEST_TRY: Duration = Duration::from_secs(40);

/// The groups whose attacks harm nobody, also where nothing separates them from the machine.
const HARMLESS: [char; 4] = ['A', 'I', 'J', 'K'];

/// The attack programs of the workbook, in the order of their names.
pub fn programs(book: &Workbook) -> anyhow::Result<Vec<Program>> {
    let mut programs = Vec::new();
    for folder in folder_entries(&attacks(book))? {
        if !folder.is_dir() {
            continue;
        }
        for file in folder_entries(&folder)? {
            let group = name(&folder);
            let path = format!("{group}/{}", name(&file));
            let text = fs::read_to_string(&file).with_context(|| path.clone())?;
            let attack = Attack::parse(&group, &name(&file), &text)
                .map_err(|why| anyhow::anyhow!("{path}.asm: {why}"))?;
            programs.push(Program { attack, path, text });
        }
    }
    Ok(programs)
}

fn attacks(book: &Workbook) -> PathBuf {
    book.root.join("checker/attacks")
}

fn folder_entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether this system gives throw-away surroundings, or why not.
pub fn has_surroundings() -> anyhow::Result<Result<(), String>> {
    let folder = tempfile::Builder::new().prefix("checker-").tempdir()?;
    let run = run_stage(stage::Place::Apart, None, folder.path())?;
    let said = run.errors.trim().to_owned();
    Ok(if run.success { Ok(()) } else { Err(said) })
}

/// Tries all of them, a few at a time, and tells of each in their order.
pub fn try_all(
    programs: &[Program],
    book: &Workbook,
    python: &Path,
    place: stage::Place,
    depth: Depth,
    tell: impl Fn(&Trial) + Sync,
) -> anyhow::Result<Vec<Trial>> {
    let next = Mutex::new(0..programs.len());
    let done = Mutex::new(Done { trials: programs.iter().map(|_| None).collect(), told: 0 });
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| -> anyhow::Result<()> {
                    let mut bench = Bench::new(book, python, place)?;
                    loop {
                        let index = next.lock().expect("no worker panics").next();
                        let Some(index) = index else { return Ok(()) };
                        let program = &programs[index];
                        let trial =
                            bench.try_one(program, depth).with_context(|| program.path.clone())?;
                        done.lock().expect("no worker panics").keep(index, trial, &tell);
                    }
                })
            })
            .collect();
        let results = workers.into_iter().map(|worker| worker.join().expect("no worker panics"));
        results.collect::<anyhow::Result<Vec<()>>>()
    })?;
    let done = done.into_inner().expect("no worker panics");
    Ok(done.trials.into_iter().flatten().collect())
}

/// The trials by their programs' order, and how many were told of.
struct Done {
    trials: Vec<Option<Trial>>,
    told: usize,
}

impl Done {
    /// Keeps one, and tells of all whose turn it is.
    fn keep(&mut self, index: usize, trial: Trial, tell: impl Fn(&Trial)) {
        self.trials[index] = Some(trial);
        while let Some(Some(next)) = self.trials.get(self.told) {
            tell(next);
            self.told += 1;
        }
    }
}

/// What one thread needs to try attacks.
struct Bench<'a> {
    book: &'a Workbook,
    python: &'a Path,
    place: stage::Place,
    /// Whose names count when a file imports something.
    zygote: Zygote,
}

impl<'a> Bench<'a> {
    fn new(book: &'a Workbook, python: &'a Path, place: stage::Place) -> anyhow::Result<Self> {
        let zygote = Zygote::start(python, &[], Isolation::Strict.layers())?;
        Ok(Self { book, python, place, zygote })
    }

    fn try_one(&mut self, program: &Program, depth: Depth) -> anyhow::Result<Trial> {
        let attack = &program.attack;
        let folder = tempfile::Builder::new().prefix("checker-").tempdir()?;
        let built = self.build(program, folder.path())?;
        let unconfined = if self.place == stage::Place::Apart || HARMLESS.contains(&attack.group) {
            let observed = self.observe(program, &built, Mode::Naive)?;
            judge::unconfined(attack, &observed)
        } else {
            Unconfined::NotTried
        };
        let strict = Isolation::Strict.layers();
        let observed = match &built.refused {
            Some(codes) => Observed { refused: codes.clone(), ..Observed::default() },
            None => self.observe(program, &built, Mode::Checked(strict))?,
        };
        let confined = judge::confined(attack, &observed);
        let mut by = Vec::new();
        if depth == Depth::EachLayer
            && unconfined == Unconfined::Works
            && matches!(confined, Confined::Contained(_))
        {
            by = self.by(program, &built)?;
        }
        Ok(Trial { attack: attack.clone(), unconfined, confined, by })
    }

    /// What contains the attack alone.
    fn by(&self, program: &Program, built: &Built) -> anyhow::Result<Vec<&'static str>> {
        if built.refused.is_some() {
            return Ok(vec!["static check"]);
        }
        let contains = |layers| -> anyhow::Result<bool> {
            let observed = self.observe(program, built, Mode::Checked(layers))?;
            Ok(matches!(judge::confined(&program.attack, &observed), Confined::Contained(_)))
        };
        if contains(Layers::NONE)? {
            return Ok(vec!["checker"]);
        }
        let mut by = Vec::new();
        for layer in Layer::ALL {
            if contains(Layers::only(layer))? {
                by.push(layer.name());
            }
        }
        Ok(by)
    }

    /// Assembles and links a module twice: as the checker does, to see whether it refuses the file,
    /// and without any look at it.
    fn build(&mut self, program: &Program, folder: &Path) -> anyhow::Result<Built> {
        let includes = ["attack.inc", "linux.inc"];
        let built = Built { folder: folder.to_owned(), refused: None };
        if program.attack.is_for_nasm() {
            return Ok(built);
        }
        for include in includes {
            fs::copy(attacks(self.book).join(include), folder.join(include))?;
        }
        let task = task(&program.attack, &self.book.include());
        let source = source(program);
        let refused = match check::build(&task, &source, folder, &mut self.zygote)? {
            Ok(_) => None,
            Err(verdict) => {
                Some(verdict.findings.iter().map(|found| found.code.name().to_owned()).collect())
            }
        };
        if refused.is_some() {
            let none = Layers::NONE;
            let (include, from) = (self.book.include(), GlueFrom::TheFile);
            let object = toolchain::assemble(&source.text, "attack", &include, folder, none, from)?;
            let Ok(object) = object else {
                bail!("nasm does not assemble it: {object:?}");
            };
            if let Err(messages) =
                toolchain::link(&object.path, None, &folder.join("attack.so"), folder, none)?
            {
                bail!("ld does not link it: {messages:?}");
            }
        }
        Ok(Built { refused, ..built })
    }

    fn observe(&self, program: &Program, built: &Built, mode: Mode) -> anyhow::Result<Observed> {
        let folder = tempfile::Builder::new().prefix("checker-").tempdir()?;
        let here = folder.path();
        surroundings::furnish(here)?;
        fs::create_dir(here.join("build"))?;
        let job = Job {
            path: program.path.clone(),
            text: program.text.clone(),
            mode,
            python: self.python.to_owned(),
            built: built.folder.clone(),
            include: self.book.include(),
        };
        let run = run_stage(self.place, Some(&job), here)?;
        let mut observed = Observed::default();
        for line in run.output.lines() {
            match serde_json::from_str(line)? {
                stage::Line::Checker(seen) => observed = *seen,
                stage::Line::Around { fate, process_stays } => {
                    observed.checker_died = fate == stage::CheckerFate::Died;
                    observed.checker_stopped = fate == stage::CheckerFate::Stopped;
                    observed.process_stays = process_stays;
                }
                stage::Line::Failed(why) => bail!("{why}"),
            }
        }
        if !run.success && !observed.checker_died && !observed.checker_stopped {
            bail!("its surroundings failed: {}", run.errors.trim());
        }
        observed.canary_changed = !surroundings::canary_lives(here);
        observed.appeared = surroundings::appeared(here)?;
        // A folder that nobody may enter could not be removed by an ordinary user.
        for name in &observed.appeared {
            let _ = fs::remove_dir(here.join(name));
        }
        Ok(observed)
    }
}

/// A module that was linked, and whether the checker would have.
struct Built {
    folder: PathBuf,
    refused: Option<Vec<String>>,
}

/// The exercise that an attack pretends to solve: `run()` has to give 42.
fn task(attack: &Attack, include: &Path) -> Task {
    let statements = session::parse("from attack import run\nrun()\n");
    let expected = ["", "42"].iter().zip(&statements).map(|(answer, statement)| Entry {
        source: statement.source.clone(),
        answer: (*answer).to_owned(),
    });
    Task {
        name: "attack".to_owned(),
        module: "attack".to_owned(),
        expected: expected.collect(),
        statements,
        api: attack.allowed.clone(),
        patience: patience(attack),
        include: include.to_owned(),
    }
}

fn source(program: &Program) -> Source {
    Source { shown: format!("{}.asm", program.path), text: program.text.clone() }
}

/// How long a guest may take for an answer. Where waiting is the point it need not be long.
fn patience(attack: &Attack) -> Duration {
    let waits = attack.works == Sign::NoAnswer || attack.contained.contains(&Stop::TimeLimit);
    Duration::from_millis(if waits { 400 } else { 6000 })
}

/// How the stage ended.
struct StageRun {
    success: bool,
    output: String,
    errors: String,
}

/// Starts this program again, in the part of the checker, or for nothing but to see whether the
/// surroundings are to be had.
fn run_stage(place: stage::Place, job: Option<&Job>, here: &Path) -> anyhow::Result<StageRun> {
    let mut orders = child::memory_file("orders")?;
    orders.write_all(&serde_json::to_vec(&job)?)?;
    orders.seek(SeekFrom::Start(0))?;
    let (output, errors) = (child::memory_file("output")?, child::memory_file("errors")?);
    let mut command = stage::command(stage::Role::Door(place))?;
    command
        .current_dir(here)
        .env("SECRET", surroundings::SECRET)
        .stdin(Stdio::from(orders))
        .stdout(output.try_clone()?)
        .stderr(errors.try_clone()?);
    let success = run_to_end(&mut command)?;
    Ok(StageRun { success, output: read(&output)?, errors: read(&errors)? })
}

fn run_to_end(command: &mut Command) -> anyhow::Result<bool> {
    let mut child = command.spawn()?;
    let pidfd = child::pidfd_open(child.id())?;
    let ended = child::wait_readable(pidfd.as_fd(), Instant::now() + LONGEST_TRY);
    if !matches!(ended, Ok(true)) {
        child.kill()?;
    }
    let status = child.wait()?;
    interrupt::check()?;
    ended?;
    Ok(status.success())
}

fn read(mut file: &File) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
