//! The lines of a file that an include takes. As mdBook's own rules, with one difference: an anchor
//! that is not there, or is not closed, is an error and not an empty listing.

use crate::directive::Part;

/// The lines of `text` that belong to `part`, without the marks of any anchor.
pub fn take<'text>(text: &'text str, part: Part<'_>) -> Result<Vec<&'text str>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let chosen = match part {
        Part::Whole => &lines[..],
        Part::Anchor(name) => between(&lines, name)?,
        Part::Lines { first, last } => {
            let last = last.unwrap_or(lines.len());
            if first == 0 || first > last || last > lines.len() {
                return Err(format!("has {} lines, and not {first} to {last}", lines.len()));
            }
            &lines[first - 1..last]
        }
    };
    let kept: Vec<&str> = chosen
        .iter()
        .copied()
        .filter(|line| mark(line, "ANCHOR:").is_none() && mark(line, "ANCHOR_END:").is_none())
        .collect();
    if kept.iter().all(|line| line.trim().is_empty()) {
        return Err("has nothing there but blank lines".to_owned());
    }
    Ok(kept)
}

fn between<'lines, 'text>(
    lines: &'lines [&'text str],
    name: &str,
) -> Result<&'lines [&'text str], String> {
    let Some(start) = lines.iter().position(|line| mark(line, "ANCHOR:") == Some(name)) else {
        let known: Vec<_> = lines.iter().filter_map(|line| mark(line, "ANCHOR:")).collect();
        return Err(match known.as_slice() {
            [] => format!("has no anchor `{name}`, and no other"),
            known => format!("has no anchor `{name}`; there are {}", known.join(", ")),
        });
    };
    let length = lines[start + 1..]
        .iter()
        .position(|line| mark(line, "ANCHOR_END:") == Some(name))
        .ok_or_else(|| format!("never closes its anchor `{name}` with `ANCHOR_END: {name}`"))?;
    Ok(&lines[start + 1..start + 1 + length])
}

/// The name behind `ANCHOR:` or `ANCHOR_END:` on this line.
fn mark<'text>(line: &'text str, word: &str) -> Option<&'text str> {
    let rest = line[line.find(word)? + word.len()..].trim_start();
    let end = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '-')
        .unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}
