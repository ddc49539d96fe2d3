//! The search that stands before a seccomp filter gives the answers that `seccompiler` gives alone,
//! by a small interpreter of the kernel's classic BPF.

use std::collections::BTreeMap;

use fastrand::Rng;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, sock_filter,
};

#[path = "../../src/walls/filter.rs"]
mod filter;

/// `struct seccomp_data` of <linux/seccomp.h>.
#[derive(Clone, Copy, Debug)]
struct Data {
    number: u32,
    architecture: u32,
    arguments: [u64; 6],
}

impl Data {
    fn word(self, at: u32) -> u32 {
        let half = |value: u64| if at.is_multiple_of(8) { value } else { value >> 32 };
        match at {
            0 => self.number,
            4 => self.architecture,
            8 | 12 => 0,
            _ => half(self.arguments[usize::try_from(at / 8 - 2).expect("it is small")]) as u32,
        }
    }
}

/// What the program answers. The codes are those of <linux/bpf_common.h>.
fn answer(program: &[sock_filter], data: Data) -> u32 {
    let (mut at, mut accumulator) = (0, 0_u32);
    loop {
        let sock_filter { code, jt, jf, k } = program[at].clone();
        at += 1;
        let branch = |holds: bool| usize::from(if holds { jt } else { jf });
        match u32::from(code) {
            0x20 => accumulator = data.word(k),
            0x54 => accumulator &= k,
            0x05 => at += usize::try_from(k).expect("a program is short"),
            0x15 => at += branch(accumulator == k),
            0x25 => at += branch(accumulator > k),
            0x35 => at += branch(accumulator >= k),
            0x45 => at += branch(accumulator & k != 0),
            0x06 => return k,
            other => panic!("seccompiler has come to use {other:#x}"),
        }
    }
}

const X86_64: u32 = 0xc000_003e;

fn some_rule(random: &mut Rng) -> SeccompRule {
    let condition = |random: &mut Rng| {
        let length = random.choice([SeccompCmpArgLen::Dword, SeccompCmpArgLen::Qword]);
        let operator = random.choice([
            SeccompCmpOp::Eq,
            SeccompCmpOp::Ne,
            SeccompCmpOp::Ge,
            SeccompCmpOp::Lt,
            SeccompCmpOp::MaskedEq(0xf0),
        ]);
        let (length, operator) = (length.expect("of two"), operator.expect("of five"));
        SeccompCondition::new(random.u8(0..6), length, operator, random.u64(0..300))
            .expect("there are six arguments")
    };
    let count = random.usize(1..3);
    SeccompRule::new((0..count).map(|_| condition(random)).collect()).expect("it has conditions")
}

fn some_calls(random: &mut Rng) -> BTreeMap<i64, Vec<SeccompRule>> {
    let count = random.usize(1..90);
    (0..count)
        .map(|_| {
            let rules = if random.u8(0..4) == 0 { random.usize(1..3) } else { 0 };
            (random.i64(0..470), (0..rules).map(|_| some_rule(random)).collect())
        })
        .collect()
}

#[test]
fn a_search_gives_the_same_answers() {
    let mut random = Rng::with_seed(5);
    for _ in 0..60 {
        let calls = some_calls(&mut random);
        let (these, others) = (SeccompAction::Allow, SeccompAction::Errno(38));
        let alone =
            SeccompFilter::new(calls.clone(), others.clone(), these.clone(), TargetArch::x86_64);
        let alone: BpfProgram = alone.and_then(TryInto::try_into).expect("a filter");
        let searching = filter::filter(calls.clone(), these, others).expect("a filter");
        // The last ones are those of 32-bit numbers in 64-bit programs.
        for number in (0..700).chain([0x4000_0000, 0x4000_0001, u32::MAX]) {
            for architecture in [X86_64, X86_64, X86_64, 0x4000_0003] {
                let arguments = std::array::from_fn(|_| {
                    random.u64(0..300) << random.choice([0, 32]).expect("of two")
                });
                let data = Data { number, architecture, arguments };
                assert_eq!(answer(&searching, data), answer(&alone, data), "{data:?} {calls:?}");
            }
        }
    }
}
