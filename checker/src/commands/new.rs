//! `checker new ex05d mend_the_article`: the folder of a new exercise.

use std::fs;

use crate::commands::{Status, Stop, say, workbook};
use crate::model::workbook::Selection;

const MANIFEST: &str = r#"title = "TITLE"
module = "MODULE"
points = 10
minutes = 10
starter_says = "V001"
api = []
hints = [
    "A question that points the right way.",
    "Where to look.",
    "Almost the answer, in words and never in code.",
]
"#;

const SOURCE: &str = "; >>> from MODULE import answer
; >>> answer()
; 42

%include \"workbook.inc\"

    default rel

workbook_module MODULE
workbook_function answer, long          ; long answer(void)

    section .text

; long answer(void)
;
;   out     rax = 42
answer:
    mov     eax, VALUE
    ret

    section .note.GNU-stack noalloc noexec nowrite progbits
";

const TRAP: &str = "; must say: V001
; Someone reads 42 as a hexadecimal number.
";

/// Makes a folder that passes the author checks but for its transcript, which the tests make.
pub(crate) fn run(id: &str, name: &str) -> anyhow::Result<Status> {
    let book = workbook()?;
    let Ok(Selection::Exercise(id)) = id.parse() else {
        return Err(Stop::usage(format!("`{id}` is no exercise's id"), "an id looks like ex05d"));
    };
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(fits) || name.starts_with(|c: char| c.is_ascii_digit())
    {
        let hint = "lower-case letters, digits and `_`, such as mend_the_article";
        return Err(Stop::usage(format!("`{name}` cannot name a folder and a module"), hint));
    }
    if book.exercise(id).is_some() {
        let hint = "an id is never reused; take the next letter";
        return Err(Stop::usage(format!("there is an exercise {id} already"), hint));
    }
    let Some(chapter) = book.chapter(id.chapter) else {
        let hint = "make its folder first: exercises/exNN_name/chapter.toml with a title";
        return Err(Stop::usage(format!("there is no chapter {} yet", id.chapter), hint));
    };
    let folder = chapter.folder.join(format!("{}_{name}", id.letter));
    let title = name.replace('_', " ");
    let source = SOURCE.replace("MODULE", name);
    fs::create_dir_all(folder.join("traps"))?;
    for (file, text) in [
        ("exercise.toml", MANIFEST.replace("MODULE", name).replace("TITLE", &title)),
        ("task.md", "Write `answer()`, which gives 42.\n".to_owned()),
        ("starter.asm", source.replace("VALUE", "0                  ; your number")),
        ("solution.asm", source.replace("VALUE", "42")),
        ("session.py", format!("from {name} import answer\nanswer()\n")),
        ("traps/hexadecimal.asm", format!("{TRAP}{}", source.replace("VALUE", "42h"))),
    ] {
        fs::write(folder.join(file), text)?;
    }
    let shown = folder.strip_prefix(&book.root).unwrap_or(&folder).display();
    say(&format!(
        "{shown} is made. Write it, then\n    INSTA_UPDATE=always cargo test -p checker\n    cargo run \
         -p checker -- verify {id}\n"
    ))?;
    Ok(Status::Passed)
}
