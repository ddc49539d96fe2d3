//! How code of strangers is confined: the words for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One layer of the sandbox. Each is there for what the others let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Layer {
    /// `setrlimit(2)`: memory, CPU time, the sizes of files, open files, processes.
    Limits,
    /// No capability is left, and no program that is started can bring one: `capset(2)`, and
    /// `PR_SET_NO_NEW_PRIVS` of `prctl(2)`.
    Capabilities,
    /// `landlock(7)`: which files may be opened.
    Landlock,
    /// `seccomp(2)`: which system calls may be made, with which arguments.
    Seccomp,
}

impl Layer {
    /// From the outermost on.
    pub const ALL: [Self; 4] = [Self::Limits, Self::Capabilities, Self::Landlock, Self::Seccomp];

    /// As reports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Capabilities => "capabilities",
            Self::Landlock => "Landlock",
            Self::Seccomp => "seccomp",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers(u8);

impl Layers {
    /// None of them: for the sandbox's own tests.
    pub const NONE: Self = Self(0);

    /// One of them.
    pub const fn only(layer: Layer) -> Self {
        Self(1 << layer as u8)
    }

    /// These and one more.
    pub const fn and(self, layer: Layer) -> Self {
        Self(self.0 | 1 << layer as u8)
    }

    /// Whether it is among them.
    pub const fn has(self, layer: Layer) -> bool {
        self.0 & 1 << layer as u8 != 0
    }
}

/// How strictly a check confines what it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Isolation {
    /// Every layer: for code of strangers.
    Strict,
    /// A process of its own with limits: for code of one's own, where the system lacks a layer.
    Process,
}

impl Isolation {
    /// The layers of it.
    pub const fn layers(self) -> Layers {
        let limits = Layers::only(Layer::Limits);
        match self {
            Self::Strict => {
                limits.and(Layer::Capabilities).and(Layer::Landlock).and(Layer::Seccomp)
            }
            Self::Process => limits,
        }
    }
}

/// A layer that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("the sandbox's layer {layer} is not to be had: {why}")]
pub struct Missing {
    /// Which.
    pub layer: Layer,
    /// In the system's words.
    pub why: String,
}

impl Missing {
    /// The layer, and what the system said.
    pub fn new(layer: Layer, why: impl fmt::Display) -> Self {
        Self { layer, why: why.to_string() }
    }
}
