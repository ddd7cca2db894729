//! Notes on a client, with types and privacy.

mod model;
mod repository;
mod service;

pub use model::{
    ClientNote, Content, NewNote, NoteCounts, NoteEcho, NotePatch, NoteProfile, NoteType, NoteUpdate, NoteView,
};
#[cfg(any(test, feature = "test-support"))]
pub use repository::MockNoteRepository;
pub use repository::{NoteFilter, NoteRepository};
pub use service::NoteService;
pub(crate) use service::account_for_reading;
