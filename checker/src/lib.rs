//! The checker of the workbook *Python extensions in assembly*.
//!
//! It assembles, links and imports a learner's module, asks it what Python would ask, and names
//! every fault. `ARCHITECTURE.md` has the map; the floors below may use lower floors only.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

pub mod model;

mod walls;

mod guest;
pub mod host;

pub mod check;
pub mod report;
pub mod verify;

pub mod cli;
mod commands;
