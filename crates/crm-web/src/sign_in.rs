//! `/ui/entrar` and `/ui/salir`, for deployments without the web app.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use crm_http::body::read_bytes;
use crm_http::caller::{self, require_own_page};
use crm_http::problem::{ErrorCode, Problem};
use crm_http::session::{BodyKind, cookie};
use crm_http::sign_in::{SIGN_IN_PAGE, attempt, see_other, with_cookies};
use serde::Deserialize;

use crate::form::{Form, Mistakes};
use crate::frame::{Frame, Page, own_place, show, show_as};

/// Asks for an e-mail address and a password.
#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    frame: Frame,
    email: String,
    /// Where to go then.
    back: String,
    mistakes: Mistakes,
}

impl Page for SignInPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.shell.sign_in.to_owned()
    }

    fn has_mistakes(&self) -> bool {
        !self.mistakes.is_empty()
    }
}

#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    ir: String,
}

/// `GET /ui/entrar`
pub(crate) async fn page(request: HttpRequest, Query(back): Query<Back>) -> Result<HttpResponse, Problem> {
    let api = caller::api(&request)?;
    if !api.has_sign_in() {
        return Err(ErrorCode::Unauthenticated.into());
    }
    let frame = Frame::of(&request, None, request.uri().to_string(), true);
    show(&SignInPage { frame, email: String::new(), back: own_place(&back.ir).to_owned(), mistakes: Mistakes::default() })
}

/// `POST /ui/entrar`
pub(crate) async fn sign_in(request: HttpRequest, payload: Payload) -> Result<HttpResponse, Problem> {
    let api = caller::api(&request)?.clone();
    if !api.has_sign_in() {
        return Err(ErrorCode::NotFound.into());
    }
    require_own_page(&request, &api, BodyKind::Form)?;
    let form = Form::parse(&read_bytes(&mut payload.into_inner()).await?);
    let (email, back) = (form.text("email").to_owned(), own_place(form.text("ir")).to_owned());
    let problem = match attempt(&request, &api, &email, form.text("password").to_owned()).await {
        Ok(session) => return Ok(with_cookies(see_other(&back), &session.cookies)),
        Err(problem) => problem,
    };

    let frame = Frame::of(&request, None, SIGN_IN_PAGE.to_owned(), true);
    let t = &frame.t.shell;
    let sentence = match (problem.code(), problem.retry_after()) {
        (ErrorCode::WrongCredentials, _) => t.wrong_credentials.to_owned(),
        (ErrorCode::TooManyRequests, Some(seconds)) => t.wait(seconds),
        _ => return Err(problem),
    };
    // It may be either field, or none.
    let mistakes = Mistakes::one("email", "", sentence);
    let status = problem.code().status();
    let mut answer = show_as(status, &SignInPage { frame, email, back, mistakes })?;
    if let Some(seconds) = problem.retry_after() {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    }
    Ok(answer)
}

/// `POST /ui/salir`
pub(crate) async fn sign_out(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let api = caller::api(&request)?;
    if !api.has_sign_in() {
        return Err(ErrorCode::NotFound.into());
    }
    require_own_page(&request, api, BodyKind::Form)?;
    let mut answer = with_cookies(see_other(SIGN_IN_PAGE), &cookie::clear(request.headers()));
    let everything = header::HeaderValue::from_static("\"cache\", \"storage\"");
    answer.headers_mut().insert(header::HeaderName::from_static("clear-site-data"), everything);
    Ok(answer)
}
