//! `cargo bench -p checker --bench guard`: what the guard around a module's calls costs. The same
//! module is asked the same with the guard and without it, in turn in one run, so that a busy
//! machine slows both.

use std::path::Path;
use std::time::{Duration, Instant};

use checker::check::{self, Built, Task};
use checker::host::workbook::Workbook;
use checker::host::zygote::Zygote;
use checker::host::{python, source, toolchain};
use checker::model::protocol::{Reply, Request};
use checker::model::workbook::Exercise;

/// How often each side runs.
const ROUNDS: usize = 200;

/// What the guard may cost a check.
const WANTED: Duration = Duration::from_millis(1);

fn main() {
    let book = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a workbook");
    let python = python::resolve(None).expect("a python3");
    println!("{:8} {:>9} {:>9} {:>9}   medians of {ROUNDS}", "", "guarded", "not", "cost");
    // One function behind the glue, a callback, a module by hand with 30 questions.
    for id in ["ex01a", "ex04f", "ex05c"] {
        let exercise = book.exercises().find(|exercise| exercise.id.to_string() == id);
        let (with, without) = measure(&book, exercise.expect("it is an exercise"), &python);
        let cost = with.saturating_sub(without);
        let remark = if cost <= WANTED { "" } else { "   more than wanted" };
        println!("{id:8} {} {} {}{remark}", shown(with), shown(without), shown(cost));
    }
}

/// The medians of an import with the whole session, asked once and then again for leaks: with
/// the guard and without.
fn measure(book: &Workbook, exercise: &Exercise, python: &Path) -> (Duration, Duration) {
    let task = Task::of(exercise, book).expect("it has a session");
    let source = source::read(&exercise.solution(), "solution.asm").expect("there is one");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let layers = toolchain::strictest().layers();
    let mut zygote = Zygote::start(python, &task.preload(), layers).expect("the CPython starts");
    let built = check::build(&task, &source, folder.path(), &mut zygote)
        .expect("the tools run")
        .expect("our solution can be built");
    let (mut with, mut without): (Vec<_>, Vec<_>) = (0..ROUNDS)
        .map(|_| {
            let mut time = |before: &[Request]| {
                let start = Instant::now();
                ask(&mut zygote, &task, &built, before);
                start.elapsed()
            };
            (time(&[]), time(&[Request::Unguarded]))
        })
        .unzip();
    with.sort();
    without.sort();
    (with[ROUNDS / 2], without[ROUNDS / 2])
}

fn ask(zygote: &mut Zygote, task: &Task, built: &Built, before: &[Request]) {
    let mut guest = zygote.guest().expect("a guest can be made");
    let mut ask = |request: &Request| {
        guest.ask(request, task.patience).expect("it can be asked").expect("it answers")
    };
    for request in before {
        assert!(matches!(ask(request), Reply::Unguarded));
    }
    let path = built.shared.to_string_lossy().into_owned();
    let import = Request::Import { path, module: task.module.clone() };
    assert!(matches!(ask(&import), Reply::Imported));
    for statement in &task.statements {
        let source = statement.source.clone();
        assert!(matches!(ask(&Request::Ask { source }), Reply::Answered(_)));
    }
    assert!(matches!(ask(&Request::Repeat), Reply::Repeated(_)));
    assert!(matches!(ask(&Request::Bye), Reply::Bye));
}

fn shown(time: Duration) -> String {
    format!("{:6.2} ms", time.as_secs_f64() * 1e3)
}
