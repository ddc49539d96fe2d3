//! Ctrl-C and its relatives, in the middle of a check.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Output, Stdio};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::support::{Book, SOLUTION, answer, wait_until};

/// Who gets the signal.
#[derive(Clone, Copy, Debug)]
enum To {
    /// The checker alone.
    Checker,
    /// The checker and all that it started, as a terminal does it.
    Group,
}

/// A workbook in which the next statement may take a minute, and goes on for ever.
fn endless() -> Book {
    let book = Book::new();
    for exercise in ["ex01_first/a_answer", "ex01_first/b_again"] {
        let manifest = format!("exercises/{exercise}/exercise.toml");
        let text = book.read(&manifest);
        book.write(&manifest, format!("{text}\n[limits]\nseconds = 60\n"));
    }
    book.write("work/ex01a.asm", answer("    jmp     answer\n"));
    book
}

/// Starts the checker in a process group of its own.
fn start(book: &Book, arguments: &[&str]) -> Child {
    let mut command = book.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    command.spawn().expect("the checker starts")
}

fn send(child: &Child, to: To, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    match to {
        To::Checker => kill(pid, signal),
        To::Group => killpg(pid, signal),
    }
    .expect("it can be sent");
}

/// How many processes of this program are at work.
fn running(book: &Book, program: &str) -> usize {
    let name = |id| std::fs::read_to_string(format!("/proc/{id}/comm"));
    let names = book.processes().into_iter().map(name);
    names.into_iter().flatten().filter(|name| name.starts_with(program)).count()
}

/// The zygote and its guest are at work.
fn wait_for_the_guest(book: &Book) {
    wait_until("the guest to begin", || running(book, "python") == 2);
}

fn ended(child: Child) -> Output {
    child.wait_with_output().expect("the checker ends")
}

#[test]
fn an_interrupted_check_leaves_nothing_behind() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        for to in [To::Checker, To::Group] {
            let book = endless();
            let before = book.work();
            let run = start(&book, &["ex01a"]);
            wait_for_the_guest(&book);
            assert_eq!(book.temporary().len(), 1, "it works in one folder");
            send(&run, to, signal);
            let output = ended(run);
            assert_eq!(output.status.code(), Some(130), "{signal} to {to:?}: {output:?}");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(said, "interrupted; nothing was left behind\n", "{signal} to {to:?}");
            book.assert_clean();
            assert_eq!(book.work(), before);
        }
    }
}

#[test]
fn an_interrupted_nasm_leaves_nothing_behind() {
    let book = endless();
    let bomb = "%rep 100000\n%rep 100000\n%assign i 1\n%endrep\n%endrep\n";
    book.write("work/ex01a.asm", answer(bomb));
    let run = start(&book, &["ex01a"]);
    wait_until("nasm to begin", || running(&book, "nasm") == 1);
    send(&run, To::Checker, Signal::SIGINT);
    assert_eq!(ended(run).status.code(), Some(130));
    book.assert_clean();
}

/// Nobody can clean up after SIGKILL; the processes go all the same.
#[test]
fn a_killed_checker_leaves_no_process() {
    let book = endless();
    let run = start(&book, &["ex01a"]);
    wait_for_the_guest(&book);
    send(&run, To::Checker, Signal::SIGKILL);
    assert_eq!(ended(run).status.signal(), Some(9));
    wait_until("every process to end", || book.processes().is_empty());
}

#[test]
fn what_passed_before_an_interruption_counts() {
    let book = endless();
    book.write("work/ex01b.asm", book.read("work/ex01a.asm"));
    book.write("work/ex01a.asm", SOLUTION);
    let run = start(&book, &["ex01"]);
    let guest_of_the_second = || {
        let progress = std::fs::read_to_string(book.root.join("work/.progress.toml"));
        progress.is_ok_and(|text| text.contains("ex01a")) && running(&book, "python") == 2
    };
    wait_until("the second exercise to begin", guest_of_the_second);
    send(&run, To::Group, Signal::SIGINT);
    let output = ended(run);
    assert_eq!(output.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&output.stdout).contains("ex01a answer: passed"));
    let list = book.run(&["list"]).code(0);
    assert!(crate::support::printed(&list).contains("passed"));
}

#[test]
fn an_endless_loop_is_stopped_and_named() {
    let book = Book::new();
    let manifest = "exercises/ex01_first/a_answer/exercise.toml";
    let text = book.read(manifest);
    book.write(manifest, format!("{text}\n[limits]\nseconds = 0.2\n"));
    book.write("work/ex01a.asm", answer("    jmp     answer\n"));
    let run = book.run(&["ex01a"]).code(1);
    run.stdout(
        predicates::str::contains("work/ex01a.asm:10   jmp     answer\n")
            .and(predicates::str::contains("C008")),
    );
}

use predicates::prelude::PredicateBooleanExt as _;
