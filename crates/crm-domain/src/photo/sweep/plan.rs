//! What to do about one tenant's photos: a pure function of what was found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{KEPT_GRACE, REMOVAL_GRACE, WRITING_GRACE};
use crate::photo::{PhotoId, PhotoRecord, PhotoState, StoredObject};
use crate::value::PhotoSize;

/// What was found.
pub(super) struct Situation {
    /// Photos that profiles show.
    pub(super) shown: Vec<PhotoId>,
    /// Photos that the trash refers to.
    pub(super) trashed: Vec<PhotoId>,
    /// The ledger.
    pub(super) records: Vec<PhotoRecord>,
    /// The store.
    pub(super) objects: Vec<StoredObject>,
}

/// A photo to remove, and its record when it was judged.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) photo: PhotoId,
    pub(super) record: Option<PhotoRecord>,
}

/// What to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Photos that nothing shows, or that are being removed already.
    pub(super) remove: Vec<Candidate>,
    /// Photos that a profile shows and that are whole, as they should be recorded.
    pub(super) adopt: Vec<PhotoRecord>,
    /// Photos that a profile shows and that are missing or cut short.
    pub(super) clear: Vec<PhotoId>,
    /// Shown photos without a whole thumbnail.
    pub(super) without_thumbnail: u64,
    /// Photos that are too young to judge.
    pub(super) waiting: u64,
}

impl Plan {
    pub(super) fn steps(&self) -> u64 {
        (self.remove.len() + self.adopt.len() + self.clear.len()) as u64
    }
}

/// Everything known of one photo.
#[derive(Default)]
struct Photo {
    is_shown: bool,
    is_trashed: bool,
    record: Option<PhotoRecord>,
    full: Option<StoredObject>,
    thumbnail: Option<StoredObject>,
}

pub(super) fn plan(now: DateTime<Utc>, situation: &Situation) -> Plan {
    let mut plan = Plan::default();
    for (id, photo) in collect(situation) {
        judge(now, id, photo, &mut plan);
    }
    plan
}

fn collect(situation: &Situation) -> BTreeMap<PhotoId, Photo> {
    let mut photos: BTreeMap<PhotoId, Photo> = BTreeMap::new();
    for id in situation.shown.iter().collect::<BTreeSet<_>>() {
        photos.entry(id.clone()).or_default().is_shown = true;
    }
    for id in &situation.trashed {
        photos.entry(id.clone()).or_default().is_trashed = true;
    }
    for record in &situation.records {
        photos.entry(record.id.clone()).or_default().record = Some(record.clone());
    }
    for object in &situation.objects {
        let photo = photos.entry(object.photo.clone()).or_default();
        match object.size {
            PhotoSize::Full => photo.full = Some(object.clone()),
            PhotoSize::Thumbnail => photo.thumbnail = Some(object.clone()),
        }
    }
    photos
}

fn judge(now: DateTime<Utc>, id: PhotoId, photo: Photo, plan: &mut Plan) {
    if photo.is_trashed && !photo.is_shown {
        return;
    }
    if now - photo.last_touched() < photo.grace() {
        plan.waiting += u64::from(!photo.is_shown);
        return;
    }
    if !photo.is_shown {
        plan.remove.push(Candidate { photo: id, record: photo.record });
    } else if !photo.is_whole(PhotoSize::Full) {
        plan.clear.push(id);
    } else {
        plan.without_thumbnail += u64::from(!photo.is_whole(PhotoSize::Thumbnail));
        match photo.record {
            Some(record) if record.state == PhotoState::Kept => {}
            Some(record) => plan.adopt.push(PhotoRecord { state: PhotoState::Kept, changed_at: now, ..record }),
            None => {
                let bytes = |object: Option<StoredObject>| object.map_or(0, |object| object.bytes);
                let (full_bytes, thumbnail_bytes) = (bytes(photo.full), bytes(photo.thumbnail));
                plan.adopt.push(PhotoRecord { id, state: PhotoState::Kept, full_bytes, thumbnail_bytes, changed_at: now });
            }
        }
    }
}

impl Photo {
    /// How long to leave it alone after it was last touched.
    fn grace(&self) -> TimeDelta {
        match self.record.as_ref().map(|record| record.state) {
            // A shown photo that is kept is as it should be at any age, unless its objects are gone.
            Some(PhotoState::Kept) if self.is_shown => TimeDelta::zero(),
            Some(PhotoState::Kept) => KEPT_GRACE,
            // The trash was emptied by somebody who could not finish.
            Some(PhotoState::Doomed | PhotoState::Trashed) => REMOVAL_GRACE,
            // An object without a record may have been stored by a write that returned late.
            Some(PhotoState::Writing) | None => WRITING_GRACE,
        }
    }

    fn last_touched(&self) -> DateTime<Utc> {
        let stored = [&self.full, &self.thumbnail].into_iter().flatten().map(|object| object.modified).max();
        let recorded = self.record.as_ref().map(|record| record.changed_at);
        // The store's clock is another one, so it counts only where nothing else is known.
        recorded.or(stored).unwrap_or(DateTime::UNIX_EPOCH)
    }

    fn is_whole(&self, size: PhotoSize) -> bool {
        let object = match size {
            PhotoSize::Full => &self.full,
            PhotoSize::Thumbnail => &self.thumbnail,
        };
        let is_length = |bytes| self.record.as_ref().is_none_or(|record| record.is_length(size, bytes));
        object.as_ref().is_some_and(|object| is_length(object.bytes))
    }
}

#[cfg(test)]
mod tests;
