//! The catalogue of findings: every code has its page in the book, and every page's wrong example
//! gets that finding on every CPython that is found.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use checker::check::{self, Task};
use checker::host::workbook::{FINDINGS, Workbook};
use checker::host::zygote::Zygote;
use checker::host::{python, source, toolchain};
use checker::model::finding::Code;
use checker::model::session::{self, Compare};
use checker::model::transcript;
use checker::model::verdict::Verdict;
use checker::report::style::{Ink, WIDTH};
use checker::report::{markdown, overview};

/// The sections of a page, in their order.
const SECTIONS: [&str; 5] =
    ["The rule", "A wrong example", "The repair", "Where the rule comes from", "Read on"];

/// The fewest and the most words of a page, without its code.
const WORDS: std::ops::RangeInclusive<usize> = 150..=350;

fn book() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workbook can be read")
}

/// The CPythons of this machine that exercises can be checked with.
fn zygotes() -> Vec<Zygote> {
    let fit = |path: &PathBuf| python::probe(path).is_ok_and(|probe| probe.unfit().is_none());
    let pythons: Vec<PathBuf> = python::all().into_iter().filter(fit).collect();
    assert!(!pythons.is_empty(), "no CPython; run `cargo run -p checker -- setup --dev --yes`");
    pythons
        .iter()
        .map(|path| {
            Zygote::start(path, &[], toolchain::strictest().layers()).expect("the CPython starts")
        })
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of the folder's files with that ending, without it.
fn names(folder: &Path, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let names = entries.map(|entry| entry.expect("the folder can be listed").file_name());
    names.filter_map(|name| Some(name.to_str()?.strip_suffix(ending)?.to_owned())).collect()
}

/// The lines of a page outside of its fences.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    page.split("```").step_by(2).flat_map(str::lines)
}

/// The task of an example: its head comment has the statements and the right answers. The
/// functions that a right answer declares `extern` are all that an exercise would list.
fn task(code: Code, wrong: &str, repaired: &str, book: &Workbook) -> Task {
    let mut head = String::from(">>> import example\n");
    let comment = wrong.lines().map_while(|line| line.strip_prefix("; "));
    for line in comment.filter(|line| *line != ">>> import example") {
        head.push_str(line);
        head.push('\n');
    }
    let expected = transcript::parse(&head);
    let mut statements = Vec::new();
    for entry in &expected {
        let mut statement = session::parse(&entry.source).remove(0);
        if transcript::exception_type(&entry.answer).is_some_and(|name| name != entry.answer) {
            statement.compare = Compare::Message;
        }
        statements.push(statement);
    }
    let glue = read(&book.include().join("workbook.inc"));
    let declared = [repaired, &glue].map(str::lines).into_iter().flatten();
    let declared = declared.filter_map(|line| line.trim_start().strip_prefix("extern "));
    let declared = declared.flat_map(|names| names.split(',')).map(|name| name.trim().to_owned());
    Task {
        name: "example".to_owned(),
        module: "example".to_owned(),
        statements,
        expected,
        api: (code == Code::L010).then(|| declared.collect()),
        patience: Duration::from_secs(2),
        include: book.include(),
    }
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let book = book();
    let folder = book.root.join(FINDINGS);
    let mut codes: BTreeSet<String> = Code::ALL.iter().map(|code| code.name().to_owned()).collect();
    let examples: BTreeSet<String> =
        codes.iter().flat_map(|code| [code.clone(), format!("{code}_repaired")]).collect();
    assert_eq!(names(&folder.join("wrong"), ".asm"), examples);
    codes.insert("README".to_owned());
    assert_eq!(names(&folder, ".md"), codes);
}

#[test]
fn every_page_keeps_its_form() {
    let book = book();
    for code in Code::ALL {
        let page = read(&book.root.join(FINDINGS).join(format!("{code}.md")));
        assert_eq!(page.lines().next(), Some(&*format!("# {code}: {}", code.title())));
        let sections: Vec<&str> =
            page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(sections, SECTIONS, "{code}");
        let whole = format!("{{{{#include wrong/{code}.asm}}}}");
        let repair = format!("{{{{#include wrong/{code}_repaired.asm:repair}}}}");
        assert!(page.contains(&whole) && page.contains(&repair), "{code} includes its examples");
        let chapter = format!("](../ex{:02}_", code.chapter());
        let written = book.chapter(code.chapter()).is_some();
        assert!(!written || page.contains(&chapter), "{code} has no link to its chapter");
        let words = prose(&page).flat_map(str::split_whitespace).count();
        assert!(WORDS.contains(&words), "{code} has {words} words");
    }
}

#[test]
fn the_overview_has_every_code() {
    let mut table = String::new();
    let mut group = "";
    for code in Code::ALL {
        if group != overview::group_of(*code) {
            group = overview::group_of(*code);
            let gap = if table.is_empty() { "" } else { "\n" };
            table +=
                &format!("{gap}## {group}\n\n| code | what it says | chapter |\n|---|---|---|\n");
        }
        table += &format!("| [{code}]({code}.md) | {} | {} |\n", code.title(), code.chapter());
    }
    let page = read(&book().root.join(FINDINGS).join("README.md"));
    assert!(page.ends_with(&table), "the overview has to end like this:\n\n{table}");
}

/// The verdict on a file on each CPython, with its version.
fn verdicts(task: &Task, file: &Path, zygotes: &mut [Zygote]) -> Vec<(String, Verdict)> {
    let source = source::read(file, "example.asm").expect("the example can be read");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let built = check::build(task, &source, folder.path(), &mut zygotes[0]);
    let built = built.expect("nasm and ld are there");
    let mut verdicts = Vec::new();
    for zygote in zygotes {
        let version = zygote.hello().expect("the CPython starts").version.clone();
        let verdict = match &built {
            Ok(built) => check::run(task, built, &source, zygote).expect("the guest runs"),
            Err(verdict) => verdict.clone(),
        };
        verdicts.push((version, verdict));
    }
    verdicts
}

#[test]
fn every_wrong_example_gets_its_finding() {
    let book = book();
    let mut zygotes = zygotes();
    let folder = book.root.join(FINDINGS).join("wrong");
    let mut problems = Vec::new();
    for code in Code::ALL {
        let file = |name: String| folder.join(format!("{name}.asm"));
        let (wrong, repaired) = (file(code.to_string()), file(format!("{code}_repaired")));
        let task = task(*code, &read(&wrong), &read(&repaired), &book);
        for (python, verdict) in verdicts(&task, &wrong, &mut zygotes) {
            let first = verdict.findings.first();
            let named = first.is_some_and(|finding| finding.code == *code);
            if !named {
                let first = first.map(|finding| format!("{}: {}", finding.code, finding.sentence));
                problems.push(format!("{code} on {python}: {first:?}"));
            }
        }
        for (python, verdict) in verdicts(&task, &repaired, &mut zygotes) {
            if !verdict.passed() {
                let first = verdict.findings.first();
                problems.push(format!("{code}, repaired, on {python}: {first:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A wrong example and its repair ask the same.
#[test]
fn a_repair_answers_the_same_statements() {
    let folder = book().root.join(FINDINGS).join("wrong");
    for code in Code::ALL {
        let head = |name: String| {
            let text = read(&folder.join(format!("{name}.asm")));
            text.lines().take_while(|line| line.starts_with(';')).map(str::to_owned).collect()
        };
        let wrong: Vec<String> = head(code.to_string());
        assert_eq!(wrong, head(format!("{code}_repaired")), "{code}");
    }
}

#[test]
fn every_explanation_fits_a_terminal() {
    let book = book();
    for code in Code::ALL {
        let page = book.explanation(*code).expect("the page can be read");
        let text = markdown::render(&page, |_| None, Ink::Plain);
        assert!(!text.contains("{{#") && !text.contains("ANCHOR"), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{code}: {line}");
        }
    }
}

#[test]
fn markdown_becomes_text() {
    let page = "# A page\n\n## Part\nTwo lines\nof *one* paragraph, 2<sup>63</sup>.\n\n\
        ```x86asm\n    ret\n```\n\n1. One, [there](a.md)\n2. Two\n   - within\n\n\
        | a | b |\n|---|---|\n| `x` | y |\n\n<!-- unseen -->\nEnd, `a < b`.\n";
    let text = "A page\n======\n\nPart\n----\nTwo lines of one paragraph, 2**63.\n\n\
        \x20       ret\n\n1. One, there (A)\n2. Two\n   - within\n\n\
        a    b\n---  -\n`x`  y\n\nEnd, `a < b`.\n";
    let place = |target: &str| target.strip_suffix(".md").map(str::to_ascii_uppercase);
    assert_eq!(markdown::render(page, place, Ink::Plain), text);
}

fn checker(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checker"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).assert()
}

#[test]
fn explain_prints_the_page_or_the_list() {
    let page = checker(&["explain", "a002"]).success();
    let text = String::from_utf8_lossy(&page.get_output().stdout).into_owned();
    assert!(text.starts_with("A002: a callee-saved register is lost\n====="), "{text}");
    assert!(text.contains("\n    %include \"workbook.inc\"\n"), "{text}");
    let list = checker(&["explain"]).success();
    let text = String::from_utf8_lossy(&list.get_output().stdout).into_owned();
    assert!(text.contains("\n  A002  a callee-saved register is lost\n"), "{text}");
}

#[test]
fn explain_knows_what_was_meant() {
    for (arguments, words) in [
        (&["explain", "A02"][..], "did you mean `A002`?"),
        (&["explain", "rbx"], "`cargo run -p checker -- explain` shows them all"),
        (&["A002"], "`cargo run -p checker -- explain A002` explains it"),
    ] {
        checker(arguments).code(2).stderr(predicates::str::contains(words));
    }
}
