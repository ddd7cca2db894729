use async_trait::async_trait;

use super::{ClientNote, NoteType, NoteView};
use crate::access::NoteVisibility;
use crate::error::StoreError;
use crate::ids::{NoteId, ProfileId, UserId};
use crate::page::{Page, PageRequest};

/// Which notes to list. Every given condition must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteFilter {
    /// Notes on this profile.
    pub profile: Option<ProfileId>,
    /// Notes by this author.
    pub author: Option<UserId>,
    /// Notes of this type.
    pub note_type: Option<NoteType>,
    /// Only private, or only public notes.
    pub is_private: Option<bool>,
}

/// Notes of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - A note of another tenant, and a note that the visibility does not allow, MUST be indistinguishable from one that
///   does not exist, in items as in totals.
/// - `find` inside a unit of work MUST keep others from changing the note until the unit ends.
/// - `insert` MUST return [`StoreError::MissingReference`] if the profile is not one of the tenant's.
/// - `list` MUST order newest first (`created_at`, then id, both descending), and MUST know of every committed change,
///   whoever made it.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait NoteRepository: Send + Sync {
    /// The note with this id, if it may be read.
    async fn find(&self, visibility: &NoteVisibility, id: &NoteId) -> Result<Option<NoteView>, StoreError>;
    /// The notes that may be read.
    async fn list(
        &self,
        visibility: &NoteVisibility,
        filter: &NoteFilter,
        page: &PageRequest,
    ) -> Result<Page<NoteView>, StoreError>;
    /// How many notes of each type may be read; types without any are left out.
    async fn count_by_type(
        &self,
        visibility: &NoteVisibility,
        filter: &NoteFilter,
    ) -> Result<Vec<(NoteType, u64)>, StoreError>;
    /// Stores a new note.
    async fn insert(&self, note: &ClientNote) -> Result<(), StoreError>;
    /// Stores what differs between the two; `false` if the note is gone.
    async fn update(&self, before: &ClientNote, after: &ClientNote) -> Result<bool, StoreError>;
    /// Deletes a note; `false` if it is gone already.
    async fn delete(&self, id: &NoteId) -> Result<bool, StoreError>;
}
