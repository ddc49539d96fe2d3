//! The sandbox from outside: what happens where a layer is missing, where somebody is at the
//! checker's own notes, and after very many hostile jobs. What each layer stops is the business
//! of `checker sandbox-test`.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use checker::check::{self, Built, Task};
use checker::host::source::Source;
use checker::host::toolchain;
use checker::host::workbook::Workbook;
use checker::host::worker::Ended;
use checker::host::zygote::Zygote;
use checker::model::isolation::Isolation;
use checker::model::protocol::{Reply, Request};
use checker::model::session;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use predicates::prelude::*;
use predicates::str::{contains, starts_with};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use crate::bad_input::modules::that_runs;
use crate::support::{Book, SOLUTION, cpython, source};

/// A command on a kernel that does not know these system calls.
fn without(mut command: Command, calls: &[i64]) -> Command {
    let rules = calls.iter().map(|call| (*call, Vec::new())).collect();
    let unknown = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, unknown, TargetArch::x86_64);
    let filter: BpfProgram = filter.and_then(TryInto::try_into).expect("a filter");
    // SAFETY: the closure runs between fork and exec, and makes system calls only.
    unsafe {
        command.pre_exec(move || seccompiler::apply_filter(&filter).map_err(std::io::Error::other));
    }
    command
}

#[test]
fn strict_isolation_is_all_or_nothing() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    for (call, layer) in [
        (libc::SYS_landlock_create_ruleset, "layer Landlock"),
        (libc::SYS_seccomp, "layer seccomp"),
    ] {
        let command = book.command(&["ex01a", "--isolation", "strict"]);
        let run = book.run_command(without(command, &[call])).code(78);
        run.stdout("").stderr(starts_with("error: the sandbox's ").and(contains(layer)));
    }
}

#[test]
fn without_a_layer_own_files_are_checked_and_the_report_says_so() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let command = book.command(&["ex01a"]);
    let run = book.run_command(without(command, &[libc::SYS_landlock_create_ruleset])).code(0);
    let says = "Checked without a sandbox, because the sandbox's layer Landlock";
    run.stdout(contains("ex01a answer: passed").and(contains(says)));
}

#[test]
fn a_tool_that_is_a_script_cannot_be_confined() {
    let book = Book::new();
    book.write("work/ex01a.asm", SOLUTION);
    let nasm = checker::host::child::find_program("nasm").expect("nasm");
    book.script("nasm", &format!("exec {} \"$@\"", nasm.display()));
    book.run(&["ex01a"]).code(0).stdout(contains("nasm is a script"));
    let run = book.run(&["ex01a", "--isolation", "strict"]).code(78);
    run.stderr(contains("nasm is a script"));
}

/// Without the sandbox a module finds the page of the guard's notes, and puts another one in its
/// place.
#[test]
fn a_blinded_guard_is_a_finding() {
    let book = Book::new();
    // A guard that writes elsewhere is blind, and is told so by its control.
    let blind = "import ctypes, mmap\n\
        libc = ctypes.CDLL(None)\n\
        libc.mmap.restype = ctypes.c_void_p\n\
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]\n\
        for line in open('/proc/self/maps'):\n\
        \x20   if 'memfd:evidence' in line:\n\
        \x20       start, end = (int(part, 16) for part in line.split()[0].split('-'))\n\
        \x20       libc.mmap(start, end - start, 3, 0x32, -1, 0)\n";
    book.write("work/ex01a.asm", that_runs(blind, 42));
    let run = book.run(&["ex01a", "--isolation", "process"]).code(1);
    run.stdout(contains("C010").and(contains("is blind")));
}

/// A module called `hostile` with a function that ends or disturbs its process in the way that
/// its argument says.
fn hostile(zygote: &mut Zygote, folder: &std::path::Path) -> (Task, Built) {
    let book = Workbook::find(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).expect("ours");
    let task = Task {
        name: "hostile".to_owned(),
        module: "answer".to_owned(),
        statements: session::parse("import answer\n"),
        expected: Vec::new(),
        include: book.include(),
        api: None,
        patience: Duration::from_millis(100),
    };
    let text = source(
        "workbook_function harm, long, long\n    extern  abort\n",
        "    mov     eax, 42\n    ret\nharm:\n    cmp     rdi, 1\n    jl      .crash\n    \
         je      .exit\n    cmp     rdi, 3\n    jl      .fork\n    je      .loop\n    \
         sub     rsp, 8\n    call    abort wrt ..plt\n.crash:\n    xor     eax, eax\n    mov     rax, [rax]\n    ret\n\
         .exit:\n    mov     eax, 231\n    xor     edi, edi\n    syscall\n.fork:\n    \
         mov     eax, 57\n    syscall\n    ret\n.loop:\n    mov     eax, 34\n    syscall\n    \
         jmp     .loop\n",
    );
    let source = Source { shown: "hostile.asm".to_owned(), text };
    let built = check::build(&task, &source, folder, zygote).expect("the tools run");
    (task, built.expect("it can be built"))
}

#[test]
fn a_thousand_hostile_jobs_leave_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let layers = Isolation::Strict.layers();
    assert_eq!(toolchain::missing(layers), None, "this system has no sandbox to test");
    let mut zygote = Zygote::start(&cpython().0, &[], layers).expect("it starts");
    let (task, built) = hostile(&mut zygote, folder.path());
    let here = || {
        let children = fs::read_to_string("/proc/thread-self/children").expect("it can be read");
        let files = fs::read_dir(folder.path()).expect("ours").count();
        (children.split_whitespace().count(), files)
    };
    zygote.hello().expect("it says hello");
    let open = || fs::read_dir("/proc/self/fd").expect("it can be listed").count();
    let (before, open_before) = (here(), open());
    for job in 0..1000 {
        let mut guest = zygote.guest().expect("a guest can be made");
        let path = built.shared.to_string_lossy().into_owned();
        let import = Request::Import { path, module: task.module.clone() };
        let imported = guest.ask(&import, Duration::from_secs(10)).expect("it can be asked");
        assert!(matches!(imported, Ok(Reply::Imported)), "{imported:?}");
        // Waiting for a loop takes time, so not every round has one.
        let harm = if job % 50 == 3 { 3 } else { [0, 1, 2, 4][job % 4] };
        let source = format!("__import__('answer').harm({harm})");
        let end = guest.ask(&Request::Ask { source }, Duration::from_millis(100));
        let end = end.expect("it can be asked").expect_err("it does not answer");
        match harm {
            0 => assert!(matches!(end, Ended::Signal(11)), "{end:?}"),
            1 => assert!(matches!(end, Ended::Exited(0)), "{end:?}"),
            2 => assert!(matches!(end, Ended::Signal(31)), "{end:?}"),
            3 => assert!(matches!(end, Ended::TimedOut), "{end:?}"),
            _ => assert!(matches!(end, Ended::Signal(6)), "{end:?}"),
        }
    }
    assert_eq!(here(), before, "children, files");
    // Other tests run in this process at the same time.
    assert!(open().saturating_sub(open_before) < 100, "descriptors are left open");
}

#[test]
fn a_zygote_that_is_gone_is_replaced() {
    let mut zygote =
        Zygote::start(&cpython().0, &[], Isolation::Process.layers()).expect("it starts");
    drop(zygote.guest().expect("a guest can be made"));
    let pid = zygote.pid();
    kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL).expect("it is ours");
    drop(zygote.guest().expect("a guest can be made all the same"));
    assert_ne!(zygote.pid(), pid);
}
