//! `PUT /api/clients/profiles/{id}`: absent keeps, null clears, a value sets; and what a body may not say.

use serde_json::{Map, Value, json};

use crate::support::{NOW, TestServer};

/// Every field a `PUT` can change, with a value as it is answered.
fn every_field() -> Map<String, Value> {
    let fields = json!({
        "firstName": "Ana", "lastName": "Ruiz", "dateOfBirth": "1990-01-15T00:00:00.000Z", "gender": "FEMALE",
        "address": "Calle 1", "city": "Mérida", "state": "Yucatán", "postalCode": "97000", "country": "México",
        "phone": "9991234567", "alternatePhone": "9997654321", "email": "ana@ejemplo.mx", "alternateEmail": "a@ejemplo.mx",
        "occupation": "Ingeniera", "company": "Peña", "profilePhotoUrl": "https://ejemplo.mx/a.jpg",
        "emergencyContactName": "José", "emergencyContactPhone": "9991112233", "notes": "té",
    });
    fields.as_object().unwrap().clone()
}

pub(crate) async fn a_field_left_out_keeps_its_value(server: &TestServer) {
    let desk = server.user("desk1");
    let full = desk.put("/api/clients/profiles/p1", Value::Object(every_field())).await;
    let mut expected = full.data(200).clone();
    server.clock().set("2026-11-22T18:00:05.000Z");
    let changed = desk.put("/api/clients/profiles/p1", json!({ "city": "Puebla" })).await;
    expected["city"] = json!("Puebla");
    expected["updatedAt"] = json!("2026-11-22T18:00:05.000Z");
    assert_eq!(changed.data(200), &expected);
}

pub(crate) async fn null_and_blank_clear_every_field(server: &TestServer) {
    let desk = server.user("desk1");
    for blank in [Value::Null, json!(""), json!("  \t ")] {
        let full = desk.put("/api/clients/profiles/p1", Value::Object(every_field())).await;
        for (field, value) in every_field() {
            assert_eq!(full.data(200)[&field], value, "{field}");
            let cleared = desk.put("/api/clients/profiles/p1", json!({ &field: blank })).await;
            assert_eq!(cleared.data(200)[&field], Value::Null, "{field} = {blank}");
        }
        let card = desk.get("/api/clients/profiles/p1").await;
        for field in every_field().keys() {
            assert_eq!(card.data(200)[field], Value::Null, "{field} = {blank}");
        }
    }
}

pub(crate) async fn blank_fields_of_a_new_profile_are_null(server: &TestServer) {
    let mut body: Map<String, Value> = every_field().into_iter().map(|(field, _)| (field, json!(" "))).collect();
    body.insert("userId".to_owned(), json!("blank1"));
    let created = server.user("desk1").post("/api/clients/profiles", Value::Object(body)).await;
    for field in every_field().keys() {
        assert_eq!(created.data(201)[field], Value::Null, "{field}");
    }
}

pub(crate) async fn a_change_that_changes_nothing_leaves_the_row_alone(server: &TestServer) {
    let before = server.module_rows().await;
    for body in [json!({}), json!({ "firstName": "Ana" }), json!({ "firstName": " Ana ", "city": null })] {
        let answer = server.user("desk1").put("/api/clients/profiles/p1", body).await;
        assert_eq!(answer.data(200)["updatedAt"], "2026-01-01T10:00:00.000Z");
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn updated_at_always_moves_forward(server: &TestServer) {
    let desk = server.user("desk1");
    let mut last = String::new();
    for (time, city) in [(NOW, "A"), (NOW, "B"), ("2026-11-22T17:00:00.000Z", "C"), ("2026-11-22T19:00:00.000Z", "D")] {
        server.clock().set(time);
        let changed = desk.put("/api/clients/profiles/p1", json!({ "city": city })).await;
        let now = changed.data(200)["updatedAt"].as_str().unwrap().to_owned();
        assert!(now > last, "{now} after {last}");
        last = now;
    }
    assert_eq!(last, "2026-11-22T19:00:00.000Z");
}

pub(crate) async fn immutable_fields_may_be_echoed(server: &TestServer) {
    let desk = server.user("desk1");
    let stored = desk.get("/api/clients/profiles/p1").await;
    let mut echo = Map::new();
    for field in ["id", "userId", "createdAt", "updatedAt"] {
        echo.insert(field.to_owned(), stored.data(200)[field].clone());
    }
    echo.insert("city".to_owned(), json!("Puebla"));
    let changed = desk.put("/api/clients/profiles/p1", Value::Object(echo)).await;
    assert_eq!(changed.data(200)["city"], "Puebla");
    // The same moments, written differently.
    let body = json!({ "createdAt": "2026-01-01T04:00:00-06:00", "updatedAt": NOW });
    desk.put("/api/clients/profiles/p1", body).await.data(200);
}

pub(crate) async fn immutable_fields_may_not_differ_and_all_are_named(server: &TestServer) {
    let before = server.module_rows().await;
    let desk = server.user("desk1");
    let body = json!({
        "id": "o1", "userId": "other1", "createdAt": "2020-01-01T00:00:00.000Z", "updatedAt": "2020-01-01T00:00:00.000Z",
        "city": "Puebla",
    });
    let answer = desk.put("/api/clients/profiles/p1", body).await;
    assert_eq!(answer.wrong_fields(), ["createdAt", "id", "updatedAt", "userId"]);
    for field in ["id", "userId", "createdAt", "updatedAt"] {
        for value in [Value::Null, json!(""), json!(7), json!("ayer")] {
            let answer = desk.put("/api/clients/profiles/p1", json!({ field: value, "city": "Puebla" })).await;
            assert_eq!(answer.wrong_fields(), [field], "{value}");
        }
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn unknown_fields_are_refused_by_name(server: &TestServer) {
    let before = server.module_rows().await;
    let desk = server.user("desk1");
    for field in ["apodo", "firstname", "first_name", "tenantId", "role", "isActive", "__proto__", "constructor", ""] {
        let changed = desk.put("/api/clients/profiles/p1", json!({ field: "x", "city": "Puebla" })).await;
        assert_eq!(changed.wrong_fields(), [field]);
        let created = desk.post("/api/clients/profiles", json!({ field: "x", "userId": "blank1" })).await;
        assert_eq!(created.wrong_fields(), [field]);
    }
    for field in ["id", "createdAt", "updatedAt"] {
        let created = desk.post("/api/clients/profiles", json!({ field: "x", "userId": "blank1" })).await;
        assert_eq!(created.wrong_fields(), [field]);
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn nested_objects_are_refused(server: &TestServer) {
    let before = (server.module_rows().await, server.host_rows().await);
    for body in [
        json!({ "user": { "update": { "role": "SUPERADMIN" } } }),
        json!({ "clientNotes": { "deleteMany": {} } }),
        json!({ "clientPreferences": { "delete": true } }),
        json!({ "firstName": { "set": "x" } }),
        json!({ "city": ["Puebla"] }),
    ] {
        let answer = server.user("admin1").put("/api/clients/profiles/p1", body.clone()).await;
        let field = body.as_object().unwrap().keys().next().unwrap();
        assert_eq!(answer.wrong_fields(), [field.as_str()]);
    }
    assert_eq!((server.module_rows().await, server.host_rows().await), before);
}

pub(crate) async fn every_wrong_field_is_reported_at_once(server: &TestServer) {
    let before = server.module_rows().await;
    let wrong = json!({
        "firstName": "x".repeat(101), "dateOfBirth": "ayer", "gender": "X", "email": "ana", "phone": "1", "postalCode": 97000,
        "apodo": "Anita", "city": "Puebla",
    });
    let fields = ["apodo", "dateOfBirth", "email", "firstName", "gender", "phone", "postalCode"];
    let changed = server.user("desk1").put("/api/clients/profiles/p1", wrong.clone()).await;
    assert_eq!(changed.wrong_fields(), fields);
    let created = server.user("desk1").post("/api/clients/profiles", wrong).await;
    assert_eq!(created.wrong_fields(), [&fields[..], &["userId"]].concat());
    for field in created.body["fields"].as_array().unwrap() {
        assert!(field["message"].as_str().is_some_and(|message| !message.is_empty()), "{field}");
        assert_eq!(field.as_object().unwrap().len(), 2, "{field}");
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn an_immutable_field_is_reported_together_with_a_malformed_one(server: &TestServer) {
    let wrong = json!({ "userId": "other1", "email": "ana", "phone": "1" });
    let answer = server.user("desk1").put("/api/clients/profiles/p1", wrong).await;
    assert_eq!(answer.wrong_fields(), ["email", "phone", "userId"]);
}

pub(crate) async fn values_of_the_wrong_json_type_are_refused(server: &TestServer) {
    let before = server.module_rows().await;
    for (field, _) in every_field() {
        for value in [json!(1), json!(1.5), json!(true), json!([]), json!({})] {
            let answer = server.user("desk1").put("/api/clients/profiles/p1", json!({ &field: value })).await;
            assert_eq!(answer.wrong_fields(), [field.as_str()], "{value}");
        }
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn the_user_of_a_new_profile_must_be_an_id(server: &TestServer) {
    for value in
        [Value::Null, json!(""), json!("  "), json!(5), json!({}), json!("a b"), json!("../x"), json!("x".repeat(65))]
    {
        let answer = server.user("desk1").post("/api/clients/profiles", json!({ "userId": value })).await;
        assert_eq!(answer.wrong_fields(), ["userId"], "{value}");
    }
}

pub(crate) async fn blank_text_written_by_others_is_answered_as_null(server: &TestServer) {
    server.execute("UPDATE client_profiles SET \"firstName\" = '', city = '' WHERE id = 'p1'").await;
    let card = server.user("desk1").get("/api/clients/profiles/p1").await;
    let list = server.user("desk1").get("/api/clients/profiles?userId=client1").await;
    for profile in [card.data(200), &list.data(200)[0]] {
        assert_eq!((&profile["id"], &profile["firstName"], &profile["city"]), (&json!("p1"), &Value::Null, &Value::Null));
    }
}
