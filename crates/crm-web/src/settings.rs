//! `/ui/ajustes`: language and theme, remembered by the browser.

use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use crm_http::body::read_bytes;
use crm_http::caller::{self, require_own_page};
use crm_http::problem::Problem;
use crm_http::session::BodyKind;
use crm_http::sign_in::{see_other, with_cookies};

use crate::flash::{Flash, Notice};
use crate::form::Form;
use crate::frame::{own_place, settings};

/// `POST /ui/ajustes`
pub(crate) async fn change(request: HttpRequest, payload: Payload) -> Result<HttpResponse, Problem> {
    require_own_page(&request, caller::api(&request)?, BodyKind::Form)?;
    let form = Form::parse(&read_bytes(&mut payload.into_inner()).await?);
    let back = without_language(own_place(form.text("volver")));
    let mut cookies = settings(form.text("idioma"), form.text("tema"));
    cookies.push(Flash::new(Notice::SettingsSaved).cookie());
    Ok(with_cookies(see_other(&back), &cookies))
}

/// A place without the language that its address asks for, which would win over the one just chosen.
fn without_language(place: &str) -> String {
    let Some((path, query)) = place.split_once('?') else { return place.to_owned() };
    let rest = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "lang");
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
