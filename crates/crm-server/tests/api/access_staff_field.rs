//! The staff field `notes` of a profile: clients neither see nor change it.

use crm_domain::access::Role;
use serde_json::{Value, json};

use crate::access::people::Person;
use crate::support::{Answer, Caller, TestServer};

/// What the world of two tenants has in the field of `p1`.
const REMARK: &str = "solo personal";

/// The profile `p1` as everything shows it that can show it.
async fn everywhere(caller: &Caller<'_>) -> Vec<(&'static str, Value, Answer)> {
    let mut shown = Vec::new();
    for path in [
        "/api/clients/profiles/p1",
        "/api/clients/profiles/me",
        "/api/clients/profiles?userId=client1",
        "/api/clients/profiles?search=client1",
    ] {
        let answer = caller.get(path).await;
        let data = answer.body["data"].clone();
        let profile = if data.is_array() { data[0].clone() } else { data };
        shown.push((path, profile, answer));
    }
    for (what, body) in [("a change", json!({"city": "Taxco"})), ("no change", json!({"city": "Taxco"}))] {
        let answer = caller.put("/api/clients/profiles/p1", body).await;
        shown.push((what, answer.body["data"].clone(), answer));
    }
    shown
}

pub(crate) async fn staff_see_the_staff_field_wherever_a_profile_is_shown(server: &TestServer) {
    for role in [Role::SuperAdmin, Role::Admin, Role::Manager, Role::Professional, Role::Receptionist] {
        let mut seen = 0;
        for (place, profile, answer) in everywhere(&Person::User(role).caller(server)).await {
            if answer.status == 200 {
                assert_eq!(profile["notes"], REMARK, "{role} {place}");
                seen += 1;
            }
        }
        assert_eq!(seen, 5, "{role}: everywhere but in a profile of their own");
    }
}

pub(crate) async fn a_client_sees_no_trace_of_the_staff_field(server: &TestServer) {
    server.add([crm_domain::testing::rows::portal_account("portal1", "client1@ejemplo.mx")]).await;
    for person in [Person::User(Role::Client), Person::Portal] {
        let mut seen = 0;
        for (place, profile, answer) in everywhere(&person.caller(server)).await {
            assert!(!String::from_utf8_lossy(&answer.bytes).contains(REMARK), "{person:?} {place}");
            if answer.status == 200 {
                let profile = profile.as_object().unwrap();
                assert!(profile.contains_key("city") && !profile.contains_key("notes"), "{person:?} {place}: {profile:?}");
                seen += 1;
            }
        }
        assert_eq!(seen, 4, "{person:?}: two ways to read and two to change their own profile");
    }
}

pub(crate) async fn a_client_can_not_touch_the_staff_field(server: &TestServer) {
    server.add([crm_domain::testing::rows::portal_account("portal1", "client1@ejemplo.mx")]).await;
    let before = server.module_rows().await;
    for person in [Person::User(Role::Client), Person::Portal] {
        for value in [json!("mías"), json!(REMARK), json!(null), json!("")] {
            for body in [json!({"notes": value}), json!({"notes": value, "city": "Taxco"})] {
                let answer = person.caller(server).put("/api/clients/profiles/p1", body.clone()).await;
                assert_eq!(answer.code(403), "forbidden", "{person:?} {body}");
            }
        }
    }
    assert_eq!(server.module_rows().await, before);
    let changed = server.user("desk1").put("/api/clients/profiles/p1", json!({"notes": "Llega tarde"})).await;
    assert_eq!(changed.data(200)["notes"], "Llega tarde");
}

pub(crate) async fn a_client_changes_the_contact_fields_of_their_own_profile(server: &TestServer) {
    let client = server.user("client1");
    let body = json!({"phone": "55 1234 5678", "email": "nueva@ejemplo.mx", "address": "Calle 1", "city": "Taxco"});
    let changed = client.put("/api/clients/profiles/p1", body.clone()).await;
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&changed.data(200)[field], value, "{field}");
    }
    assert_eq!(server.user("admin1").get("/api/clients/profiles/p1").await.data(200)["notes"], REMARK);
    assert_eq!(client.put("/api/clients/profiles/o1", body).await.code(404), "profile_not_found");
}
