//! Our own sign-in, for deployments without the web app. It issues the web app's token in the web app's cookie.
//! Programs use it here; people use the page of `crm-web`.

use std::net::IpAddr;

use actix_web::cookie::Cookie;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono::TimeDelta;
use crm_domain::access::{Actor, AttemptLimiter, SignIn};
use crm_domain::value::email_key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{Body, Field, Reader, UnknownFields};
use crate::caller::{Caller, client_address, is_https, origin, require_own_page};
use crate::envelope::{iso, ok};
use crate::problem::{ErrorCode, Problem};
use crate::session::{BodyKind, Claims, CookieName, cookie};
use crate::state::Api;

/// How long a session lasts: `NextAuth`'s default.
const SESSION: TimeDelta = TimeDelta::days(30);
/// Where the pages begin.
pub const PAGES: &str = "/ui";
/// Where people sign in.
pub const SIGN_IN_PAGE: &str = "/ui/entrar";
/// Longest e-mail address or password looked at, in bytes; bcrypt itself looks at 72.
const MAX_CREDENTIAL: usize = 1_024;

/// Slows down guessing, per account and per address. The address comes first: one that has used up its attempts can't use
/// up those of accounts.
async fn slow_down(attempts: &dyn AttemptLimiter, email: &str, address: Option<IpAddr>) -> Result<(), Problem> {
    let address = format!("address {}", address.map(|address| address.to_string()).unwrap_or_default());
    let account = format!("account {}", email_key(email).unwrap_or_default());
    for key in [address, account] {
        attempts.take(&key).await.map_err(|wait| Problem::too_many(wait.as_secs() + 1))?;
    }
    Ok(())
}

/// An e-mail address and a password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignInBody {
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    email: Field<String>,
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    password: Field<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// A session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionJson {
    /// The session's user; for a portal session, its account.
    user_id: String,
    /// The user's role.
    role: String,
    /// The tenant the session acts in.
    tenant_id: String,
    /// The user whose profile is this client's own.
    own_profile_user_id: Option<String>,
    /// The token, for `Authorization: Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// When the token ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

impl From<&Actor> for SessionJson {
    fn from(actor: &Actor) -> Self {
        Self {
            user_id: actor.user().to_string(),
            role: actor.role().to_string(),
            tenant_id: actor.tenant().to_string(),
            own_profile_user_id: actor.own_profile_of().map(ToString::to_string),
            token: None,
            expires_at: None,
        }
    }
}

/// Who I am.
#[utoipa::path(get, path = "/api/clients/session", tag = "session", operation_id = "get_session",
    responses((status = 200, body = crate::envelope::Success<SessionJson>), crate::openapi::ReadErrors))]
pub(crate) async fn get_session(Caller(actor): Caller) -> HttpResponse {
    ok(SessionJson::from(&actor))
}

/// Leads to the sign-in page.
pub(crate) async fn page(api: Data<Api>) -> Result<HttpResponse, Problem> {
    require_sign_in(&api)?;
    Ok(see_other(SIGN_IN_PAGE))
}

/// Sign in with an e-mail address and a password. The answer carries the token and sets the session cookie.
#[utoipa::path(post, path = "/sign-in", tag = "session", operation_id = "sign_in", request_body = SignInBody, security(()),
    responses((status = 200, body = crate::envelope::Success<SessionJson>), crate::openapi::SignInErrors))]
pub(crate) async fn sign_in(request: HttpRequest, api: Data<Api>, payload: Payload) -> Result<HttpResponse, Problem> {
    require_sign_in(&api)?;
    require_own_json(&request, &api)?;
    let (email, password) = credentials(&request, payload).await?;
    let Session { session, cookies } = attempt(&request, &api, &email, password).await?;
    Ok(with_cookies(ok(session), &cookies))
}

/// End the session in this browser.
#[utoipa::path(post, path = "/sign-out", tag = "session", operation_id = "sign_out", security(()),
    responses((status = 303, description = "the session cookie is gone"), crate::openapi::SignOutErrors))]
pub(crate) async fn sign_out(request: HttpRequest, api: Data<Api>) -> Result<HttpResponse, Problem> {
    require_sign_in(&api)?;
    require_own_json(&request, &api)?;
    Ok(with_cookies(see_other(SIGN_IN_PAGE), &cookie::clear(request.headers())))
}

/// Where the web app signs people in, there is no such address here.
fn require_sign_in(api: &Api) -> Result<(), Problem> {
    if api.has_sign_in() { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
}

/// Leads to the pages.
pub(crate) async fn home() -> HttpResponse {
    see_other(PAGES)
}

/// A browser says where a request comes from; a foreign page could sign its visitor in to an account of its own.
/// Tools send neither header and carry no cookies.
fn require_own_json(request: &HttpRequest, api: &Api) -> Result<(), Problem> {
    let is_browser = request.headers().contains_key(header::ORIGIN) || request.headers().contains_key("sec-fetch-site");
    if is_browser { require_own_page(request, api, BodyKind::Json) } else { Ok(()) }
}

/// A session that was just begun.
pub struct Session {
    session: SessionJson,
    /// What puts it into a browser.
    pub cookies: Vec<Cookie<'static>>,
}

/// Checks an e-mail address and a password, and begins a session.
pub async fn attempt(request: &HttpRequest, api: &Api, email: &str, password: String) -> Result<Session, Problem> {
    let attempts = api.attempts.as_ref().ok_or(ErrorCode::NotFound)?;
    let could_exist = email.len().max(password.len()) <= MAX_CREDENTIAL && !email.chars().any(char::is_control);
    if !could_exist {
        return Err(ErrorCode::WrongCredentials.into());
    }
    slow_down(&**attempts, email, client_address(request, api)).await?;
    let attempt = api.identities.sign_in(email, password).await?;
    let (identities, origin) = (api.identities.clone(), origin(request, api));
    let Some(sign_in) = &attempt.signed_in else {
        actix_web::rt::spawn(async move {
            if let Err(error) = identities.account_for(&attempt, origin).await {
                tracing::error!(error = &error as &dyn std::error::Error, "a failed sign-in could not be accounted for");
            }
        });
        return Err(ErrorCode::WrongCredentials.into());
    };
    identities.account_for(&attempt, origin).await?;
    new_session(request, api, sign_in)
}

async fn credentials(request: &HttpRequest, payload: Payload) -> Result<(String, String), Problem> {
    let mut payload = payload.into_inner();
    let Body(SignInBody { email, password, unknown }) = Body::from_request(request, &mut payload).await?;
    let mut reader = Reader::new(unknown);
    let email = reader.plain_text("email", email);
    let password = reader.plain_text("password", password);
    reader.mistakes().into_result()?;
    email.zip(password).ok_or_else(|| ErrorCode::InternalError.into())
}

fn new_session(request: &HttpRequest, api: &Api, sign_in: &SignIn) -> Result<Session, Problem> {
    let expires_at = api.clock.now() + SESSION;
    let claims = claims(sign_in, api.clock.now().timestamp(), expires_at.timestamp());
    let token = api.session_key.seal(&claims).map_err(|_| ErrorCode::InternalError)?;
    let name = if is_https(request, api) { CookieName::Secure } else { CookieName::Plain };
    let cookies = cookie::set(name, &token, SESSION, request.headers());
    let session = SessionJson { token: Some(token), expires_at: Some(iso(expires_at)), ..SessionJson::from(&sign_in.actor) };
    Ok(Session { session, cookies })
}

fn claims(sign_in: &SignIn, issued_at: i64, expires_at: i64) -> Claims {
    let SignIn { actor, email, first_name, last_name } = sign_in;
    Claims {
        sub: actor.user().to_string(),
        email: Some(email.clone()),
        name: Some(format!("{first_name} {last_name}")),
        role: Some(actor.role().to_string()),
        tenant_id: Some(actor.tenant().to_string()),
        first_name: Some(first_name.clone()),
        last_name: Some(last_name.clone()),
        issued_at: Some(issued_at),
        expires_at,
        ..Claims::default()
    }
}

/// Leads a browser somewhere else after it changed something.
pub fn see_other(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish()
}

/// An answer that puts these into the browser.
pub fn with_cookies(mut answer: HttpResponse, cookies: &[Cookie<'static>]) -> HttpResponse {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}
