//! What would have gone unnoticed: every trap of the workbook, asked by Python alone, with nothing
//! compared but results. Writes the page of the book's appendix, and holds it to the truth.
//!
//! `INSTA_UPDATE=always cargo test -p checker unnoticed` writes the columns of the CPythons that
//! are there. Otherwise those columns are compared, and the others left alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use checker::host::python;
use checker::host::workbook::{self, Workbook};
use checker::model::finding::Code;
use checker::model::session::Compare;
use checker::model::workbook::Exercise;
use serde_json::json;

const PAGE: &str = "book/src/appendix/unnoticed.md";

const HEAD: &str = "\
# What results do not show

A test of the checker writes this page: `INSTA_UPDATE=always cargo test -p checker unnoticed`.
It runs every trap of the exercises with CPython alone, and compares what a test of results can compare.
A fault is *unnoticed* if every answer of the exercise's session is right and the process ends with status 0.
The sessions are thorough, and in chapters 1 to 4 the glue looks at registers and raises what it finds.
A test of one line sees less: the last column but one counts the traps whose first answer is right on some CPython here.
";

/// A trap that nasm and ld make a module of, or not.
struct Trap {
    id: String,
    name: String,
    code: Code,
    /// What the script needs to ask it; nothing if there is no module.
    asked: Option<serde_json::Value>,
}

/// What became of a trap on one CPython.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Outcome {
    unnoticed: bool,
    first_right: bool,
}

/// Assembles and links as one does by hand: no warning stops nasm, and ld is asked nothing special.
fn make(exercise: &Exercise, trap: &Path, include: &Path, folder: &Path) -> Option<String> {
    let (object, shared) = (folder.join("trap.o"), folder.join("trap.so"));
    let quiet = |command: &mut Command| {
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.expect("nasm and ld are there").success()
    };
    let mut nasm = Command::new("nasm");
    nasm.args(["-f", "elf64", "-I"]).arg(format!("{}/", include.display()));
    let mut ld = Command::new("ld");
    ld.args(["-shared", "-o"]).arg(&shared).arg(&object);
    let made = quiet(nasm.arg("-o").arg(&object).arg(trap)) && quiet(&mut ld);
    let _ = exercise;
    made.then(|| shared.to_string_lossy().into_owned())
}

fn traps(book: &Workbook, folder: &Path) -> Vec<Trap> {
    let mut traps = Vec::new();
    for exercise in book.exercises() {
        let statements = exercise.session().expect("the session can be read");
        let expected =
            workbook::read_expected(&exercise.folder, &statements).expect("it has a transcript");
        let asked: Vec<_> = statements
            .iter()
            .zip(&expected)
            .map(|(statement, entry)| {
                let compare = if statement.compare == Compare::Message { "message" } else { "" };
                json!([statement.source, compare, entry.answer])
            })
            .collect();
        for trap in exercise.traps().expect("the traps can be read") {
            let own = folder.join(format!("{}_{}", exercise.id, trap.name));
            fs::create_dir(&own).expect("a folder can be made");
            let path = make(exercise, &trap.path, &book.include(), &own);
            let module = &exercise.manifest.module;
            traps.push(Trap {
                id: exercise.id.to_string(),
                name: trap.name.clone(),
                code: trap.must_say.code,
                asked: path.map(|path| json!({ "path": path, "module": module, "asked": asked })),
            });
        }
    }
    traps
}

/// What becomes of the traps on that CPython, in their order.
fn outcomes(python: &Path, traps: &[Trap]) -> Vec<Outcome> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/unnoticed.py");
    // The same addresses in every run: what a wild pointer does must not be chance.
    let mut asker = Command::new("setarch")
        .args(["-R"])
        .arg(python)
        .args(["-I", "-S", script])
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the CPython starts");
    let modules: Vec<_> = traps.iter().filter_map(|trap| trap.asked.as_ref()).collect();
    let mut input = asker.stdin.take().expect("it is piped");
    input.write_all(json!(modules).to_string().as_bytes()).expect("it reads");
    drop(input);
    let output = asker.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", python.display());
    let said: Vec<(bool, bool, bool)> =
        serde_json::from_slice(&output.stdout).expect("it says what became of each");
    let mut said = said.into_iter();
    let became = |trap: &Trap| {
        let (all, first_right, ended) =
            trap.asked.as_ref().and_then(|_| said.next()).unwrap_or_default();
        Outcome { unnoticed: all && ended, first_right }
    };
    traps.iter().map(became).collect()
}

/// The columns of the page: what became of each trap, by version. A trap that was added since is
/// not in an old column.
type Columns = BTreeMap<Version, BTreeMap<String, Outcome>>;

/// A CPython, in the order of versions. What a fault does depends on the compiler too, so another
/// build of a version is another CPython.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    numbers: Vec<u32>,
    text: String,
    built: String,
}

impl Version {
    fn of(text: &str, built: &str) -> Self {
        let numbers = text.split('.').map(|part| part.parse().unwrap_or(0)).collect();
        Self { numbers, text: text.to_owned(), built: built.to_owned() }
    }

    fn at(python: &Path, version: &str) -> Self {
        let ask = "import platform; print(platform.python_build()[1], platform.python_compiler())";
        let output = Command::new(python).args(["-I", "-c", ask]).output().expect("it starts");
        Self::of(version, String::from_utf8_lossy(&output.stdout).trim())
    }
}

/// The columns that a page has: its last table has a row for each trap that some test misses.
fn columns_of(page: &str, traps: &[Trap]) -> Columns {
    let mut columns = Columns::new();
    let listed = |cell: &str, version: &str| cell.split(", ").any(|one| one == version);
    let comments = page.lines().filter_map(|line| {
        line.strip_prefix("<!-- CPython ")?.strip_suffix(" -->")?.split_once(", built ")
    });
    for (version, built) in comments {
        let mut column = BTreeMap::new();
        for trap in traps {
            let row = page.lines().find(|line| line.starts_with(&format!("| {} |", key(trap))));
            let cells: Vec<&str> = row.map_or_else(Vec::new, |row| row.split(" | ").collect());
            let cell = |index: usize| cells.get(index).copied().unwrap_or_default();
            let first = cell(3).trim_end_matches(" |");
            column.insert(
                key(trap),
                Outcome {
                    unnoticed: listed(cell(2), version),
                    first_right: listed(first, version),
                },
            );
        }
        columns.insert(Version::of(version, built), column);
    }
    columns
}

fn key(trap: &Trap) -> String {
    format!("{} `{}`", trap.id, trap.name)
}

fn page(columns: &Columns, traps: &[Trap]) -> String {
    let names: Vec<&str> = columns.keys().map(|version| version.text.as_str()).collect();
    let outcome = |trap: &Trap, column: &BTreeMap<String, Outcome>| column.get(&key(trap)).copied();
    let unnoticed = |trap: &Trap, column: &BTreeMap<String, Outcome>| {
        outcome(trap, column).is_some_and(|outcome| outcome.unnoticed)
    };
    let first_right = |trap: &Trap, column: &BTreeMap<String, Outcome>| {
        outcome(trap, column).is_some_and(|outcome| outcome.first_right)
    };
    let mut text = format!("{HEAD}\n");
    for Version { text: version, built, .. } in columns.keys() {
        let _ = writeln!(text, "<!-- CPython {version}, built {built} -->");
    }
    text += "\n## By what the checker says\n\nThe numbers below a version count the traps that are unnoticed there.\n\n";
    let _ = writeln!(text, "| finding | {} | first right | traps |", names.join(" | "));
    let _ = writeln!(text, "|---|{}", "--:|".repeat(names.len() + 2));
    let mut row = |what: &str, of: &[&Trap]| {
        let count = |column| of.iter().filter(|trap| unnoticed(trap, column)).count().to_string();
        let counts: Vec<String> = columns.values().map(count).collect();
        let first = of.iter().filter(|t| columns.values().any(|c| first_right(t, c))).count();
        let _ = writeln!(text, "| {what} | {} | {first} | {} |", counts.join(" | "), of.len());
    };
    for code in Code::ALL {
        let of: Vec<&Trap> = traps.iter().filter(|trap| trap.code == *code).collect();
        if !of.is_empty() {
            row(&format!("[{code}](../findings/{code}.md) {}", code.title()), &of);
        }
    }
    row("together", &traps.iter().collect::<Vec<_>>());
    text += "\n## Trap by trap\n\nThose that a test of results misses, by all answers or by the first one.\n\n";
    text +=
        "| trap | the checker says | unnoticed on | first answer right on |\n|---|---|---|---|\n";
    for trap in traps {
        let on = |is: &dyn Fn(&Trap, &BTreeMap<String, Outcome>) -> bool| {
            let versions = columns.iter().filter(|(_, column)| is(trap, column));
            versions.map(|(version, _)| version.text.as_str()).collect::<Vec<_>>().join(", ")
        };
        let (all, first) = (on(&unnoticed), on(&first_right));
        if !all.is_empty() || !first.is_empty() {
            let code = trap.code;
            let _ = writeln!(
                text,
                "| {} | [{code}](../findings/{code}.md) | {all} | {first} |",
                key(trap)
            );
        }
    }
    text
}

#[test]
fn the_page_on_what_goes_unnoticed_is_true() {
    let book = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a workbook");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let traps = traps(&book, folder.path());
    let file = book.root.join(PAGE);
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let mut columns = columns_of(&committed, &traps);
    let updates = std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    for path in python::all() {
        let Ok(probe) = python::probe(&path) else { continue };
        if probe.unfit().is_some() {
            continue;
        }
        let version = Version::at(&path, &probe.version);
        if !updates && !columns.contains_key(&version) {
            continue;
        }
        columns.retain(|known, _| known.text != version.text);
        let became = traps.iter().map(key).zip(outcomes(&path, &traps)).collect();
        columns.insert(version, became);
    }
    let text = page(&columns, &traps);
    if updates {
        fs::write(&file, text).expect("the page can be written");
    } else {
        assert_eq!(
            committed, text,
            "{PAGE}: `INSTA_UPDATE=always cargo test -p checker unnoticed`"
        );
    }
}
