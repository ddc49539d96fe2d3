//! Texts that run on into what stands behind them, as answers show it. Two labels in one text may
//! be meant, so nothing is said of a file that answers rightly.

use crate::check::{Places, faults};
use crate::host::image::SharedFacts;
use crate::model::comparison::Compared;
use crate::model::finding::{Code, Finding};

/// A text in the data that has no zero byte before the next label.
struct RunsOn<'a> {
    label: &'a str,
    next: &'a str,
    /// All that is read, up to the first zero byte.
    whole: &'a str,
}

/// The finding about a text that runs on into the next one, if an answer has both in one, and
/// should not.
pub(super) fn run_on(
    asked: &[Compared],
    facts: &SharedFacts,
    places: Places<'_>,
) -> Option<Finding> {
    let differing = || asked.iter().filter(|compared| !compared.matches());
    differing().next()?;
    let shows = |one: &RunsOn<'_>| {
        let has = |answer: &str| answer.contains(one.whole);
        differing().find(|compared| has(&compared.got_in_full) && !has(&compared.expected))
    };
    let (found, compared) = all(facts).find_map(|one| shows(&one).map(|shown| (one, shown)))?;
    let RunsOn { label, next, whole } = found;
    let asked = compared.statement.source.lines().next().unwrap_or_default();
    let sentence = format!("`{label}` does not end in a zero byte, and runs on into `{next}`");
    let shown = format!("The answer to `{asked}` has both in one: {whole}");
    let place = places.of_label(label);
    Some(faults::explained(Finding::new(Code::V012, sentence).at(place).detail(shown)))
}

/// The texts of the file that run on into the next label's bytes.
fn all(facts: &SharedFacts) -> impl Iterator<Item = RunsOn<'_>> {
    const LONGEST: usize = 200;
    facts.data_labels.windows(2).filter_map(|pair| {
        let [(start, label), (end, next)] = pair else { return None };
        let bytes = facts.data_at(*start)?;
        let own = usize::try_from(end - start).ok()?;
        let length = bytes.iter().take(LONGEST).position(|byte| *byte == 0)?;
        let whole = std::str::from_utf8(&bytes[..length]).ok()?;
        let printable = !whole.chars().any(char::is_control);
        (own > 0 && own < length && printable).then_some(RunsOn { label, next, whole })
    })
}
