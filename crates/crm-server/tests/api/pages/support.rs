//! Somebody who reads pages and sends their forms.

use crate::support::{Answer, Caller};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Sends a form.
pub(super) async fn send(caller: &Caller<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    caller.send_raw("POST", path, Some(FORM), form.into_bytes()).await
}

/// The text of a page, which must have this status.
#[track_caller]
pub(super) fn page(answer: &Answer, status: u16) -> String {
    let text = String::from_utf8(answer.bytes.clone()).unwrap();
    assert_eq!(answer.status, status, "{text}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{text}");
    assert!(!text.contains("{{") && !text.contains("{%"), "{text}");
    text
}

/// The page at a path.
pub(super) async fn open(caller: &Caller<'_>, path: &str) -> String {
    page(&caller.get(path).await, 200)
}

/// Where an answer leads.
#[track_caller]
pub(super) fn leads_to(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.bytes);
    assert_eq!(answer.status, 303, "{text}");
    answer.header("location").unwrap().to_owned()
}

/// The value of the first field of this name.
#[track_caller]
pub(super) fn value_of(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    let value = after.split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// What an answer puts into the browser under this name.
pub(super) fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let mut cookies = answer.headers.iter().filter(|(header, _)| header == "set-cookie");
    let found = cookies.find_map(|(_, cookie)| cookie.strip_prefix(name)?.strip_prefix('='))?;
    Some(found.split(';').next().unwrap_or_default().to_owned())
}
