use async_trait::async_trait;

use super::{PhotoId, PhotoRecord};
use crate::error::StoreError;
use crate::ids::UserId;

/// Records of one tenant's photos, written before anything is stored and kept until everything is deleted.
/// The implementation is already bound to that tenant.
///
/// # Contract
/// - A record of another tenant MUST be indistinguishable from one that does not exist.
/// - `find` inside a unit of work MUST keep others from changing the record until the unit ends.
/// - `insert` MUST answer `false` and change nothing if there is a record. If another unit of work is inserting it,
///   it MUST wait for that unit to end, and MUST leave its own unit usable.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait PhotoLedger: Send + Sync {
    /// The record of this photo.
    async fn find(&self, id: &PhotoId) -> Result<Option<PhotoRecord>, StoreError>;
    /// Every record of the tenant, by user and hash.
    async fn list(&self) -> Result<Vec<PhotoRecord>, StoreError>;
    /// Every record of this user, by hash.
    async fn list_of(&self, user: &UserId) -> Result<Vec<PhotoRecord>, StoreError>;
    /// Stores a new record; `false` if there is one already.
    async fn insert(&self, record: &PhotoRecord) -> Result<bool, StoreError>;
    /// Replaces a record; `false` if it is gone.
    async fn update(&self, record: &PhotoRecord) -> Result<bool, StoreError>;
    /// Forgets a record; `false` if it is gone already.
    async fn delete(&self, id: &PhotoId) -> Result<bool, StoreError>;
    /// The photos that profiles of the tenant show, of those that this service keeps. By user.
    async fn shown(&self) -> Result<Vec<PhotoId>, StoreError>;
}
