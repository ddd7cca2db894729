use std::net::IpAddr;

use chrono::{DateTime, Utc};

use crate::access::{Action, Role};
use crate::error::Resource;
use crate::fields::{FieldChange, Fields, changes};
use crate::idempotency::RequestKey;
use crate::ids::{ProfileId, UserId};
use crate::note::{ClientNote, NoteType};
use crate::photo::PhotoId;
use crate::preferences::ClientPreferences;
use crate::profile::ClientProfile;
use crate::validation::Reason;

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Address of the caller.
    pub address: Option<IpAddr>,
    /// Names the request in the log.
    pub request: Option<String>,
    /// The name that the caller gave the request, so that it takes effect once. Not part of the account.
    pub key: Option<RequestKey>,
}

/// Who did something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// The user; `None` for jobs of the system and for those who could not sign in.
    pub user: Option<UserId>,
    /// What the user was then.
    pub role: Option<Role>,
    /// Where from.
    pub origin: Origin,
}

impl Principal {
    /// A job that nobody asked for.
    pub fn system() -> Self {
        Self::default()
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditAction {
    /// Something was made.
    Created,
    /// Something changed.
    Updated,
    /// Something was deleted; it may be in the trash.
    Deleted,
    /// Something came back from the trash.
    Restored,
    /// Something left the trash for good.
    Purged,
    /// A MEDICAL note was read.
    Read,
    /// A client's history was taken away as a file.
    Exported,
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried to sign in with a wrong password.
    SignInFailed,
    /// Somebody tried what they may not do.
    Denied,
}

impl AuditAction {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::Created,
        Self::Updated,
        Self::Deleted,
        Self::Restored,
        Self::Purged,
        Self::Read,
        Self::Exported,
        Self::SignedIn,
        Self::SignInFailed,
        Self::Denied,
    ];

    /// Whether something of a client's is another way afterwards.
    pub const fn is_change(self) -> bool {
        match self {
            Self::Created | Self::Updated | Self::Deleted | Self::Restored | Self::Purged => true,
            Self::Read | Self::Exported | Self::SignedIn | Self::SignInFailed | Self::Denied => false,
        }
    }

    /// The action's name in the API and in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Deleted => "DELETED",
            Self::Restored => "RESTORED",
            Self::Purged => "PURGED",
            Self::Read => "READ",
            Self::Exported => "EXPORTED",
            Self::SignedIn => "SIGNED_IN",
            Self::SignInFailed => "SIGN_IN_FAILED",
            Self::Denied => "DENIED",
        }
    }
}

/// What decides who may read what an entry says of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteGuard {
    /// Who wrote the note.
    pub author: UserId,
    /// Its type.
    pub note_type: NoteType,
    /// Whether it is private.
    pub is_private: bool,
}

impl NoteGuard {
    fn of(note: &ClientNote) -> Self {
        Self { author: note.author.clone(), note_type: note.note_type, is_private: note.is_private }
    }

    /// The guard as it is stored; `None` where nothing is guarded, an error where the type is unknown.
    pub fn from_stored(
        author: Option<String>,
        note_type: Option<&str>,
        is_private: Option<bool>,
    ) -> Result<Option<Self>, Reason> {
        let (Some(author), Some(note_type), Some(is_private)) = (author, note_type, is_private) else { return Ok(None) };
        Ok(Some(Self { author: UserId::from_stored(author), note_type: note_type.parse()?, is_private }))
    }

    /// What guards the note before and after a change guards the account of the change.
    fn and(self, other: &Self) -> Self {
        let order = [NoteType::Medical, NoteType::Complaint];
        let either = |note_type: &NoteType| [self.note_type, other.note_type].contains(note_type);
        let note_type = order.into_iter().find(either).unwrap_or(self.note_type);
        Self { note_type, is_private: self.is_private || other.is_private, author: self.author }
    }
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What kind of thing.
    pub resource: Resource,
    /// Its id; `None` where a whole kind is meant.
    pub id: Option<String>,
    /// The client it belongs to.
    pub profile: Option<ProfileId>,
    /// What guards it, if it is a note.
    pub note: Option<NoteGuard>,
}

/// A thing whose changes are accounted for.
pub trait Accountable: Fields {
    /// What it is.
    fn subject(&self) -> Subject;
    /// When it last changed.
    fn changed_at(&self) -> DateTime<Utc>;
}

impl Accountable for ClientProfile {
    fn subject(&self) -> Subject {
        let (id, profile) = (Some(self.id.to_string()), Some(self.id.clone()));
        Subject { resource: Resource::Profile, id, profile, note: None }
    }

    fn changed_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

impl Accountable for ClientNote {
    fn subject(&self) -> Subject {
        let (id, profile) = (Some(self.id.to_string()), Some(self.profile_id.clone()));
        Subject { resource: Resource::Note, id, profile, note: Some(NoteGuard::of(self)) }
    }

    fn changed_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

impl Accountable for ClientPreferences {
    fn subject(&self) -> Subject {
        let (id, profile) = (Some(self.id.to_string()), Some(self.profile_id.clone()));
        Subject { resource: Resource::Preferences, id, profile, note: None }
    }

    fn changed_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// The account of one thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Principal,
    /// What.
    pub action: AuditAction,
    /// To what.
    pub subject: Subject,
    /// How its fields changed.
    pub changes: Vec<FieldChange>,
    /// What was tried, if it was denied.
    pub denied: Option<Action>,
}

impl AuditEntry {
    fn new(by: &Principal, at: DateTime<Utc>, action: AuditAction, subject: Subject) -> Self {
        Self { at, by: by.clone(), action, subject, changes: Vec::new(), denied: None }
    }

    /// Something was made.
    pub fn created(by: &Principal, made: &impl Accountable) -> Self {
        let changes = changes(None, Some(made));
        Self { changes, ..Self::new(by, made.changed_at(), AuditAction::Created, made.subject()) }
    }

    /// Something changed.
    pub fn updated(by: &Principal, before: &impl Accountable, after: &impl Accountable) -> Self {
        let mut subject = after.subject();
        if let (Some(old), Some(new)) = (before.subject().note, subject.note.take()) {
            subject.note = Some(new.and(&old));
        }
        let changes = changes(Some(before), Some(after));
        Self { changes, ..Self::new(by, after.changed_at(), AuditAction::Updated, subject) }
    }

    /// Something was deleted, always later than it last changed.
    pub fn deleted(by: &Principal, now: DateTime<Utc>, gone: &impl Accountable) -> Self {
        let changes = changes(Some(gone), None);
        let at = crate::clock::after(gone.changed_at(), now);
        Self { changes, ..Self::new(by, at, AuditAction::Deleted, gone.subject()) }
    }

    /// Something came back as it was.
    pub fn restored(by: &Principal, now: DateTime<Utc>, back: &impl Accountable) -> Self {
        let changes = changes(None, Some(back));
        let at = crate::clock::after(back.changed_at(), now);
        Self { changes, ..Self::new(by, at, AuditAction::Restored, back.subject()) }
    }

    /// Something left the trash for good.
    pub fn purged(by: &Principal, now: DateTime<Utc>, subject: Subject) -> Self {
        Self::new(by, now, AuditAction::Purged, subject)
    }

    /// A photo was put into the trash or came back from it; what the profile shows is accounted for with the profile.
    pub fn of_photo(by: &Principal, now: DateTime<Utc>, action: AuditAction, photo: &PhotoId, profile: &ProfileId) -> Self {
        let (id, profile) = (Some(photo.hash.as_str().to_owned()), Some(profile.clone()));
        Self::new(by, now, action, Subject { resource: Resource::Photo, id, profile, note: None })
    }

    /// A note was read.
    pub fn read(by: &Principal, now: DateTime<Utc>, note: Subject) -> Self {
        Self::new(by, now, AuditAction::Read, note)
    }

    /// A client's history was taken away.
    pub fn exported(by: &Principal, now: DateTime<Utc>, of: &ClientProfile) -> Self {
        Self::new(by, now, AuditAction::Exported, of.subject())
    }

    /// Somebody signed in, or tried to.
    pub fn signed_in(by: &Principal, now: DateTime<Utc>, account: &UserId, succeeded: bool) -> Self {
        let action = if succeeded { AuditAction::SignedIn } else { AuditAction::SignInFailed };
        let subject = Subject { resource: Resource::User, id: Some(account.to_string()), profile: None, note: None };
        Self::new(by, now, action, subject)
    }

    /// Somebody tried what they may not do.
    pub fn denied(by: &Principal, now: DateTime<Utc>, tried: Action, subject: Subject) -> Self {
        Self { denied: Some(tried), ..Self::new(by, now, AuditAction::Denied, subject) }
    }
}
