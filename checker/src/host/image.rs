//! What an object file and a shared object say of themselves, before anything of them runs.

mod object_file;
mod shared_object;

pub use object_file::{
    Because, DataLabel, Misplaced, ObjectFacts, Reach, Reference, SectionFact, read_object,
};
pub use shared_object::{SharedFacts, read_shared};

/// The bytes are no file that nasm or ld makes.
#[derive(Debug, thiserror::Error)]
pub enum NotAnImage {
    /// By the rules of the format.
    #[error(transparent)]
    Elf(#[from] object::Error),
    /// Segments lie across each other, or reach beyond the last address.
    #[error("its segments lie across each other")]
    Segments,
    /// Written out one by one, the names are far longer than the file.
    #[error("its names are longer than itself")]
    Names,
}

/// Keeps names in proportion to the file: a hostile one can name the same long text at every turn.
struct Names {
    /// How many more bytes of names may be taken.
    left: usize,
}

impl Names {
    /// Linkers let one name be the end of another, so the names can be a little longer together.
    fn of(file: &[u8]) -> Self {
        Self { left: file.len().saturating_mul(4) }
    }

    fn take<'name>(&mut self, name: &'name str) -> Result<&'name str, NotAnImage> {
        self.left = self.left.checked_sub(name.len()).ok_or(NotAnImage::Names)?;
        Ok(name)
    }
}
