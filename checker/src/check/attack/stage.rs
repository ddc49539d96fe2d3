//! The processes in which one attack is tried: the door, which closes the surroundings behind it;
//! the first process in there, which watches; and the one that plays the checker.
//!
//! Each is this program, started again. Orders come by standard input, what was seen goes to
//! standard output, a line of JSON from the checker's place and one from the process around it.

use std::fs;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use crate::check::attack::{Program, assembling, believing, patience, source, task};
use crate::check::{self, Built};
use crate::host::surroundings::{self, Fate};
use crate::host::worker::{Ended, Guest};
use crate::host::zygote::Zygote;
use crate::host::{child, image};
use crate::model::attack::trial::{Heard, Judged, Observed};
use crate::model::attack::{Attack, Sign, Stop};
use crate::model::isolation::Layers;
use crate::model::protocol::{Reply, Request};
use crate::model::transcript::Answer;
use crate::report::style::{Ink, WIDTH};
use crate::report::terminal::{self, Subject};

/// Whether a try has surroundings of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In namespaces.
    Apart,
    /// On the machine itself.
    Here,
}

/// Which of the processes this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Goes into the surroundings.
    Door(Place),
    /// The first process in there.
    First,
    /// In the checker's place.
    Checker,
}

/// The roles and their names on the command line.
const ROLES: [(Role, &str); 4] = [
    (Role::Door(Place::Apart), "apart"),
    (Role::Door(Place::Here), "here"),
    (Role::First, "first"),
    (Role::Checker, "checker"),
];

/// Who looks at the guest, and with which walls around it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Mode {
    /// A grader that believes what it sees, and no walls.
    Naive,
    /// The checker.
    Checked(Layers),
}

/// What is to be tried.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    /// `d_files/read_secret`
    pub(super) path: String,
    /// The attack's file.
    pub(super) text: String,
    /// How.
    pub(super) mode: Mode,
    /// The interpreter.
    pub(super) python: PathBuf,
    /// The folder with `attack.o` and `attack.so`.
    pub(super) built: PathBuf,
    /// `exercises/include`
    pub(super) include: PathBuf,
}

/// A line of what the stage writes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Line {
    /// What was seen from the checker's place.
    Checker(Box<Observed>),
    /// What was seen from around it.
    Around {
        /// What became of the process in the checker's place.
        fate: CheckerFate,
        /// Whether a process was left.
        process_stays: bool,
    },
    /// Our own mistake.
    Failed(String),
}

/// What became of the process in the checker's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum CheckerFate {
    /// It did its work.
    Lived,
    /// A signal ended it.
    Died,
    /// A signal stopped it.
    Stopped,
}

/// This program in a role.
pub(super) fn command(role: Role) -> io::Result<Command> {
    let (_, name) = ROLES.iter().find(|(known, _)| *known == role).expect("it has every role");
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["sandbox-stage", name]);
    child::end_with_parent(&mut command);
    Ok(command)
}

/// Plays the role of that name, if there is one: whether it went well.
pub fn play(name: &str) -> anyhow::Result<bool> {
    let role = ROLES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role);
    match role.with_context(|| format!("there is no role `{name}`"))? {
        Role::Door(place) => door(place),
        Role::First => first(),
        Role::Checker => {
            let line = match in_the_checkers_place() {
                Ok(Some(observed)) => Line::Checker(Box::new(observed)),
                Ok(None) => return Ok(true),
                Err(error) => Line::Failed(format!("{error:#}")),
            };
            tell(&line)?;
            Ok(true)
        }
    }
}

fn tell(line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    // Unbuffered, and in one piece: the next process writes to the same file.
    io::stdout().lock().write_all(&text)?;
    io::stdout().lock().flush()
}

fn door(place: Place) -> anyhow::Result<bool> {
    let mut first = command(Role::First)?;
    if place == Place::Apart {
        surroundings::enter()?;
        surroundings::be_first(&mut first);
    }
    Ok(first.status()?.success())
}

fn first() -> anyhow::Result<bool> {
    surroundings::adopt()?;
    let checker = command(Role::Checker)?.spawn()?;
    let pid = Pid::from_raw(i32::try_from(checker.id())?);
    let fate = match surroundings::await_fate(pid)? {
        Fate::Exited => CheckerFate::Lived,
        Fate::Killed => CheckerFate::Died,
        Fate::Stopped => CheckerFate::Stopped,
    };
    let process_stays = surroundings::end_leftovers()?;
    tell(&Line::Around { fate, process_stays })?;
    Ok(true)
}

fn in_the_checkers_place() -> anyhow::Result<Option<Observed>> {
    let Some(job) = serde_json::from_reader::<_, Option<Job>>(io::stdin().lock())? else {
        return Ok(None);
    };
    // Where others listen on the same port already, an attack meets those.
    let _listeners = surroundings::listen();
    let (folder, name) = job.path.split_once('/').context("a path has a folder")?;
    let attack = Attack::parse(folder, name, &job.text).map_err(anyhow::Error::msg)?;
    let mut seen = Observed::default();
    if attack.is_for_nasm() {
        seen.nasm = Some(assembling::assemble(&job, &attack)?);
        return Ok(Some(seen));
    }
    let layers = match job.mode {
        Mode::Naive => Layers::NONE,
        Mode::Checked(layers) => layers,
    };
    let mut zygote = Zygote::start(&job.python, &[], layers)?;
    let judges = [Stop::NotPassed, Stop::HarmlessReport];
    let judged = judges.iter().any(|stop| attack.contained.contains(stop));
    match (job.mode, &attack.works) {
        (Mode::Naive, Sign::Believed) => {
            believing::believe(&job, &attack, &mut zygote, &mut seen)?;
        }
        (Mode::Naive, Sign::Passes | Sign::Says(_)) => {
            judge(&job, &attack, &mut zygote, &mut seen)?;
        }
        (Mode::Checked(_), _) if judged => judge(&job, &attack, &mut zygote, &mut seen)?,
        _ => listen(&job, &attack, &mut zygote, &mut seen)?,
    }
    let pidfd = child::pidfd_open(zygote.pid())?;
    let soon = Instant::now() + Duration::from_millis(20);
    seen.zygote_died = child::wait_readable(pidfd.as_fd(), soon)?;
    Ok(Some(seen))
}

/// Asks the module for its answer, in two guests where the second is what matters.
fn listen(
    job: &Job,
    attack: &Attack,
    zygote: &mut Zygote,
    seen: &mut Observed,
) -> anyhow::Result<()> {
    let mut guest = zygote.guest()?;
    seen.heard = Some(ask(&mut guest, job, attack)?);
    let printed = guest.printed()?;
    seen.printed = guest.printed_length()?;
    seen.said.push_str(&printed);
    drop(guest);
    if matches!(attack.works, Sign::SecondRunIs(_)) {
        seen.second = Some(ask(&mut zygote.guest()?, job, attack)?);
    }
    Ok(())
}

/// The request to load the attack.
pub(super) fn import(job: &Job) -> Request {
    Request::Import {
        path: job.built.join("attack.so").to_string_lossy().into_owned(),
        module: "attack".to_owned(),
    }
}

fn ask(guest: &mut Guest, job: &Job, attack: &Attack) -> anyhow::Result<Heard> {
    let patience = patience(attack);
    match guest.ask(&import(job), patience)? {
        Ok(Reply::Imported) => {}
        Ok(Reply::ImportFailed { type_name, .. }) => return Ok(Heard::ImportFailed(type_name)),
        Ok(Reply::NotConfined(missing)) => return Err(missing.into()),
        Ok(_) => return Ok(Heard::BrokeProtocol),
        Err(ended) => return Ok(how_it_ended(&ended)),
    }
    let request = Request::Ask { source: "__import__('attack').run()".to_owned() };
    Ok(match guest.ask(&request, patience)? {
        Ok(Reply::Answered(Answer::Value(value))) => Heard::Answered(value.parse().ok()),
        Ok(Reply::Answered(Answer::Nothing)) => Heard::Answered(None),
        Ok(Reply::Answered(Answer::Raised { type_name, .. })) => Heard::Raised(type_name),
        Ok(_) => Heard::BrokeProtocol,
        Err(ended) => how_it_ended(&ended),
    })
}

fn how_it_ended(ended: &Ended) -> Heard {
    match ended {
        Ended::Signal(number) => Heard::Signal(*number),
        Ended::Exited(status) => Heard::Exited(*status),
        Ended::TimedOut => Heard::TimedOut,
        Ended::BrokeProtocol => Heard::BrokeProtocol,
    }
}

/// Has the checker conclude, and looks at its report.
fn judge(
    job: &Job,
    attack: &Attack,
    zygote: &mut Zygote,
    seen: &mut Observed,
) -> anyhow::Result<()> {
    let task = task(attack, &job.include);
    let program =
        Program { attack: attack.clone(), path: job.path.clone(), text: job.text.clone() };
    let source = source(&program);
    let (object, shared) = (job.built.join("attack.o"), job.built.join("attack.so"));
    let built = Built {
        facts: image::read_shared(&fs::read(&shared)?)?,
        object: image::read_object(&fs::read(object)?)?,
        shared,
    };
    let verdict = check::run(&task, &built, &source, zygote)?;
    for compared in &verdict.asked {
        seen.said.push_str(&compared.got_in_full);
        seen.said.push('\n');
    }
    seen.said.push_str(&verdict.printed);
    let subject = Subject { id: "attack", module: "attack", file: None };
    let results = [terminal::Result { python: "3".to_owned(), verdict: verdict.clone() }];
    let report = terminal::report(subject, &results, Ink::Plain);
    seen.judged = Some(Judged {
        passed: verdict.passed(),
        codes: verdict.findings.iter().map(|found| found.code.name().to_owned()).collect(),
        harm: harm(&report).map(str::to_owned),
    });
    Ok(())
}

/// What of a report could do harm to its reader's terminal, tools or patience.
fn harm(report: &str) -> Option<&'static str> {
    const LONGEST: usize = 16 * 1024;
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // Servers that run tests take such lines as orders, also where they are indented.
    let orders = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    let mut lines = report.lines();
    if report.len() > LONGEST {
        Some("is long")
    } else if report.chars().any(|c| c != '\n' && steers(c)) {
        Some("steers the terminal")
    } else if report.lines().any(|line| line.chars().count() > WIDTH) {
        Some("is wider than a page")
    } else if lines.any(orders) {
        Some("gives orders")
    } else {
        None
    }
}
