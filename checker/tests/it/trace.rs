//! The tracer on real modules: what it records, that it records the same twice, how it ends, and
//! that the recording is what the book's page on the format says.

mod calls;
mod ends;
mod format;
mod instructions;
mod stepper;

use std::fs;
use std::path::Path;
use std::time::Duration;

use checker::check::{self, Built, Task};
use checker::host::source::Source;
use checker::host::toolchain;
use checker::host::tracer::{self, Bounds, Glue, NotTraced, Subject};
use checker::host::workbook::Workbook;
use checker::host::worker::{Ended, Guest};
use checker::host::zygote::{Layout, Zygote};
use checker::model::protocol::{Reply, Request};
use checker::model::session;
use checker::model::trace::{Kind, Recording, Step};
use checker::model::transcript::Answer;

use crate::support;

const BOUNDS: Bounds =
    Bounds { first: 2000, last: 2000, steps: 100_000, wall: Duration::from_secs(60) };

fn book() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workbook can be read")
}

/// A module that was built and can be traced.
struct Traced {
    task: Task,
    built: Built,
    text: String,
    zygote: Zygote,
    /// Holds the shared object.
    _folder: tempfile::TempDir,
}

impl Traced {
    /// An exercise's file: `solution.asm`, `traps/rbx_lost.asm`.
    fn exercise(id: &str, file: &str) -> Self {
        let book = book();
        let exercise = book.exercises().find(|exercise| exercise.id.to_string() == id);
        let exercise = exercise.expect("there is such an exercise");
        let text = fs::read_to_string(exercise.folder.join(file)).expect("it can be read");
        Self::build(Task::of(exercise, &book).expect("the task can be read"), text)
    }

    /// The code of one function `long f(void)`, with the glue around it.
    fn function(code: &str) -> Self {
        let text = format!(
            "%include \"workbook.inc\"\n    default rel\nworkbook_module edge\n\
             workbook_function f, long\n    section .text\n{code}\n    \
             section .note.GNU-stack noalloc noexec nowrite progbits\n"
        );
        let task = Task {
            name: "edge".to_owned(),
            module: "edge".to_owned(),
            statements: session::parse("from edge import f\n"),
            expected: Vec::new(),
            api: None,
            patience: Duration::from_secs(20),
            include: book().include(),
        };
        Self::build(task, text)
    }

    fn build(task: Task, text: String) -> Self {
        let (python, _) = support::cpython();
        let mut zygote = Zygote::start_in(
            python,
            &task.preload(),
            toolchain::strictest().layers(),
            Layout::Fixed,
        )
        .expect("the CPython starts");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let source = Source { shown: "test.asm".to_owned(), text: text.clone() };
        let built = check::build(&task, &source, folder.path(), &mut zygote);
        let built = built.expect("the tools work").expect("the file assembles and links");
        Self { task, built, text, zygote, _folder: folder }
    }

    /// A guest in which the session's definitions have run.
    fn guest(&mut self) -> Guest {
        let mut guest = self.zygote.guest().expect("a guest can be made");
        let import = self.task.import(&self.built);
        let imported = guest.ask(&import, self.task.patience).expect("it is asked");
        assert!(matches!(imported, Ok(Reply::Imported)), "{imported:?}");
        for statement in &self.task.statements {
            if session::is_definition(&statement.source) {
                let request = Request::Ask { source: statement.source.clone() };
                let reply = guest.ask(&request, self.task.patience).expect("it is asked");
                assert!(reply.is_ok(), "{}: {reply:?}", statement.source);
            }
        }
        guest
    }

    fn try_record(
        &self,
        guest: &mut Guest,
        request: &Request,
        glue: Glue,
        bounds: Bounds,
    ) -> Result<(Recording, Result<Reply, Ended>), NotTraced> {
        let file = format!("{}.asm", self.task.name);
        let subject = Subject {
            shared: &self.built.shared,
            facts: &self.built.facts,
            file: &file,
            python: &support::cpython().1,
            glue,
        };
        let mut recorded = tracer::record(guest, request, &subject, bounds)?;
        recorded.0.add_source(&file, &self.text);
        recorded.0.add_python_source(&recorded.0.title.clone(), &[]);
        Ok(recorded)
    }

    /// The recording of a statement in a guest of its own, and the reply.
    fn record(&mut self, statement: &str) -> (Recording, Result<Reply, Ended>) {
        self.record_within(statement, BOUNDS)
    }

    fn record_within(
        &mut self,
        statement: &str,
        bounds: Bounds,
    ) -> (Recording, Result<Reply, Ended>) {
        let mut guest = self.guest();
        let request = Request::Ask { source: statement.to_owned() };
        self.try_record(&mut guest, &request, Glue::Passed, bounds).expect("tracing is allowed")
    }
}

/// The value that Python answered with.
fn value(reply: &Result<Reply, Ended>) -> &str {
    match reply {
        Ok(Reply::Answered(Answer::Value(text))) => text,
        other => panic!("no value: {other:?}"),
    }
}

/// The source lines of the steps that are instructions.
fn lines(recording: &Recording) -> Vec<&str> {
    let ran = recording.steps.iter().filter(|step| step.k == Kind::Instruction);
    ran.map(|step| recording.text(step.f, step.l).unwrap_or("?").trim()).collect()
}

fn remarks(recording: &Recording) -> Vec<&str> {
    recording.steps.iter().flat_map(|step| &step.n).map(String::as_str).collect()
}

fn last_signal(recording: &Recording) -> &Step {
    let found = recording.steps.iter().rev().find(|step| step.k == Kind::Signal);
    found.expect("there was a signal")
}
