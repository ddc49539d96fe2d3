//! The frames between the checker and its worker.

use checker::check::{faults, leak_finding};
use checker::model::comparison::Compared;
use checker::model::protocol::{Hello, Numbered, Reply, Request};
use checker::model::session::Compare;
use checker::model::transcript::Answer;
use checker::model::verdict::{Outcome, Verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::images::sample;
use super::{assert_sound, learners, places, statement};

/// One frame, in either direction.
pub fn frame(bytes: &[u8]) {
    read_again::<Hello>(bytes);
    read_again::<Numbered<Request>>(bytes);
    let Some(reply) = read_again::<Numbered<Reply>>(bytes) else { return };
    let source = learners("; nothing\n");
    match reply.content {
        Reply::Answered(answer) => {
            for compare in [Compare::Type, Compare::Message] {
                for expected in ["", "42", "TypeError", "TypeError: no"] {
                    let mut asked = statement("answer()");
                    asked.compare = compare;
                    judge(Compared::new(&asked, expected, &answer), &answer, &source);
                }
            }
        }
        Reply::Repeated(left) => {
            for finding in left.into_iter().flatten().filter_map(|left| leak_finding("f()", left)) {
                assert_sound(&Verdict::stopped(Outcome::Differs, vec![finding]), &source);
            }
        }
        Reply::Imported
        | Reply::Unguarded
        | Reply::ImportFailed { .. }
        | Reply::NotConfined(_)
        | Reply::Controlled
        | Reply::Bye => {}
    }
}

/// The frame, if it is one: what is sent again says the same.
fn read_again<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(bytes).ok()?;
    let sent = serde_json::to_vec(&read).expect("a frame is plain data");
    serde_json::from_slice::<T>(&sent).expect("what was sent can be read");
    Some(read)
}

fn judge(compared: Compared, answer: &Answer, source: &checker::host::source::Source) {
    let mut findings: Vec<_> = compared.finding().into_iter().collect();
    assert_eq!(findings.is_empty(), compared.matches());
    if let Answer::Raised { message, .. } = answer {
        findings.extend(faults::of_the_glue(message, sample(), places(source)));
    }
    if findings.is_empty() {
        return;
    }
    let mut verdict = Verdict::stopped(Outcome::Differs, findings);
    verdict.asked.push(compared);
    verdict.statements = 1;
    assert_sound(&verdict, source);
}
