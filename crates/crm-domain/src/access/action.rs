use crate::error::Resource;

/// Something a person can try to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See the tenant's profiles, or search them.
    ListProfiles,
    /// See a profile.
    ReadProfile,
    /// See a profile's staff field `notes`.
    ReadStaffField,
    /// Give a user a profile.
    CreateProfile,
    /// Change a profile.
    UpdateProfile,
    /// Change a profile's staff field `notes`.
    UpdateStaffField,
    /// Delete a profile with everything that belongs to it.
    DeleteProfile,
    /// See appointments, services and payments.
    ReadHistory,
    /// See a photo.
    ReadPhoto,
    /// Set or remove a photo.
    ChangePhoto,
    /// See preferences.
    ReadPreferences,
    /// Set preferences for the first time.
    CreatePreferences,
    /// Change preferences.
    UpdatePreferences,
    /// Delete preferences.
    DeletePreferences,
    /// See the notes one may read.
    ListNotes,
    /// Read a GENERAL note that is not private.
    ReadGeneralNote,
    /// Read a PREFERENCE note that is not private.
    ReadPreferenceNote,
    /// Read a MEDICAL note that is not private.
    ReadMedicalNote,
    /// Read a COMPLAINT note that is not private.
    ReadComplaintNote,
    /// Read a private note, if its type may be read.
    ReadPrivateNote,
    /// Write a note.
    CreateNote,
    /// Write a note in another user's name.
    CreateNoteForOther,
    /// Change a note one can read.
    UpdateNote,
    /// Delete a note one can read.
    DeleteNote,
    /// Make a note private or public.
    ChangeNotePrivacy,
    /// See what was done in the tenant, by whom.
    ReadAuditLog,
    /// See who viewed and changed a client.
    ReadActivity,
    /// See what was deleted, and bring it back. One's own are notes one wrote and photos one removed.
    RestoreDeleted,
}

impl Action {
    /// Every action, for documents and tests.
    pub const ALL: [Self; 28] = [
        Self::ListProfiles,
        Self::ReadProfile,
        Self::ReadStaffField,
        Self::CreateProfile,
        Self::UpdateProfile,
        Self::UpdateStaffField,
        Self::DeleteProfile,
        Self::ReadHistory,
        Self::ReadPhoto,
        Self::ChangePhoto,
        Self::ReadPreferences,
        Self::CreatePreferences,
        Self::UpdatePreferences,
        Self::DeletePreferences,
        Self::ListNotes,
        Self::ReadGeneralNote,
        Self::ReadPreferenceNote,
        Self::ReadMedicalNote,
        Self::ReadComplaintNote,
        Self::ReadPrivateNote,
        Self::CreateNote,
        Self::CreateNoteForOther,
        Self::UpdateNote,
        Self::DeleteNote,
        Self::ChangeNotePrivacy,
        Self::ReadAuditLog,
        Self::ReadActivity,
        Self::RestoreDeleted,
    ];

    /// The action's name in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListProfiles => "LIST_PROFILES",
            Self::ReadProfile => "READ_PROFILE",
            Self::ReadStaffField => "READ_STAFF_FIELD",
            Self::CreateProfile => "CREATE_PROFILE",
            Self::UpdateProfile => "UPDATE_PROFILE",
            Self::UpdateStaffField => "UPDATE_STAFF_FIELD",
            Self::DeleteProfile => "DELETE_PROFILE",
            Self::ReadHistory => "READ_HISTORY",
            Self::ReadPhoto => "READ_PHOTO",
            Self::ChangePhoto => "CHANGE_PHOTO",
            Self::ReadPreferences => "READ_PREFERENCES",
            Self::CreatePreferences => "CREATE_PREFERENCES",
            Self::UpdatePreferences => "UPDATE_PREFERENCES",
            Self::DeletePreferences => "DELETE_PREFERENCES",
            Self::ListNotes => "LIST_NOTES",
            Self::ReadGeneralNote => "READ_GENERAL_NOTE",
            Self::ReadPreferenceNote => "READ_PREFERENCE_NOTE",
            Self::ReadMedicalNote => "READ_MEDICAL_NOTE",
            Self::ReadComplaintNote => "READ_COMPLAINT_NOTE",
            Self::ReadPrivateNote => "READ_PRIVATE_NOTE",
            Self::CreateNote => "CREATE_NOTE",
            Self::CreateNoteForOther => "CREATE_NOTE_FOR_OTHER",
            Self::UpdateNote => "UPDATE_NOTE",
            Self::DeleteNote => "DELETE_NOTE",
            Self::ChangeNotePrivacy => "CHANGE_NOTE_PRIVACY",
            Self::ReadAuditLog => "READ_AUDIT_LOG",
            Self::ReadActivity => "READ_ACTIVITY",
            Self::RestoreDeleted => "RESTORE_DELETED",
        }
    }

    /// The kind of thing it is done to.
    pub const fn resource(self) -> Resource {
        match self {
            Self::ListProfiles
            | Self::ReadProfile
            | Self::ReadStaffField
            | Self::CreateProfile
            | Self::UpdateProfile
            | Self::UpdateStaffField
            | Self::DeleteProfile
            | Self::ReadHistory
            | Self::ReadActivity => Resource::Profile,
            Self::ReadPhoto | Self::ChangePhoto => Resource::Photo,
            Self::ReadPreferences | Self::CreatePreferences | Self::UpdatePreferences | Self::DeletePreferences => {
                Resource::Preferences
            }
            Self::ListNotes
            | Self::ReadGeneralNote
            | Self::ReadPreferenceNote
            | Self::ReadMedicalNote
            | Self::ReadComplaintNote
            | Self::ReadPrivateNote
            | Self::CreateNote
            | Self::CreateNoteForOther
            | Self::UpdateNote
            | Self::DeleteNote
            | Self::ChangeNotePrivacy => Resource::Note,
            Self::ReadAuditLog => Resource::Tenant,
            Self::RestoreDeleted => Resource::Trash,
        }
    }
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Everything of the tenant.
    Always,
    /// Only one's own: the client's own profile, the author's own note.
    Own,
    /// Nothing.
    Never,
}
