//! Files of assembly on their whole way: nasm, what the checker reads before ld, ld, what it
//! reads after it, and a guest in the strict sandbox. Whatever the file, there is a verdict.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use checker::check::{self, Built, Task};
use checker::host::source::{self, Source};
use checker::host::toolchain;
use checker::host::workbook::Workbook;
use checker::host::zygote::Zygote;
use checker::model::isolation::Isolation;
use checker::model::verdict::Verdict;
use fastrand::Rng;

use super::mutate::{mutated, relined};
use super::readers::assert_sound_as;
use super::{rounds, seed, time_of_cpu};
use crate::support::cpython;

/// How many files are made for each round of a reader, as one in so many.
const ROUNDS_PER_FILE: u64 = 10;

/// Lines that ask nasm, ld or the loader for something unusual.
const UNUSUAL: &str = "
    section .init_array
    section .dynamic progbits alloc write
    section .got progbits alloc write
    section .debug_info progbits
    section .debug_line progbits
    section .interp progbits alloc
    section .text exec write
    section other exec
    section .text: exec
%line 1+1 /etc/passwd
%line 4294967295+1 ex01a.asm
    global _init
    extern nowhere
    call    nowhere
    call    nowhere wrt ..plt
    mov     rax, [nowhere]
    mov     rax, [rel nowhere wrt ..got]
    dq      nowhere
    dq      $ wrt ..gotoff
    incbin  \"/etc/passwd\"
    resb    1 << 40
    times 300000 nop
    align   65536
    jmp     $
    ud2
    int3
    hlt
    syscall
    int     0x80
    std
    mov     rsp, 16
    xor     ebx, ebx
    call    rax
    jmp     [rsp + 8]
    rep stosq
    ret
";

/// An exercise's task and files of it: the solution, the starter and the traps.
struct Subject {
    task: Task,
    texts: Vec<String>,
}

fn subjects() -> Vec<Subject> {
    let book = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workbook is here");
    let read = |path: &PathBuf| fs::read_to_string(path).expect("it can be read");
    let subject = |exercise| {
        let mut task = Task::of(exercise, &book).expect("the task can be read");
        task.patience = Duration::from_millis(500);
        let traps = exercise.traps().expect("the traps can be read");
        let mut paths: Vec<PathBuf> = traps.into_iter().map(|trap| trap.path).collect();
        paths.extend([exercise.solution(), exercise.starter()]);
        Subject { task, texts: paths.iter().map(read).collect() }
    };
    book.exercises().map(subject).collect()
}

/// The verdict on a file that cannot be imported, or the module. Nothing of it has run.
fn judged_without_running(
    task: &Task,
    source: &Source,
    folder: &Path,
    zygote: &mut Zygote,
) -> Result<Built, Verdict> {
    let before = time_of_cpu();
    let built = check::build(task, source, folder, zygote);
    // The checker's own share; nasm and ld have limits of their own.
    assert!(time_of_cpu() - before < super::PATIENCE, "{:?}", time_of_cpu() - before);
    built.unwrap_or_else(|error| panic!("no verdict: {error:#}\n{}", source.text))
}

/// The verdict on whatever machine code is in the module. Only for a zygote whose guests are in
/// the strict sandbox.
fn judged_by_running(task: &Task, source: &Source, built: &Built, zygote: &mut Zygote) -> Verdict {
    check::run(task, built, source, zygote)
        .unwrap_or_else(|error| panic!("no verdict: {error:#}\n{}", source.text))
}

/// A zygote as strict as this machine has it, and whether strange code may run in its guests.
fn zygote() -> (Zygote, bool) {
    let isolation = toolchain::strictest();
    let zygote = Zygote::start(&cpython().0, &[], isolation.layers()).expect("CPython starts");
    (zygote, isolation == Isolation::Strict)
}

/// Takes a file all the way, as far as it goes.
fn judge(subject: &Subject, bytes: Vec<u8>, zygote: &mut Zygote, may_run: bool) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let Ok(source) = source::from_bytes(bytes, format!("work/{}.asm", subject.task.name)) else {
        return;
    };
    match judged_without_running(&subject.task, &source, folder.path(), zygote) {
        Err(verdict) => assert_sound_as(&subject.task.name, &verdict, &source),
        Ok(built) if may_run => {
            let verdict = judged_by_running(&subject.task, &source, &built, zygote);
            assert_sound_as(&subject.task.name, &verdict, &source);
        }
        Ok(_) => {}
    }
}

#[test]
fn any_file_gets_a_verdict() {
    let seed = seed();
    println!("CHECKER_FUZZ_SEED={seed}");
    let subjects = subjects();
    let mut others: Vec<String> = subjects.iter().flat_map(|one| one.texts.clone()).collect();
    // Half of the lines that come in are unusual ones.
    others.extend(vec![UNUSUAL.to_owned(); others.len()]);
    let (mut zygote, may_run) = zygote();
    for round in 0..rounds() / ROUNDS_PER_FILE {
        let mut random = Rng::with_seed(seed.wrapping_add(round));
        let subject = random.choice(&subjects).expect("there are exercises");
        let text = random.choice(&subject.texts).expect("each has a solution");
        let bytes = match random.u8(..8) {
            0 => std::iter::repeat_with(|| random.u8(1..0x80)).take(200).collect(),
            1 | 2 => mutated(&[text.clone().into_bytes()], 1 << 20, &mut random),
            _ => relined(text, &others, &mut random).into_bytes(),
        };
        println!("round {round}: {}", subject.task.name);
        judge(subject, bytes, &mut zygote, may_run);
    }
}

/// Files of the largest size, made so that work by the square of their length would show.
#[test]
fn large_files_get_a_verdict_in_time() {
    let subjects = subjects();
    let subject = &subjects[0];
    let (mut zygote, _) = zygote();
    let many = |count: usize, line: &dyn Fn(usize) -> String| -> String {
        (0..count).map(line).collect::<Vec<_>>().concat()
    };
    let text = "    default rel\n    section .text\n";
    for (what, file) in [
        ("calls past the PLT", format!("extern f\n{text}{}", "call f\n".repeat(100_000))),
        (
            "names that nobody has",
            many(15_000, &|n| format!("extern PyLong_{n}x\n call PyLong_{n}x wrt ..plt\n")),
        ),
        (
            "a long name for every line",
            format!("{text}%line 1+1 {}\n{}", "A".repeat(200_000), "nop\n".repeat(100_000)),
        ),
        (
            "a long name that all calls go to",
            format!(
                "%define f {0}\nextern {0}\n{text}{1}",
                "A".repeat(4000),
                "call f wrt ..plt\n".repeat(2_000)
            ),
        ),
        ("sections", many(3_000, &|n| format!("section s{n} exec write\nnop\n"))),
        (
            "labels and a misspelled one",
            format!("{}jmp lable_1\n", many(40_000, &|n| format!("label_{n}:\n"))),
        ),
        ("errors", "rxa rbx\n".repeat(100_000)),
    ] {
        let source = source::from_bytes(file.into_bytes(), "work/ex01a.asm".to_owned());
        let source = source.unwrap_or_else(|error| panic!("{what}: {error}"));
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let started = Instant::now();
        let mut verdict = None;
        let used = allocation_counter::measure(|| {
            verdict =
                judged_without_running(&subject.task, &source, folder.path(), &mut zygote).err();
        });
        let verdict = verdict.unwrap_or_else(|| panic!("{what}: nothing is wrong"));
        let first = verdict.findings[0].code;
        println!("{what}: {first} after {:?}, {} bytes", started.elapsed(), used.bytes_max);
        assert_sound_as(&subject.task.name, &verdict, &source);
        // The largest file of nasm's is 16 MiB, and the facts are in proportion to it.
        assert!(used.bytes_max < 512 << 20, "{what}: {} bytes at once", used.bytes_max);
    }
}
