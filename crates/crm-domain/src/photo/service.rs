use std::sync::Arc;

use super::{PhotoKey, PhotoStore};
use crate::access::{Action, Actor};
use crate::error::{CrmError, Resource};
use crate::ids::UserId;
use crate::patch::Patch;
use crate::ports::Ports;
use crate::profile::{ClientProfile, ProfilePatch, ProfileUpdate};
use crate::store::Repositories;
use crate::value::PhotoName;

/// Shows and removes photos.
#[derive(Clone)]
pub struct PhotoService {
    ports: Ports,
    photos: Arc<dyn PhotoStore>,
}

/// A photo to send. Its name is its hash, so it never changes.
pub struct ServedPhoto {
    /// The JPEG.
    pub bytes: Vec<u8>,
}

impl PhotoService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports, photos: Arc<dyn PhotoStore>) -> Self {
        Self { ports, photos }
    }

    /// The photo of a user, if it is the one the profile shows now.
    pub async fn read(&self, actor: &Actor, user: &UserId, name: PhotoName) -> Result<ServedPhoto, CrmError> {
        let missing = || CrmError::NotFound(Resource::Photo);
        actor.require_on_profile(Action::ReadPhoto, user, Resource::Photo)?;
        let read = self.ports.store.read(actor.scope());
        let profile = read.profiles().find_by_user(user).await?.ok_or_else(missing)?;
        let shown = profile.details.profile_photo_url.as_ref().and_then(crate::value::PhotoUrl::stored_photo);
        let is_shown = shown.is_some_and(|(owner, shown)| owner == *user && shown.hash == name.hash);
        let key = PhotoKey::new(actor.tenant(), user, &name).filter(|_| is_shown).ok_or_else(missing)?;
        let bytes = self.photos.get(&key).await?.ok_or_else(missing)?;
        Ok(ServedPhoto { bytes })
    }

    /// Removes the photo of a user and the profile's reference to it.
    pub async fn remove(&self, actor: &Actor, user: &UserId) -> Result<(), CrmError> {
        let unit = self.ports.store.begin(actor.scope()).await?;
        let before = profile_with_photo(&*unit, actor, user).await?;
        let patch = ProfilePatch { profile_photo_url: Patch::Clear, ..ProfilePatch::default() };
        let update = ProfileUpdate { patch, ..ProfileUpdate::default() };
        let after = update.apply_to(&before, self.ports.clock.now())?;
        if !unit.profiles().update(&before, &after).await? {
            return Err(CrmError::NotFound(Resource::Photo));
        }
        unit.commit().await?;
        super::remove_stored(&*self.photos, actor.tenant(), &before).await;
        Ok(())
    }
}

async fn profile_with_photo(
    repositories: &dyn Repositories,
    actor: &Actor,
    user: &UserId,
) -> Result<ClientProfile, CrmError> {
    actor.require_on_profile(Action::ChangePhoto, user, Resource::Photo)?;
    let found = repositories.profiles().find_by_user(user).await?;
    found.filter(|profile| profile.details.profile_photo_url.is_some()).ok_or(CrmError::NotFound(Resource::Photo))
}
