//! Bytes that nobody would write: all readers of `fuzz/` on what is committed there and on
//! mutations of it, and files of assembly from nasm to the verdict. No nightly compiler and no
//! libFuzzer is needed. Each run draws a seed and prints it; `CHECKER_FUZZ_SEED` has it drawn
//! again, and `CHECKER_FUZZ_ROUNDS` gives a run more time.

mod mutate;
mod pipeline;
#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "for libFuzzer the readers are a crate")]
mod readers;

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

use self::mutate::mutated;
use self::readers::{READERS, Reader, hold};

/// How many mutations of each reader's inputs are read, unless told otherwise.
const ROUNDS: u64 = 500;

/// The longest mutated input, in bytes.
const LONGEST: usize = 64 * 1024;

/// The time of a CPU that any input of [`LONGEST`] bytes may take. The slowest takes a tenth.
const PATIENCE: Duration = Duration::from_secs(3);

/// An input and where it is from.
type Input = (PathBuf, Vec<u8>);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The files in the folder and below it, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("it is listed").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// A reader's committed inputs. The workbook's own files are seeds too.
fn inputs(reader: &str) -> Vec<Input> {
    let mut paths = files(&folder().join("seeds").join(reader));
    paths.extend(files(&folder().join("regressions").join(reader)));
    let name = match reader {
        "manifest" => "exercise.toml",
        "markdown" => "task.md",
        "session" => "session.py",
        "snapshot" => "expected.snap",
        "source" => "solution.asm",
        _ => "",
    };
    let exercises = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises"));
    paths.extend(exercises.into_iter().filter(|path| path.ends_with(name) && !name.is_empty()));
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).expect("it can be read");
        (path, bytes)
    };
    paths.into_iter().map(read).collect()
}

/// What drawing begins with: `CHECKER_FUZZ_SEED`, or else another number in each run.
fn seed() -> u64 {
    let told = std::env::var("CHECKER_FUZZ_SEED").ok();
    told.map_or_else(
        || RandomState::new().build_hasher().finish(),
        |text| text.parse().expect("CHECKER_FUZZ_SEED is a number"),
    )
}

fn rounds() -> u64 {
    let told = std::env::var("CHECKER_FUZZ_ROUNDS").ok();
    told.map_or(ROUNDS, |text| text.parse().expect("CHECKER_FUZZ_ROUNDS is a number"))
}

/// Has the reader read the bytes, in proportion to them; where it breaks a promise they are kept
/// in a file whose path the failing test prints, beside how it came to them.
#[track_caller]
fn read(name: &str, reader: Reader, bytes: &[u8], origin: &str) {
    let before = time_of_cpu();
    let kept = catch_unwind(AssertUnwindSafe(|| hold(reader, bytes)));
    let took = time_of_cpu() - before;
    if kept.is_err() || took > PATIENCE {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
        fs::write(&path, bytes).expect("a file can be written");
        let path = path.display();
        panic!("the reader `{name}` fails after {took:?} on {path}, which is {origin}");
    }
}

/// The time that this thread has had of a CPU.
fn time_of_cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("a thread has a clock").into()
}

#[test]
fn committed_inputs_are_read_as_promised() {
    for (name, reader) in READERS {
        for (path, bytes) in inputs(name) {
            read(name, reader, &bytes, &path.display().to_string());
        }
        for nothing in [&b""[..], b"\0", b"\xff", b"\n"] {
            read(name, reader, nothing, "one byte or none");
        }
    }
}

#[test]
fn mutated_inputs_are_read_as_promised() {
    let seed = seed();
    println!("CHECKER_FUZZ_SEED={seed}");
    for (name, reader) in READERS {
        let inputs: Vec<Vec<u8>> = inputs(name).into_iter().map(|(_, bytes)| bytes).collect();
        for round in 0..rounds() {
            let mut random = fastrand::Rng::with_seed(seed.wrapping_add(round));
            let bytes = mutated(&inputs, LONGEST, &mut random);
            let origin = format!("round {round} of CHECKER_FUZZ_SEED={seed}");
            read(name, reader, &bytes, &origin);
        }
    }
}

/// The largest inputs there can be, made so that work by the square of their length would show.
#[test]
fn long_inputs_take_time_by_their_length() {
    let lines = |count: u32, line: &dyn Fn(u32) -> String| -> String {
        (0..count).map(line).collect::<Vec<_>>().concat()
    };
    let label = |n| format!("label_{n}:\n");
    let undefined = |n| format!("ex01a.asm:{}: error: symbol `lable_{n}' not defined\n", n + 1);
    let same_line = |n| format!("ex01a.asm:1: error: symbol `{n}{}' not defined\n", "x".repeat(80));
    let step = |n: u32| {
        let cell = format!("[\"{:x}\",\"{n:x}\"]", 0x7fff_ffff_0000_u64 - 8 * u64::from(n));
        format!(",{{\"l\":1,\"r\":{{\"rax\":\"{n:x}\"}},\"w\":[{cell}]}}")
    };
    let smallest = fs::read_to_string(folder().join("seeds/recording/smallest"));
    let smallest = smallest.expect("it is committed");
    let steps = format!("\"steps\":[{{}}{}", lines(4000, &step));
    let recording = smallest.replacen("\"steps\":[{}", &steps, 1);
    let recording = recording.replacen("\"steps\":[", &format!("{steps},"), 1);
    for (name, text) in [
        ("source", "nop\n".repeat(250_000)),
        ("source", lines(60_000, &label)),
        ("nasm_messages", format!("{}\0{}", lines(60_000, &label), lines(5_000, &undefined))),
        ("nasm_messages", format!("{}\0{}", "y".repeat(1 << 20), lines(2_000, &same_line))),
        ("linker_messages", lines(5_000, &|n| format!("ld: a.o: multiple definition of `f{n}'\n"))),
        ("report", format!("abc{}", "word ".repeat(50_000))),
        ("report", format!("abc{}", "w".repeat(250_000))),
        ("report", format!("abc{}", "`w ".repeat(80_000))),
        (
            "frame",
            format!(
                "{{\"number\":1,\"content\":{{\"Answered\":{{\"Value\":\"{}\"}}}}}}",
                "9".repeat(100_000)
            ),
        ),
        ("session", lines(20_000, &|n| format!("f({n})\n"))),
        ("session", format!("if f():\n{}", "    f()  # message\n".repeat(20_000))),
        ("snapshot", lines(20_000, &|n| format!(">>> f({n})\n{n}\n"))),
        ("markdown", "- a\n".repeat(50_000)),
        ("markdown", lines(300, &|n| format!("{}- a\n", "  ".repeat(n as usize)))),
        ("markdown", format!("|a|b|\n|-|-|\n{}", "|c|d|\n".repeat(20_000))),
        ("recording", recording),
    ] {
        let (_, reader) =
            READERS[READERS.iter().position(|(known, _)| *known == name).expect(name)];
        read(name, reader, text.as_bytes(), "the longest of its kind");
    }
}

/// What libFuzzer runs is what is tested here: a target, seeds and a name for each reader.
#[test]
fn every_reader_has_its_target_and_seeds() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("it can be read");
    let targets: Vec<String> = files(&folder().join("targets"))
        .iter()
        .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    assert_eq!(targets, READERS.map(|(name, _)| name.to_owned()));
    for name in &targets {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is no [[bin]]");
        let target = fs::read_to_string(folder().join(format!("targets/{name}.rs")));
        let words: Vec<String> = target
            .expect("it can be read")
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .map(str::to_owned)
            .collect();
        assert!(words.contains(name), "the target {name} runs another reader");
        assert!(!inputs(name).is_empty(), "{name} has no seeds");
    }
    for kind in ["seeds", "regressions"] {
        let committed = files(&folder().join(kind));
        let size: u64 =
            committed.iter().map(|path| path.metadata().map_or(0, |one| one.len())).sum();
        assert!(size < 512 * 1024, "the {kind} have {size} bytes");
    }
}
