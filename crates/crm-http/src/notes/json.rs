use crm_domain::note::{ClientNote, NoteProfile, NoteType, NoteView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::envelope::iso;
use crate::profiles::UserJson;

/// A note with its author.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteJson {
    id: String,
    client_profile_id: String,
    created_by_user_id: String,
    #[schema(schema_with = crate::openapi::note_type)]
    note_type: NoteType,
    content: String,
    is_private: bool,
    created_at: String,
    updated_at: String,
    created_by: UserJson,
}

impl From<NoteView> for NoteJson {
    fn from(view: NoteView) -> Self {
        let NoteView { note, created_by, profile: _ } = view;
        let ClientNote { id, profile_id, author, note_type, content, is_private, created_at, updated_at } = note;
        Self {
            id: id.to_string(),
            client_profile_id: profile_id.to_string(),
            created_by_user_id: author.to_string(),
            note_type,
            content: content.into(),
            is_private,
            created_at: iso(created_at),
            updated_at: iso(updated_at),
            created_by: created_by.into(),
        }
    }
}

/// The profile a note is about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteProfileJson {
    id: String,
    user_id: String,
    first_name: Option<String>,
    last_name: Option<String>,
}

impl From<NoteProfile> for NoteProfileJson {
    fn from(profile: NoteProfile) -> Self {
        let NoteProfile { id, user_id, first_name, last_name } = profile;
        Self { id: id.to_string(), user_id: user_id.to_string(), first_name, last_name }
    }
}

/// A note with its author and the profile it is about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteWithProfileJson {
    #[serde(flatten)]
    note: NoteJson,
    client_profile: NoteProfileJson,
}

impl From<NoteView> for NoteWithProfileJson {
    fn from(view: NoteView) -> Self {
        Self { client_profile: view.profile.clone().into(), note: view.into() }
    }
}
