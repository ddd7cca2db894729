use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::directory::User;
use crate::ids::{NoteId, ProfileId, UserId};
use crate::validation::{Reason, Violations};
use crate::value::Prose;
use crate::version::{Merged, Precondition};

/// A note's text: 1 to 5,000 characters.
pub type Content = Prose<5000>;

/// What a note is about; decides who may read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoteType {
    /// Anything.
    #[default]
    General,
    /// Health: allergies, medication, conditions.
    Medical,
    /// Likes and dislikes.
    Preference,
    /// A complaint.
    Complaint,
}

impl NoteType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::General, Self::Medical, Self::Preference, Self::Complaint];

    /// The mission's name of the type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::General => "GENERAL",
            Self::Medical => "MEDICAL",
            Self::Preference => "PREFERENCE",
            Self::Complaint => "COMPLAINT",
        }
    }
}

impl FromStr for NoteType {
    type Err = Reason;

    fn from_str(raw: &str) -> Result<Self, Reason> {
        Self::ALL
            .into_iter()
            .find(|note_type| note_type.as_str() == raw)
            .ok_or(Reason::NotOneOf("GENERAL, MEDICAL, PREFERENCE, COMPLAINT"))
    }
}

/// A note on a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientNote {
    /// Its id.
    pub id: NoteId,
    /// The profile it is about.
    pub profile_id: ProfileId,
    /// Who wrote it.
    pub author: UserId,
    /// What it is about.
    pub note_type: NoteType,
    /// Its text.
    pub content: Content,
    /// Whether only its author and administrators may read it.
    pub is_private: bool,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The profile a note is about, as shown beside the note.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteProfile {
    /// The profile.
    pub id: ProfileId,
    /// Whose profile it is.
    pub user_id: UserId,
    /// First name on the profile.
    pub first_name: Option<String>,
    /// Last name on the profile.
    pub last_name: Option<String>,
}

impl std::fmt::Debug for NoteProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NoteProfile({})", self.id)
    }
}

/// A note with what is shown beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteView {
    /// The note.
    pub note: ClientNote,
    /// Who wrote it.
    pub created_by: User,
    /// The profile it is about.
    pub profile: NoteProfile,
}

/// How many notes on a profile somebody may read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteCounts {
    /// By type; types without any are left out.
    pub by_type: BTreeMap<NoteType, u64>,
}

impl NoteCounts {
    /// Notes of this type.
    pub fn of_type(&self, note_type: NoteType) -> u64 {
        self.by_type.get(&note_type).copied().unwrap_or_default()
    }

    /// Notes of every type.
    pub fn total(&self) -> u64 {
        self.by_type.values().sum()
    }
}

/// A note to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNote {
    /// The profile it is about.
    pub profile_id: ProfileId,
    /// Who the caller says wrote it; the session's user if unsaid.
    pub author: Option<UserId>,
    /// What it is about.
    pub note_type: NoteType,
    /// Its text.
    pub content: Content,
    /// Whether only its author and administrators may read it.
    pub is_private: bool,
}

/// What an update says about each field of a note. No field of a note can be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ClientNote")]
pub struct NotePatch {
    pub note_type: Option<NoteType>,
    pub content: Option<Content>,
    pub is_private: Option<bool>,
}

impl NotePatch {
    fn applied_to(self, note: &ClientNote) -> ClientNote {
        let Self { note_type, content, is_private } = self;
        ClientNote {
            note_type: note_type.unwrap_or(note.note_type),
            content: content.unwrap_or_else(|| note.content.clone()),
            is_private: is_private.unwrap_or(note.is_private),
            ..note.clone()
        }
    }
}

/// Unchangeable fields that a caller sent along. They must equal what is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ClientNote")]
pub struct NoteEcho {
    pub id: Option<String>,
    pub client_profile_id: Option<String>,
    pub created_by_user_id: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

/// A change to a note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteUpdate {
    /// The fields to change.
    pub patch: NotePatch,
    /// The fields that must not differ.
    pub echo: NoteEcho,
    /// What is already known to be wrong with the input, to be reported with whatever else is found.
    pub mistakes: Violations,
    /// What the caller must have seen.
    pub precondition: Precondition,
}

impl NoteUpdate {
    /// Leaves out what others changed since the caller looked; the error names the fields that stand in the way.
    pub(super) fn reconcile(self, seen: &ClientNote) -> Result<(Self, Option<Merged>), Vec<&'static str>> {
        let Some(merged) = self.precondition.reconcile(seen, &self.patch.clone().applied_to(seen))? else {
            return Ok((self, None));
        };
        let NotePatch { note_type, content, is_private } = self.patch;
        let wanted = |field| merged.yours.contains(&field);
        let patch = NotePatch {
            note_type: note_type.filter(|_| wanted("noteType")),
            content: content.filter(|_| wanted("content")),
            is_private: is_private.filter(|_| wanted("isPrivate")),
        };
        // The time the caller saw is another by now.
        let echo = NoteEcho { updated_at: None, ..self.echo };
        Ok((Self { patch, echo, ..self }, Some(merged)))
    }

    /// The note after the change; equal to `before` if nothing changes.
    pub(super) fn apply_to(self, before: &ClientNote, now: DateTime<Utc>) -> Result<ClientNote, Violations> {
        let mut violations = self.mistakes;
        violations.same("id", self.echo.id.as_deref(), before.id.as_str());
        violations.same("clientProfileId", self.echo.client_profile_id.as_deref(), before.profile_id.as_str());
        violations.same("createdByUserId", self.echo.created_by_user_id.as_deref(), before.author.as_str());
        violations.same("createdAt", self.echo.created_at.as_ref(), &before.created_at);
        violations.same("updatedAt", self.echo.updated_at.as_ref(), &before.updated_at);
        violations.into_result()?;

        let mut after = self.patch.applied_to(before);
        if after != *before {
            after.updated_at = crate::clock::after(before.updated_at, now);
        }
        Ok(after)
    }
}
