//! What a system that lets nobody trace does to a check and to a trace.

use std::os::unix::process::CommandExt;
use std::process::Command;

use predicates::str::contains;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use crate::support::{Book, SOLUTION, answer, printed};

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

/// The command, with a filter that has ptrace fail for it and all that it starts.
fn without_ptrace(mut command: Command) -> Command {
    let rules = [(libc::SYS_ptrace, Vec::new())].into_iter().collect();
    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, TargetArch::x86_64);
    let program: BpfProgram = filter.expect("the rules fit").try_into().expect("they fit");
    // SAFETY: between fork and exec this makes two system calls and allocates nothing.
    unsafe {
        command
            .pre_exec(move || seccompiler::apply_filter(&program).map_err(std::io::Error::other));
    }
    command
}
