//! A throw-away clone of the workbook for each test, and the checker's command line in it.
//!
//! Every run is held to what no command may break: a learner's file keeps its bytes, no process
//! and no temporary folder is left, and nothing that steers a terminal is printed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use checker::host::{child, python};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, SeccompRule, TargetArch};

/// The columns of a page.
const WIDTH: usize = 80;

/// How long a run of the checker may take before its test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// The interpreter that the tests use, and its version.
pub(crate) fn cpython() -> &'static (PathBuf, String) {
    static FOUND: OnceLock<(PathBuf, String)> = OnceLock::new();
    FOUND.get_or_init(|| {
        let fit = |path: PathBuf| {
            let probe = python::probe(&path).ok().filter(|probe| probe.unfit().is_none())?;
            Some((path, probe.version))
        };
        let default = python::resolve(None).ok().and_then(fit);
        let found = default.or_else(|| python::all().into_iter().find_map(fit));
        found.expect("no CPython; run `cargo run -p checker -- setup --dev --yes`")
    })
}

/// Whether a command may give a learner's file another name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Stay,
    MayChange,
}

/// A clone with three small exercises, ex01a, ex01b and ex02a, whose modules are all called
/// `answer`, with a home, a PATH and a TMPDIR of its own.
pub(crate) struct Book {
    /// Holds everything, and goes away with the test.
    folder: tempfile::TempDir,
    /// The clone.
    pub(crate) root: PathBuf,
}

impl Book {
    pub(crate) fn new() -> Self {
        Self::named("clone")
    }

    /// A clone in a folder of that name.
    pub(crate) fn named(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        // Processes are known by their folder, as the kernel names it.
        let root = folder.path().canonicalize().expect("it is there").join(name);
        let book = Self { folder, root };
        for folder in ["home", "tmp", "tools"] {
            fs::create_dir(book.beside(folder)).expect("a folder can be made");
        }
        for tool in ["nasm", "ld"] {
            let program = child::find_program(tool)
                .expect("nasm and ld; run `cargo run -p checker -- setup --dev --yes`");
            book.tool(tool, &program);
        }
        book.tool("python3", &cpython().0);
        fs::create_dir_all(book.root.join("exercises")).expect("a folder can be made");
        let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises/include");
        symlink(include, book.root.join("exercises/include")).expect("a link can be made");
        book.write("exercises/ex01_first/chapter.toml", "title = \"First steps\"\n");
        book.write("exercises/ex02_second/chapter.toml", "title = \"Second steps\"\n");
        book.exercise("ex01_first/a_answer", SESSION, EXPECTED);
        book.exercise("ex01_first/b_again", SESSION, EXPECTED);
        book.exercise("ex02_second/a_last", SESSION, EXPECTED);
        book
    }

    /// Writes an exercise whose solution is [`SOLUTION`]; its module is called `answer`.
    pub(crate) fn exercise(&self, folder: &str, session: &str, expected: &str) {
        let name = folder.rsplit(['/', '_']).next().expect("a folder has a name");
        let manifest = MANIFEST.replace("TITLE", name);
        let expected = format!("---\nsource: a test\n---\n{expected}");
        for (file, text) in [
            ("exercise.toml", manifest.as_str()),
            ("task.md", "`answer()` takes no arguments and returns the int 42.\n"),
            ("starter.asm", &answer("    mov     eax, 0\n    ret\n")),
            ("solution.asm", SOLUTION),
            ("session.py", session),
            ("expected.snap", &expected),
            ("traps/hexadecimal.asm", &trap("V001", "    mov     eax, 42h\n    ret\n")),
            ("traps/no_ret.asm", &trap("A005", "    mov     eax, 42\n")),
        ] {
            self.write(&format!("exercises/{folder}/{file}"), text);
        }
    }

    /// Writes a file of the clone, and the folders on the way to it.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a file of the clone")).expect("folders are made");
        fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// A file of the clone as text.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect("the file is text")
    }

    /// `home`, `tmp` or `tools`, which lie beside the clone.
    pub(crate) fn beside(&self, folder: &str) -> PathBuf {
        self.root.with_file_name(folder)
    }

    /// Puts a link to a program onto the PATH, in the place of one of that name.
    pub(crate) fn tool(&self, name: &str, program: &Path) {
        self.without_tool(name);
        symlink(program, self.beside("tools").join(name)).expect("a link can be made");
    }

    /// Puts a shell script onto the PATH, in the place of a program of that name.
    pub(crate) fn script(&self, name: &str, body: &str) -> PathBuf {
        self.without_tool(name);
        let path = self.beside("tools").join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a script can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        path
    }

    /// Takes a program from the PATH.
    pub(crate) fn without_tool(&self, name: &str) {
        let _ = fs::remove_file(self.beside("tools").join(name));
    }

    /// The checker, ready to be run in the clone.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_checker"));
        command.args(arguments).current_dir(&self.root).env_clear();
        command.env("PATH", self.beside("tools")).env("HOME", self.beside("home"));
        command.env("TMPDIR", self.beside("tmp"));
        command
    }

    /// Runs the checker, and holds it to what every run keeps to.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Assert {
        let assert = self.run_wide(arguments);
        for line in said(&assert).lines() {
            let exempt = line.split_whitespace().count() < 2 || line.starts_with("error:");
            let wide = line.chars().count() > WIDTH && !exempt && !line.starts_with("hint:");
            assert!(!wide, "wider than {WIDTH} columns: {line}");
            let harmful = line.contains(|c: char| c.is_control());
            assert!(!harmful, "a control character is printed raw: {line:?}");
        }
        assert
    }

    /// As [`Book::run`], for what may be colored or wider than a page.
    #[track_caller]
    pub(crate) fn run_wide(&self, arguments: &[&str]) -> Assert {
        self.run_command(self.command(arguments))
    }

    /// As [`Book::run_wide`], for a command that was changed.
    #[track_caller]
    pub(crate) fn run_command(&self, command: Command) -> Assert {
        let before = self.work();
        let moves = command.get_args().next().is_some_and(|first| first == "reset");
        let assert = assert_cmd::Command::from_std(command).timeout(PATIENCE).assert();
        self.assert_kept(&before, if moves { Names::MayChange } else { Names::Stay });
        self.assert_clean();
        assert
    }

    /// The files of `work/` by their names, but for the progress, which is the checker's own.
    pub(crate) fn work(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.root.join("work")).into_iter().flatten();
        let files = entries.map(|entry| entry.expect("work/ can be listed").path());
        let files = files.filter(|path| path.metadata().is_ok_and(|metadata| metadata.is_file()));
        let named = files.map(|path| {
            let name =
                path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("a file can be read"))
        });
        named.filter(|(name, _)| !name.starts_with(".progress")).collect()
    }

    /// Asserts that the learner's files have the bytes that they had.
    #[track_caller]
    fn assert_kept(&self, before: &BTreeMap<String, Vec<u8>>, names: Names) {
        let after = self.work();
        for (name, bytes) in before {
            let aside = || after.values().any(|kept| kept == bytes);
            let kept = after.get(name) == Some(bytes) || names == Names::MayChange && aside();
            assert!(kept, "work/{name} was changed or lost");
        }
    }

    /// Asserts that no process of this clone is left, and nothing in its TMPDIR.
    #[track_caller]
    pub(crate) fn assert_clean(&self) {
        wait_until("every process to end", || self.processes().is_empty());
        assert_eq!(self.temporary(), Vec::<PathBuf>::new(), "the TMPDIR is not empty");
    }

    /// What lies in the clone's TMPDIR.
    pub(crate) fn temporary(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.beside("tmp")).expect("the TMPDIR is there");
        entries.map(|entry| entry.expect("it can be listed").path()).collect()
    }

    /// The processes that were started in this clone and live.
    pub(crate) fn processes(&self) -> Vec<u32> {
        let here = self.folder.path().canonicalize().expect("it is there");
        let entries = fs::read_dir("/proc").expect("/proc is there");
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        let lives_here = |id: &u32| {
            let folder = fs::read_link(format!("/proc/{id}/cwd"));
            folder.is_ok_and(|folder| folder.starts_with(&here))
        };
        ids.filter(lives_here).collect()
    }
}

/// There is no build script around a test, so cc must be told what cargo would have told it.
pub(crate) fn c_compiler(out_dir: &Path) -> cc::Tool {
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-gnu" };
    let target = format!("{}-{system}", std::env::consts::ARCH);
    let mut build = cc::Build::new();
    build.cargo_metadata(false).target(&target).host(&target).opt_level(0).out_dir(out_dir);
    build.get_compiler()
}

/// The command, with a system call failing with EPERM for it and all that it starts: always, or
/// where one of the rules fits the arguments.
pub(crate) fn refusing(mut command: Command, call: i64, rules: Vec<SeccompRule>) -> Command {
    let rules = [(call, rules)].into_iter().collect();
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

/// What a run wrote to its standard output, with the same version on every machine.
pub(crate) fn printed(assert: &Assert) -> String {
    let text = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    text.replace(&format!("CPython {}", cpython().1), "CPython 3.x.y")
}

/// What a run wrote to its standard output and error.
pub(crate) fn said(assert: &Assert) -> String {
    let output = assert.get_output();
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

/// Waits for something that comes soon, and fails if it does not.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut there: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !there() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A source whose function `answer` has this body.
pub(crate) fn answer(body: &str) -> String {
    source("", body)
}

/// A source with these lines before its code, and this body of the function `answer`.
pub(crate) fn source(before: &str, body: &str) -> String {
    format!(
        "%include \"workbook.inc\"\n\n    default rel\n\nworkbook_module answer\n\
         workbook_function answer, long\n{before}\n    section .text\nanswer:\n{body}\n    \
         section .note.GNU-stack noalloc noexec nowrite progbits\n"
    )
}

fn trap(code: &str, body: &str) -> String {
    format!("; must say: {code}\n{}", answer(body))
}

/// The right answer to the small exercises.
pub(crate) const SOLUTION: &str = "%include \"workbook.inc\"

    default rel

workbook_module answer
workbook_function answer, long          ; long answer(void)

    section .text

answer:
    mov     eax, 42
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
";

const SESSION: &str = "from answer import answer\nanswer()\n[answer(), answer() * 2]\n";

const EXPECTED: &str =
    ">>> from answer import answer\n>>> answer()\n42\n>>> [answer(), answer() * 2]\n[42, 84]\n";

const MANIFEST: &str = r#"api = ["PyRun_SimpleString"]
title = "The one called TITLE"
module = "answer"
points = 10
minutes = 5
starter_says = "V001"
hints = ["Which register?", "The one that `ret` leaves to Python.", "Move 42 into rax."]
"#;
