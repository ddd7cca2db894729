//! Sessions of the web app: which tokens are accepted, and what the database says of them.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::{Caller, SECRET, TestServer};

/// Tokens made by the real library, and broken ones.
fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../crm-http/tests/data/nextauth-vectors.json")).unwrap()
}

fn token(name: &str) -> String {
    let vectors = vectors();
    let vector = vectors["accepted"].as_array().unwrap().iter().find(|vector| vector["name"] == name).unwrap();
    vector["token"].as_str().unwrap().to_owned()
}

const TENANT: &str = "cten00000000000000000001";

/// The people the accepted vectors speak of.
async fn add_people(server: &TestServer) {
    server
        .add([
            rows::tenant(TENANT),
            rows::user("cusr00000000000000000001").with("role", "ADMIN").with("tenantId", TENANT),
            rows::user("cusr00000000000000000002").with("role", "PROFESSIONAL").with("tenantId", TENANT),
            rows::user("cusr00000000000000000003").with("tenantId", TENANT),
            rows::client("ccli00000000000000000001")
                .with("tenantId", TENANT)
                .with("email", "cusr00000000000000000003@ejemplo.mx"),
            rows::portal_account("ccus00000000000000000001", "portal@clientes.example")
                .with("tenantId", TENANT)
                .with("clientId", "ccli00000000000000000001"),
        ])
        .await;
}

fn bearer<'a>(server: &'a TestServer, token: &str) -> Caller<'a> {
    server.nobody().with("authorization", format!("Bearer {token}"))
}

fn cookie<'a>(server: &'a TestServer, cookies: &str) -> Caller<'a> {
    server.nobody().with("cookie", cookies)
}

pub(crate) async fn tokens_of_the_real_library_are_accepted_as_bearer_and_as_cookie(server: &TestServer) {
    assert_eq!(vectors()["secret"], SECRET);
    add_people(server).await;
    for (name, user, role, own) in [
        ("staff admin", "cusr00000000000000000001", "ADMIN", Value::Null),
        ("professional, Unicode names", "cusr00000000000000000002", "PROFESSIONAL", Value::Null),
        ("portal client", "ccus00000000000000000001", "CLIENT", json!("cusr00000000000000000003")),
        ("large enough to be chunked", "cusr00000000000000000001", "ADMIN", Value::Null),
    ] {
        let expected = json!({ "userId": user, "role": role, "tenantId": TENANT, "ownProfileUserId": own });
        let token = token(name);
        for caller in [
            bearer(server, &token),
            cookie(server, &format!("next-auth.session-token={token}")),
            cookie(server, &format!("theme=dark; __Secure-next-auth.session-token={token}; x=y")),
        ] {
            let session = caller.get("/api/clients/session").await;
            assert_eq!((session.status, &session.body), (200, &json!({ "success": true, "data": expected })), "{name}");
        }
    }
}

pub(crate) async fn a_token_in_chunks_is_put_together(server: &TestServer) {
    add_people(server).await;
    let token = token("large enough to be chunked");
    for name in vectors()["cookie_names"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        let chunks = token.as_bytes().chunks(4096 - 163).map(|chunk| std::str::from_utf8(chunk).unwrap());
        let mut cookies: Vec<_> = chunks.enumerate().map(|(number, chunk)| format!("{name}.{number}={chunk}")).collect();
        assert!(cookies.len() > 2);
        let session = cookie(server, &cookies.join("; ")).get("/api/clients/session").await;
        assert_eq!(session.data(200)["userId"], "cusr00000000000000000001", "{name}");
        cookies.reverse();
        cookie(server, &cookies.join("; ")).get("/api/clients/session").await.data(200);
        cookies.remove(1);
        let session = cookie(server, &cookies.join("; ")).get("/api/clients/session").await;
        assert_eq!(session.code(401), "unauthenticated", "a chunk of {name} is missing");
    }
}

pub(crate) async fn broken_and_forged_tokens_are_refused_alike(server: &TestServer) {
    add_people(server).await;
    let nobody = server.nobody().get("/api/clients/session").await;
    assert_eq!(nobody.code(401), "unauthenticated");
    assert_eq!(nobody.header("www-authenticate"), Some("Bearer"));
    let vectors = vectors();
    let refused = vectors["refused"].as_array().unwrap();
    assert!(refused.len() >= 19, "{}", refused.len());
    for vector in refused {
        let (name, token) = (vector["name"].as_str().unwrap(), vector["token"].as_str().unwrap());
        for caller in [bearer(server, token), cookie(server, &format!("next-auth.session-token={token}"))] {
            let answer = caller.get("/api/clients/session").await;
            assert_eq!(answer.code(401), "unauthenticated", "{name}");
            assert_eq!(answer.body["error"], nobody.body["error"], "{name}");
        }
    }
}

pub(crate) async fn a_token_ends_fifteen_seconds_after_its_time(server: &TestServer) {
    let bearer = server.user("desk1");
    for (time, status) in [("2026-11-22T19:00:14.000Z", 200), ("2026-11-22T19:00:16.000Z", 401)] {
        server.clock().set(time);
        assert_eq!(bearer.get("/api/clients/session").await.status, status, "{time}");
    }
}

pub(crate) async fn a_token_for_nobody_is_refused(server: &TestServer) {
    for subject in ["nobody", "t1", "p1", "' OR '1'='1", "desk1 "] {
        assert_eq!(server.user(subject).get("/api/clients/session").await.code(401), "unauthenticated", "{subject}");
    }
}

pub(crate) async fn a_deactivated_user_is_out_on_the_next_request(server: &TestServer) {
    let desk = server.user("desk1");
    desk.get("/api/clients/profiles").await.data(200);
    server.execute("UPDATE users SET \"isActive\" = FALSE WHERE id = 'desk1'").await;
    assert_eq!(desk.get("/api/clients/profiles").await.code(401), "unauthenticated");
    assert_eq!(desk.put("/api/clients/profiles/p1", json!({ "city": "X" })).await.code(401), "unauthenticated");
    server.execute("UPDATE users SET \"isActive\" = TRUE WHERE id = 'desk1'").await;
    desk.get("/api/clients/profiles").await.data(200);
    server.execute("DELETE FROM users WHERE id = 'desk1'").await;
    assert_eq!(desk.get("/api/clients/profiles").await.code(401), "unauthenticated");
}

pub(crate) async fn everybody_of_a_deactivated_tenant_is_out_on_the_next_request(server: &TestServer) {
    server.add([rows::portal_account("z1", "z1@correo.mx")]).await;
    let people = ["super1", "admin1", "desk1", "client1", "z1"];
    for user in people {
        server.user(user).get("/api/clients/session").await.data(200);
    }
    server.execute("UPDATE tenants SET \"isActive\" = FALSE WHERE id = 't1'").await;
    for user in people {
        assert_eq!(server.user(user).get("/api/clients/session").await.code(401), "unauthenticated", "{user}");
    }
    server.user("desk2").get("/api/clients/session").await.data(200);
}

pub(crate) async fn role_and_tenant_come_from_the_database_not_from_the_token(server: &TestServer) {
    add_people(server).await;
    server.add([rows::profile("x1", "cusr00000000000000000003")]).await;
    // The token still says ADMIN.
    let demoted = bearer(server, &token("staff admin"));
    let session = async || demoted.get("/api/clients/session").await.body["data"].clone();
    server.execute("UPDATE users SET role = 'RECEPTIONIST' WHERE id = 'cusr00000000000000000001'").await;
    assert_eq!(session().await["role"], "RECEPTIONIST");
    assert_eq!(demoted.delete("/api/clients/profiles/x1").await.code(403), "forbidden");
    server.execute("UPDATE users SET role = 'CLIENT' WHERE id = 'cusr00000000000000000001'").await;
    assert_eq!(demoted.get("/api/clients/profiles").await.code(403), "forbidden");
    server.execute("UPDATE users SET role = 'ADMIN', \"tenantId\" = 't1' WHERE id = 'cusr00000000000000000001'").await;
    assert_eq!(session().await["tenantId"], "t1");
    assert_eq!(demoted.get("/api/clients/profiles/x1").await.code(404), "profile_not_found");
    assert_eq!(demoted.get("/api/clients/profiles").await.ids(), ["p1", "o1"]);
}

pub(crate) async fn a_broken_bearer_token_is_not_made_up_for_by_a_cookie(server: &TestServer) {
    let cookies = format!("next-auth.session-token={}", server.token("desk1"));
    cookie(server, &cookies).get("/api/clients/session").await.data(200);
    let both = cookie(server, &cookies).with("authorization", "Bearer x").get("/api/clients/session").await;
    assert_eq!(both.code(401), "unauthenticated");
    // Basic authentication belongs to a proxy in front of us.
    let proxy = cookie(server, &cookies).with("authorization", "Basic eDp5").get("/api/clients/session").await;
    assert_eq!(proxy.data(200)["userId"], "desk1");
}

pub(crate) async fn a_superadmin_acts_in_one_tenant_at_a_time(server: &TestServer) {
    let own = server.user("super1");
    let other = own.clone().with("x-tenant-id", "t2");
    assert_eq!(own.get("/api/clients/session").await.data(200)["tenantId"], "t1");
    assert_eq!(other.get("/api/clients/session").await.data(200)["tenantId"], "t2");
    assert_eq!(own.get("/api/clients/profiles").await.ids(), ["p1", "o1"]);
    assert_eq!(other.get("/api/clients/profiles").await.ids(), ["p2", "o2"]);
    assert_eq!(other.get("/api/clients/profiles/p1").await.code(404), "profile_not_found");
    other.put("/api/clients/profiles/p2", json!({ "city": "Puebla" })).await.data(200);
    other.post("/api/clients/profiles", json!({ "userId": "blank2" })).await.data(201);
    for tenant in ["t3", "", "t2, t1", "' OR 1=1", "../t2"] {
        let answer = own.clone().with("x-tenant-id", tenant).get("/api/clients/profiles").await;
        assert_eq!(answer.code(404), "tenant_not_found", "{tenant}");
    }
    server.execute("UPDATE tenants SET \"isActive\" = FALSE WHERE id = 't2'").await;
    assert_eq!(other.get("/api/clients/profiles").await.code(404), "tenant_not_found");
}

pub(crate) async fn a_superadmin_writes_notes_in_the_chosen_tenant(server: &TestServer) {
    let other = server.user("super1").with("x-tenant-id", "t2");
    let written = other.post("/api/clients/notes", json!({ "clientProfileId": "p2", "content": "x" })).await;
    assert_eq!(written.data(201)["createdByUserId"], "super1");
    let id = written.body["data"]["id"].as_str().unwrap();
    assert_eq!(other.get(&format!("/api/clients/notes/{id}")).await.data(200), written.data(201));
    assert_eq!(server.user("admin2").get("/api/clients/notes").await.ids(), [id]);
    assert_eq!(server.user("admin1").get("/api/clients/notes").await.ids(), Vec::<&str>::new());
}

pub(crate) async fn nobody_else_chooses_a_tenant(server: &TestServer) {
    for user in ["admin1", "manager1", "pro1", "desk1", "client1"] {
        let caller = server.user(user);
        let answer = caller.clone().with("x-tenant-id", "t2").get("/api/clients/session").await;
        assert_eq!(answer.code(404), "tenant_not_found", "{user}");
        let own = caller.with("x-tenant-id", "t1").get("/api/clients/session").await;
        assert_eq!(own.data(200)["tenantId"], "t1", "{user}");
    }
}
