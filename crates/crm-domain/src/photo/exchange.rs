//! What a profile shows: setting, replacing and clearing it together with the ledger.

use super::{LetGo, PhotoId, PhotoKeeper, PhotoRecord, PhotoState};
use crate::access::{Actor, TenantScope};
use crate::audit::{AuditEntry, Principal};
use crate::error::{CrmError, Resource, StoreError};
use crate::ids::{TrashId, UserId};
use crate::patch::Patch;
use crate::profile::{ClientProfile, ProfilePatch, ProfileUpdate, stale_profile};
use crate::store::{Repositories, UnitOfWork};
use crate::value::{PhotoSize, PhotoUrl};
use crate::version::Precondition;

/// What changes with a unit of work: the photos that are to go, the one in the trash, and the account of it.
#[derive(Default)]
struct Change {
    doomed: Vec<PhotoRecord>,
    trashed: Option<TrashId>,
    entries: Vec<AuditEntry>,
}

impl Change {
    fn doom(doomed: Vec<PhotoRecord>) -> Self {
        Self { doomed, ..Self::default() }
    }
}

impl PhotoKeeper {
    /// Makes the user's profile show a stored photo, and removes what it replaces. Without a profile the photo waits
    /// for one, instead of any that waited before.
    ///
    /// With `instead_of`, only a profile that shows that photo is changed; `false` if there is none.
    pub(super) async fn show(
        &self,
        scope: &TenantScope,
        by: &Principal,
        id: &PhotoId,
        instead_of: Option<&PhotoId>,
    ) -> Result<bool, CrmError> {
        let unit = self.begin(scope).await?;
        // Before the profile: one that is made in between changes the record of the photo it shows.
        let waiting = unit.photos().list_of(&id.user).await?;
        let profile = unit.profiles().find_by_user(&id.user).await?;
        if instead_of.is_some() && profile.as_ref().and_then(PhotoId::shown_by).as_ref() != instead_of {
            return Ok(false);
        }
        if !self.keep(&*unit, id).await? {
            return Err(CrmError::Unavailable("the photo was swept away before it could be shown".into()));
        }
        let change = match profile {
            Some(before) => self.set_photo(&*unit, by, &before, Patch::Set(id.url(PhotoSize::Full))).await?,
            None => Change::doom(self.doom_waiting(&*unit, waiting, Some(id)).await?),
        };
        self.commit(unit, scope, change).await?;
        Ok(true)
    }

    /// Makes the user's profile show no photo, and removes the one it showed or the one that waits for a profile.
    /// Answers where to find it in the trash, if it went there.
    pub(super) async fn clear(
        &self,
        actor: &Actor,
        user: &UserId,
        precondition: &Precondition,
    ) -> Result<Option<TrashId>, CrmError> {
        let missing = || CrmError::NotFound(Resource::Photo);
        let (scope, by) = (&actor.scope(), actor.principal());
        let unit = self.begin(scope).await?;
        // Before the profile, as above.
        let waiting = unit.photos().list_of(user).await?;
        let change = match unit.profiles().find_by_user(user).await? {
            Some(before) if before.details.profile_photo_url.is_none() => return Err(missing()),
            Some(before) => {
                let seen = actor.redact(before.clone());
                if let Err(differing) = precondition.check(&seen) {
                    let owner = unit.directory().find_user(user).await?.ok_or_else(missing)?;
                    return Err(stale_profile(actor, differing, seen, owner));
                }
                self.set_photo(&*unit, by, &before, Patch::Clear).await?
            }
            None => {
                let doomed = self.doom_waiting(&*unit, waiting, None).await?;
                if doomed.is_empty() {
                    return Err(missing());
                }
                Change::doom(doomed)
            }
        };
        self.commit(unit, scope, change).await
    }

    /// Makes a profile show no photo if it shows this one, and nothing happened to it since this record was read.
    pub(super) async fn clear_unchanged(
        &self,
        scope: &TenantScope,
        id: &PhotoId,
        seen: Option<&PhotoRecord>,
    ) -> Result<bool, CrmError> {
        let unit = self.begin(scope).await?;
        let profile = unit.profiles().find_by_user(&id.user).await?;
        let Some(before) = profile.filter(|profile| PhotoId::shown_by(profile).as_ref() == Some(id)) else {
            return Ok(false);
        };
        if unit.photos().find(id).await?.as_ref() != seen {
            return Ok(false);
        }
        // There is nothing left that could be brought back.
        let (_, entry) = self.write_photo(&*unit, &Principal::system(), &before, Patch::Clear).await?;
        let doomed = self.doom_unheld(&*unit, id).await?.into_iter().collect();
        self.commit(unit, scope, Change { doomed, trashed: None, entries: vec![entry] }).await?;
        Ok(true)
    }

    /// Writes an address into the profile.
    async fn set_photo(
        &self,
        unit: &dyn Repositories,
        by: &Principal,
        before: &ClientProfile,
        url: Patch<PhotoUrl>,
    ) -> Result<Change, CrmError> {
        if url.value() == before.details.profile_photo_url.as_ref() {
            return Ok(Change::default());
        }
        let (after, entry) = self.write_photo(unit, by, before, url).await?;
        let LetGo { doomed, trashed } = self.let_go(unit, by, before, &after).await?;
        let (trashed, account) = trashed.unzip();
        Ok(Change { doomed: doomed.into_iter().collect(), trashed, entries: [entry].into_iter().chain(account).collect() })
    }

    /// Writes an address into the profile, which must be another one than is there.
    async fn write_photo(
        &self,
        unit: &dyn Repositories,
        by: &Principal,
        before: &ClientProfile,
        url: Patch<PhotoUrl>,
    ) -> Result<(ClientProfile, AuditEntry), CrmError> {
        let patch = ProfilePatch { profile_photo_url: url, ..ProfilePatch::default() };
        let update = ProfileUpdate { patch, ..ProfileUpdate::default() };
        let after = update.apply_to(before, self.now())?;
        if !unit.profiles().update(before, &after).await? {
            return Err(CrmError::NotFound(Resource::Photo));
        }
        let entry = AuditEntry::updated(by, before, &after);
        Ok((after, entry))
    }

    /// Makes a profile that shows no photo show one again that was in the trash.
    pub(crate) async fn show_again(
        &self,
        unit: &dyn Repositories,
        by: &Principal,
        before: &ClientProfile,
        photo: &PhotoId,
    ) -> Result<AuditEntry, CrmError> {
        if !self.keep(unit, photo).await? {
            return Err(CrmError::NotFound(Resource::Photo));
        }
        Ok(self.write_photo(unit, by, before, Patch::Set(photo.url(PhotoSize::Full))).await?.1)
    }

    /// Dooms those of a user's photos that wait for a profile, except one.
    async fn doom_waiting(
        &self,
        unit: &dyn Repositories,
        records: Vec<PhotoRecord>,
        except: Option<&PhotoId>,
    ) -> Result<Vec<PhotoRecord>, StoreError> {
        let mut doomed = Vec::new();
        for record in records {
            if record.state == PhotoState::Kept && Some(&record.id) != except {
                // A profile that shows it may have been made since.
                doomed.extend(self.doom_unchanged(unit, &record.id, Some(&record)).await?);
            }
        }
        Ok(doomed)
    }

    async fn commit(
        &self,
        unit: Box<dyn UnitOfWork>,
        scope: &TenantScope,
        change: Change,
    ) -> Result<Option<TrashId>, CrmError> {
        unit.commit(change.entries).await?;
        for record in &change.doomed {
            // The row is what counts; objects that can't be deleted now are unreachable.
            let _ = self.discard(scope, record).await;
        }
        Ok(change.trashed)
    }
}
