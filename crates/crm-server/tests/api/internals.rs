//! Errors inside the server: what goes out of them, and what does not.

use serde_json::json;

use crate::support::{Answer, TestServer, UPLOAD, picture};

/// What no answer may contain, in lower case: SQL, table and type names, paths, libraries, other people's data.
const INTERNALS: [&str; 33] = [
    "select",
    "insert",
    "update ",
    "delete from",
    "where ",
    "client_profiles",
    "client_notes",
    "client_preferences",
    "crm_photos",
    "users",
    "appointments",
    "relation",
    "column",
    "syntax",
    "constraint",
    "sqlite",
    "postgres",
    "sqlx",
    "sea_orm",
    "dberr",
    "storeerror",
    "crmerror",
    "panicked",
    "backtrace",
    ".rs",
    "/src",
    "/tmp",
    "no such table",
    "does not exist",
    "23505",
    "42p01",
    "ejemplo.mx",
    "transaction",
];

/// A failure of ours that says nothing of how we are made.
#[track_caller]
fn assert_discreet(answer: &Answer, what: &str) {
    assert!([500, 503].contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    let code = answer.code(answer.status);
    assert_eq!(code, if answer.status == 500 { "internal_error" } else { "unavailable" }, "{what}");
    assert_eq!(answer.status == 503, answer.header("retry-after").is_some(), "{what}");
    let keys: Vec<_> = answer.body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["code", "error", "requestId", "success"], "{what}");
    assert_eq!(answer.header("x-request-id"), answer.body["requestId"].as_str(), "{what}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
    let everything = format!("{:?}{}", answer.headers, String::from_utf8_lossy(&answer.bytes)).to_lowercase();
    for word in INTERNALS {
        assert!(!everything.contains(word), "{what} says {word}: {everything}");
    }
}

async fn hide(server: &TestServer, table: &str) {
    server.execute(&format!("ALTER TABLE {table} RENAME TO hidden")).await;
}

pub(crate) async fn a_missing_table_of_notes_shows_nothing_of_it(server: &TestServer) {
    hide(server, "client_notes").await;
    let admin = server.user("admin1");
    let note = json!({ "clientProfileId": "p1", "content": "Alergia de client1@ejemplo.mx" });
    assert_discreet(&admin.get("/api/clients/notes").await, "list");
    assert_discreet(&admin.get("/api/clients/notes/n1").await, "get");
    assert_discreet(&admin.post("/api/clients/notes", note).await, "post");
    assert_discreet(&admin.put("/api/clients/notes/n1", json!({ "content": "x" })).await, "put");
    assert_discreet(&admin.delete("/api/clients/notes/n1").await, "delete");
    assert_discreet(&admin.get("/api/clients/profiles/p1").await, "card");
    // What does not need the table goes on.
    admin.get("/api/clients/profiles").await.data(200);
    assert_eq!(server.nobody().get("/health/live").await.status, 200);
}

pub(crate) async fn a_missing_table_of_preferences_shows_nothing_of_it(server: &TestServer) {
    hide(server, "client_preferences").await;
    let admin = server.user("admin1");
    assert_discreet(&admin.get("/api/clients/preferences?clientProfileId=p1").await, "of profile");
    assert_discreet(&admin.get("/api/clients/preferences/f1").await, "get");
    assert_discreet(&admin.post("/api/clients/preferences", json!({ "clientProfileId": "o1" })).await, "post");
    assert_discreet(&admin.put("/api/clients/preferences/f1", json!({ "reminderTime": "BOTH" })).await, "put");
    assert_discreet(&admin.delete("/api/clients/preferences/f1").await, "delete");
}

pub(crate) async fn a_missing_table_of_profiles_shows_nothing_of_it(server: &TestServer) {
    hide(server, "client_profiles").await;
    let admin = server.user("admin1");
    let profile = json!({ "userId": "blank1", "email": "client1@ejemplo.mx" });
    assert_discreet(&admin.get("/api/clients/profiles?search=ana").await, "list");
    assert_discreet(&admin.get("/api/clients/profiles/p1").await, "get");
    assert_discreet(&admin.post("/api/clients/profiles", profile).await, "post");
    assert_discreet(&admin.put("/api/clients/profiles/p1", json!({ "city": "x" })).await, "put");
    assert_discreet(&admin.delete("/api/clients/profiles/p1").await, "delete");
    assert_discreet(&admin.get("/api/clients/profiles/p1/history").await, "history");
    assert_discreet(&admin.delete("/api/clients/upload-photo?userId=client1").await, "photo");
}

pub(crate) async fn a_missing_ledger_of_photos_shows_nothing_of_it(server: &TestServer) {
    let url = server.user("admin1").show_photo("client1", 90).await;
    let kept = server.objects().await;
    hide(server, "crm_photos").await;
    let admin = server.user("admin1");
    assert_discreet(&admin.upload("client1", &picture::jpeg(40, 30, 91)).await, "upload");
    assert_discreet(&admin.delete(&format!("{UPLOAD}?userId=client1")).await, "remove");
    assert_discreet(&admin.put("/api/clients/profiles/p1", json!({ "profilePhotoUrl": null })).await, "clear");
    assert_discreet(&admin.delete("/api/clients/profiles/p1").await, "delete");
    assert_discreet(&admin.get(&url.replace("client1", "blank1")).await, "get of one that waits");
    // A shown photo needs no record to be read, and a step that failed has taken nothing away.
    assert_eq!(admin.get(&url).await.status, 200);
    assert_eq!(server.objects().await, kept);
}

pub(crate) async fn missing_host_tables_show_nothing_of_them(server: &TestServer) {
    hide(server, "payments").await;
    let client = crm_domain::testing::rows::client("k1").with("email", "client1@ejemplo.mx");
    let visit = crm_domain::testing::rows::appointment("a1", "k1", "2026-05-02 16:00:00");
    server.add([client, visit.with("serviceId", "corte1").with("userId", "pro1")]).await;
    assert_discreet(&server.user("admin1").get("/api/clients/profiles/p1/history").await, "history");
}

pub(crate) async fn a_missing_table_of_users_shows_nothing_of_it(server: &TestServer) {
    let admin = server.user("admin1");
    hide(server, "users").await;
    assert_discreet(&admin.get("/api/clients/profiles").await, "session");
    let credentials = json!({ "email": "client1@ejemplo.mx", "password": "x" });
    assert_discreet(&server.nobody().post("/sign-in", credentials).await, "sign-in");
}

pub(crate) async fn a_role_of_a_later_host_version_is_shown_as_unknown_and_may_do_nothing(server: &TestServer) {
    if !server.is_on_sqlite() {
        server.execute("ALTER TYPE \"UserRole\" ADD VALUE 'OWNER'").await;
    }
    server.execute("UPDATE users SET role = 'OWNER' WHERE id IN ('client1', 'desk1')").await;
    let card = server.user("admin1").get("/api/clients/profiles/p1").await;
    assert_eq!(card.data(200)["user"]["role"], serde_json::Value::Null);
    assert_eq!(server.user("desk1").get("/api/clients/profiles").await.code(401), "unauthenticated");
}

pub(crate) async fn a_write_that_fails_half_way_changes_nothing(server: &TestServer) {
    let before = server.module_rows().await;
    // The projection that triggers fill is gone, so writing the profile itself fails.
    server.execute("DROP TABLE crm_profile_search").await;
    let admin = server.user("admin1");
    assert_discreet(&admin.put("/api/clients/profiles/p1", json!({ "firstName": "Otra" })).await, "put");
    assert_discreet(&admin.post("/api/clients/profiles", json!({ "userId": "blank1" })).await, "post");
    assert_eq!(server.module_rows().await, before);
}
