//! `/api/clients/preferences`.

mod body;
mod json;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use crm_domain::access::Actor;
use crm_domain::error::{CrmError, Resource};
use crm_domain::idempotency::KeptRequest;
use crm_domain::ids::{PreferencesId, ProfileId};
use crm_domain::preferences::ClientPreferences;
use crm_domain::version::{Updated, Version};

use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::{Changed, DeleteConditions, IfMatch, UpdateConditions, changed_item, created_item, item};
use crate::envelope::{Deleted, Success, ok};
use crate::idempotency::{IdempotencyKey, RepeatableBody, once};
use crate::openapi::{CreateErrors, DeleteErrors, ItemErrors, ParameterErrors, WriteErrors};
use crate::params::Params;
use crate::problem::{ErrorCode, Problem};
use crate::state::Api;

pub use body::{CreatePreferencesBody, UpdatePreferencesBody};
pub(crate) use json::PreferencesJson;

fn preferences_id(raw: &str) -> Result<PreferencesId, Problem> {
    PreferencesId::parse(raw).map_err(|_| CrmError::NotFound(Resource::Preferences).into())
}

/// The preferences of a profile; null if it has none.
#[utoipa::path(get, path = "/api/clients/preferences", tag = "preferences", operation_id = "get_preferences_of_profile",
    params(("clientProfileId" = String, Query, description = "the profile; `clientId` means the same")),
    responses(
        (status = 200, body = Success<Option<PreferencesJson>>),
        (status = 304, description = "the caller has it already"),
        ParameterErrors
    ))]
pub(crate) async fn get_of_profile(
    Caller(actor): Caller,
    mut params: Params,
    request: HttpRequest,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let profile: Option<ProfileId> = params.id_or_alias("clientProfileId", "clientId");
    let profile = params.require("clientProfileId", profile);
    params.finish()?;
    let profile = profile.ok_or(ErrorCode::InternalError)?;
    let preferences = api.preferences.get_by_profile(&actor, &profile).await?;
    match preferences {
        Some(preferences) => item(&request, &Version::of(&preferences), PreferencesJson::from(preferences)),
        None => Ok(ok(None::<PreferencesJson>)),
    }
}

/// Set the preferences of a profile that has none.
#[utoipa::path(post, path = "/api/clients/preferences", tag = "preferences", operation_id = "create_preferences",
    params(IdempotencyKey), request_body = CreatePreferencesBody,
    responses((status = 201, body = Success<PreferencesJson>), CreateErrors))]
pub(crate) async fn create(
    Caller(actor): Caller,
    api: Data<Api>,
    RepeatableBody { body, named }: RepeatableBody<CreatePreferencesBody>,
) -> Result<HttpResponse, Problem> {
    let made = |made: ClientPreferences| created_item(&Version::of(&made), PreferencesJson::from(made));
    let act = async |actor: Actor| made(api.preferences.create(&actor, body.into_new()?).await?);
    let again = async |actor: Actor, kept: KeptRequest| {
        made(api.preferences.get(&actor, &PreferencesId::from_stored(kept.id)).await?)
    };
    once(&api, actor, named, act, again).await
}

/// Preferences by their id.
#[utoipa::path(get, path = "/api/clients/preferences/{id}", tag = "preferences", operation_id = "get_preferences",
    params(("id" = String, Path)),
    responses((status = 200, body = Success<PreferencesJson>), (status = 304, description = "the caller has it already"), ItemErrors))]
pub(crate) async fn get(
    Caller(actor): Caller,
    id: Path<String>,
    request: HttpRequest,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let preferences = api.preferences.get(&actor, &preferences_id(&id)?).await?;
    item(&request, &Version::of(&preferences), PreferencesJson::from(preferences))
}

/// Change preferences. Fields left out keep their value; `null` empties a list or the special requests.
#[utoipa::path(put, path = "/api/clients/preferences/{id}", tag = "preferences", operation_id = "update_preferences",
    params(("id" = String, Path), UpdateConditions), request_body = UpdatePreferencesBody,
    responses((status = 200, body = Changed<PreferencesJson>), WriteErrors))]
pub(crate) async fn update(
    Caller(actor): Caller,
    id: Path<String>,
    IfMatch(precondition): IfMatch,
    api: Data<Api>,
    Body(body): Body<UpdatePreferencesBody>,
) -> Result<HttpResponse, Problem> {
    let id = preferences_id(&id)?;
    let update = body.into_update(precondition);
    let Updated { item, merged } = api.preferences.update(&actor, &id, update).await?;
    changed_item(&Version::of(&item), PreferencesJson::from(item), merged)
}

/// Delete preferences; the profile then has the defaults again.
#[utoipa::path(delete, path = "/api/clients/preferences/{id}", tag = "preferences", operation_id = "delete_preferences",
    params(("id" = String, Path), DeleteConditions), responses((status = 200, body = Success<Deleted>), DeleteErrors))]
pub(crate) async fn delete(
    Caller(actor): Caller,
    id: Path<String>,
    IfMatch(precondition): IfMatch,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let id = preferences_id(&id)?;
    api.preferences.delete(&actor, &id, &precondition).await?;
    Ok(ok(Deleted { id: id.to_string() }))
}
