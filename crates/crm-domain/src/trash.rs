//! What was deleted and can be brought back: profiles with all that belongs to them, notes, preferences and photos.
//!
//! Deleting copies the rows, as they are stored, into tables of our own and removes them from the shared ones in the
//! same unit of work, so that unique keys are free at once. A photo stays in the photo store while something in the
//! trash refers to it. After [`TrashPurge`] it is gone for good.

mod model;
mod purge;
mod repository;
mod service;

pub use model::{Contents, TrashItem, TrashView};
pub use purge::{PurgeReport, TrashPurge};
#[cfg(any(test, feature = "test-support"))]
pub use repository::MockTrash;
pub use repository::Trash;
pub use service::{Restored, TrashService};
