//! Reading and removing photos. Uploads are tested elsewhere; here photos are kept without one.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, photo_url};

const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const OTHER: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

/// Which of the photo's two objects exist.
async fn kept(server: &TestServer, hash: &str) -> [bool; 2] {
    let objects = server.objects().await;
    [format!("{hash}.jpg"), format!("{hash}-thumbnail.jpg")].map(|name| objects.contains(&format!("t1/client1/{name}")))
}

async fn show(server: &TestServer, url: &str) {
    let body = json!({ "profilePhotoUrl": url });
    server.user("desk1").put("/api/clients/profiles/p1", body).await.data(200);
}

/// A photo without a profile waits for one; with one, only the profile counts.
pub(crate) async fn a_photo_that_waits_for_a_profile_is_readable(server: &TestServer) {
    server.keep_photo("t1", "blank1", HASH).await;
    let url = photo_url("blank1", &format!("{HASH}.jpg"));
    for (user, status) in [("desk1", 200), ("pro1", 200), ("blank1", 200), ("other1", 404), ("desk2", 404)] {
        assert_eq!(server.user(user).get(&url).await.status, status, "{user}");
    }
    for state in ["writing", "doomed"] {
        server.execute(&format!("UPDATE crm_photos SET state = '{state}'")).await;
        assert_eq!(server.user("desk1").get(&url).await.code(404), "photo_not_found", "{state}");
    }
}

/// Gives `client1` a photo and returns its address.
async fn with_photo(server: &TestServer) -> String {
    server.keep_photo("t1", "client1", HASH).await;
    let url = photo_url("client1", &format!("{HASH}.jpg"));
    show(server, &url).await;
    url
}

fn caching(answer: &Answer) -> [Option<&str>; 3] {
    ["etag", "cache-control", "x-content-type-options"].map(|name| answer.header(name))
}

pub(crate) async fn a_photo_is_sent_privately_cacheable_and_inert(server: &TestServer) {
    let url = with_photo(server).await;
    for user in ["desk1", "pro1", "client1"] {
        let photo = server.user(user).get(&url).await;
        assert_eq!((photo.status, photo.bytes.as_slice()), (200, b"whole".as_slice()), "{user}");
        let etag = format!("\"{HASH}.jpg\"");
        assert_eq!(caching(&photo), [Some(etag.as_str()), Some("private, max-age=31536000, immutable"), Some("nosniff")]);
        assert_eq!(photo.header("content-type"), Some("image/jpeg"));
        assert_eq!(photo.header("content-disposition"), Some("inline; filename=\"foto.jpg\""));
        assert!(photo.header("content-security-policy").is_some_and(|policy| policy.contains("sandbox")));
    }
    let small = server.user("desk1").get(&photo_url("client1", &format!("{HASH}-thumbnail.jpg"))).await;
    assert_eq!((small.status, small.bytes.as_slice()), (200, b"small".as_slice()));
    assert_ne!(small.header("etag"), Some(format!("\"{HASH}.jpg\"").as_str()));
    let head = server.user("desk1").send("HEAD", &url, None).await;
    assert_eq!((head.status, head.bytes.len(), head.header("content-type")), (200, 0, Some("image/jpeg")));
}

pub(crate) async fn a_photo_the_caller_has_is_not_sent_again(server: &TestServer) {
    let url = with_photo(server).await;
    let first = server.user("desk1").get(&url).await;
    let etag = first.header("etag").unwrap();
    for known in [etag.to_owned(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let again = server.user("desk1").with("if-none-match", known.as_str()).get(&url).await;
        assert_eq!((again.status, again.bytes.len()), (304, 0), "{known}");
        assert_eq!(caching(&again), caching(&first), "{known}");
    }
    for stale in [format!("\"{OTHER}.jpg\""), format!("\"{HASH}-thumbnail.jpg\""), "x".to_owned()] {
        let again = server.user("desk1").with("if-none-match", stale.as_str()).get(&url).await;
        assert_eq!((again.status, again.bytes.as_slice()), (200, b"whole".as_slice()), "{stale}");
    }
    // Who may no longer see it is not told that theirs is current.
    let foreign = server.user("desk2").with("if-none-match", etag).get(&url).await;
    assert_eq!(foreign.code(404), "photo_not_found");
}

pub(crate) async fn only_the_photo_a_profile_shows_is_readable(server: &TestServer) {
    let url = with_photo(server).await;
    server.keep_photo("t1", "client1", OTHER).await;
    for (user, path) in [
        ("desk1", photo_url("client1", &format!("{OTHER}.jpg"))),
        ("desk1", photo_url("other1", &format!("{HASH}.jpg"))),
        ("desk1", photo_url("blank1", &format!("{HASH}.jpg"))),
        ("desk1", photo_url("nobody", &format!("{HASH}.jpg"))),
        ("other1", url.clone()),
        ("desk2", url.clone()),
    ] {
        let answer = server.user(user).get(&path).await;
        assert_eq!(answer.code(404), "photo_not_found", "{user} {path}");
        assert_eq!((answer.header("etag"), answer.header("cache-control")), (None, Some("no-store")));
    }
    assert_eq!(server.nobody().get(&url).await.code(401), "unauthenticated");
    show(server, "https://fotos.ejemplo.mx/ana.jpg").await;
    assert_eq!(server.user("desk1").get(&url).await.code(404), "photo_not_found");
}

/// Photos are small, and a part of one would be cached as if it were the whole.
pub(crate) async fn a_part_of_a_photo_is_answered_with_the_whole(server: &TestServer) {
    let url = with_photo(server).await;
    for range in ["bytes=0-1", "bytes=1-", "bytes=-2", "bytes=0-0,2-3", "bytes=99-", "bytes=x", "pages=1"] {
        let photo = server.user("desk1").with("range", range).with("accept-encoding", "gzip, br").get(&url).await;
        assert_eq!((photo.status, photo.bytes.as_slice()), (200, b"whole".as_slice()), "{range}");
        assert_eq!((photo.header("accept-ranges"), photo.header("content-range")), (Some("none"), None), "{range}");
        assert_eq!((photo.header("content-length"), photo.header("content-encoding")), (Some("5"), None), "{range}");
    }
}

pub(crate) async fn a_photo_missing_in_the_store_is_not_found(server: &TestServer) {
    let url = photo_url("client1", &format!("{HASH}.jpg"));
    let sql = format!("UPDATE client_profiles SET \"profilePhotoUrl\" = '{url}' WHERE id = 'p1'");
    server.execute(&sql).await;
    assert_eq!(server.user("desk1").get(&url).await.code(404), "photo_not_found");
}

pub(crate) async fn hostile_photo_names_are_not_found(server: &TestServer) {
    with_photo(server).await;
    let authorization = format!("authorization: Bearer {}", server.token("desk1"));
    let upper = HASH.to_uppercase();
    for path in [
        "client1/..%2f..%2fcrm.db".to_owned(),
        "client1/../client1/x.jpg".to_owned(),
        "client1/....//x.jpg".to_owned(),
        "../../t2/client2/x.jpg".to_owned(),
        "..%2ft2/x.jpg".to_owned(),
        "client1/%2e%2e%2f%2e%2e".to_owned(),
        format!("client1/{HASH}.jpg%00.png"),
        format!("client1/{HASH}.png"),
        format!("client1/{HASH}"),
        format!("client1/{upper}.jpg"),
        format!("client1/{HASH}-512.jpg"),
        format!("client1/{HASH}.jpg%0d%0ax:%20y"),
        format!("client1/{HASH}.jpg/x"),
        format!("client1%2f{HASH}.jpg"),
        format!("/{HASH}.jpg"),
        format!("client1/%ff{HASH}.jpg"),
        format!("client1\\{HASH}.jpg"),
        format!("{}/{HASH}.jpg", "x".repeat(5_000)),
    ] {
        let line = format!("GET /api/clients/photos/{path} HTTP/1.1");
        let (status, answer) = server.send_lines(&[&line, &authorization]).await;
        assert_eq!(status, 404, "{path}: {answer}");
        assert!(answer.contains("\"success\":false") && !answer.contains("whole"), "{path}: {answer}");
    }
}

pub(crate) async fn removing_a_photo_removes_the_reference_and_hides_the_photo(server: &TestServer) {
    let url = with_photo(server).await;
    let removed = server.user("client1").delete("/api/clients/upload-photo?userId=client1").await;
    assert_eq!((removed.status, &removed.body), (200, &json!({ "success": true, "data": { "id": "client1" } })));
    assert_eq!(kept(server, HASH).await, [true, true], "it is in the trash");
    assert_eq!(server.user("desk1").get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"], Value::Null);
    assert_eq!(server.user("desk1").get(&url).await.code(404), "photo_not_found");
    let again = server.user("desk1").delete("/api/clients/upload-photo?userId=client1").await;
    assert_eq!(again.code(404), "photo_not_found");
}

pub(crate) async fn removing_somebody_elses_address_leaves_the_store_alone(server: &TestServer) {
    server.keep_photo("t1", "client1", HASH).await;
    show(server, &format!("https://fotos.ejemplo.mx/client1/{HASH}.jpg")).await;
    server.user("desk1").delete("/api/clients/upload-photo?userId=client1").await.data(200);
    assert_eq!(kept(server, HASH).await, [true, true]);
    assert_eq!(server.user("desk1").get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"], Value::Null);
}

/// What a browser makes of our address.
pub(crate) async fn our_address_with_a_host_before_it_is_the_same_photo(server: &TestServer) {
    let url = with_photo(server).await;
    let body = json!({ "profilePhotoUrl": format!("https://crm.ejemplo.mx{url}") });
    let changed = server.user("desk1").put("/api/clients/profiles/p1", body).await;
    assert_eq!(changed.data(200)["profilePhotoUrl"], url);
    assert_eq!(kept(server, HASH).await, [true, true]);
}

pub(crate) async fn removing_a_photo_needs_a_user_one_may_change(server: &TestServer) {
    with_photo(server).await;
    for (user, subject, code) in [
        ("desk1", "other1", "photo_not_found"),
        ("desk1", "blank1", "photo_not_found"),
        ("desk1", "nobody", "photo_not_found"),
        ("desk2", "client1", "photo_not_found"),
        ("other1", "client1", "photo_not_found"),
    ] {
        let answer = server.user(user).delete(&format!("/api/clients/upload-photo?userId={subject}")).await;
        assert_eq!(answer.code(404), code, "{user} {subject}");
    }
    for query in ["", "?userId=", "?userId=..%2F..", "?userId=a%20b"] {
        let answer = server.user("desk1").delete(&format!("/api/clients/upload-photo{query}")).await;
        assert_eq!(answer.wrong_fields(), ["userId"], "{query}");
    }
    assert_eq!(kept(server, HASH).await, [true, true]);
}

pub(crate) async fn a_photo_that_is_replaced_is_removed(server: &TestServer) {
    with_photo(server).await;
    show(server, "https://fotos.ejemplo.mx/ana.jpg").await;
    assert_eq!(kept(server, HASH).await, [false, false], "replaced");
    with_photo(server).await;
    server.user("desk1").put("/api/clients/profiles/p1", json!({ "city": "Puebla" })).await.data(200);
    assert_eq!(kept(server, HASH).await, [true, true], "another field changed");
    server.user("desk1").put("/api/clients/profiles/p1", json!({ "profilePhotoUrl": null })).await.data(200);
    assert_eq!(kept(server, HASH).await, [true, true], "cleared, and in the trash");
}
