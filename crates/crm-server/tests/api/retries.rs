//! `Idempotency-Key`.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, TestServer, UPLOAD};

const NOTES: &str = "/api/clients/notes";

fn keyed<'a>(caller: &Caller<'a>, key: &str) -> Caller<'a> {
    caller.clone().with("idempotency-key", key)
}

fn note(content: &str) -> Value {
    json!({ "clientProfileId": "p1", "content": content })
}

/// A request for each route that makes something.
fn creations() -> [(&'static str, Value, u16, &'static str); 4] {
    [
        ("/api/clients/profiles", json!({ "userId": "blank1", "city": "Taxco" }), 201, "client_profiles"),
        (NOTES, note("Llegó tarde"), 201, "client_notes"),
        ("/api/clients/preferences", json!({ "clientProfileId": "o1", "reminderTime": "BOTH" }), 201, "client_preferences"),
        (UPLOAD, json!({ "userId": "client1" }), 200, "crm_photos"),
    ]
}

async fn rows(server: &TestServer, table: &str) -> usize {
    let count = server.select_text(&format!("SELECT CAST(COUNT(*) AS text) FROM {table}")).await;
    count.unwrap().parse().unwrap()
}

#[track_caller]
fn assert_repeats(again: &Answer, first: &Answer) {
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes), "{}", again.body);
    assert_eq!((again.header("idempotency-replayed"), again.header("etag")), (Some("true"), first.header("etag")));
}

pub(crate) async fn a_request_sent_again_is_answered_again_and_takes_effect_once(server: &TestServer) {
    for (path, body, status, table) in creations() {
        let before = rows(server, table).await;
        let desk = keyed(&server.user("desk1"), "7f6c1c5e-4f0b-4f4e-9f43-0d7f5a1a2b3c");
        let first = desk.send_fields("POST", path, Some(body.clone())).await;
        first.data(status);
        assert_eq!(first.header("idempotency-replayed"), None, "{path}");
        // Whatever became of it since, the answer is the first one.
        server.execute("UPDATE client_notes SET content = 'otra cosa'; UPDATE client_profiles SET city = 'otra'").await;
        for _ in 0..2 {
            assert_repeats(&desk.send_fields("POST", path, Some(body.clone())).await, &first);
        }
        assert_eq!(rows(server, table).await, before + 1, "{path}");
        server.execute("DELETE FROM crm_requests").await;
    }
}

pub(crate) async fn a_key_means_one_request_of_one_user_for_a_day(server: &TestServer) {
    let desk = keyed(&server.user("desk1"), "k");
    let first = desk.post(NOTES, note("uno")).await;
    first.data(201);
    for (path, body) in [
        (NOTES, note("dos")),
        ("/api/clients/notes?x=1", note("uno")),
        ("/api/clients/profiles", json!({ "userId": "blank1" })),
    ] {
        assert_eq!(desk.post(path, body).await.code(422), "idempotency_key_reused", "{path}");
    }
    assert_eq!(rows(server, "client_notes").await, 1);
    let other = keyed(&server.user("pro1"), "k").post(NOTES, note("uno")).await;
    assert_ne!(other.data(201)["id"], first.data(201)["id"]);
    keyed(&server.user("desk2"), "k").post(NOTES, note("uno")).await.code(404);

    server.clock().set("2026-11-23T18:00:00.000Z");
    let desk = keyed(&server.user("desk1"), "k");
    assert_repeats(&desk.post(NOTES, note("uno")).await, &first);
    server.clock().set("2026-11-23T18:00:00.001Z");
    let new = desk.post(NOTES, note("dos")).await;
    assert_eq!((new.status, new.header("idempotency-replayed")), (201, None));
    assert_eq!(rows(server, "client_notes").await, 3);
}

pub(crate) async fn requests_with_one_key_at_once_take_effect_once(server: &TestServer) {
    const KEYS: usize = 20;
    const AT_ONCE: usize = 64;
    let desk = server.user("desk1");
    for key in 0..KEYS {
        let caller = keyed(&desk, &format!("key {key}"));
        let answers = join_all((0..AT_ONCE).map(|_| caller.post(NOTES, note(&format!("nota {key}"))))).await;
        let different: BTreeSet<_> = answers.iter().map(|answer| (answer.status, answer.bytes.clone())).collect();
        assert_eq!(different.len(), 1, "{:?}", answers.iter().map(|answer| &answer.body).collect::<Vec<_>>());
        assert_eq!(answers[0].status, 201);
    }
    assert_eq!(rows(server, "client_notes").await, KEYS);
    // What can be there only once is a conflict for all but one, unless they are the same request.
    let caller = keyed(&desk, "profile");
    let creations = (0..AT_ONCE).map(|_| caller.post("/api/clients/profiles", json!({ "userId": "blank1" })));
    for answer in join_all(creations).await {
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
}

pub(crate) async fn an_answer_that_was_never_noted_is_made_anew(server: &TestServer) {
    for (path, body, status, table) in creations() {
        let desk = keyed(&server.user("desk1"), path);
        let first = desk.send_fields("POST", path, Some(body.clone())).await;
        first.data(status);
        let before = rows(server, table).await;
        // As if the process had ended between the commit and the answer.
        server.execute("UPDATE crm_requests SET answer = NULL").await;
        assert_repeats(&desk.send_fields("POST", path, Some(body.clone())).await, &first);
        assert!(server.select_text("SELECT answer FROM crm_requests WHERE answer IS NOT NULL").await.is_some());
        assert_eq!(rows(server, table).await, before, "{path}");
    }
}

pub(crate) async fn what_had_no_effect_may_be_corrected_under_its_key(server: &TestServer) {
    let desk = keyed(&server.user("desk1"), "k");
    assert_eq!(desk.post(NOTES, note("")).await.wrong_fields(), ["content"]);
    assert_eq!(desk.post("/api/clients/profiles", json!({ "userId": "client1" })).await.code(409), "profile_exists");
    keyed(&server.user("client1"), "k").post(NOTES, note("uno")).await.code(403);
    assert_eq!(rows(server, "crm_requests").await, 0);
    desk.post(NOTES, note("uno")).await.data(201);
    assert_eq!(rows(server, "crm_requests").await, 1);
}

pub(crate) async fn a_key_that_can_not_be_one_is_refused(server: &TestServer) {
    let desk = server.user("desk1");
    for key in [String::new(), " ".to_owned(), "x".repeat(256)] {
        let answer = keyed(&desk, &key).post(NOTES, note("uno")).await;
        assert_eq!(answer.wrong_fields(), ["Idempotency-Key"], "{key}");
    }
    let two = keyed(&desk, "a").with_another("idempotency-key", "b").post(NOTES, note("uno")).await;
    assert_eq!(two.wrong_fields(), ["Idempotency-Key"]);
    assert_eq!(rows(server, "client_notes").await, 0);
    keyed(&desk, &"x".repeat(255)).post(NOTES, note("uno")).await.data(201);
}

pub(crate) async fn noted_answers_can_not_be_read_without_the_key(server: &TestServer) {
    keyed(&server.user("desk1"), "la clave").post(NOTES, note("Penicilina")).await.data(201);
    let columns = "key || request || resource || answer";
    let noted = server.select_text(&format!("SELECT {columns} FROM crm_requests")).await.unwrap();
    for secret in ["Penicilina", "la clave", "clientProfileId"] {
        assert!(!noted.contains(secret), "{secret} in {noted}");
    }
    // Sealed twice, it looks different each time.
    server.execute("UPDATE crm_requests SET answer = NULL").await;
    keyed(&server.user("desk1"), "la clave").post(NOTES, note("Penicilina")).await.data(201);
    assert_ne!(server.select_text(&format!("SELECT {columns} FROM crm_requests")).await.unwrap(), noted);
}
