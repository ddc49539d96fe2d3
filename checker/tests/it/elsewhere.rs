//! What the checker says where it cannot run modules, from the same source as on such a system.

use std::fs;
use std::path::Path;

#[expect(dead_code, reason = "its `main` is for the other systems")]
#[path = "../../src/elsewhere.rs"]
mod command;

fn said(words: &[&str], folder: &Path) -> String {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut out = Vec::new();
    command::check(&words, folder, &mut out).expect("a vector can be written to");
    let text = String::from_utf8(out).expect("it is text");
    assert!(text.lines().all(|line| line.len() <= 80), "it fits 80 columns: {text}");
    text
}

#[test]
fn it_says_what_is_not_checked_and_assembles_the_rest() {
    let workbook = tempfile::tempdir().expect("a temporary folder");
    let root = workbook.path();
    let includes = root.join("exercises/include");
    fs::create_dir_all(&includes).expect("a folder can be made");
    fs::create_dir(root.join("work")).expect("a folder can be made");
    fs::write(includes.join("own.inc"), "%define NUMBER 5").expect("a file can be written");
    let right = "%include \"own.inc\"\n    mov rax, NUMBER\n";
    for (name, text) in [("ex05a", right), ("ex05b", "    mov rax\n"), ("ex04a", right)] {
        let path = root.join(format!("work/{name}.asm"));
        fs::write(path, text).expect("a file can be written");
    }

    let text = said(&["ex05"], &root.join("work"));
    assert!(text.contains("Not checked here: whether your file links, what Python gets"), "{text}");
    assert!(text.contains("\nwork/ex05a.asm: nasm takes it.\n"), "{text}");
    assert!(text.contains("\nwork/ex05b.asm: nasm refuses it:\n"), "{text}");
    assert!(text.contains("\nwork/ex05b.asm:1: error: "), "{text}");
    assert!(!text.contains("ex04a"), "{text}");
    assert!(text.contains("use an x86-64 Linux"), "{text}");

    let elsewhere = root.join("work/ex04a.asm");
    let text = said(&["ex05a", "--file", &elsewhere.to_string_lossy()], root);
    assert!(text.contains("\nwork/ex04a.asm: nasm takes it.\n"), "{text}");
    assert!(!text.contains("ex05a"), "{text}");
}

#[test]
fn it_says_so_without_a_workbook_too() {
    let nowhere = tempfile::tempdir().expect("a temporary folder");
    let text = said(&["doctor"], nowhere.path());
    assert!(text.starts_with("The exercises are modules for Linux on x86-64, and this is "));
}
