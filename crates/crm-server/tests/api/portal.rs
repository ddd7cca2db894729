//! Portal accounts: which profile is their own.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::TestServer;

/// The user whose profile is the own one of portal account `z1`.
async fn own(server: &TestServer) -> Value {
    let session = server.user("z1").get("/api/clients/session").await;
    assert_eq!(session.data(200)["role"], "CLIENT");
    session.body["data"]["ownProfileUserId"].clone()
}

pub(crate) async fn a_portal_account_finds_its_profile_by_the_email_of_its_client_record(server: &TestServer) {
    server
        .add([
            rows::client("k1").with("email", "CLIENT1@ejemplo.mx"),
            // What the account itself says does not count beside a client record.
            rows::portal_account("z1", "other1@ejemplo.mx").with("clientId", "k1"),
        ])
        .await;
    assert_eq!(own(server).await, "client1");
    let portal = server.user("z1");
    assert_eq!(portal.get("/api/clients/profiles/me").await.data(200)["id"], "p1");
    portal.put("/api/clients/profiles/p1", json!({ "city": "Puebla" })).await.data(200);
    portal.get("/api/clients/preferences/f1").await.data(200);
    portal.get("/api/clients/profiles/p1/history").await.data(200);
    assert_eq!(portal.get("/api/clients/profiles/o1").await.code(404), "profile_not_found");
    assert_eq!(portal.get("/api/clients/profiles").await.code(403), "forbidden");
    assert_eq!(portal.get("/api/clients/notes").await.code(403), "forbidden");
}

pub(crate) async fn a_portal_account_finds_its_profile_by_the_phone_of_its_client_record(server: &TestServer) {
    server.execute("UPDATE users SET phone = '+52 1 55 1234 5678' WHERE id = 'client1'").await;
    server
        .add([
            rows::client("k1").with("phone", "(55) 1234-5678"),
            rows::portal_account("z1", "z1@correo.mx").with("clientId", "k1"),
        ])
        .await;
    assert_eq!(own(server).await, "client1");
}

pub(crate) async fn a_portal_account_without_client_record_goes_by_its_own_contact(server: &TestServer) {
    server.add([rows::portal_account("z1", "client1@ejemplo.mx")]).await;
    assert_eq!(own(server).await, "client1");
    server.execute("UPDATE client_users SET email = 'z1@correo.mx', phone = '55 1234 5678' WHERE id = 'z1'").await;
    assert_eq!(own(server).await, Value::Null);
    server.execute("UPDATE users SET phone = '5512345678' WHERE id = 'other1'").await;
    assert_eq!(own(server).await, "other1");
}

pub(crate) async fn a_portal_account_that_fits_two_users_has_no_profile(server: &TestServer) {
    server.execute("UPDATE users SET phone = '5512345678' WHERE id = 'other1'").await;
    server
        .add([
            rows::client("k1").with("email", "client1@ejemplo.mx").with("phone", "5512345678"),
            rows::portal_account("z1", "z1@correo.mx").with("clientId", "k1"),
        ])
        .await;
    assert_eq!(own(server).await, Value::Null);
    assert_eq!(server.user("z1").get("/api/clients/profiles/me").await.code(404), "profile_not_found");
    for path in ["/api/clients/profiles/p1", "/api/clients/profiles/o1"] {
        assert_eq!(server.user("z1").get(path).await.code(404), "profile_not_found", "{path}");
    }
}

pub(crate) async fn empty_contacts_make_nobody_the_same_person(server: &TestServer) {
    server.execute("UPDATE users SET phone = '' WHERE id IN ('client1')").await;
    server
        .add([
            rows::client("k1").with("email", "").with("phone", ""),
            rows::portal_account("z1", "z1@correo.mx").with("clientId", "k1"),
        ])
        .await;
    assert_eq!(own(server).await, Value::Null);
    for phone in ["-", " ", "+"] {
        server.execute(&format!("UPDATE clients SET phone = '{phone}' WHERE id = 'k1'")).await;
        server.execute(&format!("UPDATE users SET phone = '{phone}' WHERE id = 'client1'")).await;
        assert_eq!(own(server).await, Value::Null, "{phone:?}");
    }
}

pub(crate) async fn a_portal_account_does_not_reach_into_another_tenant(server: &TestServer) {
    server.execute("UPDATE users SET phone = '5512345678' WHERE id = 'client2'").await;
    server
        .add([
            rows::client("k1").with("email", "client2@ejemplo.mx").with("phone", "5512345678"),
            rows::portal_account("z1", "z1@correo.mx").with("clientId", "k1"),
        ])
        .await;
    assert_eq!(own(server).await, Value::Null);
    assert_eq!(server.user("z1").get("/api/clients/profiles/p2").await.code(404), "profile_not_found");
}

pub(crate) async fn a_deactivated_portal_account_is_out_on_the_next_request(server: &TestServer) {
    server.add([rows::portal_account("z1", "client1@ejemplo.mx")]).await;
    assert_eq!(own(server).await, "client1");
    server.execute("UPDATE client_users SET \"isActive\" = FALSE WHERE id = 'z1'").await;
    assert_eq!(server.user("z1").get("/api/clients/session").await.code(401), "unauthenticated");
}
