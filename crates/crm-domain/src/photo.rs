//! Client photos: where they are kept, who may see them.

mod service;
mod store;

pub use service::{PhotoService, ServedPhoto};
#[cfg(any(test, feature = "test-support"))]
pub use store::MockPhotoStore;
pub use store::{PhotoKey, PhotoStore};

use crate::ids::TenantId;
use crate::profile::ClientProfile;
use crate::value::{PhotoName, PhotoSize};

/// Removes the stored objects of a profile's photo, if this service keeps it.
///
/// A failure is left to the store to log: the row no longer refers to the objects, so nobody can reach them.
pub(crate) async fn remove_stored(photos: &dyn PhotoStore, tenant: &TenantId, profile: &ClientProfile) {
    let stored = profile.details.profile_photo_url.as_ref().and_then(crate::value::PhotoUrl::stored_photo);
    let Some((owner, PhotoName { hash, .. })) = stored.filter(|(owner, _)| *owner == profile.user_id) else { return };
    for size in [PhotoSize::Full, PhotoSize::Thumbnail] {
        if let Some(key) = PhotoKey::new(tenant, &owner, &PhotoName { hash: hash.clone(), size }) {
            let _ = photos.delete(&key).await;
        }
    }
}
