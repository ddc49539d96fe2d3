//! What statements leave behind when they run again and again.

use std::time::Duration;

use pyo3::prelude::*;

use crate::guest::interpreter::{Asked, Session};
use crate::guest::references::Armored;
use crate::model::protocol::Left;

/// How long the first run of an expression may have taken, which also filled caches, to be worth
/// repeating. The quickest one of a session is, whatever it takes.
const LONG: Duration = Duration::from_micros(120);

/// How long the first runs of all that are repeated may have taken.
const BUDGET: Duration = Duration::from_micros(1500);

/// Measures the expressions of a session, in order, while the budget lasts.
pub(crate) fn measure(session: &Session<'_>) -> Vec<Option<Left>> {
    let py = session.py();
    let Ok(blocks) = py.import("sys").and_then(|sys| sys.getattr("getallocatedblocks")) else {
        return vec![None; session.asked().len()];
    };
    let blocks = || blocks.call0().and_then(|count| count.extract::<i64>()).unwrap_or(0);
    // Objects that refer to each other, such as a type and its methods, wait for the collector.
    // It empties free lists too, from which a leaked object could come without being counted.
    let collect = || drop(py.import("gc").and_then(|gc| gc.call_method0("collect")));

    let took = session.asked().iter().flatten().map(|asked| asked.took);
    let quickest = took.min().unwrap_or_default();
    let mut spent = Duration::ZERO;
    let mut worth = |asked: &Asked<'_>| {
        let quick = asked.took <= LONG.max(quickest);
        spent += if quick { asked.took } else { Duration::ZERO };
        quick && spent <= BUDGET.max(quickest)
    };
    // Before anything runs: a function that gives up its argument could end a constant's life.
    let expressions = session.asked().iter().map(Option::as_ref);
    let worth = expressions.map(|asked| asked.filter(|asked| worth(asked)));
    let armed: Vec<_> = worth.map(|asked| asked.map(|asked| (asked, asked.armored()))).collect();
    // What is made once and kept shows in one round; a leak shows in all.
    let left = |armed: &[&(&Asked<'_>, Armored)], Look { rounds, runs }: Look| {
        let changes = || armed.iter().map(|(_, armored)| armored.changes()).collect::<Vec<_>>();
        let round = || {
            collect();
            // What is kept here meanwhile is there before counting begins.
            let references = changes();
            let before = (blocks(), heap());
            for (asked, _) in armed {
                (0..runs).for_each(|_| session.repeat(asked));
            }
            collect();
            let after = (blocks(), heap());
            let each = |before: i64, after: i64| (after - before) as f64 / runs as f64;
            let (mut kept, mut given_up) = (0.0, 0.0);
            for (before, after) in references.into_iter().zip(changes()) {
                kept += after.0.saturating_sub(before.0) as f64 / runs as f64;
                given_up += after.1.saturating_sub(before.1) as f64 / runs as f64;
            }
            let (blocks, bytes) = (each(before.0, after.0), each(before.1, after.1));
            Left { blocks, bytes, kept, given_up }
        };
        (1..rounds).fold(round(), |least, _| {
            let other = round();
            Left {
                blocks: least.blocks.min(other.blocks),
                bytes: least.bytes.min(other.bytes),
                kept: least.kept.min(other.kept),
                given_up: least.given_up.min(other.given_up),
            }
        })
    };
    // Counting takes longer than running, so all of them are looked at together first.
    let together: Vec<_> = armed.iter().flatten().collect();
    let all = left(&together, TOGETHER);
    let amounts = [all.blocks, all.bytes, all.kept, all.given_up];
    let clean = amounts.into_iter().all(|amount| amount < SOMETHING);
    let of_one = |one: &(&Asked<'_>, Armored)| left(&[one], ALONE);
    armed.iter().map(|one| one.as_ref().filter(|_| !clean).map(of_one)).collect()
}

/// How often an expression runs while one counts.
#[derive(Clone, Copy, Debug)]
struct Look {
    rounds: usize,
    runs: usize,
}

/// At all expressions together, to see whether there is anything at all.
const TOGETHER: Look = Look { rounds: 2, runs: 2 };

/// At one by itself. Random numbers and what a session collects grow now and then; a leak grows
/// every time.
const ALONE: Look = Look { rounds: 4, runs: 8 };

/// What a run has to leave behind on average to be worth a second look: less than one block, and
/// more than half of one, which counting itself leaves behind in a round of two runs.
const SOMETHING: f64 = 0.75;

/// The bytes that the C library has given out.
fn heap() -> i64 {
    // SAFETY: mallinfo2 takes nothing and gives a struct of numbers.
    let info = unsafe { libc::mallinfo2() };
    i64::try_from(info.uordblks).unwrap_or(i64::MAX)
}
