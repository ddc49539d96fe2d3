//! The command line as a learner uses it: checks and their reports, the list, the hints.

mod authors;
mod debug;
mod options;
mod reset;
mod setup;
mod terminal;
mod trace;

use checker::host::{child, toolchain};
use insta::assert_snapshot;
use predicates::prelude::*;
use predicates::str::{contains, starts_with};

use crate::support::{Book, SOLUTION, answer, printed};

#[test]
fn the_first_check_makes_the_file() {
    let book = Book::new();
    let run = book.run(&["ex01a"]).code(1).stderr("");
    assert_snapshot!(printed(&run));
    let starter = book.read("exercises/ex01_first/a_answer/starter.asm");
    assert_eq!(book.read("work/ex01a.asm"), starter);
    // From now on it is the learner's, and the task is not told again.
    book.write("work/ex01a.asm", "; mine\n");
    book.run(&["ex01a"]).code(1).stdout(contains("made from the starter").not());
    assert_eq!(book.read("work/ex01a.asm"), "; mine\n");
}

#[test]
fn a_solved_exercise_passes() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let run = book.run(&["ex01a"]).code(0).stderr("");
    assert_snapshot!(printed(&run));
}

#[test]
fn a_wrong_value_is_shown_beside_the_right_one() {
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    mov     eax, 41\n    ret\n"));
    assert_snapshot!(printed(&book.run(&["ex01a"]).code(1)));
}

#[test]
fn a_misspelled_line_is_named() {
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    mvo     eax, 42\n    ret\n"));
    let run = book.run(&["ex01a"]).code(1).stdout(contains("S001").and(contains("mvo     eax")));
    let nasm = child::find_program("nasm").expect("nasm");
    // The report quotes nasm, and nasm 3 says it in other words.
    if toolchain::version_below(&nasm, (3, 0)).expect("nasm runs").is_some() {
        assert_snapshot!(printed(&run));
    }
}

#[test]
fn a_crash_has_a_line_and_a_rule() {
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    xor     eax, eax\n    mov     eax, [rax]\n    ret\n"));
    assert_snapshot!(printed(&book.run(&["ex01a"]).code(1)));
}

/// nasm makes the glue together with a file that is alone, and once for several.
#[test]
fn a_file_gets_the_same_report_alone_and_among_others() {
    let book = Book::new();
    book.write("work/ex01b.asm", SOLUTION);
    for body in [
        "    mov     eax, 41\n    ret\n",
        "    mov     ebx, 42\n    mov     eax, ebx\n    ret\n",
        "    mov     eax, 42\n",
        // The glue declares it, and says that none of its arguments is one.
        "    sub     rsp, 8\n    xor     edi, edi\n    call    PyLong_AsLong wrt ..plt\n    \
         add     rsp, 8\n    ret\n",
        "    jmp     workbook_guard\n",
    ] {
        book.write("work/ex01a.asm", answer(body));
        let alone = printed(&book.run(&["ex01a"]).code(1));
        let among = printed(&book.run(&["ex01a", "ex01b"]).code(1));
        assert!(among.starts_with(alone.trim_end()), "{alone}\n{among}");
    }
}

#[test]
fn a_lost_register_has_a_rule() {
    let book = Book::new();
    book.write("work/ex01a.asm", answer("    xor     ebx, ebx\n    mov     eax, 42\n    ret\n"));
    assert_snapshot!(printed(&book.run(&["ex01a"]).code(1)));
}

#[test]
fn lines_and_values_of_any_width_fit_the_page() {
    let book = Book::new();
    let session = "from answer import answer\n'w' * answer()\n'w ' * 200 * answer()\n";
    let expected = format!(
        ">>> from answer import answer\n>>> 'w' * answer()\n'{}'\n>>> 'w ' * 200 * answer()\n'{}'\n",
        "w".repeat(42),
        "w ".repeat(200 * 42)
    );
    book.exercise("ex01_first/a_answer", session, &expected);
    let comment = "and so on ".repeat(30);
    book.write("work/ex01a.asm", answer(&format!("    mov     eax, 39 ; {comment}\n    ret\n")));
    book.run(&["ex01a"]).code(1).stdout(contains("V001"));
    book.write("work/ex01a.asm", answer(&format!("    mov     eax, [ ; {comment}\n    ret\n")));
    book.run(&["ex01a"]).code(1).stdout(contains("and so on"));
}

#[test]
fn a_chapter_is_all_of_its_exercises() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    book.write("work/ex01b.asm", answer("    mov     eax, 41\n    ret\n"));
    let run = book.run(&["ex01"]).code(1);
    run.stdout(contains("ex01a answer: passed").and(contains("1 of 2 exercises pass")));
    book.write("work/ex01b.asm", SOLUTION);
    let run = book.run(&["ex01"]).code(0);
    assert_snapshot!(printed(&run));
}

#[test]
fn several_ids_are_checked_once_each_and_in_order() {
    let book = Book::new();
    for id in ["ex01a", "ex01b", "ex02a"] {
        book.write(&format!("work/{id}.asm"), SOLUTION);
    }
    let run = book.run(&["EX2A", "ex1a", "ex01a"]).code(0);
    let text = printed(&run);
    let reports = text.lines().filter(|line| line.starts_with("ex"));
    let ids: Vec<&str> = reports.filter_map(|line| line.get(..5)).collect();
    assert_eq!(ids, ["ex01a", "ex02a"]);
}

#[test]
fn without_an_id_it_says_what_comes_next() {
    let book = Book::new();
    book.run(&[]).code(0).stdout(starts_with("3 exercises wait for you.\n\nNext: ex01a "));
    for (id, says) in [
        ("ex01a", "1 of 3 exercises solved.\n\nNext: ex01b "),
        ("ex02a", "2 of 3 exercises solved.\n\nNext: ex01b "),
        ("ex01b", "3 of 3 exercises solved.\nThat is all of them."),
    ] {
        book.write(&format!("work/{id}.asm"), SOLUTION);
        book.run(&[id]).code(0).stdout(contains(says));
        book.run(&[]).code(0).stdout(starts_with(says));
    }
}

#[test]
fn the_list_marks_what_has_passed_once() {
    let book = Book::new();
    book.write("work/ex01b.asm", SOLUTION);
    book.run(&["ex01b"]).code(0);
    // A later failure takes nothing away.
    book.write("work/ex01b.asm", answer("    ret\n"));
    book.run(&["ex01b"]).code(1);
    assert_snapshot!(printed(&book.run(&["list"]).code(0)));
}

#[test]
fn hints_come_one_by_one() {
    let book = Book::new();
    let four: Vec<String> =
        (0..4).map(|_| printed(&book.run(&["hint", "ex01a"]).code(0).stderr(""))).collect();
    assert_snapshot!(four.join("----\n"));
    // Each exercise counts its own.
    let other = book.run(&["hint", "ex01b"]).code(0);
    assert_eq!(printed(&other), four[0]);
}

#[test]
fn from_a_folder_within_the_clone_the_clone_is_found() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let mut command = book.command(&["ex01a"]);
    command.current_dir(book.root.join("work"));
    book.run_command(command).code(0).stdout(starts_with("ex01a answer: passed"));
}

/// The whole way through a real chapter.
#[test]
fn a_chapter_of_the_workbook_from_starters_to_solved() {
    let book = Book::new();
    std::fs::remove_dir_all(book.root.join("exercises")).expect("they are the test's own");
    let real = concat!(env!("CARGO_MANIFEST_DIR"), "/../exercises");
    std::os::unix::fs::symlink(real, book.root.join("exercises")).expect("a link can be made");
    book.run(&["ex01"]).code(1).stdout(contains("0 of "));
    let starters: Vec<String> = book.work().into_keys().collect();
    assert!(starters.len() >= 2, "{starters:?}");
    let exercises = checker::host::workbook::Workbook::find(&book.root).expect("it can be read");
    for exercise in exercises.exercises().filter(|exercise| exercise.id.chapter == 1) {
        let solution = std::fs::read(exercise.solution()).expect("a solution can be read");
        book.write(&format!("work/{}.asm", exercise.id), solution);
    }
    book.run(&["ex01"]).code(0).stdout(contains("Next: ex02a"));
}

#[test]
fn a_finding_is_explained_by_its_page() {
    let book = Book::new();
    book.write("book/src/findings/A002.md", "# A002\n\nGive `rbx` back.\n");
    book.run(&["explain"]).code(0).stdout(contains("A002").and(contains("V001")));
    book.run(&["explain", "a002"]).code(0).stdout(contains("Give `rbx` back."));
    let run = book.run(&["explain", "A02"]).code(2).stdout("");
    run.stderr(contains("no finding has the code `A02`").and(contains("did you mean `A002`?")));
}
