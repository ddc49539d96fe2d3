//! What the object file, the linker and the shared object say, as findings.

use std::collections::{BTreeSet, HashSet};

use crate::check::{MOST_FINDINGS, Places, Task};
use crate::host::image::{Because, Misplaced, ObjectFacts, Reach, Reference, SharedFacts};
use crate::model::finding::{Code, Finding};
use crate::model::linker_message::LinkerMessage;
use crate::model::spelling;
use crate::model::verdict::{Outcome, Verdict};

/// The verdict on an object that could not become a module, before ld is asked.
///
/// `offered` gives the names that CPython and the C library have; it is asked only about a name
/// that the exercise does not list.
pub fn not_linkable(
    facts: &ObjectFacts,
    task: &Task,
    places: Places<'_>,
    offered: impl FnOnce() -> BTreeSet<String>,
) -> Option<Verdict> {
    let mut findings = load_time_sections(facts, places);
    let foreign = foreign_names(facts, task, places, offered);
    // What nobody has is no matter of the way to it.
    let nobodys: Vec<&Finding> = foreign.iter().filter(|one| one.code == Code::L003).collect();
    let is_nobodys = |name: &str| nobodys.iter().any(|one| one.sentence == no_such_name(name));
    findings.extend(nobodys.iter().copied().cloned());
    findings.extend(references(facts, task, places, is_nobodys));
    findings.extend(misplaced_addresses(facts, places));
    if findings.is_empty() {
        findings = foreign;
    }
    if !findings.is_empty() {
        return Some(Verdict::stopped(Outcome::NotLinked, findings));
    }
    if let Some(finding) = no_init(facts, &task.module, places) {
        return Some(Verdict::stopped(Outcome::NotImported, vec![finding]));
    }
    let note = (!facts.stack_note).then(no_stack_note)?;
    Some(Verdict::stopped(Outcome::NotLinked, vec![note]))
}

/// Sections that code may not have: they would run while the file is loaded, could be written
/// while they run, or would go into what the linker makes for the loader.
fn load_time_sections(facts: &ObjectFacts, places: Places<'_>) -> Vec<Finding> {
    const RUN_AT_LOAD: [&str; 6] =
        [".init_array", ".fini_array", ".preinit_array", ".ctors", ".dtors", ".init"];
    const LINKERS: [&str; 11] = [
        ".dynamic",
        ".dynsym",
        ".dynstr",
        ".hash",
        ".gnu.hash",
        ".rela.dyn",
        ".rela.plt",
        ".got",
        ".got.plt",
        ".plt",
        ".interp",
    ];
    let mut findings = Vec::new();
    for section in &facts.sections {
        if findings.len() == MOST_FINDINGS {
            return findings;
        }
        let place = section.line.as_ref().map(|line| places.of_line(line));
        let name = &section.name;
        if RUN_AT_LOAD.iter().any(|run| name == run || name.starts_with(&format!("{run}."))) {
            let sentence =
                format!("the section `{name}` holds code that runs before any check can");
            findings.push(Finding::new(Code::L008, sentence).at(place));
        } else if section.executable && section.writable {
            let sentence = format!("the section `{name}` can be written and executed at once");
            findings.push(Finding::new(Code::L009, sentence).at(place));
        } else if section.executable && name != ".text" && !name.starts_with(".text.") {
            let sentence = format!("the section `{name}` holds code; code belongs into `.text`");
            findings.push(Finding::new(Code::L009, sentence).at(place));
        } else if LINKERS.contains(&name.as_str()) {
            let sentence = format!("the section `{name}` is the linker's own");
            findings.push(
                Finding::new(Code::L009, sentence)
                    .at(place)
                    .detail(
                        "The linker makes it for whoever loads the file. What you put there would \
                         stand among its own entries.",
                    )
                    .hint("constants belong into `.rodata`, variables into `.data` or `.bss`"),
            );
        } else if name.ends_with(':') {
            let known = name.trim_end_matches(':');
            let sentence = format!("the section is called `{name}`, with the colon");
            findings.push(
                Finding::new(Code::L009, sentence)
                    .detail(
                        "Labels end in a colon and sections do not. nasm takes the colon as a part \
                         of the name and makes a section that nobody can write to.",
                    )
                    .hint(format!("write `section {known}`")),
            );
        }
    }
    for name in ["_init", "_fini"] {
        if facts.globals.iter().any(|global| global == name) {
            let sentence = format!("a global `{name}` is called while the file is loaded");
            findings.push(Finding::new(Code::L008, sentence));
        }
    }
    findings
}

/// Addresses in data that the loader cannot fill in, each label once.
fn misplaced_addresses(facts: &ObjectFacts, places: Places<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for Misplaced { section, label, because } in &facts.misplaced {
        let what = label.as_ref().map_or_else(|| format!("`{section}`"), |at| format!("`{at}`"));
        let place = label.as_ref().and_then(|label| places.of_label(label));
        let finding = match because {
            Because::ReadOnly => {
                let sentence = format!("{what} holds an address, and `{section}` is read-only");
                Finding::new(Code::L011, sentence).hint("put what holds addresses into `.data`")
            }
            Because::TooShort(bytes) => {
                let sentence = format!("{what} has {bytes} bytes for an address of 8");
                Finding::new(Code::L011, sentence)
                    .hint("`dq name` makes 8 bytes of a label's address")
            }
        };
        let finding = finding.at(place).detail(
            "A shared object is loaded at another address in every process. The loader writes each \
             address that stands in its data, all 8 bytes of it, when it knows where the file is.",
        );
        if !findings.iter().any(|known| known.sentence == finding.sentence) {
            findings.push(finding);
        }
    }
    findings
}

/// The ways in which code reaches a name and should not, the first lines first.
fn references(
    facts: &ObjectFacts,
    task: &Task,
    places: Places<'_>,
    is_nobodys: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let globals: HashSet<&str> = facts.globals.iter().map(String::as_str).collect();
    let own_global =
        |reference: &Reference| reference.defined && globals.contains(&*reference.symbol);
    let mut wrong: Vec<(&Reference, Code)> = Vec::new();
    let mut seen = HashSet::new();
    for reference in &facts.references {
        if let Some(code) = fault_of_reach(reference, own_global(reference))
            && !is_nobodys(&reference.symbol)
            && seen.insert((code, reference.line.as_ref()))
        {
            wrong.push((reference, code));
        }
    }
    wrong.sort_by_key(|(reference, _)| reference.line.as_ref().map(|line| line.line));
    let first = wrong.into_iter().take(MOST_FINDINGS);
    let findings = first.map(|(reference, code)| {
        let place = reference.line.as_ref().map(|line| places.of_line(line));
        reach_finding(&reference.symbol, code, own_global(reference), task).at(place)
    });
    findings.collect()
}

/// What is wrong with how a reference reaches its name.
fn fault_of_reach(reference: &Reference, own_global: bool) -> Option<Code> {
    match reference.reach {
        Reach::Absolute => Some(Code::L002),
        Reach::Branch if own_global || !reference.defined => Some(Code::L001),
        // Only what is `common` is reached by its name here, and no part of a section.
        Reach::Relative if own_global => Some(Code::L007),
        Reach::Relative if !reference.defined => Some(Code::L006),
        _ => None,
    }
}

fn reach_finding(symbol: &str, code: Code, own_global: bool, task: &Task) -> Finding {
    match code {
        Code::L002 => Finding::new(
            code,
            format!("the address of {} stands in the code", named(symbol)),
        )
        .detail(
            "A shared object is loaded at another address in every process, so its code names \
                 places by their distance from itself.",
        )
        .hint(
            "`[rel name]` reaches what is at a label, and `lea rax, [rel name]` gives its address",
        ),
        Code::L001 if own_global => Finding::new(
            code,
            format!("`{symbol}` is global and is called without the PLT"),
        )
        .detail(
            "Another module may bring a function of that name, so the linker wants the call \
                     to go through its table.",
        )
        .hint(format!(
            "drop the line `global {symbol}`: only PyInit_{} has to be global",
            task.module
        )),
        Code::L001 => {
            Finding::new(code, format!("the call to `{symbol}` does not go through the PLT"))
                .detail(
                    "When nasm and ld run, nobody knows where the function will be. The procedure \
                     linkage table is filled in when Python loads the file.",
                )
                .hint(format!("`call {symbol} wrt ..plt`"))
        }
        Code::L007 => {
            let sentence =
                format!("`{symbol}` is common to all files, and is reached as this one's own");
            Finding::new(code, sentence)
                .detail(
                    "Another module may bring a variable of that name, so the linker refuses to fill \
                     in where this file's is.",
                )
                .hint("a variable of your own is a label in `.data` or `.bss`")
        }
        _ => Finding::new(code, format!("`{symbol}` is reached as if it were in this file"))
            .detail(
                "It lives in CPython, at an address that is known only when Python loads the file. \
                 The global offset table has that address.",
            )
            .hint(format!("`mov rax, [rel {symbol} wrt ..got]` gives its address")),
    }
}

/// Names that are reached rightly, and that nobody has or this exercise does without.
fn foreign_names(
    facts: &ObjectFacts,
    task: &Task,
    places: Places<'_>,
    offered: impl FnOnce() -> BTreeSet<String>,
) -> Vec<Finding> {
    let listed = |symbol: &str| task.api.as_ref().is_some_and(|api| api.contains(symbol));
    let foreign = |reference: &&Reference| {
        let symbol = &*reference.symbol;
        !reference.defined && !listed(symbol) && symbol != GOT_ITSELF
    };
    let mut seen = HashSet::new();
    let mut references: Vec<&Reference> = facts.references.iter().filter(foreign).collect();
    references.retain(|reference| seen.insert(&reference.symbol));
    if references.is_empty() {
        return Vec::new();
    }
    let offered = offered();
    // Where an exercise lists no names, all that CPython and the C library have are allowed.
    references.retain(|reference| task.api.is_some() || !offered.contains(&*reference.symbol));
    references.truncate(MOST_FINDINGS);
    let findings = references.into_iter().map(|reference| {
        let symbol = &*reference.symbol;
        let place = reference.line.as_ref().map(|line| places.of_line(line));
        let finding = if offered.contains(symbol) {
            let sentence = format!("`{symbol}` is not among the functions of this exercise");
            Finding::new(Code::L010, sentence).hint("the task says which functions it is about")
        } else {
            let names = task.api.iter().flatten().chain(&offered).map(String::as_str);
            let hint = match spelling::nearest(symbol, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "neither this CPython nor the C library has such a name".to_owned(),
            };
            Finding::new(Code::L003, no_such_name(symbol)).hint(hint)
        };
        finding.at(place)
    });
    findings.collect()
}

fn no_such_name(symbol: &str) -> String {
    format!("nobody defines `{symbol}`")
}

/// What assemblers call the offset table itself, which every module has.
const GOT_ITSELF: &str = "_GLOBAL_OFFSET_TABLE_";

/// A label is named by itself, and one of the file's own by its section.
fn named(symbol: &str) -> String {
    if symbol.starts_with('.') { format!("a place in `{symbol}`") } else { format!("`{symbol}`") }
}

fn no_init(facts: &ObjectFacts, module: &str, places: Places<'_>) -> Option<Finding> {
    let wanted = format!("PyInit_{module}");
    if facts.globals.contains(&wanted) {
        return None;
    }
    let finding = Finding::new(Code::M001, format!("the file offers no function `{wanted}`"))
        .detail(format!(
            "`import {module}` loads the file and looks for this one name, spelled exactly so, among \
             the names that the file declares `global`."
        ));
    if facts.locals.contains(&wanted) {
        return Some(
            finding.at(places.of_label(&wanted)).hint(format!(
                "the label is there, but it is the file's own: say `global {wanted}`"
            )),
        );
    }
    let hint = match spelling::nearest(&wanted, facts.globals.iter().map(String::as_str)) {
        Some(near) => format!("the file offers `{near}`: is that the name you meant?"),
        None => match facts.globals.iter().find(|name| name.starts_with("PyInit_")) {
            Some(other) => {
                format!("the file offers `{other}`, and the module is called `{module}`")
            }
            None => format!("`global {wanted}`, and a label of that name"),
        },
    };
    Some(finding.hint(hint))
}

fn no_stack_note() -> Finding {
    Finding::new(Code::L005, "the file does not say that its stack need not be executable")
        .detail(
            "Without the section `.note.GNU-stack`, a linker takes it that the file wants to run \
             code on the stack. glibc 2.41 and newer then refuse to load it, and older ones open the \
             stack of the whole process to attackers.",
        )
        .hint("the last line of every file: `section .note.GNU-stack noalloc noexec nowrite progbits`")
}

/// The verdict on an object that ld refused.
pub fn not_linked(messages: &[LinkerMessage]) -> Verdict {
    // Once ld knows what is wrong, the rest of what it says is about giving up.
    let known = |message: &&LinkerMessage| !matches!(message, LinkerMessage::Other(_));
    let says_why = messages.iter().any(|message| known(&message));
    let worth_it = messages.iter().filter(|message| !says_why || known(message));
    let findings = worth_it.take(3).map(|message| match message {
        LinkerMessage::Relocation { kind, symbol } => Finding::new(
            Code::L007,
            format!("the linker cannot fill in `{symbol}` in a shared object ({kind})"),
        )
        .hint("own data as `[rel name]`, CPython's functions as `wrt ..plt`, its variables as `wrt ..got`"),
        LinkerMessage::DefinedTwice(symbol) => {
            Finding::new(Code::L004, format!("`{symbol}` is defined twice"))
        }
        LinkerMessage::Other(text) => Finding::new(Code::L007, format!("the linker says: {text}")),
    });
    Verdict::stopped(Outcome::NotLinked, findings.collect())
}

/// The verdict on a shared object that must not be loaded.
pub fn not_loadable(facts: &SharedFacts) -> Option<Verdict> {
    let mut findings: Vec<Finding> = Vec::new();
    if !facts.load_time.is_empty() {
        let sentence = format!(
            "the file wants things done while it is loaded: {}",
            facts.load_time.join(", ")
        );
        findings.push(Finding::new(Code::L008, sentence));
    }
    if facts.writable_code {
        findings.push(Finding::new(
            Code::L009,
            "a part of the file can be written and executed at once",
        ));
    }
    (!findings.is_empty()).then(|| Verdict::stopped(Outcome::NotLinked, findings))
}
