//! What authors use: a new exercise, and the author checks.

use predicates::str::contains;

use crate::support::{Book, answer};

#[test]
fn a_new_exercise_is_made_and_verified() {
    let book = Book::new();
    let run = book.run(&["new", "ex01c", "halves"]).code(0).stderr("");
    run.stdout(contains("exercises/ex01_first/c_halves is made"));
    book.run(&["list"]).code(0).stdout(contains("ex01c  halves"));
    // Its transcript comes from the tests; until then it is the one thing to mend.
    book.run_wide(&["verify", "ex01c"]).code(1).stdout(contains("expected.snap"));
    let folder = "exercises/ex01_first/c_halves";
    let expected = "---\nsource: a test\n---\n>>> from halves import answer\n>>> answer()\n42\n";
    book.write(&format!("{folder}/expected.snap"), expected);
    let trap = book.read(&format!("{folder}/traps/hexadecimal.asm"));
    book.write(&format!("{folder}/traps/another.asm"), &trap);
    book.write(&format!("{folder}/traps/a_third.asm"), &trap);
    book.run(&["verify", "ex01c"]).code(0).stdout("ex01c: as it should be\n");
    book.run(&["ex01c"]).code(1).stdout(contains("made from the starter"));
}

#[test]
fn a_new_exercise_takes_nobodys_place() {
    let book = Book::new();
    for (id, name, says) in [
        ("ex01a", "again", "there is an exercise ex01a already"),
        ("ex09a", "far", "there is no chapter 9 yet"),
        ("ex01", "whole", "`ex01` is no exercise's id"),
        ("ex01c", "Bad Name", "cannot name a folder and a module"),
        ("ex01c", "../../up", "cannot name a folder and a module"),
        ("ex01c", "", "cannot name a folder and a module"),
        ("ex01c", "1st", "cannot name a folder and a module"),
    ] {
        book.run(&["new", id, name]).code(2).stderr(contains(says));
    }
    book.run(&["list"]).code(0).stdout(predicates::str::contains("ex01b"));
}

#[test]
fn verify_says_what_is_to_be_mended() {
    let book = Book::new();
    book.run(&["verify", "ex01a"]).code(0).stdout("ex01a: as it should be\n");
    book.write(
        "exercises/ex01_first/a_answer/solution.asm",
        answer("    mov     eax, 41\n    ret\n"),
    );
    book.write(
        "exercises/ex01_first/a_answer/starter.asm",
        answer("    mov     eax, 42\n    ret\n"),
    );
    let run = book.run_wide(&["verify", "ex01"]).code(1);
    run.stdout(
        contains("ex01a: 2 to mend\n    solution.asm: on ")
            .and(contains("    starter.asm: on "))
            .and(contains("ex01b: as it should be\n")),
    );
}

use predicates::prelude::PredicateBooleanExt as _;
