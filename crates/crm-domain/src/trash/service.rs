use std::sync::Arc;

use super::TrashItem;
use crate::access::Actor;
use crate::audit::{AuditAction, AuditEntry};
use crate::error::{CrmError, Resource, UniqueRule};
use crate::ids::{ProfileId, TrashId};
use crate::page::{Page, PageRequest};
use crate::photo::{PhotoId, PhotoKeeper, PhotoStore};
use crate::ports::Ports;
use crate::store::Repositories;

/// Shows what was deleted, and brings it back.
#[derive(Clone)]
pub struct TrashService {
    ports: Ports,
    photos: PhotoKeeper,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What it is.
    pub resource: Resource,
    /// Its id.
    pub id: String,
}

impl TrashService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports, photos: Arc<dyn PhotoStore>) -> Self {
        Self { photos: PhotoKeeper::new(ports.clone(), photos), ports }
    }

    /// What was deleted and may be brought back by the actor, newest first.
    pub async fn list(&self, actor: &Actor, page: &PageRequest) -> Result<Page<TrashItem>, CrmError> {
        let view = actor.trash_view()?;
        Ok(self.ports.store.read(actor.scope()).trash().list(&view, page).await?)
    }

    /// Brings something back as it was, with everything that belonged to it.
    ///
    /// Fails with `Conflict` if something else has taken its place, `NotFound` of what it belonged to if that is gone.
    pub async fn restore(&self, actor: &Actor, id: &TrashId) -> Result<Restored, CrmError> {
        let missing = || CrmError::NotFound(Resource::Trash);
        let view = actor.trash_view().map_err(|_| missing())?;
        let unit = self.ports.store.begin(actor.scope()).await?;
        let item = unit.trash().find(&view, id).await?.ok_or_else(missing)?;
        let entries = match item.resource {
            Resource::Profile => self.rows(&*unit, actor, &item).await?,
            Resource::Photo => self.photo(&*unit, actor, &item).await?,
            _ => {
                self.require_profile(&*unit, &item.profile).await?;
                self.rows(&*unit, actor, &item).await?
            }
        };
        unit.commit(entries).await?;
        Ok(Restored { resource: item.resource, id: item.resource_id })
    }

    async fn rows(&self, unit: &dyn Repositories, actor: &Actor, item: &TrashItem) -> Result<Vec<AuditEntry>, CrmError> {
        let contents = unit.trash().restore(item).await.map_err(|error| CrmError::from_insert(error, Resource::User))?;
        if let Some(photo) = contents.profile.as_ref().and_then(PhotoId::shown_by) {
            // If the store lost it meanwhile, the next sweep says so.
            self.photos.keep(unit, &photo).await?;
        }
        Ok(contents.restored(actor.principal(), self.ports.clock.now()))
    }

    async fn photo(&self, unit: &dyn Repositories, actor: &Actor, item: &TrashItem) -> Result<Vec<AuditEntry>, CrmError> {
        let before = unit.profiles().find(&item.profile).await?.ok_or(CrmError::NotFound(Resource::Profile))?;
        let photo = item.photo.as_ref().ok_or(CrmError::NotFound(Resource::Photo))?;
        if before.details.profile_photo_url.is_some() {
            return Err(CrmError::Conflict(UniqueRule::PhotoPerProfile));
        }
        unit.trash().remove(&item.id).await?;
        let (by, now) = (actor.principal(), self.ports.clock.now());
        let shown = self.photos.show_again(unit, by, &before, photo).await?;
        let back = AuditEntry::of_photo(by, now, AuditAction::Restored, photo, &item.profile);
        Ok(vec![back, shown])
    }

    async fn require_profile(&self, unit: &dyn Repositories, profile: &ProfileId) -> Result<(), CrmError> {
        unit.profiles().find(profile).await?.map(drop).ok_or(CrmError::NotFound(Resource::Profile))
    }
}
