//! What may lie in the place of a learner's file.

use std::ffi::CString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;

use predicates::prelude::*;
use predicates::str::{contains, starts_with};

use crate::support::{Book, SOLUTION, answer, source};

const REFUSED: &str = "ex01a answer: the file cannot be checked\n\n    ";

/// Asserts that a check of ex01a, and one by `--file`, refuse the file with these words.
#[track_caller]
fn assert_refused(book: &Book, says: &str) {
    for arguments in [&["ex01a"][..], &["ex01a", "--file", "work/ex01a.asm"]] {
        let run = book.run(arguments).code(1).stderr("");
        run.stdout(starts_with(format!("{REFUSED}work/ex01a.asm {says}")));
    }
}

#[test]
fn an_empty_file() {
    let book = Book::new();
    for text in ["", "\n", " \r\n\t\n", "\u{feff}"] {
        book.write("work/ex01a.asm", text);
        assert_refused(&book, "is empty\n");
    }
}

#[test]
fn a_file_that_is_not_utf8() {
    let book = Book::new();
    let utf16: Vec<u8> = "\u{feff}; hello".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, at) in
        [(&b"; caf\xe9\n"[..], 5), (b"; \0\n", 2), (&utf16, 3), (b"\x7fELF\x02\x01\x01\0", 7)]
    {
        book.write("work/ex01a.asm", bytes);
        assert_refused(&book, &format!("is not text in UTF-8 (see its byte {at});"));
    }
}

#[test]
fn line_ends_of_other_systems_and_a_byte_order_mark_change_nothing() {
    let book = Book::new();
    for text in [
        SOLUTION.replace('\n', "\r\n"),
        SOLUTION.replace('\n', "\r"),
        format!("\u{feff}{SOLUTION}"),
        SOLUTION.trim_end().to_owned(),
        SOLUTION.replacen('\n', "\r\n", 3),
        format!("; größer, 大きい, \u{1f600}\n{SOLUTION}"),
    ] {
        book.write("work/ex01a.asm", &text);
        book.run(&["ex01a"]).code(0).stdout(starts_with("ex01a answer: passed"));
    }
    // The line that is named is the editor's.
    let line = 1 + answer("").lines().position(|line| line == "answer:").expect("it is there") + 1;
    let text = answer("    mvo     eax, 42\n    ret\n").replace('\n', "\r\n");
    book.write("work/ex01a.asm", text);
    let run = book.run(&["ex01a"]).code(1);
    run.stdout(contains(format!("work/ex01a.asm:{line}:5   mvo     eax, 42\n")));
}

#[test]
fn a_file_of_100_megabytes() {
    let book = Book::new();
    let path = book.write("work/ex01a.asm", "");
    let file = File::options().write(true).open(&path).expect("the file is ours");
    // With a hole in it, so that the disk does not fill.
    file.set_len(100 << 20).expect("a file can be long");
    let start = std::time::Instant::now();
    let run = book.command(&["ex01a"]);
    let run = assert_cmd::Command::from_std(run).assert().code(1);
    run.stdout(starts_with(format!("{REFUSED}work/ex01a.asm has 104857600 bytes;")));
    assert!(start.elapsed().as_secs() < 10, "it was read");
    assert_eq!(file.metadata().expect("it is there").len(), 100 << 20);
}

#[test]
fn a_long_file_that_is_still_a_source() {
    let book = Book::new();
    let comments = "; as long as this\n".repeat(50_000);
    book.write("work/ex01a.asm", format!("{SOLUTION}{comments}"));
    book.run(&["ex01a"]).code(0);
    let line = "nop\n".repeat(20) + &"x".repeat(500_000);
    book.write("work/ex01a.asm", answer(&line));
    book.run(&["ex01a"]).code(1);
}

#[test]
fn a_folder_in_the_place_of_the_file() {
    let book = Book::new();
    book.write("work/ex01a.asm/notes.txt", "precious\n");
    assert_refused(&book, "is no ordinary file but a folder\n");
    assert_eq!(book.read("work/ex01a.asm/notes.txt"), "precious\n");
}

#[test]
fn links_to_nowhere_and_in_circles() {
    let book = Book::new();
    fs::create_dir(book.root.join("work")).expect("a folder can be made");
    let file = book.root.join("work/ex01a.asm");
    for (target, says) in [
        ("nowhere.asm", "is a link to a file that is not there\n"),
        ("ex01a.asm", "cannot be read: Too many levels of symbolic links"),
    ] {
        symlink(target, &file).expect("a link can be made");
        assert_refused(&book, says);
        // It was not followed to make a file from the starter.
        assert_eq!(fs::read_link(&file).expect("it is a link"), Path::new(target));
        assert!(!book.root.join("work/nowhere.asm").exists());
        fs::remove_file(&file).expect("it is ours");
    }
    let elsewhere = book.write("elsewhere/mine.asm", SOLUTION);
    symlink(&elsewhere, &file).expect("a link can be made");
    book.run(&["ex01a"]).code(0);
    assert_eq!(book.read("elsewhere/mine.asm"), SOLUTION);
}

#[test]
fn a_named_pipe_is_not_waited_for() {
    let book = Book::new();
    fs::create_dir(book.root.join("work")).expect("a folder can be made");
    let file = book.root.join("work/ex01a.asm");
    let path = CString::new(file.as_os_str().as_bytes()).expect("a path has no zero");
    // SAFETY: the path ends in zero.
    assert_eq!(unsafe { libc::mkfifo(path.as_ptr(), 0o644) }, 0, "a pipe can be made");
    assert_refused(&book, "is no ordinary file but a device or a pipe\n");
    assert!(fs::symlink_metadata(&file).expect("it is there").file_type().is_fifo());
}

#[test]
fn files_that_only_the_command_line_can_name() {
    let book = Book::new();
    for (file, says) in [
        ("/dev/zero", "/dev/zero is no ordinary file but a device or a pipe\n"),
        ("no/such.asm", "there is no file no/such.asm\n"),
        ("", "for '--file"),
    ] {
        let (status, start) = if file.is_empty() { (2, "") } else { (1, REFUSED) };
        let run = book.run(&["ex01a", &format!("--file={file}")]).code(status);
        let text = crate::support::said(&run);
        assert!(text.starts_with(start) && text.contains(says), "{text}");
    }
    assert!(book.work().is_empty(), "`--file` makes no file in work/");
}

#[test]
fn escape_sequences_in_a_source_reach_no_terminal() {
    let book = Book::new();
    const EVIL: &str = "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{8}\u{0b}";
    for (before, body) in [
        (String::new(), format!("    mov     eax, {EVIL}\n    ret\n")),
        (String::new(), format!("{EVIL}:\n    mov     eax, [\n    ret\n")),
        (format!("%error {EVIL}"), "    ret\n".to_owned()),
        (format!("%warning {EVIL}"), "    ret\n".to_owned()),
        (format!("%include \"{EVIL}\""), "    ret\n".to_owned()),
        (String::new(), format!("    ud2 ; {EVIL}\n")),
        (String::new(), "    call    über\u{202e}x wrt ..plt\n    ret\n".to_owned()),
    ] {
        book.write("work/ex01a.asm", source(&before, &body));
        // Every run is looked through for such characters.
        book.run(&["ex01a"]).code(1);
    }
    let name = format!("work/{EVIL}.asm");
    book.write(&name, answer("    mvo     eax, 1\n"));
    book.run(&["ex01a", "--file", &name]).code(1).stdout(contains("mvo"));
    book.run(&["ex01a", "--file", &format!("{name}2")]).code(1);
    book.run(&[&format!("ex{EVIL}")]).code(2);
    book.run(&["ex01a", "--python", &format!("/{EVIL}")]).code(2);
}

#[test]
fn a_source_that_would_fill_the_disk_is_stopped() {
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    times 40_000_000 nop\n    ret\n"));
    book.run(&["ex01a"]).code(1).stdout(contains("S003"));
}

#[test]
fn a_source_reads_no_other_files_into_the_report() {
    let book = Book::new();
    let secret = book.write("secret.txt", "the password is swordfish\n");
    book.write("work/ex01a.asm", source(&format!("%include {secret:?}"), "    ret\n"));
    book.run(&["ex01a"]).code(1).stdout(contains("swordfish").not());
}
