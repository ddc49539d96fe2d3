//! Markdown for a terminal: text broken at 80 columns, code as it is, links with where they lead,
//! powers as Python writes them. Headings are underlined, so nothing is said by color alone.

use std::fmt::Write as _;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::report::style::{Ink, Role, WIDTH, wrap};

/// How far code is indented, where its widest line leaves room for that.
const CODE_INDENT: usize = 4;

/// The fewest columns in which text is broken, however far it is indented.
const NARROWEST: usize = 20;

/// The text for a terminal. `leads_to` names the place of a link's target, if it is worth naming.
pub fn render(markdown: &str, leads_to: impl Fn(&str) -> Option<String>, ink: Ink) -> String {
    let mut page = Page {
        ink,
        text: String::new(),
        inline: String::new(),
        lists: Vec::new(),
        marker: None,
        rows: Vec::new(),
        below_heading: false,
    };
    let mut target = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => target = leads_to(&dest_url),
            Event::End(TagEnd::Link) => {
                if let Some(place) = target.take().filter(|place| !page.inline.ends_with(&**place))
                {
                    let _ = write!(page.inline, " ({place})");
                }
            }
            event => page.take(event),
        }
    }
    page.text
}

/// What is drawn so far, and the block that is being read.
struct Page {
    ink: Ink,
    text: String,
    /// The text of the open paragraph, heading, cell or block of code.
    inline: String,
    /// The open lists, the outermost first: the next number of each that is numbered.
    lists: Vec<Option<u64>>,
    /// What stands before the first line of the next block: an item's dash or number.
    marker: Option<String>,
    /// The rows of the open table.
    rows: Vec<Vec<String>>,
    /// Whether the next block stands right below a heading.
    below_heading: bool,
}

impl Page {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => self.inline.push_str(&text),
            Event::Code(code) => {
                let _ = write!(self.inline, "`{code}`");
            }
            Event::SoftBreak | Event::HardBreak => self.inline.push(' '),
            Event::InlineHtml(html) if &*html == "<sup>" => self.inline.push_str("**"),
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.paragraph();
                if self.lists.is_empty() {
                    self.gap();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                });
            }
            Tag::CodeBlock(_) => self.paragraph(),
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Paragraph | TagEnd::Item => self.paragraph(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::CodeBlock => self.code(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline);
                self.rows.last_mut().expect("a cell stands in a row").push(cell);
            }
            TagEnd::Table => self.table(),
            _ => {}
        }
    }

    /// A blank line before a block, unless it is the first one, an item's, or below a heading.
    fn gap(&mut self) {
        let apart = !self.text.is_empty() && self.marker.is_none() && !self.below_heading;
        if apart && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.below_heading = false;
    }

    /// How far the blocks of the innermost item are indented.
    fn indent(&self) -> usize {
        self.lists.iter().map(|list| if list.is_some() { 3 } else { 2 }).sum()
    }

    fn heading(&mut self, level: HeadingLevel) {
        self.below_heading = false;
        self.gap();
        let title = std::mem::take(&mut self.inline);
        let line = if level == HeadingLevel::H1 { "=" } else { "-" };
        let line = line.repeat(title.chars().count());
        for part in [&title, &line] {
            let _ = writeln!(self.text, "{}", self.ink.paint(Role::Heading, part));
        }
        self.below_heading = true;
    }

    fn paragraph(&mut self) {
        if self.inline.trim().is_empty() {
            return;
        }
        self.gap();
        let marker = self.marker.take().unwrap_or_default();
        // From the tenth item on, a number is wider than the usual indent.
        let indent = self.indent().max(marker.len());
        let inline = std::mem::take(&mut self.inline);
        let room = WIDTH.saturating_sub(indent).max(NARROWEST);
        for (index, line) in wrap(&inline, room).iter().enumerate() {
            let before = if index == 0 { marker.as_str() } else { "" };
            let margin = indent - before.len();
            let _ = writeln!(self.text, "{:margin$}{before}{line}", "");
        }
    }

    fn code(&mut self) {
        self.gap();
        let code = std::mem::take(&mut self.inline);
        let widest = code.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        let indent = self.indent() + CODE_INDENT;
        let indent = if widest + indent <= WIDTH { indent } else { 0 };
        for line in code.lines() {
            let line = format!("{:indent$}{line}", "");
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
    }

    /// Columns beside each other, two spaces apart; the last one is broken where it is too wide.
    fn table(&mut self) {
        self.gap();
        let rows = std::mem::take(&mut self.rows);
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(WIDTH)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let before: usize = widths.iter().rev().skip(1).map(|width| width + 2).sum();
        let room = WIDTH.saturating_sub(before).max(NARROWEST);
        for (index, row) in rows.iter().enumerate() {
            let mut line = String::new();
            let Some((last, others)) = row.split_last() else { continue };
            for (cell, width) in others.iter().zip(&widths) {
                let _ = write!(line, "{cell:width$}  ");
            }
            for (part, last) in wrap(last, room).iter().enumerate() {
                let start = if part == 0 { line.clone() } else { " ".repeat(before) };
                let _ = writeln!(self.text, "{}", format!("{start}{last}").trim_end());
            }
            if index == 0 {
                let rule: Vec<String> =
                    widths.iter().map(|width| "-".repeat((*width).min(room))).collect();
                let _ = writeln!(self.text, "{}", rule.join("  "));
            }
        }
    }
}
