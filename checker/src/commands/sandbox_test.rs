//! `checker sandbox-test`: does the sandbox hold on this machine?

use std::sync::Mutex;

use crate::check::attack::stage::{self, Place};
use crate::check::attack::{self, Depth, Program};
use crate::cli::{SandboxArguments, Terminal};
use crate::commands::machine::{self, Consent, Purpose};
use crate::commands::{Status, Stop, say, workbook};
use crate::host::toolchain;
use crate::model::isolation::Isolation;
use crate::report::attacks;

/// Tries the attack programs of `checker/attacks`, without a sandbox and in it.
pub(crate) fn run(arguments: &SandboxArguments, terminal: Terminal) -> anyhow::Result<Status> {
    let book = workbook()?;
    let programs = chosen(attack::programs(&book)?, &arguments.only)?;
    if let Some(missing) = toolchain::missing(Isolation::Strict.layers()) {
        return Err(missing.into());
    }
    machine::ensure(Purpose::learning(&arguments.python), Consent::Ask, terminal)?;
    let python = machine::pythons(&arguments.python)?.swap_remove(0);
    let apart = attack::has_surroundings()?;
    let place = if apart.is_ok() { Place::Apart } else { Place::Here };
    let depth = if arguments.quick { Depth::Both } else { Depth::EachLayer };
    let table = !arguments.json && !arguments.markdown;
    if table {
        if apart.is_err() {
            say(
                "This system gives no namespaces, so attacks that could harm it are tried in the\n\
                 sandbox only.\n\n",
            )?;
        }
        say(&attacks::head())?;
    }
    let failed = Mutex::new(None);
    let trials = attack::try_all(&programs, &book, &python, place, depth, |trial| {
        if table && let Err(error) = say(&attacks::line(trial, terminal.ink)) {
            failed.lock().expect("nobody panics while writing").get_or_insert(error);
        }
    })?;
    if let Some(error) = failed.into_inner().expect("nobody panics while writing") {
        return Err(error.into());
    }
    say(&match (arguments.json, arguments.markdown) {
        (true, _) => attacks::json(&trials),
        (_, true) => attacks::markdown(&trials),
        _ => attacks::summary(&trials, terminal.ink),
    })?;
    let fine = trials.iter().all(crate::model::attack::trial::Trial::is_fine);
    Ok(if fine { Status::Passed } else { Status::NotPassed })
}

/// Plays one role in a try: this program, started by itself.
pub(crate) fn play(role: &str) -> anyhow::Result<Status> {
    Ok(if stage::play(role)? { Status::Passed } else { Status::NotPassed })
}

/// The programs of the groups and names that were asked for; all of them where nothing was.
fn chosen(programs: Vec<Program>, only: &[String]) -> anyhow::Result<Vec<Program>> {
    let fits = |program: &Program, asked: &String| {
        let group = program.attack.group.to_string();
        group.eq_ignore_ascii_case(asked) || program.path.contains(asked.as_str())
    };
    if let Some(nobody) =
        only.iter().find(|asked| !programs.iter().any(|program| fits(program, asked)))
    {
        let hint = "give a group's letter, A to K, or a part of a name";
        return Err(Stop::usage(format!("no attack is called `{nobody}`"), hint));
    }
    let asked = |program: &Program| only.is_empty() || only.iter().any(|one| fits(program, one));
    Ok(programs.into_iter().filter(asked).collect())
}
