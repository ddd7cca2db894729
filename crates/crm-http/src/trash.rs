//! `/api/clients/trash`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use crm_domain::access::Actor;
use crm_domain::error::{CrmError, Resource};
use crm_domain::idempotency::KeptRequest;
use crm_domain::ids::TrashId;
use crm_domain::trash::{Restored, TrashItem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::envelope::{Listing, Pagination, Success, iso, listing, ok};
use crate::idempotency::{IdempotencyKey, Named, once};
use crate::openapi::{ReadErrors, RestoreErrors};
use crate::params::{PageParams, Params};
use crate::problem::Problem;
use crate::state::Api;

/// Something that was deleted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrashItemJson {
    id: String,
    /// What it was: PROFILE, NOTE, PREFERENCES or PHOTO.
    resource: &'static str,
    /// Its id.
    resource_id: String,
    /// The profile it belonged to.
    client_profile_id: String,
    /// The client.
    user_id: String,
    /// The type, if it was a note.
    note_type: Option<&'static str>,
    /// When it was deleted.
    deleted_at: String,
    /// Who deleted it.
    deleted_by_user_id: Option<String>,
    /// From when on it may be removed for good.
    purge_at: String,
}

/// What came back.
#[derive(Serialize, ToSchema)]
pub(crate) struct RestoredJson {
    /// What it is: PROFILE, NOTE, PREFERENCES or PHOTO.
    resource: &'static str,
    /// Its id.
    id: String,
}

/// What was deleted and can be brought back, newest first: everything for an ADMIN or MANAGER as far as they may read
/// it, their own notes for others.
#[utoipa::path(get, path = "/api/clients/trash", tag = "trash", operation_id = "list_trash",
    params(PageParams), responses((status = 200, body = Listing<Vec<TrashItemJson>>), ReadErrors))]
pub(crate) async fn list(Caller(actor): Caller, mut params: Params, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let page = params.page();
    params.finish()?;
    let found = api.trash.list(&actor, &page).await?;
    let pagination = Pagination::of(&found, &page);
    let rows = found.items.into_iter().map(|item| row(&api, item));
    Ok(listing(rows.collect::<Vec<_>>(), pagination))
}

/// Bring something back as it was, with everything that belonged to it.
#[utoipa::path(post, path = "/api/clients/trash/{id}/restore", tag = "trash", operation_id = "restore",
    params(("id" = String, Path), IdempotencyKey), responses((status = 200, body = Success<RestoredJson>), RestoreErrors))]
pub(crate) async fn restore(
    Caller(actor): Caller,
    id: Path<String>,
    request: HttpRequest,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let named = Named::read(&request, &[])?;
    let id = TrashId::parse(id.as_str()).map_err(|_| CrmError::NotFound(Resource::Trash))?;
    let act = async |actor: Actor| Ok(restored(api.trash.restore(&actor, &id).await?));
    let again = async |_, kept: KeptRequest| Ok(restored(Restored { resource: kept.resource, id: kept.id }));
    once(&api, actor, named, act, again).await
}

fn restored(Restored { resource, id }: Restored) -> HttpResponse {
    ok(RestoredJson { resource: resource.as_str(), id })
}

fn row(api: &Api, item: TrashItem) -> TrashItemJson {
    let TrashItem { id, resource, resource_id, profile, owner, note, photo: _, deleted_at, deleted_by } = item;
    TrashItemJson {
        id: id.to_string(),
        resource: resource.as_str(),
        resource_id,
        client_profile_id: profile.to_string(),
        user_id: owner.to_string(),
        note_type: note.map(|note| note.note_type.as_str()),
        deleted_at: iso(deleted_at),
        deleted_by_user_id: deleted_by.map(|user| user.to_string()),
        purge_at: iso(deleted_at + api.trash_keeps),
    }
}
