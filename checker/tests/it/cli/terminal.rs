//! The checker at a terminal: colors, and questions that somebody answers.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::process::Command;

use crate::support::{Book, SOLUTION, answer};

const ESCAPE: &str = "\u{1b}[";

/// Runs a command at a terminal of its own, where somebody types the answer. Gives the exit
/// status and what the terminal showed.
fn at_a_terminal(mut command: Command, types: &str) -> (i32, String) {
    let (mut screen, terminal) = open_terminal();
    let again = || terminal.try_clone().expect("a descriptor can be copied");
    command.stdin(again()).stdout(again()).stderr(again());
    let mut child = command.spawn().expect("the checker starts");
    drop((command, terminal));
    screen.write_all(types.as_bytes()).expect("a terminal takes what is typed");
    let mut shown = Vec::new();
    // Its end is an error, EIO, when the last process has closed it.
    let _ = screen.read_to_end(&mut shown);
    let status = child.wait().expect("the checker ends").code().expect("no signal ended it");
    (status, String::from_utf8_lossy(&shown).replace("\r\n", "\n"))
}

/// The two ends of a new terminal.
fn open_terminal() -> (File, OwnedFd) {
    let (mut screen, mut terminal) = (0, 0);
    let none = std::ptr::null_mut();
    // SAFETY: openpty writes two descriptors, and takes NULL for all the rest.
    let opened = unsafe {
        libc::openpty(&mut screen, &mut terminal, none, none.cast::<libc::termios>(), none.cast())
    };
    assert_eq!(opened, 0, "a terminal can be opened");
    // SAFETY: both were made for us a moment ago. termios is plain data, which tcgetattr fills.
    unsafe {
        // What is typed is not shown: it would come between the lines of the checker's.
        let mut modes: libc::termios = std::mem::zeroed();
        assert_eq!(libc::tcgetattr(terminal, &mut modes), 0);
        modes.c_lflag &= !libc::ECHO;
        assert_eq!(libc::tcsetattr(terminal, libc::TCSANOW, &modes), 0);
        (File::from_raw_fd(screen), OwnedFd::from_raw_fd(terminal))
    }
}

#[test]
fn colors_are_for_terminals_that_want_them() {
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    mov     eax, 41\n    ret\n"));
    let shown = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = book.command(arguments);
        command.env("TERM", "xterm").envs(variable);
        let (status, text) = at_a_terminal(command, "");
        assert_eq!(status, 1, "{text}");
        assert!(text.contains("[41, 82]"), "{text}");
        text.contains(ESCAPE)
    };
    assert!(shown(&["ex01a"], None));
    assert!(shown(&["ex01a"], Some(("NO_COLOR", ""))), "empty is as good as not set");
    assert!(!shown(&["ex01a"], Some(("NO_COLOR", "1"))));
    assert!(!shown(&["ex01a"], Some(("TERM", "dumb"))));
    assert!(!shown(&["ex01a", "--color", "never"], None));
    assert!(!shown(&["ex01a", "--plain"], None));
    assert!(
        shown(&["ex01a", "--color", "always"], Some(("NO_COLOR", "1"))),
        "the nearer word wins"
    );
}

#[test]
fn a_reset_is_asked_about() {
    let book = Book::new();
    for (types, status) in [("n\n", 1), ("\n", 1), ("whatever\n", 1), ("\u{4}", 1)] {
        book.write("work/ex01a.asm", SOLUTION);
        let (ended, shown) = at_a_terminal(book.command(&["reset", "ex01a"]), types);
        assert_eq!(ended, status, "{shown}");
        assert!(shown.contains("[y/N]") && shown.contains("Nothing was changed."), "{shown}");
        assert_eq!(book.read("work/ex01a.asm"), SOLUTION);
        assert_eq!(book.work().len(), 1);
    }
    let (ended, shown) = at_a_terminal(book.command(&["reset", "ex01a"]), "y\n");
    assert_eq!(ended, 0, "{shown}");
    assert_eq!(book.read("work/ex01a.asm.bak"), SOLUTION);
    // `--plain` asks nobody.
    let (ended, shown) = at_a_terminal(book.command(&["reset", "ex01a", "--plain"]), "y\n");
    assert_eq!(ended, 2, "{shown}");
}

#[test]
fn an_installation_is_asked_about() {
    let book = Book::new();
    let nasm = book.beside("tools").join("nasm");
    let real = std::fs::read_link(&nasm).expect("the tool is a link");
    book.without_tool("nasm");
    book.script("brew", &format!("/bin/ln -s {real:?} {nasm:?}"));
    book.write("work/ex01a.asm", SOLUTION);
    let (ended, shown) = at_a_terminal(book.command(&["ex01a"]), "n\n");
    assert_eq!(ended, 3, "{shown}");
    assert!(shown.contains("    brew install nasm\nRun that now? [y/N]"), "{shown}");
    assert!(!nasm.exists());
    let (ended, shown) = at_a_terminal(book.command(&["ex01a"]), "y\n");
    assert_eq!(ended, 0, "{shown}");
}
