//! What happens to every request on its way in and out.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use crm_domain::access::Actor;
use futures_util::FutureExt;
use metrics::Label;
use tracing_actix_web::{RequestId, RootSpanBuilder};

use crate::problem::{ErrorCode, Language, Problem};
use crate::state::Api;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer of the API is data: nothing in it may load or run.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
/// The documentation page, whose scripts and styles come from the binary; it styles its elements inline.
const DOCS: &str = "/api/docs/";
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Headers of every answer that does not set its own.
const DEFAULT_HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=()"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Names the span of a request by what is not personal: no query, no address, no header.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> tracing::Span {
        let request_id = request_id(request).unwrap_or_default();
        let route = Route::of(request);
        let span = tracing::info_span!(
            "request",
            %request_id,
            method = method(request),
            route = &*route.0,
            user = tracing::field::Empty,
            tenant = tracing::field::Empty,
        );
        request.extensions_mut().insert(route);
        span
    }

    fn on_request_end<B: MessageBody>(_: tracing::Span, _: &Result<ServiceResponse<B>, Error>) {}
}

/// Completes error answers, adds headers, counts and logs, and turns a panic into an answer.
pub(crate) async fn pipeline(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let method = method(&request);
    let route = request.extensions().get::<Route>().cloned();
    let route = route.unwrap_or_else(|| Route::of(&request));
    let id = request_id(&request);
    let language = Language::of(request.headers());

    let Ok(outcome) = AssertUnwindSafe(next.call(request)).catch_unwind().await else {
        observe(method, &route, StatusCode::INTERNAL_SERVER_ERROR, started);
        let mut answer = Problem::new(ErrorCode::InternalError).answer(language, id.clone());
        finish_headers(answer.headers_mut(), POLICY, id.as_deref());
        return Err(actix_web::error::InternalError::from_response("a handler panicked", answer).into());
    };
    let mut response = outcome?.map_into_boxed_body();
    if let Some(problem) = problem_of(&response) {
        account_for(response.request(), problem).await;
        let answer = problem.answer(language, id.clone());
        response = response.into_response(answer);
    }
    let policy = if response.request().path().starts_with(DOCS) { DOCS_POLICY } else { POLICY };
    finish_headers(response.headers_mut(), policy, id.as_deref());
    observe(method, &route, response.status(), started);
    Ok(response)
}

/// Why an answer is an error, if it is and nobody has written the error yet.
pub fn problem_of<B>(response: &ServiceResponse<B>) -> Option<&Problem> {
    response.response().error().and_then(|error| error.as_error::<Problem>())
}

/// Logs what went wrong inside, and puts on record what was denied.
pub async fn account_for(request: &HttpRequest, problem: &Problem) {
    log_cause(problem);
    account_for_denial(request, problem).await;
}

/// Logged once, here, with the chain of causes. Adapters keep personal data out of their messages.
fn log_cause(problem: &Problem) {
    let Some(cause) = problem.cause() else { return };
    let chain = std::iter::successors(Some(&**cause as &(dyn std::error::Error + 'static)), |error| error.source());
    let causes: Vec<_> = chain.map(ToString::to_string).collect();
    tracing::error!(causes = causes.join(": "), "a request failed");
}

/// Whoever tries what they may not do is on record, whatever the route.
async fn account_for_denial(request: &HttpRequest, problem: &Problem) {
    let actor = request.extensions().get::<Actor>().cloned();
    let (Some(tried), Some(actor), Some(api)) = (problem.denied(), actor, request.app_data::<Data<Api>>()) else { return };
    let id = request.match_info().get("id").map(str::to_owned);
    if let Err(error) = api.audit.denied(&actor, tried, id).await {
        tracing::error!(error = &error as &dyn std::error::Error, "a denial could not be accounted for");
    }
}

fn finish_headers(headers: &mut HeaderMap, policy: &'static str, id: Option<&str>) {
    for (name, value) in DEFAULT_HEADERS.into_iter().chain([(header::CONTENT_SECURITY_POLICY, policy)]) {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Some(id) = id.and_then(|id| HeaderValue::from_str(id).ok()) {
        headers.insert(REQUEST_ID, id);
    }
}

fn observe(method: &'static str, route: &Route, status: StatusCode, started: Instant) {
    let elapsed = started.elapsed();
    let timed = vec![Label::from_static_parts("method", method), Label::new("route", Arc::clone(&route.0))];
    let mut counted = timed.clone();
    counted.push(Label::new("status", status.as_u16().to_string()));
    metrics::counter!("http_requests_total", counted).increment(1);
    metrics::histogram!("http_request_duration_seconds", timed).record(elapsed.as_secs_f64());
    tracing::info!(status = status.as_u16(), milliseconds = elapsed.as_secs_f64() * 1_000.0, "answered");
}

/// What names this request in the log.
pub fn request_id(request: &impl HttpMessage) -> Option<String> {
    request.extensions().get::<RequestId>().map(ToString::to_string)
}

/// The method, if it is a usual one: a label that callers can make up would fill the memory.
fn method(request: &ServiceRequest) -> &'static str {
    const USUAL: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"];
    USUAL.into_iter().find(|usual| *usual == request.method().as_str()).unwrap_or("other")
}

/// The template of the path, never the path: it holds ids. Looked up once, which goes through all routes.
#[derive(Clone)]
struct Route(Arc<str>);

impl Route {
    fn of(request: &ServiceRequest) -> Self {
        Self(request.match_pattern().map_or_else(|| "unmatched".into(), Into::into))
    }
}
