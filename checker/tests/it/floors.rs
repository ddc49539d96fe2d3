//! The floors of `checker/src`: a file names lower floors only, and rooms on one floor do not
//! know each other but where the map says so.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the lowest to the highest. `host` and `guest` share one, and so do `check`
/// and `verify`.
const FLOORS: [&[&str]; 7] = [
    &["model"],
    &["walls"],
    &["host", "guest"],
    &["report"],
    &["check", "grade"],
    &["verify"],
    &["cli", "commands"],
];

/// The rooms of `host` that other rooms of `host` are built on.
const HOST_GROUND: [&str; 7] =
    ["child", "interrupt", "image", "line_table", "one_cpu", "sandbox", "scratch"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources can be listed") {
        let path = entry.expect("the sources can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(Vec<String>, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let read = |path: PathBuf| {
        let relative = path.strip_prefix(&root).expect("it lies in src").with_extension("");
        let rooms = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        (rooms, fs::read_to_string(&path).expect("a source can be read"))
    };
    found.into_iter().map(read).collect()
}

/// The paths `crate::a::b` that a file names, `use` groups opened up: `["a", "b"]`.
fn named(text: &str) -> BTreeSet<Vec<String>> {
    let mut paths = BTreeSet::new();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let path = &rest[..end.unwrap_or(rest.len())];
        let mut parts: Vec<String> = path.split("::").map(str::to_owned).collect();
        if parts.last().is_some_and(String::is_empty) {
            parts.pop();
            let group = rest[path.len()..].trim_start_matches('{');
            let group = &group[..group.find('}').unwrap_or(0)];
            for item in group.split(',') {
                let first = item.trim().split([':', ' ']).next().unwrap_or("");
                let mut one = parts.clone();
                one.push(first.to_owned());
                paths.insert(one);
            }
        } else {
            paths.insert(parts);
        }
    }
    paths
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn a_floor_uses_lower_floors_only() {
    let mut wrong = Vec::new();
    for (rooms, text) in all_sources() {
        let Some(here) = floor(&rooms[0]) else { continue };
        for path in named(&text) {
            let Some(there) = floor(&path[0]) else { continue };
            let sideways = there == here && path[0] != rooms[0] && here < FLOORS.len() - 1;
            if there > here || sideways {
                wrong.push(format!("{} uses {}", rooms.join("/"), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_on_a_floor() {
    for (rooms, _) in all_sources() {
        let known =
            floor(&rooms[0]).is_some() || matches!(rooms[0].as_str(), "lib" | "main" | "elsewhere");
        assert!(known, "{} is on no floor", rooms.join("/"));
    }
}

#[test]
fn crates_stay_in_their_rooms() {
    let allowed: [(&str, &[&str]); 6] = [
        ("pyo3::", &["guest"]),
        ("clap::", &["cli", "commands/completions"]),
        ("insta::", &["host/workbook"]),
        ("landlock::", &["guest/harden", "host/sandbox", "walls"]),
        ("seccompiler::", &["guest/harden", "host/sandbox", "walls"]),
        (
            "unsafe",
            &["guest", "host/child", "host/sandbox", "host/surroundings", "host/tracer", "walls"],
        ),
    ];
    for (rooms, text) in all_sources() {
        let file = rooms.join("/");
        let code: Vec<&str> =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (word, places) in allowed {
            let at_home = places.iter().any(|place| file.starts_with(place));
            let named = code.iter().any(|line| line.contains(word));
            assert!(at_home || !named, "{file} names {word}");
        }
    }
}

/// In `host` a room stands for itself, or on the few that all may stand on.
#[test]
fn hosts_rooms_do_not_know_each_other() {
    let together = [("worker", "zygote"), ("zygote", "worker")];
    for (rooms, text) in all_sources().into_iter().filter(|(rooms, _)| rooms[0] == "host") {
        let Some(room) = rooms.get(1) else { continue };
        for path in named(&text).into_iter().filter(|path| path[0] == "host") {
            let Some(other) = path.get(1) else { continue };
            let fine = other == room
                || HOST_GROUND.contains(&other.as_str())
                || together.contains(&(room, other))
                || room == "tracer" && other == "worker";
            assert!(fine, "host::{room} uses host::{other}");
        }
    }
}

#[test]
fn no_drawers_for_odds_and_ends() {
    for (rooms, _) in all_sources() {
        let name = rooms.last().expect("a file has a name");
        assert!(
            !["error", "errors", "utils", "util", "common", "helpers", "mod"]
                .contains(&name.as_str()),
            "{name}.rs"
        );
    }
}
