//! The questions at the end of a chapter: what its `quiz.toml` asks, whether that makes sense, and
//! the forms that a page shows. A form needs no script; with one it is graded in the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd, html as cmark_html};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use serde::Deserialize;
use toml::Spanned;

use crate::exercise;
use crate::problem::Problem;
use crate::workbook::{Workbook, folders};

/// Fewer questions are no quiz.
const FEWEST_QUESTIONS: usize = 5;

/// The file's name in the folder of a chapter's pages.
pub const FILE: &str = "quiz.toml";

/// One question. Its texts are Markdown of one paragraph.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    prompt: Spanned<String>,
    /// The right one of the choices.
    answer: String,
    choices: Vec<String>,
    /// Why the answer is right.
    explain: String,
    /// Why each of the other choices is wrong.
    #[serde(default)]
    why: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    #[serde(default)]
    question: Vec<Question>,
}

/// The file with a chapter's questions; the chapter is named by its id, `ex05`.
pub fn find(workbook: &Workbook, chapter: &str) -> Result<PathBuf> {
    let mut known = Vec::new();
    for folder in folders(&workbook.pages()) {
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match name.split_once('_') {
            Some((id, _)) if id == chapter => return Ok(folder.join(FILE)),
            Some((id, _)) if folder.join(FILE).is_file() => known.push(id.to_owned()),
            _ => {}
        }
    }
    match known.as_slice() {
        [] => bail!("no chapter is called `{chapter}`, and no other has a {FILE}"),
        known => bail!("no chapter is called `{chapter}`; there are {}", known.join(", ")),
    }
}

/// Reads the questions of a file. What is wrong with them are problems at lines of that file.
pub fn read(workbook: &Workbook, path: &Path) -> Result<(Vec<Question>, Vec<Problem>)> {
    let text = exercise::read(workbook, path)?;
    let line = |at: usize| 1 + text[..at].matches('\n').count();
    let problem = |line, message| Problem { file: workbook.name_of(path), line, message };
    let questions = match toml::from_str(&text) {
        Ok(Questions { question }) => question,
        Err(error) => {
            let line = error.span().map_or(0, |span| line(span.start));
            return Ok((Vec::new(), vec![problem(line, error.message().to_owned())]));
        }
    };
    let mut problems = Vec::new();
    if questions.len() < FEWEST_QUESTIONS {
        let message = format!("asks {}; a quiz asks at least {FEWEST_QUESTIONS}", questions.len());
        problems.push(problem(0, message));
    }
    let mut prompts = BTreeSet::new();
    for question in &questions {
        let mut faults = faults(question);
        if !prompts.insert(question.prompt.as_ref()) {
            faults.push("asks what another question asks".to_owned());
        }
        let line = line(question.prompt.span().start);
        problems.extend(faults.into_iter().map(|message| problem(line, message)));
    }
    Ok((questions, problems))
}

fn faults(question: &Question) -> Vec<String> {
    let Question { prompt, answer, choices, explain, why } = question;
    let mut faults = Vec::new();
    if !choices.contains(answer) {
        faults.push(format!("the answer is no choice: {answer}"));
    }
    let mut seen = BTreeSet::new();
    for choice in choices {
        if !seen.insert(choice) {
            faults.push(format!("offers a choice twice: {choice}"));
        } else if choice != answer && !why.contains_key(choice) {
            faults.push(format!("does not say why this is wrong: {choice}"));
        }
    }
    for choice in why.keys() {
        if choice == answer {
            faults.push(format!("says why the answer is wrong: {choice}"));
        } else if !choices.contains(choice) {
            faults.push(format!("says why this is wrong, which is no choice: {choice}"));
        }
    }
    if seen.len() < 2 {
        faults.push("leaves no choice: there must be at least two".to_owned());
    }
    for text in choices.iter().chain(why.values()).chain([prompt.as_ref(), explain]) {
        faults.extend(inline(text).err());
    }
    faults
}

/// The questions as HTML, one form each, without a blank line.
pub fn html(questions: &[Question]) -> String {
    let mut html = String::from("<section class=\"quiz\" aria-label=\"Questions\">\n");
    for (index, question) in questions.iter().enumerate() {
        write_question(index + 1, question, &mut html);
    }
    html + "</section>\n"
}

fn write_question(number: usize, question: &Question, html: &mut String) {
    // A text that is no single paragraph is a problem, and the book is not built.
    let inline = |text: &str| inline(text).unwrap_or_default();
    let choices = shuffled(question);
    let mut radios = String::new();
    let mut reasons = String::new();
    for (value, choice) in choices.iter().enumerate() {
        let text = inline(choice);
        let _ = writeln!(
            radios,
            "<label><input type=\"radio\" name=\"choice\" value=\"{value}\" required> \
             <span>{text}</span></label>"
        );
        if let Some(why) = question.why.get(*choice) {
            let why = inline(why);
            let _ = writeln!(
                reasons,
                "<li><b>Not this one:</b> {text}<br><span data-choice=\"{value}\">{why}</span></li>"
            );
        }
    }
    let right = choices.iter().position(|choice| **choice == question.answer).unwrap_or_default();
    let _ = write!(
        html,
        "<form class=\"question\">\n\
         <fieldset>\n\
         <legend><span class=\"question-number\">{number}.</span> {prompt}</legend>\n\
         {radios}\
         </fieldset>\n\
         <button type=\"submit\" disabled>Check</button>\n\
         <p class=\"question-verdict\" aria-live=\"polite\"></p>\n\
         <details><summary>Answer</summary>\n\
         <ul>\n\
         <li><b>Right:</b> {answer}<br>\
         <span data-choice=\"{right}\" data-right>{explain}</span></li>\n\
         {reasons}\
         </ul>\n\
         </details>\n\
         </form>\n",
        prompt = inline(question.prompt.as_ref()),
        answer = inline(&question.answer),
        explain = inline(&question.explain),
    );
}

/// The choices in an order that depends on nothing but the texts, and not on where the author put
/// the right one.
fn shuffled(question: &Question) -> Vec<&String> {
    let mut choices: Vec<&String> = question.choices.iter().collect();
    choices.sort_by_key(|choice| (hash(&[question.prompt.as_ref(), choice]), *choice));
    choices
}

/// FNV-1a of 64 bits, and then the end of MurmurHash3, which mixes the high bits too: the same on
/// every machine and with every compiler.
fn hash(texts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in texts.iter().flat_map(|text| text.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// One paragraph of Markdown as HTML for the inside of a line.
fn inline(markdown: &str) -> Result<String, String> {
    let mut events = Vec::new();
    let mut paragraphs = 0;
    for event in new_cmark_parser(markdown, &MarkdownOptions::default()) {
        match event {
            Event::Start(Tag::Paragraph) => paragraphs += 1,
            Event::End(TagEnd::Paragraph) => {}
            Event::SoftBreak => events.push(Event::Text(" ".into())),
            Event::Text(_)
            | Event::Code(_)
            | Event::Start(Tag::Emphasis | Tag::Strong)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong) => events.push(event),
            _ => {
                return Err(format!(
                    "a text of a quiz holds words, `code` and *emphasis*, and nothing else: {markdown}"
                ));
            }
        }
    }
    if paragraphs != 1 {
        return Err(format!("a text of a quiz is one paragraph, and not {paragraphs}: {markdown}"));
    }
    let mut html = String::new();
    cmark_html::push_html(&mut html, events.into_iter());
    // mdBook looks for directives of its own behind us.
    Ok(html.replace('{', "&#123;"))
}
