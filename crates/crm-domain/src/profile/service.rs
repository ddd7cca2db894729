use std::sync::Arc;

use super::figures::KeptFigures;
use super::{CARD_NOTES, ClientProfile, NewProfile, ProfileCard, ProfileSummary, ProfileUpdate};
use crate::access::{Action, Actor};
use crate::audit::AuditEntry;
use crate::directory::User;
use crate::error::{CrmError, Current, Resource};
use crate::ids::{ProfileId, TrashId, UserId};
use crate::note::{NoteFilter, account_for_reading};
use crate::page::PageRequest;
use crate::photo::{LetGo, PhotoId, PhotoKeeper, PhotoRecord, PhotoStore};
use crate::ports::Ports;
use crate::store::Repositories;
use crate::trash::TrashItem;
use crate::validation::{Expectation, Reason, Violations};
use crate::version::{Precondition, Updated};

/// Creates, shows, changes and deletes client profiles.
#[derive(Clone)]
pub struct ProfileService {
    pub(crate) ports: Ports,
    pub(crate) photos: PhotoKeeper,
    pub(crate) figures: KeptFigures,
}

impl ProfileService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports, photos: Arc<dyn PhotoStore>) -> Self {
        Self { photos: PhotoKeeper::new(ports.clone(), photos), figures: KeptFigures::default(), ports }
    }

    /// Gives a user of the tenant a profile.
    ///
    /// Fails with `NotFound(User)` if the tenant has no such user, `Conflict` if the user has a profile.
    pub async fn create(&self, actor: &Actor, new: NewProfile) -> Result<ProfileSummary, CrmError> {
        actor.require(Action::CreateProfile)?;
        let profile = new.into_profile(ProfileId::from_stored(self.ports.ids.next_id()), self.ports.clock.now())?;
        let unit = self.ports.store.begin(actor.scope()).await?;
        let user = unit.directory().find_user(&profile.user_id).await?.ok_or(CrmError::NotFound(Resource::User))?;
        self.require_photo(&*unit, &profile).await?;
        unit.profiles().insert(&profile).await.map_err(|error| CrmError::from_insert(error, Resource::User))?;
        unit.commit(vec![AuditEntry::created(actor.principal(), &profile)]).await?;
        self.figures.one_more(actor.tenant(), profile.created_at);
        Ok(ProfileSummary { profile, user })
    }

    /// A profile with its user, latest readable notes and preferences.
    pub async fn get(&self, actor: &Actor, id: &ProfileId) -> Result<ProfileCard, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let profile = readable_profile(&*read, actor, Action::ReadProfile, id).await?;
        self.card(actor, read, profile).await
    }

    /// A profile with its user alone.
    pub async fn summary(&self, actor: &Actor, id: &ProfileId) -> Result<ProfileSummary, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let profile = readable_profile(&*read, actor, Action::ReadProfile, id).await?;
        let user = owner(&*read, &profile).await?;
        Ok(ProfileSummary { profile: actor.redact(profile), user })
    }

    /// The profile of a user, as [`get`](Self::get) shows it.
    pub async fn get_by_user(&self, actor: &Actor, user: &UserId) -> Result<ProfileCard, CrmError> {
        let read = self.ports.store.read(actor.scope());
        actor.require_on_profile(Action::ReadProfile, user, Resource::Profile)?;
        let profile = read.profiles().find_by_user(user).await?.ok_or(CrmError::NotFound(Resource::Profile))?;
        self.card(actor, read, profile).await
    }

    /// Changes the given fields of a profile and leaves the others alone.
    ///
    /// Fails with `Stale` if the profile is not what the caller saw.
    pub async fn update(
        &self,
        actor: &Actor,
        id: &ProfileId,
        update: ProfileUpdate,
    ) -> Result<Updated<ProfileSummary>, CrmError> {
        let unit = self.ports.store.begin(actor.scope()).await?;
        let before = readable_profile(&*unit, actor, Action::UpdateProfile, id).await?;
        if update.patch.notes.is_mentioned() {
            actor.require_on_profile(Action::UpdateStaffField, &before.user_id, Resource::Profile)?;
        }

        let user = owner(&*unit, &before).await?;
        let seen = actor.redact(before.clone());
        let (update, merged) = match update.reconcile(&seen) {
            Ok(reconciled) => reconciled,
            Err(differing) => return Err(stale_profile(actor, differing, seen, user)),
        };
        let after = update.apply_to(&before, self.ports.clock.now())?;
        if after != before {
            if after.details.profile_photo_url != before.details.profile_photo_url {
                self.require_photo(&*unit, &after).await?;
            }
            if !unit.profiles().update(&before, &after).await? {
                return Err(CrmError::NotFound(Resource::Profile));
            }
            let LetGo { doomed, trashed } = self.photos.let_go(&*unit, actor.principal(), &before, &after).await?;
            let entries =
                [AuditEntry::updated(actor.principal(), &before, &after)].into_iter().chain(trashed.map(|(_, entry)| entry));
            unit.commit(entries.collect()).await?;
            self.discard(actor, doomed).await;
        }
        Ok(Updated { item: ProfileSummary { profile: actor.redact(after), user }, merged })
    }

    /// Puts a profile into the trash with its notes, preferences and photo, and answers where to find it there.
    /// The user stays as it was.
    ///
    /// Fails with `Stale` if the profile is not what the caller saw.
    pub async fn delete(&self, actor: &Actor, id: &ProfileId, precondition: &Precondition) -> Result<TrashId, CrmError> {
        let unit = self.ports.store.begin(actor.scope()).await?;
        let profile = readable_profile(&*unit, actor, Action::DeleteProfile, id).await?;
        let seen = actor.redact(profile.clone());
        if let Err(differing) = precondition.check(&seen) {
            let user = owner(&*unit, &profile).await?;
            return Err(stale_profile(actor, differing, seen, user));
        }
        let (by, now) = (actor.principal(), self.ports.clock.now());
        let item = TrashItem::of(TrashId::from_stored(self.ports.ids.next_id()), by, now, &profile, &profile.user_id);
        let photo = PhotoId::shown_by(&profile);
        if let Some(photo) = &photo {
            self.photos.set_aside(&*unit, photo).await?;
        }
        let item = TrashItem { photo, ..item };
        let contents = unit.trash().put(&item).await?;
        if !unit.profiles().delete(id).await? {
            return Err(CrmError::NotFound(Resource::Profile));
        }
        unit.commit(contents.deleted(by, now)).await?;
        self.figures.one_less(actor.tenant(), profile.created_at);
        Ok(item.id)
    }

    async fn card(
        &self,
        actor: &Actor,
        read: Box<dyn Repositories>,
        profile: ClientProfile,
    ) -> Result<ProfileCard, CrmError> {
        let user = owner(&*read, &profile).await?;
        let of_profile = NoteFilter { profile: Some(profile.id.clone()), ..NoteFilter::default() };
        let notes = read.notes().list(&actor.note_visibility(), &of_profile, &PageRequest::first(CARD_NOTES)).await?;
        let preferences = read.preferences().find_by_profile(&profile.id).await?;
        // Before a unit of work begins, which needs a connection of its own.
        drop(read);
        account_for_reading(&self.ports, actor, &notes.items).await?;
        Ok(ProfileCard { profile: actor.redact(profile), user, notes: notes.items, preferences })
    }

    /// A profile can't show a photo that this service should keep but does not.
    async fn require_photo(&self, unit: &dyn Repositories, profile: &ClientProfile) -> Result<(), CrmError> {
        let Some(photo) = profile.details.profile_photo_url.as_ref().and_then(PhotoId::at) else { return Ok(()) };
        if self.photos.reuse(unit, &photo).await? {
            return Ok(());
        }
        Err(Violations::one("profilePhotoUrl", Reason::Expected(Expectation::OwnPhoto)).into())
    }

    /// Removes a photo that nothing shows any more. The row is what counts and is already committed.
    async fn discard(&self, actor: &Actor, photo: Option<PhotoRecord>) {
        if let Some(photo) = photo {
            let _ = self.photos.discard(&actor.scope(), &photo).await;
        }
    }
}

/// The profile with this id, if the actor may do this to it.
pub(crate) async fn readable_profile(
    repositories: &dyn Repositories,
    actor: &Actor,
    action: Action,
    id: &ProfileId,
) -> Result<ClientProfile, CrmError> {
    let profile = repositories.profiles().find(id).await?.ok_or(CrmError::NotFound(Resource::Profile))?;
    actor.require_on_profile(action, &profile.user_id, Resource::Profile)?;
    Ok(profile)
}

/// Shows the actor what they did not see.
pub(crate) fn stale_profile(actor: &Actor, differing: Vec<&'static str>, profile: ClientProfile, user: User) -> CrmError {
    CrmError::stale(differing, Current::Profile(ProfileSummary { profile, user }, actor.role()))
}

async fn owner(repositories: &dyn Repositories, profile: &ClientProfile) -> Result<User, CrmError> {
    repositories.directory().find_user(&profile.user_id).await?.ok_or(CrmError::NotFound(Resource::Profile))
}
