//! `checker explain A002`: what a finding means, from the book's page about it.

use std::path::{Component, Path};

use crate::cli::Terminal;
use crate::commands::{Status, Stop, say, workbook};
use crate::host::workbook::FINDINGS;
use crate::model::finding::Code;
use crate::model::spelling;
use crate::report::{markdown, overview};

/// Prints a finding's page, or all codes with their titles.
pub(crate) fn run(code: Option<&str>, terminal: Terminal) -> anyhow::Result<Status> {
    let Some(name) = code else {
        say(&overview::findings(terminal.ink))?;
        return Ok(Status::Passed);
    };
    let code: Code = name.to_ascii_uppercase().parse().map_err(|_| unknown(name))?;
    let page = workbook()?.explanation(code)?;
    say(&markdown::render(&page, place, terminal.ink))?;
    Ok(Status::Passed)
}

fn unknown(name: &str) -> anyhow::Error {
    let names = Code::ALL.iter().map(|code| code.name());
    let hint = match spelling::nearest(&name.to_ascii_uppercase(), names) {
        Some(near) => {
            format!("did you mean `{near}`? `cargo run -p checker -- explain` shows them all")
        }
        None => "`cargo run -p checker -- explain` shows them all".to_owned(),
    };
    Stop::usage(format!("no finding has the code `{name}`"), hint)
}

/// Where a link of the page leads: the address, or the file from the clone's folder. Another
/// finding's code says it all.
fn place(target: &str) -> Option<String> {
    if target.contains("://") {
        return Some(target.to_owned());
    }
    let file = target.split('#').next().filter(|file| !file.is_empty())?;
    if file.trim_end_matches(".md").parse::<Code>().is_ok() {
        return None;
    }
    let mut parts = Vec::new();
    for part in Path::new(FINDINGS).join(file).components() {
        match part {
            Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
        }
    }
    Some(parts.join("/"))
}
