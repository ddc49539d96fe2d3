//! `session.py`: the statements that the checker asks Python, in order.

/// How the answer to a statement is compared with the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Values by their `repr`, exceptions by their type.
    Type,
    /// As `Type`, and the exception's message too: the line ends in `# message`.
    Message,
}

/// One statement, which is one line and the indented lines below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What Python runs, without the mark.
    pub source: String,
    /// The line in `session.py` on which it begins, from 1.
    pub line: usize,
    /// How its answer is compared.
    pub compare: Compare,
}

impl Statement {
    /// The statement as the prompt would show it, with `>>> ` and `... `.
    pub fn prompted(&self) -> String {
        let mut text = String::new();
        for (index, line) in self.source.lines().enumerate() {
            text.push_str(if index == 0 { ">>> " } else { "... " });
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// Whether later statements may need what this one makes: an import, a definition, or an
/// assignment to plain names.
pub fn is_definition(source: &str) -> bool {
    let keywords = ["import ", "from ", "class ", "def ", "@", "async def "];
    if keywords.iter().any(|keyword| source.starts_with(keyword)) {
        return true;
    }
    let Some((names, value)) = source.split_once('=') else { return false };
    let plain = |c: char| c.is_alphanumeric() || "_, ".contains(c);
    !value.starts_with('=') && names.chars().all(plain)
}

const MARK: &str = "# message";

/// The statements of a session file. Blank lines and lines that begin with `#` are left out.
pub fn parse(text: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (source, compare) = match line.strip_suffix(MARK) {
            Some(before) => (before.trim_end(), Compare::Message),
            None => (line, Compare::Type),
        };
        match statements.last_mut() {
            // The mark on a line of its own belongs to the statement above.
            open if source.is_empty() => {
                if let Some(open) = open {
                    open.compare = compare;
                }
            }
            Some(open) if line.starts_with([' ', '\t']) => {
                open.source.push('\n');
                open.source.push_str(source);
                if compare == Compare::Message {
                    open.compare = compare;
                }
            }
            _ => statements.push(Statement { source: source.to_owned(), line: index + 1, compare }),
        }
    }
    statements
}

/// The modules that plain `import` and `from … import` statements name, in order, each once.
pub fn imported_modules(statements: &[Statement]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for statement in statements {
        let mut words = statement.source.split_whitespace();
        let (Some("import" | "from"), Some(name)) = (words.next(), words.next()) else {
            continue;
        };
        let name = name.trim_end_matches([',', ';']).to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
