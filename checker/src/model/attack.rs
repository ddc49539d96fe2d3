//! The sandbox's own tests: what the head of an attack program says. `checker/attacks/README.md`
//! describes the format.

pub mod trial;

use std::collections::BTreeSet;
use std::str::FromStr;

/// One program that tries what a sandbox has to prevent.
#[derive(Clone, Debug)]
pub struct Attack {
    /// The group's letter, `A` to `K`.
    pub group: char,
    /// The file's name without `.asm`.
    pub name: String,
    /// What it tries, in one sentence.
    pub tries: String,
    /// What shows that it worked, where nothing confines it.
    pub works: Sign,
    /// What is to be seen instead in the sandbox: one of these.
    pub contained: Vec<Stop>,
    /// The functions that the file may import, where that is what is tested.
    pub allowed: Option<BTreeSet<String>>,
    /// What a machine must have for the attack to work at all.
    pub needs: Option<String>,
    /// What it is known to gain in the sandbox: nobody has found a way to contain it yet.
    pub gains: Option<String>,
}

/// What shows that an attack worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `run()` gives this number.
    RunIs(i64),
    /// `run()` gives this number in a second guest, after a first one has run.
    SecondRunIs(i64),
    /// The guest exits with this status before it has answered.
    Exits(i32),
    /// Nothing comes, however long one waits.
    NoAnswer,
    /// The file `canary` is not what it was.
    CanaryChanges,
    /// A file of this name is there.
    FileAppears(String),
    /// The process in the checker's place is ended.
    CheckerDies,
    /// The process in the checker's place stands still.
    CheckerStops,
    /// The interpreter that makes the guests is ended.
    ZygoteDies,
    /// A process is left when guest and checker are gone.
    ProcessStays,
    /// Tests inside the learner's process, which believe what they see there, pass it.
    Believed,
    /// The checker itself, without a sandbox, passes it.
    Passes,
    /// What the guest sends is not the one reply to the one request.
    BreaksProtocol,
    /// Its answer, or what it prints, holds this text.
    Says(String),
    /// It prints more than so many bytes.
    Prints(u64),
    /// The object that nasm makes holds the text.
    ObjectHolds(Words),
    /// nasm does not come to an end.
    NasmDoesNotEnd,
    /// nasm's object and messages have more than so many bytes.
    NasmWrites(u64),
    /// nasm takes more than so many megabytes of memory.
    NasmTakes(u64),
}

/// A text that must not get out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// What the file `secret` holds.
    Secret,
    /// This.
    Of(String),
}

/// How an attack is stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Before anything runs, with the finding of this code.
    Refused(String),
    /// The system call fails with this error, which `run()` returns.
    Errno(String),
    /// The signal of this name ends the guest.
    Signal(String),
    /// The checker's deadline ends the guest.
    TimeLimit,
    /// The checker ends the guest because it does not keep to the protocol.
    BrokenProtocol,
    /// The checker does not pass it.
    NotPassed,
    /// The checker's report is text that does no harm.
    HarmlessReport,
    /// The import raises.
    ImportFails,
    /// It answers, or nasm makes its object, and what it wanted did not happen.
    InVain,
    /// nasm ends with an error.
    NasmRefuses,
    /// nasm is ended, by a limit on its time, memory or output.
    NasmStopped,
}

/// The names of the groups, by letter.
pub const GROUPS: [(char, &str); 11] = [
    ('A', "assembling"),
    ('B', "loading"),
    ('C', "forged results"),
    ('D', "files"),
    ('E', "processes"),
    ('F', "network"),
    ('G', "resources"),
    ('H', "the next run"),
    ('I', "reports"),
    ('J', "leaks"),
    ('K', "evasion"),
];

impl Attack {
    /// The attack of a file, from the name of its folder, its own name, and its text; or what is
    /// wrong with its head.
    pub fn parse(folder: &str, name: &str, text: &str) -> Result<Self, String> {
        let letter = folder.chars().next().unwrap_or(' ').to_ascii_uppercase();
        if !GROUPS.iter().any(|(known, _)| *known == letter) {
            return Err(format!("`{folder}` begins with no group's letter"));
        }
        let mut lines = text.lines().map_while(|line| line.strip_prefix("; "));
        let mut field = |name: &str| {
            let line = lines.next().and_then(|line| line.split_once(": "));
            line.filter(|(field, _)| *field == name).map(|(_, value)| value)
        };
        let mut needed = |name: &str| field(name).ok_or(format!("there is no line `; {name}: …`"));
        let tries = needed("attack")?.to_owned();
        let works = needed("works")?;
        let contained = needed("contained")?;
        let mut attack = Self {
            group: letter,
            name: name.to_owned(),
            tries,
            works: works.parse().map_err(|()| format!("`{works}` is no sign"))?,
            contained: contained
                .split(" or ")
                .map(|stop| stop.parse().map_err(|()| format!("`{stop}` is no way to be stopped")))
                .collect::<Result<_, _>>()?,
            allowed: None,
            needs: None,
            gains: None,
        };
        for line in lines {
            match line.split_once(": ") {
                Some(("allowed", names)) => {
                    attack.allowed = Some(names.split(", ").map(str::to_owned).collect());
                }
                Some(("needs", what)) => attack.needs = Some(what.to_owned()),
                Some(("gains", what)) => attack.gains = Some(what.to_owned()),
                _ => return Err(format!("`; {line}` is no field")),
            }
        }
        Ok(attack)
    }

    /// Whether the file is for nasm only, and no module.
    pub fn is_for_nasm(&self) -> bool {
        matches!(
            self.works,
            Sign::ObjectHolds(_) | Sign::NasmDoesNotEnd | Sign::NasmWrites(_) | Sign::NasmTakes(_)
        )
    }
}

impl FromStr for Sign {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |before: &str, after: &str| {
            let digits = text.strip_prefix(before)?.strip_suffix(after)?;
            digits.parse::<i64>().ok()
        };
        let count = |before, after| number(before, after).and_then(|n| u64::try_from(n).ok());
        let quoted = |before: &str, after: &str| {
            let quoted = text.strip_prefix(before)?.strip_suffix(after)?;
            unescaped(quoted.strip_prefix('"')?.strip_suffix('"')?)
        };
        Ok(match text {
            "no answer comes" => Self::NoAnswer,
            "the canary changes" => Self::CanaryChanges,
            "the checker dies" => Self::CheckerDies,
            "the checker stops" => Self::CheckerStops,
            "the zygote dies" => Self::ZygoteDies,
            "a process stays" => Self::ProcessStays,
            "a believing grader passes it" => Self::Believed,
            "the checker passes it" => Self::Passes,
            "the guest breaks the protocol" => Self::BreaksProtocol,
            "the object holds the secret" => Self::ObjectHolds(Words::Secret),
            "nasm does not end" => Self::NasmDoesNotEnd,
            _ => {
                let status = number("the process exits with status ", "");
                None.or_else(|| number("run() is ", "").map(Self::RunIs))
                    .or_else(|| number("the second run() is ", "").map(Self::SecondRunIs))
                    .or_else(|| status.and_then(|n| i32::try_from(n).ok()).map(Self::Exits))
                    .or_else(|| quoted("the file ", " appears").map(Self::FileAppears))
                    .or_else(|| quoted("it says ", "").map(Self::Says))
                    .or_else(|| {
                        quoted("the object holds ", "").map(Words::Of).map(Self::ObjectHolds)
                    })
                    .or_else(|| count("it prints more than ", " bytes").map(Self::Prints))
                    .or_else(|| count("nasm writes more than ", " bytes").map(Self::NasmWrites))
                    .or_else(|| count("nasm takes more than ", " MB").map(Self::NasmTakes))
                    .ok_or(())?
            }
        })
    }
}

impl FromStr for Stop {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let name = |before| {
            let name = text.strip_prefix(before)?;
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
            (!name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
        };
        Ok(match text {
            "time limit" => Self::TimeLimit,
            "broken protocol" => Self::BrokenProtocol,
            "not passed" => Self::NotPassed,
            "harmless report" => Self::HarmlessReport,
            "import fails" => Self::ImportFails,
            "in vain" => Self::InVain,
            "nasm refuses" => Self::NasmRefuses,
            "nasm is stopped" => Self::NasmStopped,
            _ => {
                let refused = name("refused ").map(Self::Refused);
                let errno = || name("errno ").map(Self::Errno);
                let signal = || name("signal ").map(Self::Signal);
                refused.or_else(errno).or_else(signal).ok_or(())?
            }
        })
    }
}

/// A text without its escapes, which are those of Rust, and `\e` for the escape character.
fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mut characters = after.chars();
        plain.push(match characters.next()? {
            'e' => '\u{1b}',
            'n' => '\n',
            'r' => '\r',
            '0' => '\0',
            '"' => '"',
            '\\' => '\\',
            'u' => {
                let (number, behind) = characters.as_str().strip_prefix('{')?.split_once('}')?;
                characters = behind.chars();
                char::from_u32(u32::from_str_radix(number, 16).ok()?)?
            }
            _ => return None,
        });
        rest = characters.as_str();
    }
    plain.push_str(rest);
    Some(plain)
}
