//! Bodies that are not what a route reads: malformed, of another type, too large.

use serde_json::json;

use crate::support::{Answer, TestServer};

/// Every route that reads JSON.
const WRITES: [(&str, &str); 6] = [
    ("POST", "/api/clients/profiles"),
    ("PUT", "/api/clients/profiles/p1"),
    ("POST", "/api/clients/notes"),
    ("PUT", "/api/clients/notes/n1"),
    ("POST", "/api/clients/preferences"),
    ("PUT", "/api/clients/preferences/f1"),
];

async fn send(server: &TestServer, content_type: Option<&str>, body: &[u8]) -> Vec<(&'static str, Answer)> {
    let mut answers = Vec::new();
    for (method, path) in WRITES {
        answers.push((path, server.user("admin1").send_raw(method, path, content_type, body.to_vec()).await));
    }
    answers
}

pub(crate) async fn a_body_that_is_not_a_json_object_is_malformed(server: &TestServer) {
    let before = server.module_rows().await;
    for body in [
        "",
        " ",
        "{",
        "}",
        "[]",
        "null",
        "true",
        "5",
        "\"x\"",
        "{\"city\":\"x\",}",
        "{'city':'x'}",
        "{city:1}",
        "{} {}",
        "{\"city\":\"\\ud800\"}",
        "{\"city\":\"\\x\"}",
        "{\"city\":1e999}",
        "{\"city\":NaN}",
        "{\"city\":\"a\nb\"}",
        "city=Puebla",
        "\u{feff}{\"city\":\"x\"}",
        "<city>x</city>",
        "[{\"city\":\"x\"}]",
    ] {
        for (path, answer) in send(server, Some("application/json"), body.as_bytes()).await {
            assert_eq!(answer.code(400), "malformed_body", "{path} {body}");
        }
    }
    for body in [&b"\xff\xfe"[..], b"{\"city\":\"\xff\"}", b"\0", b"{\"city\":\"a\0b\"}"] {
        for (path, answer) in send(server, Some("application/json"), body).await {
            assert_eq!(answer.code(400), "malformed_body", "{path} {body:?}");
        }
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn a_field_given_twice_is_malformed(server: &TestServer) {
    let before = server.module_rows().await;
    let caller = server.user("admin1");
    for (method, path, body) in [
        ("PUT", "/api/clients/profiles/p1", r#"{"city":"A","city":"B"}"#),
        ("PUT", "/api/clients/profiles/p1", r#"{"city":"A","city":"A"}"#),
        ("PUT", "/api/clients/profiles/p1", r#"{"id":"p1","id":"o1"}"#),
        ("POST", "/api/clients/profiles", r#"{"userId":"blank1","userId":"blank1"}"#),
        ("POST", "/api/clients/notes", r#"{"clientProfileId":"p1","content":"a","content":"b"}"#),
        ("POST", "/api/clients/preferences", r#"{"clientProfileId":"o1","reminderTime":"BOTH","reminderTime":"BOTH"}"#),
    ] {
        assert_eq!(caller.send_text(method, path, body).await.code(400), "malformed_body", "{body}");
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn deep_nesting_is_refused(server: &TestServer) {
    for (depth, code) in [(50, "invalid_input"), (200, "malformed_body"), (100_000, "malformed_body")] {
        let body = format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let answer = server.user("admin1").send_text("PUT", "/api/clients/profiles/p1", &body).await;
        assert_eq!(answer.code(400), code, "{depth}");
    }
}

pub(crate) async fn another_content_type_is_refused(server: &TestServer) {
    let before = server.module_rows().await;
    for content_type in [
        None,
        Some("text/plain"),
        Some("text/json"),
        Some("application/jsonx"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("text/plain; application/json"),
        Some("json"),
        Some(""),
    ] {
        for (path, answer) in send(server, content_type, br#"{"city":"Puebla"}"#).await {
            assert_eq!(answer.code(415), "unsupported_media_type", "{path} {content_type:?}");
        }
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn json_may_name_its_charset(server: &TestServer) {
    for content_type in ["application/json; charset=utf-8", "Application/JSON", "application/json ;charset=UTF-8"] {
        let body = br#"{"city":"Puebla"}"#.to_vec();
        let answer = server.user("desk1").send_raw("PUT", "/api/clients/profiles/p1", Some(content_type), body).await;
        assert_eq!(answer.data(200)["city"], "Puebla", "{content_type}");
    }
}

pub(crate) async fn a_body_of_300_kib_is_too_large(server: &TestServer) {
    let before = server.module_rows().await;
    let body = json!({ "city": "x".repeat(300 * 1024) }).to_string();
    for (path, answer) in send(server, Some("application/json"), body.as_bytes()).await {
        assert_eq!(answer.code(413), "body_too_large", "{path}");
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn the_largest_valid_body_is_accepted(server: &TestServer) {
    // Escaped, one character takes twelve bytes.
    let longest = "\\ud83d\\ude00".repeat(5_000);
    let body = format!("{{\"notes\":\"{longest}\"{}}}", " ".repeat(150 * 1024));
    let answer = server.user("desk1").send_text("PUT", "/api/clients/profiles/p1", &body).await;
    assert_eq!(answer.data(200)["notes"], "😀".repeat(5_000));
}

pub(crate) async fn escaped_nul_characters_are_refused_by_field(server: &TestServer) {
    let before = server.module_rows().await;
    let admin = server.user("admin1");
    for (method, path, field) in [
        ("PUT", "/api/clients/profiles/p1", "firstName"),
        ("PUT", "/api/clients/profiles/p1", "notes"),
        ("PUT", "/api/clients/profiles/p1", "email"),
        ("PUT", "/api/clients/profiles/p1", "phone"),
        ("PUT", "/api/clients/profiles/p1", "gender"),
        ("PUT", "/api/clients/profiles/p1", "profilePhotoUrl"),
        ("PUT", "/api/clients/profiles/p1", "userId"),
        ("PUT", "/api/clients/profiles/p1", "a\0b"),
        ("PUT", "/api/clients/preferences/f1", "specialRequests"),
        ("PUT", "/api/clients/preferences/f1", "reminderTime"),
    ] {
        let answer = admin.send(method, path, Some(json!({ field: "a\0b" }))).await;
        assert_eq!(answer.wrong_fields(), [field]);
    }
    let note = admin.post("/api/clients/notes", json!({ "clientProfileId": "p\0", "content": "a\0b" })).await;
    assert_eq!(note.wrong_fields(), ["clientProfileId", "content"]);
    assert_eq!(server.module_rows().await, before);
}
