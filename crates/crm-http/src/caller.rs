//! From a request to the person who sent it.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderName};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use crm_domain::access::Actor;
use crm_domain::audit::Origin;
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::TenantId;

use tracing_actix_web::RequestId;

use crate::problem::{ErrorCode, Problem};
use crate::session::{BodyKind, Presented, cookie, csrf};
use crate::state::Api;

const TENANT: HeaderName = HeaderName::from_static("x-tenant-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// A signed-in person. A handler that takes one can't be reached without a session,
/// nor by a foreign page through a cookie.
pub(crate) struct Caller(pub(crate) Actor);

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { identify(&request, BodyKind::Json).await.map(Self) })
    }
}

/// Likewise, for the one route that takes a file.
pub(crate) struct UploadingCaller(pub(crate) Actor);

impl FromRequest for UploadingCaller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { identify(&request, BodyKind::Multipart).await.map(Self) })
    }
}

/// The person a request comes from, if it carries a session and, where it changes something, comes from our own page.
pub async fn identify(request: &HttpRequest, body: BodyKind) -> Result<Actor, Problem> {
    let unauthenticated = || Problem::new(ErrorCode::Unauthenticated);
    let api = api(request)?;
    let presented = cookie::presented(request.headers()).ok_or_else(unauthenticated)?;
    let claims = api.session_key.open(presented.token(), api.clock.now()).map_err(|_| unauthenticated())?;
    if claims.sub.chars().any(char::is_control) {
        return Err(unauthenticated());
    }
    if matches!(presented, Presented::Cookie(_)) {
        require_own_page(request, api, body)?;
    }

    let acting_in = acting_in(request)?;
    let actor = api.identities.actor(&claims.sub, acting_in.as_ref()).await?.ok_or_else(unauthenticated)?;
    let actor = actor.calling_from(origin(request, api));
    // For what happens after the handler: a denial is accounted for.
    request.extensions_mut().insert(actor.clone());
    tracing::Span::current().record("user", actor.user().as_str()).record("tenant", actor.tenant().as_str());
    Ok(actor)
}

/// Where a request comes from.
pub(crate) fn origin(request: &HttpRequest, api: &Api) -> Origin {
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    Origin { address: client_address(request, api), request: id, key: None }
}

/// The tenant a SUPERADMIN chose. One that can't exist is as missing as one that doesn't.
fn acting_in(request: &HttpRequest) -> Result<Option<TenantId>, Problem> {
    let Some(value) = request.headers().get(TENANT) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|raw| TenantId::parse(raw.trim()).ok());
    id.map(Some).ok_or_else(|| CrmError::NotFound(Resource::Tenant).into())
}

/// What a request is answered with.
pub fn api(request: &HttpRequest) -> Result<&Data<Api>, Problem> {
    request.app_data::<Data<Api>>().ok_or_else(|| ErrorCode::InternalError.into())
}

/// Refuses an unsafe request that a page of another origin may have made the browser send.
pub fn require_own_page(request: &HttpRequest, api: &Api, body: BodyKind) -> Result<(), Problem> {
    let host = own_host(request, api);
    csrf::check(request.method(), request.headers(), &host, body).map_err(|_| ErrorCode::CrossSite.into())
}

/// The address of the caller: the peer, or what a trusted proxy says of it.
pub(crate) fn client_address(request: &HttpRequest, api: &Api) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let is_trusted = |address: &IpAddr| api.trusted_proxies.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return Some(peer);
    }
    // Each proxy appends the address it saw, so the last one that is not a proxy of ours is the caller's.
    // Some append by a header line of their own.
    let lines: Vec<_> = request.headers().get_all(FORWARDED_FOR).filter_map(|line| line.to_str().ok()).collect();
    let forwarded = lines.join(",");
    let hops = forwarded.rsplit(',').map_while(|hop| address(hop.trim()));
    hops.into_iter().find(|hop| !is_trusted(hop)).or(Some(peer))
}

/// An address, which some proxies write with its port.
fn address(raw: &str) -> Option<IpAddr> {
    raw.parse().ok().or_else(|| raw.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Whether the browser reaches us by HTTPS, as far as we can know.
pub fn is_https(request: &HttpRequest, api: &Api) -> bool {
    match &api.public_url {
        Some(url) => url.starts_with("https://"),
        None => forwarded(request, api, &FORWARDED_PROTO).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
    }
}

fn own_host(request: &HttpRequest, api: &Api) -> String {
    let public = api.public_url.as_deref().and_then(|url| url.split_once("://")).map(|(_, host)| host);
    let host = public.or_else(|| forwarded(request, api, &FORWARDED_HOST));
    // Not `connection_info()`, which believes forwarding headers whoever sends them.
    let host = host.or_else(|| request.headers().get(header::HOST)?.to_str().ok());
    host.or_else(|| request.uri().authority().map(actix_web::http::uri::Authority::as_str)).unwrap_or_default().to_owned()
}

/// A forwarding header, if a trusted proxy sent it.
fn forwarded<'a>(request: &'a HttpRequest, api: &Api, name: &HeaderName) -> Option<&'a str> {
    let peer = request.peer_addr()?.ip();
    let is_trusted = api.trusted_proxies.iter().any(|network| network.contains(&peer));
    request.headers().get(name).filter(|_| is_trusted)?.to_str().ok()
}
