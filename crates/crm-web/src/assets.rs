//! The stylesheet, the script and the icon: embedded, named by their content, kept by browsers for good.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use crm_http::problem::{ErrorCode, Problem};

/// Where assets are served, before their names.
pub(crate) const PREFIX: &str = "/ui/a/";

/// Something a page loads.
pub(crate) struct Asset {
    content: &'static str,
    media_type: &'static str,
    /// Its address.
    pub(crate) address: String,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static str) -> Self {
        // Only tells one build from the next; nobody is kept from making another content of the same name.
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        Self { content, media_type, address: format!("{PREFIX}{stem}-{:016x}.{extension}", hasher.finish()) }
    }
}

/// Every asset.
pub(crate) struct Assets {
    pub(crate) style: Asset,
    pub(crate) script: Asset,
    pub(crate) icon: Asset,
}

pub(crate) static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: Asset::new("app", "css", "text/css; charset=utf-8", include_str!("../assets/app.css")),
    script: Asset::new("app", "js", "text/javascript; charset=utf-8", include_str!("../assets/app.js")),
    icon: Asset::new("icon", "svg", "image/svg+xml", include_str!("../assets/icon.svg")),
});

/// `GET /ui/a/{name}`
pub(crate) async fn get(name: Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let assets = [&ASSETS.style, &ASSETS.script, &ASSETS.icon];
    let is_named = |asset: &&&Asset| asset.address.strip_prefix(PREFIX) == Some(name.as_str());
    let asset = assets.iter().find(is_named).ok_or(ErrorCode::NotFound)?;
    let is_known = request.headers().contains_key(header::IF_NONE_MATCH);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ETAG, format!("\"{}\"", name.as_str())));
    if is_known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(asset.media_type).body(asset.content))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Most bytes of stylesheet and script together (issue "pages": 50 KB raw).
    const BUDGET: usize = 50_000;

    #[test]
    fn style_and_script_are_small() {
        let bytes = ASSETS.style.content.len() + ASSETS.script.content.len();
        assert!(bytes <= BUDGET, "{bytes} bytes");
    }

    #[test]
    fn the_script_makes_no_markup_and_the_style_loads_nothing() {
        for sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage"] {
            assert!(!ASSETS.script.content.contains(sink), "{sink}");
        }
        for load in ["url(", "@import", "http:"] {
            assert!(!ASSETS.style.content.contains(load), "{load}");
        }
    }
}
