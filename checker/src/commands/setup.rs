//! `checker setup`: from a fresh machine to the first passed check.

use crate::cli::Terminal;
use crate::commands::check::Bench;
use crate::commands::machine::{self, Consent, Purpose};
use crate::commands::{Status, Stop, say, select, workbook};
use crate::host::toolchain;
use crate::report::style::Role;

/// Installs what is missing, grades our own solutions, and then the learner's files. Ends well
/// when the machine is ready, whatever the learner's files are worth.
pub(crate) fn run(
    ids: &[String],
    yes: bool,
    dev: bool,
    terminal: Terminal,
) -> anyhow::Result<Status> {
    let book = workbook()?;
    let first =
        [book.exercises().next().map_or_else(String::new, |exercise| exercise.id.to_string())];
    let exercises = select(&book, if ids.is_empty() { &first } else { ids })?;
    let purpose = if dev { Purpose::Developing } else { Purpose::SettingUp };
    let consent = if yes { Consent::Given } else { Consent::Ask };
    machine::ensure(purpose, consent, terminal)?;

    let python = machine::fitting();
    if let [path] = &python[..] {
        say(&format!("The python3 on the PATH does not fit, so this uses --python {path}\n\n"))?;
    }
    let mut bench = Bench::start(&book, &exercises, &python, toolchain::strictest())?;
    say("First our own solutions, to see that this machine can check:\n\n")?;
    for exercise in &exercises {
        if bench.grade(exercise, &exercise.solution(), terminal)? != Status::Passed {
            return Err(Stop::not_ready(
                format!("our solution of {} does not pass on this machine", exercise.id),
                "the report above says why; `cargo run -p checker -- doctor` looks at the machine",
            ));
        }
    }
    if dev {
        say("\nThe machine is ready. Next: cargo test --workspace\n")?;
        return Ok(Status::Passed);
    }
    say("\nThe machine is ready. Now your files:\n\n")?;
    bench.grade_all(&exercises, terminal, |_| ())?;
    let first = exercises.first().map_or_else(String::new, |exercise| exercise.id.to_string());
    let command = match &python[..] {
        [path] => format!("cargo run -p checker {first} --python {path}"),
        _ => format!("cargo run -p checker {first}"),
    };
    let next = terminal.ink.paint(Role::Heading, &command);
    say(&format!("\nOpen work/{first}.asm in your editor, and check it with\n    {next}\n"))?;
    Ok(Status::Passed)
}
