//! The multipart body of an upload, read as it streams in.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::mime::{BOUNDARY, FORM_DATA, MULTIPART, Mime};
use actix_web::web::{Bytes, Payload};
use crm_domain::ids::UserId;
use crm_domain::photo::{MAX_BYTES, PhotoRejection};
use crm_domain::validation::{Expectation, Reason, Violations};
use futures_util::{StreamExt, TryStreamExt};
use utoipa::ToSchema;

use crate::problem::{ErrorCode, Problem};

/// Longest a body may take to arrive: 5 MiB at 0.7 Mbit/s.
const MAX_TIME: Duration = Duration::from_mins(1);
/// Most bytes of a body besides the photo: boundaries, headers, the other field.
const MAX_OVERHEAD: usize = 64 * 1024;
/// Most parts of a body; every one but two is a mistake already.
const MAX_PARTS: usize = 16;
/// Most bytes of a field that is no file; an id has at most 64.
const MAX_FIELD: usize = 256;
/// Most characters of a boundary (RFC 2046, section 5.1.1).
const MAX_BOUNDARY: usize = 70;
/// What stands for a user id that is too long, or no text: no id either.
const NO_ID: &str = "?";

/// An upload.
pub struct UploadForm {
    /// Whose photo it is.
    pub user: UserId,
    /// The bytes of the file.
    pub file: Vec<u8>,
}

/// What the body of an upload holds.
#[derive(ToSchema)]
#[schema(as = UploadPhotoBody)]
#[expect(dead_code, reason = "only described; the body is read as it streams in")]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadPhotoBody {
    /// A JPEG, PNG or WebP of at most 5 MiB and 25 megapixels.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// Whose photo it is.
    user_id: String,
}

/// The parts read so far.
#[derive(Default)]
struct Parts {
    file: Option<Vec<u8>>,
    user: Option<String>,
    mistakes: Violations,
}

impl UploadForm {
    /// Reads a body to its end, or until it is too large, too slow or no form.
    pub async fn read(headers: &HeaderMap, payload: Payload) -> Result<Self, Problem> {
        require_form(headers)?;
        let mut left = MAX_BYTES + MAX_OVERHEAD;
        let limited = payload.map(move |chunk| {
            let chunk: Bytes = chunk?;
            left = left.checked_sub(chunk.len()).ok_or(PayloadError::Overflow)?;
            Ok(chunk)
        });
        let parts = tokio::time::timeout(MAX_TIME, read_parts(Multipart::new(headers, limited))).await;
        parts.map_err(|_| Problem::new(ErrorCode::MalformedBody))??.into_form()
    }
}

/// Refuses other kinds of bodies in parts, whose parts need no names.
fn require_form(headers: &HeaderMap) -> Result<(), ErrorCode> {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()?.parse::<Mime>().ok());
    let form = named.filter(|named| named.type_() == MULTIPART && named.subtype() == FORM_DATA);
    let form = form.ok_or(ErrorCode::UnsupportedMediaType)?;
    let boundary = form.get_param(BOUNDARY).map(|boundary| boundary.as_str().len()).unwrap_or_default();
    if (1..=MAX_BOUNDARY).contains(&boundary) { Ok(()) } else { Err(ErrorCode::MalformedBody) }
}

async fn read_parts(mut body: Multipart) -> Result<Parts, Problem> {
    let mut parts = Parts::default();
    let mut count = 0;
    while let Some(mut field) = body.try_next().await? {
        count += 1;
        if count > MAX_PARTS {
            return Err(ErrorCode::MalformedBody.into());
        }
        match field.name().unwrap_or_default().to_owned().as_str() {
            "file" => {
                let file = read_field(&mut field, MAX_BYTES).await.map_err(as_the_files)?;
                let file = file.ok_or(PhotoRejection::TooManyBytes)?;
                parts.set("file", file, |parts| &mut parts.file);
            }
            "userId" => {
                let user = read_field(&mut field, MAX_FIELD).await?;
                let user = user.and_then(|raw| String::from_utf8(raw).ok());
                parts.set("userId", user.unwrap_or_else(|| NO_ID.to_owned()), |parts| &mut parts.user);
            }
            unknown => {
                // What a caller made up is neither stored nor repeated at length.
                let name: String = unknown.chars().take(64).collect();
                parts.mistakes.add(name, Reason::Unknown);
                read_field(&mut field, MAX_BYTES).await?;
            }
        }
    }
    Ok(parts)
}

/// The bytes of a field; `None` if there are too many of them.
async fn read_field(field: &mut Field, limit: usize) -> Result<Option<Vec<u8>>, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.try_next().await? {
        if bytes.len() + chunk.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

impl Parts {
    fn set<T>(&mut self, name: &str, value: T, slot: impl Fn(&mut Self) -> &mut Option<T>) {
        if slot(self).is_some() {
            self.mistakes.add(name, Reason::Expected(Expectation::Once));
        }
        *slot(self) = Some(value);
    }

    fn into_form(self) -> Result<UploadForm, Problem> {
        let Self { file, user, mut mistakes } = self;
        let file = mistakes.check("file", file.filter(|file| !file.is_empty()).ok_or(Reason::Required));
        let user = user.map(|raw| raw.trim().to_owned()).filter(|raw| !raw.is_empty()).ok_or(Reason::Required);
        let user = user.and_then(|raw| UserId::parse(raw).map_err(|_| Reason::Expected(Expectation::Id)));
        let user = mistakes.check("userId", user);
        match (user, file) {
            (Some(user), Some(file)) if mistakes.is_empty() => Ok(UploadForm { user, file }),
            _ => Err(mistakes.into()),
        }
    }
}

/// A body that is too large because its file is.
fn as_the_files(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => PhotoRejection::TooManyBytes.into(),
        other => other.into(),
    }
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        match error {
            MultipartError::Payload(PayloadError::Overflow) => ErrorCode::BodyTooLarge.into(),
            _ => ErrorCode::MalformedBody.into(),
        }
    }
}
