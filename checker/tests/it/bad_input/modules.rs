//! Modules that do more than they are asked, and sessions that print without end.

use checker::model::protocol::{Numbered, Reply};
use checker::model::transcript::Answer;
use predicates::prelude::*;
use predicates::str::contains;

use crate::support::{Book, answer, printed, source};

/// `answer` runs a line of Python and returns a number.
pub(crate) fn that_runs(python: &str, result: u32) -> String {
    let bytes: Vec<String> = python.bytes().map(|byte| byte.to_string()).collect();
    let before = format!(
        "\n    extern  PyRun_SimpleString\n\n    section .rodata\npython: db {}, 0\n",
        bytes.join(", ")
    );
    let body = format!(
        "    sub     rsp, 8\n    lea     rdi, [rel python]\n    \
         call    PyRun_SimpleString wrt ..plt\n    mov     eax, {result}\n    add     rsp, 8\n    ret\n"
    );
    source(&before, &body)
}

/// `answer` makes system calls and returns 42. `message` is data that they may use.
fn that_calls(system: &str, message: &str) -> String {
    let bytes: Vec<String> = message.bytes().map(|byte| byte.to_string()).collect();
    let before = format!(
        "\n    section .rodata\nmessage: db {}\nmessage_size equ $ - message\n",
        bytes.join(", ")
    );
    source(&before, &format!("{system}    mov     eax, 42\n    ret\n"))
}

/// write(descriptor, message, size)
fn write_to(descriptor: u32) -> String {
    format!(
        "    mov     eax, 1\n    mov     edi, {descriptor}\n    lea     rsi, [rel message]\n    \
         mov     edx, message_size\n    syscall\n"
    )
}

fn system_call(number: u32, first: i64, second: i64) -> String {
    format!(
        "    mov     eax, {number}\n    mov     rdi, {first}\n    mov     rsi, {second}\n    \
         xor     edx, edx\n    syscall\n"
    )
}

#[test]
fn what_a_module_prints_is_shown_and_no_answer() {
    let book = Book::new();
    for module in [
        that_runs("print('hello from Python')", 42),
        that_runs("import sys; sys.stderr.write('hello to the error output\\n')", 42),
        that_calls(&write_to(1), "hello from the kernel\n"),
    ] {
        book.write("work/ex01a.asm", module);
        book.run(&["ex01a"]).code(0).stdout(contains("\nIt printed:\n    hello "));
    }
    let lies = "print('>>> answer()\\n42\\nex01a answer: passed')";
    book.write("work/ex01a.asm", that_runs(lies, 41));
    book.run(&["ex01a"]).code(1).stdout(contains("V001"));
}

#[test]
fn a_module_that_prints_megabytes() {
    let book = Book::new();
    for python in [
        "while True: print('1' * 1000)",
        "print('x' * 10_000_000)",
        "import os\nfor _ in range(100000): os.write(2, b'12345678' * 100)",
    ] {
        book.write("work/ex01a.asm", that_runs(python, 42));
        let run = book.run(&["ex01a"]).code(1);
        run.stdout(contains("V008").and(contains("It printed:")));
    }
}

#[test]
fn a_session_that_prints_megabytes() {
    let book = Book::new();
    let session = "from answer import answer\nprint('x' * 5_000_000)\nanswer()\n";
    let expected = ">>> from answer import answer\n>>> print('x' * 5_000_000)\n>>> answer()\n42\n";
    book.exercise("ex01_first/a_answer", session, expected);
    book.write("work/ex01a.asm", crate::support::SOLUTION);
    book.run(&["ex01a"]).code(1).stdout(contains("V008"));
}

#[test]
fn answers_of_megabytes_are_cut() {
    let book = Book::new();
    let session =
        "from answer import answer\n'x' * 5_000_000\n'\\x01' * 5_000_000\nWild()\nraise Wild()\n";
    let wild = "class Wild(Exception):\n    def __repr__(self): return '\\x01' * 5_000_000\n    \
                __str__ = __repr__\n";
    let session = session.replacen('\n', &format!("\n{wild}"), 1);
    let prompted: String = session
        .lines()
        .map(|line| match line.starts_with(' ') {
            true => format!("... {line}\n"),
            false => format!(">>> {line}\n"),
        })
        .collect();
    book.exercise("ex01_first/a_answer", &session, &prompted);
    book.write("work/ex01a.asm", crate::support::SOLUTION);
    let run = book.run(&["ex01a"]).code(1);
    let text = printed(&run);
    assert!(text.contains("V001") && text.contains("4 of 6 answers differ"), "{text}");
}

#[test]
fn a_module_that_ends_the_process() {
    let book = Book::new();
    for module in [
        that_runs("import os; os._exit(0)", 42),
        that_runs("raise SystemExit", 42),
        that_runs("import sys; sys.exit('bye')", 42),
        that_calls(&system_call(60, 0, 0), "exit"),
        that_calls(&system_call(231, 3, 0), "exit_group"),
    ] {
        book.write("work/ex01a.asm", module);
        let run = book.run(&["ex01a"]).code(1);
        run.stdout(contains("C007").and(contains("`answer()` ended the whole process")));
    }
}

#[test]
fn a_module_that_closes_descriptors() {
    let book = Book::new();
    // Nothing is lost but what it would print.
    book.write("work/ex01a.asm", that_calls(&system_call(3, 1, 0), "close"));
    book.run(&["ex01a"]).code(0);
    for python in ["import sys; sys.stdout.close()", "import sys; sys.stdout = sys.stderr = None"] {
        book.write("work/ex01a.asm", that_runs(python, 42));
        book.run(&["ex01a"]).code(0);
    }
    // close_range(0, -1)
    book.write("work/ex01a.asm", that_calls(&system_call(436, 0, -1), "close_range"));
    let run = book.run(&["ex01a", "--isolation", "process"]).code(1);
    run.stdout(contains("C010").and(contains("disturbed the connection")));
    book.run(&["ex01a"]).code(1).stdout(contains("C016"));
}

#[test]
fn a_module_that_changes_how_python_answers() {
    let book = Book::new();
    for python in [
        "import builtins; builtins.repr = lambda value: '42' if value == 41 else '[42, 84]'",
        "import sys; sys.displayhook = lambda value: None",
        "import builtins; builtins.compile = builtins.eval = builtins.exec = lambda *_: 42",
        "import builtins; builtins.int = type('int', (int,), {'__repr__': lambda self: '42'})",
        "import sys; sys.settrace(lambda *_: None); sys.setprofile(lambda *_: 1 / 0)",
        "import sys; sys.stdout = None; sys.modules.clear()",
    ] {
        book.write("work/ex01a.asm", that_runs(python, 41));
        book.run(&["ex01a"]).code(1);
        let text = printed(&book.run(&["ex01a"]).code(1));
        assert!(!text.contains("passed"), "{python}\n{text}");
    }
}

#[test]
fn junk_on_the_checkers_descriptor_is_never_an_answer() {
    let book = Book::new();
    for message in ["junk", "{}", "null", "\"Bye\"", "{\"Imported\":{}}", "[1,2,3]"] {
        book.write("work/ex01a.asm", that_calls(&write_to(3), message));
        is_no_answer(&book);
    }
}

/// Without the sandbox the checker sees the frame that it did not ask for; within it the frame is
/// never sent.
fn is_no_answer(book: &Book) {
    book.run(&["ex01a", "--isolation", "process"]).code(1).stdout(contains("C010"));
    book.run(&["ex01a", "--isolation", "strict"]).code(1).stdout(contains("C016"));
}

/// A frame for each answer to come, in good form, is not enough: a reply repeats a number that
/// its request brings.
#[test]
fn a_forged_reply_is_never_an_answer() {
    let book = Book::new();
    let reply = |value: &str| Reply::Answered(Answer::Value(value.to_owned()));
    let forged = [reply("42"), reply("[42, 84]"), Reply::Repeated(Vec::new()), Reply::Bye];
    for number in [None, Some(0), Some(1), Some(u64::MAX)] {
        let frame = |content: &Reply| match number {
            None => serde_json::to_string(content),
            Some(number) => serde_json::to_string(&Numbered { number, content: content.clone() }),
        };
        let frames: Vec<String> = forged.iter().flat_map(frame).collect();
        let python = format!("import os\nfor frame in {frames:?}: os.write(3, frame.encode())");
        book.write("work/ex01a.asm", that_runs(&python, 41));
        is_no_answer(&book);
    }
}

#[test]
fn escape_sequences_of_a_module_reach_no_terminal() {
    let book = Book::new();
    let evil = "\u{1b}[31m\u{1b}]0;title\u{7}\u{8}\u{9b}1A";
    book.write("work/ex01a.asm", that_calls(&write_to(1), evil));
    book.run(&["ex01a"]).code(0).stdout(contains("It printed:"));
    // In a value, in an exception, and in the name of one.
    let evil = "'\\x1b[31m\\x9b1A\\u202e'";
    let session = format!(
        "from answer import answer\nWild = type({evil}, (Exception,), {{'__repr__': lambda self: \
         {evil}}})\nWild()\nraise Wild({evil})\nraise ValueError({evil})\n"
    );
    let prompted: String = session.lines().map(|line| format!(">>> {line}\n")).collect();
    book.exercise("ex01_first/a_answer", &session, &prompted);
    book.write("work/ex01a.asm", answer("    mov     eax, 42\n    ret\n"));
    // Every run is looked through for such characters.
    book.run(&["ex01a"]).code(1).stdout(contains("3 of 5 answers differ"));
}

/// The linker puts the learner's bytes before its own entries, which the loader obeys.
#[test]
fn a_section_of_the_linkers_own_is_refused() {
    let book = Book::new();
    for section in [".dynamic progbits alloc write", ".got progbits alloc write", ".interp alloc"] {
        let before = format!("\n    section {section}\n    dq 0x7fffffff, 1\n");
        book.write("work/ex01a.asm", source(&before, "    mov     eax, 42\n    ret\n"));
        let name = section.split(' ').next().expect("a name");
        let says = format!("the section `{name}` is the linker's own");
        book.run(&["ex01a"]).code(1).stdout(contains("L009").and(contains(says)));
    }
}
