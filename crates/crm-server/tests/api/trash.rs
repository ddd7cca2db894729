//! What was deleted comes back byte by byte, to those who may bring it back.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, TestServer};

const TRASH: &str = "/api/clients/trash";
const RESOURCES: [&str; 5] = [
    "/api/clients/profiles/p1",
    "/api/clients/notes?clientProfileId=p1",
    "/api/clients/preferences?clientProfileId=p1",
    "/api/clients/notes/n1",
    "/api/clients/preferences/f1",
];

async fn with_notes(server: &TestServer) {
    let note = |id: &str, author: &str| rows::note(id, "p1").with("createdByUserId", author);
    server
        .add([
            note("n1", "pro1"),
            note("n2", "author1").with("isPrivate", true),
            note("n3", "desk1").with("noteType", "MEDICAL"),
        ])
        .await;
}

/// What each of the routes answers.
async fn everything(caller: &Caller<'_>) -> Vec<(u16, Vec<u8>, Option<String>)> {
    let mut answers = Vec::new();
    for path in RESOURCES {
        let answer = caller.get(path).await;
        let tag = answer.header("etag").map(str::to_owned);
        // Errors name their requests.
        let bytes = if answer.status == 200 { answer.bytes } else { Vec::new() };
        answers.push((answer.status, bytes, tag));
    }
    answers
}

fn only_item(listed: &Answer) -> Value {
    let items = listed.data(200).as_array().unwrap();
    assert_eq!((items.len(), &listed.body["pagination"]["total"]), (1, &json!(1)), "{}", listed.body);
    items[0].clone()
}

fn restoration(item: &Value) -> String {
    format!("{TRASH}/{}/restore", item["id"].as_str().unwrap())
}

pub(crate) async fn what_is_deleted_and_restored_answers_as_before_to_everybody(server: &TestServer) {
    with_notes(server).await;
    let url = server.user("desk1").show_photo("client1", 90).await;
    let admin = server.user("admin1");
    let people = ["admin1", "manager1", "pro1", "desk1", "client1", "admin2"].map(|subject| server.user(subject));
    let mut before = Vec::new();
    for person in &people {
        before.push((everything(person).await, person.get(&url).await.status));
    }
    for (deletion, resource) in [
        ("/api/clients/notes/n1", "NOTE"),
        ("/api/clients/preferences/f1", "PREFERENCES"),
        ("/api/clients/profiles/p1", "PROFILE"),
    ] {
        admin.delete(deletion).await.data(200);
        assert_eq!(admin.get(deletion).await.status, 404, "{deletion}");
        let item = only_item(&admin.get(TRASH).await);
        assert_eq!(
            (&item["resource"], &item["clientProfileId"], &item["userId"]),
            (&json!(resource), &json!("p1"), &json!("client1"))
        );
        assert_eq!((&item["deletedByUserId"], &item["purgeAt"]), (&json!("admin1"), &json!("2026-12-22T18:00:00.000Z")));
        let restored = admin.send("POST", &restoration(&item), None).await;
        let id = deletion.rsplit('/').next().unwrap();
        assert_eq!(restored.data(200), &json!({ "resource": resource, "id": id }));
        for (person, (answers, photo)) in people.iter().zip(&before) {
            assert_eq!((&everything(person).await, person.get(&url).await.status), (answers, *photo), "{deletion}");
        }
        assert_eq!(admin.get(TRASH).await.body["pagination"]["total"], 0);
    }
}

pub(crate) async fn a_removed_photo_can_be_brought_back_unless_there_is_another(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("client1", 90).await;
    for clear in [true, false] {
        if clear {
            desk.put("/api/clients/profiles/p1", json!({ "profilePhotoUrl": null })).await.data(200);
        } else {
            server.user("client1").delete("/api/clients/upload-photo?userId=client1").await.data(200);
        }
        assert_eq!(desk.get(&url).await.code(404), "photo_not_found");
        let manager = server.user("manager1");
        let item = only_item(&manager.get(TRASH).await);
        assert_eq!(item["resource"], "PHOTO");
        // Their own is a photo that they removed themselves.
        assert_eq!(desk.get(TRASH).await.body["pagination"]["total"], u8::from(clear));
        let other_desk = server.user("pro1");
        assert_eq!(other_desk.get(TRASH).await.body["pagination"]["total"], 0);
        other_desk.send("POST", &restoration(&item), None).await.code(404);
        let other = desk.show_photo("client1", 91).await;
        assert_eq!(manager.send("POST", &restoration(&item), None).await.code(409), "photo_exists");
        assert_eq!(desk.get(&other).await.status, 200);
        server.execute("UPDATE client_profiles SET \"profilePhotoUrl\" = NULL").await;
        manager.send("POST", &restoration(&item), None).await.data(200);
        assert_eq!(desk.get(&url).await.status, 200);
        assert_eq!(desk.get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"], url);
    }
}

pub(crate) async fn unique_keys_are_free_at_once_and_taken_ones_are_a_conflict(server: &TestServer) {
    let admin = server.user("admin1");
    admin.delete("/api/clients/preferences/f1").await.data(200);
    let preferences = only_item(&admin.get(TRASH).await);
    admin.post("/api/clients/preferences", json!({ "clientProfileId": "p1" })).await.data(201);
    assert_eq!(admin.send("POST", &restoration(&preferences), None).await.code(409), "preferences_exist");

    admin.delete("/api/clients/profiles/p1").await.data(200);
    let listed = admin.get(TRASH).await;
    let profile = listed.data(200).as_array().unwrap().iter().find(|item| item["resource"] == "PROFILE").unwrap().clone();
    assert_eq!(admin.send("POST", &restoration(&preferences), None).await.code(404), "profile_not_found");
    admin.post("/api/clients/profiles", json!({ "userId": "client1" })).await.data(201);
    assert_eq!(admin.send("POST", &restoration(&profile), None).await.code(409), "profile_exists");
    assert_eq!(admin.get(TRASH).await.body["pagination"]["total"], 2, "nothing is lost");
}

pub(crate) async fn a_hidden_note_is_not_in_the_trash_of_those_who_may_not_read_it(server: &TestServer) {
    with_notes(server).await;
    let admin = server.user("admin1");
    for note in ["n2", "n3"] {
        admin.delete(&format!("/api/clients/notes/{note}")).await.data(200);
    }
    let seen = async |subject: &str| {
        let listed = server.user(subject).get(TRASH).await;
        let mut ids: Vec<_> = listed
            .data(200)
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["resourceId"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        assert_eq!(listed.body["pagination"]["total"], ids.len());
        ids
    };
    assert_eq!(seen("admin1").await, ["n2", "n3"]);
    assert_eq!(seen("manager1").await, ["n3"]);
    assert_eq!(seen("author1").await, ["n2"]);
    assert_eq!(seen("desk1").await, ["n3"]);
    assert_eq!(seen("pro1").await, [""; 0]);
    assert_eq!(seen("admin2").await, [""; 0]);
    server.user("client1").get(TRASH).await.code(403);
    let of = |id: &str, listed: &Answer| {
        listed.data(200).as_array().unwrap().iter().find(|item| item["resourceId"] == id).unwrap().clone()
    };
    let hidden = of("n2", &admin.get(TRASH).await);
    for subject in ["manager1", "pro1", "desk1", "client1", "admin2"] {
        let refused = server.user(subject).send("POST", &restoration(&hidden), None).await;
        assert_eq!(refused.code(404), "trash_item_not_found", "{subject}");
    }
    server.user("author1").send("POST", &restoration(&hidden), None).await.data(200);
    // It is as private as it was.
    assert_eq!(server.user("manager1").get("/api/clients/notes/n2").await.code(404), "note_not_found");
}

pub(crate) async fn a_restoration_sent_again_is_answered_again(server: &TestServer) {
    let admin = server.user("admin1");
    admin.delete("/api/clients/profiles/p1").await.data(200);
    let path = restoration(&only_item(&admin.get(TRASH).await));
    let keyed = admin.clone().with("idempotency-key", "k");
    let first = keyed.send("POST", &path, None).await;
    first.data(200);
    for forget in [false, true] {
        if forget {
            server.execute("UPDATE crm_requests SET answer = NULL").await;
        }
        let again = keyed.send("POST", &path, None).await;
        assert_eq!((again.status, &again.bytes), (200, &first.bytes));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
    assert_eq!(admin.send("POST", &path, None).await.code(404), "trash_item_not_found", "without a key");
}

pub(crate) async fn deletions_and_restorations_are_on_record_with_everything_they_took(server: &TestServer) {
    with_notes(server).await;
    let admin = server.user("admin1");
    admin.delete("/api/clients/profiles/p1").await.data(200);
    admin.send("POST", &restoration(&only_item(&admin.get(TRASH).await)), None).await.data(200);
    for action in ["DELETED", "RESTORED"] {
        let listed = admin.get(&format!("/api/clients/audit?action={action}&clientProfileId=p1")).await;
        let mut subjects: Vec<_> =
            listed.data(200).as_array().unwrap().iter().map(|row| row["resourceId"].as_str().unwrap().to_owned()).collect();
        subjects.sort();
        assert_eq!(subjects, ["f1", "n1", "n2", "n3", "p1"], "{action}");
    }
}
