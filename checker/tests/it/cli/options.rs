//! Options and arguments: which CPython, which file, colors, completions, and wrong ones.

use predicates::prelude::*;
use predicates::str::{contains, is_empty, starts_with};

use crate::support::{Book, SOLUTION, answer, cpython, printed, said};

#[test]
fn python_is_named_by_version_or_path() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let (path, version) = cpython();
    let path = path.to_str().expect("the path is text");
    let minor = version.rsplit_once('.').expect("a version has three numbers").0;
    let passes = format!("ex01a answer: passed, 3 answers, CPython {version}\n");
    for named in [version, minor, path, "python3", "all"] {
        let run = book.run(&["ex01a", "--python", named]);
        run.code(0).stdout(starts_with(passes.clone()));
    }
    // Named on the command line, none is needed on the PATH.
    book.without_tool("python3");
    book.run(&["ex01a", "--python", path]).code(0).stdout(starts_with(passes.clone()));
}

#[test]
fn python_may_be_repeated_and_each_is_used_once() {
    let book = Book::new();
    let others = other_cpythons();
    let (path, version) = cpython();
    let all: Vec<&str> = [path]
        .into_iter()
        .chain(others.iter().map(|(path, _)| path))
        .map(|path| path.to_str().expect("the path is text"))
        .collect();
    let mut arguments = vec!["ex01a"];
    for path in &all {
        arguments.extend(["--python", path, "--python", path]);
    }
    book.write("work/ex01a.asm", SOLUTION);
    let versions = [version].into_iter().chain(others.iter().map(|(_, version)| version));
    let versions: Vec<&str> = versions.map(String::as_str).collect();
    let passes = format!("passed, 3 answers, CPython {}\n", versions.join(", "));
    book.run(&arguments).code(0).stdout(contains(passes));

    book.write("work/ex01a.asm", answer("    mov     eax, 41\n    ret\n"));
    let run = book.run(&arguments).code(1);
    for version in &versions {
        let lines = said(&run).lines().filter(|line| line.contains(version)).count();
        assert_eq!(lines, usize::from(versions.len() > 1), "{}", said(&run));
    }
}

/// The CPythons of this machine that fit, besides the usual one; none on many a machine.
fn other_cpythons() -> Vec<(std::path::PathBuf, String)> {
    let fit = |path: std::path::PathBuf| {
        let probe = checker::host::python::probe(&path).ok()?;
        (probe.unfit().is_none() && probe.version != cpython().1).then_some((path, probe.version))
    };
    let mut others: Vec<_> = checker::host::python::all().into_iter().filter_map(fit).collect();
    others.dedup_by(|one, other| one.1 == other.1);
    others.truncate(2);
    others
}

/// A version manager puts a slow script in the interpreter's place.
#[test]
fn the_python_behind_a_script_is_looked_up_once() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let count = book.beside("home").join("count");
    let (path, version) = cpython();
    book.script("python3", &format!("echo one >> {count:?}; exec {path:?} \"$@\""));
    for _ in 0..3 {
        let passes = format!("ex01a answer: passed, 3 answers, CPython {version}\n");
        book.run(&["ex01a"]).code(0).stdout(starts_with(passes));
    }
    let count = std::fs::read_to_string(count).expect("the script was run");
    assert_eq!(count, "one\n");
}

#[test]
fn an_unknown_python_is_a_usage_error_that_says_what_there_is() {
    let book = Book::new();
    for named in ["9.9", "/no/such/python", "pythonic", "3.9.999"] {
        let says = format!("error: there is no Python `{named}` here; found: {}\n", cpython().1);
        let run = book.run(&["ex01a", "--python", named]);
        run.code(2).stdout("").stderr(starts_with(says).and(contains("hint: ")));
    }
}

#[test]
fn another_file_is_checked_in_place_of_the_one_in_work() {
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    ret\n"));
    let elsewhere = book.write("elsewhere/mine.asm", SOLUTION);
    book.run(&["ex01a", "--file", "elsewhere/mine.asm"]).code(0);
    book.run(&["ex01a", "--file", elsewhere.to_str().expect("the path is text")]).code(0);
    assert_eq!(book.read("elsewhere/mine.asm"), SOLUTION);
    // It is nobody's progress.
    book.run(&["list"]).code(0).stdout(contains("passed").not());
    for arguments in [
        &["--file", "elsewhere/mine.asm"][..],
        &["ex01", "--file", "elsewhere/mine.asm"],
        &["ex01a", "ex01b", "--file", "elsewhere/mine.asm"],
    ] {
        book.run(arguments).code(2).stderr(contains("`--file` needs exactly one exercise"));
    }
}

#[test]
fn colors_are_where_they_are_asked_for_and_never_in_a_pipe() {
    const ESCAPE: &str = "\u{1b}[";
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    mov     eax, 41\n    ret\n"));
    let plain = printed(&book.run(&["ex01a"]).code(1).stdout(contains(ESCAPE).not()));
    let colored = printed(&book.run_wide(&["ex01a", "--color", "always"]).code(1));
    assert!(colored.contains(ESCAPE));
    // Color says nothing that the words do not say.
    assert_eq!(without_colors(&colored), plain);
    for arguments in [
        &["ex01a", "--color", "auto"][..],
        &["ex01a", "--color", "never"],
        &["ex01a", "--plain", "--color", "always"],
    ] {
        assert_eq!(printed(&book.run(arguments).code(1)), plain, "{arguments:?}");
    }
    book.run_wide(&["ex99", "--color", "always"]).code(2).stderr(contains(ESCAPE));
    book.run(&["ex99", "--color", "sometimes"]).code(2).stderr(contains("always"));
}

fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once('m').map_or(part, |(_, text)| text));
    first + &rest.collect::<String>()
}

#[test]
fn shells_can_complete() {
    let book = Book::new();
    for (shell, mark) in
        [("bash", "complete -F"), ("zsh", "#compdef checker"), ("fish", "complete -c checker")]
    {
        let run = book.run_wide(&["completions", shell]).code(0).stderr("");
        let script = printed(&run);
        for word in [mark, "doctor", "reset", "python"] {
            assert!(script.contains(word), "{shell} completes no {word}");
        }
    }
    book.run_wide(&["completions", "cmd"]).code(2).stderr(contains("bash"));
}

#[test]
fn an_unknown_id_is_a_usage_error_with_a_guess() {
    let book = Book::new();
    let lists = "hint: `cargo run -p checker -- list` shows the exercises\n";
    for (id, hint) in [
        ("ex01c", "hint: did you mean `ex01`?"),
        ("xe01a", "hint: did you mean `ex01a`?"),
        ("ex07", "hint: did you mean `ex01`?"),
        ("doctr", "hint: did you mean `doctor`?"),
        ("elephant", lists),
        ("ex", lists),
        ("", lists),
    ] {
        let run = book.run(&[id]).code(2).stdout(is_empty());
        run.stderr(contains(format!("error: there is no exercise `{id}`\n")).and(contains(hint)));
    }
    // Nothing is checked where one id is wrong.
    book.run(&["ex01a", "ex99"]).code(2).stdout(is_empty());
    assert!(book.work().is_empty());
    let run = book.run(&["ex01a", "hint"]).code(2);
    run.stderr(contains("a command comes first: `cargo run -p checker -- hint"));
    let run = book.run(&["hint", "ex01"]).code(2);
    run.stderr(contains("`ex01` is a chapter").and(contains("one of: ex01a, ex01b")));
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let book = Book::new();
    for arguments in [
        &["--bogus"][..],
        &["hint"],
        &["reset"],
        &["list", "ex01a"],
        &["ex01a", "--python"],
        &["new", "ex01z"],
    ] {
        book.run(arguments).code(2).stdout(is_empty()).stderr(contains("--help"));
    }
    assert!(book.work().is_empty());
}

#[test]
fn help_names_every_command() {
    let book = Book::new();
    let text = printed(&book.run(&["--help"]).code(0).stderr(""));
    for command in ["setup", "doctor", "list", "hint", "reset", "completions", "new", "verify"] {
        assert!(text.contains(&format!("  {command} ")), "{command} is missing");
        book.run(&[command, "--help"]).code(0);
    }
    book.run(&["--version"]).code(0).stdout(starts_with("checker "));
}

#[test]
fn outside_of_any_clone_the_one_of_the_build_is_used() {
    let book = Book::new();
    let mut command = book.command(&["list"]);
    command.current_dir(book.beside("home"));
    book.run_command(command).code(0).stdout(starts_with("ex01 Registers\n"));
}
