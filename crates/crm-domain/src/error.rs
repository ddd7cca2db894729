//! What can go wrong: in a store, and in a use case.

use crate::access::{Action, Role};
use crate::note::NoteView;
use crate::photo::PhotoRejection;
use crate::preferences::ClientPreferences;
use crate::profile::ProfileSummary;
use crate::validation::Violations;

/// An adapter's own error, kept for the log.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A uniqueness rule of the module tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueRule {
    /// One profile per user.
    ProfilePerUser,
    /// One preferences row per profile.
    PreferencesPerProfile,
    /// One photo per profile.
    PhotoPerProfile,
    /// One effect per request.
    Request,
}

/// What a store can answer besides success.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row that must be unique exists already.
    #[error("{0:?} is violated")]
    Duplicate(UniqueRule),
    /// The row this one belongs to does not exist, or vanished meanwhile.
    #[error("a referenced row is missing")]
    MissingReference,
    /// The store does not answer or is too busy; the same call may work later.
    #[error("the store is unavailable")]
    Unavailable(#[source] BoxError),
    /// A stored value can't be understood.
    #[error("{table}.{column} of row {id} can't be read")]
    Corrupt {
        /// Table of the row.
        table: &'static str,
        /// Column of the value.
        column: &'static str,
        /// The row.
        id: String,
    },
    /// Anything else.
    #[error("the store failed")]
    Failed(#[source] BoxError),
}

/// A thing that can be looked for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// A client profile.
    Profile,
    /// A note.
    Note,
    /// Preferences.
    Preferences,
    /// A photo.
    Photo,
    /// A user.
    User,
    /// A tenant.
    Tenant,
    /// Something in the trash.
    Trash,
}

impl Resource {
    /// Every kind, for documents and tests.
    pub const ALL: [Self; 7] =
        [Self::Profile, Self::Note, Self::Preferences, Self::Photo, Self::User, Self::Tenant, Self::Trash];

    /// The kind's name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "PROFILE",
            Self::Note => "NOTE",
            Self::Preferences => "PREFERENCES",
            Self::Photo => "PHOTO",
            Self::User => "USER",
            Self::Tenant => "TENANT",
            Self::Trash => "TRASH",
        }
    }
}

/// A thing that is no longer what the caller saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The fields that differ, or in a merge those that both changed.
    pub differing: Vec<&'static str>,
    /// The thing as the caller may see it.
    pub current: Current,
}

/// A thing as somebody may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "an error holds it in a box")]
pub enum Current {
    /// A profile, for a reader of this role.
    Profile(ProfileSummary, Role),
    /// A note.
    Note(NoteView),
    /// Preferences.
    Preferences(ClientPreferences),
}

/// What a use case can answer besides success.
#[derive(Debug, thiserror::Error)]
pub enum CrmError {
    /// It does not exist, belongs to another tenant, or may not be seen: the caller can't tell which.
    #[error("{0:?} not found")]
    NotFound(Resource),
    /// The caller may see it but not do this to it.
    #[error("{0:?} is not allowed")]
    Denied(Action),
    /// The input is wrong; nothing was changed.
    #[error("invalid input: {0}")]
    Invalid(Violations),
    /// The uploaded file is no photo for us; nothing was changed.
    #[error("the photo is rejected: {0}")]
    Rejected(PhotoRejection),
    /// It exists already.
    #[error("{0:?} is violated")]
    Conflict(UniqueRule),
    /// It is not what the caller saw; nothing was changed.
    #[error("it was changed meanwhile")]
    Stale(Box<Stale>),
    /// A dependency does not answer; nothing was changed that the caller was told of.
    #[error("a dependency is unavailable")]
    Unavailable(#[source] BoxError),
    /// A fault of ours.
    #[error("internal error")]
    Internal(#[source] BoxError),
}

impl CrmError {
    /// The caller saw another version.
    pub(crate) fn stale(differing: Vec<&'static str>, current: Current) -> Self {
        Self::Stale(Box::new(Stale { differing, current }))
    }

    /// Reads a store's error where a missing reference means that this does not exist.
    pub(crate) fn from_insert(error: StoreError, referenced: Resource) -> Self {
        match error {
            StoreError::MissingReference => Self::NotFound(referenced),
            other => other.into(),
        }
    }
}

impl From<Violations> for CrmError {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl From<StoreError> for CrmError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(rule) => Self::Conflict(rule),
            StoreError::Unavailable(source) => Self::Unavailable(source),
            StoreError::MissingReference | StoreError::Corrupt { .. } | StoreError::Failed(_) => {
                Self::Internal(Box::new(error))
            }
        }
    }
}
