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
}

impl Action {
    /// Every action, for documents and tests.
    pub const ALL: [Self; 25] = [
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
    ];
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
