//! What a system that lets nobody trace does to a check and to a trace.

use std::process::Command;

use predicates::str::contains;

use crate::support::{Book, SOLUTION, answer, printed, refusing};

/// A container without the right to trace, as Docker's is on older kernels.
#[test]
fn where_ptrace_is_refused_the_check_says_what_it_did_not_look_for() {
    let book = Book::new();
    // Two ways out, so that only a trace can tell which was taken.
    let lost = answer(
        "    test    rsp, rsp
    jz      .other
    xor     ebx, ebx
    mov     eax, 42
    ret
.other:
    mov     eax, 42
    ret
",
    );
    book.write("work/ex01a.asm", lost);
    let with = book.run(&["ex01a"]).code(1);
    assert!(printed(&with).contains("work/ex01a.asm:14   ret"), "{}", printed(&with));
    let without = book.run_command(without_ptrace(book.command(&["ex01a"]))).code(1);
    let text = printed(&without).replace('\n', " ");
    for words in [
        "returned with rbx = 0x0",
        "Its line was not looked for",
        "does not let the checker trace",
        "cap-add=SYS_PTRACE",
    ] {
        assert!(text.contains(words), "no {words:?} in: {text}");
    }
    // What passes without a trace is not touched by that.
    book.write("work/ex01a.asm", SOLUTION);
    book.run_command(without_ptrace(book.command(&["ex01a"]))).code(0).stderr("");
    let trace = book.run_command(without_ptrace(book.command(&["trace", "ex01a", "answer()"])));
    trace.code(3).stderr(contains("without the trace: Python's answer is 42"));
}

/// The command, with ptrace failing for it and all that it starts.
fn without_ptrace(command: Command) -> Command {
    refusing(command, libc::SYS_ptrace, Vec::new())
}
