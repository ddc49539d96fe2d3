//! `setup` and `doctor`: a machine that is ready, and one that is made ready.

use predicates::prelude::*;
use predicates::str::{contains, starts_with};

use crate::support::{Book, SOLUTION, answer, cpython, said};

#[test]
fn on_a_ready_machine_setup_ends_well_whatever_the_learners_files_are() {
    let book = Book::new();
    let run = book.run(&["setup", "ex01a"]).code(0);
    run.stdout(
        contains("ex01a answer: passed")
            .and(contains("The machine is ready"))
            .and(contains("Your file: work/ex01a.asm, made from the starter"))
            .and(contains("cargo run -p checker ex01a")),
    );
    book.write("work/ex01a.asm", answer("    jmp\n"));
    book.write("work/ex01b.asm", SOLUTION);
    let run = book.run(&["setup", "ex01"]).code(0);
    run.stdout(contains("S001").and(contains("ex01b answer: passed")));
    book.run(&["setup"]).code(0).stdout(contains("cargo run -p checker ex01a"));
    book.run(&["setup", "ex99"]).code(2);
}

#[test]
fn setup_blames_the_machine_where_our_own_solution_fails() {
    let book = Book::new();
    book.write("exercises/ex01_first/a_answer/solution.asm", answer("    ud2\n"));
    let run = book.run(&["setup", "ex01a"]).code(3);
    run.stderr(contains("our solution of ex01a does not pass on this machine"));
}

#[test]
fn setup_installs_what_is_missing_when_told_to() {
    let book = Book::new();
    let nasm = book.beside("tools").join("nasm");
    let real = std::fs::read_link(&nasm).expect("the tool is a link");
    book.without_tool("nasm");
    // A package manager that can do one thing.
    let install = format!("case \"$1\" in install) /bin/ln -s {real:?} {nasm:?};; esac");
    book.script("apt-get", &format!("echo \"apt-get $*\"\n{install}"));
    book.script("sudo", "exec \"$@\"");
    // Nobody is asked, and so nobody agrees.
    book.run(&["setup", "ex01a"]).code(3).stderr(contains("this machine lacks nasm"));
    assert!(!nasm.exists());
    let run = book.run(&["setup", "ex01a", "--yes"]).code(0);
    run.stdout(contains("apt-get update\napt-get install --yes nasm\n").and(contains("ready")));
}

#[test]
fn an_installation_that_fails_is_an_error() {
    let book = Book::new();
    book.without_tool("ld");
    book.script("sudo", "exec \"$@\"");
    book.script("dnf", "echo no network >&2; exit 7");
    let run = book.run(&["setup", "--yes"]).code(3);
    run.stderr(
        contains("no network")
            .and(contains("`dnf install --assumeyes binutils` ended with"))
            .or(contains("`sudo dnf install --assumeyes binutils` ended with")),
    );
    book.script("dnf", "exit 0");
    book.run(&["setup", "--yes"]).code(3).stderr(contains("is still not to be found"));
}

#[test]
fn setup_finds_a_python_that_fits_behind_one_that_does_not() {
    let book = Book::new();
    book.script("python3", "echo \"$0|3.8.18|cpython|x86_64|64|0|1\"");
    book.tool("python3.12", &cpython().0);
    let named = format!("--python {}/python3.12\n", book.beside("tools").display());
    let run = book.run_wide(&["setup", "ex01a"]).code(0);
    run.stdout(contains(format!("so this uses {named}")).and(contains(format!("ex01a {named}"))));
    // Which is not to say that a check without `--python` can be made.
    let run = book.run_wide(&["doctor"]).code(3).stdout(contains("ready, "));
    run.stderr(contains("the python3 on the PATH does not fit; name another one by `--python`"));
    book.run(&["ex01a"]).code(3);
    // And one that a version manager's script starts.
    book.without_tool("python3.12");
    book.script("python3", &format!("exec {:?} \"$@\"", cpython().0));
    book.run(&["setup", "ex01a"]).code(0).stdout(contains("does not fit").not());
    book.run_wide(&["doctor"]).code(0).stdout(contains("used unless you say"));
}

#[test]
fn doctor_names_every_tool_and_every_cpython() {
    let book = Book::new();
    let run = book.run_wide(&["doctor"]).code(0).stderr("");
    let text = said(&run);
    let tools = book.beside("tools");
    let python = format!(
        "  {}: ready, {}/python3, used unless you say `--python`\n",
        cpython().1,
        tools.display()
    );
    for line in [python.as_str(), "  nasm ", "  ld 2.", "\nThis machine is ready.\n"] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    assert!(starts_with("Tools\n").eval(&text));
}

#[test]
fn doctor_says_what_to_install() {
    let book = Book::new();
    book.without_tool("nasm");
    book.without_tool("ld");
    book.script("pacman", "exit 99");
    let run = book.run_wide(&["doctor"]).code(3);
    let command = "pacman -Sy --needed --noconfirm nasm binutils\n";
    run.stdout(contains("nasm: missing").and(contains("ld: missing")).and(contains(command)))
        .stderr(contains("this machine is not ready"));
}
