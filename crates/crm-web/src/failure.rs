//! Every error page. What was typed into a form is offered again, to be sent once more.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use crm_http::caller;
use crm_http::pipeline::{account_for, problem_of, request_id};
use crm_http::problem::{ErrorCode, Problem};
use crm_http::sign_in::{SIGN_IN_PAGE, see_other};
use futures_util::FutureExt as _;

use crate::form::Form;
use crate::frame::{Frame, Page, show_as};
use crate::visit;
use crate::words::Problems;

/// Says what went wrong, and what to do now.
#[derive(Template)]
#[template(path = "pages/failure.html")]
struct FailurePage {
    frame: Frame,
    title: &'static str,
    lead: String,
    code: Option<String>,
    /// Where to sign in, if that is what is missing.
    sign_in: Option<String>,
    /// Where to send again what was typed, and what that was.
    retry: Option<String>,
    typed: Vec<(String, String)>,
    /// Whether trying to open the page again may help.
    reopens: bool,
}

impl Page for FailurePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.title.to_owned()
    }
}

/// Turns the errors of the pages, panics included, into pages.
pub(crate) async fn in_words(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let http = request.request().clone();
    let Ok(outcome) = AssertUnwindSafe(next.call(request)).catch_unwind().await else {
        let answer = answer(&http, &ErrorCode::InternalError.into());
        return Ok(ServiceResponse::new(http, answer));
    };
    let response = outcome?.map_into_boxed_body();
    let Some(problem) = problem_of(&response) else { return Ok(response) };
    account_for(&http, problem).await;
    let answer = answer(&http, problem);
    Ok(response.into_response(answer))
}

fn answer(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let has_sign_in = caller::api(request).is_ok_and(|api| api.has_sign_in());
    let is_reading = [Method::GET, Method::HEAD].contains(request.method());
    if problem.code() == ErrorCode::Unauthenticated && is_reading && has_sign_in {
        return see_other(&sign_in_address(&visit::here(request)));
    }
    let viewer = visit::viewer(request);
    let frame = Frame::of(request, viewer.as_ref(), visit::here(request), has_sign_in);
    let status = problem.code().status();
    let page = page(frame, request, problem, is_reading);
    let mut answer = show_as(status, &page).unwrap_or_else(|_| HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR));
    if let Some(seconds) = problem.retry_after() {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    if let Some(allow) = problem.allow().and_then(|allow| allow.parse().ok()) {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

/// The sign-in page, leading back here.
pub(crate) fn sign_in_address(back: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("ir", back).finish();
    format!("{SIGN_IN_PAGE}?{query}")
}

fn page(frame: Frame, request: &HttpRequest, problem: &Problem, is_reading: bool) -> FailurePage {
    let t = &frame.t.problems;
    let form = Form::of(request).filter(|_| may_be_sent_again(problem.code()));
    let (title, lead) = sentences(t, problem, is_reading, form.is_some());
    let is_unauthenticated = problem.code() == ErrorCode::Unauthenticated;
    FailurePage {
        title,
        lead,
        code: (problem.code().status() == StatusCode::INTERNAL_SERVER_ERROR)
            .then(|| request_id(request).map(|id| t.code(&id)))
            .flatten(),
        sign_in: (is_unauthenticated && frame.has_sign_in).then(|| sign_in_address(&frame.here)),
        retry: form.as_ref().map(|_| request.uri().to_string()),
        typed: form.iter().flat_map(|form| form.typed()).map(|(name, value)| (name.into(), value.into())).collect(),
        reopens: is_reading && problem.code().status().is_server_error(),
        frame,
    }
}

/// What failed for a reason that passes.
fn may_be_sent_again(code: ErrorCode) -> bool {
    [ErrorCode::Unauthenticated, ErrorCode::TooManyRequests, ErrorCode::InternalError, ErrorCode::Unavailable]
        .contains(&code)
}

fn sentences(t: &Problems, problem: &Problem, is_reading: bool, has_form: bool) -> (&'static str, String) {
    let (title, lead) = match problem.code() {
        ErrorCode::Unauthenticated | ErrorCode::WrongCredentials => match (is_reading, has_form) {
            (true, _) => (t.unauthenticated, t.elsewhere_lead),
            (false, true) => (t.expired, t.expired_lead),
            (false, false) => (t.expired, t.expired_file),
        },
        ErrorCode::Forbidden => (t.forbidden, t.forbidden_lead),
        ErrorCode::CrossSite => (t.cross_site, t.cross_site_lead),
        ErrorCode::NotFound
        | ErrorCode::ProfileNotFound
        | ErrorCode::NoteNotFound
        | ErrorCode::PreferencesNotFound
        | ErrorCode::PhotoNotFound
        | ErrorCode::UserNotFound
        | ErrorCode::TenantNotFound
        | ErrorCode::TrashItemNotFound
        | ErrorCode::MethodNotAllowed => (t.not_found, t.not_found_lead),
        ErrorCode::ProfileExists | ErrorCode::PreferencesExist | ErrorCode::PhotoExists | ErrorCode::KeyReused => {
            (t.conflict, t.conflict_lead)
        }
        ErrorCode::PreconditionFailed | ErrorCode::PreconditionRequired => (t.gone, t.gone_lead),
        ErrorCode::BodyTooLarge => (t.too_large, t.too_large_lead),
        ErrorCode::TooManyRequests => {
            return (t.too_many, t.wait(problem.retry_after().unwrap_or(1)));
        }
        ErrorCode::InvalidInput | ErrorCode::MalformedBody | ErrorCode::UnsupportedMediaType => {
            (t.unreadable, t.unreadable_lead)
        }
        ErrorCode::InternalError => (t.internal, t.internal_lead),
        ErrorCode::Unavailable if is_reading => (t.unavailable, t.unavailable_read),
        ErrorCode::Unavailable => (t.unavailable, t.unavailable_save),
    };
    (title, lead.to_owned())
}
