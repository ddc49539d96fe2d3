//! Every color of a text against what is behind it, in every theme: at least 4.5 to 1, the level
//! AA of the Web Content Accessibility Guidelines 2.2, section 1.4.3.

use std::collections::BTreeMap;
use std::fs;

use crate::fixture::Fixture;

const THEMES: &[&str] = &[".light", ".rust", ".navy", ".coal", ".ayu", "html:not(.js)"];

/// A text, and what is behind it.
const PAIRS: &[(&str, &str)] = &[
    ("--fg", "--bg"),
    ("--links", "--bg"),
    ("--quiet", "--bg"),
    ("--code-fg", "--code-bg"),
    ("--code-mnemonic", "--code-bg"),
    ("--code-register", "--code-bg"),
    ("--code-directive", "--code-bg"),
    ("--code-label", "--code-bg"),
    ("--code-number", "--code-bg"),
    ("--code-text", "--code-bg"),
    ("--code-comment", "--code-bg"),
    ("--code-error", "--code-bg"),
    ("--code-mnemonic", "--bg"),
    ("--code-label", "--bg"),
    ("--code-error", "--bg"),
    ("--quiet", "--code-bg"),
    ("--inline-code-color", "--code-bg"),
    ("--links", "--code-bg"),
    ("--sidebar-fg", "--sidebar-bg"),
    ("--sidebar-active", "--sidebar-bg"),
    ("--sidebar-non-existant", "--sidebar-bg"),
    ("--searchresults-header-fg", "--bg"),
    ("--icons", "--bg"),
    ("--blockquote-note-color", "--bg"),
    ("--blockquote-tip-color", "--bg"),
    ("--blockquote-important-color", "--bg"),
    ("--blockquote-warning-color", "--bg"),
    ("--blockquote-caution-color", "--bg"),
];

#[test]
fn every_text_stands_out_in_every_theme() {
    let css = style_sheets();
    let mut faint = Vec::new();
    for theme in THEMES {
        for dark_system in [false, true] {
            let colors = variables(&css, theme, dark_system);
            for (text, behind) in PAIRS {
                let ratio = contrast(color(&colors[*text]), color(&colors[*behind]));
                if ratio < 4.5 {
                    faint.push(format!("{theme}: {text} on {behind}: {ratio:.2}"));
                }
            }
        }
    }
    assert!(faint.is_empty(), "\n{}", faint.join("\n"));
}

/// mdBook's variables and ours, in the order in which a browser reads them.
fn style_sheets() -> String {
    let fixture = Fixture::with_page("# A page\n");
    let folder = book::publish::build(&fixture.workbook, None).unwrap();
    let sheet = |folder: &str, start: &str| {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut found = entries.filter(|path| {
            path.file_name().unwrap().to_string_lossy().starts_with(start)
                && path.extension().is_some_and(|ending| ending == "css")
        });
        fs::read_to_string(found.next().unwrap()).unwrap()
    };
    let folder = folder.to_str().unwrap();
    sheet(&format!("{folder}/css"), "variables") + &sheet(&format!("{folder}/theme"), "colors")
}

/// The variables of a theme: of every rule that names it, the last value.
fn variables(css: &str, theme: &str, dark_system: bool) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut media = String::new();
    let mut rest = without_comments(css);
    while let Some(at) = rest.find(['{', '}']) {
        let head = rest[..at].trim().to_owned();
        let closes = rest[at..].starts_with('}');
        rest = rest[at + 1..].to_owned();
        if closes {
            media.clear();
        } else if head.starts_with('@') {
            media = head;
        } else {
            let end = rest.find('}').unwrap();
            let applies = match media.as_str() {
                "" => true,
                media => media.contains("prefers-color-scheme: dark") && dark_system,
            };
            if applies && head.split(',').any(|selector| selector.trim() == theme) {
                for line in rest[..end].split(';') {
                    if let Some((name, value)) = line.split_once(':') {
                        found.insert(name.trim().to_owned(), value.trim().to_owned());
                    }
                }
            }
            rest = rest[end + 1..].to_owned();
        }
    }
    found
}

fn without_comments(css: &str) -> String {
    let mut kept = String::new();
    for (index, part) in css.split("/*").enumerate() {
        kept += if index == 0 { part } else { part.split_once("*/").unwrap().1 };
    }
    kept
}

/// Red, green and blue from 0 to 1, from `#rgb`, `#rrggbb` or `hsl(h, s%, l%)`.
fn color(text: &str) -> [f64; 3] {
    if let Some(digits) = text.strip_prefix('#') {
        let wide = if digits.len() == 3 { 1 } else { 2 };
        return [0, 1, 2].map(|index| {
            let part = digits[index * wide..(index + 1) * wide].repeat(3 - wide);
            f64::from(u8::from_str_radix(&part, 16).unwrap()) / 255.0
        });
    }
    let inside = text.strip_prefix("hsl(").unwrap().trim_end_matches(')');
    let part: Vec<f64> =
        inside.split(',').map(|part| part.trim().trim_end_matches('%').parse().unwrap()).collect();
    let (hue, saturation, lightness) = (part[0], part[1] / 100.0, part[2] / 100.0);
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset| {
        let k = (offset + hue / 30.0) % 12.0;
        lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

/// WCAG's contrast ratio.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |rgb: [f64; 3]| {
        let linear = rgb.map(|part| {
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
