//! The sandbox: every attack program works where nothing confines it, and is contained in the
//! sandbox.

use std::fs;
use std::path::Path;

use checker::check::attack;
use checker::host::workbook::Workbook;
use checker::model::attack::GROUPS;

fn book() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the tests lie in a workbook")
}

#[test]
fn every_attack_has_a_head_that_can_be_read() {
    let programs = attack::programs(&book()).expect("the heads can be read");
    assert!(programs.len() >= 110, "only {} attacks are left", programs.len());
    for (letter, group) in GROUPS {
        let some = programs.iter().any(|program| program.attack.group == letter);
        assert!(some, "nothing is left of group {letter}, {group}");
    }
    for program in programs {
        let explained = program.text.lines().skip_while(|line| *line != ";").nth(1);
        let prose = explained.is_some_and(|line| line.starts_with("; "));
        assert!(prose, "{} does not say why it hurts and what stops it", program.path);
        let wide = program.text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{}", program.path);
    }
}

#[test]
fn every_group_is_in_the_readme() {
    let folder = book().root.join("checker/attacks");
    let readme = fs::read_to_string(folder.join("README.md")).expect("there is a README");
    for (letter, _) in GROUPS {
        assert!(readme.contains(&format!("| {letter} |")), "the README leaves out group {letter}");
    }
}

#[test]
fn every_attack_is_contained() {
    let python = crate::support::cpython().0.display().to_string();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_checker"))
        .args(["sandbox-test", "--quick", "--plain", "--python", &python])
        .current_dir(book().root)
        .output()
        .expect("it can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(78) {
        eprintln!("not tested: {complaints}");
        return;
    }
    assert!(output.status.success(), "{text}{complaints}");
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
    assert_eq!(wide, Vec::<&str>::new());
}
