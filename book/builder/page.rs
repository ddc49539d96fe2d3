//! A page with its directives carried out, line by line, and where each line came from.

use std::path::{Path, PathBuf};

use crate::directive::{self, Directive, Part};
use crate::exercise::{self, Exercise};
use crate::highlight::Language;
use crate::problem::Problem;
use crate::workbook::Workbook;
use crate::{excerpt, listing, quiz};

/// An include inside an include inside an include is already one too many for a reader.
const DEEPEST_INCLUDE: usize = 4;

/// A page of Markdown with no directive left in it.
#[derive(Debug)]
pub struct Page {
    /// The page's file, from the root of the workbook.
    pub name: String,
    /// Its lines after the expansion.
    pub lines: Vec<Line>,
    /// The files that lines were taken from, in the order of their directives.
    pub included: Vec<PathBuf>,
}

/// One line of an expanded page.
#[derive(Debug)]
pub struct Line {
    /// The line, without its end.
    pub text: String,
    /// The line of the page, counted from 1, that this one is or stands for.
    pub at: usize,
    /// An index into `included`, if the line was taken from a file.
    pub included: Option<usize>,
}

impl Page {
    /// Carries out every directive of a page. What cannot be carried out is a problem.
    pub fn expand(workbook: &Workbook, path: &Path, text: &str) -> (Self, Vec<Problem>) {
        let page = Self { name: workbook.name_of(path), lines: Vec::new(), included: Vec::new() };
        let mut expansion = Expansion { workbook, page, problems: Vec::new(), fence: None };
        let folder = path.parent().unwrap_or(Path::new(""));
        for (index, line) in text.lines().enumerate() {
            let place = Place { folder, at: index + 1, included: None, depth: 0 };
            expansion.line(line, place);
        }
        (expansion.page, expansion.problems)
    }

    /// The page as Markdown.
    pub fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect()
    }
}

/// Where a line stands.
#[derive(Clone, Copy)]
struct Place<'path> {
    /// Paths in its directive begin here.
    folder: &'path Path,
    at: usize,
    included: Option<usize>,
    depth: usize,
}

struct Expansion<'workbook> {
    workbook: &'workbook Workbook,
    page: Page,
    problems: Vec<Problem>,
    /// The mark that opened the fenced block we are in.
    fence: Option<String>,
}

impl Expansion<'_> {
    fn line(&mut self, line: &str, place: Place<'_>) {
        let result = match directive::parse(line) {
            Ok(None) => {
                self.push(line, place);
                Ok(())
            }
            Ok(Some(directive)) => {
                let margin = &line[..line.find("{{").unwrap_or(0)];
                self.carry_out(&directive, margin, place)
            }
            Err(message) => Err(message),
        };
        if let Err(message) = result {
            let file = self.page.name.clone();
            self.problems.push(Problem { file, line: place.at, message });
        }
    }

    fn carry_out(
        &mut self,
        directive: &Directive<'_>,
        margin: &str,
        place: Place<'_>,
    ) -> Result<(), String> {
        let sentence = |error: anyhow::Error| error.to_string();
        let (lines, folder) = match *directive {
            Directive::Include { path, part } => return self.include(path, part, margin, place),
            _ if self.fence.is_some() => {
                return Err("only `{{#include}}` may stand in a block of code".to_owned());
            }
            Directive::Exercise { id } => {
                let exercise = Exercise::read(self.workbook, id).map_err(sentence)?;
                (markdown_of(&exercise), Some(exercise.folder))
            }
            Directive::Transcript { folder } => {
                let text = exercise::transcript(self.workbook, folder).map_err(sentence)?;
                (listing::html(Language::Console, &text, None), None)
            }
            Directive::Report { id, trap } => {
                let text = exercise::report(self.workbook, id, trap).map_err(sentence)?;
                let command = format!("$ cargo run -p checker {id}");
                (listing::html(Language::Console, &text, Some(&command)), None)
            }
            Directive::Quiz { chapter } => {
                let file = quiz::find(self.workbook, chapter).map_err(sentence)?;
                let (questions, problems) = quiz::read(self.workbook, &file).map_err(sentence)?;
                self.problems.extend(problems);
                (quiz::html(&questions), None)
            }
        };
        let folder = folder.as_deref().unwrap_or(place.folder);
        self.push(margin, place);
        for line in lines.lines() {
            self.line(&format!("{margin}{line}"), Place { folder, ..place });
        }
        self.push(margin, place);
        Ok(())
    }

    fn include(
        &mut self,
        target: &str,
        part: Part<'_>,
        margin: &str,
        place: Place<'_>,
    ) -> Result<(), String> {
        let path = place.folder.join(target);
        if place.depth == DEEPEST_INCLUDE {
            return Err(format!("{target} is included too deep; does it include itself?"));
        }
        let text = exercise::read(self.workbook, &path).map_err(|error| error.to_string())?;
        let lines = excerpt::take(&text, part)
            .map_err(|message| format!("{} {message}", self.workbook.name_of(&path)))?;
        self.page.included.push(path.clone());
        let included = Some(self.page.included.len() - 1);
        let folder = path.parent().unwrap_or(Path::new(""));
        for line in lines {
            let place = Place { folder, included, depth: place.depth + 1, ..place };
            self.line(&format!("{margin}{line}"), place);
        }
        Ok(())
    }

    fn push(&mut self, text: &str, place: Place<'_>) {
        self.follow_fence(text);
        let line = Line { text: text.to_owned(), at: place.at, included: place.included };
        self.page.lines.push(line);
    }

    /// Keeps `fence` true: a block ends at a mark of the same letter that is at least as long.
    fn follow_fence(&mut self, line: &str) {
        let line = line.trim_start_matches([' ', '\t', '>']).trim_end();
        let letter = line.chars().next().unwrap_or(' ');
        let length = line.chars().take_while(|&next| next == letter).count();
        if length < 3 || !matches!(letter, '`' | '~') {
            return;
        }
        match &self.fence {
            None => self.fence = Some(line[..length].to_owned()),
            Some(open) if line.len() == length && line.starts_with(open.as_str()) => {
                self.fence = None;
            }
            Some(_) => {}
        }
    }
}

/// The exercise as it stands on its page.
fn markdown_of(exercise: &Exercise) -> String {
    let Exercise { id, facts, task, .. } = exercise;
    let command = |line: String| listing::html(Language::Command, &line, None);
    let mut text = format!(
        "<section class=\"exercise\" aria-labelledby=\"{id}\">\n\n\
         ## <span class=\"exercise-id\">{id}</span> {title} {{#{id}}}\n\n\
         <p class=\"exercise-facts\">Exercise · {minutes} minutes · {points} points</p>\n\n\
         {task}\n\n\
         <p class=\"exercise-file\">Your file is <code>work/{id}.asm</code>. \
         The first check makes it from the starter.</p>\n\n\
         {check}\n\n",
        title = facts.title,
        minutes = facts.minutes,
        points = facts.points,
        task = task.trim(),
        check = command(format!("cargo run -p checker {id}")),
    );
    for (index, hint) in facts.hints.iter().enumerate() {
        text += &format!(
            "<details class=\"hint\"><summary>Hint {number}</summary>\n\n{hint}\n\n</details>\n\n",
            number = index + 1,
            hint = hint.trim(),
        );
    }
    if !facts.hints.is_empty() {
        text +=
            "<p class=\"exercise-file\">The checker gives the same hints, one at a time:</p>\n\n";
        text += &command(format!("cargo run -p checker -- hint {id}"));
    }
    text + "\n\n</section>\n"
}
