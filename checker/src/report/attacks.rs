//! What became of the attack programs: a table for a terminal, and one for the book.

use std::fmt::Write as _;

use crate::model::attack::GROUPS;
use crate::model::attack::trial::{Confined, Trial, Unconfined};
use crate::report::style::{Ink, Role, WIDTH, harmless, wrap};

/// The widest name of an attack, with its group's letter, and the words for how it goes without
/// the sandbox and in it.
const NAME: usize = 25;
const WORKS: usize = 5;
const STOPPED: usize = 18;

/// The lines above the table: what the letters mean, and the columns.
pub fn head() -> String {
    let groups: Vec<String> =
        GROUPS.iter().map(|(letter, group)| format!("{letter} {group}")).collect();
    let mut text = wrap(&format!("Groups: {}.", groups.join(", ")), WIDTH).join("\n");
    text.push_str("\nAn attack `works` where nothing confines it.\n\n");
    let _ = writeln!(
        text,
        "{:NAME$} {:WORKS$} {:STOPPED$} contained by",
        "attack", "works", "in the sandbox"
    );
    text
}

/// One attack's line.
pub fn line(trial: &Trial, ink: Ink) -> String {
    let attack = &trial.attack;
    let name = format!("{} {}", attack.group, attack.name);
    let (works, works_role) = match &trial.unconfined {
        Unconfined::Works => ("yes", Role::Quiet),
        Unconfined::NotHere(_) | Unconfined::NotTried => ("n/a", Role::Quiet),
        Unconfined::DoesNothing(_) => ("NO", Role::Bad),
    };
    let (stopped, role) = match &trial.confined {
        Confined::Contained(how) => (how.clone(), Role::Quiet),
        Confined::Escaped(_) if trial.is_known() => ("gets through".to_owned(), Role::Quiet),
        Confined::Escaped(_) => ("ESCAPED".to_owned(), Role::Bad),
    };
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.chars().count()));
    let by = trial.by.join(", ");
    let fits = NAME + WORKS + STOPPED + 3 + by.len() <= WIDTH;
    let text = format!(
        "{name}{} {}{} {}{} {}",
        pad(&name, NAME),
        ink.paint(works_role, works),
        pad(works, WORKS),
        ink.paint(role, &stopped),
        pad(&stopped, STOPPED),
        if fits { by.as_str() } else { "" },
    );
    let mut text = format!("{}\n", text.trim_end());
    let mut explain = |what: &str| {
        for line in wrap(&harmless(what), WIDTH - 4) {
            let _ = writeln!(text, "    {line}");
        }
    };
    if !fits {
        explain(&format!("contained by each of {by}"));
    }
    if let Unconfined::DoesNothing(seen) = &trial.unconfined {
        explain(&format!("does nothing where nothing confines it: {seen}"));
    }
    if let Unconfined::NotHere(needs) = &trial.unconfined {
        explain(&format!("needs {needs}"));
    }
    match (&trial.confined, &attack.gains) {
        (Confined::Escaped(_), Some(gains)) => explain(&format!("known: it gains {gains}")),
        (Confined::Escaped(seen), None) => {
            explain(&format!("it {}; seen: {seen}", attack.tries));
        }
        (Confined::Contained(_), Some(_)) => explain("it was known to get through, and does not"),
        (Confined::Contained(_), None) => {}
    }
    text
}

/// The last lines: how many there were, and whether all are contained.
pub fn summary(trials: &[Trial], ink: Ink) -> String {
    let all = trials.len();
    let count = |is: &dyn Fn(&Trial) -> bool| trials.iter().filter(|trial| is(trial)).count();
    let contained = count(&Trial::is_contained);
    let known = count(&|trial| trial.is_known() && !trial.is_contained());
    let works = count(&|trial| trial.unconfined == Unconfined::Works);
    let idle = count(&|trial| matches!(trial.unconfined, Unconfined::DoesNothing(_)));
    let not_here = count(&|trial| matches!(trial.unconfined, Unconfined::NotHere(_)));
    let not_tried = count(&|trial| trial.unconfined == Unconfined::NotTried);
    let fine = trials.iter().all(Trial::is_fine);
    let role = if fine { Role::Good } else { Role::Bad };
    let head = format!("{contained} of {all} attacks are contained");
    let mut text = format!("\n{}", ink.paint(role, &head));
    let _ = write!(text, "; {works} were seen to work without the sandbox");
    for (number, words) in [
        (known, "known to get through"),
        (not_here, "cannot work on this machine"),
        (not_tried, "were not tried without it, because this system gives no namespaces"),
        (idle, "do not do what they say"),
    ] {
        if number > 0 {
            let _ = write!(text, ", {number} {words}");
        }
    }
    let lines = wrap(&text, WIDTH);
    format!("\n{}.\n", lines.join("\n").trim_start())
}

/// The table for the book, in Markdown.
pub fn markdown(trials: &[Trial]) -> String {
    let mut text = String::new();
    for (letter, group) in GROUPS {
        let mut trials = trials.iter().filter(|trial| trial.attack.group == letter).peekable();
        if trials.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "### {letter}: {group}\n");
        text.push_str("| attack | tries to | without | in the sandbox | contained by |\n");
        text.push_str("|---|---|---|---|---|\n");
        for trial in trials {
            let works = match &trial.unconfined {
                Unconfined::Works => "works",
                Unconfined::NotHere(_) => "not here",
                Unconfined::NotTried => "not tried",
                Unconfined::DoesNothing(_) => "does nothing",
            };
            let stopped = match &trial.confined {
                Confined::Contained(how) => how.as_str(),
                Confined::Escaped(_) if trial.is_known() => "gets through",
                Confined::Escaped(_) => "**escaped**",
            };
            let by = match &trial.by[..] {
                [] => "–".to_owned(),
                names => names.join(", "),
            };
            let attack = &trial.attack;
            let tries = attack.tries.replace('|', "\\|");
            let _ = writeln!(text, "| `{}` | {tries} | {works} | {stopped} | {by} |", attack.name);
        }
        text.push('\n');
    }
    text
}

/// The same for programs: an array of objects.
pub fn json(trials: &[Trial]) -> String {
    let rows: Vec<serde_json::Value> = trials
        .iter()
        .map(|trial| {
            let (works, seen) = match &trial.unconfined {
                Unconfined::Works => ("works", None),
                Unconfined::NotHere(needs) => ("not here", Some(needs)),
                Unconfined::NotTried => ("not tried", None),
                Unconfined::DoesNothing(seen) => ("does nothing", Some(seen)),
            };
            let (contained, how) = match &trial.confined {
                Confined::Contained(how) => (true, how),
                Confined::Escaped(how) => (false, how),
            };
            serde_json::json!({
                "group": trial.attack.group.to_string(),
                "name": trial.attack.name,
                "tries": trial.attack.tries,
                "unconfined": works,
                "unconfined_because": seen,
                "contained": contained,
                "seen": how,
                "contained_by": trial.by,
                "known_to_gain": trial.attack.gains,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(rows))
}
