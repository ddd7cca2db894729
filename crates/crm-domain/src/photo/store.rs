use std::fmt;

use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::{TenantId, UserId};
use crate::value::PhotoName;

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

/// Keeps photos.
///
/// # Contract
/// - After `put` returns, `get` MUST find the whole photo, also after a crash.
/// - `put` of the same key again MUST succeed.
/// - `delete` of a missing key MUST succeed.
/// - A store that does not answer MUST be reported as [`StoreError::Unavailable`], never as a missing photo.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait PhotoStore: Send + Sync {
    /// Stores a photo.
    async fn put(&self, key: &PhotoKey, bytes: Vec<u8>) -> Result<(), StoreError>;
    /// The photo, if it is there.
    async fn get(&self, key: &PhotoKey) -> Result<Option<Vec<u8>>, StoreError>;
    /// Removes a photo.
    async fn delete(&self, key: &PhotoKey) -> Result<(), StoreError>;
    /// Fails unless the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_could_leave_the_folder_have_no_key() {
        let name: PhotoName = format!("{}.jpg", "0".repeat(64)).parse().unwrap();
        let tenant = TenantId::from_stored("t1");
        assert!(PhotoKey::new(&tenant, &UserId::from_stored("u1"), &name).is_some());
        for hostile in ["..", "a/b", "", "a\\b"] {
            assert_eq!(PhotoKey::new(&tenant, &UserId::from_stored(hostile), &name), None);
        }
    }
}
