//! Did you mean …? The nearest name to a mistyped one.

/// The candidate nearest to `name`, if one is near enough to be what was meant.
/// Nearness is the Damerau–Levenshtein distance; a third of the name may differ.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit)
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The longest name that is looked up, in bytes: comparing two takes time by the product of their
/// lengths, and nasm takes names of 4095.
const LONGEST: usize = 100;
