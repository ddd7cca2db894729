use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Contents, TrashItem, TrashView};
use crate::error::StoreError;
use crate::ids::TrashId;
use crate::page::{Page, PageRequest};
use crate::photo::PhotoId;

/// The trash of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - An item of another tenant, and one that the view does not show, MUST be indistinguishable from one that does not
///   exist, in items as in totals.
/// - `put` MUST copy the rows exactly as they are stored, a profile's notes and preferences with it, and MUST keep others
///   from changing them and from adding to them until the unit ends. It does not delete them.
/// - `restore` MUST write them back exactly so and take the item out of the trash. It MUST return
///   [`StoreError::Duplicate`] if something else has their unique key meanwhile, and
///   [`StoreError::MissingReference`] if what they belong to is gone.
/// - `list` MUST order newest first (`deleted_at`, then id, both descending).
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait Trash: Send + Sync {
    /// Copies what is about to be deleted into the trash.
    async fn put(&self, item: &TrashItem) -> Result<Contents, StoreError>;
    /// The item with this id, if the view shows it.
    async fn find(&self, view: &TrashView, id: &TrashId) -> Result<Option<TrashItem>, StoreError>;
    /// The items that the view shows.
    async fn list(&self, view: &TrashView, page: &PageRequest) -> Result<Page<TrashItem>, StoreError>;
    /// Brings an item back.
    async fn restore(&self, item: &TrashItem) -> Result<Contents, StoreError>;
    /// Removes an item for good; `false` if it is gone already.
    async fn remove(&self, id: &TrashId) -> Result<bool, StoreError>;
    /// Up to `take` items that were deleted before this time, oldest first.
    async fn expired(&self, before: DateTime<Utc>, take: u32) -> Result<Vec<TrashItem>, StoreError>;
    /// The kept photos that items of the trash refer to.
    async fn photos(&self) -> Result<Vec<PhotoId>, StoreError>;
    /// Whether an item of the trash refers to this photo.
    async fn holds(&self, photo: &PhotoId) -> Result<bool, StoreError>;
}
