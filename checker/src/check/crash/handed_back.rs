//! A crash of the glue's, over the address that a function of the learner's has handed back.

use crate::check::crash::Scene;
use crate::check::instruction::{self, ENTERED};
use crate::model::evidence::CallRecord;
use crate::model::finding::{Code, Finding, Place};

impl Scene<'_> {
    /// The finding, if the crash came while the glue made bytes of what lies at that address.
    pub(super) fn handed_back(&self, place: &Place, call: Option<&CallRecord>) -> Option<Finding> {
        let call = call.filter(|_| place.text.is_none())?;
        let callee = self.facts.callee(call.slot)?;
        if !matches!(callee, "PyBytes_FromString" | "PyBytes_FromStringAndSize") {
            return None;
        }
        let entered = self.page.frames().last()?.function.wrapping_sub(self.page.image_base);
        let name = self.facts.label(entered)?.strip_prefix(ENTERED)?;
        let function = self.facts.labels.iter().find(|(_, label)| label == name);
        let returns =
            function.map_or_else(Vec::new, |(at, _)| instruction::returns(*at, self.facts));
        let place = match returns[..] {
            [only] => self.line(only),
            _ => None,
        };
        let value = instruction::value_in_words(call.arguments[0]);
        Some(
            Finding::new(Code::C001, format!("{name} gives back an address that cannot be read"))
                .at(place)
                .detail(format!("rax was {value}."))
                .detail("The glue makes `bytes` of what lies there, and could not.")
                .hint("what is in rax at this `ret`: an address that `lea` gave, or what is stored at it?"),
        )
    }
}
