//! The permission table, as code. `docs/access-matrix.md` is generated from it.

use super::{Action, Grant, Role};
use crate::note::NoteType;

/// What a role may do, before looking at whose thing it is.
pub const fn grant(role: Role, action: Action) -> Grant {
    match role {
        Role::SuperAdmin | Role::Admin => Grant::Always,
        Role::Manager => manager(action),
        Role::Professional | Role::Receptionist => counter(role, action),
        Role::Client => client(action),
    }
}

const fn manager(action: Action) -> Grant {
    match action {
        Action::ReadPrivateNote | Action::ChangeNotePrivacy => Grant::Own,
        Action::CreateNoteForOther | Action::ReadAuditLog => Grant::Never,
        Action::ListProfiles
        | Action::ReadProfile
        | Action::ReadStaffField
        | Action::CreateProfile
        | Action::UpdateProfile
        | Action::UpdateStaffField
        | Action::DeleteProfile
        | Action::ReadHistory
        | Action::ReadPhoto
        | Action::ChangePhoto
        | Action::ReadPreferences
        | Action::CreatePreferences
        | Action::UpdatePreferences
        | Action::DeletePreferences
        | Action::ListNotes
        | Action::ReadGeneralNote
        | Action::ReadPreferenceNote
        | Action::ReadMedicalNote
        | Action::ReadComplaintNote
        | Action::CreateNote
        | Action::UpdateNote
        | Action::DeleteNote
        | Action::ReadActivity
        | Action::RestoreDeleted => Grant::Always,
    }
}

/// Professionals and receptionists differ only in which special notes they read.
const fn counter(role: Role, action: Action) -> Grant {
    match action {
        Action::ReadMedicalNote if matches!(role, Role::Professional) => Grant::Always,
        Action::ReadComplaintNote if matches!(role, Role::Receptionist) => Grant::Always,
        Action::ReadMedicalNote
        | Action::ReadComplaintNote
        | Action::ReadPrivateNote
        | Action::UpdateNote
        | Action::DeleteNote
        | Action::ChangeNotePrivacy
        | Action::RestoreDeleted => Grant::Own,
        Action::DeleteProfile
        | Action::DeletePreferences
        | Action::CreateNoteForOther
        | Action::ReadAuditLog
        | Action::ReadActivity => Grant::Never,
        Action::ListProfiles
        | Action::ReadProfile
        | Action::ReadStaffField
        | Action::CreateProfile
        | Action::UpdateProfile
        | Action::UpdateStaffField
        | Action::ReadHistory
        | Action::ReadPhoto
        | Action::ChangePhoto
        | Action::ReadPreferences
        | Action::CreatePreferences
        | Action::UpdatePreferences
        | Action::ListNotes
        | Action::ReadGeneralNote
        | Action::ReadPreferenceNote
        | Action::CreateNote => Grant::Always,
    }
}

const fn client(action: Action) -> Grant {
    match action {
        Action::ReadProfile
        | Action::UpdateProfile
        | Action::ReadHistory
        | Action::ReadPhoto
        | Action::ChangePhoto
        | Action::ReadPreferences
        | Action::CreatePreferences
        | Action::UpdatePreferences => Grant::Own,
        Action::ListProfiles
        | Action::ReadStaffField
        | Action::CreateProfile
        | Action::UpdateStaffField
        | Action::DeleteProfile
        | Action::DeletePreferences
        | Action::ListNotes
        | Action::ReadGeneralNote
        | Action::ReadPreferenceNote
        | Action::ReadMedicalNote
        | Action::ReadComplaintNote
        | Action::ReadPrivateNote
        | Action::CreateNote
        | Action::CreateNoteForOther
        | Action::UpdateNote
        | Action::DeleteNote
        | Action::ChangeNotePrivacy
        | Action::ReadAuditLog
        | Action::ReadActivity
        | Action::RestoreDeleted => Grant::Never,
    }
}

/// The action of reading a note of a type, privacy aside.
pub const fn reading(note_type: NoteType) -> Action {
    match note_type {
        NoteType::General => Action::ReadGeneralNote,
        NoteType::Medical => Action::ReadMedicalNote,
        NoteType::Preference => Action::ReadPreferenceNote,
        NoteType::Complaint => Action::ReadComplaintNote,
    }
}
