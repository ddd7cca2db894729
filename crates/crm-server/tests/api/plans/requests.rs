//! A request of every kind, in tenant `t7`.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, UPLOAD, photo_url};

/// A request and who sends it.
pub(super) struct Request {
    pub(super) kind: &'static str,
    /// The status it must be answered with.
    pub(super) status: u16,
    subject: &'static str,
    method: &'static str,
    path: String,
    /// The fields, unless there are none.
    body: Option<Value>,
}

impl Request {
    /// Whether this is a request for the route. A part in braces stands for anything.
    pub(super) fn is_for(&self, method: &str, route: &str) -> bool {
        let (path, parts) = (self.path.split('?').next().unwrap_or_default(), route.split('/'));
        let same = |(part, wanted): (&str, &str)| wanted.starts_with('{') || part == wanted;
        let as_long = path.split('/').count() == parts.clone().count();
        self.method == method && as_long && path.split('/').zip(parts).all(same)
    }

    pub(super) async fn send(&self, server: &TestServer) -> Answer {
        server.user(self.subject).send_fields(self.method, &self.path, self.body.clone()).await
    }
}

const STAFF: &str = "admin7";

fn get(kind: &'static str, subject: &'static str, path: impl Into<String>) -> Request {
    Request { kind, status: 200, subject, method: "GET", path: path.into(), body: None }
}

fn write(kind: &'static str, method: &'static str, path: &str, body: Value, status: u16) -> Request {
    Request { kind, status, subject: STAFF, method, path: path.to_owned(), body: Some(body) }
}

fn delete(kind: &'static str, path: &str) -> Request {
    Request { kind, status: 200, subject: STAFF, method: "DELETE", path: path.to_owned(), body: None }
}

pub(super) async fn of_every_kind(server: &TestServer) -> Vec<Request> {
    let mut all = reads(server).await;
    all.extend(writes());
    all
}

async fn reads(server: &TestServer) -> Vec<Request> {
    let second_page = |path: &'static str| async move {
        let first = server.user(STAFF).get(path).await;
        let cursor = first.body["pagination"]["nextCursor"].as_str().unwrap_or_else(|| panic!("{path}: {}", first.body));
        format!("{path}&cursor={cursor}")
    };
    vec![
        get("session", STAFF, "/api/clients/session"),
        get("session of a portal account", "a351", "/api/clients/session"),
        get("profiles", STAFF, "/api/clients/profiles"),
        get("profiles, skipping", STAFF, "/api/clients/profiles?skip=20&take=10"),
        get("profiles of a user", STAFF, "/api/clients/profiles?userId=u351"),
        get("profiles of a city", STAFF, "/api/clients/profiles?city=merida"),
        get("profiles of a state", STAFF, "/api/clients/profiles?state=yuca"),
        get("profiles by name", STAFF, "/api/clients/profiles?order=NAME&skip=20&take=10"),
        get("profiles born in a month", STAFF, "/api/clients/profiles?birthdayMonth=5&order=NAME"),
        get("profiles not seen for long", STAFF, "/api/clients/profiles?notSeenSince=2026-01-01T00:00:00Z"),
        get("search for a rare word", STAFF, "/api/clients/profiles?search=u351%40ejemplo"),
        get("search for a common word", STAFF, "/api/clients/profiles?search=perez"),
        get("search for two words", STAFF, "/api/clients/profiles?search=maria+lopez"),
        get("search for two letters", STAFF, "/api/clients/profiles?search=ma"),
        get("search for a phone", STAFF, "/api/clients/profiles?search=55+1000+0351"),
        get("search with every filter", STAFF, "/api/clients/profiles?search=maria&city=m&state=y&userId=u351"),
        get("profiles after a cursor", STAFF, second_page("/api/clients/profiles?take=5").await),
        get("search after a cursor", STAFF, second_page("/api/clients/profiles?take=5&search=maria").await),
        get("profile", STAFF, "/api/clients/profiles/p351"),
        get("my profile", "u351", "/api/clients/profiles/me"),
        get("my profile, by portal account", "a351", "/api/clients/profiles/me"),
        get("history", STAFF, "/api/clients/profiles/p351/history"),
        get("history of a time", STAFF, "/api/clients/profiles/p351/history?startDate=2026-01-01&endDate=2026-12-31"),
        get("history after a cursor", STAFF, second_page("/api/clients/profiles/p351/history?take=1").await),
        get("notes", STAFF, "/api/clients/notes"),
        get("notes for a professional", "staff7", "/api/clients/notes"),
        get("notes on a profile", STAFF, "/api/clients/notes?clientProfileId=p351"),
        get("notes on a profile for a professional", "staff7", "/api/clients/notes?clientProfileId=p351"),
        get("notes by an author", STAFF, "/api/clients/notes?createdByUserId=staff7"),
        get("notes of a type", STAFF, "/api/clients/notes?noteType=MEDICAL"),
        get("private notes", STAFF, "/api/clients/notes?isPrivate=true"),
        get("notes on a profile by an author", STAFF, "/api/clients/notes?clientProfileId=p351&createdByUserId=staff7"),
        get("notes after a cursor", STAFF, second_page("/api/clients/notes?take=5").await),
        get("notes on a profile after a cursor", STAFF, second_page("/api/clients/notes?clientProfileId=p351&take=1").await),
        get(
            "notes by an author after a cursor",
            STAFF,
            second_page("/api/clients/notes?createdByUserId=staff7&take=5").await,
        ),
        get("note", "staff7", "/api/clients/notes/n351-1"),
        get("photo", STAFF, server.user(STAFF).show_photo("u351", 90).await),
        get("photo that waits for a profile", STAFF, server.user(STAFF).show_photo("w7", 90).await),
        Request { status: 404, ..get("no photo", STAFF, photo_url("u351", &format!("{}.jpg", "0".repeat(64)))) },
        get("medical note", "staff7", "/api/clients/notes/n351-2"),
        get("audit log", STAFF, "/api/clients/audit"),
        get("audit log after a cursor", STAFF, second_page("/api/clients/audit?take=5").await),
        get("audit log of a person", STAFF, "/api/clients/audit?userId=staff7"),
        get("audit log of a client", STAFF, "/api/clients/audit?clientProfileId=p351"),
        get("audit log of a time", STAFF, "/api/clients/audit?action=READ&startDate=2026-01-01&endDate=2026-12-31"),
        get("trash", STAFF, "/api/clients/trash"),
        get("trash for a professional", "staff7", "/api/clients/trash"),
        get("trash after a cursor", STAFF, second_page("/api/clients/trash?take=5").await),
        get("activity", STAFF, "/api/clients/profiles/p351/activity"),
        get("activity for a manager", "manager7", "/api/clients/profiles/p351/activity"),
        get("preferences", STAFF, "/api/clients/preferences/f351"),
        get("preferences of a profile", STAFF, "/api/clients/preferences?clientProfileId=p351"),
    ]
}

fn writes() -> Vec<Request> {
    let lists = json!({"preferredServices": ["s7"], "preferredStaff": ["staff7"], "specialRequests": "Té"});
    let mut preferences = lists.clone();
    preferences["clientProfileId"] = "p352".into();
    vec![
        Request { method: "POST", ..get("restore a note", STAFF, "/api/clients/trash/x351/restore") },
        write("sign in", "POST", "/sign-in", json!({"email": "Nadie@ejemplo.mx", "password": "x"}), 401),
        write("create a profile", "POST", "/api/clients/profiles", json!({"userId": "w7", "gender": "FEMALE"}), 201),
        write("create a second profile", "POST", "/api/clients/profiles", json!({"userId": "w7"}), 409),
        write(
            "change a profile",
            "PUT",
            "/api/clients/profiles/p352",
            json!({"city": "Cancún", "phone": "9981234567", "gender": "OTHER"}),
            200,
        ),
        write("write a note", "POST", "/api/clients/notes", json!({"clientProfileId": "p352", "content": "Llamar"}), 201),
        write(
            "write a note for another",
            "POST",
            "/api/clients/notes",
            json!({"clientProfileId": "p352", "content": "Llamar", "createdByUserId": "staff7"}),
            201,
        ),
        write(
            "change a note",
            "PUT",
            "/api/clients/notes/n352-1",
            json!({"content": "Otra", "isPrivate": true, "noteType": "COMPLAINT"}),
            200,
        ),
        delete("delete a note", "/api/clients/notes/n352-2"),
        write("change preferences", "PUT", "/api/clients/preferences/f353", lists, 200),
        delete("delete preferences", "/api/clients/preferences/f352"),
        write("set preferences", "POST", "/api/clients/preferences", preferences, 201),
        write(
            "set a photo's address",
            "PUT",
            "/api/clients/profiles/p354",
            json!({"profilePhotoUrl": "https://ejemplo.mx/foto.jpg"}),
            200,
        ),
        delete("remove a photo", "/api/clients/upload-photo?userId=u354"),
        write("upload a first photo", "POST", UPLOAD, json!({"userId": "u356"}), 200),
        write("upload the same photo again", "POST", UPLOAD, json!({"userId": "u356"}), 200),
        write("upload a photo for nobody", "POST", UPLOAD, json!({"userId": "u1"}), 404),
        delete("remove an uploaded photo", "/api/clients/upload-photo?userId=u356"),
        write("upload a photo for another to replace", "POST", UPLOAD, json!({"userId": "u357"}), 200),
        write("replace a photo", "PUT", "/api/clients/profiles/p357", json!({"profilePhotoUrl": null}), 200),
        delete("delete a profile", "/api/clients/profiles/p355"),
    ]
}
