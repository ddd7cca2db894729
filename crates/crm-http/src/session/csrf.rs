//! Protection of cookie sessions against requests made by foreign pages.
//!
//! Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin` only. A page
//! can forge neither. The content type is a second line: a plain form cannot send JSON.

use actix_web::http::Method;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, TRANSFER_ENCODING};
use thiserror::Error;
use url::Url;

#[cfg(test)]
mod tests;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The one content type a route reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// `application/json`.
    Json,
    /// `multipart/form-data`. A foreign form can send it, so the origin alone protects such a route.
    Multipart,
    /// `application/x-www-form-urlencoded`, likewise; the forms of the pages send it.
    Form,
}

impl BodyKind {
    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
        }
    }
}

/// Why a request in a cookie session may not change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CsrfError {
    /// It comes from another site, or from no page at all.
    #[error("the request comes from another origin")]
    CrossOrigin,
    /// It carries neither `Sec-Fetch-Site` nor `Origin`.
    #[error("the request does not say where it comes from")]
    UnknownOrigin,
    /// Its body is not of the kind the route reads.
    #[error("the request has another content type than the route reads")]
    ContentType,
}

/// Decides whether a request in a cookie session may have effects. Safe methods always may.
///
/// `own_host` is host and port as the browser knows them: the `Host` header, or what a trusted proxy
/// forwards. The scheme is not compared, because a proxy that ends TLS hides it; browsers that send
/// `Sec-Fetch-Site` compare it themselves.
pub fn check(method: &Method, headers: &HeaderMap, own_host: &str, body: BodyKind) -> Result<(), CsrfError> {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return Ok(());
    }
    check_origin(headers, own_host)?;
    check_content_type(headers, body)
}

/// What is present must agree, and one of both must be present.
///
/// `Sec-Fetch-Site: none` means that no page made the request. The browser itself never makes one
/// with effects, so it is refused too.
fn check_origin(headers: &HeaderMap, own_host: &str) -> Result<(), CsrfError> {
    let site = single(headers, SEC_FETCH_SITE).map_err(|Repeated| CsrfError::CrossOrigin)?;
    let origin = single(headers, ORIGIN).map_err(|Repeated| CsrfError::CrossOrigin)?;
    if site.is_none() && origin.is_none() {
        return Err(CsrfError::UnknownOrigin);
    }
    let site_agrees = site.is_none_or(|site| site == "same-origin");
    let origin_agrees = origin.is_none_or(|origin| origin.to_str().is_ok_and(|origin| is_own(origin, own_host)));
    if site_agrees && origin_agrees { Ok(()) } else { Err(CsrfError::CrossOrigin) }
}

/// Compares host and port, a default port counting as written out.
fn is_own(origin: &str, own_host: &str) -> bool {
    let Some((scheme @ ("http" | "https"), host)) = origin.split_once("://") else {
        return false;
    };
    match (authority(scheme, host), authority(scheme, own_host)) {
        (Some(theirs), Some(ours)) => theirs.origin() == ours.origin(),
        _ => false,
    }
}

/// Parses `host[:port]` and nothing beyond it: no user, path or query for the parser to skip.
fn authority(scheme: &str, host: &str) -> Option<Url> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if !host.bytes().all(plain) {
        return None;
    }
    Url::parse(&format!("{scheme}://{host}")).ok()
}

fn check_content_type(headers: &HeaderMap, body: BodyKind) -> Result<(), CsrfError> {
    let content_type = single(headers, CONTENT_TYPE).map_err(|Repeated| CsrfError::ContentType)?;
    let allowed = match content_type {
        Some(content_type) => content_type.to_str().is_ok_and(|content_type| is_media_type(content_type, body)),
        None => !has_body(headers),
    };
    if allowed { Ok(()) } else { Err(CsrfError::ContentType) }
}

fn is_media_type(content_type: &str, body: BodyKind) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(body.media_type())
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING) || headers.get_all(CONTENT_LENGTH).any(|length| length != "0")
}

/// A header that means one thing was sent twice; whoever reads the other copy would disagree with us.
struct Repeated;

fn single(headers: &HeaderMap, name: HeaderName) -> Result<Option<&HeaderValue>, Repeated> {
    let mut values = headers.get_all(name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Repeated),
    }
}
