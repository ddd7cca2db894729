//! Versions over HTTP: `ETag`, `If-Match`, `If-None-Match` and `Prefer: merge=fields`.
//!
//! A tag is `"<version>-<rest>"`. The version covers what a change of the thing itself could overwrite; the rest covers
//! everything the answer shows beside it. `If-Match` compares versions, so that a new note does not stand in the way
//! of a change of the profile; `If-None-Match` compares whole tags.

use std::future::{Ready, ready};
use std::io::{self, BufWriter, Write};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, EntityTag, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use crm_domain::version::{Merged, Precondition, Version};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::caller::api;
use crate::envelope::Success;
use crate::problem::{ErrorCode, Problem};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const MERGE: &str = "merge=fields";
/// Hexadecimal digits of a tag's rest: 64 bits.
const REST: usize = 16;

/// What must be so for a request to change something.
pub(crate) struct IfMatch(pub(crate) Precondition);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request).map(Self))
    }
}

fn read(request: &HttpRequest) -> Result<Precondition, Problem> {
    let precondition = match tags(request.headers(), &IF_MATCH) {
        None if api(request)?.require_if_match => return Err(ErrorCode::PreconditionRequired.into()),
        None | Some(Tags::Any) => Precondition::default(),
        // A weak tag never matches here (RFC 9110, section 13.1.1).
        Some(Tags::These(tags)) => Precondition::one_of(tags.iter().map(|tag| version(tag).filter(|_| !tag.weak)).collect()),
    };
    Ok(precondition.or_merge(prefers_merging(request.headers())))
}

fn version(tag: &EntityTag) -> Option<Version> {
    tag.tag().split_once('-')?.0.parse().ok()
}

fn prefers_merging(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(PREFER).filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|preference| preference.trim().eq_ignore_ascii_case(MERGE))
}

/// Tags as a caller lists them.
enum Tags {
    Any,
    These(Vec<EntityTag>),
}

/// The tags of a header; what is no tag matches nothing.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Tags> {
    let mut lines = headers.get_all(name).peekable();
    lines.peek()?;
    let mut tags = Vec::new();
    for raw in lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')) {
        if raw.trim() == "*" {
            return Some(Tags::Any);
        }
        tags.extend(raw.trim().parse::<EntityTag>());
    }
    Some(Tags::These(tags))
}

/// A thing that was read or changed, with its tag; nothing but the tag if the caller has it already.
pub(crate) fn item<T: Serialize>(request: &HttpRequest, version: &Version, data: T) -> Result<HttpResponse, Problem> {
    answer(Some(request), StatusCode::OK, version, &Success::of(data))
}

/// A thing that was made.
pub(crate) fn created_item<T: Serialize>(version: &Version, data: T) -> Result<HttpResponse, Problem> {
    answer(None, StatusCode::CREATED, version, &Success::of(data))
}

/// A thing that was changed.
pub(crate) fn changed_item<T: Serialize>(
    version: &Version,
    data: T,
    merged: Option<Merged>,
) -> Result<HttpResponse, Problem> {
    let body = Changed { success: true, data, merged: merged.map(MergedJson::from) };
    let mut response = answer(None, StatusCode::OK, version, &body)?;
    if body.merged.is_some() {
        response.headers_mut().insert(PREFERENCE_APPLIED, HeaderValue::from_static(MERGE));
    }
    Ok(response)
}

fn answer<T: Serialize>(
    reader: Option<&HttpRequest>,
    status: StatusCode,
    version: &Version,
    body: &T,
) -> Result<HttpResponse, Problem> {
    let has_tags = |request: &&HttpRequest| request.headers().contains_key(IF_NONE_MATCH);
    if let Some(request) = reader.filter(has_tags) {
        // The body is only hashed, and made where the caller turns out not to have it.
        let tag = tag_of(version, body);
        if is_known(request, &tag) {
            return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
        }
    }
    let bytes = serde_json::to_vec(body).map_err(|_| ErrorCode::InternalError)?;
    let tag = tag(version, Sha256::new_with_prefix(&bytes));
    Ok(HttpResponse::build(status).insert_header((ETAG, tag)).content_type("application/json").body(bytes))
}

fn tag(version: &Version, body: Sha256) -> EntityTag {
    let rest = hex::encode(body.finalize());
    EntityTag::new_strong(format!("{version}-{}", &rest[..REST]))
}

/// The tag of an answer, without making the answer. What can't be written can't be answered either.
pub(crate) fn tag_of<T: Serialize>(version: &Version, body: &T) -> EntityTag {
    let mut digest = Digesting(Sha256::new());
    let written = serde_json::to_writer(BufWriter::new(&mut digest), body);
    debug_assert!(written.is_ok(), "{written:?}");
    tag(version, digest.0)
}

/// A digest of what is written.
struct Digesting(Sha256);

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the caller has what this tag stands for.
pub(crate) fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match tags(request.headers(), &IF_NONE_MATCH) {
        None => false,
        Some(Tags::Any) => true,
        Some(Tags::These(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
    }
}

/// Which fields came from whom.
#[derive(Serialize, ToSchema)]
pub(crate) struct MergedJson {
    /// Fields that this request changed.
    yours: Vec<&'static str>,
    /// Fields that others changed since the caller looked; they were kept.
    theirs: Vec<&'static str>,
}

impl From<Merged> for MergedJson {
    fn from(Merged { yours, theirs }: Merged) -> Self {
        Self { yours, theirs }
    }
}

/// A change, and which fields came from whom if `Prefer: merge=fields` had to be honoured.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changed<T> {
    /// Always `true`.
    success: bool,
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    merged: Option<MergedJson>,
}

/// The headers of a deletion.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described; `IfMatch` reads the headers")]
pub(crate) struct DeleteConditions {
    /// Delete only if this is still the version; an `ETag` of an earlier answer.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// The headers of a change.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described; `IfMatch` reads the headers")]
pub(crate) struct UpdateConditions {
    /// Change only if this is still the version; an `ETag` of an earlier answer.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
    /// `merge=fields`: if others changed other fields meanwhile, keep both changes.
    #[param(rename = "Prefer")]
    prefer: Option<String>,
}
