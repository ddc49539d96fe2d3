//! What a statement that is asked again and again leaves behind, as a finding.

use crate::check::faults;
use crate::model::finding::{Code, Finding};
use crate::model::protocol::Left;

/// The finding of what one statement leaves behind each time, if it does.
pub fn leak_finding(source: &str, left: Left) -> Option<Finding> {
    let asked = source.lines().next().unwrap_or_default();
    let rounded = |amount: f64| (amount >= 0.9).then(|| amount.round());
    if rounded(left.given_up).is_some() {
        let sentence = format!("each `{asked}` gives up a reference to a value that stands in it");
        return Some(faults::explained(Finding::new(Code::R002, sentence)));
    }
    if let Some(blocks) = rounded(left.blocks) {
        let count = if blocks == 1.0 { "1 object".to_owned() } else { format!("{blocks} objects") };
        let sentence = format!("each `{asked}` leaves {count} behind");
        return Some(
            Finding::new(Code::R001, sentence)
                .detail(
                    "A new reference is yours until you return it, give it to somebody who takes it, \
                     or give it up by `Py_DecRef`. One that is forgotten keeps its object for ever.",
                )
                .hint("which object do you get as a new reference and neither return nor give up?"),
        );
    }
    if rounded(left.kept).is_some() {
        let sentence = format!("each `{asked}` keeps a reference to a value that stands in it");
        return Some(
            Finding::new(Code::R001, sentence)
                .detail(
                    "Each `Py_IncRef` makes a reference that somebody has to give up: your caller, \
                     if you return it, or you.",
                )
                .hint("which `Py_IncRef` has no `Py_DecRef` and is not for the caller?"),
        );
    }
    let bytes = rounded(left.bytes / 16.0)? * 16.0;
    let sentence = format!("each `{asked}` leaves about {bytes} bytes of memory behind");
    Some(Finding::new(Code::R003, sentence).hint("what was allocated, and who frees it?"))
}
