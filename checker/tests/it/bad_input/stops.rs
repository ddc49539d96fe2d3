//! Ctrl-C and its relatives, in the middle of a check.

use std::fs::File;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, SystemTime};

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

/// The processes of this program, the oldest first, and how long each has worked, in ticks of
/// a hundredth of a second.
fn running(book: &Book, program: &str) -> Vec<u64> {
    let mut found = Vec::new();
    for id in book.processes() {
        let Ok(status) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
        // proc_pid_stat(5): 2 is the name in parentheses, 14 and 15 are utime and stime, and 22
        // is the time of the start.
        let (name, rest) = status.rsplit_once(") ").expect("a name in parentheses");
        let fields: Vec<&str> = rest.split(' ').collect();
        let number = |field: usize| fields[field - 3].parse::<u64>().expect("it is a number");
        if name.split_once('(').is_some_and(|(_, name)| name.starts_with(program)) {
            found.push((number(22), id, number(14) + number(15)));
        }
    }
    found.sort();
    found.into_iter().map(|(.., ticks)| ticks).collect()
}

/// The guest is in its endless loop: it has worked for longer than an import takes.
fn wait_for_the_guest(book: &Book) {
    let works = || matches!(running(book, "python")[..], [_, guest] if guest >= 5);
    wait_until("the guest to begin", works);
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
    wait_until("nasm to begin", || !running(&book, "nasm").is_empty());
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
    wait_for_the_guest(&book);
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

/// Nobody can catch SIGKILL: the next checker removes what a killed one has left.
#[test]
fn what_a_killed_checker_leaves_is_swept() {
    let book = endless();
    let mut child = start(&book, &["ex01a"]);
    wait_until("the guest to work", || !running(&book, "python").is_empty());
    wait_until("the folder to be there", || !book.temporary().is_empty());
    // A checker that lives keeps its folder, however old that is.
    age(&book);
    book.write("work/ex01b.asm", SOLUTION);
    let mut other = book.command(&["ex01b"]);
    assert!(other.stdout(Stdio::null()).status().expect("it runs").success());
    assert_eq!(book.temporary().len(), 1);
    send(&child, To::Checker, Signal::SIGKILL);
    child.wait().expect("it is ours");
    wait_until("its processes to end", || book.processes().is_empty());
    age(&book);
    book.run(&["ex01b"]).code(0);
}

/// Makes the folders in TMPDIR an hour old.
fn age(book: &Book) {
    for folder in book.temporary() {
        let then = SystemTime::now() - Duration::from_secs(3600);
        let file = File::open(folder).expect("it is ours");
        file.set_modified(then).expect("it is ours");
    }
}
