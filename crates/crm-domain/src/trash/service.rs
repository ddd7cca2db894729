use super::{Contents, TrashItem};
use crate::access::Actor;
use crate::audit::{AuditAction, AuditEntry};
use crate::error::{CrmError, Resource, UniqueRule};
use crate::ids::{ProfileId, TrashId};
use crate::page::{Page, PageRequest};
use crate::photo::{PhotoId, PhotoKeeper};
use crate::ports::Ports;
use crate::profile::{KeptFigures, ProfileService};
use crate::store::Repositories;

/// Shows what was deleted, and brings it back.
#[derive(Clone)]
pub struct TrashService {
    ports: Ports,
    photos: PhotoKeeper,
    figures: KeptFigures,
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
    /// Builds the service over the same ports as that of the profiles, whose figures count what comes back.
    pub fn beside(profiles: &ProfileService) -> Self {
        let ProfileService { ports, photos, figures } = profiles.clone();
        Self { ports, photos, figures }
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
        let (entries, profile) = match item.resource {
            Resource::Photo => (self.photo(&*unit, actor, &item).await?, None),
            resource => {
                if resource != Resource::Profile {
                    self.require_profile(&*unit, &item.profile).await?;
                }
                let contents = self.rows(&*unit, &item).await?;
                (contents.restored(actor.principal(), self.ports.clock.now()), contents.profile)
            }
        };
        unit.commit(entries).await?;
        if let Some(profile) = profile {
            self.figures.one_more(actor.tenant(), profile.created_at);
        }
        Ok(Restored { resource: item.resource, id: item.resource_id })
    }

    async fn rows(&self, unit: &dyn Repositories, item: &TrashItem) -> Result<Contents, CrmError> {
        let contents = unit.trash().restore(item).await.map_err(|error| CrmError::from_insert(error, Resource::User))?;
        if let Some(photo) = contents.profile.as_ref().and_then(PhotoId::shown_by) {
            // If the store lost it meanwhile, the next sweep says so.
            self.photos.keep(unit, &photo).await?;
        }
        Ok(contents)
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
