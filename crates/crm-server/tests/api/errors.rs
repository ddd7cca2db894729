//! What every answer has in common, errors above all.

use serde_json::json;

use crate::support::{Answer, TestServer, UPLOAD};

/// Answers of many kinds, each with its status.
async fn answers_of_every_kind(server: &TestServer) -> Vec<(u16, Answer)> {
    let (desk, nobody) = (server.user("desk1"), server.nobody());
    let cookie = nobody.clone().with("cookie", format!("next-auth.session-token={}", server.token("desk1")));
    vec![
        (200, desk.get("/api/clients/profiles").await),
        (201, desk.post("/api/clients/profiles", json!({ "userId": "blank1" })).await),
        (303, nobody.get("/").await),
        (400, desk.get("/api/clients/profiles?take=0").await),
        (400, desk.put("/api/clients/profiles/p1", json!({ "email": "x" })).await),
        (400, desk.send_text("POST", "/api/clients/notes", "{").await),
        (401, nobody.get("/api/clients/profiles").await),
        (401, nobody.post("/sign-in", json!({ "email": "x", "password": "y" })).await),
        (403, desk.delete("/api/clients/profiles/p1").await),
        (403, cookie.post("/api/clients/profiles", json!({ "userId": "blank1" })).await),
        (404, desk.get("/api/clients/profiles/nobody").await),
        (404, desk.get("/nothing").await),
        (404, desk.with("x-tenant-id", "t2").get("/api/clients/profiles").await),
        (405, server.user("desk1").send("PATCH", "/api/clients/profiles/p1", Some(json!({}))).await),
        (409, server.user("desk1").post("/api/clients/profiles", json!({ "userId": "client1" })).await),
        (415, server.user("desk1").send_raw("POST", "/api/clients/notes", Some("text/plain"), b"x".to_vec()).await),
        (415, server.user("desk1").send_raw("POST", UPLOAD, Some("text/plain"), b"x".to_vec()).await),
        (415, server.user("desk1").upload("client1", b"GIF89a").await),
        (413, server.user("desk1").upload("client1", &vec![b' '; 5 * 1024 * 1024 + 1]).await),
        (400, server.user("desk1").upload("", b"").await),
        (404, server.user("desk1").upload("nobody", b"GIF89a").await),
        (200, nobody.get("/health/live").await),
        (303, nobody.get("/sign-in").await),
        (200, nobody.get("/ui/entrar").await),
        (200, nobody.get("/api/openapi.json").await),
        (200, nobody.get("/api/docs/").await),
    ]
}

pub(crate) async fn every_answer_has_the_security_headers(server: &TestServer) {
    for (status, answer) in answers_of_every_kind(server).await {
        assert_eq!(answer.status, status, "{}", answer.body);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{status} {}", answer.body);
        }
        // A browser names the page its form comes from only under the weaker policy.
        assert!(answer.header("referrer-policy").is_some_and(|value| ["no-referrer", "same-origin"].contains(&value)));
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{status} {policy}");
        assert!(answer.header("permissions-policy").is_some(), "{status}");
        assert_eq!((answer.header("server"), answer.header("x-powered-by")), (None, None));
    }
}

pub(crate) async fn an_error_has_exactly_the_agreed_keys(server: &TestServer) {
    let mut ids = Vec::new();
    for (status, answer) in answers_of_every_kind(server).await {
        let id = answer.header("x-request-id").unwrap().to_owned();
        if status >= 400 {
            answer.code(status);
            assert_eq!(answer.body["requestId"], id);
            let keys: Vec<_> = answer.body.as_object().unwrap().keys().map(String::as_str).collect();
            let with_fields = ["code", "error", "fields", "requestId", "success"];
            let without_fields = ["code", "error", "requestId", "success"];
            // Of those, a file says what is wrong with it.
            let names_fields = answer.body["code"] == "invalid_input" || answer.body["fields"][0]["field"] == "file";
            assert_eq!(keys, if names_fields { &with_fields[..] } else { &without_fields[..] }, "{status}");
            assert_eq!(answer.header("content-type"), Some("application/json"), "{status}");
        }
        ids.push(id);
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "request ids repeat");
}

pub(crate) async fn errors_are_spanish_unless_the_caller_prefers_english(server: &TestServer) {
    for (languages, tag, sentence, message) in [
        (None, "es-MX", "Revisa los datos marcados.", "debe ser un número entero de 1 a 200"),
        (Some("es-MX,en;q=0.5"), "es-MX", "Revisa los datos marcados.", "debe ser un número entero de 1 a 200"),
        (Some("fr"), "es-MX", "Revisa los datos marcados.", "debe ser un número entero de 1 a 200"),
        (Some("en-US,es;q=0.5"), "en", "Please check the fields listed.", "must be a whole number from 1 to 200"),
    ] {
        let caller = server.user("desk1");
        let caller = if let Some(languages) = languages { caller.with("accept-language", languages) } else { caller };
        let answer = caller.get("/api/clients/profiles?take=0").await;
        assert_eq!(answer.wrong_fields(), ["take"]);
        assert_eq!((answer.header("content-language"), &answer.body["error"]), (Some(tag), &json!(sentence)));
        assert_eq!(answer.body["fields"][0]["message"], message);
    }
    for (path, spanish, english) in [
        ("/api/clients/profiles/x", "No encontramos ese perfil.", "There is no such profile."),
        ("/nothing", "La dirección no existe.", "There is nothing at this address."),
    ] {
        let desk = server.user("desk1");
        assert_eq!(desk.get(path).await.body["error"], spanish);
        assert_eq!(desk.with("accept-language", "en").get(path).await.body["error"], english);
    }
}

pub(crate) async fn what_is_not_there_is_not_found(server: &TestServer) {
    let desk = server.user("desk1");
    for path in [
        "/api",
        "/api/clients",
        "/api/clients/profiles/",
        "/api/clients/profiles/p1/",
        "/api/clients/profiles/p1/notes",
        "/api//clients/profiles",
        "/API/clients/profiles",
        "/api/clients/profile",
        "/.env",
        "/favicon.ico",
        "/api/clients/photos",
    ] {
        assert_eq!(desk.get(path).await.code(404), "not_found", "{path}");
    }
    for (path, code) in [
        ("/api/clients/profiles/%00", "profile_not_found"),
        ("/api/clients/profiles/%27%20OR%201=1", "profile_not_found"),
        ("/api/clients/notes/a%20b", "note_not_found"),
        ("/api/clients/preferences/%F0%9F%98%80", "preferences_not_found"),
        ("/api/clients/profiles/%ff/history", "profile_not_found"),
    ] {
        assert_eq!(desk.get(path).await.code(404), code, "{path}");
    }
    let long = "x".repeat(5_000);
    assert_eq!(desk.get(&format!("/api/clients/notes/{long}")).await.code(404), "note_not_found");
}

pub(crate) async fn a_wrong_method_is_told_the_right_ones(server: &TestServer) {
    for (path, allowed) in [
        ("/api/clients/profiles", "GET, HEAD, POST"),
        ("/api/clients/profiles/me", "GET, HEAD"),
        ("/api/clients/profiles/p1", "GET, HEAD, PUT, DELETE"),
        ("/api/clients/profiles/p1/history", "GET, HEAD"),
        ("/api/clients/notes", "GET, HEAD, POST"),
        ("/api/clients/notes/n1", "GET, HEAD, PUT, DELETE"),
        ("/api/clients/preferences", "GET, HEAD, POST"),
        ("/api/clients/preferences/f1", "GET, HEAD, PUT, DELETE"),
        ("/api/clients/photos/client1/x.jpg", "GET, HEAD"),
        ("/api/clients/upload-photo", "POST, DELETE"),
        ("/api/clients/session", "GET, HEAD"),
        ("/health/live", "GET, HEAD"),
        ("/sign-out", "POST"),
    ] {
        let answer = server.user("admin1").send("PATCH", path, None).await;
        assert_eq!((answer.code(405), answer.header("allow")), ("method_not_allowed", Some(allowed)), "{path}");
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PURGE"] {
            let is_allowed = allowed.split(", ").any(|allowed| allowed == method);
            let status = server.user("admin1").send(method, path, None).await.status;
            assert_eq!(status == 405, !is_allowed, "{method} {path}: {status}");
        }
    }
}

pub(crate) async fn head_answers_as_get_without_a_body(server: &TestServer) {
    let desk = server.user("desk1");
    for path in [
        "/api/clients/profiles",
        "/api/clients/profiles/p1",
        "/api/clients/preferences/f1",
        "/api/clients/profiles/nobody",
        "/health/live",
        "/nothing",
    ] {
        let (get, head) = (desk.get(path).await, desk.send("HEAD", path, None).await);
        assert_eq!((head.status, head.bytes.len()), (get.status, 0), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(head.header("cache-control"), get.header("cache-control"), "{path}");
    }
}
