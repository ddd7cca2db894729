use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::{BoxStream, TryStreamExt};

use super::PhotoId;
use crate::error::StoreError;
use crate::ids::{TenantId, UserId};
use crate::value::{PhotoName, PhotoSize};

/// Where a photo is kept: `<tenant>/<user>/<hash>.jpg`. Nothing in it was typed by a caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhotoKey(String);

impl PhotoKey {
    /// `None` if an id has a shape that could change the path.
    pub fn new(tenant: &TenantId, user: &UserId, name: &PhotoName) -> Option<Self> {
        (tenant.is_well_formed() && user.is_well_formed()).then(|| Self(format!("{tenant}/{user}/{name}")))
    }

    /// The key as a relative path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhotoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stored photo on its way out.
pub struct PhotoContent {
    /// Bytes in all.
    pub bytes: u64,
    /// The bytes. An error says that the rest will not come.
    pub chunks: BoxStream<'static, Result<Bytes, StoreError>>,
}

impl PhotoContent {
    /// The whole photo; fails if it is shorter or longer than announced.
    pub async fn collect(self) -> Result<Vec<u8>, StoreError> {
        let read: Vec<Bytes> = self.chunks.try_collect().await?;
        let whole = read.concat();
        if whole.len() as u64 == self.bytes {
            Ok(whole)
        } else {
            Err(StoreError::Unavailable("a photo came cut short".into()))
        }
    }
}

/// One stored object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// Which photo it belongs to.
    pub photo: PhotoId,
    /// Which size of it.
    pub size: PhotoSize,
    /// Its length.
    pub bytes: u64,
    /// When it was stored, as the store says.
    pub modified: DateTime<Utc>,
}

/// Everything stored for one tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Our objects.
    pub objects: Vec<StoredObject>,
    /// How many objects have names that this service never gives. They are nobody's to touch.
    pub foreign: u64,
}

/// Keeps photos.
///
/// # Contract
/// - After `put` returns, `open` MUST find the whole photo, also after a crash; before, a reader MUST find the whole
///   photo or none.
/// - `put` of the same key again MUST succeed.
/// - `delete` of a missing key MUST succeed.
/// - `list` MUST know of every `put` and `delete` that returned before it was called.
/// - No call may take longer than half of [`REMOVAL_GRACE`](super::REMOVAL_GRACE) to take effect.
/// - A store that does not answer MUST be reported as [`StoreError::Unavailable`], never as a missing photo.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait PhotoStore: Send + Sync {
    /// Stores a photo.
    async fn put(&self, key: &PhotoKey, bytes: Vec<u8>) -> Result<(), StoreError>;
    /// The photo, if it is there.
    async fn open(&self, key: &PhotoKey) -> Result<Option<PhotoContent>, StoreError>;
    /// The length of the photo, if it is there.
    async fn size(&self, key: &PhotoKey) -> Result<Option<u64>, StoreError>;
    /// Removes a photo.
    async fn delete(&self, key: &PhotoKey) -> Result<(), StoreError>;
    /// Every tenant that has objects here.
    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError>;
    /// Everything stored for a tenant.
    async fn list(&self, tenant: &TenantId) -> Result<Listing, StoreError>;
    /// Removes what interrupted writes left before this time, and says how many there were.
    async fn remove_leftovers(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
    /// Fails unless the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests;
