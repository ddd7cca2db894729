//! What the preference routes answer and accept.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::{NOW, TestServer};

const STORED: &str = "2026-01-01T10:00:00.000Z";

/// Preferences `f1` as every route shows them.
fn shown() -> Value {
    json!({
        "id": "f1", "clientProfileId": "p1", "preferredServices": [], "preferredStaff": [], "communicationPreference": "EMAIL",
        "reminderTime": "HOURS_24", "specialRequests": null, "createdAt": STORED, "updatedAt": STORED,
    })
}

pub(crate) async fn preferences_are_read_by_id_and_by_profile(server: &TestServer) {
    let desk = server.user("desk1");
    for path in [
        "/api/clients/preferences/f1",
        "/api/clients/preferences?clientProfileId=p1",
        "/api/clients/preferences?clientId=p1",
    ] {
        assert_eq!(desk.get(path).await.body, json!({ "success": true, "data": shown() }), "{path}");
    }
    let none = desk.get("/api/clients/preferences?clientProfileId=o1").await;
    assert_eq!((none.status, &none.body), (200, &json!({ "success": true, "data": null })));
    assert_eq!(desk.get("/api/clients/preferences?clientProfileId=nobody").await.code(404), "profile_not_found");
    assert_eq!(desk.get("/api/clients/preferences/nothing").await.code(404), "preferences_not_found");
    for query in ["", "?clientProfileId=", "?clientProfileId=a%20b"] {
        assert_eq!(
            desk.get(&format!("/api/clients/preferences{query}")).await.wrong_fields(),
            ["clientProfileId"],
            "{query}"
        );
    }
}

pub(crate) async fn new_preferences_have_the_missions_defaults(server: &TestServer) {
    let set = server.user("desk1").post("/api/clients/preferences", json!({ "clientProfileId": "o1" })).await;
    let mut expected = shown();
    expected["id"] = set.data(201)["id"].clone();
    expected["clientProfileId"] = json!("o1");
    expected["createdAt"] = json!(NOW);
    expected["updatedAt"] = json!(NOW);
    assert_eq!(set.body, json!({ "success": true, "data": expected }));
}

pub(crate) async fn preferences_keep_the_order_of_their_lists(server: &TestServer) {
    server.add(["s1", "s2", "s3"].map(|id| rows::service(id, "t1"))).await;
    let body = json!({
        "clientId": "o1", "preferredServices": ["s3", "corte1", "s1"], "preferredStaff": ["pro1", "author1", "desk1"],
        "communicationPreference": "SMS", "reminderTime": "HOURS_1", "specialRequests": "  Sin ruido\nCafé ",
    });
    let set = server.user("desk1").post("/api/clients/preferences", body).await;
    let data = set.data(201);
    assert_eq!(data["preferredServices"], json!(["s3", "corte1", "s1"]));
    assert_eq!(data["preferredStaff"], json!(["pro1", "author1", "desk1"]));
    assert_eq!(data["specialRequests"], "Sin ruido\nCafé");
    let card = server.user("desk1").get("/api/clients/profiles/o1").await;
    assert_eq!(&card.data(200)["clientPreferences"], data);
    // Stored the way the web app reads it.
    let stored = server.select_text("SELECT \"preferredServices\" FROM client_preferences WHERE \"clientProfileId\" = 'o1'");
    assert_eq!(serde_json::from_str::<Value>(&stored.await.unwrap()).unwrap(), json!(["s3", "corte1", "s1"]));
}

pub(crate) async fn a_profile_has_preferences_once(server: &TestServer) {
    let before = server.module_rows().await;
    let again = server.user("desk1").post("/api/clients/preferences", json!({ "clientProfileId": "p1" })).await;
    assert_eq!(again.code(409), "preferences_exist");
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn preferences_are_changed_field_by_field(server: &TestServer) {
    let desk = server.user("desk1");
    let mut expected = shown();
    for (second, (field, value)) in [
        ("preferredServices", json!(["corte1"])),
        ("preferredStaff", json!(["pro1"])),
        ("communicationPreference", json!("WHATSAPP")),
        ("reminderTime", json!("BOTH")),
        ("specialRequests", json!("Té")),
    ]
    .into_iter()
    .enumerate()
    {
        let now = format!("2026-11-22T18:00:0{second}.000Z");
        server.clock().set(&now);
        let changed = desk.put("/api/clients/preferences/f1", json!({ field: value })).await;
        expected[field] = value;
        expected["updatedAt"] = json!(now);
        assert_eq!(changed.body, json!({ "success": true, "data": expected }), "{field}");
        assert_eq!(desk.get("/api/clients/preferences/f1").await.data(200), &expected, "{field}");
    }
    for (field, value, cleared) in [
        ("preferredServices", Value::Null, json!([])),
        ("preferredStaff", json!([]), json!([])),
        ("specialRequests", json!(" "), Value::Null),
    ] {
        let changed = desk.put("/api/clients/preferences/f1", json!({ field: value })).await;
        assert_eq!(changed.data(200)[field], cleared, "{field}");
    }
    for field in ["communicationPreference", "reminderTime"] {
        let changed = desk.put("/api/clients/preferences/f1", json!({ field: null })).await;
        assert_eq!(changed.wrong_fields(), [field]);
    }
}

pub(crate) async fn the_ids_in_preferences_may_be_echoed_but_not_changed(server: &TestServer) {
    let desk = server.user("desk1");
    let echo = json!({
        "id": "f1", "clientProfileId": "p1", "clientId": "p1", "createdAt": STORED, "updatedAt": STORED, "reminderTime": "BOTH",
    });
    desk.put("/api/clients/preferences/f1", echo).await.data(200);
    let before = server.module_rows().await;
    let other =
        json!({ "id": "f2", "clientProfileId": "o1", "createdAt": NOW, "updatedAt": STORED, "reminderTime": "HOURS_1" });
    let answer = desk.put("/api/clients/preferences/f1", other).await;
    assert_eq!(answer.wrong_fields(), ["clientProfileId", "createdAt", "id", "updatedAt"]);
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn wrong_fields_of_preferences_are_all_named(server: &TestServer) {
    let before = server.module_rows().await;
    let wrong = json!({
        "preferredServices": "corte1", "preferredStaff": [1], "communicationPreference": "FAX", "reminderTime": "HOURS_2",
        "specialRequests": "x".repeat(2_001), "color": "rojo",
    });
    let fields =
        ["color", "communicationPreference", "preferredServices", "preferredStaff", "reminderTime", "specialRequests"];
    let changed = server.user("desk1").put("/api/clients/preferences/f1", wrong.clone()).await;
    assert_eq!(changed.wrong_fields(), fields);
    let set = server.user("desk1").post("/api/clients/preferences", wrong).await;
    assert_eq!(set.wrong_fields(), [&["clientProfileId"], &fields[..]].concat());
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn special_requests_hold_2000_characters(server: &TestServer) {
    let longest = "ñ".repeat(2_000);
    let changed = server.user("desk1").put("/api/clients/preferences/f1", json!({ "specialRequests": longest })).await;
    assert_eq!(changed.data(200)["specialRequests"], longest);
}

pub(crate) async fn deleted_preferences_are_gone_and_the_profile_stays(server: &TestServer) {
    let manager = server.user("manager1");
    let deleted = manager.delete("/api/clients/preferences/f1").await;
    assert_eq!(deleted.body, json!({ "success": true, "data": { "id": "f1" } }));
    assert_eq!(manager.get("/api/clients/preferences/f1").await.code(404), "preferences_not_found");
    assert_eq!(manager.delete("/api/clients/preferences/f1").await.code(404), "preferences_not_found");
    assert_eq!(manager.get("/api/clients/preferences?clientProfileId=p1").await.data(200), &Value::Null);
    manager.post("/api/clients/preferences", json!({ "clientProfileId": "p1" })).await.data(201);
}
