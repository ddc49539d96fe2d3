//! Object files, shared objects, and the page that a guest leaves.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use bytemuck::Zeroable;
use checker::check::{crash, faults, objects};
use checker::host::image::{self, SharedFacts};
use checker::host::worker::Ended;
use checker::model::evidence::{FaultRecord, Page, REGISTERS};
use checker::model::finding::Finding;
use checker::model::verdict::{Outcome, Verdict};

use super::{assert_sound, learners, offered, places, task};

/// What a guest's module is thought to be, where no other is at hand.
pub fn sample() -> &'static SharedFacts {
    static SAMPLE: LazyLock<SharedFacts> = LazyLock::new(|| {
        let bytes = include_bytes!("../seeds/shared/a_module.so");
        image::read_shared(bytes).expect("ld made it")
    });
    &SAMPLE
}

/// Where modules are loaded here, and where their stack ends.
const BASE: u64 = 0x7f12_3456_7000;
const STACK: u64 = 0x7ffd_1234_5000;

/// An object file.
pub fn object(bytes: &[u8]) {
    let Ok(facts) = image::read_object(bytes) else { return };
    let source = learners(SOURCE);
    for section in &facts.sections {
        assert!(section.line.as_ref().is_none_or(|line| !line.file.contains('/')));
    }
    if let Some(verdict) = objects::not_linkable(&facts, &task(), places(&source), offered) {
        assert!((1..=MOST_FINDINGS).contains(&verdict.findings.len()));
        assert_sound(&verdict, &source);
    }
}

/// More findings than this nobody reads.
const MOST_FINDINGS: usize = 16;

/// A shared object, and guests that end at the edges of its code.
pub fn shared(bytes: &[u8]) {
    let Ok(facts) = image::read_shared(bytes) else { return };
    let source = learners(SOURCE);
    if let Some(verdict) = objects::not_loadable(&facts) {
        assert_sound(&verdict, &source);
    }
    let code: usize = facts.code.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(code <= bytes.len(), "{code} bytes of code in a file of {}", bytes.len());
    let starts = facts.code.iter().map(|(start, _)| *start);
    let ends = facts.code.iter().map(|(start, bytes)| start.wrapping_add(bytes.len() as u64));
    let labels = facts.labels.iter().chain(&facts.data_labels).map(|(address, _)| *address);
    let edges = starts.take(4).chain(ends.take(4)).chain(labels.take(8)).chain([0, facts.end]);
    let near: BTreeSet<u64> =
        edges.flat_map(|edge| [edge.wrapping_sub(1), edge, edge.wrapping_add(1)]).collect();
    let ways = [Ended::Signal(11), Ended::Signal(8), Ended::TimedOut];
    for (address, end) in near.into_iter().zip(ways.iter().cycle()) {
        assert_eq!(facts.is_code(address), facts.bytes_at(address).is_some());
        facts.is_behind_call(address);
        facts.label(address);
        facts.callee(address);
        let mut page = page();
        page.crash.registers[REGISTERS.len() - 2] = BASE.wrapping_add(address);
        conclude(end, Some("answer()"), &page, "", &facts);
    }
}

/// How a guest ends, its last words, and the page of its guard. The page is one of a module
/// that runs, with words of it replaced: two bytes say which, one whether the value counts from
/// the module, from the stack or from 0, and eight are the value.
pub fn evidence(bytes: &[u8]) {
    let Some(([how, number, asked], patches)) = bytes.split_first_chunk() else { return };
    let mut words: Vec<u64> = bytemuck::cast_slice(bytemuck::bytes_of(&page())).to_vec();
    let (patches, printed) = patches.as_chunks::<11>();
    for [low, high, from, value @ ..] in patches {
        let value = u64::from_le_bytes(*value);
        let index = usize::from(u16::from_le_bytes([*low, *high])) % words.len();
        words[index] = match from % 3 {
            0 => value,
            1 => value.wrapping_add(BASE),
            _ => value.wrapping_add(STACK),
        };
    }
    let page = Page::read(bytemuck::cast_slice(&words));
    let end = match how % 4 {
        0 => Ended::Signal(i32::from(*number)),
        1 => Ended::Exited(i32::from(*number)),
        2 => Ended::TimedOut,
        _ => Ended::BrokeProtocol,
    };
    let statement = (*asked > 0).then_some("answer()");
    let printed = String::from_utf8_lossy(printed);
    let fatal = format!("Fatal Python error: {printed}\n");
    conclude(&end, statement, &page, if asked % 2 == 0 { &fatal } else { &printed }, sample());
}

/// The page of a guest that was stopped in the module's code.
fn page() -> Page {
    let mut page = Page::zeroed();
    page.image_base = BASE;
    page.stack_bottom = STACK - (8 << 20);
    page.crash.signal = 11;
    page.crash.stack_words = page.crash.stack.len() as u64;
    page.crash.registers[7] = STACK - 256;
    page.depth = 1;
    page.frame[0].serial = 1;
    page.frame[0].function = BASE + 0x1041;
    page
}

/// Concludes as the checker does when a guest gives no more replies.
fn conclude(end: &Ended, statement: Option<&str>, page: &Page, printed: &str, facts: &SharedFacts) {
    let source = learners(SOURCE);
    let noted: Vec<_> = page.records().iter().filter_map(FaultRecord::fault).collect();
    let mut findings: Vec<Finding> =
        faults::findings(&noted, page.image_base, facts, places(&source));
    assert!(findings.len() <= noted.len());
    let (outcome, finding) = crash::conclude(end, statement, page, printed, facts, places(&source));
    assert!(matches!(outcome, Outcome::Crashed | Outcome::TimedOut));
    findings.push(finding);
    let mut verdict = Verdict::stopped(outcome, findings);
    verdict.printed = printed.to_owned();
    assert_sound(&verdict, &source);
}

/// The source of the sample.
const SOURCE: &str = include_str!("../seeds/a_module.asm");
