use std::sync::Arc;

use super::{PhotoContent, PhotoId, PhotoKeeper, PhotoKey, PhotoProcessor, PhotoState, PhotoStore, ProcessedPhoto};
use crate::access::{Action, Actor};
use crate::error::{CrmError, Resource};
use crate::ids::{TrashId, UserId};
use crate::ports::Ports;
use crate::value::{PhotoName, PhotoSize, PhotoUrl};
use crate::version::Precondition;

/// Takes in, shows and removes photos.
#[derive(Clone)]
pub struct PhotoService {
    ports: Ports,
    photos: Arc<dyn PhotoStore>,
    processor: Arc<dyn PhotoProcessor>,
    keeper: PhotoKeeper,
}

/// A photo that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedPhoto {
    /// Address of the large picture.
    pub url: PhotoUrl,
    /// Address of the square one.
    pub thumbnail_url: PhotoUrl,
    /// Width of the large picture, in pixels.
    pub width: u32,
    /// Height of the large picture, in pixels.
    pub height: u32,
}

impl UploadedPhoto {
    fn of(id: &PhotoId, photo: &ProcessedPhoto) -> Self {
        let ProcessedPhoto { width, height, .. } = *photo;
        Self { url: id.url(PhotoSize::Full), thumbnail_url: id.url(PhotoSize::Thumbnail), width, height }
    }
}

impl PhotoService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports, photos: Arc<dyn PhotoStore>, processor: Arc<dyn PhotoProcessor>) -> Self {
        let keeper = PhotoKeeper::new(ports.clone(), Arc::clone(&photos));
        Self { ports, photos, processor, keeper }
    }

    /// Takes in a photo of a user. If the user has a profile, it shows the photo from now on; if not, the photo waits
    /// [a day](super::KEPT_GRACE) for one.
    ///
    /// Fails with `NotFound(User)` if the tenant has no such user, `Rejected` if the file is no photo for us.
    /// Whatever fails, the old photo stays.
    pub async fn upload(&self, actor: &Actor, user: &UserId, file: Vec<u8>) -> Result<UploadedPhoto, CrmError> {
        actor.require_on_profile(Action::ChangePhoto, user, Resource::User)?;
        let known = self.ports.store.read(actor.scope()).directory().find_user(user).await?;
        known.ok_or(CrmError::NotFound(Resource::User))?;

        let photo = self.processor.process(file).await?;
        let id = PhotoId { user: user.clone(), hash: photo.hash() };
        self.keeper.store(&actor.scope(), &id, &photo).await?;
        self.keeper.show(&actor.scope(), actor.principal(), &id, None).await?;
        Ok(UploadedPhoto::of(&id, &photo))
    }

    /// What [`upload`](Self::upload) answered to the same file, without taking it in again.
    pub async fn describe(&self, actor: &Actor, user: &UserId, file: Vec<u8>) -> Result<UploadedPhoto, CrmError> {
        actor.require_on_profile(Action::ChangePhoto, user, Resource::User)?;
        let photo = self.processor.process(file).await?;
        Ok(UploadedPhoto::of(&PhotoId { user: user.clone(), hash: photo.hash() }, &photo))
    }

    /// Where a photo is kept, if the actor may see it: if the profile shows it, or if it waits for a profile.
    pub async fn find(&self, actor: &Actor, user: &UserId, name: PhotoName) -> Result<PhotoKey, CrmError> {
        let missing = || CrmError::NotFound(Resource::Photo);
        actor.require_on_profile(Action::ReadPhoto, user, Resource::Photo)?;
        let id = PhotoId { user: user.clone(), hash: name.hash };
        let read = self.ports.store.read(actor.scope());
        let is_visible = match read.profiles().find_by_user(user).await? {
            Some(profile) => PhotoId::shown_by(&profile).as_ref() == Some(&id),
            // The host may have moved the user to another tenant, with the profile.
            None if read.directory().find_user(user).await?.is_none() => false,
            None => read.photos().find(&id).await?.is_some_and(|record| record.state == PhotoState::Kept),
        };
        id.key(actor.tenant(), name.size).filter(|_| is_visible).ok_or_else(missing)
    }

    /// A photo that was [found](Self::find).
    pub async fn open(&self, key: &PhotoKey) -> Result<PhotoContent, CrmError> {
        self.photos.open(key).await?.ok_or(CrmError::NotFound(Resource::Photo))
    }

    /// Removes the photo of a user and the profile's reference to it, and answers where to find it in the trash.
    /// What was never shown, or is not kept here, does not go there.
    ///
    /// Fails with `Stale` if the profile is not what the caller saw.
    pub async fn remove(
        &self,
        actor: &Actor,
        user: &UserId,
        precondition: &Precondition,
    ) -> Result<Option<TrashId>, CrmError> {
        actor.require_on_profile(Action::ChangePhoto, user, Resource::Photo)?;
        self.keeper.clear(actor, user, precondition).await
    }
}
