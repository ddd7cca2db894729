//! The mission's testing checklist and edge cases, row by row.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::{TestServer, UPLOAD, picture};

/// A bcrypt hash of [`PASSWORD`].
pub(crate) const PASSWORD_HASH: &str = "$2b$04$78TPHPfvxSCjldTSsj9yu.9VLd2A.mnuHo9g2JHMhMgyNsngpTgyi";
pub(crate) const PASSWORD: &str = "Clave-de-Ana-1";

fn a_profile(user: &str) -> Value {
    json!({
        "userId": user, "firstName": "Juan", "lastName": "Pérez", "dateOfBirth": "1990-01-15T00:00:00.000Z", "gender": "MALE",
        "phone": "+52 555 1234567", "email": "juan.perez@example.com", "city": "Ciudad de México", "state": "CDMX",
        "country": "México",
    })
}

pub(crate) async fn existing_users_can_sign_in(server: &TestServer) {
    server.execute(&format!("UPDATE users SET password = '{PASSWORD_HASH}' WHERE id IN ('desk1', 'blank1')")).await;
    for user in ["desk1", "blank1"] {
        let credentials = json!({ "email": format!("{user}@ejemplo.mx"), "password": PASSWORD });
        let signed_in = server.nobody().post("/sign-in", credentials).await;
        let token = signed_in.data(200)["token"].as_str().unwrap();
        let session = server.nobody().with("authorization", format!("Bearer {token}")).get("/api/clients/session").await;
        assert_eq!(session.data(200)["userId"], user);
    }
}

pub(crate) async fn a_user_without_a_profile_can_use_the_system(server: &TestServer) {
    let blank = server.user("blank1");
    assert_eq!(blank.get("/api/clients/session").await.data(200)["ownProfileUserId"], "blank1");
    assert_eq!(blank.get("/api/clients/profiles/me").await.code(404), "profile_not_found");
    // Staff have no profile either.
    let listed = server.user("desk1").get("/api/clients/profiles").await;
    assert_eq!(listed.ids(), ["p1", "o1"]);
    assert_eq!(server.user("desk1").get("/api/clients/profiles?userId=blank1").await.ids(), Vec::<&str>::new());
}

pub(crate) async fn a_client_profile_can_be_created_read_changed_and_deleted(server: &TestServer) {
    let desk = server.user("desk1");
    let created = desk.post("/api/clients/profiles", a_profile("blank1")).await;
    let path = format!("/api/clients/profiles/{}", created.data(201)["id"].as_str().unwrap());
    assert_eq!(desk.get(&path).await.data(200)["lastName"], "Pérez");
    assert_eq!(desk.put(&path, json!({ "lastName": "Ruiz" })).await.data(200)["lastName"], "Ruiz");
    server.user("admin1").delete(&path).await.data(200);
    assert_eq!(desk.get(&path).await.code(404), "profile_not_found");
    assert_eq!(server.select_text("SELECT id FROM users WHERE id = 'blank1'").await.as_deref(), Some("blank1"));
}

pub(crate) async fn notes_can_be_added_to_a_profile(server: &TestServer) {
    let note = json!({
        "clientProfileId": "p1", "createdByUserId": "pro1", "noteType": "MEDICAL",
        "content": "Cliente alérgico a ciertos productos", "isPrivate": true,
    });
    let written = server.user("pro1").post("/api/clients/notes", note).await;
    assert_eq!(written.data(201)["content"], "Cliente alérgico a ciertos productos");
    let listed = server.user("pro1").get("/api/clients/notes?clientProfileId=p1").await;
    assert_eq!(listed.ids(), [written.body["data"]["id"].as_str().unwrap()]);
}

pub(crate) async fn preferences_can_be_set(server: &TestServer) {
    let preferences = json!({
        "clientProfileId": "o1", "preferredServices": ["corte1"], "preferredStaff": ["pro1"],
        "communicationPreference": "WHATSAPP", "reminderTime": "BOTH", "specialRequests": "Prefiere citas por la mañana",
    });
    let set = server.user("desk1").post("/api/clients/preferences", preferences).await;
    let read = server.user("desk1").get("/api/clients/preferences?clientProfileId=o1").await;
    assert_eq!(read.data(200), set.data(201));
    assert_eq!(read.body["data"]["communicationPreference"], "WHATSAPP");
}

pub(crate) async fn the_appointment_history_can_be_viewed(server: &TestServer) {
    let client = rows::client("k1").with("email", "client1@ejemplo.mx");
    let visit = rows::appointment("a1", "k1", "2026-05-02 16:00:00").with("status", "COMPLETED");
    server.add([client, visit.with("serviceId", "corte1").with("userId", "pro1")]).await;
    let history = server.user("desk1").get("/api/clients/profiles/p1/history").await;
    assert_eq!(history.data(200)["appointmentHistory"][0]["id"], "a1");
    assert_eq!(history.body["data"]["totalAppointments"], 1);
}

pub(crate) async fn history_works_with_no_appointments(server: &TestServer) {
    let history = server.user("desk1").get("/api/clients/profiles/p1/history").await;
    let nothing = json!({
        "appointmentHistory": [], "serviceHistory": [], "totalAppointments": 0,
        "statistics": {
            "completed": 0, "cancelled": 0, "noShow": 0, "upcoming": 0, "firstVisit": null, "lastVisit": null,
            "nextVisit": null, "totalSpent": 0.0, "totalPaid": 0.0, "averageTicket": 0.0, "noShowRate": 0.0,
        },
    });
    assert_eq!(history.data(200), &nothing);
    let pagination =
        json!({ "total": 0, "totalIsExact": true, "skip": 0, "take": 50, "hasMore": false, "nextCursor": null });
    assert_eq!(history.body["pagination"], pagination);
}

pub(crate) async fn a_photo_can_be_uploaded_read_and_removed(server: &TestServer) {
    let desk = server.user("desk1");
    let uploaded = desk.upload("client1", &picture::jpeg(800, 600, 90)).await;
    let url = uploaded.data(200)["url"].as_str().unwrap();
    assert_eq!(desk.get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"], url);

    let photo = desk.get(url).await;
    assert_eq!((photo.status, picture::dimensions(&photo.bytes)), (200, Some((512, 384))));
    desk.delete(&format!("{UPLOAD}?userId=client1")).await.data(200);
    assert_eq!(desk.get(url).await.code(404), "photo_not_found");
    assert_eq!(desk.get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"], Value::Null);
}

pub(crate) async fn pagination_works(server: &TestServer) {
    let desk = server.user("desk1");
    let first = desk.get("/api/clients/profiles?skip=0&take=1").await;
    let second = desk.get("/api/clients/profiles?skip=1&take=1").await;
    assert_eq!((first.ids(), second.ids()), (vec!["p1"], vec!["o1"]));
    assert_eq!((&first.body["pagination"]["hasMore"], &second.body["pagination"]["hasMore"]), (&json!(true), &json!(false)));
    assert_eq!(first.body["pagination"]["total"], 2);
}

pub(crate) async fn creating_a_profile_requires_that_the_user_exists(server: &TestServer) {
    let before = server.module_rows().await;
    for user in ["nobody", "client2"] {
        let refused = server.user("desk1").post("/api/clients/profiles", a_profile(user)).await;
        assert_eq!(refused.code(404), "user_not_found", "{user}");
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn a_user_can_not_have_two_profiles(server: &TestServer) {
    let before = server.module_rows().await;
    let refused = server.user("admin1").post("/api/clients/profiles", a_profile("client1")).await;
    assert_eq!(refused.code(409), "profile_exists");
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn notes_require_a_valid_profile(server: &TestServer) {
    for profile in ["nobody", "p2"] {
        let note = json!({ "clientProfileId": profile, "content": "x" });
        assert_eq!(server.user("admin1").post("/api/clients/notes", note).await.code(404), "profile_not_found", "{profile}");
    }
    let none = server.user("admin1").post("/api/clients/notes", json!({ "content": "x" })).await;
    assert_eq!(none.wrong_fields(), ["clientProfileId"]);
    assert_eq!(server.select_text("SELECT id FROM client_notes").await, None);
}

pub(crate) async fn preferences_require_a_valid_profile(server: &TestServer) {
    let before = server.module_rows().await;
    for profile in ["nobody", "o2"] {
        let refused = server.user("admin1").post("/api/clients/preferences", json!({ "clientProfileId": profile })).await;
        assert_eq!(refused.code(404), "profile_not_found", "{profile}");
        let path = format!("/api/clients/preferences?clientProfileId={profile}");
        assert_eq!(server.user("admin1").get(&path).await.code(404), "profile_not_found", "{profile}");
    }
    let none = server.user("admin1").post("/api/clients/preferences", json!({})).await;
    assert_eq!(none.wrong_fields(), ["clientProfileId"]);
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn appointments_can_be_made_for_people_without_a_profile(server: &TestServer) {
    let visit = rows::appointment("a1", "k1", "2026-05-02 16:00:00").with("serviceId", "corte1").with("userId", "pro1");
    server.add([rows::client("k1"), visit]).await;
    assert_eq!(server.select_text("SELECT \"clientId\" FROM appointments").await.as_deref(), Some("k1"));
}

pub(crate) async fn the_hosts_rows_are_the_same_after_every_operation(server: &TestServer) {
    let client = rows::client("k1").with("email", "client1@ejemplo.mx");
    let visit = rows::appointment("a1", "k1", "2026-05-02 16:00:00").with("status", "COMPLETED");
    let payment = rows::payment("m1", "k1", Some("a1"), 350.5).with("userId", "pro1");
    server.add([client, visit.with("serviceId", "corte1").with("userId", "pro1"), payment]).await;
    let before = server.host_rows().await;

    let admin = server.user("admin1");
    let profile = admin.post("/api/clients/profiles", a_profile("blank1")).await;
    let profile = profile.data(201)["id"].as_str().unwrap();
    let note = admin.post("/api/clients/notes", json!({ "clientProfileId": profile, "content": "x" })).await;
    let note = format!("/api/clients/notes/{}", note.data(201)["id"].as_str().unwrap());
    let set =
        admin.post("/api/clients/preferences", json!({ "clientProfileId": profile, "preferredStaff": ["pro1"] })).await;
    let set = format!("/api/clients/preferences/{}", set.data(201)["id"].as_str().unwrap());
    let profile = format!("/api/clients/profiles/{profile}");
    admin.put(&note, json!({ "content": "y" })).await.data(200);
    admin.put(&set, json!({ "reminderTime": "BOTH" })).await.data(200);
    admin.put(&profile, json!({ "phone": "5511112222", "email": "otra@ejemplo.mx" })).await.data(200);
    for path in [&note, &set, &profile, "/api/clients/profiles?search=juan", "/api/clients/profiles/p1/history"] {
        admin.get(path).await.data(200);
    }
    admin.show_photo("blank1", 90).await;
    admin.show_photo("client1", 91).await;
    admin.delete(&format!("{UPLOAD}?userId=client1")).await.data(200);
    for path in [&note, &set, &profile, "/api/clients/profiles/p1"] {
        admin.delete(path).await.data(200);
    }

    assert_eq!(server.host_rows().await, before);
}
