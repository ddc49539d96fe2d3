//! Where the clone lies, what may be written there, and who else is at work in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use checker::host::progress::{self, Progress};
use predicates::prelude::*;
use predicates::str::{contains, starts_with};

use crate::support::{Book, SOLUTION, answer};

#[test]
fn a_clone_in_a_folder_of_any_name() {
    for name in ["with spaces", "it's \"quoted\"", "größer 大きい", "$HOME;`id` %s", "-f", "a\nb"]
    {
        let book = Book::named(name);
        book.run(&["ex01a"]).code(1).stdout(contains("made from the starter"));
        book.write("work/ex01b.asm", answer("    mvo     eax, 42\n"));
        book.run(&["ex01b"])
            .code(1)
            .stdout(contains("    work/ex01b.asm:10:5   mvo     eax, 42\n"));
        book.write("work/ex02a.asm", SOLUTION);
        // The temporary folder too, because that is where nasm, ld and Python are at work.
        let mut command = book.command(&["ex02a"]);
        let temporary = book.root.join("tmp");
        fs::create_dir(&temporary).expect("a folder can be made");
        command.env("TMPDIR", &temporary);
        book.run_command(command).code(0).stdout(starts_with("ex02a answer: passed"));
        assert_eq!(fs::read_dir(&temporary).expect("it is there").count(), 0);
    }
}

#[test]
fn files_in_the_place_of_folders() {
    let book = Book::new();
    fs::write(book.root.join("work"), "precious\n").expect("a file can be written");
    let run = book.run(&["ex01a"]).code(3).stdout("");
    run.stderr(contains("work/ex01a.asm cannot be made: ").and(contains("`--file`")));
    book.run(&["setup", "ex01a"]).code(3);
    book.run(&["reset", "ex01a", "--yes"]).code(3).stderr(contains("nothing was lost"));
    book.run(&["list"]).code(0);
    book.run(&["hint", "ex01a"]).code(0);
    assert_eq!(book.read("work"), "precious\n");
    // A solution that lies elsewhere is checked all the same.
    book.write("mine.asm", SOLUTION);
    book.run(&["ex01a", "--file", "mine.asm"]).code(0);
    book.run(&["ex01a", "--file", "work"]).code(1).stdout(contains("work:1:1   precious"));
}

#[test]
fn a_checkout_that_cannot_be_written() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    book.write("work/ex01b.asm", answer("    mov     eax, 41\n    ret\n"));
    let read_only = |folder: &str, mode| {
        let path = book.root.join(folder);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    read_only("work", 0o555);
    read_only("", 0o555);
    if let Some(run) = run_without_privileges(&book, &["ex01a"]) {
        let kept = "Your progress could not be kept: work/ cannot be written.\n";
        run.code(0).stdout(contains("passed").and(contains(kept)));
        // Where there is no progress, nothing is said of it.
        let run = run_without_privileges(&book, &["ex01b"]).expect("it was possible above");
        run.code(1).stdout(contains("V001").and(contains(kept).not()));
        let run = run_without_privileges(&book, &["ex02a"]).expect("it was possible above");
        run.code(3).stderr(contains("work/ex02a.asm cannot be made: Permission denied"));
        let run = run_without_privileges(&book, &["reset", "ex01a", "--yes"]);
        run.expect("it was possible above").code(3).stderr(contains("nothing was lost"));
        let run = run_without_privileges(&book, &["hint", "ex01a"]);
        let run = run.expect("it was possible above").code(0);
        run.stdout(contains("1. Which register?").and(contains("could not be kept")));
    }
    read_only("", 0o755);
    read_only("work", 0o755);
    assert_eq!(book.work().len(), 2);
}

/// A run that file permissions count for, also where the tests are run by root; nothing where
/// root may not lay down its privileges.
fn run_without_privileges(book: &Book, arguments: &[&str]) -> Option<assert_cmd::assert::Assert> {
    let mut command = book.command(arguments);
    let mut trial = Command::new("/bin/sh");
    trial.args(["-c", "exit 0"]);
    for command in [&mut command, &mut trial] {
        // SAFETY: the closure runs between fork and exec; prctl is a system call.
        unsafe { command.pre_exec(drop_privileges) };
    }
    if trial.status().is_err() {
        eprintln!("SKIPPED: this root may not lay down its privileges, so nothing is unwritable");
        return None;
    }
    Some(book.run_command(command))
}

/// Root's program starts without the right to pass over file permissions.
fn drop_privileges() -> std::io::Result<()> {
    // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER of <linux/capability.h>.
    for capability in [1, 2, 3] {
        // SAFETY: two system calls with numbers alone.
        let failed = unsafe {
            libc::geteuid() == 0 && libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) != 0
        };
        if failed {
            return Err(std::io::Error::last_os_error());
        }
    }
    Ok(())
}

#[test]
fn damaged_progress_is_kept_and_begun_anew() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    for damaged in [&b"passed = [\"ex01b\""[..], b"\xff\xfe\0\0", b"passed = 3\n"] {
        book.write("work/.progress.toml", damaged);
        book.run(&["list"]).code(0);
        book.run(&["hint", "ex01a"]).code(0);
        book.run(&["ex01a"]).code(0).stdout(contains("1 of 3 exercises solved."));
        let files = fs::read_dir(book.root.join("work")).expect("it can be listed");
        let contents = files.map(|file| fs::read(file.expect("it can be listed").path()));
        let kept = contents.into_iter().filter_map(Result::ok).any(|bytes| bytes == damaged);
        assert!(kept, "lost: {}", String::from_utf8_lossy(damaged));
    }
    fs::remove_file(book.root.join("work/.progress.toml")).expect("it is there");
    book.write("work/.progress.toml/precious", "");
    book.run(&["ex01a"]).code(0).stdout(contains("Your progress could not be kept"));
    assert!(book.root.join("work/.progress.toml/precious").is_file());
}

#[test]
fn several_checkers_at_once() {
    let book = Book::new();
    let together = |ids: &[&str]| -> Vec<Option<i32>> {
        let mut started = Vec::new();
        for id in ids {
            let mut command = book.command(&[id]);
            command.stdout(std::process::Stdio::null());
            started.push(command.spawn().expect("the checker starts"));
        }
        started.into_iter().map(|mut run| run.wait().expect("it ends").code()).collect()
    };
    // The first check: one of them makes the file, and all grade it.
    assert_eq!(together(&["ex01a"; 4]), [Some(1); 4]);
    let starter = Path::new("exercises/ex01_first/a_answer/starter.asm");
    assert_eq!(book.read("work/ex01a.asm"), book.read(&starter.display().to_string()));
    assert_eq!(book.work().len(), 1, "a draft was left behind");

    let ids = ["ex01a", "ex01b", "ex02a"];
    for _ in 0..5 {
        let _ = fs::remove_file(book.root.join("work/.progress.toml"));
        for id in ids {
            book.write(&format!("work/{id}.asm"), SOLUTION);
        }
        assert_eq!(together(&ids), [Some(0); 3]);
        let progress = book.read("work/.progress.toml");
        assert!(ids.iter().all(|id| progress.contains(id)), "lost: {progress}");
    }
    book.assert_clean();
}

/// Many more than a learner would start, so that a lost update shows every time.
#[test]
fn progress_kept_at_once_by_many() {
    let work = tempfile::tempdir().expect("a temporary folder can be made");
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let work = work.path();
            scope.spawn(move || {
                for number in 0..25 {
                    let add = |progress: &mut Progress| {
                        progress.passed.insert(format!("{writer}-{number}"));
                    };
                    progress::update(work, add).expect("the folder can be written");
                }
            });
        }
    });
    assert_eq!(progress::load(work.path()).passed.len(), 8 * 25);
    let files = fs::read_dir(work.path()).expect("it can be listed");
    assert_eq!(files.count(), 1, "a draft was left behind");
}

#[test]
fn exercises_that_are_not_as_they_should_be() {
    for (file, text, says) in [
        ("exercise.toml", "title = 3", "exercise.toml: TOML parse error"),
        ("session.py", "# nothing\n", "session.py: it asks nothing"),
        ("expected.snap", "---\nsource: a test\n---\n>>> 1\n1\n", "its statements are not those"),
        ("task.md", "\u{fffd}", "task.md: stream did not contain valid UTF-8"),
    ] {
        let book = Book::new();
        let path = format!("exercises/ex01_first/a_answer/{file}");
        let bytes = if file == "task.md" { vec![0xff] } else { text.as_bytes().to_vec() };
        book.write(&path, bytes);
        book.run(&["ex01a"]).code(3).stderr(contains(says));
    }
}
