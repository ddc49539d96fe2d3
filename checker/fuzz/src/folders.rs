//! The files of an exercise's folder, and the learner's progress.

use std::cell::LazyCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use checker::check::Task;
use checker::host::progress as file;
use checker::host::workbook::{self, Workbook};
use checker::model::session::{self as model, Statement};
use checker::model::transcript::{self, Answer};
use checker::report::overview;
use checker::report::style::Ink;

/// `exercise.toml`
pub fn manifest(bytes: &[u8]) {
    let Some((book, folder)) = book_with("exercise.toml", bytes) else { return };
    let exercise = &book.chapters[0].exercises[0];
    assert_eq!(exercise.folder, folder);
    let statements = vec![super::statement("answer()")];
    let task = Task::unanswered(exercise, statements, &book).expect("its files are there");
    let (shortest, longest) = (Duration::from_millis(100), Duration::from_secs(60));
    assert!((shortest..=longest).contains(&task.patience), "{:?}", task.patience);
    overview::list(&book.chapters, |_| true, Ink::Plain);
    overview::whereabouts(1, 0, Some(exercise));
}

/// `session.py`: what is asked can be found again in the transcript of its answers.
pub fn session(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let statements = model::parse(text);
    model::imported_modules(&statements);
    let lines = text.lines().count();
    for statement in &statements {
        model::is_definition(&statement.source);
        assert!(statement.line <= lines);
    }
    if statements.is_empty() {
        return;
    }
    let answers = [Answer::Nothing, Answer::Value("(2, 4)".to_owned())];
    let pairs = statements.iter().zip(answers.iter().cycle());
    let entries: String = pairs.map(|(asked, answer)| transcript::render(asked, answer)).collect();
    let snapshot = format!("---\nsource: a test\n---\n{entries}");
    let read = read_snapshot(snapshot.as_bytes(), &statements).expect("it was just made");
    for (index, entry) in read.iter().enumerate() {
        assert_eq!(entry.answer, if index % 2 == 0 { "" } else { "(2, 4)" });
    }
}

/// `expected.snap`
pub fn snapshot(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let entries = transcript::parse(text.split("---\n").nth(2).unwrap_or(&text));
    let asked: Vec<Statement> =
        entries.iter().map(|entry| super::statement(&entry.source)).collect();
    if let Some(read) = read_snapshot(bytes, &asked) {
        assert_eq!(read.len(), asked.len());
    }
}

/// `work/.progress.toml`: a damaged file is kept, and what is written can be read.
pub fn progress(bytes: &[u8]) {
    THREAD.with(|thread| {
        let work = thread.path().join("work");
        fs::create_dir_all(&work).expect("a folder can be made");
        fs::write(work.join(".progress.toml"), bytes).expect("a file can be written");
        let before = file::load(&work);
        let after = file::update(&work, |progress| {
            progress.passed.insert("ex01a".to_owned());
        });
        let after = after.expect("the folder is ours");
        assert!(before.passed.is_subset(&after.passed));
        assert_eq!(file::load(&work), after);
        fs::remove_dir_all(&work).expect("the folder is ours");
    });
}

fn read_snapshot(bytes: &[u8], asked: &[Statement]) -> Option<Vec<transcript::Entry>> {
    THREAD.with(|thread| {
        fs::write(thread.path().join("expected.snap"), bytes).expect("a file can be written");
        workbook::read_expected(thread.path(), asked).ok()
    })
}

thread_local! {
    /// Holds one exercise; each thread has its own.
    static THREAD: LazyCell<tempfile::TempDir> = LazyCell::new(|| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for (path, text) in [
            ("exercises/include/python.inc", ""),
            ("exercises/include/workbook.inc", "extern PyModule_Create2\n"),
            ("exercises/ex01_first/chapter.toml", "title = \"First\"\n"),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it is ours");
            fs::write(path, text).expect("a file can be written");
        }
        fs::create_dir(exercise(folder.path())).expect("it is ours");
        folder
    });
}

fn exercise(root: &Path) -> PathBuf {
    root.join("exercises/ex01_first/a_answer")
}

/// A workbook of one exercise with that file, if it can be read, and the exercise's folder.
fn book_with(file: &str, bytes: &[u8]) -> Option<(Workbook, PathBuf)> {
    THREAD.with(|thread| {
        let folder = exercise(thread.path());
        fs::write(folder.join(file), bytes).expect("a file can be written");
        Some((Workbook::find(thread.path()).ok()?, folder))
    })
}
