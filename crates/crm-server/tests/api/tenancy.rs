//! Nobody of one tenant learns of another, or reaches into it, whatever they put anywhere in a request.

use crm_domain::testing::rows::{self, Row};
use serde_json::{Value, json};

use crate::access::cases::CASES;
use crate::access::people::{HASH, Person, Target, invite};
use crate::support::{Answer, Caller, TestServer, UPLOAD, photo_url};

/// Stands in every text of the other tenant.
const CANARY: &str = "CANARIO";
/// Part of every id of the other tenant, and of the ids that nothing has: equally long, so that answers can be compared.
const FOREIGN: &str = "foreign";
const MISSING: &str = "missing";

/// Method, path and body; `{x}` stands for `foreign` or `missing`.
type Probe = (&'static str, String, Option<Value>);

/// The other tenant: `t2`, with a client who shares the phone, and a profile's e-mail, with the client of `t1`.
async fn settle(server: &TestServer) {
    invite(server).await;
    let target = Target::new(FOREIGN, "t2");
    server.add(target.rows(true, true)).await;
    target.store_photo(server).await;
    let of_t2 = |row: Row| row.with("tenantId", "t2");
    let staff = rows::user("staff-foreign").with("role", "MANAGER").with("firstName", CANARY);
    let client = rows::client("client-foreign").with("email", "gemela@ejemplo.mx").with("phone", "5512345678");
    let appointment = rows::appointment("visit-foreign", "client-foreign", "2026-03-01 10:00:00").with("notes", CANARY);
    let payment = rows::payment("payment-foreign", "client-foreign", Some("visit-foreign"), 777.77).with("notes", CANARY);
    let there = |row: Row| of_t2(row).with("branchId", "b2").with("userId", "staff-foreign");
    server
        .add([
            rows::service("service-foreign", "t2").with("name", CANARY),
            of_t2(staff),
            of_t2(client.with("firstName", CANARY)),
            there(appointment.with("serviceId", "service-foreign")).with("status", "COMPLETED"),
            there(payment),
        ])
        .await;
    let profile = "\"firstName\" = 'CANARIO', city = 'CANARIO', notes = 'CANARIO', email = 'gemela@ejemplo.mx'";
    server
        .execute(&format!(
            "UPDATE client_profiles SET {profile}, phone = '5512345678' WHERE id = 'profile-foreign'; \
             UPDATE client_notes SET content = 'CANARIO' WHERE id = 'note-foreign'; \
             UPDATE client_preferences SET \"specialRequests\" = 'CANARIO' WHERE id = 'preferences-foreign'; \
             UPDATE users SET \"lastName\" = 'CANARIO' WHERE id = 'user-foreign'; \
             UPDATE users SET phone = '55 1234 5678' WHERE id IN ('user-foreign', 'client1'); \
             UPDATE client_profiles SET email = 'gemela@ejemplo.mx', phone = '55 1234 5678' WHERE id = 'p1'"
        ))
        .await;
    server.add([rows::note("n1", "p1").with("createdByUserId", "author1")]).await;
}

/// Everything the other tenant has, and everything that refers to it.
async fn rows_of_the_other_tenant(server: &TestServer) -> Vec<String> {
    let mut rows = server.host_rows().await;
    rows.extend(server.module_rows().await);
    rows.extend(server.objects().await);
    rows.retain(|row| row.contains(FOREIGN) || row.contains(CANARY) || row.contains("|t2") || row.starts_with("t2/"));
    rows
}

fn foreign_ids_everywhere() -> Vec<Probe> {
    let notes = "/api/clients/notes";
    let get = |path: &str| ("GET", path.to_owned(), None);
    let post = |path: &str, body| ("POST", path.to_owned(), Some(body));
    let put = |path: &str, body| ("PUT", path.to_owned(), Some(body));
    let photo = photo_url("user-{x}", &format!("{HASH}.jpg"));
    vec![
        get("/api/clients/notes?clientId=profile-{x}"),
        get("/api/clients/notes?createdByUserId=staff-{x}"),
        get("/api/clients/notes?createdByUserId=user-{x}&noteType=GENERAL&isPrivate=false"),
        get("/api/clients/preferences?clientId=profile-{x}"),
        get("/api/clients/profiles?userId=staff-{x}"),
        get("/api/clients/profiles?cursor=1767261600000~profile-{x}"),
        get("/api/clients/notes?cursor=1767261600000~note-{x}"),
        get("/api/clients/profiles/p1/history?cursor=1772359200000~visit-{x}"),
        get("/api/clients/profiles/user-{x}"),
        get("/api/clients/notes/preferences-{x}"),
        get("/api/clients/preferences/profile-{x}"),
        post("/api/clients/profiles", json!({"userId": "staff-{x}"})),
        post("/api/clients/profiles", json!({"userId": "blank1", "profilePhotoUrl": photo})),
        post(UPLOAD, json!({"userId": "staff-{x}"})),
        post(notes, json!({"clientId": "profile-{x}", "content": "Hola"})),
        post(notes, json!({"clientProfileId": "p1", "content": "Hola", "createdByUserId": "staff-{x}"})),
        post(notes, json!({"clientProfileId": "p1", "content": "Hola", "userId": "user-{x}"})),
        post(notes, json!({"clientProfileId": "profile-{x}", "content": "Hola", "createdByUserId": "staff-{x}"})),
        post("/api/clients/preferences", json!({"clientId": "profile-{x}"})),
        post("/api/clients/preferences", json!({"clientProfileId": "o1", "preferredServices": ["service-{x}"]})),
        post("/api/clients/preferences", json!({"clientProfileId": "o1", "preferredStaff": ["staff-{x}"]})),
        put("/api/clients/preferences/f1", json!({"preferredServices": ["service-{x}"], "preferredStaff": ["staff-{x}"]})),
        put("/api/clients/preferences/f1", json!({"clientProfileId": "profile-{x}"})),
        put("/api/clients/preferences/f1", json!({"id": "preferences-{x}"})),
        put("/api/clients/profiles/p1", json!({"userId": "user-{x}"})),
        put("/api/clients/profiles/p1", json!({"id": "profile-{x}"})),
        put("/api/clients/profiles/p1", json!({"profilePhotoUrl": photo})),
        put("/api/clients/notes/n1", json!({"clientProfileId": "profile-{x}"})),
        put("/api/clients/notes/n1", json!({"createdByUserId": "staff-{x}"})),
        put("/api/clients/notes/n1", json!({"id": "note-{x}"})),
        put("/api/clients/notes/note-{x}", json!({"isPrivate": true, "clientProfileId": "p1"})),
        put("/api/clients/profiles/profile-{x}", json!({"notes": "x", "profilePhotoUrl": null})),
        put("/api/clients/preferences/preferences-{x}", json!({"preferredStaff": ["pro1"], "clientProfileId": "p1"})),
    ]
}

/// The request of every route, for something of the other tenant.
fn every_route() -> impl Iterator<Item = Probe> {
    CASES.iter().filter(|case| !case.route.contains("/sign-") && case.route != "GET /metrics").map(|case| {
        let (path, body) = (case.request)(&Target::new("{x}", "t2"));
        (case.method(), path, body)
    })
}

async fn send(caller: &Caller<'_>, (method, path, body): &Probe, x: &str) -> Answer {
    let body = body.as_ref().map(|body| serde_json::from_str(&body.to_string().replace("{x}", x)).unwrap());
    caller.send_fields(method, &path.replace("{x}", x), body).await
}

/// All that an answer tells, but for what differs from request to request.
fn told(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let mut headers = answer.headers.clone();
    // What happens to the connection depends on how much of the request had arrived.
    headers.retain(|(name, _)| !["x-request-id", "date", "connection"].contains(&name.as_str()));
    headers.sort();
    let mut body = answer.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("requestId");
    }
    let body = serde_json::from_str(&body.to_string().replace(FOREIGN, MISSING)).unwrap();
    (answer.status, headers, body)
}

pub(crate) async fn what_another_tenant_has_is_as_missing_as_what_nobody_has(server: &TestServer) {
    settle(server).await;
    let before = rows_of_the_other_tenant(server).await;
    assert!(before.len() > 20, "{before:?}");
    for person in Person::all().filter(|person| person.tenant() == "t1") {
        let caller = person.caller(server);
        for probe in every_route().chain(foreign_ids_everywhere()) {
            let foreign = send(&caller, &probe, FOREIGN).await;
            let missing = send(&caller, &probe, MISSING).await;
            assert!(!String::from_utf8_lossy(&foreign.bytes).contains(CANARY), "{person:?} {probe:?}: {}", foreign.body);
            assert_eq!(told(&foreign), told(&missing), "{person:?} {probe:?}");
        }
    }
    assert_eq!(rows_of_the_other_tenant(server).await, before);
}

pub(crate) async fn nothing_of_another_tenant_is_listed_found_or_counted(server: &TestServer) {
    settle(server).await;
    for person in Person::all().filter(|person| person.tenant() == "t1") {
        let caller = person.caller(server);
        for path in [
            "/api/clients/profiles?take=200",
            "/api/clients/profiles?search=canario",
            "/api/clients/profiles?search=gemela",
            "/api/clients/profiles?search=5512345678",
            "/api/clients/profiles?search=foreign",
            "/api/clients/profiles?city=canario",
            "/api/clients/notes?take=200",
            "/api/clients/profiles/p1",
            "/api/clients/profiles/p1/history?take=200",
            "/api/clients/profiles/me",
            "/api/clients/session",
            "/metrics",
        ] {
            let answer = caller.get(path).await;
            let text = String::from_utf8_lossy(&answer.bytes);
            assert!(!text.contains(CANARY) && !text.contains(FOREIGN), "{person:?} {path}: {text}");
        }
    }
    let admin = server.user("admin1");
    let total = |answer: Answer| answer.body["pagination"]["total"].clone();
    assert_eq!(total(admin.get("/api/clients/profiles").await), 2);
    assert_eq!(total(admin.get("/api/clients/profiles?search=gemela").await), 1);
    assert_eq!(total(admin.get("/api/clients/profiles?search=canario").await), 0);
    assert_eq!(total(admin.get("/api/clients/notes").await), 1);
    assert_eq!(total(admin.get("/api/clients/profiles/p1/history").await), 0);
    let at_home = server.user("admin2").get("/api/clients/profiles/profile-foreign/history").await;
    assert_eq!(at_home.body["pagination"]["total"], 1, "the other tenant's own history: {}", at_home.body);
}

/// A cursor says where a list continues, not whose list it is.
pub(crate) async fn a_list_never_continues_in_the_tenant_of_its_cursor(server: &TestServer) {
    settle(server).await;
    for list in ["/api/clients/profiles?take=1", "/api/clients/notes?take=1"] {
        server.add([rows::note(&format!("n2-{}", list.len()), "p2").with("createdByUserId", "author2")]).await;
        let theirs = server.user("admin2").get(list).await;
        let cursor = theirs.body["pagination"]["nextCursor"].as_str().unwrap();
        let ours = server.user("admin1").get(&format!("{list}00&cursor={cursor}")).await;
        let text = String::from_utf8_lossy(&ours.bytes);
        assert_eq!(ours.status, 200);
        assert!(!text.contains(CANARY) && !text.contains(FOREIGN) && !text.contains("p2"), "{text}");
    }
}

pub(crate) async fn only_a_superadmin_chooses_a_tenant(server: &TestServer) {
    settle(server).await;
    let before = rows_of_the_other_tenant(server).await;
    for person in Person::all().filter(|person| person.tenant() == "t1" && person.subject() != "super1") {
        for probe in every_route() {
            let chosen = person.caller(server).with("x-tenant-id", "t2");
            let absent = person.caller(server).with("x-tenant-id", "t9");
            let (chosen, absent) = (send(&chosen, &probe, FOREIGN).await, send(&absent, &probe, FOREIGN).await);
            assert_eq!(told(&chosen), told(&absent), "{person:?} {probe:?}");
            if probe.1.starts_with("/api/") {
                assert_eq!(chosen.code(404), "tenant_not_found", "{person:?} {probe:?}");
            }
        }
        let own = person.caller(server).with("x-tenant-id", "t1").get("/api/clients/session").await;
        assert_eq!(own.data(200)["tenantId"], "t1", "{person:?}");
    }
    assert_eq!(rows_of_the_other_tenant(server).await, before);
    let visitor = server.user("super1");
    for absent in ["t9", "t3", "", "../t2", "t2 t1"] {
        let answer = visitor.clone().with("x-tenant-id", absent).get("/api/clients/session").await;
        assert_eq!(answer.code(404), "tenant_not_found", "{absent:?}");
    }
}
