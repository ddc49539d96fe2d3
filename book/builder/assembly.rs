//! Whether NASM takes what the pages show. A listing from a file is checked by its whole file; one
//! written on the page by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::highlight::Language;
use crate::listing::{Extent, Listing, Promise};
use crate::problem::Problem;
use crate::source::ReadPage;
use crate::workbook::Workbook;

/// How often a fragment may name one more thing that it does not define.
const FRAGMENT_ROUNDS: usize = 4;

/// What the check of all listings found.
#[derive(Debug)]
pub struct Outcome {
    /// How many x86asm listings there are.
    pub listings: usize,
    /// Those that do not keep their promise.
    pub problems: Vec<Problem>,
}

/// Assembles every x86asm listing of every page.
pub fn check(workbook: &Workbook, pages: &[ReadPage]) -> Result<Outcome> {
    let mut nasm = Nasm::new(workbook)?;
    let mut outcome = Outcome { listings: 0, problems: Vec::new() };
    for ReadPage { page, listings, .. } in pages {
        for listing in listings.iter().filter(|listing| listing.language == Language::X86asm) {
            outcome.listings += 1;
            if let Some((line, message)) = fault(&mut nasm, listing)? {
                outcome.problems.push(Problem { file: page.name.clone(), line, message });
            }
        }
    }
    Ok(outcome)
}

/// The page's line and the sentence, if a listing does not keep its promise.
fn fault(nasm: &mut Nasm<'_>, listing: &Listing) -> Result<Option<(usize, String)>> {
    let fence = listing.at[0];
    let complaint = if !listing.included.is_empty() {
        let mut complaint = None;
        for file in &listing.included {
            complaint = complaint.or(nasm.file(file)?);
        }
        complaint
    } else if listing.extent == Extent::Fragment {
        nasm.fragment(&listing.text)?
    } else {
        nasm.text(&listing.text)?
    };
    Ok(match (listing.promise, complaint) {
        (Promise::Assembles, None) | (Promise::Fails, Some(_)) => None,
        (Promise::Fails, None) => {
            Some((fence, "is marked `fail`, and NASM takes it without a warning".to_owned()))
        }
        (Promise::Assembles, Some(complaint)) => {
            let line = complaint.line.and_then(|line| listing.at.get(line)).copied();
            Some((line.unwrap_or(fence), complaint.message))
        }
    })
}

/// Why NASM does not take something.
#[derive(Debug, Clone)]
struct Complaint {
    /// The line of the listing, counted from 1, if it was written on the page.
    line: Option<usize>,
    message: String,
}

/// A file that does not stand alone, and the one that includes it.
const PART: &str = "workbook_call.inc";
const WHOLE: &str = "workbook.inc";

struct Nasm<'workbook> {
    workbook: &'workbook Workbook,
    folder: TempDir,
    files: BTreeMap<PathBuf, Option<Complaint>>,
}

impl<'workbook> Nasm<'workbook> {
    fn new(workbook: &'workbook Workbook) -> Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder can be made")?;
        Ok(Self { workbook, folder, files: BTreeMap::new() })
    }

    /// A source file of the workbook, assembled once however many listings show it.
    fn file(&mut self, path: &Path) -> Result<Option<Complaint>> {
        if let Some(known) = self.files.get(path) {
            return Ok(known.clone());
        }
        let whole = match path.file_name() {
            Some(name) if name == PART => path.with_file_name(WHOLE),
            _ => path.to_path_buf(),
        };
        let complaint = self.assemble(&whole)?.first().map(|said| Complaint {
            line: None,
            message: format!("{}:{}: {}", self.workbook.name_of(&whole), said.line, said.message),
        });
        self.files.insert(path.to_path_buf(), complaint.clone());
        Ok(complaint)
    }

    /// A listing that is a whole file.
    fn text(&self, text: &str) -> Result<Option<Complaint>> {
        Ok(self.assemble_text(text)?.first().map(Said::complaint))
    }

    /// A listing that uses names it does not define: they are declared for it.
    fn fragment(&self, text: &str) -> Result<Option<Complaint>> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        for _ in 0..FRAGMENT_ROUNDS {
            // The label owns the local labels that stand before the fragment's own first label.
            // The names come below the text, where no declaration changes the owner of a label.
            let declared: String = names.iter().map(String::as_str).map(declaration).collect();
            let said = self.assemble_text(&format!("fragment:\n{text}\n{declared}"))?;
            let before = names.len();
            names.extend(said.iter().filter_map(|said| said.undefined().map(str::to_owned)));
            if names.len() == before {
                return Ok(said.first().map(|said| {
                    let Complaint { line, message } = said.complaint();
                    Complaint { line: line.map(|line| line.saturating_sub(1)), message }
                }));
            }
        }
        bail!("a fragment goes on naming things that NASM does not know:\n{text}")
    }

    fn assemble_text(&self, text: &str) -> Result<Vec<Said>> {
        let path = self.folder.path().join("listing.asm");
        fs::write(&path, text).context("the temporary folder cannot be written to")?;
        self.assemble(&path)
    }

    /// What NASM has against a file: nothing, or its messages.
    fn assemble(&self, path: &Path) -> Result<Vec<Said>> {
        let mut include = self.workbook.exercises().join("include").into_os_string();
        include.push("/");
        let output = Command::new("nasm")
            .args(["-f", "elf64", "-w+error", "-o"])
            .arg(self.folder.path().join("listing.o"))
            .arg("-I")
            .arg(include)
            .arg(path)
            .output();
        let output = match output {
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                "NASM is not installed, so no listing can be checked\n\
                 hint: cargo run -p checker -- setup --dev --yes"
            ),
            output => output.context("NASM does not run")?,
        };
        if output.status.success() {
            return Ok(Vec::new());
        }
        let messages = String::from_utf8_lossy(&output.stderr);
        let mut said: Vec<Said> = messages.lines().filter_map(Said::read).collect();
        if said.is_empty() {
            said.push(Said { line: 0, message: format!("NASM refuses it: {}", messages.trim()) });
        }
        Ok(said)
    }
}

/// One message of NASM.
#[derive(Debug)]
struct Said {
    line: usize,
    message: String,
}

impl Said {
    /// `path:12: error: symbol `x' not defined`. The path may hold colons, the rest does not.
    fn read(line: &str) -> Option<Self> {
        let at = line.find(": error: ").or_else(|| line.find(": fatal: "))?;
        let (place, message) = (&line[..at], &line[at + ": error: ".len()..]);
        let (_, number) = place.rsplit_once(':')?;
        Some(Self { line: number.parse().ok()?, message: format!("NASM says: {message}") })
    }

    fn complaint(&self) -> Complaint {
        Complaint { line: Some(self.line), message: self.message.clone() }
    }

    fn undefined(&self) -> Option<&str> {
        let name = self.message.strip_prefix("NASM says: symbol `")?;
        name.strip_suffix("' not defined")
    }
}

/// Makes a name known: a local label or a field as a place, anything else as somebody else's.
fn declaration(name: &str) -> String {
    if name.contains('.') { format!("{name}:\n") } else { format!("extern {name}\n") }
}
