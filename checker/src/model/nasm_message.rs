//! nasm's messages: `file:line: error: text`, as nasm 2.15 to 3.x print them.

/// How nasm calls a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// `error`, `fatal`, `panic`
    Error,
    /// `warning`, also one that `-Werror` made an error
    Warning,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NasmMessage {
    /// The file as nasm names it.
    pub file: String,
    /// From 1; 0 where nasm names none.
    pub line: u32,
    /// Error or warning.
    pub severity: Severity,
    /// nasm's words, without the `[-w+…]` at the end.
    pub text: String,
    /// The class of a warning, such as `label-orphan`.
    pub class: Option<String>,
}

/// The messages in nasm's output, in its order. Lines of another form are left out.
pub fn parse(output: &str) -> Vec<NasmMessage> {
    output.lines().filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<NasmMessage> {
    const KINDS: [(&str, Severity); 4] = [
        (": error: ", Severity::Error),
        (": fatal: ", Severity::Error),
        (": panic: ", Severity::Error),
        (": warning: ", Severity::Warning),
    ];
    let (place, severity, text) = KINDS.iter().find_map(|(mark, severity)| {
        line.split_once(mark).map(|(place, text)| (place, *severity, text))
    })?;
    let (file, line) = match place.rsplit_once(':') {
        Some((file, number)) => (file, number.parse().ok()?),
        None => (place, 0),
    };
    let (text, class) = match text.rsplit_once(" [-w+") {
        Some((text, class)) => (text, Some(class.trim_end_matches(']'))),
        None => (text, None),
    };
    // `-Werror` prints `error: … [-w+error=label-orphan]`.
    let (severity, class) = match class.map(|class| class.strip_prefix("error=").unwrap_or(class)) {
        Some(class) => (Severity::Warning, Some(class.to_owned())),
        None => (severity, None),
    };
    Some(NasmMessage { file: file.to_owned(), line, severity, text: text.to_owned(), class })
}
