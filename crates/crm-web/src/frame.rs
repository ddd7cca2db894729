//! What is around every page: navigation, search, notices, language and theme.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use crm_domain::access::Action;
use crm_domain::directory::DEFAULT_TIME_ZONE;
use crm_http::problem::{ErrorCode, Language, Problem};
use crm_http::sign_in::with_cookies;

use crate::assets::ASSETS;
use crate::flash::{Flash, FlashLine};
use crate::format::Format;
use crate::person::full_name;
use crate::visit::Viewer;
use crate::words::Words;

/// A page loads its own style, script and pictures, sends forms and searches here, and makes no markup from text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// The cookie with the language somebody chose.
const LANGUAGE: &str = "crm-idioma";
/// The cookie with the theme somebody chose.
const THEME: &str = "crm-tema";

/// Which colours are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Those of the system.
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The theme's name in forms, cookies and markup.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == raw)
    }
}

/// Who is looking, as far as the frame says so.
pub(crate) struct Person {
    /// Whose name a note will carry, if the tenant knows them by one.
    pub(crate) name: Option<String>,
    pub(crate) tenant: String,
    pub(crate) role: &'static str,
    /// Whether the person has a list of clients, rather than a card of their own.
    pub(crate) lists_clients: bool,
    pub(crate) has_trash: bool,
}

/// What is around a page.
pub(crate) struct Frame {
    pub(crate) t: &'static Words,
    pub(crate) format: Format,
    pub(crate) theme: Theme,
    /// The address of this page, to come back to.
    pub(crate) here: String,
    pub(crate) person: Option<Person>,
    pub(crate) flash: Option<FlashLine>,
    pub(crate) has_sign_in: bool,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    pub(crate) icon: &'static str,
}

impl Frame {
    /// The frame of a request; whoever is not signed in sees no navigation.
    pub(crate) fn of(request: &HttpRequest, viewer: Option<&Viewer>, here: String, has_sign_in: bool) -> Self {
        let language = language(request);
        let t = Words::of(language);
        let zone = viewer.map_or(DEFAULT_TIME_ZONE, |viewer| viewer.tenant.time_zone);
        let person = viewer.map(|Viewer { actor, tenant, user }| Person {
            name: user.as_ref().map(|user| full_name(&user.first_name, &user.last_name, t)),
            tenant: tenant.name.clone(),
            role: t.labels.role(actor.role()),
            lists_clients: actor.require(Action::ListProfiles).is_ok(),
            has_trash: actor.require(Action::RestoreDeleted).is_ok(),
        });
        let theme = request.cookie(THEME).and_then(|cookie| Theme::parse(cookie.value())).unwrap_or(Theme::Auto);
        Self {
            t,
            format: Format { language, zone },
            theme,
            here,
            person,
            flash: Flash::left_in(request).map(|flash| flash.line(t)),
            has_sign_in,
            style: &ASSETS.style.address,
            script: &ASSETS.script.address,
            icon: &ASSETS.icon.address,
        }
    }
}

/// What was chosen on a page, in the address, or in the browser's settings.
fn language(request: &HttpRequest) -> Language {
    let asked = url::form_urlencoded::parse(request.query_string().as_bytes())
        .find_map(|(name, value)| (name == "lang").then(|| language_of(&value)).flatten());
    let chosen = || request.cookie(LANGUAGE).and_then(|cookie| language_of(cookie.value()));
    asked.or_else(chosen).unwrap_or_else(|| Language::of(request.headers()))
}

fn language_of(raw: &str) -> Option<Language> {
    [Language::Spanish, Language::English].into_iter().find(|language| language.tag().starts_with(raw) && raw.len() == 2)
}

/// What makes a browser remember a language and a theme; what is not one of ours is not remembered.
pub(crate) fn settings(language: &str, theme: &str) -> Vec<Cookie<'static>> {
    let language = language_of(language).map(|language| keep(LANGUAGE, &language.tag()[..2]));
    let theme = Theme::parse(theme).map(|theme| keep(THEME, theme.as_str()));
    language.into_iter().chain(theme).collect()
}

fn keep(name: &'static str, value: &'static str) -> Cookie<'static> {
    Cookie::build(name, value).path("/ui").http_only(true).same_site(SameSite::Lax).max_age(Duration::days(365)).finish()
}

/// A whole page.
pub(crate) trait Page: Template {
    /// What is around it.
    fn frame(&self) -> &Frame;

    /// What it is called in the browser.
    fn title(&self) -> String;

    /// Whether it shows what is wrong with a form; its title says so first.
    fn has_mistakes(&self) -> bool {
        false
    }

    /// Its title with that of the application.
    fn window_title(&self) -> String {
        self.frame().t.shell.window_title(&self.title(), self.has_mistakes())
    }
}

/// Shows a page.
pub(crate) fn show(page: &impl Page) -> Result<HttpResponse, Problem> {
    show_as(StatusCode::OK, page)
}

/// Shows a page that says that something is wrong.
pub(crate) fn show_as(status: StatusCode, page: &impl Page) -> Result<HttpResponse, Problem> {
    let markup = page.render().map_err(|_| Problem::new(ErrorCode::InternalError))?;
    let mut answer = HttpResponse::build(status).content_type("text/html; charset=utf-8").body(markup);
    finish_headers(answer.headers_mut(), page.frame().t.language());
    let seen = page.frame().flash.as_ref().map(|_| Flash::removal());
    Ok(with_cookies(answer, seen.as_slice()))
}

fn finish_headers(headers: &mut HeaderMap, language: Language) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // Our own forms say where they come from; to others nothing is said.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "Accept-Language, Cookie"),
    ];
    for (name, value) in fixed {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
}

/// Leads somewhere else after a change, where a notice is shown.
pub(crate) fn lead_to(place: &str, flash: &Flash) -> HttpResponse {
    with_cookies(crm_http::sign_in::see_other(place), &[flash.cookie()])
}

/// A place of ours that a form or an address asked to be led to; the start if it is none.
pub(crate) fn own_place(raw: &str) -> &str {
    let is_ours = raw == "/ui" || raw.starts_with("/ui/") || raw.starts_with("/ui?");
    let is_plain = raw.len() <= 2_000 && raw.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours && is_plain { raw } else { "/ui" }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn nobody_is_led_away_from_the_pages() {
        for place in
            ["https://malo.example/ui/", "//malo.example", "/uix", "/ui/\\..", "/ui/\r\nSet-Cookie: a=b", "", "/api"]
        {
            assert_eq!(own_place(place), "/ui", "{place:?}");
        }
        assert_eq!(own_place("/ui/clientes?q=ana"), "/ui/clientes?q=ana");
    }

    #[test]
    fn the_language_is_what_was_asked_for_then_chosen_then_preferred() {
        let english = ("accept-language", "en-US");
        let chosen = Cookie::new(LANGUAGE, "es");
        for (request, expected) in [
            (TestRequest::with_uri("/ui"), Language::Spanish),
            (TestRequest::with_uri("/ui").insert_header(english), Language::English),
            (TestRequest::with_uri("/ui").insert_header(english).cookie(chosen.clone()), Language::Spanish),
            (TestRequest::with_uri("/ui?lang=en").cookie(chosen.clone()), Language::English),
            (TestRequest::with_uri("/ui?lang=xx").cookie(Cookie::new(LANGUAGE, "<b>")), Language::Spanish),
        ] {
            assert_eq!(language(&request.to_http_request()), expected);
        }
    }

    #[test]
    fn only_what_exists_is_remembered() {
        assert_eq!(settings("en", "dark").len(), 2);
        assert_eq!(settings("e", "pink").len(), 0);
        assert_eq!(settings("", "").len(), 0);
    }
}
