//! `checker trace ex05c "multiply(2, 4)"`: one statement, step by step.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{execute, queue};

use crate::check::{self, Built, Task};
use crate::cli::{Terminal, TraceArguments};
use crate::commands::machine::{self, Consent, Purpose};
use crate::commands::{Status, Stop, say, select_one, workbook};
use crate::host::scratch::Scratch;
use crate::host::source::{self, Source};
use crate::host::toolchain;
use crate::host::tracer::{self, Bounds, Glue, NotTraced, Subject};
use crate::host::workbook::Workbook;
use crate::host::worker::{Ended, Guest};
use crate::host::zygote::{Layout, Zygote};
use crate::model::protocol::{Reply, Request};
use crate::model::session::{self, Compare};
use crate::model::signal;
use crate::model::trace::Recording;
use crate::model::workbook::Exercise;
use crate::report::stepper::{Key, Next, Stepper};
use crate::report::style::Ink;
use crate::report::terminal::{self as reports, Subject as Reported};
use crate::report::trace;

/// How long a traced statement may take.
const LONGEST: Duration = Duration::from_secs(60);

/// Records one statement and shows it: in the terminal to step through, otherwise as a listing,
/// or as JSON.
pub(crate) fn run(arguments: &TraceArguments, terminal: Terminal) -> anyhow::Result<Status> {
    let book = workbook()?;
    let exercise = select_one(&book, &arguments.id)?;
    machine::ensure(Purpose::Learning, Consent::Ask, terminal)?;
    let task = Task::of(exercise, &book)?;
    let asked: Vec<String> = arguments.python.iter().cloned().collect();
    let pythons = machine::pythons(&asked)?;
    let [python] = &pythons[..] else {
        return Err(Stop::usage("`trace` takes one CPython", "for example `--python 3.12`"));
    };
    let mut zygote =
        Zygote::start_in(python, &task.preload(), toolchain::strictest().layers(), Layout::Fixed)?;
    let file = arguments.file.clone().unwrap_or_else(|| book.work_file(exercise.id));
    let shown = source::shown(&file, &book.root);
    let hint = format!("`cargo run -p checker -- {}` makes the file", exercise.id);
    let source =
        source::read(&file, &shown).map_err(|error| Stop::usage(error.to_string(), hint))?;
    let folder = Scratch::new()?;
    let built = match check::build(&task, &source, folder.path(), &mut zygote)? {
        Ok(built) => built,
        Err(verdict) => {
            let python = zygote.hello()?.version.clone();
            let id = exercise.id.to_string();
            let subject = Reported { id: &id, module: &exercise.manifest.module, file: None };
            let results = [reports::Result { python, verdict }];
            say(&reports::report(subject, &results, terminal.ink))?;
            return Ok(Status::NotPassed);
        }
    };
    let python = zygote.hello()?.version.clone();
    let file_name = format!("{}.asm", task.name);
    let mut tracing = Tracing {
        task: &task,
        built: &built,
        zygote,
        subject: Subject {
            shared: &built.shared,
            facts: &built.facts,
            file: &file_name,
            python: &python,
            glue: if arguments.glue { Glue::Stepped } else { Glue::Passed },
        },
        bounds: Bounds {
            first: arguments.keep.max(1),
            last: arguments.keep.max(1),
            steps: arguments.steps,
            wall: LONGEST,
        },
    };
    let failing = match arguments.statement {
        Some(_) => None,
        None => check::run(&task, &built, &source, &mut tracing.zygote)?.first,
    };
    let failing = failing.and_then(|index| task.statements.get(index));
    let failing = failing.map(|statement| statement.source.as_str());
    let recorded = tracing.record(arguments.statement.as_deref().or(failing))?;
    let recording = with_sources(recorded, &book, exercise, &source);
    if arguments.json {
        say(&serde_json::to_string(&recording)?)?;
        say("\n")?;
    } else if terminal.answers && !recording.steps.is_empty() {
        step_through(&recording, terminal.ink)?;
    } else {
        say(&trace::listing(&recording, terminal.ink))?;
    }
    Ok(Status::Passed)
}

/// Shows the recording in the terminal until somebody has seen enough.
fn step_through(recording: &Recording, ink: Ink) -> io::Result<()> {
    let mut stepper = Stepper::new(recording);
    let _screen = Screen::enter()?;
    loop {
        let (width, height) = crossterm::terminal::size()?;
        let rows = stepper.draw(width.into(), height.into(), ink);
        let mut out = io::stdout().lock();
        for (row, text) in (0..).zip(&rows) {
            queue!(out, MoveTo(0, row), Clear(ClearType::CurrentLine))?;
            out.write_all(text.as_bytes())?;
        }
        queue!(out, Clear(ClearType::FromCursorDown))?;
        out.flush()?;
        drop(out);
        if let Event::Key(event) = crossterm::event::read()?
            && let Some(key) = key(event)
            && stepper.press(key) == Next::Quit
        {
            return Ok(());
        }
    }
}

/// The terminal while it is ours: raw, and on its other screen.
struct Screen;

impl Screen {
    fn enter() -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        // Made first, so that a failure below gives the terminal back.
        let screen = Self;
        execute!(io::stdout(), EnterAlternateScreen, Hide)?;
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(io::stdout(), Show, LeaveAlternateScreen);
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// The stepper's word for a key of the terminal's.
fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    // In raw mode Ctrl-C is a key.
    if event.modifiers.contains(KeyModifiers::CONTROL) {
        return matches!(event.code, KeyCode::Char('c' | 'd')).then_some(Key::Quit);
    }
    Some(match event.code {
        KeyCode::Right | KeyCode::Down => Key::Forward,
        KeyCode::Left | KeyCode::Up => Key::Backward,
        KeyCode::Home => Key::First,
        KeyCode::End => Key::Last,
        KeyCode::PageDown => Key::FarForward,
        KeyCode::PageUp => Key::FarBackward,
        KeyCode::Enter => Key::Confirm,
        KeyCode::Esc => Key::Cancel,
        KeyCode::Backspace => Key::Erase,
        KeyCode::Char(c) => Key::Character(c),
        _ => return None,
    })
}

/// What one trace is made with.
struct Tracing<'a> {
    task: &'a Task,
    built: &'a Built,
    zygote: Zygote,
    subject: Subject<'a>,
    bounds: Bounds,
}

impl Tracing<'_> {
    /// The recording of what was asked for: `import`, a statement, or without one the first
    /// question of the session that has anything to do with the learner's code.
    fn record(&mut self, asked: Option<&str>) -> anyhow::Result<Recording> {
        let mut questions = self.task.statements.iter().map(|statement| statement.source.as_str());
        let first = questions.find(|source| !session::is_definition(source));
        let statement = asked.or(first).unwrap_or("import").trim();
        if statement == "import" {
            return self.import();
        }
        match self.statement(statement)? {
            Some(recording) if asked.is_some() || !recording.steps.is_empty() => Ok(recording),
            // The import fails, or has all of the steps.
            _ => self.import(),
        }
    }

    fn import(&mut self) -> anyhow::Result<Recording> {
        let mut guest = self.zygote.guest()?;
        let request = self.task.import(self.built);
        let (mut recording, reply) = self.trace(&mut guest, &request)?;
        if let Ok(Reply::ImportFailed { type_name, message }) = reply {
            recording.answer = Some(format!("{type_name}: {message}"));
        }
        Ok(recording)
    }

    /// The recording of a statement; nothing where the import does not work.
    fn statement(&mut self, statement: &str) -> anyhow::Result<Option<Recording>> {
        let mut guest = self.zygote.guest()?;
        let import = self.task.import(self.built);
        if !matches!(guest.ask(&import, self.task.patience)?, Ok(Reply::Imported)) {
            return Ok(None);
        }
        let before = self.task.statements.iter().map(|statement| statement.source.as_str());
        let before = before.take_while(|source| *source != statement);
        let earlier: Vec<&str> = before.filter(|source| session::is_definition(source)).collect();
        for source in &earlier {
            let request = Request::Ask { source: (*source).to_owned() };
            if guest.ask(&request, self.task.patience)?.is_err() {
                let line = source.lines().next().unwrap_or_default();
                let hint = format!("`checker trace {} \"{line}\"` shows it", self.task.name);
                return Err(Stop::usage(format!("`{line}`, which comes before, crashes"), hint));
            }
        }
        let request = Request::Ask { source: statement.to_owned() };
        let (mut recording, reply) = self.trace(&mut guest, &request)?;
        if let Ok(Reply::Answered(answer)) = reply {
            let text = answer.text(Compare::Message);
            recording.answer = Some(text).filter(|text| !text.is_empty());
        }
        recording.add_python_source(statement, &earlier);
        Ok(Some(recording))
    }

    /// Traces one request; where nothing can be traced, runs it all the same and says both.
    fn trace(
        &self,
        guest: &mut Guest,
        request: &Request,
    ) -> anyhow::Result<(Recording, Result<Reply, Ended>)> {
        match tracer::record(guest, request, &self.subject, self.bounds) {
            Ok(recorded) => Ok(recorded),
            Err(error @ NotTraced::Refused(_)) => {
                let reply = guest.ask(request, self.task.patience)?;
                let what = format!("{error}; without the trace: {}", in_words(&reply));
                Err(Stop::not_ready(what, error.hint()))
            }
            Err(error @ NotTraced::Io(_)) => Err(error.into()),
        }
    }
}

/// What came of a request, in a few words.
fn in_words(reply: &Result<Reply, Ended>) -> String {
    match reply {
        Ok(Reply::Answered(answer)) => match answer.text(Compare::Message) {
            text if text.is_empty() => "it gives no value".to_owned(),
            text => format!("Python's answer is {text}"),
        },
        Ok(Reply::ImportFailed { type_name, message }) => {
            format!("the import raises {type_name}: {message}")
        }
        Ok(_) => "the import works".to_owned(),
        Err(Ended::Signal(number)) => {
            let (name, meaning) = signal::in_words(*number);
            format!("it crashes: {meaning} ({name})")
        }
        Err(Ended::Exited(status)) => format!("it ends the process, with status {status}"),
        Err(Ended::TimedOut) => "it gives no answer in time".to_owned(),
        Err(Ended::BrokeProtocol) => "it disturbs the connection to the checker".to_owned(),
    }
}

/// The recording with the text of the learner's file, and of what it includes.
fn with_sources(
    mut recording: Recording,
    book: &Workbook,
    exercise: &Exercise,
    source: &Source,
) -> Recording {
    recording.add_source(&format!("{}.asm", exercise.id), &source.text);
    let others: Vec<PathBuf> =
        recording.files.iter().skip(1).map(|file| book.include().join(&file.name)).collect();
    for path in others {
        // Only files that lie in the folder of includes: a name in DWARF is anybody's.
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Ok(text) = fs::read_to_string(book.include().join(&name)) {
            recording.add_source(&name, &text);
        }
    }
    recording
}
