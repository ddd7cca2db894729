//! Many requests at once.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// How often each status came.
fn statuses(answers: &[Answer]) -> Vec<(u16, usize)> {
    let mut counted = std::collections::BTreeMap::new();
    for answer in answers {
        *counted.entry(answer.status).or_default() += 1;
    }
    counted.into_iter().collect()
}

pub(crate) async fn one_hundred_creations_of_a_profile_make_one(server: &TestServer) {
    let body = json!({ "userId": "blank1", "firstName": "Ana" });
    let request = ("POST", "/api/clients/profiles", body);
    let answers = server.user("desk1").send_together(std::iter::repeat_n(request, 100)).await;
    assert_eq!(statuses(&answers), [(201, 1), (409, 99)]);
    assert!(answers.iter().filter(|answer| answer.status == 409).all(|answer| answer.code(409) == "profile_exists"));
    let stored = server.select_text("SELECT CAST(COUNT(*) AS TEXT) FROM client_profiles WHERE \"userId\" = 'blank1'").await;
    assert_eq!(stored.as_deref(), Some("1"));
    assert_eq!(server.user("desk1").get("/api/clients/profiles").await.body["pagination"]["total"], 3);
}

pub(crate) async fn one_hundred_creations_of_preferences_make_one(server: &TestServer) {
    let body = json!({ "clientProfileId": "o1", "preferredStaff": ["pro1"] });
    let request = ("POST", "/api/clients/preferences", body);
    let answers = server.user("desk1").send_together(std::iter::repeat_n(request, 100)).await;
    assert_eq!(statuses(&answers), [(201, 1), (409, 99)]);
    assert!(answers.iter().filter(|answer| answer.status == 409).all(|answer| answer.code(409) == "preferences_exist"));
    let stored =
        server.select_text("SELECT CAST(COUNT(*) AS TEXT) FROM client_preferences WHERE \"clientProfileId\" = 'o1'");
    assert_eq!(stored.await.as_deref(), Some("1"));
}

pub(crate) async fn changes_of_different_fields_at_once_all_survive(server: &TestServer) {
    let fields = [
        ("firstName", "A"),
        ("lastName", "B"),
        ("city", "C"),
        ("state", "D"),
        ("occupation", "E"),
        ("company", "F"),
        ("address", "G"),
        ("postalCode", "H"),
        ("country", "I"),
        ("phone", "5511112222"),
        ("email", "j@correo.mx"),
        ("notes", "K"),
        ("gender", "OTHER"),
        ("emergencyContactName", "L"),
    ];
    for round in ["", " 2", " 3"] {
        let value = |field: &str, value: &str| match field {
            "gender" => value.to_owned(),
            "email" => value.replace('@', &format!("{}@", round.trim())),
            _ => format!("{value}{round}"),
        };
        let requests = fields.map(|(field, text)| ("PUT", "/api/clients/profiles/p1", json!({ field: value(field, text) })));
        let answers = server.user("desk1").send_together(requests).await;
        assert_eq!(statuses(&answers), [(200, fields.len())]);
        let card = server.user("desk1").get("/api/clients/profiles/p1").await;
        for (field, text) in fields {
            assert_eq!(card.data(200)[field], value(field, text), "{field}");
        }
    }
}

pub(crate) async fn changes_of_different_preferences_at_once_all_survive(server: &TestServer) {
    let fields = [
        ("preferredServices", json!(["corte1"])),
        ("preferredStaff", json!(["pro1"])),
        ("communicationPreference", json!("SMS")),
        ("reminderTime", json!("BOTH")),
        ("specialRequests", json!("Té")),
    ];
    let requests = fields.clone().map(|(field, value)| ("PUT", "/api/clients/preferences/f1", json!({ field: value })));
    assert_eq!(statuses(&server.user("desk1").send_together(requests).await), [(200, 5)]);
    let read = server.user("desk1").get("/api/clients/preferences/f1").await;
    for (field, value) in fields {
        assert_eq!(read.data(200)[field], value, "{field}");
    }
}

pub(crate) async fn one_of_many_deletions_succeeds(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "pro1")]).await;
    for (path, code) in [
        ("/api/clients/notes/n1", "note_not_found"),
        ("/api/clients/preferences/f1", "preferences_not_found"),
        ("/api/clients/profiles/p1", "profile_not_found"),
    ] {
        let request = ("DELETE", path, Value::Null);
        let answers = server.user("admin1").send_together(std::iter::repeat_n(request, 20)).await;
        assert_eq!(statuses(&answers), [(200, 1), (404, 19)], "{path}");
        assert!(answers.iter().filter(|answer| answer.status == 404).all(|answer| answer.code(404) == code));
    }
}

pub(crate) async fn readers_and_writers_at_once_all_get_an_answer(server: &TestServer) {
    let note = json!({ "clientProfileId": "p1", "content": "x" });
    let requests = (0..120).map(|number| match number % 4 {
        0 => ("POST", "/api/clients/notes", note.clone()),
        1 => ("GET", "/api/clients/profiles/p1", Value::Null),
        2 => ("PUT", "/api/clients/profiles/p1", json!({ "city": format!("Ciudad {number}") })),
        _ => ("GET", "/api/clients/profiles?search=ana", Value::Null),
    });
    assert_eq!(statuses(&server.user("desk1").send_together(requests).await), [(200, 90), (201, 30)]);
    assert_eq!(server.user("desk1").get("/api/clients/notes").await.body["pagination"]["total"], 30);
}

pub(crate) async fn notes_written_while_their_profile_is_deleted_are_not_left_behind(server: &TestServer) {
    let requests = (0..40).map(|number| match number {
        20 => ("DELETE", "/api/clients/profiles/p1", Value::Null),
        _ => ("POST", "/api/clients/notes", json!({ "clientProfileId": "p1", "content": "x" })),
    });
    let answers = server.user("admin1").send_together(requests).await;
    assert!(answers.iter().all(|answer| [200, 201, 404].contains(&answer.status)), "{:?}", statuses(&answers));
    assert_eq!(server.select_text("SELECT id FROM client_notes").await, None);
    assert_eq!(server.user("admin1").get("/api/clients/notes").await.body["pagination"]["total"], 0);
}
