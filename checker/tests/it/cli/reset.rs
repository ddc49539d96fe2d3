//! Starting again, with nothing lost.

use predicates::str::{contains, is_empty};

use crate::support::{Book, SOLUTION};

const STARTER: &str = "exercises/ex01_first/a_answer/starter.asm";

#[test]
fn a_reset_keeps_the_file_under_another_name() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let says = "Your file is now work/ex01a.asm.bak.\nwork/ex01a.asm is the starter again.\n";
    book.run(&["reset", "ex01a", "--yes"]).code(0).stdout(says).stderr("");
    assert_eq!(book.read("work/ex01a.asm"), book.read(STARTER));
    assert_eq!(book.read("work/ex01a.asm.bak"), SOLUTION);
    // And again: no backup takes an older one's place.
    book.write("work/ex01a.asm", "; the second try\n");
    book.run(&["reset", "ex01a", "--yes"]).code(0).stdout(contains("work/ex01a.asm.bak2"));
    assert_eq!(book.read("work/ex01a.asm.bak"), SOLUTION);
    assert_eq!(book.read("work/ex01a.asm.bak2"), "; the second try\n");
}

#[test]
fn without_a_terminal_nothing_is_reset_unasked() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let run = book.run(&["reset", "ex01a"]).code(2).stdout(is_empty());
    run.stderr(contains("nobody is here to be asked"));
    assert_eq!(book.read("work/ex01a.asm"), SOLUTION);
    assert_eq!(book.work().len(), 1);
}

#[test]
fn a_file_that_is_not_there_needs_no_question() {
    let book = Book::new();
    book.run(&["reset", "ex01a"]).code(0).stdout("work/ex01a.asm is the starter again.\n");
    assert_eq!(book.read("work/ex01a.asm"), book.read(STARTER));
}

#[test]
fn links_and_folders_are_moved_and_not_followed() {
    let book = Book::new();
    let target = book.write("elsewhere/precious.asm", SOLUTION);
    let file = book.root.join("work/ex01a.asm");
    std::fs::create_dir(book.root.join("work")).expect("a folder can be made");
    std::os::unix::fs::symlink(&target, &file).expect("a link can be made");
    book.run(&["reset", "ex01a", "--yes"]).code(0);
    assert_eq!(book.read("elsewhere/precious.asm"), SOLUTION);
    assert_eq!(book.read("work/ex01a.asm"), book.read(STARTER));
    assert_eq!(std::fs::read_link(book.root.join("work/ex01a.asm.bak")).ok(), Some(target));

    book.write("work/ex01b.asm/notes.txt", "precious\n");
    book.run(&["reset", "ex01b", "--yes"]).code(0);
    assert_eq!(book.read("work/ex01b.asm.bak/notes.txt"), "precious\n");
}

#[test]
fn one_exercise_is_reset_at_a_time() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    book.run(&["reset", "ex01", "--yes"]).code(2).stderr(contains("one of: ex01a, ex01b"));
    book.run(&["reset", "ex99a", "--yes"]).code(2);
    assert_eq!(book.read("work/ex01a.asm"), SOLUTION);
}
