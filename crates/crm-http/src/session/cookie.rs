//! Where a request carries its session token, and the cookies that put it there.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

#[cfg(test)]
mod tests;

/// The longest value of one cookie, as `NextAuth` cuts them: 4096 less room for name and attributes.
const CHUNK_LEN: usize = 4096 - 163;
/// More chunks than the longest accepted token needs.
const MAX_CHUNKS: usize = 8;

/// Which of the two cookie names of `NextAuth` a deployment uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieName {
    /// `next-auth.session-token`, for plain HTTP.
    Plain,
    /// `__Secure-next-auth.session-token`, which browsers keep to HTTPS.
    Secure,
}

impl CookieName {
    /// The name itself; a chunk adds `.0`, `.1`, ….
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "next-auth.session-token",
            Self::Secure => "__Secure-next-auth.session-token",
        }
    }

    /// Whether `cookie` is this cookie or anything that looks like a chunk of it.
    fn covers(self, cookie: &str) -> bool {
        let Some(suffix) = cookie.strip_prefix(self.as_str()) else {
            return false;
        };
        suffix.is_empty() || suffix.strip_prefix('.').is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// A session token as a request presents it. Nothing about it has been verified.
#[derive(Clone, Debug)]
pub enum Presented {
    /// In `Authorization: Bearer`, which no foreign page can make a browser send.
    Bearer(SecretString),
    /// In cookies, which a browser adds by itself, so unsafe methods need [`csrf::check`](super::csrf::check).
    Cookie(SecretString),
}

impl Presented {
    /// The token, to be opened.
    pub fn token(&self) -> &str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token.expose_secret(),
        }
    }
}

/// Finds the session token of a request; `None` when there is none or it is ambiguous.
///
/// A bearer token wins, even a broken one, so that a client never acts as somebody else by accident.
/// Other `Authorization` schemes belong to something in front of us and leave the cookies in force.
/// The secure cookie wins over the plain one, which anybody on the network may have planted.
pub fn presented(headers: &HeaderMap) -> Option<Presented> {
    let authorizations: Vec<&HeaderValue> = headers.get_all(AUTHORIZATION).collect();
    match authorizations[..] {
        [] => from_cookies(headers),
        [authorization] => {
            let (scheme, token) = split_scheme(authorization.to_str().ok()?);
            if scheme.eq_ignore_ascii_case("bearer") {
                return Some(Presented::Bearer(token.into()));
            }
            from_cookies(headers)
        }
        _ => None,
    }
}

/// Makes the cookies of a new session, and expires every other session cookie the request carries:
/// a left-over chunk would make the new session ambiguous.
pub fn set(name: CookieName, token: &str, max_age: TimeDelta, headers: &HeaderMap) -> Vec<Cookie<'static>> {
    let max_age = Duration::seconds(max_age.num_seconds());
    let fresh: Vec<_> = chunks(name.as_str(), token)
        .into_iter()
        .map(|(cookie, value)| session_cookie(name, cookie, value, max_age))
        .collect();
    let mut cookies = clear(headers);
    cookies.retain(|old| fresh.iter().all(|new| new.name() != old.name()));
    cookies.extend(fresh);
    cookies
}

/// Expires every session cookie the request carries, whichever name or chunk it has.
pub fn clear(headers: &HeaderMap) -> Vec<Cookie<'static>> {
    let mut cookies = Vec::new();
    for name in [CookieName::Plain, CookieName::Secure] {
        let mut stale: Vec<String> = parts(headers, name).into_iter().map(|(cookie, _)| cookie).collect();
        stale.dedup();
        cookies.extend(stale.into_iter().map(|cookie| session_cookie(name, cookie, String::new(), Duration::ZERO)));
    }
    cookies
}

fn split_scheme(authorization: &str) -> (&str, &str) {
    let (scheme, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
    (scheme, rest.trim_start_matches(' '))
}

fn from_cookies(headers: &HeaderMap) -> Option<Presented> {
    let names = [CookieName::Secure, CookieName::Plain];
    let (name, parts) = names.into_iter().map(|name| (name, parts(headers, name))).find(|(_, parts)| !parts.is_empty())?;
    assemble(name, &parts).map(|token| Presented::Cookie(token.into()))
}

/// The cookies that make up one session: name and value, sorted, repetitions removed.
fn parts(headers: &HeaderMap, name: CookieName) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    for header in headers.get_all(COOKIE) {
        // Foreign cookies may hold any bytes; in a token they only make it malformed.
        let header = String::from_utf8_lossy(header.as_bytes());
        let pairs = header.split(';').filter_map(|pair| pair.trim_ascii().split_once('='));
        parts.extend(
            pairs.filter(|(cookie, _)| name.covers(cookie)).map(|(cookie, value)| (cookie.to_owned(), value.to_owned())),
        );
    }
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// Joins the whole cookie, or chunks `0..n` in order of number.
///
/// Each of `n` parts must be one of the `n` names looked up. A gap, a second value for a name, or a
/// whole cookie beside chunks therefore leaves a name without a part.
fn assemble(name: CookieName, parts: &[(String, String)]) -> Option<String> {
    if let [(cookie, token)] = parts
        && cookie == name.as_str()
    {
        return Some(token.clone());
    }
    if parts.len() > MAX_CHUNKS {
        return None;
    }
    (0..parts.len())
        .map(|index| {
            let wanted = chunk_name(name.as_str(), index);
            parts.iter().find(|(cookie, _)| *cookie == wanted).map(|(_, value)| value.as_str())
        })
        .collect()
}

fn chunk_name(name: &str, index: usize) -> String {
    format!("{name}.{index}")
}

/// Cuts a token as `NextAuth` does: whole under its own name if it fits, else into numbered chunks.
fn chunks(name: &str, token: &str) -> Vec<(String, String)> {
    if token.len() <= CHUNK_LEN {
        return vec![(name.to_owned(), token.to_owned())];
    }
    token
        .as_bytes()
        .chunks(CHUNK_LEN)
        .enumerate()
        .map(|(index, chunk)| (chunk_name(name, index), String::from_utf8_lossy(chunk).into_owned()))
        .collect()
}

fn session_cookie(name: CookieName, cookie: String, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(cookie, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(name == CookieName::Secure)
        .max_age(max_age)
        .finish()
}
