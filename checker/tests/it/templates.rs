//! Tools that are kept loaded: a run of one is like a run of one that is started for it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use checker::host::child::{self, Limits};
use checker::host::sandbox::{View, Walls};
use checker::model::isolation::{Isolation, Layers};
use predicates::str::contains;

use crate::support::{Book, SOLUTION, c_compiler};

const LIMITS: Limits = Limits {
    wall: Duration::from_secs(20),
    cpu: Duration::from_secs(7),
    memory: 300 << 20,
    file: 5 << 20,
};

/// The program of that source.
fn compiled(source: &str, folder: &Path, flags: &[&str]) -> PathBuf {
    let (text, program) = (folder.join("program.c"), folder.join("program"));
    std::fs::write(&text, source).expect("a file can be written");
    let mut compile = c_compiler(folder).to_command();
    let output = compile.args(flags).arg("-w").arg(&text).arg("-o").arg(&program).output();
    let output = output.expect("cc runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// What the program says in some runs, one after the other.
fn runs(program: &Path, layers: Layers, readable: &[&Path], writable: &Path) -> Vec<String> {
    let mut command = Command::new(program);
    command.args(["one", "", "two words", "\u{e9}"]).current_dir(writable);
    let run = || {
        let walls = Walls::new(program, layers, View { readable, writable }).expect("the walls");
        let run = child::run(&command, LIMITS.wall, &walls.with(LIMITS.alone()));
        let run = run.expect("it can be run");
        assert!(run.status.success(), "{run:?}");
        run.output
    };
    (0..4).map(|_| run()).collect()
}

#[test]
fn runs_of_a_template_are_like_others() {
    for isolation in [Isolation::Strict, Isolation::Process] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let writable = folder.path().join("a folder");
        std::fs::create_dir(&writable).expect("a folder can be made");
        let program = compiled(include_str!("templates/state.c"), folder.path(), &[]);
        let layers = isolation.layers();
        let [first, others @ ..] = &*runs(&program, layers, &[], &writable) else { panic!() };
        for said in ["argument 3: two words", "argument 5: none", "a folder", "limit 0: 7 7"] {
            assert!(first.contains(said), "{said} is missing:\n{first}");
        }
        // EACCES of Landlock, ENOSYS of the filter.
        let confined = first.contains("a file: -1, 13") && first.contains("process: -1, 38");
        assert_eq!(confined, isolation == Isolation::Strict, "{first}");
        for other in others {
            assert_eq!(first, other, "another run is something else");
        }
    }
}

/// The files of three exercises, with that program for nasm.
#[track_caller]
fn check_three(nasm: &Path) {
    let book = Book::new();
    for id in ["ex01a", "ex01b", "ex02a"] {
        book.write(&format!("work/{id}.asm"), SOLUTION);
    }
    book.tool("nasm", nasm);
    let run = book.run(&["ex01", "ex02", "--isolation", "process"]).code(0);
    run.stdout(contains("That is all of them."));
    book.assert_clean();
}

/// Into a program that is linked statically nothing can be preloaded, and one that starts another
/// one is held up at the wrong place.
#[test]
fn tools_that_cannot_be_kept_loaded_run_all_the_same() {
    let nasm = child::find_program("nasm").expect("nasm");
    let source = format!(
        "#include <unistd.h>\nint main(int count, char **words) {{ return execv({nasm:?}, words); }}\n"
    );
    for flags in [&["-static"][..], &[]] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        check_three(&compiled(&source, folder.path(), flags));
    }
}
