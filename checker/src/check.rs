//! The stages of one check, in their order: assemble, link, import, ask, conclude.
//! Decides; prints nothing.

mod asking;
pub mod attack;
pub mod crash;
pub mod faults;
mod instruction;
mod midway;
pub mod objects;
mod places;
mod replay;
pub mod sources;
mod texts;
mod widths;
mod witness;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

pub use asking::leak_finding;
pub use places::Places;

use crate::host::image::{self, SharedFacts};
use crate::host::source::Source;
use crate::host::symbols;
use crate::host::toolchain::{self, GlueFrom, NotAssembled};
use crate::host::workbook::{self, Workbook};
use crate::host::zygote::Zygote;
use crate::model::isolation::Layers;
use crate::model::linker_message::LinkerMessage;
use crate::model::protocol::Request;
use crate::model::session::{self, Statement};
use crate::model::transcript::{self, Answer, Entry};
use crate::model::verdict::Verdict;
use crate::model::workbook::Exercise;

/// How many findings of one kind are worth reading at once.
const MOST_FINDINGS: usize = 5;

/// What a module has to be and to answer.
#[derive(Clone, Debug)]
pub struct Task {
    /// `ex05c`: how nasm is told to name the file.
    pub name: String,
    /// The module's name.
    pub module: String,
    /// What is asked.
    pub statements: Vec<Statement>,
    /// What the answers should be, one for each statement.
    pub expected: Vec<Entry>,
    /// The C API functions and variables that the module may name; nothing for any.
    pub api: Option<BTreeSet<String>>,
    /// How long one statement may take.
    pub patience: Duration,
    /// `exercises/include`
    pub include: PathBuf,
}

impl Task {
    /// The task of an exercise.
    pub fn of(exercise: &Exercise, book: &Workbook) -> anyhow::Result<Self> {
        let statements = exercise.session()?;
        let expected = workbook::read_expected(&exercise.folder, &statements)?;
        let mut task = Self::unanswered(exercise, statements, book)?;
        task.expected = expected;
        Ok(task)
    }

    /// The task of an exercise whose transcript is still to be made.
    pub fn unanswered(
        exercise: &Exercise,
        statements: Vec<Statement>,
        book: &Workbook,
    ) -> anyhow::Result<Self> {
        let mut api: BTreeSet<String> = exercise.manifest.api.iter().cloned().collect();
        api.extend(declared_by(&book.include().join("workbook.inc"))?);
        Ok(Self {
            name: exercise.id.to_string(),
            module: exercise.manifest.module.clone(),
            statements,
            expected: Vec::new(),
            api: Some(api),
            patience: Duration::from_secs_f64(exercise.manifest.limits.seconds.clamp(0.1, 60.0)),
            include: book.include(),
        })
    }

    /// The request to import the module that was built for it.
    pub fn import(&self, built: &Built) -> Request {
        Request::Import {
            path: built.shared.to_string_lossy().into_owned(),
            module: self.module.clone(),
        }
    }

    /// The standard library's modules that the session imports, which the zygote loads once.
    pub fn preload(&self) -> Vec<String> {
        preload(&self.statements, &self.module)
    }
}

/// The standard library's modules that statements import, besides the module that they ask.
pub fn preload(statements: &[Statement], module: &str) -> Vec<String> {
    let mut modules = session::imported_modules(statements);
    modules.retain(|imported| imported != module);
    modules
}

/// The names that an include file declares `extern`: what its glue calls.
fn declared_by(include: &Path) -> anyhow::Result<Vec<String>> {
    let text = workbook::read(include)?;
    let declarations = text.lines().filter_map(|line| line.trim_start().strip_prefix("extern"));
    Ok(declarations
        .flat_map(|names| names.split(';').next().unwrap_or("").split(','))
        .filter_map(|name| name.split_whitespace().next())
        .map(|name| name.split(':').next().unwrap_or(name).to_owned())
        .collect())
}

/// A module that is ready to be imported.
#[derive(Debug)]
pub struct Built {
    /// The shared object.
    pub shared: PathBuf,
    /// What it says of itself.
    pub facts: SharedFacts,
    /// What its object said.
    pub object: image::ObjectFacts,
}

/// A module that is ready to be asked, what it is asked, and whose lines are named.
#[derive(Clone, Copy, Debug)]
struct Case<'a> {
    task: &'a Task,
    built: &'a Built,
    places: Places<'a>,
}

/// What the tools made of a file. No interpreter was needed for it.
#[derive(Debug)]
pub struct Draft(Result<Object, NotAssembled>);

#[derive(Debug)]
struct Object {
    facts: image::ObjectFacts,
    shared: Result<PathBuf, Vec<LinkerMessage>>,
}

/// Assembles and links a file in a folder of its own.
pub fn draft(
    task: &Task,
    source: &Source,
    folder: &Path,
    layers: Layers,
    glue: GlueFrom,
) -> anyhow::Result<Draft> {
    let Task { name, include, .. } = task;
    let object = toolchain::assemble(&source.text, name, include, folder, layers, glue)?;
    let object = match object {
        Ok(object) => object,
        Err(why) => return Ok(Draft(Err(why))),
    };
    let bytes = fs::read(&object.path).context("nasm's object file cannot be read")?;
    let mut facts = image::read_object(&bytes).context("nasm's object file is no ELF file")?;
    let glue = object.glue.filter(|glue| glue.is_wanted_by(&mut facts));
    let shared = folder.join(format!("{}.so", task.module));
    let linked = toolchain::link(&object.path, glue.as_deref(), &shared, folder, layers)?;
    Ok(Draft(Ok(Object { facts, shared: linked.map(|()| shared) })))
}

/// Assembles and links a file in a folder of its own, and looks at what came out.
pub fn build(
    task: &Task,
    source: &Source,
    folder: &Path,
    zygote: &mut Zygote,
) -> anyhow::Result<Result<Built, Verdict>> {
    let draft = draft(task, source, folder, zygote.layers(), GlueFrom::AnObject)?;
    examine(draft, task, source, zygote)
}

/// Looks at what the tools made of a file. The inner error is the verdict on one that cannot be
/// imported. The zygote is the CPython whose names count when one is misspelled.
pub fn examine(
    draft: Draft,
    task: &Task,
    source: &Source,
    zygote: &mut Zygote,
) -> anyhow::Result<Result<Built, Verdict>> {
    let places = Places { source, name: &task.name };
    let object = match draft.0 {
        Ok(object) => object,
        Err(NotAssembled::Messages(messages)) => {
            return Ok(Err(sources::not_assembled(&messages, places)));
        }
        Err(NotAssembled::GaveUp(said)) => return Ok(Err(sources::gave_up(&said))),
    };
    let offered = || match zygote.hello() {
        Ok(_) => symbols::offered_by(zygote.pid()),
        Err(_) => BTreeSet::new(),
    };
    if let Some(verdict) = objects::not_linkable(&object.facts, task, places, offered) {
        return Ok(Err(verdict));
    }
    let shared = match object.shared {
        Ok(shared) => shared,
        Err(messages) => return Ok(Err(objects::not_linked(&messages))),
    };
    let bytes = fs::read(&shared).context("ld's shared object cannot be read")?;
    let facts = image::read_shared(&bytes).context("ld's shared object is no ELF file")?;
    if let Some(verdict) = objects::not_loadable(&facts) {
        return Ok(Err(verdict));
    }
    Ok(Ok(Built { shared, facts, object: object.facts }))
}

/// Imports a module in a fresh guest, asks it the session, and concludes.
pub fn run(
    task: &Task,
    built: &Built,
    source: &Source,
    zygote: &mut Zygote,
) -> anyhow::Result<Verdict> {
    asking::run(Case { task, built, places: Places { source, name: &task.name } }, zygote)
}

/// The transcript of a module that answers everything: what `expected.snap` has to say.
pub fn transcribe(task: &Task, built: &Built, zygote: &mut Zygote) -> anyhow::Result<String> {
    let answers: Vec<Answer> = asking::answers(task, built, zygote)?;
    let entries = task.statements.iter().zip(&answers);
    Ok(entries.map(|(statement, answer)| transcript::render(statement, answer)).collect())
}
