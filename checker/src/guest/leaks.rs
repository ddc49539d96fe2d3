//! What statements leave behind when they run again and again.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::guest::interpreter;
use crate::model::protocol::Left;

/// How often an expression runs before counting begins: caches and free lists fill up.
const WARM_UP: usize = 4;

/// How often it runs in each of two rounds of counting.
const RUNS: usize = 8;

/// How long one run of an expression may take to be worth repeating. Times are the CPU's, so that
/// a busy machine comes to the same conclusion.
const LONG: Duration = Duration::from_micros(150);

/// How long all of it may take.
const BUDGET: Duration = Duration::from_millis(8);

/// Measures each statement that is an expression, in order, while the budget lasts.
pub(crate) fn measure(
    py: Python<'_>,
    sources: &[String],
    globals: &Py<PyDict>,
) -> Vec<Option<Left>> {
    let start = cpu_time();
    let globals = globals.bind(py);
    let Ok(blocks) = py.import("sys").and_then(|sys| sys.getattr("getallocatedblocks")) else {
        return vec![None; sources.len()];
    };
    let blocks = || blocks.call0().and_then(|count| count.extract::<i64>()).unwrap_or(0);
    let measure_one = |source: &String| {
        if cpu_time() - start > BUDGET {
            return None;
        }
        let code = interpreter::expression(py, source)?;
        let run = || drop(interpreter::evaluate(py, &code, globals));
        let first = cpu_time();
        run();
        if cpu_time() - first > LONG {
            return None;
        }
        for _ in 0..WARM_UP {
            run();
        }
        // What is made once and kept shows in one round; a leak shows in both.
        let round = || {
            let before = (blocks(), heap());
            for _ in 0..RUNS {
                run();
            }
            let after = (blocks(), heap());
            let each = |before: i64, after: i64| (after - before) as f64 / RUNS as f64;
            Left { blocks: each(before.0, after.0), bytes: each(before.1, after.1) }
        };
        let (one, other) = (round(), round());
        let blocks = one.blocks.min(other.blocks);
        Some(Left { blocks, bytes: one.bytes.min(other.bytes) })
    };
    sources.iter().map(measure_one).collect()
}

/// What this process has used of the CPU.
fn cpu_time() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}

/// The bytes that the C library has given out.
fn heap() -> i64 {
    // SAFETY: mallinfo2 takes nothing and gives a struct of numbers.
    let info = unsafe { libc::mallinfo2() };
    i64::try_from(info.uordblks).unwrap_or(i64::MAX)
}
