//! Every exercise and every worked example, on every CPython that is found.
//!
//! `INSTA_UPDATE=always cargo test -p checker` writes the transcripts and the traps' reports.

use std::path::{Path, PathBuf};

use checker::check::Task;
use checker::host::python;
use checker::host::workbook::Workbook;
use checker::report::style::{Ink, WIDTH};
use checker::report::terminal::{self, Subject};
use checker::verify::{self, Judges};

fn book() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workbook can be read")
}

/// The CPythons of this machine that exercises can be checked with.
fn pythons() -> Vec<PathBuf> {
    let fit = |path: &PathBuf| python::probe(path).is_ok_and(|probe| probe.unfit().is_none());
    let found: Vec<PathBuf> = python::all().into_iter().filter(fit).collect();
    assert!(!found.is_empty(), "no CPython; run `cargo run -p checker -- setup --dev --yes`");
    found
}

/// Compares the text with a snapshot beside the exercise.
fn assert_beside(folder: &Path, name: &str, expression: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(expression);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn solutions_give_their_transcripts() {
    let book = book();
    let mut judges = Judges::start(&book, &pythons()).expect("the CPythons start");
    for exercise in book.exercises() {
        let statements = exercise.session().expect("the session can be read");
        let task = Task::unanswered(exercise, statements, &book).expect("the task can be read");
        let text = judges.transcript(&task, &exercise.solution()).expect("the solution answers");
        assert_beside(&exercise.folder, "expected", &exercise.id.to_string(), &text);
    }
}

#[test]
fn examples_give_their_transcripts() {
    let book = book();
    let mut judges = Judges::start(&book, &pythons()).expect("the CPythons start");
    for chapter in &book.chapters {
        for example in chapter.examples().expect("the examples can be read") {
            let task = verify::example_task(&example, &book).expect("the example can be read");
            let file = example.folder.join("example.asm");
            let text = judges.transcript(&task, &file).expect("the example answers");
            assert_beside(&example.folder, "expected", &example.name, &text);
        }
    }
}

#[test]
fn exercises_keep_their_contract() {
    let book = book();
    let mut judges = Judges::start(&book, &pythons()).expect("the CPythons start");
    let mut broken = Vec::new();
    for exercise in book.exercises() {
        let problems = verify::exercise(exercise, &book, &mut judges).expect("it can be checked");
        broken.extend(problems.into_iter().map(|problem| format!("{} {problem}", exercise.id)));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What learners read of each trap is the same on every CPython, 80 columns wide, and as blessed.
#[test]
fn traps_get_their_reports() {
    let book = book();
    let mut judges = Judges::start(&book, &pythons()).expect("the CPythons start");
    for exercise in book.exercises() {
        let task = Task::of(exercise, &book).expect("the task can be read");
        let id = exercise.id.to_string();
        let subject = Subject { id: &id, module: &exercise.manifest.module, file: None };
        for trap in exercise.traps().expect("the traps can be read") {
            let shown = format!("work/{id}.asm");
            let verdicts = judges.verdicts(&task, &trap.path, &shown).expect("it can be checked");
            let reports = verdicts.into_iter().map(|(python, verdict)| {
                let results = [terminal::Result { python: python.clone(), verdict }];
                (python, terminal::report(subject, &results, Ink::Plain))
            });
            let reports: Vec<(String, String)> = reports.collect();
            for (python, report) in &reports {
                assert_eq!(*report, reports[0].1, "{id} {} on {python}", trap.name);
                for line in report.lines() {
                    let wide = line.chars().count() > WIDTH && line.split_whitespace().count() > 1;
                    assert!(!wide || line.contains(".asm:"), "too wide: {line}");
                }
            }
            // Reports that quote nasm are blessed with nasm 2.
            if judges.nasm_3 && trap.must_say.code.name().starts_with('S') {
                continue;
            }
            let folder = exercise.folder.join("traps");
            assert_beside(&folder, &trap.name, &format!("{id} {}", trap.name), &reports[0].1);
        }
    }
}
