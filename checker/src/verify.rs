//! The author checks: whether exercises and worked examples keep the contract that the book's
//! page for authors describes. Decides; prints nothing.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::check::{self, Task};
use crate::host::scratch::Scratch;
use crate::host::workbook::{self, Example, Workbook};
use crate::host::zygote::Zygote;
use crate::host::{child, source, toolchain};
use crate::model::finding::MustSay;
use crate::model::verdict::Verdict;
use crate::model::workbook::Exercise;

/// The interpreters that everything is tried on.
#[derive(Debug)]
pub struct Judges {
    zygotes: Vec<Zygote>,
    /// Whether nasm is of version 3 or newer, which takes some of what 2 refuses, and says the
    /// rest in other words.
    pub nasm_3: bool,
}

/// What is wrong with a folder, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the exercise's folder.
    pub file: String,
    /// The sentence.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.what)
    }
}

/// How few traps and hints an exercise may have.
const FEWEST_TRAPS: usize = 2;
const FEWEST_HINTS: usize = 3;

impl Judges {
    /// Starts the interpreters, warmed for every session of the workbook, worked examples too.
    pub fn start(book: &Workbook, pythons: &[PathBuf]) -> anyhow::Result<Self> {
        let mut preload = Vec::new();
        for exercise in book.exercises() {
            let statements = exercise.session()?;
            preload.extend(Task::unanswered(exercise, statements, book)?.preload());
        }
        for chapter in &book.chapters {
            for example in chapter.examples()? {
                preload.extend(example_task(&example, book)?.preload());
            }
        }
        preload.sort();
        preload.dedup();
        let zygotes = pythons
            .iter()
            .map(|python| Zygote::start(python, &preload, toolchain::strictest().layers()))
            .collect::<Result<_, _>>()?;
        let nasm = child::find_program("nasm").context("nasm is not installed")?;
        let nasm_3 = toolchain::version_below(&nasm, (3, 0))?.is_none();
        Ok(Self { zygotes, nasm_3 })
    }

    /// The verdict on a file, and the version, on each interpreter.
    pub fn verdicts(
        &mut self,
        task: &Task,
        file: &Path,
        shown: &str,
    ) -> anyhow::Result<Vec<(String, Verdict)>> {
        let mut source = source::read(file, shown)?;
        // The author's mark is no part of what a learner would have written.
        source.text = source.text.replace(workbook::MARK_OF_A_FAULT, "");
        let folder = Scratch::new()?;
        let mut verdicts = Vec::new();
        for zygote in &mut self.zygotes {
            let verdict = match check::build(task, &source, folder.path(), zygote)? {
                Ok(built) => check::run(task, &built, &source, zygote)?,
                Err(verdict) => verdict,
            };
            verdicts.push((zygote.hello()?.version.clone(), verdict));
        }
        Ok(verdicts)
    }

    /// The transcript that a file gives; an error where interpreters do not agree on it.
    pub fn transcript(&mut self, task: &Task, file: &Path) -> anyhow::Result<String> {
        let source = source::read(file, &file.display().to_string())?;
        let folder = Scratch::new()?;
        let mut transcripts: Vec<(String, String)> = Vec::new();
        for zygote in &mut self.zygotes {
            let built = check::build(task, &source, folder.path(), zygote)?
                .map_err(|verdict| anyhow::anyhow!("{}: {:?}", file.display(), verdict.findings))?;
            let text = check::transcribe(task, &built, zygote)
                .with_context(|| file.display().to_string())?;
            transcripts.push((zygote.hello()?.version.clone(), text));
        }
        let (first, text) = transcripts.first().context("there is no CPython to ask")?;
        for (version, other) in &transcripts {
            anyhow::ensure!(
                other == text,
                "{}: CPython {version} answers otherwise than {first}:\n{other}\n{text}",
                file.display()
            );
        }
        Ok(text.clone())
    }
}

/// What is wrong with an exercise.
pub fn exercise(
    exercise: &Exercise,
    book: &Workbook,
    judges: &mut Judges,
) -> anyhow::Result<Vec<Problem>> {
    let mut problems = form(exercise)?;
    let task = match Task::of(exercise, book) {
        Ok(task) => task,
        Err(error) => {
            problems.push(problem("expected.snap", format!("{error:#}")));
            return Ok(problems);
        }
    };
    for (version, verdict) in judges.verdicts(&task, &exercise.solution(), "solution.asm")? {
        if !verdict.passed() {
            problems.push(problem("solution.asm", format!("on {version}: {}", said(&verdict))));
        }
    }
    let must_say = &exercise.manifest.starter_says;
    for (version, verdict) in judges.verdicts(&task, &exercise.starter(), "starter.asm")? {
        problems.extend(not_said("starter.asm", must_say, None, &version, &verdict));
    }
    for trap in exercise.traps()? {
        let file = format!("traps/{}.asm", trap.name);
        let other = trap.must_say_on_nasm_3.as_ref().filter(|_| judges.nasm_3);
        let must_say = other.unwrap_or(&trap.must_say);
        // The line is nasm 2's fault; what nasm 3 makes of it shows elsewhere.
        let line = trap.line.filter(|_| other.is_none());
        for (version, verdict) in judges.verdicts(&task, &trap.path, &file)? {
            problems.extend(not_said(&file, must_say, line, &version, &verdict));
        }
    }
    Ok(problems)
}

/// The task of a worked example.
pub fn example_task(example: &Example, book: &Workbook) -> anyhow::Result<Task> {
    let statements = workbook::read_session(&example.folder)?;
    Ok(Task {
        name: "example".to_owned(),
        module: example.name.clone(),
        statements,
        expected: Vec::new(),
        api: None,
        patience: std::time::Duration::from_secs(2),
        include: book.include(),
    })
}

/// What is wrong with the folder's files as such.
fn form(exercise: &Exercise) -> anyhow::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let manifest = &exercise.manifest;
    if manifest.hints.len() < FEWEST_HINTS {
        problems.push(problem("exercise.toml", format!("fewer than {FEWEST_HINTS} hints")));
    }
    if exercise.traps()?.len() < FEWEST_TRAPS {
        problems.push(problem("traps", format!("fewer than {FEWEST_TRAPS} traps")));
    }
    if exercise.task()?.trim().is_empty() {
        problems.push(problem("task.md", "is empty".to_owned()));
    }
    for file in [exercise.starter(), exercise.solution()] {
        let text = workbook::read(&file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (index, line) in text.lines().enumerate() {
            if line.contains('\t') || line.chars().count() > 80 {
                let what = format!("line {} has a tab or is wider than 80 columns", index + 1);
                problems.push(problem(&name, what));
            }
        }
    }
    Ok(problems)
}

fn not_said(
    file: &str,
    must_say: &MustSay,
    line: Option<u32>,
    version: &str,
    verdict: &Verdict,
) -> Option<Problem> {
    let first = verdict.findings.first();
    if !first.is_some_and(|finding| must_say.met_by(finding)) {
        return Some(problem(
            file,
            format!("on {version}: must say `{must_say}`, says {}", said(verdict)),
        ));
    }
    let found = first.and_then(|finding| finding.place.as_ref()).map(|place| place.line);
    match line {
        Some(line) if found != Some(line) => {
            let found = found.map_or("no line".to_owned(), |found| format!("line {found}"));
            Some(problem(
                file,
                format!("on {version}: the fault is at line {line}, named is {found}"),
            ))
        }
        _ => None,
    }
}

fn said(verdict: &Verdict) -> String {
    match verdict.findings.first() {
        Some(finding) => {
            format!("{}: {} {}", verdict.outcome.in_words(), finding.code, finding.sentence)
        }
        None => verdict.outcome.in_words().to_owned(),
    }
}

fn problem(file: &str, what: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), what: what.into() }
}
