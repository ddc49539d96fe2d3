//! What the README and the book show of the checker's output is what it prints.
//!
//! Above such an excerpt stands `<!-- prints: checker ex01a --file … -->`. In the book its first
//! line is the command as a reader types it, `$ cargo run -p checker …`. `INSTA_UPDATE=always`
//! writes the excerpts anew, as it does with snapshots.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// At the beginning of a line; a page that only speaks of it has it further in.
const MARK: &str = "\n<!-- prints: checker ";

#[test]
fn the_readme_shows_what_the_checker_prints() {
    let excerpts = compare(&root().join("README.md"));
    assert_eq!(excerpts, 2, "one failing and one passing check");
}

#[test]
fn the_book_shows_what_the_checker_prints() {
    let excerpts: usize = pages(&root().join("book/src")).iter().map(|page| compare(page)).sum();
    assert!(excerpts > 0, "no page shows a trace");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages in this folder and in those below it.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut pages = Vec::new();
    for path in entries.map(|entry| entry.expect("the folder can be read").path()) {
        if path.is_dir() {
            pages.extend(self::pages(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            pages.push(path);
        }
    }
    pages
}

/// Compares each excerpt of a page with what is printed now; how many there are.
fn compare(page: &Path) -> usize {
    let renew = std::env::var_os("INSTA_UPDATE").is_some_and(|wanted| wanted == "always");
    let text = fs::read_to_string(page).expect("the page can be read");
    let mut pieces = text.split(MARK);
    let mut renewed = pieces.next().expect("split gives one piece at least").to_owned();
    let mut excerpts = 0;
    for piece in pieces {
        let (arguments, rest) = piece.split_once(" -->\n").expect("the comment ends its line");
        let (fence, rest) = rest.split_once('\n').expect("an excerpt follows");
        assert!(matches!(fence, "```text" | "```console"), "{page:?}: {arguments}: {fence}");
        let (shown, after) = rest.split_once("```").expect("the excerpt ends");
        let (command, shown) = match shown.split_once('\n') {
            Some((command, shown)) if command.starts_with("$ ") => (format!("{command}\n"), shown),
            _ => (String::new(), shown),
        };
        let printed = printed(arguments);
        assert!(!printed.is_empty(), "{page:?}: checker {arguments} prints nothing");
        let printed = printed.trim_matches('\n');
        if !renew {
            let shown = shown.trim_matches('\n');
            assert_eq!(without_version(printed), without_version(shown), "{page:?}: {arguments}");
        }
        renewed += &format!("{MARK}{arguments} -->\n{fence}\n{command}{printed}\n```{after}");
        excerpts += 1;
    }
    if renew {
        fs::write(page, renewed).expect("the page can be written");
    }
    excerpts
}

fn printed(arguments: &str) -> String {
    let output = Command::cargo_bin("checker")
        .expect("the checker is built")
        .args(words(arguments))
        .current_dir(root())
        .output()
        .expect("the checker runs");
    String::from_utf8(output.stdout).expect("reports are UTF-8")
}

/// The words of a command; one in double quotes may have spaces.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('"').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// The version is that of the machine.
fn without_version(text: &str) -> String {
    let cut = |line: &str| line.split("CPython ").next().unwrap_or_default().to_owned();
    text.lines().map(cut).collect::<Vec<_>>().join("\n")
}
