//! Ctrl-C and its relatives: a flag that waiting loops look at, so that nothing is left behind.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static ASKED_TO_STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The user or the system asked the checker to stop.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// Catches SIGINT, SIGTERM and SIGHUP from now on. A second one of a kind ends the process.
pub fn watch() -> std::io::Result<()> {
    let flag = ASKED_TO_STOP.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // Order matters: the first signal finds the flag unset, sets it and goes on.
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(flag))?;
        signal_hook::flag::register(signal, Arc::clone(flag))?;
    }
    Ok(())
}

/// An error if the checker was asked to stop.
pub fn check() -> Result<(), Interrupted> {
    match ASKED_TO_STOP.get() {
        Some(flag) if flag.load(Ordering::Relaxed) => Err(Interrupted),
        _ => Ok(()),
    }
}
