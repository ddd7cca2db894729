//! `/api/clients/notes`.

mod body;
mod json;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use crm_domain::access::Actor;
use crm_domain::error::{CrmError, Resource};
use crm_domain::idempotency::KeptRequest;
use crm_domain::ids::NoteId;
use crm_domain::note::{NoteFilter, NoteView};
use crm_domain::version::{Updated, Version};

use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::{Changed, DeleteConditions, IfMatch, UpdateConditions, changed_item, created_item, item};
use crate::envelope::{Deleted, Listing, Pagination, Success, listing, ok};
use crate::idempotency::{IdempotencyKey, RepeatableBody, once};
use crate::openapi::{CreateErrors, DeleteErrors, ItemErrors, ReadErrors, WriteErrors};
use crate::params::{PageParams, Params, flag};
use crate::problem::Problem;
use crate::state::Api;

pub use body::{CreateNoteBody, UpdateNoteBody};
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

/// Write a note on a profile.
#[utoipa::path(post, path = "/api/clients/notes", tag = "notes", operation_id = "create_note",
    params(IdempotencyKey), request_body = CreateNoteBody,
    responses((status = 201, body = Success<NoteWithProfileJson>), CreateErrors))]
pub(crate) async fn create(
    Caller(actor): Caller,
    api: Data<Api>,
    RepeatableBody { body, named }: RepeatableBody<CreateNoteBody>,
) -> Result<HttpResponse, Problem> {
    let made = |note: NoteView| created_item(&Version::of(&note.note), NoteWithProfileJson::from(note));
    let act = async |actor: Actor| made(api.notes.create(&actor, body.into_new(&actor)?).await?);
    let again = async |actor: Actor, kept: KeptRequest| made(api.notes.get(&actor, &NoteId::from_stored(kept.id)).await?);
    once(&api, actor, named, act, again).await
}

/// A note.
#[utoipa::path(get, path = "/api/clients/notes/{id}", tag = "notes", operation_id = "get_note",
    params(("id" = String, Path)),
    responses((status = 200, body = Success<NoteWithProfileJson>), (status = 304, description = "the caller has it already"), ItemErrors))]
pub(crate) async fn get(
    Caller(actor): Caller,
    id: Path<String>,
    request: HttpRequest,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let note = api.notes.get(&actor, &note_id(&id)?).await?;
    let version = Version::of(&note.note);
    item(&request, &version, NoteWithProfileJson::from(note))
}

/// Change a note. Fields left out keep their value.
#[utoipa::path(put, path = "/api/clients/notes/{id}", tag = "notes", operation_id = "update_note",
    params(("id" = String, Path), UpdateConditions), request_body = UpdateNoteBody,
    responses((status = 200, body = Changed<NoteWithProfileJson>), WriteErrors))]
pub(crate) async fn update(
    Caller(actor): Caller,
    id: Path<String>,
    IfMatch(precondition): IfMatch,
    api: Data<Api>,
    Body(body): Body<UpdateNoteBody>,
) -> Result<HttpResponse, Problem> {
    let id = note_id(&id)?;
    let update = body.into_update(precondition);
    let Updated { item, merged } = api.notes.update(&actor, &id, update).await?;
    let version = Version::of(&item.note);
    changed_item(&version, NoteWithProfileJson::from(item), merged)
}

/// Delete a note.
#[utoipa::path(delete, path = "/api/clients/notes/{id}", tag = "notes", operation_id = "delete_note",
    params(("id" = String, Path), DeleteConditions), responses((status = 200, body = Success<Deleted>), DeleteErrors))]
pub(crate) async fn delete(
    Caller(actor): Caller,
    id: Path<String>,
    IfMatch(precondition): IfMatch,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let id = note_id(&id)?;
    api.notes.delete(&actor, &id, &precondition).await?;
    Ok(ok(Deleted { id: id.to_string() }))
}
