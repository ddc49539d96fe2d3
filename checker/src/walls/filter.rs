//! A seccomp filter that finds a call by halves.
//!
//! The kernel tries a new filter on each of its 460 calls, to know which it need not ask about
//! any more, before it takes it. A filter that compares one number after the other makes that
//! 200,000 comparisons and a millisecond. So a search by halves stands in front, and what
//! `seccompiler` makes of the calls with conditions is asked about these alone.

use std::collections::BTreeMap;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompFilter, SeccompRule, TargetArch, sock_filter,
};

/// The system calls of a filter, and the conditions under which each is meant; always, where it
/// has none.
pub(crate) type Calls = BTreeMap<i64, Vec<SeccompRule>>;

/// A filter that answers the calls in one way and all others in another. Calls of another
/// architecture end the process.
pub(crate) fn filter(
    calls: Calls,
    these: SeccompAction,
    others: SeccompAction,
) -> Result<BpfProgram, BackendError> {
    let ranges = ranges(&calls);
    let conditional = calls.into_iter().filter(|(_, rules)| !rules.is_empty()).collect();
    let conditions: BpfProgram =
        SeccompFilter::new(conditional, others.clone(), these.clone(), TargetArch::x86_64)?
            .try_into()?;
    let mut steps = Vec::new();
    search(&ranges, &mut steps)?;

    // struct seccomp_data of <linux/seccomp.h>: the call's number, then the architecture.
    const NUMBER: u32 = 0;
    const ARCHITECTURE: u32 = 4;
    // <linux/audit.h>: EM_X86_64, with 64 bits, little-endian.
    const AUDIT_ARCH_X86_64: u32 = 0xc000_003e;
    let load = |at| instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, at);
    let answer =
        |action: &SeccompAction| instruction(libc::BPF_RET | libc::BPF_K, action.clone().into());
    let mut program = vec![
        load(ARCHITECTURE),
        sock_filter {
            jt: 1,
            ..instruction(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, AUDIT_ARCH_X86_64)
        },
        answer(&SeccompAction::KillProcess),
        load(NUMBER),
    ];
    for (index, step) in steps.iter().enumerate() {
        program.push(match step {
            Step::Skip { below, count } => sock_filter {
                jf: *count,
                ..instruction(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, *below)
            },
            Step::Answer(Way::These) => answer(&these),
            Step::Answer(Way::Others) => answer(&others),
            Step::Answer(Way::Conditions) => {
                let behind = u32::try_from(steps.len() - 1 - index);
                let behind = behind.map_err(|_| BackendError::FilterTooLarge(steps.len()))?;
                instruction(libc::BPF_JMP | libc::BPF_JA, behind)
            }
        });
    }
    program.extend(conditions);
    Ok(program)
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    These,
    Others,
    Conditions,
}

/// The calls from a number on, up to the next one, that have one way in common; in order, from 0.
fn ranges(calls: &Calls) -> Vec<(u32, Way)> {
    let mut ranges = vec![(0, Way::Others)];
    let mut add = |start, way| {
        ranges.pop_if(|(last, _)| *last == start);
        if ranges.last().is_none_or(|(_, last)| *last != way) {
            ranges.push((start, way));
        }
    };
    for (call, rules) in calls {
        let number = u32::try_from(*call).expect("calls have small numbers");
        add(number, if rules.is_empty() { Way::These } else { Way::Conditions });
        add(number + 1, Way::Others);
    }
    ranges
}

/// One instruction of a search.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Passes by so many of the next ones if the number is below that.
    Skip {
        below: u32,
        count: u8,
    },
    Answer(Way),
}

/// Finds the range of a number: from the middle on, or in the half before it, which follows.
fn search(ranges: &[(u32, Way)], steps: &mut Vec<Step>) -> Result<(), BackendError> {
    if let [(_, way)] = ranges {
        steps.push(Step::Answer(*way));
        return Ok(());
    }
    let (before, from) = ranges.split_at(ranges.len() / 2);
    let place = steps.len();
    steps.push(Step::Skip { below: from[0].0, count: 0 });
    search(from, steps)?;
    let length = steps.len() - place - 1;
    let count = u8::try_from(length).map_err(|_| BackendError::FilterTooLarge(length))?;
    steps[place] = Step::Skip { below: from[0].0, count };
    search(before, steps)
}

fn instruction(code: u32, k: u32) -> sock_filter {
    let code = u16::try_from(code).expect("the codes of BPF have 16 bits");
    sock_filter { code, jt: 0, jf: 0, k }
}
