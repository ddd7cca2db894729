//! Uploads that must be refused for what they are made of. The photo in them is a good one, and the user exists.

use super::form::{BOUNDARY, FORM, Form};
use super::picture::jpeg;

/// An upload and how it must be refused.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) code: &'static str,
}

const MALFORMED: (u16, &str) = (400, "malformed_body");
const WRONG_FIELDS: (u16, &str) = (400, "invalid_input");
const WRONG_TYPE: (u16, &str) = (415, "unsupported_media_type");
const TOO_LARGE: (u16, &str) = (413, "body_too_large");
const NAMED: &str = "Content-Disposition: form-data; name=";

/// A form that would be accepted.
fn good(user: &str) -> Form {
    Form::default().file(jpeg(40, 30, 90)).text("userId", user)
}

/// All of them, for this user.
pub(crate) fn hostile_uploads(user: &str) -> Vec<Hostile> {
    let as_form = |(name, (status, code), body): (&'static str, (u16, &'static str), Vec<u8>)| Hostile {
        name,
        content_type: FORM.to_owned(),
        body,
        status,
        code,
    };
    let forms = [bodies(user), parts(user), lies(user)].into_iter().flatten().map(as_form);
    forms.chain(content_types(user)).collect()
}

fn content_types(user: &str) -> impl Iterator<Item = Hostile> {
    let body = good(user).end();
    let of_any_length = |boundary: &str| replace(&body, BOUNDARY.as_bytes(), boundary.as_bytes());
    let (long, longest) = ("b".repeat(71), "b".repeat(10_000));
    let with = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
    [
        ("no boundary", "multipart/form-data".to_owned(), body.clone(), MALFORMED),
        ("an empty boundary", with(""), body.clone(), MALFORMED),
        ("an empty boundary in quotes", with("\"\""), body.clone(), WRONG_TYPE),
        ("another boundary", with("otra"), body.clone(), MALFORMED),
        ("a boundary of 71 characters", with(&long), of_any_length(&long), MALFORMED),
        ("a boundary of 10 KB", with(&longest), of_any_length(&longest), MALFORMED),
        ("mixed parts", "multipart/mixed; boundary=frontera".to_owned(), body.clone(), WRONG_TYPE),
        ("related parts", "multipart/related; boundary=frontera".to_owned(), body.clone(), WRONG_TYPE),
        ("JSON", "application/json".to_owned(), body.clone(), WRONG_TYPE),
        ("a plain form", "application/x-www-form-urlencoded".to_owned(), format!("userId={user}").into_bytes(), WRONG_TYPE),
        ("plain text", "text/plain; boundary=frontera".to_owned(), body.clone(), WRONG_TYPE),
        ("a photo as it is", "image/jpeg".to_owned(), jpeg(40, 30, 90), WRONG_TYPE),
        ("half a type", "multipart".to_owned(), body.clone(), WRONG_TYPE),
        ("no type", String::new(), body.clone(), WRONG_TYPE),
    ]
    .into_iter()
    .map(|(name, content_type, body, (status, code))| Hostile { name, content_type, body, status, code })
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    match bytes.windows(from.len()).position(|part| part == from) {
        Some(at) => [&bytes[..at], to, &replace(&bytes[at + from.len()..], from, to)].concat(),
        None => bytes.to_vec(),
    }
}

type Refused = (&'static str, (u16, &'static str), Vec<u8>);

fn bodies(user: &str) -> Vec<Refused> {
    let whole = good(user).end();
    let before = |junk: Vec<u8>| [junk, whole.clone()].concat();
    vec![
        ("no part", WRONG_FIELDS, Form::default().end()),
        ("a line", MALFORMED, b"\r\n".to_vec()),
        ("no last boundary", MALFORMED, good(user).cut()),
        ("a last boundary that is none", MALFORMED, good(user).raw("--frontera\r\n").cut()),
        ("half a last boundary", MALFORMED, good(user).raw("--front").cut()),
        ("cut in the file", MALFORMED, whole[..200].to_vec()),
        ("cut in a header", MALFORMED, whole[..40].to_vec()),
        ("cut after the headers", MALFORMED, Form::default().text("userId", user).raw("--frontera\r\n").cut()),
        ("UTF-16", MALFORMED, whole.iter().flat_map(|byte| [*byte, 0]).collect()),
        ("bare newlines", MALFORMED, replace(&whole, b"\r\n", b"\n")),
        ("10 MB of text before", TOO_LARGE, before([vec![b'x'; 10 << 20], b"\r\n".to_vec()].concat())),
        ("10 MB of lines before", TOO_LARGE, before(b"xxxxxxxxx\r\n".repeat(1 << 20))),
        ("10,000 parts", MALFORMED, (0..10_000).fold(good(user), |form, _| form.text("a", "b")).end()),
        ("17 parts", MALFORMED, (0..15).fold(good(user), |form, _| form.text("a", "b")).end()),
        ("16 parts", WRONG_FIELDS, (0..14).fold(good(user), |form, _| form.text("a", "b")).end()),
    ]
}

fn parts(user: &str) -> Vec<Refused> {
    let photo = jpeg(40, 30, 90);
    let with = |headers: &str, content: &str| good(user).part(headers, content).end();
    let nested = format!("{NAMED}\"files\"\r\nContent-Type: multipart/mixed; boundary=x");
    vec![
        ("no file", WRONG_FIELDS, Form::default().text("userId", user).end()),
        ("no user", WRONG_FIELDS, Form::default().file(&photo).end()),
        ("two files", WRONG_FIELDS, good(user).file(&photo).end()),
        ("two users", WRONG_FIELDS, good(user).text("userId", user).end()),
        ("another field", WRONG_FIELDS, good(user).text("tenantId", "t1").end()),
        ("another file", WRONG_FIELDS, with(&format!("{NAMED}\"avatar\"; filename=\"x.jpg\""), "x")),
        ("names in other letters", WRONG_FIELDS, Form::default().file(&photo).text("userid", user).end()),
        ("a name in brackets", WRONG_FIELDS, Form::default().text("userId", user).text("file[]", &photo).end()),
        ("a name with a NUL", MALFORMED, Form::default().text("userId", user).text("file\0", &photo).end()),
        ("an empty name", WRONG_FIELDS, with(&format!("{NAMED}\"\""), "x")),
        ("a name of 20 KB", WRONG_FIELDS, with(&format!("{NAMED}\"{}\"", "n".repeat(20_000)), "x")),
        ("no name", MALFORMED, with("Content-Disposition: form-data", "x")),
        ("no disposition", MALFORMED, with("X-Part: y", "x")),
        ("no header", MALFORMED, good(user).raw("--frontera\r\n\r\n\r\nx\r\n").end()),
        ("an attachment", MALFORMED, with("Content-Disposition: attachment; name=\"a\"", "x")),
        ("nested parts", MALFORMED, with(&nested, "--x\r\nContent-Disposition: file\r\n\r\nx\r\n--x--")),
        ("headers of 100 KB", TOO_LARGE, with(&format!("{NAMED}\"a\"\r\nX: {}", "x".repeat(100_000)), "x")),
        ("40 headers", MALFORMED, with(&format!("{NAMED}\"a\"{}", "\r\nx: y".repeat(40)), "x")),
        ("a header that is none", MALFORMED, with(&format!("{NAMED}\"a\"\r\nno header"), "x")),
    ]
}

/// Parts that say how long they are, and are not.
fn lies(user: &str) -> Vec<Refused> {
    let photo = jpeg(40, 30, 90);
    let claiming = |length: &str| {
        let form = Form::default().text("userId", user);
        form.part(&format!("{NAMED}\"file\"\r\nContent-Length: {length}"), &photo).end()
    };
    vec![
        ("a file said to be longer", MALFORMED, claiming(&(photo.len() + 1_000).to_string())),
        ("a file said to be shorter", WRONG_FIELDS, claiming(&(photo.len() - 10).to_string())),
        ("a file said to be empty", WRONG_FIELDS, claiming("0")),
        ("a file said to be endless", MALFORMED, claiming(&u64::MAX.to_string())),
        ("a length that is no number", MALFORMED, claiming("-1")),
    ]
}
