//! `cargo bench -p checker --bench sandbox`: what the sandbox costs, and how many files can be
//! checked in it.
//!
//! The first table has jobs with and without the sandbox take turns in one run. A job is a guest
//! that imports a module, answers five calls, and ends. The second counts, on every core at once:
//! such jobs of a module that is built already, and whole checks of ex05c, which nasm and ld
//! begin.

use std::path::Path;
use std::time::{Duration, Instant};

use checker::check::{self, Built, Task};
use checker::host::source::{self, Source};
use checker::host::workbook::Workbook;
use checker::host::zygote::Zygote;
use checker::host::{python, toolchain};
use checker::model::isolation::{Isolation, Layer, Layers};
use checker::model::protocol::{Reply, Request};

/// How many jobs each side of a comparison does.
const JOBS: usize = 200;

/// How long the throughput is counted.
const COUNTED: Duration = Duration::from_secs(3);

fn main() {
    let book = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a workbook");
    let bench = Bench::new(&book);
    let all = Isolation::Strict.layers();
    let sides = [
        ("no sandbox", Layers::NONE),
        ("limits", Layers::only(Layer::Limits)),
        ("capabilities", Layers::only(Layer::Capabilities)),
        ("Landlock", Layers::only(Layer::Landlock)),
        ("seccomp", Layers::only(Layer::Seccomp)),
        ("strict: all of them", all),
    ];
    let mut sides: Vec<_> = sides
        .into_iter()
        .map(|(name, layers)| (name, bench.zygote(layers), Vec::with_capacity(JOBS)))
        .collect();
    for _ in 0..JOBS {
        for (_, zygote, times) in &mut sides {
            let start = Instant::now();
            bench.job(zygote);
            times.push(start.elapsed());
        }
    }
    println!("one job, built already, median of {JOBS}");
    let mut without = None;
    for (name, _, times) in &mut sides {
        times.sort();
        let median = times[JOBS / 2].as_secs_f64() * 1e3;
        let more = median - *without.get_or_insert(median);
        println!("  {name:24} {median:6.2} ms   {more:+6.2} ms");
    }

    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("in the sandbox, on {threads} threads");
    let jobs = throughput(threads, || bench.zygote(all), |zygote| bench.job(zygote));
    println!("  {jobs:6.0} jobs a second, built already");
    let checks = throughput(threads, || bench.zygote(all), |zygote| bench.check(zygote));
    println!("  {checks:6.0} checks a second, assembled, linked, asked everything");
}

struct Bench {
    task: Task,
    source: Source,
    folder: tempfile::TempDir,
    built: Built,
    python: std::path::PathBuf,
}

impl Bench {
    fn new(book: &Workbook) -> Self {
        let exercise = book
            .exercises()
            .find(|exercise| exercise.id.to_string() == "ex05c")
            .expect("it is an exercise");
        let task = Task::of(exercise, book).expect("it has a session");
        let source = source::read(&exercise.solution(), "solution.asm").expect("there is one");
        let python = python::resolve(None).expect("a python3");
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(toolchain::missing(Isolation::Strict.layers()).is_none(), "no sandbox here");
        let mut zygote = Zygote::start(&python, &task.preload(), Isolation::Strict.layers())
            .expect("the CPython starts");
        let built = check::build(&task, &source, folder.path(), &mut zygote)
            .expect("the tools run")
            .expect("our solution can be built");
        Self { task, source, folder, built, python }
    }

    fn zygote(&self, layers: Layers) -> Zygote {
        let mut zygote =
            Zygote::start(&self.python, &self.task.preload(), layers).expect("the CPython starts");
        zygote.hello().expect("it says hello");
        zygote
    }

    fn job(&self, zygote: &mut Zygote) {
        let mut guest = zygote.guest().expect("a guest can be made");
        let mut ask = |request: &Request| {
            guest.ask(request, self.task.patience).expect("it can be asked").expect("it answers")
        };
        let path = self.built.shared.to_string_lossy().into_owned();
        let import = Request::Import { path, module: self.task.module.clone() };
        assert!(matches!(ask(&import), Reply::Imported));
        ask(&Request::Ask { source: "import multiply".to_owned() });
        for number in 0..5 {
            let source = format!("multiply.multiply({number}, 2)");
            let Reply::Answered(answer) = ask(&Request::Ask { source }) else {
                panic!("no answer")
            };
            assert_eq!(answer, checker::model::transcript::Answer::Value((number * 2).to_string()));
        }
        assert!(matches!(ask(&Request::Bye), Reply::Bye));
    }

    fn check(&self, zygote: &mut Zygote) {
        let folder = tempfile::tempdir_in(self.folder.path()).expect("a temporary folder");
        let built = check::build(&self.task, &self.source, folder.path(), zygote)
            .expect("the tools run")
            .expect("our solution can be built");
        let verdict = check::run(&self.task, &built, &self.source, zygote).expect("a verdict");
        assert!(verdict.passed(), "our solution passes");
    }
}

/// How often per second the work is done by so many threads, each with an interpreter of its own.
fn throughput(
    threads: usize,
    zygote: impl Fn() -> Zygote + Sync,
    work: impl Fn(&mut Zygote) + Sync,
) -> f64 {
    let count = || {
        let mut zygote = zygote();
        let (start, mut done) = (Instant::now(), 0_u32);
        while start.elapsed() < COUNTED {
            work(&mut zygote);
            done += 1;
        }
        f64::from(done) / start.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let counting: Vec<_> = (0..threads).map(|_| scope.spawn(count)).collect();
        counting.into_iter().map(|one| one.join().expect("it counts to the end")).sum()
    })
}
