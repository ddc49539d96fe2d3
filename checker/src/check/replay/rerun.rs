//! A statement that is asked once more, of a new guest that was asked everything before it.

use std::io;

use crate::check::{Case, Places};
use crate::host::tracer::{self, Bounds, Glue, NotTraced, Subject};
use crate::host::worker::Guest;
use crate::host::zygote::Zygote;
use crate::model::finding::Place;
use crate::model::protocol::{Reply, Request};
use crate::model::trace::{Recording, Step};

/// The guest, and what it is asked now.
pub(super) struct Rerun<'a> {
    case: Case<'a>,
    python: String,
    guest: Guest,
    request: Request,
}

impl<'a> Rerun<'a> {
    /// The rerun of the statement of that index; nothing if a guest does not come so far.
    pub(super) fn of(
        statement: usize,
        case: Case<'a>,
        zygote: &mut Zygote,
    ) -> anyhow::Result<Option<Self>> {
        let Case { task, built, .. } = case;
        let python = zygote.hello()?.version.clone();
        let Some(asked) = task.statements.get(statement) else { return Ok(None) };
        let mut guest = zygote.guest()?;
        if !matches!(guest.ask(&task.import(built), task.patience)?, Ok(Reply::Imported)) {
            return Ok(None);
        }
        for earlier in task.statements.iter().take(statement) {
            let request = Request::Ask { source: earlier.source.clone() };
            if guest.ask(&request, task.patience)?.is_err() {
                return Ok(None);
            }
        }
        let request = Request::Ask { source: asked.source.clone() };
        Ok(Some(Self { case, python, guest, request }))
    }

    /// Asks, and gives whether there was a reply.
    pub(super) fn answers(&mut self) -> io::Result<bool> {
        Ok(self.guest.ask(&self.request, self.case.task.patience)?.is_ok())
    }

    /// Asks under the tracer.
    pub(super) fn record(&mut self, bounds: Bounds) -> Result<Recording, NotTraced> {
        let Case { task, built, .. } = self.case;
        let subject = Subject {
            shared: &built.shared,
            facts: &built.facts,
            file: &format!("{}.asm", task.name),
            python: &self.python,
            glue: Glue::Passed,
        };
        let (recording, _) = tracer::record(&mut self.guest, &self.request, &subject, bounds)?;
        Ok(recording)
    }

    /// What the module and CPython have printed so far.
    pub(super) fn printed(&self) -> io::Result<String> {
        self.guest.printed()
    }
}

/// The place of a step, if it is in the learner's file.
pub(super) fn own_place(recording: &Recording, step: &Step, places: Places<'_>) -> Option<Place> {
    let name = &recording.files.get(step.f)?.name;
    let own = name.strip_suffix(".asm") == Some(places.name);
    (step.l > 0 && own).then(|| places.place(name, step.l))
}
