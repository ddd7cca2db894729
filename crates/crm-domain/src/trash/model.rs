use chrono::{DateTime, Utc};

use crate::access::NoteVisibility;
use crate::audit::{Accountable, AuditEntry, NoteGuard, Principal, Subject};
use crate::error::Resource;
use crate::ids::{ProfileId, TrashId, UserId};
use crate::note::ClientNote;
use crate::photo::PhotoId;
use crate::preferences::ClientPreferences;
use crate::profile::ClientProfile;

/// Something that was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashItem {
    /// Its id in the trash.
    pub id: TrashId,
    /// What it was: a profile, a note, preferences or a photo.
    pub resource: Resource,
    /// Its id.
    pub resource_id: String,
    /// The profile it belonged to.
    pub profile: ProfileId,
    /// The client.
    pub owner: UserId,
    /// What guards it, if it is a note.
    pub note: Option<NoteGuard>,
    /// The kept photo that it showed.
    pub photo: Option<PhotoId>,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// Who deleted it.
    pub deleted_by: Option<UserId>,
}

impl TrashItem {
    /// A thing that is about to be deleted.
    pub(crate) fn of(id: TrashId, by: &Principal, now: DateTime<Utc>, gone: &impl Accountable, owner: &UserId) -> Self {
        let Subject { resource, id: resource_id, profile, note } = gone.subject();
        let resource_id = resource_id.unwrap_or_default();
        let profile = profile.unwrap_or_else(|| ProfileId::from_stored(resource_id.as_str()));
        let (owner, deleted_by) = (owner.clone(), by.user.clone());
        Self { id, resource, resource_id, profile, owner, note, photo: None, deleted_at: now, deleted_by }
    }

    /// A photo that its profile is about to show no more.
    pub(crate) fn of_photo(
        id: TrashId,
        by: &Principal,
        now: DateTime<Utc>,
        photo: PhotoId,
        profile: &ClientProfile,
    ) -> Self {
        Self {
            id,
            resource: Resource::Photo,
            resource_id: photo.hash.as_str().to_owned(),
            profile: profile.id.clone(),
            owner: profile.user_id.clone(),
            note: None,
            photo: Some(photo),
            deleted_at: now,
            deleted_by: by.user.clone(),
        }
    }

    /// What the audit log says it is.
    pub(crate) fn subject(&self) -> Subject {
        let (id, profile) = (Some(self.resource_id.clone()), Some(self.profile.clone()));
        Subject { resource: self.resource, id, profile, note: self.note.clone() }
    }
}

/// What somebody may see of the trash. Queries of it can't be made without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashView {
    /// Only notes that this person wrote and photos that this person removed, if given.
    pub only_own_of: Option<UserId>,
    /// Which notes.
    pub notes: NoteVisibility,
}

/// The rows of an item of the trash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The profile, if the item is one.
    pub profile: Option<ClientProfile>,
    /// The note, or the notes of the profile.
    pub notes: Vec<ClientNote>,
    /// The preferences, or those of the profile.
    pub preferences: Option<ClientPreferences>,
}

impl Contents {
    /// The account of their deletion, the item itself first.
    pub(crate) fn deleted(&self, by: &Principal, now: DateTime<Utc>) -> Vec<AuditEntry> {
        let Self { profile, notes, preferences } = self;
        let mut entries: Vec<_> = profile.iter().map(|profile| AuditEntry::deleted(by, now, profile)).collect();
        entries.extend(notes.iter().map(|note| AuditEntry::deleted(by, now, note)));
        entries.extend(preferences.iter().map(|preferences| AuditEntry::deleted(by, now, preferences)));
        entries
    }

    /// The account of their return, the item itself first.
    pub(crate) fn restored(&self, by: &Principal, now: DateTime<Utc>) -> Vec<AuditEntry> {
        let Self { profile, notes, preferences } = self;
        let mut entries: Vec<_> = profile.iter().map(|profile| AuditEntry::restored(by, now, profile)).collect();
        entries.extend(notes.iter().map(|note| AuditEntry::restored(by, now, note)));
        entries.extend(preferences.iter().map(|preferences| AuditEntry::restored(by, now, preferences)));
        entries
    }
}
