//! `checker ex05c`: the everyday command.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::check::{self, Draft, Task};
use crate::cli::{CheckArguments, Terminal};
use crate::commands::machine::{self, Consent, Purpose};
use crate::commands::{Status, Stop, say, select, workbook};
use crate::host::scratch::Scratch;
use crate::host::source::{self, Source};
use crate::host::toolchain::GlueFrom;
use crate::host::workbook::Workbook;
use crate::host::zygote::Zygote;
use crate::host::{interrupt, progress, python};
use crate::model::isolation::{Isolation, Layers};
use crate::model::workbook::Exercise;
use crate::report::style::Role;
use crate::report::terminal::{self, Subject};
use crate::report::{markdown, overview};

/// Checks the learner's files, prints a report on each, and keeps what passed.
pub(crate) fn run(arguments: &CheckArguments, terminal: Terminal) -> anyhow::Result<Status> {
    let book = workbook()?;
    let exercises = select(&book, &arguments.ids)?;
    let (isolation, lacking) = machine::isolation(arguments.isolation())?;
    let start = || Bench::start(&book, &exercises, &arguments.python, isolation);
    if let Some(file) = &arguments.file {
        let &[exercise] = &exercises[..] else {
            let hint = "for example: checker ex05c --file answer.asm";
            return Err(Stop::usage("`--file` needs exactly one exercise", hint));
        };
        machine::ensure(Purpose::learning(&arguments.python), Consent::Ask, terminal)?;
        let status = start()?.grade(exercise, file, terminal)?;
        say(&overview::without_sandbox(lacking.as_ref()))?;
        return Ok(status);
    }
    machine::ensure(Purpose::learning(&arguments.python), Consent::Ask, terminal)?;
    let mut bench = start()?;
    let (mut passed, mut kept) = (0, true);
    let before = progress::load(&book.work());
    bench.grade_all(&exercises, terminal, |exercise| {
        passed += 1;
        if !before.has_passed(exercise.id) {
            let id = exercise.id.to_string();
            let keep = |progress: &mut progress::Progress| _ = progress.passed.insert(id);
            kept &= progress::update(&book.work(), keep).is_ok();
        }
    })?;
    say(&overview::without_sandbox(lacking.as_ref()))?;
    if !kept {
        say("\nYour progress could not be kept: work/ cannot be written.\n")?;
    } else if passed == exercises.len() {
        let progress = progress::load(&book.work());
        let solved = book.exercises().filter(|exercise| progress.has_passed(exercise.id)).count();
        let next = book.exercises().find(|exercise| !progress.has_passed(exercise.id));
        say(&format!("\n{}", overview::whereabouts(book.exercises().count(), solved, next)))?;
    } else if exercises.len() > 1 {
        say(&format!("\n{passed} of {} exercises pass\n", exercises.len()))?;
    }
    Ok(if passed == exercises.len() { Status::Passed } else { Status::NotPassed })
}

/// The interpreters of one run, started before anything else is done.
pub(super) struct Bench<'a> {
    book: &'a Workbook,
    zygotes: Vec<Zygote>,
    layers: Layers,
    glue: GlueFrom,
}

impl<'a> Bench<'a> {
    /// Starts an interpreter for each that was asked for, with guests in that isolation.
    pub(super) fn start(
        book: &'a Workbook,
        exercises: &[&Exercise],
        asked: &[String],
        isolation: Isolation,
    ) -> anyhow::Result<Self> {
        let mut preload = Vec::new();
        for exercise in exercises {
            preload.extend(check::preload(&exercise.session()?, &exercise.manifest.module));
        }
        preload.sort();
        preload.dedup();
        let zygotes = machine::pythons(asked)?
            .iter()
            .map(|python| Zygote::start(python, &preload, isolation.layers()))
            .collect::<Result<_, _>>()?;
        let glue = if exercises.len() > 1 { GlueFrom::AnObject } else { GlueFrom::TheFile };
        Ok(Self { book, zygotes, layers: isolation.layers(), glue })
    }

    /// Grades the learner's files of exercises, one after the other, and tells of each that passes
    /// at once: the next one may be interrupted. While one is asked, nasm and ld are at the next.
    pub(super) fn grade_all(
        &mut self,
        exercises: &[&Exercise],
        terminal: Terminal,
        mut passed: impl FnMut(&Exercise),
    ) -> anyhow::Result<()> {
        let (book, layers, glue) = (self.book, self.layers, self.glue);
        // On one CPU they would only be in each other's way.
        let is_alone = std::thread::available_parallelism().is_ok_and(|cpus| cpus.get() == 1);
        std::thread::scope(|scope| {
            let mut ahead = None;
            for (index, exercise) in exercises.iter().enumerate() {
                if index > 0 {
                    say("\n")?;
                }
                let ready =
                    ahead.take().and_then(|thread: std::thread::ScopedJoinHandle<'_, _>| {
                        thread.join().expect("a thread that builds does not panic")
                    });
                let next = exercises.get(index + 1).copied().filter(|_| !is_alone);
                // What goes wrong there goes wrong again in its turn, and is told then.
                ahead = next.map(|next| {
                    scope.spawn(move || {
                        Ready::of(next, &book.work_file(next.id), book, layers, glue).ok()
                    })
                });
                if self.grade_work(exercise, ready, terminal)? == Status::Passed {
                    passed(exercise);
                }
            }
            Ok(())
        })
    }

    /// Grades the learner's file of an exercise, and makes it first where there is none.
    fn grade_work(
        &mut self,
        exercise: &Exercise,
        ready: Option<Ready>,
        terminal: Terminal,
    ) -> anyhow::Result<Status> {
        let file = self.book.work_file(exercise.id);
        let shown = source::shown(&file, &self.book.root);
        let made = source::make_from_starter(&exercise.starter(), &file).map_err(|error| {
            let hint = "make the folder work/ writable, or name a file of yours with `--file`";
            Stop::not_ready(format!("{shown} cannot be made: {error}"), hint)
        })?;
        if made {
            let title = format!("{} {}", exercise.id, exercise.manifest.title);
            let title = terminal.ink.paint(Role::Heading, &title);
            let task = exercise.task()?;
            let web = |target: &str| target.contains("://").then(|| target.to_owned());
            let task = markdown::render(&task, web, terminal.ink);
            say(&format!("{title}\n\n{task}\nYour file: {shown}, made from the starter.\n\n"))?;
        }
        match ready {
            Some(ready) => self.report(exercise, ready, terminal),
            None => self.grade(exercise, &file, terminal),
        }
    }

    /// Grades one file as an answer to the exercise.
    pub(super) fn grade(
        &mut self,
        exercise: &Exercise,
        file: &Path,
        terminal: Terminal,
    ) -> anyhow::Result<Status> {
        match Ready::of(exercise, file, self.book, self.layers, self.glue) {
            Ok(ready) => self.report(exercise, ready, terminal),
            Err(error) => match error.downcast::<source::Unreadable>() {
                Ok(unreadable) => {
                    let id = exercise.id.to_string();
                    let module = &exercise.manifest.module;
                    let subject = Subject { id: &id, module, file: None };
                    say(&terminal::unreadable(subject, &unreadable.to_string(), terminal.ink))?;
                    Ok(Status::NotPassed)
                }
                Err(error) => Err(error),
            },
        }
    }

    fn report(
        &mut self,
        exercise: &Exercise,
        ready: Ready,
        terminal: Terminal,
    ) -> anyhow::Result<Status> {
        let id = exercise.id.to_string();
        let own = source::shown(&self.book.work_file(exercise.id), &self.book.root);
        let file = Some(ready.source.shown.clone()).filter(|shown| *shown != own);
        let module = &exercise.manifest.module;
        let subject = Subject { id: &id, module, file: file.as_deref() };
        let results = self.results(ready)?;
        say(&terminal::report(subject, &results, terminal.ink))?;
        let passed = results.iter().all(|result| result.verdict.passed());
        Ok(if passed { Status::Passed } else { Status::NotPassed })
    }

    fn results(&mut self, ready: Ready) -> anyhow::Result<Vec<terminal::Result>> {
        interrupt::check()?;
        let Ready { task, source, draft, folder: _folder } = ready;
        let first = self.zygotes.first_mut().expect("a bench has an interpreter");
        let built = check::examine(draft, &task, &source, first)?;
        let mut results = Vec::new();
        for zygote in &mut self.zygotes {
            let python = zygote.hello().map_err(unusable)?.version.clone();
            let verdict = match &built {
                Ok(built) => check::run(&task, built, &source, zygote)?,
                Err(verdict) => verdict.clone(),
            };
            results.push(terminal::Result { python, verdict });
        }
        Ok(results)
    }
}

/// A file that nasm and ld are done with.
struct Ready {
    task: Task,
    source: Source,
    draft: Draft,
    /// Where the shared object is, for as long as this is.
    folder: Scratch,
}

impl Ready {
    fn of(
        exercise: &Exercise,
        file: &Path,
        book: &Workbook,
        layers: Layers,
        glue: GlueFrom,
    ) -> anyhow::Result<Self> {
        interrupt::check()?;
        let source = source::read(file, &source::shown(file, &book.root))?;
        let task = Task::of(exercise, book)?;
        let folder =
            Scratch::new().context("no temporary folder can be made; does TMPDIR name one?")?;
        let draft = check::draft(&task, &source, folder.path(), layers, glue)?;
        Ok(Self { task, source, draft, folder })
    }
}

/// An interpreter that did not come up, looked at once more to say why.
fn unusable(error: crate::host::zygote::NotReady) -> anyhow::Error {
    use crate::host::zygote::NotReady;
    let hint = "`cargo run -p checker -- doctor` lists the CPythons that can be used; name one by \
                `--python`";
    let path: PathBuf = match &error {
        NotReady::Io { source, .. } if source.kind() == io::ErrorKind::Interrupted => {
            return error.into();
        }
        NotReady::Refused { path, .. } | NotReady::Io { path, .. } => path.clone(),
        NotReady::NoLibrary(_) => return error.into(),
    };
    let why = python::probe(&path).ok().and_then(|probe| probe.unfit());
    match why {
        Some(why) => Stop::not_ready(format!("{} cannot be used: {why}", path.display()), hint),
        None => Stop::not_ready(error.to_string(), hint),
    }
}
