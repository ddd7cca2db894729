//! What the profile routes answer, key by key.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::{NOW, TestServer};

const STORED: &str = "2026-01-01T10:00:00.000Z";

/// Profile `p1` as staff see it.
fn ana() -> Value {
    json!({
        "id": "p1", "userId": "client1", "firstName": "Ana", "lastName": null, "dateOfBirth": null, "gender": null,
        "address": null, "city": null, "state": null, "postalCode": null, "country": "México", "phone": null,
        "alternatePhone": null, "email": null, "alternateEmail": null, "occupation": null, "company": null,
        "profilePhotoUrl": null, "emergencyContactName": null, "emergencyContactPhone": null, "notes": "solo personal",
        "createdAt": STORED, "updatedAt": STORED,
        "user": { "id": "client1", "email": "client1@ejemplo.mx", "firstName": "Sin", "lastName": "Nombre", "role": "CLIENT" },
    })
}

fn preferences() -> Value {
    json!({
        "id": "f1", "clientProfileId": "p1", "preferredServices": [], "preferredStaff": [], "communicationPreference": "EMAIL",
        "reminderTime": "HOURS_24", "specialRequests": null, "createdAt": STORED, "updatedAt": STORED,
    })
}

pub(crate) async fn a_list_row_holds_the_profile_and_its_user(server: &TestServer) {
    let listed = server.user("desk1").get("/api/clients/profiles?userId=client1").await;
    let pagination =
        json!({ "total": 1, "totalIsExact": true, "skip": 0, "take": 50, "hasMore": false, "nextCursor": null });
    assert_eq!(listed.body, json!({ "success": true, "data": [ana()], "pagination": pagination }));
}

pub(crate) async fn a_card_holds_user_with_tenant_notes_and_preferences(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "pro1")]).await;
    let mut expected = ana();
    expected["user"]["tenantId"] = json!("t1");
    expected["clientPreferences"] = preferences();
    expected["clientNotes"] = json!([{
        "id": "n1", "clientProfileId": "p1", "createdByUserId": "pro1", "noteType": "GENERAL", "content": "n1",
        "isPrivate": false, "createdAt": STORED, "updatedAt": STORED,
        "createdBy":
            { "id": "pro1", "email": "pro1@ejemplo.mx", "firstName": "Sin", "lastName": "Nombre", "role": "PROFESSIONAL" },
    }]);
    let card = server.user("admin1").get("/api/clients/profiles/p1").await;
    assert_eq!((card.status, &card.body), (200, &json!({ "success": true, "data": expected })));
}

pub(crate) async fn a_card_without_preferences_says_null(server: &TestServer) {
    let card = server.user("desk1").get("/api/clients/profiles/o1").await;
    assert_eq!((&card.data(200)["clientPreferences"], &card.body["data"]["clientNotes"]), (&Value::Null, &json!([])));
}

pub(crate) async fn a_card_embeds_the_ten_newest_notes(server: &TestServer) {
    let note = |number: usize| {
        let day = format!("2026-03-{number:02} 09:00:00");
        let id = format!("n{number:02}");
        rows::note(&id, "p1").with("createdByUserId", "pro1").with("createdAt", day.as_str())
    };
    server.add((1..=12).map(note)).await;
    let card = server.user("admin1").get("/api/clients/profiles/p1").await;
    let ids: Vec<_> = card.data(200)["clientNotes"].as_array().unwrap().iter().map(|note| note["id"].clone()).collect();
    assert_eq!(ids, ["n12", "n11", "n10", "n09", "n08", "n07", "n06", "n05", "n04", "n03"]);
}

pub(crate) async fn a_client_reads_their_own_card_without_the_staff_field_and_notes(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "pro1")]).await;
    let mut expected = ana();
    expected.as_object_mut().unwrap().remove("notes");
    expected["user"]["tenantId"] = json!("t1");
    expected["clientPreferences"] = preferences();
    expected["clientNotes"] = json!([]);
    for path in ["/api/clients/profiles/me", "/api/clients/profiles/p1"] {
        assert_eq!(server.user("client1").get(path).await.data(200), &expected, "{path}");
    }
}

pub(crate) async fn staff_who_are_no_clients_have_no_profile_of_their_own(server: &TestServer) {
    assert_eq!(server.user("admin1").get("/api/clients/profiles/me").await.code(404), "profile_not_found");
}

pub(crate) async fn a_new_profile_is_answered_whole(server: &TestServer) {
    let sent = json!({
        "userId": "blank1", "firstName": "María José", "lastName": "Ñúñez Peña", "dateOfBirth": "1990-01-15",
        "gender": "FEMALE", "address": "Av. Juárez 1\nPiso 2", "city": "Mérida", "state": "Yucatán", "postalCode": "97000",
        "country": "Belice", "phone": "(999) 123-4567", "alternatePhone": "+52 1 999 765 4321",
        "email": "mj@ejemplo.mx", "alternateEmail": "maria.jose+citas@ejemplo.com.mx", "occupation": "Ingeniera",
        "company": "Peña & Hijos", "profilePhotoUrl": "https://fotos.ejemplo.mx/mj.jpg",
        "emergencyContactName": "José O'Higgins", "emergencyContactPhone": "9991112233", "notes": "Prefiere té",
    });
    let created = server.user("desk1").post("/api/clients/profiles", sent.clone()).await;
    let mut expected = sent;
    expected["dateOfBirth"] = json!("1990-01-15T00:00:00.000Z");
    expected["createdAt"] = json!(NOW);
    expected["updatedAt"] = json!(NOW);
    expected["user"] = json!(
        { "id": "blank1", "email": "blank1@ejemplo.mx", "firstName": "Sin", "lastName": "Nombre", "role": "CLIENT" }
    );
    expected["id"] = created.data(201)["id"].clone();
    assert_eq!(created.body, json!({ "success": true, "data": expected }));

    let id = expected["id"].as_str().unwrap();
    assert!(id.starts_with('c') && id.len() == 25, "{id}");
    let listed = server.user("desk1").get("/api/clients/profiles?userId=blank1").await;
    assert_eq!(listed.data(200), &json!([expected]));
}

pub(crate) async fn a_profile_needs_nothing_but_its_user(server: &TestServer) {
    let created = server.user("desk1").post("/api/clients/profiles", json!({ "userId": "blank1" })).await;
    let mut expected = ana();
    let user =
        json!({ "id": "blank1", "email": "blank1@ejemplo.mx", "firstName": "Sin", "lastName": "Nombre", "role": "CLIENT" });
    for (field, value) in [
        ("id", created.data(201)["id"].clone()),
        ("userId", json!("blank1")),
        ("firstName", Value::Null),
        ("notes", Value::Null),
        ("createdAt", json!(NOW)),
        ("updatedAt", json!(NOW)),
        ("user", user),
    ] {
        expected[field] = value;
    }
    assert_eq!(created.data(201), &expected);
}

pub(crate) async fn a_changed_profile_is_answered_whole(server: &TestServer) {
    let changed = server.user("desk1").put("/api/clients/profiles/p1", json!({ "city": "Puebla" })).await;
    let mut expected = ana();
    expected["city"] = json!("Puebla");
    expected["updatedAt"] = json!(NOW);
    assert_eq!((changed.status, &changed.body), (200, &json!({ "success": true, "data": expected })));
}

pub(crate) async fn a_client_changes_their_contact_fields_and_never_sees_the_staff_field(server: &TestServer) {
    let client = server.user("client1");
    let changed = client.put("/api/clients/profiles/p1", json!({ "phone": "5511112222" })).await;
    assert_eq!(changed.data(200)["phone"], "5511112222");
    assert_eq!(changed.body["data"].get("notes"), None);
    for value in [json!("mío"), Value::Null] {
        assert_eq!(client.put("/api/clients/profiles/p1", json!({ "notes": value })).await.code(403), "forbidden");
    }
    let card = server.user("desk1").get("/api/clients/profiles/p1").await;
    assert_eq!(card.data(200)["notes"], "solo personal");
}

pub(crate) async fn deleting_a_profile_takes_its_notes_and_preferences_and_leaves_the_user(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "pro1")]).await;
    let users = server.host_rows().await;
    let deleted = server.user("manager1").delete("/api/clients/profiles/p1").await;
    assert_eq!((deleted.status, &deleted.body), (200, &json!({ "success": true, "data": { "id": "p1" } })));

    for (sql, left) in [
        ("SELECT id FROM client_profiles WHERE id = 'p1'", None),
        ("SELECT id FROM client_notes WHERE id = 'n1'", None),
        ("SELECT id FROM client_preferences WHERE id = 'f1'", None),
        ("SELECT id FROM client_preferences WHERE id = 'f2'", Some("f2")),
    ] {
        assert_eq!(server.select_text(sql).await.as_deref(), left, "{sql}");
    }
    assert_eq!(server.host_rows().await, users);
    assert_eq!(server.user("manager1").delete("/api/clients/profiles/p1").await.code(404), "profile_not_found");
    // The user may have a new one.
    server.user("desk1").post("/api/clients/profiles", json!({ "userId": "client1" })).await.data(201);
}

pub(crate) async fn profiles_are_filtered_by_city_and_state_whatever_case_and_accents(server: &TestServer) {
    server
        .execute(
            "UPDATE client_profiles SET city = 'Mérida', state = 'Yucatán' WHERE id = 'p1'; \
             UPDATE client_profiles SET city = 'Ciudad de México', state = 'CDMX' WHERE id = 'o1'",
        )
        .await;
    let desk = server.user("desk1");
    for (query, found) in [
        ("city=merida", vec!["p1"]),
        ("city=M%C3%89RI", vec!["p1"]),
        ("city=ciudad%20de", vec!["o1"]),
        ("state=YUCATAN", vec!["p1"]),
        ("state=cdmx", vec!["o1"]),
        ("city=merida&state=cdmx", vec![]),
        ("city=%25", vec![]),
        ("city=&state=", vec!["p1", "o1"]),
        ("userId=other1", vec!["o1"]),
        ("userId=client2", vec![]),
        ("userId=client1&city=mexico", vec![]),
    ] {
        let listed = desk.get(&format!("/api/clients/profiles?{query}")).await;
        assert_eq!(listed.ids(), found, "{query}");
        assert_eq!(listed.body["pagination"]["total"], found.len(), "{query}");
    }
}
