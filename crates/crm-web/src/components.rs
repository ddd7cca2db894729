//! Each component rendered alone, with the longest and the most hostile text it can get.

mod forms;
mod views;

use crm_http::problem::Language;

use crate::format::Moment;
use crate::words::Words;

/// Text that would be markup, end an attribute, or turn the line around.
const HOSTILE: &str = "<script>alert(1)</script>\" onfocus='x' &amp; {{ 7*7 }} \u{202E}🙂";
/// A name as long as people's forms let it be, without a place to break.
fn long_name() -> String {
    "Ñ".repeat(80)
}

fn words() -> [&'static Words; 2] {
    [Language::Spanish, Language::English].map(Words::of)
}

fn moment() -> Moment {
    Moment { text: "12 nov 2026, 10:32".to_owned(), iso: "2026-11-12T10:32:00-06:00".to_owned() }
}

/// Elements that end by themselves.
const VOID: [&str; 6] = ["input", "br", "img", "meta", "link", "option"];

/// Fails unless every element is closed, none is a script, every attribute is quoted and every id is used once.
#[track_caller]
fn is_sound(markup: &str) {
    let (mut open, mut ids): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for tag in markup.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap_or_else(|| panic!("a tag without an end: <{tag}"));
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap();
        assert_ne!(name, "script", "{markup}");
        assert_eq!(tag.matches('"').count() % 2, 0, "an attribute without its end: <{tag}>");
        let unquoted: String = tag.split('"').step_by(2).collect();
        assert!(!unquoted.contains(" on"), "an inline handler: <{tag}>");
        if let Some(id) = tag.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next()) {
            assert!(!ids.contains(&id), "the id {id} twice in {markup}");
            ids.push(id);
        }
        match (tag.starts_with('/'), tag.ends_with('/') || VOID.contains(&name)) {
            (true, _) => assert_eq!(open.pop(), Some(name), "{markup}"),
            (false, true) => {}
            (false, false) => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} not closed in {markup}");
    assert!(!markup.contains("<script") && markup.matches("&#60;script&#62;").count() > 0, "{markup}");
}

#[test]
fn what_is_not_sound_is_noticed() {
    let hostile = "&#60;script&#62;";
    is_sound(&format!("<p id=\"a\">{hostile}</p>"));
    for broken in [
        "<p>",
        "<p></b>",
        "<b id=\"a\"></b><b id=\"a\"></b>",
        "<script></script>",
        "<a onclick=\"x\"></a>",
        "<a href=\"></a>",
    ] {
        let markup = format!("{broken}<i>{hostile}</i>");
        assert!(std::panic::catch_unwind(|| is_sound(&markup)).is_err(), "{broken}");
    }
}
