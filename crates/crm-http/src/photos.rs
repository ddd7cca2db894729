//! `/api/clients/photos` and `/api/clients/upload-photo`.

mod form;
mod turns;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, EntityTag};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use crm_domain::access::Actor;
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::UserId;
use crm_domain::photo::UploadedPhoto;
use crm_domain::value::PhotoName;
use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::{Caller, UploadingCaller};
use crate::conditional::{DeleteConditions, IfMatch, is_known};
use crate::envelope::{Deleted, Success, ok};
use crate::idempotency::{IdempotencyKey, Named, once};
use crate::openapi::{ItemErrors, PhotoDeleteErrors, UploadErrors};
use crate::params::Params;
use crate::problem::{ErrorCode, Problem};
use crate::state::Api;

pub use form::UploadForm;
pub use turns::{Turn, Turns};

/// A photo never changes under its name; only this person's browser may keep it.
const CACHING: &str = "private, max-age=31536000, immutable";
/// Should a browser ever be led to treat a photo as a page, it may do nothing.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// A photo. `name` is `<hash>.jpg`, or `<hash>-thumbnail.jpg` for the thumbnail.
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

    // Looked up even if the caller has it: what matters is whether they may still have it.
    let key = api.photos.find(&actor, &user, photo).await?;
    let is_known = is_known(&request, &tag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header(header::ETag(tag))
        .insert_header((header::CACHE_CONTROL, CACHING))
        .insert_header((header::ACCEPT_RANGES, "none"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"foto.jpg\""))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if is_known {
        return Ok(answer.finish());
    }
    let content = api.photos.open(&key).await?;
    let body = SizedStream::new(content.bytes, content.chunks.map_err(std::io::Error::other));
    Ok(answer.content_type("image/jpeg").body(body))
}

/// An uploaded photo.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhotoJson {
    /// Address of the picture.
    url: String,
    /// Address of the square thumbnail.
    thumbnail_url: String,
    /// Width of the picture, in pixels.
    width: u32,
    /// Height of the picture, in pixels.
    height: u32,
}

impl From<UploadedPhoto> for PhotoJson {
    fn from(photo: UploadedPhoto) -> Self {
        let UploadedPhoto { url, thumbnail_url, width, height } = photo;
        Self { url: url.into(), thumbnail_url: thumbnail_url.into(), width, height }
    }
}

/// The answer to an upload. The web app's component reads `url` beside `data`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Uploaded {
    /// Always `true`.
    success: bool,
    data: PhotoJson,
    /// The same as `data.url`.
    url: String,
}

/// Give a user a photo. A profile shows it at once; a user without a profile has a day to get one that does.
#[utoipa::path(post, path = "/api/clients/upload-photo", tag = "photos", operation_id = "upload_photo",
    params(IdempotencyKey), request_body(content = form::UploadPhotoBody, content_type = "multipart/form-data"),
    responses((status = 200, body = Uploaded), UploadErrors))]
pub(crate) async fn upload(
    UploadingCaller(actor): UploadingCaller,
    request: HttpRequest,
    body: Payload,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    // Waiting before the body is read leaves it with the sender.
    let _turn = api.uploads.wait(actor.user()).await.ok_or(ErrorCode::Unavailable)?;
    let form = form::UploadForm::read(request.headers(), body).await?;
    let named = Named::read(&request, &[form.user.as_str().as_bytes(), &form.file])?;
    let (user, file) = (&form.user, &form.file);
    let act = async |actor: Actor| Ok(uploaded(api.photos.upload(&actor, user, file.clone()).await?));
    let again = async |actor: Actor, _| Ok(uploaded(api.photos.describe(&actor, user, file.clone()).await?));
    once(&api, actor, named, act, again).await
}

fn uploaded(photo: UploadedPhoto) -> HttpResponse {
    let data = PhotoJson::from(photo);
    HttpResponse::Ok().json(Uploaded { success: true, url: data.url.clone(), data })
}

/// Remove a user's photo and their profile's reference to it.
#[utoipa::path(delete, path = "/api/clients/upload-photo", tag = "photos", operation_id = "delete_photo",
    params(("userId" = String, Query), DeleteConditions),
    responses((status = 200, body = Success<Deleted>), PhotoDeleteErrors))]
pub(crate) async fn delete(
    Caller(actor): Caller,
    mut params: Params,
    IfMatch(precondition): IfMatch,
    api: Data<Api>,
) -> Result<HttpResponse, Problem> {
    let user: Option<UserId> = params.id("userId");
    let user = params.require("userId", user);
    params.finish()?;
    let user = user.ok_or(ErrorCode::InternalError)?;
    api.photos.remove(&actor, &user, &precondition).await?;
    Ok(ok(Deleted { id: user.to_string() }))
}
