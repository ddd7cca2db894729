//! What the note routes answer, and how notes are changed.

use crm_domain::testing::rows::{self, Row};
use serde_json::{Value, json};

use crate::support::{NOW, TestServer};

const STORED: &str = "2026-01-01T10:00:00.000Z";

fn note(id: &str, author: &str) -> Row {
    rows::note(id, "p1").with("createdByUserId", author)
}

/// Note `n1` by `pro1` as every route shows it.
fn shown() -> Value {
    json!({
        "id": "n1", "clientProfileId": "p1", "createdByUserId": "pro1", "noteType": "GENERAL", "content": "n1",
        "isPrivate": false, "createdAt": STORED, "updatedAt": STORED,
        "createdBy":
            { "id": "pro1", "email": "pro1@ejemplo.mx", "firstName": "Sin", "lastName": "Nombre", "role": "PROFESSIONAL" },
        "clientProfile": { "id": "p1", "userId": "client1", "firstName": "Ana", "lastName": null },
    })
}

pub(crate) async fn a_note_is_shown_with_its_author_and_profile(server: &TestServer) {
    server.add([note("n1", "pro1")]).await;
    let desk = server.user("desk1");
    assert_eq!(desk.get("/api/clients/notes/n1").await.body, json!({ "success": true, "data": shown() }));
    let pagination =
        json!({ "total": 1, "totalIsExact": true, "skip": 0, "take": 50, "hasMore": false, "nextCursor": null });
    let listed = desk.get("/api/clients/notes").await;
    assert_eq!(listed.body, json!({ "success": true, "data": [shown()], "pagination": pagination }));
}

pub(crate) async fn a_new_note_is_public_and_general_unless_said_otherwise(server: &TestServer) {
    let pro = server.user("pro1");
    let written = pro.post("/api/clients/notes", json!({ "clientProfileId": "p1", "content": "  Llega tarde\n " })).await;
    let mut expected = shown();
    expected["id"] = written.data(201)["id"].clone();
    expected["content"] = json!("Llega tarde");
    expected["createdAt"] = json!(NOW);
    expected["updatedAt"] = json!(NOW);
    assert_eq!(written.body, json!({ "success": true, "data": expected }));

    let path = format!("/api/clients/notes/{}", expected["id"].as_str().unwrap());
    assert_eq!(pro.get(&path).await.data(200), &expected);
}

pub(crate) async fn a_note_may_come_under_the_web_apps_names(server: &TestServer) {
    let body = json!({ "clientId": "p1", "type": "COMPLAINT", "userId": "pro1", "content": "x", "isPrivate": true });
    let written = server.user("pro1").post("/api/clients/notes", body).await;
    let data = written.data(201);
    assert_eq!((&data["clientProfileId"], &data["noteType"]), (&json!("p1"), &json!("COMPLAINT")));
    assert_eq!((&data["createdByUserId"], &data["isPrivate"]), (&json!("pro1"), &json!(true)));
    // Both names, if they agree.
    let both =
        json!({ "clientId": "p1", "clientProfileId": "p1", "type": "MEDICAL", "noteType": "MEDICAL", "content": "x" });
    server.user("pro1").post("/api/clients/notes", both).await.data(201);
    for alias in ["clientId", "clientProfileId"] {
        let listed = server.user("pro1").get(&format!("/api/clients/notes?{alias}=p1")).await;
        assert_eq!(listed.ids().len(), 2, "{alias}");
    }
    for alias in ["type", "noteType"] {
        let listed = server.user("pro1").get(&format!("/api/clients/notes?{alias}=MEDICAL")).await;
        assert_eq!(listed.ids().len(), 1, "{alias}");
    }
}

pub(crate) async fn two_names_of_a_field_may_not_contradict_each_other(server: &TestServer) {
    for (alias, aliased, name, named) in [
        ("clientId", "p1", "clientProfileId", "o1"),
        ("type", "GENERAL", "noteType", "MEDICAL"),
        ("userId", "pro1", "createdByUserId", "desk1"),
    ] {
        let body = json!({ "clientProfileId": "p1", "content": "x", alias: aliased, name: named });
        let answer = server.user("pro1").post("/api/clients/notes", body).await;
        assert!(answer.wrong_fields().contains(&alias), "{alias}: {}", answer.body);
    }
    let listed = server.user("pro1").get("/api/clients/notes?clientId=p1&clientProfileId=o1").await;
    assert_eq!(listed.wrong_fields(), ["clientId"]);
}

pub(crate) async fn a_note_is_changed_field_by_field(server: &TestServer) {
    server.add([note("n1", "pro1")]).await;
    let pro = server.user("pro1");
    let mut expected = shown();
    for (second, (field, sent, value)) in [
        ("content", "  Nuevo ", json!("Nuevo")),
        ("noteType", "MEDICAL", json!("MEDICAL")),
        ("type", "PREFERENCE", json!("PREFERENCE")),
    ]
    .into_iter()
    .enumerate()
    {
        let now = format!("2026-11-22T18:00:0{second}.000Z");
        server.clock().set(&now);
        let changed = pro.put("/api/clients/notes/n1", json!({ field: sent })).await;
        expected[if field == "type" { "noteType" } else { field }] = value;
        expected["updatedAt"] = json!(now);
        assert_eq!(changed.body, json!({ "success": true, "data": expected }), "{field}");
    }
    server.clock().set("2026-11-22T18:00:09.000Z");
    let changed = pro.put("/api/clients/notes/n1", json!({ "isPrivate": true })).await;
    assert_eq!((&changed.data(200)["isPrivate"], &changed.body["data"]["content"]), (&json!(true), &json!("Nuevo")));
    assert_eq!(pro.get("/api/clients/notes/n1").await.data(200), changed.data(200));
}

pub(crate) async fn a_note_changed_to_what_it_is_stays_as_it_is(server: &TestServer) {
    server.add([note("n1", "pro1")]).await;
    let before = server.module_rows().await;
    for body in [json!({}), json!({ "content": " n1 ", "noteType": "GENERAL", "isPrivate": false })] {
        assert_eq!(server.user("pro1").put("/api/clients/notes/n1", body).await.data(200), &shown());
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn what_a_note_says_of_itself_may_be_echoed_but_not_changed(server: &TestServer) {
    server.add([note("n1", "pro1")]).await;
    let pro = server.user("pro1");
    let echo = json!({
        "id": "n1", "clientProfileId": "p1", "clientId": "p1", "createdByUserId": "pro1", "userId": "pro1",
        "createdAt": STORED, "updatedAt": STORED, "content": "Nuevo",
    });
    assert_eq!(pro.put("/api/clients/notes/n1", echo).await.data(200)["content"], "Nuevo");

    let before = server.module_rows().await;
    let other = json!({
        "id": "n2", "clientProfileId": "o1", "createdByUserId": "desk1", "createdAt": NOW, "updatedAt": STORED,
        "content": "Otro",
    });
    let answer = pro.put("/api/clients/notes/n1", other).await;
    assert_eq!(answer.wrong_fields(), ["clientProfileId", "createdAt", "createdByUserId", "id", "updatedAt"]);
    for alias in ["clientId", "userId"] {
        let answer = pro.put("/api/clients/notes/n1", json!({ alias: "desk1" })).await;
        assert_eq!(answer.code(400), "invalid_input", "{alias}");
    }
    // Not even an administrator gives a note another author.
    let answer = server.user("admin1").put("/api/clients/notes/n1", json!({ "createdByUserId": "admin1" })).await;
    assert_eq!(answer.wrong_fields(), ["createdByUserId"]);
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn a_deleted_note_is_gone(server: &TestServer) {
    server.add([note("n1", "pro1"), note("n2", "pro1")]).await;
    let pro = server.user("pro1");
    assert_eq!(pro.delete("/api/clients/notes/n1").await.body, json!({ "success": true, "data": { "id": "n1" } }));
    for answer in [
        pro.get("/api/clients/notes/n1").await,
        pro.put("/api/clients/notes/n1", json!({ "content": "x" })).await,
        pro.delete("/api/clients/notes/n1").await,
    ] {
        assert_eq!(answer.code(404), "note_not_found");
    }
    assert_eq!(pro.get("/api/clients/notes").await.ids(), ["n2"]);
}

pub(crate) async fn notes_are_listed_newest_first_by_profile_author_type_and_privacy(server: &TestServer) {
    server
        .add([
            note("n1", "pro1").with("createdAt", "2026-03-01 10:00:00"),
            note("n2", "desk1").with("createdAt", "2026-03-02 10:00:00").with("noteType", "COMPLAINT"),
            note("n3", "pro1").with("createdAt", "2026-03-03 10:00:00").with("isPrivate", true),
            rows::note("n4", "o1").with("createdByUserId", "pro1").with("createdAt", "2026-03-04 10:00:00"),
        ])
        .await;
    for (query, found) in [
        ("", vec!["n4", "n3", "n2", "n1"]),
        ("clientProfileId=p1", vec!["n3", "n2", "n1"]),
        ("createdByUserId=pro1", vec!["n4", "n3", "n1"]),
        ("noteType=COMPLAINT", vec!["n2"]),
        ("noteType=MEDICAL", vec![]),
        ("isPrivate=true", vec!["n3"]),
        ("isPrivate=false", vec!["n4", "n2", "n1"]),
        ("clientProfileId=p1&createdByUserId=pro1&isPrivate=false", vec!["n1"]),
        ("clientProfileId=nobody", vec![]),
    ] {
        let listed = server.user("admin1").get(&format!("/api/clients/notes?{query}")).await;
        assert_eq!(listed.ids(), found, "{query}");
        assert_eq!(listed.body["pagination"]["total"], found.len(), "{query}");
    }
    for (query, wrong) in [
        ("isPrivate=yes", "isPrivate"),
        ("isPrivate=1", "isPrivate"),
        ("noteType=general", "noteType"),
        ("noteType=OTHER", "noteType"),
        ("clientProfileId=a%20b", "clientProfileId"),
        ("createdByUserId=%27%20OR%201%3D1", "createdByUserId"),
    ] {
        let listed = server.user("admin1").get(&format!("/api/clients/notes?{query}")).await;
        assert_eq!(listed.wrong_fields(), [wrong], "{query}");
    }
}
