//! Small broken programs, one for each way to go wrong: each gets its finding, at the line that
//! is marked `; HERE`, on every CPython that is found.

mod calls;
mod crashes;
mod exits;
mod halves;
mod inside;
mod midway;
mod overruns;
mod references;
mod styles;
mod tables;
mod texts;
mod widths;

use std::path::{Path, PathBuf};
use std::time::Duration;

use checker::check::{self, Task};
use checker::host::python;
use checker::host::source::Source;
use checker::host::workbook::Workbook;
use checker::host::zygote::Zygote;
use checker::model::finding::{Code, Finding};
use checker::model::isolation::Isolation;
use checker::model::session;
use checker::model::transcript;
use checker::model::verdict::Verdict;

/// A program and what the checker has to say about it.
struct Case<'a> {
    code: Code,
    /// Words that have to be in the finding: its sentence, its paragraphs or its hint.
    words: &'a [&'a str],
    /// The session, with the right answers.
    asks: &'a str,
    text: String,
}

/// A function of numbers, `f(3)`, that should give 3.
fn plain(code: Code, words: &[&str], body: &str) {
    let text = function("long, long", body);
    assert_found(&Case { code, words, asks: ">>> f(3)\n3\n", text });
}

/// The same of a function of objects, with these names of CPython's and the C library's.
fn with_names(code: Code, words: &[&str], names: &str, body: &str) {
    let text = method("METH_O", names, body);
    assert_found(&Case { code, words, asks: ">>> f(3)\n3\n", text });
}

/// A module `example` with one function `f`, whose `ml_flags` are these; `code` has the function
/// and what else belongs to the file.
fn method(flags: &str, names: &str, code: &str) -> String {
    format!(
        r#"%include "python.inc"
    default rel
    extern  PyModule_Create2, {names}
    global  PyInit_example
    section .rodata
example_name: db "example", 0
f_name: db "f", 0
    section .data
methods:
    istruc PyMethodDef
        at PyMethodDef.ml_name, dq f_name
        at PyMethodDef.ml_meth, dq f
        at PyMethodDef.ml_flags, dd {flags}
    iend
    times PyMethodDef_size db 0
definition:
    istruc PyModuleDef
        at PyModuleDef.m_base, dq 1
        at PyModuleDef.m_name, dq example_name
        at PyModuleDef.m_methods, dq methods
    iend
    section .text
{code}
PyInit_example:
    sub     rsp, 8
    lea     rdi, [rel definition]
    mov     esi, PYTHON_API_VERSION
    call    PyModule_Create2 wrt ..plt
    add     rsp, 8
    ret
    section .note.GNU-stack noalloc noexec nowrite progbits
"#
    )
}

/// A module `example` with one plain function `f` of these types, behind the glue.
fn function(types: &str, code: &str) -> String {
    format!(
        r#"%include "workbook.inc"
    default rel
workbook_module example
workbook_function f, {types}
    section .text
{code}
    section .note.GNU-stack noalloc noexec nowrite progbits
"#
    )
}

fn book() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workbook can be read")
}

/// Runs the program on every CPython: the verdicts with their versions.
fn verdicts(asks: &str, text: &str) -> Vec<(String, Verdict)> {
    let expected = transcript::parse(&format!(">>> from example import f\n{asks}"));
    let statements: Vec<_> =
        expected.iter().map(|entry| session::parse(&entry.source).remove(0)).collect();
    let task = Task {
        name: "example".to_owned(),
        module: "example".to_owned(),
        statements,
        expected,
        api: None,
        patience: Duration::from_secs(2),
        include: book().include(),
    };
    let source = Source { shown: "example.asm".to_owned(), text: text.to_owned() };
    let fit = |path: &PathBuf| python::probe(path).is_ok_and(|probe| probe.unfit().is_none());
    let pythons: Vec<PathBuf> = python::all().into_iter().filter(fit).collect();
    assert!(!pythons.is_empty(), "no CPython; run `cargo run -p checker -- setup --dev --yes`");
    let run = |path: &PathBuf| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut zygote =
            Zygote::start(path, &[], Isolation::Strict.layers()).expect("the CPython starts");
        let built = check::build(&task, &source, folder.path(), &mut zygote);
        let verdict = match built.expect("nasm and ld are there") {
            Ok(built) => check::run(&task, &built, &source, &mut zygote).expect("the guest runs"),
            Err(verdict) => verdict,
        };
        (zygote.hello().expect("it runs").version.clone(), verdict)
    };
    pythons.iter().map(run).collect()
}

fn in_full(finding: &Finding) -> String {
    let hint = finding.hint.as_deref().unwrap_or_default();
    format!("{}\n{}\n{hint}", finding.sentence, finding.details.join("\n"))
}

/// Asserts that the program's first finding is the case's, at its marked line and nowhere else.
#[track_caller]
fn assert_found(case: &Case<'_>) {
    let marked = case.text.lines().position(|line| line.ends_with("; HERE"));
    let marked = marked.map(|index| u32::try_from(index + 1).expect("a short file"));
    for (python, verdict) in verdicts(case.asks, &case.text) {
        let Some(first) = verdict.findings.first() else {
            panic!("on {python} nothing is found, expected {}", case.code);
        };
        let text = in_full(first);
        let line = first.place.as_ref().map(|place| place.line);
        assert_eq!((first.code, line), (case.code, marked), "on {python}: {text}");
        for words in case.words {
            assert!(text.contains(words), "on {python}, no {words:?} in: {text}");
        }
    }
}

/// Asserts that a program has no fault that is found.
#[track_caller]
fn assert_clean(asks: &str, text: &str) {
    for (python, verdict) in verdicts(asks, text) {
        let first = verdict.findings.first().map(in_full);
        assert!(verdict.passed(), "on {python}: {first:?}");
    }
}
