//! `Idempotency-Key`: a request that is sent again is answered again and takes effect once.

use std::future::Future;
use std::pin::Pin;

use actix_web::body::MessageBody as _;
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue};
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Generate as _};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use crm_domain::access::Actor;
use crm_domain::error::{CrmError, StoreError};
use crm_domain::idempotency::{KEY_LIFETIME, KeptRequest, RequestKey};
use crm_domain::ids::UserId;
use crm_domain::validation::{Expectation, Reason, Violations};
use hkdf::Hkdf;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::IntoParams;

use crate::body::read_json;
use crate::problem::{ErrorCode, Problem};
use crate::state::Api;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key, in characters.
const MAX_KEY: usize = 255;
/// What the key of an answer's seal is derived for.
const SEAL: &[u8] = b"citaplanner_crm answer 1";

/// The name that a caller gave a request, and what the request says.
#[derive(Clone)]
pub(crate) struct Named {
    name: String,
    request: RequestKey,
}

impl Named {
    /// Reads the header; `None` without one.
    pub(crate) fn read(request: &HttpRequest, body: &[&[u8]]) -> Result<Option<Self>, Problem> {
        let mut values = request.headers().get_all(KEY);
        let Some(value) = values.next() else { return Ok(None) };
        let name = value.to_str().unwrap_or_default().trim();
        if values.next().is_some() || !(1..=MAX_KEY).contains(&name.len()) {
            let reason = Reason::Expected(Expectation::IdempotencyKey);
            return Err(Violations::one("Idempotency-Key", reason).into());
        }
        let place = [request.method().as_str().as_bytes(), request.uri().to_string().as_bytes()].concat();
        let request = RequestKey::of(&[name.as_bytes()], &[&[&*place], body].concat());
        Ok(Some(Self { name: name.to_owned(), request }))
    }

    /// Only whoever knows the name can open what was sealed under it.
    fn cipher(&self, user: &UserId) -> Option<Aes256Gcm> {
        let mut key = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(Some(user.as_str().as_bytes()), self.name.as_bytes());
        hkdf.expand(SEAL, &mut key).ok()?;
        Some(Aes256Gcm::new(&key.into()))
    }

    fn seal(&self, user: &UserId, answer: &KeptAnswer) -> Option<String> {
        let nonce = Nonce::<U12>::try_generate().ok()?;
        let sealed = self.cipher(user)?.encrypt(&nonce, &*serde_json::to_vec(answer).ok()?).ok()?;
        Some(BASE64_STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn open(&self, user: &UserId, sealed: &str) -> Option<KeptAnswer> {
        let bytes = BASE64_STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<12>()?;
        serde_json::from_slice(&self.cipher(user)?.decrypt(&(*nonce).into(), sealed).ok()?).ok()
    }
}

/// A JSON body that may be sent again.
pub(crate) struct RepeatableBody<T> {
    pub(crate) body: T,
    pub(crate) named: Option<Named>,
}

impl<T: DeserializeOwned + 'static> FromRequest for RepeatableBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let (bytes, body) = read_json(&request, &mut payload).await?;
            Ok(Self { named: Named::read(&request, &[&bytes])?, body })
        })
    }
}

/// An answer as it was given.
#[derive(Serialize, Deserialize)]
struct KeptAnswer {
    status: u16,
    tag: Option<String>,
    body: String,
}

impl KeptAnswer {
    fn of(status: StatusCode, tag: Option<&HeaderValue>, body: &[u8]) -> Option<Self> {
        let tag = tag.and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Some(Self { status: status.as_u16(), tag, body: String::from_utf8(body.to_vec()).ok()? })
    }

    fn into_response(self) -> Option<HttpResponse> {
        let mut answer = HttpResponse::build(StatusCode::from_u16(self.status).ok()?);
        answer.insert_header((REPLAYED, "true")).insert_header((CONTENT_TYPE, "application/json"));
        if let Some(tag) = self.tag {
            answer.insert_header((ETAG, tag));
        }
        Some(answer.body(self.body))
    }
}

/// Answers a request, or answers it again.
///
/// `act` does what is asked. `again` makes the answer anew from what was changed, for the moment between a
/// commit and the noting of its answer.
pub(crate) async fn once<A, R>(
    api: &Api,
    actor: Actor,
    named: Option<Named>,
    act: impl FnOnce(Actor) -> A,
    again: impl FnOnce(Actor, KeptRequest) -> R,
) -> Result<HttpResponse, Problem>
where
    A: Future<Output = Result<HttpResponse, Problem>>,
    R: Future<Output = Result<HttpResponse, Problem>>,
{
    let Some(named) = named else { return act(actor).await };
    if let Some(kept) = find(api, &actor, &named).await? {
        return repeat(api, actor, &named, kept, again).await;
    }
    match act(actor.clone().sending(named.request.clone())).await {
        Ok(answer) => keep(api, &actor, &named, answer).await,
        // It may have failed because the same request, sent before, took effect meanwhile.
        Err(problem) => match find(api, &actor, &named).await? {
            Some(kept) => repeat(api, actor, &named, kept, again).await,
            None => Err(problem),
        },
    }
}

async fn find(api: &Api, actor: &Actor, named: &Named) -> Result<Option<KeptRequest>, Problem> {
    let since = api.clock.now() - KEY_LIFETIME;
    let read = api.store.read(actor.scope());
    Ok(read.requests().find(actor.user(), &named.request.key, since).await.map_err(CrmError::from)?)
}

async fn repeat<R: Future<Output = Result<HttpResponse, Problem>>>(
    api: &Api,
    actor: Actor,
    named: &Named,
    kept: KeptRequest,
    again: impl FnOnce(Actor, KeptRequest) -> R,
) -> Result<HttpResponse, Problem> {
    if kept.request != named.request.request {
        return Err(ErrorCode::KeyReused.into());
    }
    let opened = kept.answer.as_deref().and_then(|sealed| named.open(actor.user(), sealed));
    if let Some(answer) = opened.and_then(KeptAnswer::into_response) {
        return Ok(answer);
    }
    let answer = again(actor.clone(), kept).await?;
    let mut answer = keep(api, &actor, named, answer).await?;
    answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(answer)
}

/// Notes an answer before it is given. If that fails the change is made all the same, so the answer is given.
async fn keep(api: &Api, actor: &Actor, named: &Named, answer: HttpResponse) -> Result<HttpResponse, Problem> {
    let (head, body) = answer.into_parts();
    let bytes = body.try_into_bytes().map_err(|_| Problem::new(ErrorCode::InternalError))?;
    let kept = KeptAnswer::of(head.status(), head.headers().get(header::ETAG), &bytes);
    if let Some(sealed) = kept.and_then(|kept| named.seal(actor.user(), &kept))
        && let Err(error) = note(api, actor, named, &sealed).await
    {
        tracing::error!(error = &error as &dyn std::error::Error, "an answer could not be noted");
    }
    Ok(head.set_body(bytes).map_into_boxed_body())
}

async fn note(api: &Api, actor: &Actor, named: &Named, sealed: &str) -> Result<(), StoreError> {
    let unit = api.store.begin(actor.scope()).await?;
    unit.requests().answer(actor.user(), &named.request.key, sealed).await?;
    unit.commit(Vec::new()).await
}

/// The header of a request that may be sent again.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described; `Named` reads the header")]
pub(crate) struct IdempotencyKey {
    /// Names this request for 24 hours: sent again with the same body it is answered again and takes effect once.
    /// At most 255 characters.
    #[param(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
}
