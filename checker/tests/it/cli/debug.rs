//! `debug` with each debugger that is installed.

use checker::host::child;
use seccompiler::{SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};

use crate::support::{Book, SOLUTION, printed, refusing};

/// With and without a container's refusal to fix the layout of a process.
#[test]
fn a_debugger_stops_at_the_first_line() {
    let installed = |name| Some((name, child::find_program(name)?));
    let debuggers: Vec<_> = ["gdb", "lldb"].into_iter().filter_map(installed).collect();
    assert!(!debuggers.is_empty(), "`setup --dev` installs gdb");
    for (name, program) in debuggers {
        let book = Book::new();
        book.tool(name, &program);
        book.write("work/ex01a.asm", SOLUTION);
        // ADDR_NO_RANDOMIZE (Linux, include/uapi/linux/personality.h)
        let fixes = SeccompCondition::new(
            0,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::MaskedEq(0x4_0000),
            0x4_0000,
        );
        let rule = SeccompRule::new(vec![fixes.expect("an argument")]).expect("a condition");
        let command = || book.command(&["debug", "ex01a"]);
        for command in [command(), refusing(command(), libc::SYS_personality, vec![rule])] {
            let text = printed(&book.run_command(command).code(0));
            for words in [
                &format!("{name} stops at work/ex01a.asm:"),
                ">>> answer()",
                "mov     eax, 42",
                "rsp",
            ] {
                assert!(text.contains(words), "no {words:?} in: {text}");
            }
        }
    }
}
