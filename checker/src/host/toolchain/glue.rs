//! The glue that is the same for every file, `workbook_call.inc`: an object of its own, which nasm
//! makes once in a process. With the glue in each file, nasm would be at it twice as long.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fs, io};

use crate::host::image::{self, ObjectFacts};
use crate::host::scratch::Scratch;
use crate::host::toolchain::{Assembled, NotReady, Part, assemble_part};
use crate::model::isolation::Layers;

/// Where the glue of a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlueFrom {
    /// nasm makes it with the file, as by hand: this is quicker for one file.
    TheFile,
    /// The object: this is quicker for more than one.
    AnObject,
}

/// The object.
#[derive(Debug)]
pub struct Glue {
    pub(super) bytes: Vec<u8>,
    names: BTreeSet<String>,
}

/// What it is made of: a file that has no function, so that nothing but the glue is left.
const SOURCE: &str = "%include \"workbook.inc\"\n    \
                      section .note.GNU-stack noalloc noexec nowrite progbits\n";

/// What a file says that has a use for it.
pub(super) const ASKED_FOR: &str = "workbook.inc";

impl Glue {
    /// Whether a file refers to names that the glue defines. To the checks they are its own
    /// business, so they are taken out of what is known of the file.
    pub fn is_wanted_by(&self, facts: &mut ObjectFacts) -> bool {
        let before = facts.references.len();
        facts
            .references
            .retain(|reference| reference.defined || !self.names.contains(&*reference.symbol));
        facts.references.len() < before
    }
}

/// The glue, from an earlier time or made now.
pub(super) fn of(include: &Path, layers: Layers) -> Result<Assembled<Arc<Glue>>, NotReady> {
    static MADE: Mutex<BTreeMap<PathBuf, Arc<Glue>>> = Mutex::new(BTreeMap::new());
    let made = || MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = made().get(include) {
        return Ok(Ok(Arc::clone(known)));
    }
    let glue = make(include, layers)?;
    if let Ok(glue) = &glue {
        made().insert(include.to_owned(), Arc::clone(glue));
    }
    Ok(glue)
}

fn make(include: &Path, layers: Layers) -> Result<Assembled<Arc<Glue>>, NotReady> {
    let failed = |error| NotReady::Io("nasm", error);
    let folder = Scratch::new().map_err(failed)?;
    let object = match assemble_part(Part::All, SOURCE, "glue", include, folder.path(), layers)? {
        Ok(object) => object,
        Err(why) => return Ok(Err(why)),
    };
    let bytes = fs::read(object).map_err(failed)?;
    let facts = image::read_object(&bytes).map_err(|error| failed(io::Error::other(error)))?;
    Ok(Ok(Arc::new(Glue { bytes, names: facts.locals.into_iter().collect() })))
}
