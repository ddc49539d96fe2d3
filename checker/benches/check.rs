//! `cargo bench -p checker`: the checker against the pipeline that one would type by hand, in
//! turn in one run, so that a busy machine slows both.
//!
//! Prints medians and their ratio. Needs what a check needs, and `cc`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use checker::host::python;
use checker::host::workbook::Workbook;

/// How often each side runs.
const ROUNDS: usize = 40;

fn main() {
    let book = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a workbook");
    let python = python::resolve(None).expect("a python3");
    let checker = built_checker();
    let clone = tempfile::tempdir().expect("a temporary folder");
    lay_out(&book, clone.path());

    let check_one = || run(Command::new(&checker).arg("ex05c").current_dir(clone.path()));
    let by_hand = || hand_pipeline(&book, &python, clone.path());
    check_one();
    let (hand, one) = in_turn(by_hand, check_one);
    report("by hand: nasm, cc -shared, python3 -c", hand, None);
    report("checker ex05c", one, Some(hand));

    let ids = ["ex01", "ex02", "ex03", "ex04", "ex05"];
    let all = || run(Command::new(&checker).args(ids).current_dir(clone.path()));
    let floor = || tools_alone(&book, clone.path());
    all();
    let (floor, all) = in_turn(floor, all);
    let exercises = u32::try_from(book.exercises().count()).expect("few exercises");
    report("nasm and ld alone", floor, None);
    report("checker ex01 … ex05, per exercise", all / exercises, Some(floor));
}

/// A folder with the exercises and our solutions as the learner's files.
fn lay_out(book: &Workbook, clone: &Path) {
    std::os::unix::fs::symlink(book.root.join("exercises"), clone.join("exercises"))
        .expect("a link can be made");
    std::fs::create_dir(clone.join("work")).expect("a folder can be made");
    for exercise in book.exercises() {
        let file = clone.join(format!("work/{}.asm", exercise.id));
        std::fs::copy(exercise.solution(), file).expect("a solution can be copied");
    }
}

/// What a person without a checker types, and one assertion.
fn hand_pipeline(book: &Workbook, python: &Path, clone: &Path) {
    assemble(book, clone);
    run(Command::new("cc").args(["-shared", "-o", "multiply.so", "by_hand.o"]).current_dir(clone));
    run(Command::new(python)
        .args(["-c", "from multiply import multiply; assert multiply(2, 4) == 8"])
        .current_dir(clone)
        .env("PYTHONPATH", clone));
}

/// The floor of every check: the two tools, without an interpreter.
fn tools_alone(book: &Workbook, clone: &Path) {
    assemble(book, clone);
    let flags = ["-shared", "-z", "text", "-z", "noexecstack", "-z", "now"];
    run(Command::new("ld").args(flags).args(["-o", "alone.so", "by_hand.o"]).current_dir(clone));
}

fn assemble(book: &Workbook, clone: &Path) {
    let flags = ["-f", "elf64", "-g", "-F", "dwarf", "-o", "by_hand.o", "work/ex05c.asm"];
    let include = format!("-I{}/", book.include().display());
    run(Command::new("nasm").arg(include).args(flags).current_dir(clone));
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?} ended with {status}");
}

/// The medians of two pieces of work that take turns.
fn in_turn(one: impl Fn(), other: impl Fn()) -> (Duration, Duration) {
    let time = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let (mut ones, mut others): (Vec<_>, Vec<_>) =
        (0..ROUNDS).map(|_| (time(&one), time(&other))).unzip();
    ones.sort();
    others.sort();
    (ones[ROUNDS / 2], others[ROUNDS / 2])
}

fn report(what: &str, median: Duration, against: Option<Duration>) {
    let milliseconds = median.as_secs_f64() * 1e3;
    let ratio = against.map(|other| median.as_secs_f64() / other.as_secs_f64());
    let ratio = ratio.map_or(String::new(), |ratio| format!("   {ratio:.2}x"));
    println!("{what:40} {milliseconds:8.1} ms{ratio}");
}

/// The binary of the profile that `cargo run` uses: that is what learners wait for.
fn built_checker() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_checker")).parent().and_then(Path::parent);
    let debug = target.map(|target| target.join("debug/checker"));
    debug.filter(|path| path.is_file()).expect("build it first: cargo build -p checker")
}
