//! `checker debug ex05c`: a debugger at the learner's first line, or where a check found a fault.

use std::io::IsTerminal;

use crate::check::{self, Places, Task};
use crate::cli::{DebugArguments, Terminal};
use crate::commands::machine::{self, Consent, Purpose};
use crate::commands::{Status, Stop, say, select_one, workbook};
use crate::host::debugger::{self, Debugger, Job};
use crate::host::scratch::Scratch;
use crate::host::zygote::Zygote;
use crate::host::{source, toolchain};

/// Builds the file, finds out where to stop, and starts the debugger there.
pub(crate) fn run(arguments: &DebugArguments, terminal: Terminal) -> anyhow::Result<Status> {
    let book = workbook()?;
    let exercise = select_one(&book, &arguments.id)?;
    machine::ensure(Purpose::Learning, Consent::Ask, terminal)?;
    let debugger = Debugger::find().ok_or_else(|| {
        Stop::not_ready("neither gdb nor lldb is installed", "`apt-get install gdb`, or its like")
    })?;
    let asked: Vec<String> = arguments.python.iter().cloned().collect();
    let python = machine::pythons(&asked)?.remove(0);
    let file = arguments.file.clone().unwrap_or_else(|| book.work_file(exercise.id));
    let source = source::read(&file, &source::shown(&file, &book.root))
        .map_err(|error| Stop::usage(error.to_string(), "a check makes the file first"))?;
    let task = Task::of(exercise, &book)?;
    let folder = Scratch::new()?;
    let mut zygote = Zygote::start(&python, &task.preload(), toolchain::strictest().layers())?;
    let built = match check::build(&task, &source, folder.path(), &mut zygote)? {
        Ok(built) => built,
        Err(verdict) => {
            let sentence = verdict.findings.first().map_or("", |finding| &finding.sentence);
            let hint = format!("`cargo run -p checker {}` says more", exercise.id);
            return Err(Stop::usage(format!("there is nothing to debug yet: {sentence}"), hint));
        }
    };
    let verdict = check::run(&task, &built, &source, &mut zygote)?;
    let places = Places { source: &source, name: &task.name };
    let own = format!("{}.asm", task.name);
    let faulty = verdict.findings.iter().find_map(|finding| finding.place.as_ref());
    let faulty = faulty.filter(|place| place.file == source.shown).map(|place| place.line);
    let first = built.facts.lines.lines_of(&own).next();
    let line =
        faulty.or(first).ok_or_else(|| Stop::usage("the file has no code yet", "write some"))?;

    let mut statements: Vec<String> =
        task.statements.iter().map(|statement| statement.source.clone()).collect();
    if let Some(statement) = &arguments.statement {
        // Imports and definitions first, so that the statement finds its names.
        let words = ["import ", "from ", "class ", "def "];
        statements.retain(|source| words.iter().any(|word| source.starts_with(word)));
        statements.push(statement.clone());
    } else if let Some(first) = verdict.first {
        statements.truncate(first + 1);
    }
    let text = places.line(line).unwrap_or_default().trim();
    say(&format!("{} stops at {}:{line}   {text}\n", debugger.program(), source.shown))?;
    let job = Job {
        python: &python,
        folder: folder.path(),
        module: &task.module,
        statements: &statements,
        stop: debugger::Stop { file: own, line },
        batch: !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal(),
    };
    let status = debugger::run(debugger, &job)?;
    Ok(if status.success() { Status::Passed } else { Status::NotPassed })
}
