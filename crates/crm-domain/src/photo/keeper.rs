use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::{join, try_join};

use super::{PhotoId, PhotoKey, PhotoRecord, PhotoState, PhotoStore, ProcessedPhoto, REMOVAL_GRACE};
use crate::access::TenantScope;
use crate::audit::{AuditAction, AuditEntry, Principal};
use crate::error::{CrmError, Resource, StoreError};
use crate::ids::TrashId;
use crate::ports::Ports;
use crate::profile::ClientProfile;
use crate::store::{Repositories, UnitOfWork};
use crate::trash::TrashItem;
use crate::value::PhotoSize;

/// What becomes of a photo that is no longer shown.
#[derive(Default)]
pub(crate) struct LetGo {
    /// To be [discarded](PhotoKeeper::discard) after the commit.
    pub(crate) doomed: Option<PhotoRecord>,
    /// Where it is in the trash, and the account of its way there.
    pub(crate) trashed: Option<(TrashId, AuditEntry)>,
}

/// Keeps ledger and objects in step (see the [module](super)). Everything that stores or deletes a photo goes through it.
///
/// Units of work lock the profile before the records of its photos, so that no two wait for each other.
#[derive(Clone)]
pub(crate) struct PhotoKeeper {
    ports: Ports,
    photos: Arc<dyn PhotoStore>,
}

impl PhotoKeeper {
    pub(crate) fn new(ports: Ports, photos: Arc<dyn PhotoStore>) -> Self {
        Self { ports, photos }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.ports.clock.now()
    }

    pub(super) async fn begin(&self, scope: &TenantScope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.ports.store.begin(scope.clone()).await
    }

    /// Stores a photo that nothing shows yet. What fails half-way is left to the sweep: an attempt whose outcome is
    /// unknown may still take effect after we cleaned up.
    pub(super) async fn store(&self, scope: &TenantScope, id: &PhotoId, photo: &ProcessedPhoto) -> Result<(), CrmError> {
        let key = |size| id.key(scope.tenant(), size).ok_or(CrmError::NotFound(Resource::User));
        let (full, thumbnail) = (key(PhotoSize::Full)?, key(PhotoSize::Thumbnail)?);
        let may_be_there = self.record(scope, id, photo).await?;
        try_join(self.put(&thumbnail, &photo.thumbnail, may_be_there), self.put(&full, &photo.full, may_be_there)).await?;
        Ok(())
    }

    /// Writes down that a photo is about to be stored; `true` if the ledger already has it as stored.
    async fn record(&self, scope: &TenantScope, id: &PhotoId, photo: &ProcessedPhoto) -> Result<bool, CrmError> {
        let now = self.now();
        let record = PhotoRecord {
            id: id.clone(),
            state: PhotoState::Writing,
            full_bytes: photo.full.len() as u64,
            thumbnail_bytes: photo.thumbnail.len() as u64,
            changed_at: now,
        };
        let unit = self.begin(scope).await?;
        let mut is_stored = false;
        if !unit.photos().insert(&record).await? {
            let known = unit.photos().find(id).await?.ok_or_else(being_removed)?;
            // Whoever deletes it may not be done yet, and would delete what we store now.
            if known.state == PhotoState::Doomed && now - known.changed_at < REMOVAL_GRACE {
                return Err(being_removed());
            }
            is_stored = matches!(known.state, PhotoState::Kept | PhotoState::Trashed);
            let state = if is_stored { known.state } else { PhotoState::Writing };
            unit.photos().update(&PhotoRecord { state, ..record }).await?;
        }
        unit.commit(Vec::new()).await?;
        Ok(is_stored)
    }

    async fn put(&self, key: &PhotoKey, bytes: &[u8], may_be_there: bool) -> Result<(), CrmError> {
        let whole = Some(bytes.len() as u64);
        // The key is the content, so what is there in full length need not be written again, and a failing write
        // can't damage it.
        if may_be_there && self.photos.size(key).await? == whole {
            return Ok(());
        }
        self.photos.put(key, bytes.to_vec()).await?;
        if self.photos.size(key).await? == whole {
            Ok(())
        } else {
            Err(StoreError::Unavailable("the photo store kept another length than it was given".into()).into())
        }
    }

    /// Notes, in a unit of work, that a photo which was just [stored](Self::store), or is in the trash, will be shown;
    /// `false` if it was removed meanwhile.
    pub(crate) async fn keep(&self, unit: &dyn Repositories, id: &PhotoId) -> Result<bool, StoreError> {
        self.keep_if(unit, id, |state| state != PhotoState::Doomed).await
    }

    /// Notes, in a unit of work, that a kept photo will be shown; `false` if it is not kept.
    pub(crate) async fn reuse(&self, unit: &dyn Repositories, id: &PhotoId) -> Result<bool, StoreError> {
        self.keep_if(unit, id, |state| state == PhotoState::Kept).await
    }

    /// Notes, in a unit of work, that a photo is shown, whatever the ledger says; `false` if it says nothing.
    pub(super) async fn adopt(&self, unit: &dyn Repositories, id: &PhotoId) -> Result<bool, StoreError> {
        self.keep_if(unit, id, |_| true).await
    }

    /// The record changes in any case, so that a sweep that has judged it already finds out.
    async fn keep_if(
        &self,
        unit: &dyn Repositories,
        id: &PhotoId,
        is_fine: fn(PhotoState) -> bool,
    ) -> Result<bool, StoreError> {
        match unit.photos().find(id).await? {
            Some(record) if is_fine(record.state) => {
                let changed_at = crate::clock::after(record.changed_at, self.now());
                unit.photos().update(&PhotoRecord { state: PhotoState::Kept, changed_at, ..record }).await
            }
            _ => Ok(false),
        }
    }

    /// Notes, in a unit of work, that nothing will show this photo once the unit is committed.
    /// Then it is to be [discarded](Self::discard).
    async fn doom(&self, unit: &dyn Repositories, id: &PhotoId) -> Result<PhotoRecord, StoreError> {
        // A photo without a record is older than the ledger's last restoration.
        if let Some(doomed) = self.doom_unrecorded(unit, id).await? {
            return Ok(doomed);
        }
        match unit.photos().find(id).await? {
            Some(record) => self.doom_record(unit, record).await,
            None => Err(StoreError::Unavailable("the same photo is being removed".into())),
        }
    }

    /// Likewise, unless something in the trash refers to it.
    pub(crate) async fn doom_unheld(
        &self,
        unit: &dyn Repositories,
        id: &PhotoId,
    ) -> Result<Option<PhotoRecord>, StoreError> {
        if unit.trash().holds(id).await? {
            self.set_aside(unit, id).await?;
            return Ok(None);
        }
        self.doom(unit, id).await.map(Some)
    }

    /// Likewise, if it is in the trash and was neither shown again nor uploaded anew meanwhile.
    pub(crate) async fn doom_trashed(
        &self,
        unit: &dyn Repositories,
        id: &PhotoId,
    ) -> Result<Option<PhotoRecord>, StoreError> {
        match unit.photos().find(id).await? {
            Some(record) if record.state == PhotoState::Trashed => self.doom_unheld(unit, id).await,
            _ => Ok(None),
        }
    }

    /// Notes, in a unit of work, that nothing but the trash refers to a photo any more.
    pub(crate) async fn set_aside(&self, unit: &dyn Repositories, id: &PhotoId) -> Result<(), StoreError> {
        let (id, state, changed_at) = (id.clone(), PhotoState::Trashed, self.now());
        let unrecorded = PhotoRecord { id, state, full_bytes: 0, thumbnail_bytes: 0, changed_at };
        if unit.photos().insert(&unrecorded).await? {
            return Ok(());
        }
        if let Some(record) = unit.photos().find(&unrecorded.id).await? {
            let changed_at = crate::clock::after(record.changed_at, changed_at);
            unit.photos().update(&PhotoRecord { state, changed_at, ..record }).await?;
        }
        Ok(())
    }

    /// Likewise, but only if nothing happened to the photo since this record of it, or none, was read.
    pub(super) async fn doom_unchanged(
        &self,
        unit: &dyn Repositories,
        id: &PhotoId,
        seen: Option<&PhotoRecord>,
    ) -> Result<Option<PhotoRecord>, StoreError> {
        if unit.trash().holds(id).await? {
            self.set_aside(unit, id).await?;
            return Ok(None);
        }
        match seen {
            None => self.doom_unrecorded(unit, id).await,
            Some(seen) => match unit.photos().find(id).await? {
                Some(record) if record == *seen => self.doom_record(unit, record).await.map(Some),
                _ => Ok(None),
            },
        }
    }

    async fn doom_unrecorded(&self, unit: &dyn Repositories, id: &PhotoId) -> Result<Option<PhotoRecord>, StoreError> {
        let (id, state, changed_at) = (id.clone(), PhotoState::Doomed, self.now());
        let doomed = PhotoRecord { id, state, full_bytes: 0, thumbnail_bytes: 0, changed_at };
        Ok(unit.photos().insert(&doomed).await?.then_some(doomed))
    }

    async fn doom_record(&self, unit: &dyn Repositories, record: PhotoRecord) -> Result<PhotoRecord, StoreError> {
        let changed_at = crate::clock::after(record.changed_at, self.now());
        let doomed = PhotoRecord { state: PhotoState::Doomed, changed_at, ..record };
        unit.photos().update(&doomed).await?;
        Ok(doomed)
    }

    /// Lets go of the photo that a profile shows, if it is ours and the profile will not show it any more: what is
    /// replaced is doomed, what is removed goes to the trash.
    pub(crate) async fn let_go(
        &self,
        unit: &dyn Repositories,
        by: &Principal,
        before: &ClientProfile,
        after: &ClientProfile,
    ) -> Result<LetGo, StoreError> {
        let replaced = PhotoId::shown_by(before).filter(|photo| PhotoId::shown_by(after).as_ref() != Some(photo));
        let Some(photo) = replaced else { return Ok(LetGo::default()) };
        if after.details.profile_photo_url.is_some() {
            return Ok(LetGo { doomed: self.doom_unheld(unit, &photo).await?, trashed: None });
        }
        let (id, now) = (TrashId::from_stored(self.ports.ids.next_id()), self.now());
        let entry = AuditEntry::of_photo(by, now, AuditAction::Deleted, &photo, &before.id);
        self.set_aside(unit, &photo).await?;
        unit.trash().put(&TrashItem::of_photo(id.clone(), by, now, photo, before)).await?;
        Ok(LetGo { doomed: None, trashed: Some((id, entry)) })
    }

    /// Deletes the objects of a doomed photo, then forgets it. What fails is left to the sweep.
    pub(crate) async fn discard(&self, scope: &TenantScope, doomed: &PhotoRecord) -> Result<(), StoreError> {
        // Whoever was held up until now might delete what has been stored anew since.
        if self.now() - doomed.changed_at > REMOVAL_GRACE / 2 {
            return Err(StoreError::Unavailable("too late to delete a photo".into()));
        }
        let delete = |size| async move {
            match doomed.id.key(scope.tenant(), size) {
                Some(key) => self.photos.delete(&key).await,
                None => Ok(()),
            }
        };
        // At once, so that both take effect within one grace.
        let (full, thumbnail) = join(delete(PhotoSize::Full), delete(PhotoSize::Thumbnail)).await;
        full.and(thumbnail)?;

        let unit = self.begin(scope).await?;
        // If it changed, somebody else dooms it too and has yet to delete it.
        if unit.photos().find(&doomed.id).await?.as_ref() == Some(doomed) {
            unit.photos().delete(&doomed.id).await?;
            unit.commit(Vec::new()).await?;
        }
        Ok(())
    }
}

fn being_removed() -> CrmError {
    CrmError::Unavailable("the same photo is being removed".into())
}
