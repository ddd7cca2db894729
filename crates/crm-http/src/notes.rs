//! `/api/clients/notes`.

mod body;
mod json;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::NoteId;
use crm_domain::note::NoteFilter;
use crm_domain::validation::{Expectation, Reason};

use crate::body::Body;
use crate::caller::Caller;
use crate::envelope::{Deleted, Listing, Pagination, Success, created, listing, ok};
use crate::openapi::{CreateErrors, ItemErrors, ReadErrors, WriteErrors};
use crate::params::{PageParams, Params};
use crate::problem::Problem;
use crate::state::Api;

pub(crate) use body::{CreateNoteBody, UpdateNoteBody};
pub(crate) use json::{NoteJson, NoteWithProfileJson};

fn note_id(raw: &str) -> Result<NoteId, Problem> {
    NoteId::parse(raw).map_err(|_| CrmError::NotFound(Resource::Note).into())
}

/// The notes of the tenant that the caller may read, newest first.
#[utoipa::path(get, path = "/api/clients/notes", tag = "notes", operation_id = "list_notes",
    params(
        ("clientProfileId" = Option<String>, Query, description = "notes on this profile; `clientId` means the same"),
        ("createdByUserId" = Option<String>, Query, description = "notes by this author"),
        ("noteType" = Option<String>, Query, description = "notes of this type: GENERAL, MEDICAL, PREFERENCE or COMPLAINT; `type` means the same"),
        ("isPrivate" = Option<bool>, Query, description = "only private, or only public notes"),
        PageParams,
    ),
    responses((status = 200, body = Listing<Vec<NoteWithProfileJson>>), ReadErrors))]
pub(crate) async fn list(Caller(actor): Caller, mut params: Params, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let filter = NoteFilter {
        profile: params.id_or_alias("clientProfileId", "clientId"),
        author: params.id("createdByUserId"),
        note_type: params.parsed_or_alias("noteType", "type", str::parse),
        is_private: params.parsed("isPrivate", flag),
    };
    let page = params.page();
    params.finish()?;

    let found = api.notes.list(&actor, &filter, &page).await?;
    let pagination = Pagination::of(&found, &page);
    Ok(listing(found.items.into_iter().map(NoteWithProfileJson::from).collect::<Vec<_>>(), pagination))
}

fn flag(raw: &str) -> Result<bool, Reason> {
    raw.parse().map_err(|_| Reason::Expected(Expectation::Boolean))
}

/// Write a note on a profile.
#[utoipa::path(post, path = "/api/clients/notes", tag = "notes", operation_id = "create_note",
    request_body = CreateNoteBody,
    responses((status = 201, body = Success<NoteWithProfileJson>), CreateErrors))]
pub(crate) async fn create(
    Caller(actor): Caller,
    api: Data<Api>,
    Body(body): Body<CreateNoteBody>,
) -> Result<HttpResponse, Problem> {
    let note = api.notes.create(&actor, body.into_new(&actor)?).await?;
    Ok(created(NoteWithProfileJson::from(note)))
}

/// A note.
#[utoipa::path(get, path = "/api/clients/notes/{id}", tag = "notes", operation_id = "get_note",
    params(("id" = String, Path)), responses((status = 200, body = Success<NoteWithProfileJson>), ItemErrors))]
pub(crate) async fn get(Caller(actor): Caller, id: Path<String>, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let note = api.notes.get(&actor, &note_id(&id)?).await?;
    Ok(ok(NoteWithProfileJson::from(note)))
}

/// Change a note. Fields left out keep their value.
#[utoipa::path(put, path = "/api/clients/notes/{id}", tag = "notes", operation_id = "update_note",
    params(("id" = String, Path)), request_body = UpdateNoteBody,
    responses((status = 200, body = Success<NoteWithProfileJson>), WriteErrors))]
pub(crate) async fn update(
    Caller(actor): Caller,
    id: Path<String>,
    api: Data<Api>,
    Body(body): Body<UpdateNoteBody>,
) -> Result<HttpResponse, Problem> {
    let id = note_id(&id)?;
    let note = api.notes.update(&actor, &id, body.into_update()).await?;
    Ok(ok(NoteWithProfileJson::from(note)))
}

/// Delete a note.
#[utoipa::path(delete, path = "/api/clients/notes/{id}", tag = "notes", operation_id = "delete_note",
    params(("id" = String, Path)), responses((status = 200, body = Success<Deleted>), ItemErrors))]
pub(crate) async fn delete(Caller(actor): Caller, id: Path<String>, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let id = note_id(&id)?;
    api.notes.delete(&actor, &id).await?;
    Ok(ok(Deleted { id: id.to_string() }))
}
