//! A small workbook in a temporary folder, for tests that must not depend on the real pages.

use std::fs;
use std::path::Path;

use book::workbook::Workbook;
use tempfile::TempDir;

/// The folder's name has a space and a letter outside ASCII: learners have such folders.
const NAME: &str = "mein Übungsbuch";

/// A workbook with one chapter of one exercise, and the pages a test writes.
pub(crate) struct Fixture {
    pub(crate) workbook: Workbook,
    _folder: TempDir,
}

impl Fixture {
    /// The workbook, with `page` as its one page `book/src/page.md`.
    pub(crate) fn with_page(page: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(NAME);
        let write = |name: &str, text: &str| write(&root, name, text);
        write("book/book.toml", BOOK);
        write("book/theme/colors.css", include_str!("../../theme/colors.css"));
        write("book/theme/workbook.css", include_str!("../../theme/workbook.css"));
        write("book/theme/workbook.js", include_str!("../../theme/workbook.js"));
        write("book/theme/highlight.js", include_str!("../../theme/highlight.js"));
        write("book/src/SUMMARY.md", "# Summary\n\n- [A page](page.md)\n- [Later]()\n");
        write("book/src/page.md", page);
        write("exercises/ex01_registers/a_answer/exercise.toml", EXERCISE);
        write("exercises/ex01_registers/a_answer/task.md", "Write `answer`.\nIt returns 42.\n");
        write("exercises/ex01_registers/a_answer/solution.asm", SOLUTION);
        write("exercises/ex01_registers/a_answer/expected.snap", TRANSCRIPT);
        write("exercises/ex01_registers/a_answer/traps/low_byte.snap", REPORT);
        write("exercises/ex01_registers/examples/twice/expected.snap", TRANSCRIPT);
        write("exercises/include/numbers.inc", "FORTY_TWO equ 42\n");
        Self { workbook: Workbook { root }, _folder: folder }
    }

    /// Writes a file of the workbook.
    pub(crate) fn write(&self, name: &str, text: &str) {
        write(&self.workbook.root, name, text);
    }
}

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const BOOK: &str = include_str!("../../book.toml");

const EXERCISE: &str = r#"
title = "A function that answers"
module = "answer"
points = 10
minutes = 5
starter_says = "V001"
api = []
hints = ["Where does Python look for the answer?", "In `rax`.", "Move 42 there."]
"#;

const SOLUTION: &str = "\
%include \"numbers.inc\"
    section .text
; ANCHOR: answer
answer:
; ANCHOR: body
    mov     eax, FORTY_TWO
; ANCHOR_END: body
    ret
; ANCHOR_END: answer
; ANCHOR: open
";

const TRANSCRIPT: &str = "\
---
source: checker/tests/it/exercises.rs
expression: transcript
---
>>> from answer import answer
>>> answer()
42
";

const REPORT: &str = "\
---
source: checker/tests/it/exercises.rs
expression: report
---
ex01a answer: the wrong value                                        V001

    answer() gave -214
";
