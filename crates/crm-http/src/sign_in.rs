//! Our own sign-in, for deployments without the web app. It issues the web app's token in the web app's cookie.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Form, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use crm_domain::access::{Actor, SignIn};
use crm_domain::value::email_key;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::body::{Body, Field, Reader, UnknownFields};
use crate::caller::{Caller, client_address, is_https, origin, require_own_page};
use crate::envelope::{iso, ok};
use crate::problem::{ErrorCode, Problem};
use crate::session::{BodyKind, Claims, CookieName, cookie};
use crate::state::Api;

/// How long a session lasts: `NextAuth`'s default.
const SESSION: TimeDelta = TimeDelta::days(30);
/// The page, complete in itself: it must work before anything else does.
const PAGE: &str = include_str!("sign_in/page.html");

/// Allows the page its one style sheet, by its hash, and nothing else.
static PAGE_POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = PAGE.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).map_or("", |(style, _)| style);
    let hash = STANDARD.encode(Sha256::digest(style));
    format!("default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
});

/// Accounts and addresses remembered before those of long ago are forgotten.
const MOST_KEYS: usize = 10_000;
/// Longest e-mail address or password looked at, in bytes; bcrypt itself looks at 72.
const MAX_CREDENTIAL: usize = 1_024;

/// Slows down guessing, per account and per address.
pub(crate) struct Throttle {
    attempts: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

impl Throttle {
    pub(crate) fn per_minute(attempts: NonZeroU32) -> Self {
        Self { attempts: RateLimiter::keyed(Quota::per_minute(attempts)), clock: DefaultClock::default() }
    }

    /// The address comes first: one that has used up its attempts can't use up those of accounts.
    fn check(&self, email: &str, address: Option<IpAddr>) -> Result<(), Problem> {
        if self.attempts.len() > MOST_KEYS {
            self.attempts.retain_recent();
        }
        let address = format!("address {}", address.map(|address| address.to_string()).unwrap_or_default());
        let account = format!("account {}", email_key(email).unwrap_or_default());
        for key in [address, account] {
            self.attempts
                .check_key(&key)
                .map_err(|until| Problem::too_many(until.wait_time_from(self.clock.now()).as_secs() + 1))?;
        }
        Ok(())
    }
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

/// What the page's form sends.
#[derive(Deserialize)]
pub(crate) struct SignInForm {
    email: String,
    password: String,
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

/// The sign-in page.
pub(crate) async fn page(api: Data<Api>) -> Result<HttpResponse, Problem> {
    api.sign_in.as_ref().ok_or(ErrorCode::NotFound)?;
    Ok(html(StatusCode::OK, ""))
}

/// Sign in with an e-mail address and a password. The answer carries the token and sets the session cookie.
#[utoipa::path(post, path = "/sign-in", tag = "session", operation_id = "sign_in", request_body = SignInBody, security(()),
    responses((status = 200, body = crate::envelope::Success<SessionJson>), crate::openapi::SignInErrors))]
pub(crate) async fn sign_in(request: HttpRequest, api: Data<Api>, payload: Payload) -> Result<HttpResponse, Problem> {
    let throttle = api.sign_in.as_ref().ok_or(ErrorCode::NotFound)?;
    require_own_form(&request, &api)?;
    if !is_form(&request) {
        return attempt(&request, &api, throttle, payload)
            .await
            .map(|(session, cookies)| with_cookies(ok(session), &cookies));
    }
    match attempt(&request, &api, throttle, payload).await {
        Ok((_, cookies)) => Ok(with_cookies(see_other("/"), &cookies)),
        // A person is looking at this answer: the page again, with the reason.
        Err(problem) if problem.cause().is_none() => {
            Ok(with_retry(html(problem.code().status(), problem.code().spanish()), &problem))
        }
        Err(problem) => Err(problem),
    }
}

/// End the session in this browser.
#[utoipa::path(post, path = "/sign-out", tag = "session", operation_id = "sign_out", security(()),
    responses((status = 303, description = "the session cookie is gone"), crate::openapi::SignOutErrors))]
pub(crate) async fn sign_out(request: HttpRequest, api: Data<Api>) -> Result<HttpResponse, Problem> {
    api.sign_in.as_ref().ok_or(ErrorCode::NotFound)?;
    require_own_form(&request, &api)?;
    Ok(with_cookies(see_other("/sign-in"), &cookie::clear(request.headers())))
}

/// Leads to the API's documentation, or to the sign-in page.
pub(crate) async fn home(caller: Result<Caller, Problem>, api: Data<Api>) -> HttpResponse {
    let is_guest = caller.is_err() && api.sign_in.is_some();
    see_other(if is_guest { "/sign-in" } else { "/api/docs/" })
}

/// A browser says where a form comes from; a foreign page could sign its visitor in to an account of its own.
/// Tools send neither header and carry no cookies.
fn require_own_form(request: &HttpRequest, api: &Api) -> Result<(), Problem> {
    let is_browser = request.headers().contains_key(header::ORIGIN) || request.headers().contains_key("sec-fetch-site");
    let body = if is_form(request) { BodyKind::Form } else { BodyKind::Json };
    if is_browser { require_own_page(request, api, body) } else { Ok(()) }
}

fn is_form(request: &HttpRequest) -> bool {
    request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Checks the credentials and makes a session.
async fn attempt(
    request: &HttpRequest,
    api: &Api,
    throttle: &Throttle,
    payload: Payload,
) -> Result<(SessionJson, Vec<Cookie<'static>>), Problem> {
    let (email, password) = credentials(request, payload).await?;
    let could_exist = email.len().max(password.len()) <= MAX_CREDENTIAL && !email.chars().any(char::is_control);
    if !could_exist {
        return Err(ErrorCode::WrongCredentials.into());
    }
    throttle.check(&email, client_address(request, api))?;
    let attempt = api.identities.sign_in(&email, password).await?;
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
    if is_form(request) {
        let form = Form::<SignInForm>::from_request(request, &mut payload).await;
        let Form(SignInForm { email, password }) = form.map_err(|_| Problem::new(ErrorCode::MalformedBody))?;
        return Ok((email, password));
    }
    let Body(SignInBody { email, password, unknown }) = Body::from_request(request, &mut payload).await?;
    let mut reader = Reader::new(unknown);
    let email = reader.plain_text("email", email);
    let password = reader.plain_text("password", password);
    reader.mistakes().into_result()?;
    email.zip(password).ok_or_else(|| ErrorCode::InternalError.into())
}

fn new_session(request: &HttpRequest, api: &Api, sign_in: &SignIn) -> Result<(SessionJson, Vec<Cookie<'static>>), Problem> {
    let expires_at = api.clock.now() + SESSION;
    let claims = claims(sign_in, api.clock.now().timestamp(), expires_at.timestamp());
    let token = api.session_key.seal(&claims).map_err(|_| ErrorCode::InternalError)?;
    let name = if is_https(request, api) { CookieName::Secure } else { CookieName::Plain };
    let cookies = cookie::set(name, &token, SESSION, request.headers());
    let session = SessionJson { token: Some(token), expires_at: Some(iso(expires_at)), ..SessionJson::from(&sign_in.actor) };
    Ok((session, cookies))
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

fn see_other(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish()
}

fn with_retry(mut answer: HttpResponse, problem: &Problem) -> HttpResponse {
    if let Some(seconds) = problem.retry_after() {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

fn with_cookies(mut answer: HttpResponse, cookies: &[Cookie<'static>]) -> HttpResponse {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

/// The page, with a message if there is one. Messages are our own sentences, so they need no escaping.
fn html(status: StatusCode, message: &str) -> HttpResponse {
    let alert = if message.is_empty() { String::new() } else { format!(r#"<p role="alert">{message}</p>"#) };
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY.as_str()))
        // Without a referrer, browsers send `Origin: null` with the form, which is refused like a foreign page's.
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .body(PAGE.replace("{{message}}", &alert))
}
