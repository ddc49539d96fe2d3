//! What the README shows is what the checker prints.

use std::path::Path;

use assert_cmd::Command;

const MARK: &str = "<!-- prints: checker ";

#[test]
fn the_readme_shows_what_the_checker_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    let mut excerpts = 0;
    for (at, _) in readme.match_indices(MARK) {
        let rest = &readme[at + MARK.len()..];
        let (arguments, rest) = rest.split_once(" -->").expect("the comment ends");
        let fence = rest.split("```").nth(1).expect("an excerpt follows");
        let shown = fence.strip_prefix("text\n").expect("the excerpt is text");
        let output = Command::cargo_bin("checker")
            .expect("the checker is built")
            .args(arguments.split(' '))
            .current_dir(&root)
            .output()
            .expect("the checker runs");
        let printed = String::from_utf8(output.stdout).expect("reports are UTF-8");
        assert_eq!(without_version(&printed), without_version(shown), "checker {arguments}");
        excerpts += 1;
    }
    assert_eq!(excerpts, 2, "one failing and one passing check");
}

/// The version is that of the machine.
fn without_version(text: &str) -> String {
    let cut = |line: &str| line.split("CPython ").next().unwrap_or_default().to_owned();
    text.lines().map(cut).collect::<Vec<_>>().join("\n")
}
