//! `cargo bench -p checker --bench trace`: how many steps the tracer records in a second.
//!
//! Tracer and tracee share one CPU, so on a busy machine the figure by the clock is too low; the
//! other one counts only the time that the two had the CPU.

use std::path::Path;
use std::time::{Duration, Instant};

use checker::check::{self, Task};
use checker::host::python;
use checker::host::source::Source;
use checker::host::toolchain;
use checker::host::tracer::{self, Bounds, Glue, Subject};
use checker::host::workbook::Workbook;
use checker::host::zygote::Zygote;
use checker::model::protocol::Request;
use checker::model::session;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// How many steps a round has.
const STEPS: u64 = 100_000;

/// How often each loop runs; the best round counts.
const ROUNDS: usize = 5;

/// Loops that never end: what a body does each time.
const LOOPS: [(&str, &str); 3] = [
    ("registers only", "    add     rax, rcx\n    inc     rcx\n    cmp     rcx, rax\n"),
    (
        "memory, stack and local calls",
        "    add     [counter], rcx\n    push    rcx\n    call    .leaf\n    pop     rcx\n",
    ),
    (
        "a call of the C API every fifth step",
        "    sub     rsp, 8\n    call    PyErr_Clear wrt ..plt\n    add     rsp, 8\n    nop\n",
    ),
];

fn main() {
    let book = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a workbook");
    let python = python::resolve(None).expect("a python3");
    for (what, body) in LOOPS {
        let rounds = (0..ROUNDS).map(|_| round(&book, &python, body));
        let (clock, cpu) =
            rounds.fold((0.0_f64, 0.0_f64), |best, one| (best.0.max(one.0), best.1.max(one.1)));
        println!("{what:40} {clock:8.0} steps/s by the clock {cpu:8.0} by CPU time");
    }
}

/// Steps per second, by the clock and by CPU time.
fn round(book: &Workbook, python: &Path, body: &str) -> (f64, f64) {
    let text = format!(
        "%include \"workbook.inc\"\n    default rel\nworkbook_module endless\n\
         workbook_function f, long\n    extern  PyErr_Clear\n    section .data\n\
         counter: dq 0\n    section .text\nf:\n{body}    jmp     f\n.leaf:\n    ret\n    \
         section .note.GNU-stack noalloc noexec nowrite progbits\n"
    );
    let task = Task {
        name: "endless".to_owned(),
        module: "endless".to_owned(),
        statements: session::parse("from endless import f\n"),
        expected: Vec::new(),
        api: None,
        patience: Duration::from_secs(20),
        include: book.include(),
    };
    let mut zygote =
        Zygote::start(python, &[], toolchain::strictest().layers()).expect("the CPython starts");
    let version = zygote.hello().expect("it says hello").version.clone();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = Source { shown: "endless.asm".to_owned(), text };
    let built = check::build(&task, &source, folder.path(), &mut zygote)
        .expect("the tools work")
        .expect("it assembles and links");
    let mut guest = zygote.guest().expect("a guest");
    let import = Request::Import {
        path: built.shared.to_string_lossy().into_owned(),
        module: task.module.clone(),
    };
    let ask = |source: &str| Request::Ask { source: source.to_owned() };
    for request in [import, ask("from endless import f")] {
        guest.ask(&request, task.patience).expect("it is asked").expect("it answers");
    }
    let subject = Subject {
        shared: &built.shared,
        facts: &built.facts,
        file: "endless.asm",
        python: &version,
        glue: Glue::Passed,
    };
    let bounds = Bounds { first: 2000, last: 2000, steps: STEPS, wall: Duration::from_secs(120) };
    let (start, used) = (Instant::now(), cpu_time());
    let (recording, _) =
        tracer::record(&mut guest, &ask("f()"), &subject, bounds).expect("tracing is allowed");
    // The guest is gone by now, so that its time is known.
    let (clock, cpu) = (start.elapsed(), cpu_time() - used);
    let steps = recording.count as f64;
    (steps / clock.as_secs_f64(), steps / cpu.as_secs_f64())
}

/// What this process and its children that ended have used.
fn cpu_time() -> Duration {
    let used = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].map(|who| {
        let usage = getrusage(who).expect("it can be asked");
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds()
    });
    Duration::from_micros(used.iter().sum::<i64>().unsigned_abs())
}
