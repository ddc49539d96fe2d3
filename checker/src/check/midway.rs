//! Addresses within an instruction, where only the CPU sees another one begin. A jump there may be
//! a trick, so it explains what went wrong and is no fault by itself.

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction};

use crate::check::{Places, instruction};
use crate::host::image::SharedFacts;
use crate::model::finding::{Code, Finding, Place};

/// How the sentence begins about a CPU that stopped within an instruction.
const STOPPED: &str = "The CPU was not at the beginning of an instruction: what led here";

/// An address within an instruction of the learner's.
#[derive(Clone, Debug)]
pub(super) struct Midway {
    /// The line of the instruction.
    place: Place,
    /// How far behind its beginning the address is, in bytes.
    behind: u64,
    /// How many bytes it has.
    length: usize,
}

/// The instruction that holds the address and begins before it. Each line's code begins with one,
/// so nothing but the line itself has to be decoded.
pub(super) fn midway(address: u64, facts: &SharedFacts, places: Places<'_>) -> Option<Midway> {
    let is_label = facts.labels.binary_search_by_key(&address, |(at, _)| *at).is_ok();
    let start = facts.lines.start(address).filter(|start| *start < address && !is_label)?;
    let bytes = facts.bytes_at(start)?;
    let instruction = Decoder::with_ip(64, bytes, start, DecoderOptions::NONE)
        .into_iter()
        .take_while(|one| !one.is_invalid() && one.ip() < address)
        .find(|one| one.next_ip() > address)?;
    let place = places.of_code(address, facts)?;
    // Bytes that are written by hand may be an instruction, and may be anything.
    let is_code = place.text.as_deref().is_some_and(|text| !is_data(text));
    is_code.then(|| Midway { place, behind: address - instruction.ip(), length: instruction.len() })
}

/// Whether a line of assembly writes bytes down.
fn is_data(line: &str) -> bool {
    let code = line.split(';').next().unwrap_or_default();
    let writes = ["db", "dw", "dd", "dq", "dt", "do", "dy", "dz", "incbin"];
    code.split_whitespace().any(|word| writes.contains(&word.to_ascii_lowercase().as_str()))
}

impl Midway {
    /// Where the address is, as a sentence about what leads there.
    fn in_words(&self, what: &str) -> String {
        const LONGEST: usize = 40;
        let bytes = match self.behind {
            1 => "1 byte".to_owned(),
            more => format!("{more} bytes"),
        };
        let text = self.place.text.as_deref().and_then(|text| text.split(';').next());
        let text = text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let code = match text.filter(|text| text.chars().count() <= LONGEST) {
            Some(text) => format!("`{text}`, line {}", self.place.line),
            None => format!("line {}", self.place.line),
        };
        format!(
            "{what} lands {bytes} after the beginning of {code}, whose instruction has {} bytes. \
             From there the CPU reads the rest of them as other instructions.",
            self.length
        )
    }

    /// The finding in the place of another one, which came of it: the instruction at this place
    /// led there.
    pub(super) fn finding(
        &self,
        flow: FlowControl,
        place: Option<Place>,
        came: &Finding,
    ) -> Finding {
        let (code, what) = match flow {
            FlowControl::Return => (Code::C012, "`ret`"),
            FlowControl::Call | FlowControl::IndirectCall => (Code::C013, "call"),
            _ => (Code::C013, "jump"),
        };
        let article = if code == Code::C012 { "the" } else { "a" };
        let sentence = format!("{article} {what} goes into the middle of an instruction");
        let hint = match flow {
            FlowControl::ConditionalBranch
            | FlowControl::UnconditionalBranch
            | FlowControl::Call => {
                "a label before an instruction is its address: nothing has to be added to it"
            }
            FlowControl::Return => {
                "count the pushes and pops on the way to this `ret`, and each `sub rsp` with its `add rsp`"
            }
            _ => "how is the address made, and is what it is made of always as long as you think?",
        };
        Finding::new(code, sentence)
            .at(place)
            .detail(self.in_words(&format!("The {what}")))
            .detail(format!("What came of it: {}.", consequence(came)))
            .hint(hint)
    }

    /// What to say of the instruction that was about to run, where nobody saw how the CPU came there.
    pub(super) fn stopped_here(&self) -> String {
        self.in_words(STOPPED)
    }
}

/// A finding's sentence and line, in one.
fn consequence(finding: &Finding) -> String {
    match &finding.place {
        Some(place) => format!("{}, at line {}", finding.sentence, place.line),
        None => finding.sentence.clone(),
    }
}

/// Whether the finding may come of a jump into the middle of an instruction, so that a replay is
/// worth its time: the CPU stopped there, or a jump or a call of the learner's goes there, or
/// goes wherever a register says.
pub(super) fn may_explain(finding: &Finding, facts: &SharedFacts, places: Places<'_>) -> bool {
    let stopped = finding.details.iter().any(|detail| detail.starts_with(STOPPED));
    let goes = |one: &Instruction| match one.flow_control() {
        FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch | FlowControl::Call => {
            midway(one.near_branch_target(), facts, places).is_some()
        }
        FlowControl::IndirectBranch | FlowControl::IndirectCall => {
            let slot = one.is_ip_rel_memory_operand().then(|| one.ip_rel_memory_address());
            slot.is_none_or(|slot| facts.callee(slot).is_none())
        }
        _ => false,
    };
    let own = |one: &Instruction| places.of_own_code(one.ip(), facts).is_some();
    stopped || instruction::all(facts).iter().any(|one| own(one) && goes(one))
}
