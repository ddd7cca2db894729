use crm_domain::access::Actor;
use crm_domain::ids::{ProfileId, UserId};
use crm_domain::note::{Content, NewNote, NoteEcho, NotePatch, NoteType, NoteUpdate};
use crm_domain::validation::Violations;
use crm_domain::version::Precondition;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Field, Reader, UnknownFields};

/// The fields of a note, under the names and the aliases that the web app's components send.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteFields {
    /// `clientId` means the same.
    #[schema(value_type = String, required = false)]
    #[serde(default)]
    client_profile_id: Field<String>,
    #[schema(ignore)]
    #[serde(default)]
    client_id: Field<String>,
    /// The session's user; an administrator may name another user of the tenant. `userId` means the same.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    created_by_user_id: Field<String>,
    #[schema(ignore)]
    #[serde(default)]
    user_id: Field<String>,
    /// `type` means the same.
    #[schema(schema_with = crate::openapi::note_type)]
    #[serde(default)]
    note_type: Field<String>,
    #[schema(ignore)]
    #[serde(default)]
    r#type: Field<String>,
    #[schema(value_type = String, required = false, min_length = 1, max_length = 5000)]
    #[serde(default)]
    content: Field<String>,
    #[schema(value_type = bool, required = false)]
    #[serde(default)]
    is_private: Field<bool>,
}

/// The same fields, each under one name.
struct Merged {
    profile: Field<String>,
    author: Field<String>,
    note_type: Field<String>,
    content: Field<String>,
    is_private: Field<bool>,
}

impl NoteFields {
    fn merge(self, reader: &mut Reader) -> Merged {
        let Self { client_profile_id, client_id, created_by_user_id, user_id, note_type, r#type, content, is_private } =
            self;
        Merged {
            profile: reader.either("clientId", "clientProfileId", client_id, client_profile_id),
            author: reader.either("userId", "createdByUserId", user_id, created_by_user_id),
            note_type: reader.either("type", "noteType", r#type, note_type),
            content,
            is_private,
        }
    }
}

/// A note to write.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateNoteBody {
    #[serde(flatten)]
    fields: NoteFields,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl CreateNoteBody {
    /// The note to write, as far as it can be read.
    pub fn into_new(self, actor: &Actor) -> Result<NewNote, Violations> {
        let mut reader = Reader::new(self.unknown);
        let fields = self.fields.merge(&mut reader);
        let profile = reader.required_id("clientProfileId", fields.profile, |raw| ProfileId::parse(raw).ok());
        let author = match fields.author {
            Field::Absent | Field::Null => None,
            given => reader.required_id("createdByUserId", given, |raw| UserId::parse(raw).ok()),
        };
        if let Some(author) = &author {
            reader.check("createdByUserId", actor.may_write_as(author));
        }
        let content: Option<Content> = reader.required("content", fields.content);
        let note_type = reader.change("noteType", fields.note_type, str::parse::<NoteType>).unwrap_or_default();
        let is_private = reader.flag("isPrivate", fields.is_private).unwrap_or_default();
        reader.mistakes().into_result()?;
        let (profile_id, content) = profile.zip(content).ok_or_else(Violations::new)?;
        Ok(NewNote { profile_id, author, note_type, content, is_private })
    }
}

/// Changes to a note. Fields left out keep their value.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateNoteBody {
    #[serde(flatten)]
    #[schema(inline)]
    fields: NoteFields,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    id: Field<String>,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    created_at: Field<String>,
    /// May be sent, but not changed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    updated_at: Field<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl UpdateNoteBody {
    /// The changes, and what is wrong with them.
    pub fn into_update(self, precondition: Precondition) -> NoteUpdate {
        let Self { fields, id, created_at, updated_at, unknown } = self;
        let mut reader = Reader::new(unknown);
        let fields = fields.merge(&mut reader);
        let patch = NotePatch {
            note_type: reader.change("noteType", fields.note_type, str::parse),
            content: reader.change("content", fields.content, Content::parse),
            is_private: reader.flag("isPrivate", fields.is_private),
        };
        let echo = NoteEcho {
            id: reader.echo("id", id),
            client_profile_id: reader.echo("clientProfileId", fields.profile),
            created_by_user_id: reader.echo("createdByUserId", fields.author),
            created_at: reader.echo_time("createdAt", created_at),
            updated_at: reader.echo_time("updatedAt", updated_at),
        };
        NoteUpdate { patch, echo, mistakes: reader.mistakes(), precondition }
    }
}
