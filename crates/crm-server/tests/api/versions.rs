//! `ETag`, `If-Match`, `If-None-Match` and `Prefer: merge=fields`.

use crm_domain::testing::rows;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, TestServer};

const PROFILE: &str = "/api/clients/profiles/p1";
const NOTE: &str = "/api/clients/notes/n1";
const PREFERENCES: &str = "/api/clients/preferences/f1";
/// Of each item its path, a change, the field it changes, and another change.
fn items() -> [(&'static str, Value, &'static str, Value); 3] {
    [
        (PROFILE, json!({ "city": "Taxco" }), "city", json!({ "state": "Guerrero" })),
        (NOTE, json!({ "content": "Otra cosa" }), "content", json!({ "noteType": "PREFERENCE" })),
        (PREFERENCES, json!({ "reminderTime": "BOTH" }), "reminderTime", json!({ "communicationPreference": "SMS" })),
    ]
}

async fn with_a_note(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "admin1")]).await;
}

#[track_caller]
fn tag(answer: &Answer) -> String {
    let tag = answer.header("etag").unwrap_or_else(|| panic!("no tag: {}", answer.body)).to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 50, "{tag}");
    tag
}

fn having_seen<'a>(caller: &Caller<'a>, tag: &str) -> Caller<'a> {
    caller.clone().with("if-match", tag)
}

pub(crate) async fn every_item_has_a_tag_and_is_not_sent_to_those_who_have_it(server: &TestServer) {
    with_a_note(server).await;
    let admin = server.user("admin1");
    let by_profile = "/api/clients/preferences?clientProfileId=p1";
    for path in [PROFILE, NOTE, PREFERENCES, by_profile] {
        let first = admin.get(path).await;
        let known = tag(&first);
        for condition in [known.clone(), format!("\"other\", W/{known}"), "*".to_owned()] {
            let again = admin.clone().with("if-none-match", condition.clone()).get(path).await;
            assert_eq!((again.status, again.bytes.len(), tag(&again)), (304, 0, known.clone()), "{path} {condition}");
        }
        let other = admin.clone().with("if-none-match", "\"other\"").get(path).await;
        assert_eq!(other.body, first.body, "{path}");
    }
    let own = server.user("client1").get("/api/clients/profiles/me").await;
    assert_ne!(tag(&own), tag(&admin.get(PROFILE).await), "a client sees less");
    for (path, change, ..) in items() {
        let before = tag(&admin.get(path).await);
        let changed = admin.put(path, change).await;
        assert_ne!(tag(&changed), before, "{path}");
        let read = admin.clone().with("if-none-match", before).get(path).await;
        assert_eq!(read.status, 200, "{path}");
        admin.clone().with("if-match", tag(&changed)).delete(path).await.data(200);
        if path != PROFILE {
            continue;
        }
        with_a_note_and_profile_anew(server).await;
    }
}

/// What the deletion of the profile took.
async fn with_a_note_and_profile_anew(server: &TestServer) {
    server.add([rows::profile("p1", "client1"), rows::preferences("f1", "p1")]).await;
    with_a_note(server).await;
}

pub(crate) async fn a_version_that_is_gone_is_refused_with_the_present_one_and_what_differs(server: &TestServer) {
    with_a_note(server).await;
    let (admin, other) = (server.user("admin1"), server.user("super1"));
    for (path, theirs, field, mine) in items() {
        let seen = tag(&admin.get(path).await);
        let changed = other.put(path, theirs.clone()).await;
        for refused in
            [having_seen(&admin, &seen).put(path, mine.clone()).await, having_seen(&admin, &seen).delete(path).await]
        {
            assert_eq!(refused.code(412), "precondition_failed", "{path}");
            assert_eq!(refused.body["differing"], json!([field]), "{path}");
            assert_eq!(refused.body["current"], *changed.data(200), "{path}");
            // The tag of the refusal is good for another try.
            assert_eq!(having_seen(&admin, &tag(&refused)).put(path, json!({})).await.status, 200, "{path}");
        }
        // A stale version comes before whatever else is wrong.
        let refused = having_seen(&admin, &seen).put(path, json!({ "updatedAt": "2001-01-01T00:00:00.000Z" })).await;
        assert_eq!(refused.code(412), "precondition_failed", "{path}");
        let done = having_seen(&admin, &tag(&changed)).put(path, mine).await;
        assert_eq!(done.data(200)[field], theirs[field], "{path}");
    }
}

pub(crate) async fn without_a_condition_or_with_any_version_a_change_is_made(server: &TestServer) {
    let admin = server.user("admin1");
    let seen = tag(&admin.get(PROFILE).await);
    admin.put(PROFILE, json!({ "city": "Uno" })).await.data(200);
    having_seen(&admin, "*").put(PROFILE, json!({ "city": "Dos" })).await.data(200);
    let now = tag(&admin.get(PROFILE).await);
    having_seen(&admin, &format!("{seen}, \"x\", {now}")).put(PROFILE, json!({ "city": "Tres" })).await.data(200);
    let now = tag(&admin.get(PROFILE).await);
    for no_version in [format!("W/{now}"), "\"x\"".to_owned(), "nonsense".to_owned(), String::new(), seen] {
        let refused = having_seen(&admin, &no_version).put(PROFILE, json!({ "city": "Cuatro" })).await;
        assert_eq!(refused.code(412), "precondition_failed", "{no_version}");
        assert!(!refused.body["differing"].as_array().unwrap().is_empty(), "{no_version}");
    }
    // What is missing is missing, whatever its version.
    assert_eq!(having_seen(&admin, "\"x\"").put("/api/clients/profiles/p2", json!({})).await.code(404), "profile_not_found");
}

pub(crate) async fn two_people_who_change_different_fields_both_keep_their_change_if_asked_for(server: &TestServer) {
    with_a_note(server).await;
    let (admin, other) = (server.user("admin1"), server.user("super1"));
    for (path, theirs, field, mine) in items() {
        let seen = admin.get(path).await;
        other.put(path, theirs.clone()).await.data(200);
        let merging = having_seen(&admin, &tag(&seen)).with("prefer", "respond-async, Merge=Fields");
        // A form sends back everything it was given, of which one field is new.
        let mut body = seen.data(200).clone();
        for gone in ["user", "clientNotes", "clientPreferences", "createdBy", "clientProfile"] {
            body.as_object_mut().unwrap().remove(gone);
        }
        let (mine, value) =
            mine.as_object().unwrap().iter().next().map(|(field, value)| (field.clone(), value.clone())).unwrap();
        body[&mine] = value.clone();
        let merged = merging.put(path, body).await;
        let now = merged.data(200);
        assert_eq!((&now[field], &now[&mine]), (&theirs[field], &value), "{path}");
        assert_eq!(merged.body["merged"], json!({ "yours": [mine], "theirs": [field] }), "{path}");
        assert_eq!(merged.header("preference-applied"), Some("merge=fields"), "{path}");
        let plain = having_seen(&admin, &tag(&merged)).with("prefer", "merge=fields").put(path, json!({})).await;
        assert_eq!((plain.status, plain.header("preference-applied")), (200, None), "{path}");
        assert!(plain.body.get("merged").is_none(), "{path}");
    }
}

pub(crate) async fn a_field_that_both_changed_is_not_merged(server: &TestServer) {
    let admin = server.user("admin1");
    let seen = tag(&admin.get(PROFILE).await);
    server.user("super1").put(PROFILE, json!({ "city": "Tepic", "state": "Nayarit" })).await.data(200);
    let merging = having_seen(&admin, &seen).with("prefer", "merge=fields");
    let refused = merging.put(PROFILE, json!({ "city": "Taxco", "company": "Plata" })).await;
    assert_eq!((refused.code(412), &refused.body["differing"]), ("precondition_failed", &json!(["city"])));
    assert_eq!(admin.get(PROFILE).await.data(200)["company"], Value::Null, "nothing was changed");
    let agreed = merging.put(PROFILE, json!({ "city": "Tepic", "company": "Plata" })).await;
    assert_eq!(agreed.data(200)["company"], "Plata");
}

pub(crate) async fn what_another_application_wrote_counts_whatever_the_clock_says(server: &TestServer) {
    let desk = server.user("desk1");
    let seen = tag(&desk.get(PROFILE).await);
    // The row says it was last changed when it was, or before.
    server.execute("UPDATE client_profiles SET city = 'Tepic' WHERE id = 'p1'").await;
    assert_eq!(having_seen(&desk, &seen).put(PROFILE, json!({ "state": "x" })).await.code(412), "precondition_failed");
    let seen = tag(&desk.get(PROFILE).await);
    let earlier = "UPDATE client_profiles SET city = 'Taxco', \"updatedAt\" = '2001-01-01 00:00:00.000' WHERE id = 'p1'";
    server.execute(earlier).await;
    assert_eq!(having_seen(&desk, &seen).put(PROFILE, json!({ "state": "x" })).await.code(412), "precondition_failed");
    // The clock stands still, so all of these are changes of one millisecond.
    let mut tags = vec![tag(&desk.get(PROFILE).await)];
    for city in ["Uno", "Dos", "Tres"] {
        tags.push(tag(&having_seen(&desk, &tags[tags.len() - 1]).put(PROFILE, json!({ "city": city })).await));
    }
    server.clock().set("2001-01-01T00:00:00Z");
    tags.push(tag(&having_seen(&desk, &tags[tags.len() - 1]).put(PROFILE, json!({ "city": "Cuatro" })).await));
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 5);
}

pub(crate) async fn what_stands_beside_a_profile_does_not_stand_in_the_way_of_its_change(server: &TestServer) {
    let desk = server.user("desk1");
    let seen = tag(&desk.get(PROFILE).await);
    desk.post("/api/clients/notes", json!({ "clientProfileId": "p1", "content": "Llegó tarde" })).await.data(201);
    let read = desk.clone().with("if-none-match", seen.clone()).get(PROFILE).await;
    assert_eq!(read.status, 200, "the card shows the note");
    having_seen(&desk, &seen).put(PROFILE, json!({ "city": "Taxco" })).await.data(200);
}

pub(crate) async fn a_clients_version_does_not_tell_of_the_staff_field(server: &TestServer) {
    let client = server.user("client1");
    let seen = tag(&client.get(PROFILE).await);
    server.user("desk1").put(PROFILE, json!({ "notes": "Paga tarde" })).await.data(200);
    having_seen(&client, &seen).put(PROFILE, json!({ "city": "Taxco" })).await.data(200);
    let refused = having_seen(&client, &seen).put(PROFILE, json!({ "city": "Tepic" })).await;
    assert_eq!((refused.code(412), &refused.body["differing"]), ("precondition_failed", &json!(["city"])));
    assert!(!refused.body.to_string().contains("Paga tarde") && refused.body["current"].get("notes").is_none());
}

pub(crate) async fn a_refusal_does_not_show_what_may_not_be_read(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "author1")]).await;
    let manager = server.user("manager1");
    let seen = tag(&manager.get(NOTE).await);
    server.user("author1").put(NOTE, json!({ "isPrivate": true, "content": "secreto" })).await.data(200);
    for refused in [
        having_seen(&manager, &seen).put(NOTE, json!({ "content": "x" })).await,
        having_seen(&manager, &seen).delete(NOTE).await,
        manager.clone().with("if-none-match", seen.clone()).get(NOTE).await,
    ] {
        assert_eq!(refused.code(404), "note_not_found");
    }
    // Whoever is shown the present text of a MEDICAL note has read it.
    server.add([rows::note("n2", "p1").with("createdByUserId", "author1").with("noteType", "MEDICAL")]).await;
    let refused = having_seen(&manager, &seen).put("/api/clients/notes/n2", json!({ "content": "x" })).await;
    assert_eq!(refused.code(412), "precondition_failed");
    let reads = server.user("admin1").get("/api/clients/audit?action=READ&userId=manager1").await;
    assert_eq!(reads.body["pagination"]["total"], 1);
}

pub(crate) async fn a_photo_is_removed_by_the_version_of_its_profile(server: &TestServer) {
    let (desk, removal) = (server.user("desk1"), "/api/clients/upload-photo?userId=client1");
    let url = desk.show_photo("client1", 90).await;
    let seen = tag(&desk.get(PROFILE).await);
    let other = desk.show_photo("client1", 91).await;
    let refused = having_seen(&desk, &seen).delete(removal).await;
    assert_eq!((refused.code(412), &refused.body["differing"]), ("precondition_failed", &json!(["profilePhotoUrl"])));
    assert_eq!(refused.body["current"]["profilePhotoUrl"], other);
    assert_eq!((desk.get(&url).await.status, desk.get(&other).await.status), (404, 200));
    having_seen(&desk, &tag(&refused)).delete(removal).await.data(200);
    assert_eq!(desk.get(&other).await.status, 404);
}

pub(crate) async fn fifty_writers_and_an_application_of_its_own_lose_no_change(server: &TestServer) {
    const WRITERS: usize = 50;
    const CHANGES: usize = 20;
    const OUTSIDE: usize = 100;
    server.execute("UPDATE client_profiles SET \"postalCode\" = '0' WHERE id = 'p1'").await;
    let desk = server.user("desk1");
    let count = |answer: &Value| answer["postalCode"].as_str().unwrap().parse::<usize>().unwrap();
    let write = async || {
        let read = desk.get(PROFILE).await;
        let (mut seen, mut counted, mut done) = (tag(&read), count(read.data(200)), 0);
        while done < CHANGES {
            let answer = having_seen(&desk, &seen).put(PROFILE, json!({ "postalCode": (counted + 1).to_string() })).await;
            seen = tag(&answer);
            if answer.status == 200 {
                (counted, done) = (count(answer.data(200)), done + 1);
            } else {
                assert_eq!(answer.code(412), "precondition_failed");
                counted = count(&answer.body["current"]);
            }
        }
    };
    let outside = async {
        for _ in 0..OUTSIDE {
            let add = "UPDATE client_profiles SET \"postalCode\" = CAST(CAST(\"postalCode\" AS integer) + 1 AS text) WHERE id = 'p1'";
            server.execute(add).await;
            tokio::task::yield_now().await;
        }
    };
    futures_util::future::join(join_all((0..WRITERS).map(|_| write())), outside).await;
    assert_eq!(count(desk.get(PROFILE).await.data(200)), WRITERS * CHANGES + OUTSIDE);
}
