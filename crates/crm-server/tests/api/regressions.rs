//! What the implementation this module replaces got wrong, one test per defect.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::TestServer;

pub(crate) async fn no_session_reads_or_changes_anything_of_another_tenant(server: &TestServer) {
    server
        .add([rows::note("n2", "p2").with("createdByUserId", "pro2").with("noteType", "MEDICAL").with("content", "SECRETO")])
        .await;
    server.execute("UPDATE client_profiles SET \"firstName\" = 'SECRETO', notes = 'SECRETO' WHERE id = 'p2'").await;
    let before = server.module_rows().await;
    for user in ["admin1", "manager1", "pro1", "desk1", "client1"] {
        let caller = server.user(user);
        for path in [
            "/api/clients/profiles/p2",
            "/api/clients/profiles/p2/history",
            "/api/clients/notes/n2",
            "/api/clients/preferences/f2",
            "/api/clients/preferences?clientProfileId=p2",
            "/api/clients/profiles?search=secreto",
            "/api/clients/profiles?userId=client2",
            "/api/clients/notes?clientProfileId=p2",
            "/api/clients/notes",
        ] {
            let answer = caller.get(path).await;
            assert!([200, 403, 404].contains(&answer.status), "{user} {path}: {}", answer.status);
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("SECRETO"), "{user} {path}: {}", answer.body);
            if answer.status == 200 {
                assert_eq!(
                    (&answer.body["data"], &answer.body["pagination"]["total"]),
                    (&json!([]), &json!(0)),
                    "{user} {path}"
                );
            }
        }
        for (method, path, body) in [
            ("PUT", "/api/clients/profiles/p2", json!({ "city": "x" })),
            ("PUT", "/api/clients/notes/n2", json!({ "content": "x" })),
            ("PUT", "/api/clients/preferences/f2", json!({ "reminderTime": "BOTH" })),
            ("POST", "/api/clients/profiles", json!({ "userId": "blank2" })),
            ("POST", "/api/clients/notes", json!({ "clientProfileId": "p2", "content": "x" })),
            ("POST", "/api/clients/preferences", json!({ "clientProfileId": "o2" })),
            ("DELETE", "/api/clients/notes/n2", Value::Null),
            ("DELETE", "/api/clients/preferences/f2", Value::Null),
            ("DELETE", "/api/clients/profiles/p2", Value::Null),
            ("DELETE", "/api/clients/upload-photo?userId=client2", Value::Null),
        ] {
            let answer = caller.send(method, path, Some(body)).await;
            assert!([403, 404].contains(&answer.status), "{user} {method} {path}: {}", answer.body);
        }
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn an_id_in_the_body_does_not_override_the_one_in_the_path(server: &TestServer) {
    let note = |id: &str, profile: &str| rows::note(id, profile).with("createdByUserId", "pro1");
    server.add([note("n1", "p1"), note("n2", "o1"), rows::preferences("g1", "o1")]).await;
    let before = server.module_rows().await;
    for (path, body) in [
        ("/api/clients/profiles/p1", json!({ "id": "o1", "city": "x" })),
        ("/api/clients/profiles/p1", json!({ "userId": "blank1", "city": "x" })),
        ("/api/clients/notes/n1", json!({ "id": "n2", "content": "x" })),
        ("/api/clients/notes/n1", json!({ "clientProfileId": "o1", "content": "x" })),
        ("/api/clients/notes/n1", json!({ "clientId": "o1", "content": "x" })),
        ("/api/clients/preferences/f1", json!({ "id": "g1", "reminderTime": "BOTH" })),
        ("/api/clients/preferences/f1", json!({ "clientProfileId": "o1", "reminderTime": "BOTH" })),
    ] {
        let answer = server.user("admin1").put(path, body.clone()).await;
        assert_eq!(answer.code(400), "invalid_input", "{path} {body}");
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn the_author_of_a_note_can_not_be_forged(server: &TestServer) {
    for user in ["manager1", "pro1", "desk1"] {
        for name in ["createdByUserId", "userId"] {
            let body = json!({ "clientProfileId": "p1", "content": "x", name: "admin1" });
            let answer = server.user(user).post("/api/clients/notes", body).await;
            assert_eq!(answer.wrong_fields(), ["createdByUserId"], "{user}");
        }
    }
    assert_eq!(server.select_text("SELECT id FROM client_notes").await, None);
}

pub(crate) async fn private_notes_of_others_surface_nowhere(server: &TestServer) {
    let note = |id: &str| rows::note(id, "p1").with("createdByUserId", "pro1").with("content", "RESERVADO");
    server.add([note("n1").with("isPrivate", true), note("n2").with("isPrivate", true).with("noteType", "MEDICAL")]).await;
    for user in ["manager1", "author1", "desk1", "client1"] {
        for path in [
            "/api/clients/profiles/p1",
            "/api/clients/notes",
            "/api/clients/notes?isPrivate=true",
            "/api/clients/notes/n1",
            "/api/clients/notes/n2",
            "/api/clients/profiles?search=reservado",
            "/api/clients/notes?createdByUserId=pro1",
        ] {
            let answer = server.user(user).get(path).await;
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("RESERVADO"), "{user} {path}");
            if answer.status == 200 && path.contains("notes") {
                assert_eq!(answer.body["pagination"]["total"], 0, "{user} {path}");
            }
        }
    }
    for user in ["admin1", "pro1"] {
        let card = server.user(user).get("/api/clients/profiles/p1").await;
        assert_eq!(card.data(200)["clientNotes"].as_array().unwrap().len(), 2, "{user}");
    }
}

pub(crate) async fn hidden_notes_do_not_push_readable_ones_out_of_a_profile(server: &TestServer) {
    let hidden = (0..12).map(|number| {
        let note = rows::note(&format!("h{number}"), "p1").with("createdByUserId", "pro1").with("isPrivate", true);
        note.with("createdAt", "2026-05-01 10:00:00")
    });
    server.add(hidden.chain([rows::note("n1", "p1").with("createdByUserId", "pro1")])).await;
    let card = server.user("desk1").get("/api/clients/profiles/p1").await;
    let ids: Vec<_> = card.data(200)["clientNotes"].as_array().unwrap().iter().map(|note| &note["id"]).collect();
    assert_eq!(ids, ["n1"]);
}

pub(crate) async fn an_empty_phone_does_not_open_the_history_of_strangers(server: &TestServer) {
    server.execute("UPDATE users SET phone = '' WHERE id = 'client1'").await;
    let visit = rows::appointment("a1", "k1", "2026-05-02 16:00:00").with("serviceId", "corte1").with("userId", "pro1");
    server.add([rows::client("k1").with("phone", ""), visit]).await;
    let history = server.user("admin1").get("/api/clients/profiles/p1/history").await;
    assert_eq!(history.data(200)["appointmentHistory"], json!([]));
}

pub(crate) async fn a_billion_rows_can_not_be_asked_for(server: &TestServer) {
    for path in ["/api/clients/profiles", "/api/clients/notes", "/api/clients/profiles/p1/history"] {
        for take in ["1000000000", "201", "NaN", "-1"] {
            let answer = server.user("admin1").get(&format!("{path}?take={take}")).await;
            assert_eq!(answer.wrong_fields(), ["take"], "{path} {take}");
        }
    }
}

pub(crate) async fn a_duplicate_says_so_without_the_databases_words(server: &TestServer) {
    let desk = server.user("desk1").with("accept-language", "en");
    let again = desk.post("/api/clients/profiles", json!({ "userId": "client1" })).await;
    assert_eq!((again.code(409), &again.body["error"]), ("profile_exists", &json!("That user already has a profile.")));
    let text = String::from_utf8_lossy(&again.bytes).to_lowercase();
    for word in ["unique", "constraint", "prisma", "key", "client_profiles", "client1"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

pub(crate) async fn a_birthday_does_not_shift_by_a_day(server: &TestServer) {
    let desk = server.user("desk1");
    for sent in ["1990-01-15", "1990-01-15T00:00:00.000Z", "1990-01-15T00:00:00-06:00", "1990-01-15T23:00:00-06:00"] {
        let changed = desk.put("/api/clients/profiles/p1", json!({ "dateOfBirth": sent })).await;
        assert_eq!(changed.data(200)["dateOfBirth"], "1990-01-15T00:00:00.000Z", "{sent}");
        // As the web app's form sends back what it was given.
        let echoed = changed.body["data"]["dateOfBirth"].clone();
        let again = desk.put("/api/clients/profiles/p1", json!({ "dateOfBirth": echoed })).await;
        assert_eq!(again.data(200)["dateOfBirth"], "1990-01-15T00:00:00.000Z", "{sent}");
    }
}

pub(crate) async fn money_spent_is_what_was_paid_not_only_what_is_listed(server: &TestServer) {
    let visit = rows::appointment("a1", "k1", "2026-05-02 16:00:00").with("status", "COMPLETED");
    let payment = rows::payment("m1", "k1", Some("a1"), 199.9).with("userId", "pro1");
    let client = rows::client("k1").with("email", "client1@ejemplo.mx");
    server.add([client, visit.with("serviceId", "corte1").with("userId", "pro1"), payment]).await;
    server.execute("UPDATE services SET price = 999 WHERE id = 'corte1'").await;
    let history = server.user("desk1").get("/api/clients/profiles/p1/history").await;
    let statistics = &history.data(200)["statistics"];
    assert_eq!((&statistics["totalSpent"], &statistics["totalPaid"]), (&json!(999.0), &json!(199.9)));
    assert_eq!(statistics["averageTicket"], 199.9);
}

pub(crate) async fn a_nested_object_does_not_write_to_other_tables(server: &TestServer) {
    let before = (server.host_rows().await, server.module_rows().await);
    for user in ["client1", "desk1", "admin1"] {
        for body in [
            json!({ "user": { "update": { "role": "SUPERADMIN" } } }),
            json!({ "user": { "connect": { "id": "admin1" } } }),
            json!({ "firstName": { "set": "x" } }),
            json!({ "userId": { "set": "admin1" } }),
        ] {
            let answer = server.user(user).put("/api/clients/profiles/p1", body.clone()).await;
            let field = body.as_object().unwrap().keys().next().unwrap();
            assert_eq!(answer.wrong_fields(), [field.as_str()], "{user}");
        }
    }
    assert_eq!((server.host_rows().await, server.module_rows().await), before);
}

pub(crate) async fn the_session_of_a_deactivated_user_is_over(server: &TestServer) {
    let desk = server.user("desk1");
    desk.get("/api/clients/profiles/p1").await.data(200);
    server.execute("UPDATE users SET \"isActive\" = FALSE WHERE id = 'desk1'").await;
    assert_eq!(desk.get("/api/clients/profiles/p1").await.code(401), "unauthenticated");
    assert_eq!(desk.post("/api/clients/profiles", json!({ "userId": "blank1" })).await.code(401), "unauthenticated");
}

pub(crate) async fn looking_before_creating_is_not_what_keeps_profiles_unique(server: &TestServer) {
    let request = |user: &'static str| ("POST", "/api/clients/profiles", json!({ "userId": user }));
    for round in 0..5 {
        let answers = server.user("desk1").send_together(std::iter::repeat_n(request("blank1"), 8)).await;
        let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409], "{round}");
        server.execute("DELETE FROM client_profiles WHERE \"userId\" = 'blank1'").await;
    }
}

pub(crate) async fn both_spellings_of_gender_are_read_and_answered_alike(server: &TestServer) {
    let desk = server.user("desk1");
    for (sent, answered) in [("MASCULINO", "MALE"), ("MALE", "MALE"), ("PREFIERO_NO_DECIR", "PREFER_NOT_TO_SAY")] {
        desk.put("/api/clients/profiles/p1", json!({ "gender": sent })).await.data(200);
        assert_eq!(desk.get("/api/clients/profiles/p1").await.data(200)["gender"], answered, "{sent}");
    }
}
