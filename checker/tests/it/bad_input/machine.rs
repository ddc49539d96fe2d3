//! A machine that lacks something, or has it too old or of another kind.

use std::fs;

use predicates::prelude::*;
use predicates::str::{contains, is_empty, starts_with};

use crate::support::{Book, SOLUTION, cpython};

/// A package manager's command as the checker shows it to this user.
fn for_this_user(command: &str) -> String {
    // SAFETY: geteuid reads a number and cannot fail.
    let root = unsafe { libc::geteuid() } == 0;
    match (command.split_once(' '), root) {
        (Some(("brew", _)), _) | (_, true) => command.to_owned(),
        _ => format!("sudo {}", command.replace("&& ", "&& sudo ")),
    }
}

#[test]
fn what_is_missing_is_named_with_the_command_that_installs_it() {
    for (tool, called, package) in [
        ("nasm", "nasm", "nasm"),
        ("ld", "ld (GNU binutils)", "binutils"),
        ("python3", "a CPython 3.9 or newer", "python3"),
    ] {
        let book = Book::new();
        book.write("work/ex01a.asm", SOLUTION);
        book.without_tool(tool);
        let lacks = format!("error: this machine lacks {called}\n");
        let run = book.run(&["ex01a"]).code(3).stdout("");
        run.stderr(format!("{lacks}hint: install it, and put it on the PATH\n"));
        for (manager, command) in [
            ("brew", format!("brew install {}", package.replace("python3", "python"))),
            (
                "pacman",
                format!("pacman -Sy --needed --noconfirm {}", package.replace("python3", "python")),
            ),
            ("dnf", format!("dnf install --assumeyes {package}")),
            ("apt-get", format!("apt-get update && apt-get install --yes {package}")),
        ] {
            // It would betray that it was run.
            book.script(manager, "echo ran");
            let says = format!("{lacks}hint: `{}`\n", for_this_user(&command));
            for arguments in [&["ex01a"][..], &["ex01"], &["setup", "ex01a"], &["verify", "ex01a"]]
            {
                book.run(arguments).code(3).stdout("").stderr(says.clone());
            }
        }
        // What needs no tools goes on without them.
        book.run(&["list"]).code(0);
        book.run(&["hint", "ex01a"]).code(0);
    }
}

#[test]
fn several_missing_tools_are_one_command() {
    let book = Book::new();
    for tool in ["nasm", "ld", "python3"] {
        book.without_tool(tool);
    }
    book.script("dnf", "exit 99");
    let command = for_this_user("dnf install --assumeyes nasm binutils python3");
    book.run(&["ex01a"]).code(3).stderr(format!(
        "error: this machine lacks nasm, ld (GNU binutils) and a CPython 3.9 or newer\nhint: \
         `{command}`\n"
    ));
    let mut command = book.command(&["ex01a"]);
    command.env_remove("PATH");
    book.run_command(command).code(3).stderr(contains("this machine lacks nasm, ld"));
}

/// Debian 10 and Ubuntu 20.04 have nasm 2.14, which does not know the macros of `workbook.inc`.
#[test]
fn a_nasm_that_is_too_old_is_the_machines_fault() {
    let book = Book::new();
    book.script(
        "nasm",
        "[ \"$1\" = -v ] && { echo 'NASM version 2.14.02 compiled on Dec 26 2018'; exit 0; }\n\
         echo 'workbook.inc:99: error: parser: instruction expected'; exit 1",
    );
    book.write("work/ex01a.asm", SOLUTION);
    let says = "error: nasm 2.14.02 is too old; the exercises need 2.15 or newer\nhint: ";
    book.run(&["ex01a"]).code(3).stdout("").stderr(starts_with(says));
    book.run(&["setup", "ex01a"]).code(3).stderr(starts_with(says));
    book.run(&["setup", "--dev"]).code(3).stderr(starts_with(says));
    let run = book.run_wide(&["doctor"]).code(3);
    run.stdout(contains("nasm 2.14.02: too old").and(contains("is ready").not()));
}

#[test]
fn a_python_that_is_too_old_is_named() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let pretends = book.script("pretends", "echo \"$0|3.8.18|cpython|x86_64|64|0|1\"");
    let mut old = vec![pretends];
    old.extend(checker::host::python::all().into_iter().filter(|path| {
        let probe = checker::host::python::probe(path);
        probe.is_ok_and(|probe| probe.version.starts_with("3.") && probe.unfit().is_some())
    }));
    for python in old {
        let says = "cannot be used: too old: the exercises need 3.9 or newer\nhint: ";
        book.tool("python3", &python);
        book.run(&["ex01a"]).code(3).stdout("").stderr(contains(says));
        // A set-up takes it for missing.
        let lacks = "this machine lacks a CPython 3.9 or newer";
        book.run(&["setup", "ex01a"]).code(3).stderr(contains(lacks));
        let run = book.run_wide(&["doctor"]).code(3);
        run.stdout(contains("too old: the exercises need 3.9 or newer"));
        book.tool("python3", &cpython().0);
        let path = python.to_str().expect("the path is text");
        book.run(&["ex01a", "--python", path]).code(3).stdout("").stderr(contains(says));
        book.run(&["ex01a"]).code(0);
    }
}

#[test]
fn a_python_of_another_kind_is_named() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    for (answers, why) in [
        ("3.10.14|pypy|x86_64|64|0|0", "it is pypy, and the exercises are modules for CPython"),
        (
            "3.12.3|cpython|aarch64|64|0|0",
            "a 64-bit Python for aarch64; the exercises are for x86-64",
        ),
        (
            "3.12.3|cpython|x86_64|32|0|0",
            "a 32-bit Python for x86_64; the exercises are for x86-64",
        ),
        ("3.13.0|cpython|x86_64|64|1|0", "a free-threaded build, which lays out modules"),
    ] {
        let python = book.script("python3", &format!("echo \"$0|{answers}\""));
        let says = format!("error: {} cannot be used: {why}", python.display());
        book.run(&["ex01a"]).code(3).stdout("").stderr(starts_with(says));
        book.run_wide(&["doctor"]).code(3).stdout(contains(why));
    }
}

#[test]
fn a_python_that_does_not_start_is_named() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    for body in ["echo it is broken >&2; exit 1", "exit 0", "kill -9 $$", "echo nonsense"] {
        let python = book.script("python3", body);
        let run = book.run(&["ex01a"]).code(3).stdout("");
        let says = if body.contains("broken") { "it is broken" } else { "it says nothing" };
        run.stderr(contains(python.to_str().expect("text")).and(contains(says)));
    }
    // Neither a program nor a script.
    let nonsense = book.script("python3", "");
    fs::write(&nonsense, "\x7fELF nonsense").expect("it is ours");
    book.run(&["ex01a"]).code(3).stderr(contains("tools/python3 cannot be used: "));
}

#[test]
fn a_temporary_folder_is_needed() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let mut command = book.command(&["ex01a"]);
    command.env("TMPDIR", book.root.join("work/ex01a.asm"));
    let run = book.run_command(command).code(3).stdout(is_empty());
    run.stderr(contains("no temporary folder can be made; does TMPDIR name one?"));
}

#[test]
fn a_home_is_not_needed() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let mut command = book.command(&["ex01a"]);
    command.env_remove("HOME");
    book.run_command(command).code(0);
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let book = Book::new();
    for arguments in [&["list"][..], &["ex99"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        let mut command = book.command(arguments);
        command.stdout(writer.try_clone().expect("it can be copied")).stderr(writer);
        let status = command.status().expect("the checker starts").code();
        assert!(matches!(status, Some(0 | 2)), "{arguments:?} ends with {status:?}");
    }
}
