//! What the audit log and the activity of a client say, and to whom.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::mission::{PASSWORD, PASSWORD_HASH};
use crate::support::{Answer, TestServer};

const AUDIT: &str = "/api/clients/audit";
const ACTIVITY: &str = "/api/clients/profiles/p1/activity";

/// `action resource id` of every row, newest first.
fn briefly(answer: &Answer) -> Vec<String> {
    let rows = answer.data(200).as_array().unwrap();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or("-").to_owned();
    rows.iter().map(|row| ["action", "resource", "resourceId"].map(|field| text(row, field)).join(" ")).collect()
}

pub(crate) async fn every_change_is_on_record_with_who_what_and_from_where(server: &TestServer) {
    let desk = server.user("desk1");
    let changed = desk.put("/api/clients/profiles/p1", json!({ "city": "Taxco", "firstName": null })).await;
    changed.data(200);
    let answer = server.user("admin1").get(AUDIT).await;
    let row = &answer.data(200)[0];
    assert_eq!(
        json!([row["userId"], row["role"], row["action"], row["resource"], row["resourceId"], row["clientProfileId"]]),
        json!(["desk1", "RECEPTIONIST", "UPDATED", "PROFILE", "p1", "p1"])
    );
    assert_eq!(row["address"], "127.0.0.1");
    assert_eq!(row["requestId"].as_str(), changed.header("x-request-id"));
    assert_eq!(row["at"], changed.data(200)["updatedAt"]);
    let expected = json!([
        { "field": "firstName", "old": "Ana", "new": null },
        { "field": "city", "old": null, "new": "Taxco" },
    ]);
    assert_eq!((&row["changes"], &row["denied"]), (&expected, &Value::Null));
    assert_eq!(answer.body["pagination"]["total"], 1);
}

pub(crate) async fn a_whole_day_at_the_counter_is_on_record_in_order(server: &TestServer) {
    let (desk, pro, admin) = (server.user("desk1"), server.user("pro1"), server.user("admin1"));
    let made = desk.post("/api/clients/profiles", json!({ "userId": "blank1" })).await;
    let profile = made.data(201)["id"].as_str().unwrap().to_owned();
    let body = json!({ "clientProfileId": profile, "noteType": "MEDICAL", "content": "Penicilina" });
    let note = pro.post("/api/clients/notes", body).await.data(201)["id"].as_str().unwrap().to_owned();
    pro.get(&format!("/api/clients/notes/{note}")).await.data(200);
    pro.get(&format!("/api/clients/profiles/{profile}")).await.data(200);
    desk.get(&format!("/api/clients/notes/{note}")).await.code(404);
    let body = json!({ "clientProfileId": profile, "reminderTime": "BOTH" });
    let preferences = desk.post("/api/clients/preferences", body).await.data(201)["id"].as_str().unwrap().to_owned();
    desk.delete(&format!("/api/clients/preferences/{preferences}")).await.code(403);
    admin.delete(&format!("/api/clients/preferences/{preferences}")).await.data(200);
    pro.delete(&format!("/api/clients/notes/{note}")).await.data(200);

    let expected = [
        format!("DELETED NOTE {note}"),
        format!("DELETED PREFERENCES {preferences}"),
        format!("DENIED PREFERENCES {preferences}"),
        format!("CREATED PREFERENCES {preferences}"),
        format!("READ NOTE {note}"),
        format!("READ NOTE {note}"),
        format!("CREATED NOTE {note}"),
        format!("CREATED PROFILE {profile}"),
    ];
    assert_eq!(sorted(briefly(&admin.get(AUDIT).await)), sorted(expected.to_vec()));
    let denied = admin.get("/api/clients/audit?action=DENIED").await;
    assert_eq!(
        (&denied.data(200)[0]["denied"], &denied.data(200)[0]["userId"]),
        (&json!("DELETE_PREFERENCES"), &json!("desk1"))
    );
}

/// The clock of the tests stands still, so the order of one moment is by id.
fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort();
    rows
}

pub(crate) async fn what_changes_nothing_or_fails_is_not_on_record(server: &TestServer) {
    let desk = server.user("desk1");
    desk.put("/api/clients/profiles/p1", json!({ "firstName": "Ana" })).await.data(200);
    desk.put("/api/clients/profiles/p1", json!({ "email": "nada" })).await.wrong_fields();
    desk.put("/api/clients/profiles/p2", json!({ "city": "Taxco" })).await.code(404);
    desk.post("/api/clients/profiles", json!({ "userId": "client1" })).await.code(409);
    assert_eq!(briefly(&server.user("admin1").get(AUDIT).await), Vec::<String>::new());
}

pub(crate) async fn entries_are_filtered_and_paged(server: &TestServer) {
    for (who, profile) in [("desk1", "p1"), ("pro1", "p1"), ("desk1", "o1")] {
        let path = format!("/api/clients/profiles/{profile}");
        server.user(who).put(&path, json!({ "city": format!("{who} en {profile}") })).await.data(200);
    }
    let admin = server.user("admin1");
    for (query, expected) in [
        ("", 3),
        ("userId=desk1", 2),
        ("clientProfileId=p1", 2),
        ("clientId=p1&userId=pro1", 1),
        ("action=UPDATED", 3),
        ("action=DELETED", 0),
        ("startDate=2000-01-01&endDate=2000-01-02", 0),
        ("startDate=2000-01-01", 3),
    ] {
        assert_eq!(briefly(&admin.get(&format!("{AUDIT}?{query}")).await).len(), expected, "{query}");
    }
    let first = admin.get(&format!("{AUDIT}?take=2")).await;
    let cursor = first.body["pagination"]["nextCursor"].as_str().unwrap().to_owned();
    let second = admin.get(&format!("{AUDIT}?take=2&cursor={cursor}")).await;
    assert_eq!((first.ids().len(), second.ids().len()), (2, 1));
    assert!(!first.ids().contains(&second.ids()[0]));
    let wrong = admin.get(&format!("{AUDIT}?action=updated&startDate=ayer&take=0&colour=red")).await;
    assert_eq!(wrong.wrong_fields(), ["action", "colour", "startDate", "take"]);
    assert_eq!(admin.get(&format!("{ACTIVITY}?action=READ")).await.wrong_fields(), ["action"]);
}

pub(crate) async fn a_manager_sees_the_activity_of_a_client_without_a_trace_of_hidden_notes(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "pro1").with("noteType", "MEDICAL")]).await;
    let (pro, manager, admin) = (server.user("pro1"), server.user("manager1"), server.user("admin1"));
    pro.get("/api/clients/notes/n1").await.data(200);
    assert_eq!(briefly(&manager.get(ACTIVITY).await), ["READ NOTE n1"]);
    pro.put("/api/clients/notes/n1", json!({ "content": "secreto", "isPrivate": true })).await.data(200);
    let hidden = manager.get(ACTIVITY).await;
    assert_eq!((briefly(&hidden).len(), &hidden.body["pagination"]["total"]), (0, &json!(0)));
    assert!(!hidden.body.to_string().contains("secreto"));
    assert_eq!(sorted(briefly(&admin.get(ACTIVITY).await)), ["READ NOTE n1", "UPDATED NOTE n1"]);
    // Whoever reads what a MEDICAL note said has read it.
    let reads = admin.get("/api/clients/audit?action=READ&userId=admin1").await;
    assert_eq!(briefly(&reads), ["READ NOTE n1"]);
}

pub(crate) async fn signing_in_is_on_record_whether_it_works_or_not(server: &TestServer) {
    server.execute(&format!("UPDATE users SET password = '{PASSWORD_HASH}' WHERE id = 'desk1'")).await;
    let guest = server.nobody();
    let attempt = async |password: &str| {
        guest.post("/sign-in", json!({ "email": "desk1@ejemplo.mx", "password": password })).await.status
    };
    assert_eq!((attempt(PASSWORD).await, attempt("otra").await), (200, 401));
    let admin = server.user("admin1");
    admin.get("/api/clients/audit?action=SIGNED_IN").await.data(200);
    // The answer to a failed attempt does not wait for its account.
    let failed = loop {
        let answer = admin.get("/api/clients/audit?action=SIGN_IN_FAILED").await;
        if answer.body["pagination"]["total"] == 1 {
            break answer;
        }
        tokio::task::yield_now().await;
    };
    let failed = &failed.data(200)[0];
    assert_eq!(json!([failed["userId"], failed["role"], failed["resourceId"]]), json!([null, null, "desk1"]));
    let worked = admin.get("/api/clients/audit?action=SIGNED_IN").await;
    let worked = &worked.data(200)[0];
    assert_eq!(json!([worked["userId"], worked["role"], worked["resourceId"]]), json!(["desk1", "RECEPTIONIST", "desk1"]));
}
