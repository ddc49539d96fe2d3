//! The `exercises` folder: finding it, and reading what is in it.

mod page;

pub use page::FINDINGS;

use std::fs;
use std::path::{Path, PathBuf};

use crate::model::finding::{MustSay, NotACode};
use crate::model::session::{self, Statement};
use crate::model::transcript::{self, Entry};
use crate::model::workbook::{Chapter, ChapterManifest, Exercise, ExerciseId, Manifest, Selection};

/// The clone that holds `exercises/`, and the learner's `work/`.
#[derive(Clone, Debug)]
pub struct Workbook {
    /// The clone's folder.
    pub root: PathBuf,
    /// In order; each with at least one exercise.
    pub chapters: Vec<Chapter>,
}

/// A trap: a wrong answer, and what it must get.
#[derive(Clone, Debug)]
pub struct Trap {
    /// The file's name without `.asm`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// From its first line.
    pub must_say: MustSay,
    /// From a second line `; on nasm 3: CODE`, where nasm 3 takes what nasm 2 refuses.
    pub must_say_on_nasm_3: Option<MustSay>,
    /// The line that ends in `; <-- here`, from 1.
    pub line: Option<u32>,
}

/// What stands at the end of the line at which a trap's fault is.
pub const MARK_OF_A_FAULT: &str = "; <-- here";

/// A worked example of a page: a module with a session and a transcript, and no exercise.
#[derive(Clone, Debug)]
pub struct Example {
    /// The folder's name, which is the module's too.
    pub name: String,
    /// `…/examples/twice`
    pub folder: PathBuf,
}

/// The folder is not as the authors' page of the book wants it.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    /// No `exercises` folder here nor above.
    #[error("there is no `exercises` folder here; go to your clone of the workbook")]
    NoWorkbook,
    /// A file could not be read.
    #[error("{path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file's content is wrong.
    #[error("{path}: {why}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl Workbook {
    /// The workbook that holds the folder `from` or, failing that, the one that the checker was
    /// built in.
    pub fn find(from: &Path) -> Result<Self, Malformed> {
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = from
            .ancestors()
            .chain(built_in.ancestors())
            .find(|folder| folder.join("exercises/include/python.inc").is_file())
            .ok_or(Malformed::NoWorkbook)?;
        Ok(Self { root: root.to_owned(), chapters: read_chapters(&root.join("exercises"))? })
    }

    /// Every exercise, in order.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.chapters.iter().flat_map(|chapter| &chapter.exercises)
    }

    /// The exercise with that id.
    pub fn exercise(&self, id: ExerciseId) -> Option<&Exercise> {
        self.exercises().find(|exercise| exercise.id == id)
    }

    /// The exercises of a selection, in order.
    pub fn select(&self, selection: Selection) -> Vec<&Exercise> {
        self.exercises().filter(|exercise| selection.holds(exercise.id)).collect()
    }

    /// The chapter with that number.
    pub fn chapter(&self, number: u8) -> Option<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.number == number)
    }

    /// `exercises/include`
    pub fn include(&self) -> PathBuf {
        self.root.join("exercises/include")
    }

    /// The learner's folder.
    pub fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// The learner's file of an exercise.
    pub fn work_file(&self, id: ExerciseId) -> PathBuf {
        self.work().join(format!("{id}.asm"))
    }
}

impl Exercise {
    /// `starter.asm`
    pub fn starter(&self) -> PathBuf {
        self.folder.join("starter.asm")
    }

    /// `solution.asm`
    pub fn solution(&self) -> PathBuf {
        self.folder.join("solution.asm")
    }

    /// The statement of the task, in Markdown.
    pub fn task(&self) -> Result<String, Malformed> {
        read(&self.folder.join("task.md"))
    }

    /// What Python asks.
    pub fn session(&self) -> Result<Vec<Statement>, Malformed> {
        read_session(&self.folder)
    }

    /// The wrong answers, in the order of their names.
    pub fn traps(&self) -> Result<Vec<Trap>, Malformed> {
        let folder = self.folder.join("traps");
        let mut traps = Vec::new();
        for path in sorted(&folder)? {
            if path.extension().is_some_and(|extension| extension == "asm") {
                traps.push(read_trap(path)?);
            }
        }
        Ok(traps)
    }
}

impl Chapter {
    /// The worked examples, in the order of their names.
    pub fn examples(&self) -> Result<Vec<Example>, Malformed> {
        let folder = self.folder.join("examples");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let folders = sorted(&folder)?.into_iter().filter(|path| path.is_dir());
        Ok(folders.map(|folder| Example { name: file_name(&folder), folder }).collect())
    }
}

/// The statements of `session.py` in the folder.
pub fn read_session(folder: &Path) -> Result<Vec<Statement>, Malformed> {
    let path = folder.join("session.py");
    let statements = session::parse(&read(&path)?);
    if statements.is_empty() {
        return Err(Malformed::Wrong { path, why: "it asks nothing".to_owned() });
    }
    Ok(statements)
}

/// The expected transcript: `expected.snap` in the folder, which must answer the statements.
pub fn read_expected(folder: &Path, statements: &[Statement]) -> Result<Vec<Entry>, Malformed> {
    let path = folder.join("expected.snap");
    let wrong = |why: String| Malformed::Wrong { path: path.clone(), why };
    let snapshot = insta::Snapshot::from_file(&path).map_err(|error| wrong(error.to_string()))?;
    let insta::internals::SnapshotContents::Text(text) = snapshot.contents() else {
        return Err(wrong("it is no text snapshot".to_owned()));
    };
    let entries = transcript::parse(&text.to_string());
    let same = entries.len() == statements.len()
        && entries
            .iter()
            .zip(statements)
            .all(|(entry, statement)| entry.source == statement.source);
    if same {
        Ok(entries)
    } else {
        Err(wrong(
            "its statements are not those of session.py; bless it again (see the book's page for \
             authors)"
                .to_owned(),
        ))
    }
}

/// The file's text.
pub fn read(path: &Path) -> Result<String, Malformed> {
    fs::read_to_string(path)
        .map_err(|source| Malformed::Unreadable { path: path.to_owned(), source })
}

fn read_chapters(folder: &Path) -> Result<Vec<Chapter>, Malformed> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for path in sorted(folder)? {
        let Some(number) = chapter_number(&file_name(&path)) else { continue };
        let manifest: ChapterManifest = read_toml(&path.join("chapter.toml"))?;
        if chapters.iter().any(|chapter| chapter.number == number) {
            return Err(Malformed::Wrong {
                path,
                why: "another chapter has its number".to_owned(),
            });
        }
        let exercises = read_exercises(number, &path)?;
        chapters.push(Chapter { number, title: manifest.title, folder: path, exercises });
    }
    Ok(chapters)
}

fn read_exercises(chapter: u8, folder: &Path) -> Result<Vec<Exercise>, Malformed> {
    let mut exercises: Vec<Exercise> = Vec::new();
    for path in sorted(folder)? {
        let Some(letter) = exercise_letter(&file_name(&path)) else { continue };
        let id = ExerciseId { chapter, letter };
        if exercises.iter().any(|exercise| exercise.id == id) {
            return Err(Malformed::Wrong { path, why: format!("another exercise is {id}") });
        }
        let manifest: Manifest = read_toml(&path.join("exercise.toml"))?;
        exercises.push(Exercise { id, manifest, folder: path });
    }
    Ok(exercises)
}

/// 5 for `ex05_module_registration`.
fn chapter_number(name: &str) -> Option<u8> {
    let (number, _) = name.strip_prefix("ex")?.split_once('_')?;
    (number.len() == 2).then(|| number.parse().ok())?
}

/// `c` for `c_multiply`.
fn exercise_letter(name: &str) -> Option<char> {
    let (letter, _) = name.split_once('_')?;
    let mut letters = letter.chars();
    letters.next().filter(char::is_ascii_lowercase).filter(|_| letters.next().is_none())
}

fn read_toml<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Malformed> {
    toml::from_str(&read(path)?)
        .map_err(|error| Malformed::Wrong { path: path.to_owned(), why: error.to_string() })
}

fn read_trap(path: PathBuf) -> Result<Trap, Malformed> {
    let text = read(&path)?;
    let first = text.lines().next().unwrap_or("");
    let must_say = first
        .strip_prefix("; must say: ")
        .ok_or_else(|| "its first line is not `; must say: CODE`".to_owned())
        .and_then(|text| text.parse::<MustSay>().map_err(|error| error.to_string()))
        .map_err(|why| Malformed::Wrong { path: path.clone(), why })?;
    let second = text.lines().nth(1).and_then(|line| line.strip_prefix("; on nasm 3: "));
    let must_say_on_nasm_3 = second.map(str::parse).transpose().map_err(|error: NotACode| {
        Malformed::Wrong { path: path.clone(), why: error.to_string() }
    })?;
    let line = text.lines().position(|line| line.trim_end().ends_with(MARK_OF_A_FAULT));
    let line = line.map(|index| u32::try_from(index + 1).expect("a trap is a short file"));
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Trap { name, path, must_say, must_say_on_nasm_3, line })
}

/// The folder's entries, in the order of their names.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Malformed> {
    let unreadable = |source| Malformed::Unreadable { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
