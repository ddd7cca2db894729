//! `/api/clients/photos` and the removal of a photo.

use actix_web::http::header::{self, EntityTag, Header, IfNoneMatch};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::UserId;
use crm_domain::value::PhotoName;

use crate::caller::Caller;
use crate::envelope::{Deleted, Success, ok};
use crate::openapi::{ItemErrors, ParameterErrors};
use crate::params::Params;
use crate::problem::{ErrorCode, Problem};
use crate::state::Api;

/// A photo never changes under its name; only this person's browser may keep it.
const CACHING: &str = "private, max-age=31536000, immutable";
/// Should a browser ever be led to treat a photo as a page, it may do nothing.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// A photo. `name` is `<hash>.jpg`, or `<hash>-96.jpg` for the thumbnail.
#[utoipa::path(get, path = "/api/clients/photos/{userId}/{name}", tag = "photos", operation_id = "get_photo",
    params(("userId" = String, Path), ("name" = String, Path)),
    responses(
        (status = 200, description = "the photo", content_type = "image/jpeg"),
        (status = 304, description = "the caller has it already"),
        ItemErrors
    ))]
pub(crate) async fn get(
    Caller(actor): Caller,
    path: Path<(String, String)>,
    request: HttpRequest,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::from(CrmError::NotFound(Resource::Photo));
    let (user, name) = path.into_inner();
    let user = UserId::parse(user).map_err(|_| missing())?;
    let photo: PhotoName = name.parse().map_err(|()| missing())?;
    let tag = EntityTag::new_strong(photo.to_string());

    // Read even if the caller has it: what matters is whether they may still have it.
    let served = api.photos.read(&actor, &user, photo).await?;
    let is_known = has_already(&request, &tag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header(header::ETag(tag))
        .insert_header((header::CACHE_CONTROL, CACHING))
        .insert_header((header::ACCEPT_RANGES, "none"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    Ok(if is_known { answer.finish() } else { answer.content_type("image/jpeg").body(served.bytes) })
}

/// Remove a user's photo and their profile's reference to it.
#[utoipa::path(delete, path = "/api/clients/upload-photo", tag = "photos", operation_id = "delete_photo",
    params(("userId" = String, Query)), responses((status = 200, body = Success<Deleted>), ParameterErrors))]
pub(crate) async fn delete(Caller(actor): Caller, mut params: Params, api: Data<Api>) -> Result<HttpResponse, Problem> {
    let user: Option<UserId> = params.id("userId");
    let user = params.require("userId", user);
    params.finish()?;
    let user = user.ok_or(ErrorCode::InternalError)?;
    api.photos.remove(&actor, &user).await?;
    Ok(ok(Deleted { id: user.to_string() }))
}

fn has_already(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}
