//! `/api/clients/preferences`.

mod body;
mod json;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::{PreferencesId, ProfileId};

use crate::body::Body;
use crate::caller::Caller;
use crate::envelope::{Deleted, Success, created, ok};
use crate::openapi::{CreateErrors, ItemErrors, ParameterErrors, WriteErrors};
use crate::params::Params;
use crate::problem::{ErrorCode, Problem};
use crate::state::Api;

pub(crate) use body::{CreatePreferencesBody, UpdatePreferencesBody};
pub(crate) use json::PreferencesJson;

fn preferences_id(raw: &str) -> Result<PreferencesId, Problem> {
    PreferencesId::parse(raw).map_err(|_| CrmError::NotFound(Resource::Preferences).into())
}

/// The preferences of a profile; null if it has none.
#[utoipa::path(get, path = "/api/clients/preferences", tag = "preferences", operation_id = "get_preferences_of_profile",
    params(("clientProfileId" = String, Query, description = "the profile; `clientId` means the same")),
    responses((status = 200, body = Success<Option<PreferencesJson>>), ParameterErrors))]
pub(crate) async fn get_of_profile(
    Caller(actor): Caller,
    mut params: Params,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let profile: Option<ProfileId> = params.id_or_alias("clientProfileId", "clientId");
    let profile = params.require("clientProfileId", profile);
    params.finish()?;
    let profile = profile.ok_or(ErrorCode::InternalError)?;
    let preferences = api.preferences.get_by_profile(&actor, &profile).await?;
    Ok(ok(preferences.map(PreferencesJson::from)))
}

/// Set the preferences of a profile that has none.
#[utoipa::path(post, path = "/api/clients/preferences", tag = "preferences", operation_id = "create_preferences",
    request_body = CreatePreferencesBody,
    responses((status = 201, body = Success<PreferencesJson>), CreateErrors))]
pub(crate) async fn create(
    Caller(actor): Caller,
    api: Data<Api>,
    Body(body): Body<CreatePreferencesBody>,
) -> Result<HttpResponse, Problem> {
    let preferences = api.preferences.create(&actor, body.into_new()?).await?;
    Ok(created(PreferencesJson::from(preferences)))
}

/// Preferences by their id.
#[utoipa::path(get, path = "/api/clients/preferences/{id}", tag = "preferences", operation_id = "get_preferences",
    params(("id" = String, Path)), responses((status = 200, body = Success<PreferencesJson>), ItemErrors))]
pub(crate) async fn get(Caller(actor): Caller, id: Path<String>, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let preferences = api.preferences.get(&actor, &preferences_id(&id)?).await?;
    Ok(ok(PreferencesJson::from(preferences)))
}

/// Change preferences. Fields left out keep their value; `null` empties a list or the special requests.
#[utoipa::path(put, path = "/api/clients/preferences/{id}", tag = "preferences", operation_id = "update_preferences",
    params(("id" = String, Path)), request_body = UpdatePreferencesBody,
    responses((status = 200, body = Success<PreferencesJson>), WriteErrors))]
pub(crate) async fn update(
    Caller(actor): Caller,
    id: Path<String>,
    api: Data<Api>,
    Body(body): Body<UpdatePreferencesBody>,
) -> Result<HttpResponse, Problem> {
    let id = preferences_id(&id)?;
    let preferences = api.preferences.update(&actor, &id, body.into_update()).await?;
    Ok(ok(PreferencesJson::from(preferences)))
}

/// Delete preferences; the profile then has the defaults again.
#[utoipa::path(delete, path = "/api/clients/preferences/{id}", tag = "preferences", operation_id = "delete_preferences",
    params(("id" = String, Path)), responses((status = 200, body = Success<Deleted>), ItemErrors))]
pub(crate) async fn delete(Caller(actor): Caller, id: Path<String>, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let id = preferences_id(&id)?;
    api.preferences.delete(&actor, &id).await?;
    Ok(ok(Deleted { id: id.to_string() }))
}
