//! Giving somebody a photo: what is answered, shown, kept and removed.

use serde_json::{Value, json};

use crate::support::picture::{dimensions, jpeg};
use crate::support::{TestServer, UPLOAD, keys_of, photo_url};

async fn shown(server: &TestServer, profile: &str) -> Value {
    let card = server.user("desk1").get(&format!("/api/clients/profiles/{profile}")).await;
    card.data(200)["profilePhotoUrl"].clone()
}

pub(crate) async fn an_upload_is_answered_with_both_addresses_and_the_size(server: &TestServer) {
    let answer = server.user("desk1").upload("client1", &jpeg(1_000, 500, 90)).await;
    let url = answer.data(200)["url"].as_str().unwrap();
    let thumbnail = url.replace(".jpg", "-thumbnail.jpg");
    let data = json!({ "url": url, "thumbnailUrl": thumbnail, "width": 512, "height": 256 });
    assert_eq!(answer.body, json!({ "success": true, "data": data, "url": url }));
    assert_eq!(keys_of("t1", url), server.objects().await);
    assert!(url.starts_with("/api/clients/photos/client1/"), "{url}");
}

pub(crate) async fn both_sizes_of_an_upload_are_readable_jpegs(server: &TestServer) {
    for (width, height, full) in
        [(1_000, 500, (512, 256)), (500, 1_000, (256, 512)), (512, 512, (512, 512)), (40, 30, (40, 30))]
    {
        let answer = server.user("desk1").upload("client1", &jpeg(width, height, 90)).await;
        let data = answer.data(200);
        assert_eq!((&data["width"], &data["height"]), (&json!(full.0), &json!(full.1)));
        for (field, size) in [("url", full), ("thumbnailUrl", (96, 96))] {
            let photo = server.user("pro1").get(data[field].as_str().unwrap()).await;
            assert_eq!((photo.status, photo.header("content-type")), (200, Some("image/jpeg")), "{field}");
            assert_eq!(dimensions(&photo.bytes), Some(size), "{field} of {width}x{height}");
        }
    }
}

pub(crate) async fn a_profile_shows_an_uploaded_photo_at_once(server: &TestServer) {
    let desk = server.user("desk1");
    let before = desk.get("/api/clients/profiles/p1").await;
    server.clock().set("2026-11-22T18:05:00.000Z");
    let url = desk.show_photo("client1", 90).await;
    let after = desk.get("/api/clients/profiles/p1").await;
    let mut expected = before.data(200).clone();
    expected["profilePhotoUrl"] = json!(url);
    expected["updatedAt"] = json!("2026-11-22T18:05:00.000Z");
    assert_eq!(after.data(200), &expected);
    let listed = desk.get("/api/clients/profiles?userId=client1").await;
    assert_eq!(listed.data(200)[0]["profilePhotoUrl"], json!(url));
    assert_eq!(shown(server, "o1").await, Value::Null);
}

pub(crate) async fn a_new_photo_replaces_the_old_one_and_its_objects(server: &TestServer) {
    let desk = server.user("desk1");
    let (old, other) = (desk.show_photo("client1", 90).await, desk.show_photo("other1", 90).await);
    let new = desk.show_photo("client1", 91).await;
    assert_ne!(old, new);
    assert_eq!(desk.get(&old).await.code(404), "photo_not_found");
    assert_eq!(desk.get(&new).await.status, 200);
    let mut kept = [keys_of("t1", &new), keys_of("t1", &other)].concat();
    kept.sort_unstable();
    assert_eq!(server.objects().await, kept, "another user's same picture is another object");
    assert_eq!(server.ledger().await.len(), 2);
}

pub(crate) async fn the_same_file_again_changes_nothing(server: &TestServer) {
    let desk = server.user("desk1");
    let first = desk.show_photo("client1", 90).await;
    let before = (server.kept().await, desk.get("/api/clients/profiles/p1").await.body);
    server.clock().set("2026-11-22T18:05:00.000Z");
    assert_eq!(desk.show_photo("client1", 90).await, first);
    assert_eq!((server.kept().await, desk.get("/api/clients/profiles/p1").await.body), before);
    assert_eq!(desk.get(&first).await.status, 200);
}

pub(crate) async fn a_photo_comes_back_after_it_was_replaced(server: &TestServer) {
    let desk = server.user("desk1");
    let first = desk.show_photo("client1", 90).await;
    desk.show_photo("client1", 91).await;
    assert_eq!(desk.show_photo("client1", 90).await, first);
    assert_eq!(server.objects().await, keys_of("t1", &first));
    assert_eq!((shown(server, "p1").await, desk.get(&first).await.status), (json!(first), 200));
}

pub(crate) async fn a_photo_may_come_before_the_profile(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("blank1", 90).await;
    assert_eq!(desk.get(&url).await.status, 200);
    let profile = desk.post("/api/clients/profiles", json!({ "userId": "blank1", "profilePhotoUrl": url })).await;
    assert_eq!(profile.data(201)["profilePhotoUrl"], json!(url));
    assert_eq!(server.user("blank1").get(&url).await.status, 200);
    assert_eq!(server.objects().await, keys_of("t1", &url));
}

pub(crate) async fn a_second_waiting_photo_replaces_the_first(server: &TestServer) {
    let desk = server.user("desk1");
    let (first, second) = (desk.show_photo("blank1", 90).await, desk.show_photo("blank1", 91).await);
    assert_eq!(server.objects().await, keys_of("t1", &second));
    assert_eq!((desk.get(&first).await.status, desk.get(&second).await.status), (404, 200));
    let body = json!({ "userId": "blank1", "profilePhotoUrl": first });
    assert_eq!(desk.post("/api/clients/profiles", body).await.wrong_fields(), ["profilePhotoUrl"]);
    desk.delete(&format!("{UPLOAD}?userId=blank1")).await.data(200);
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}

pub(crate) async fn a_waiting_photo_is_not_seen_once_a_profile_shows_another(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("blank1", 90).await;
    desk.post("/api/clients/profiles", json!({ "userId": "blank1" })).await.data(201);
    assert_eq!(desk.get(&url).await.code(404), "photo_not_found");
    let profile = desk.get("/api/clients/profiles?userId=blank1").await;
    let path = format!("/api/clients/profiles/{}", profile.ids()[0]);
    assert_eq!(desk.put(&path, json!({ "profilePhotoUrl": url })).await.data(200)["profilePhotoUrl"], json!(url));
    assert_eq!(desk.get(&url).await.status, 200);
}

pub(crate) async fn a_profile_shows_no_photo_that_was_not_uploaded_for_its_user(server: &TestServer) {
    let desk = server.user("desk1");
    let (own, others) = (desk.show_photo("client1", 90).await, desk.show_photo("other1", 91).await);
    let theirs = server.user("desk2").show_photo("client2", 92).await;
    let before = (server.kept().await, server.module_rows().await);
    for url in [
        others.clone(),
        theirs.clone(),
        theirs.replace("client2", "client1"),
        others.replace("other1", "client1"),
        photo_url("client1", &format!("{}.jpg", "0".repeat(64))),
        own.replace(".jpg", ".png"),
        own.replace("/client1/", "/../client1/"),
    ] {
        for (path, method) in [("/api/clients/profiles/p1", "PUT"), ("/api/clients/profiles", "POST")] {
            let body = if method == "PUT" {
                json!({ "profilePhotoUrl": url })
            } else {
                json!({ "userId": "blank1", "profilePhotoUrl": url })
            };
            assert_eq!(desk.send(method, path, Some(body)).await.wrong_fields(), ["profilePhotoUrl"], "{method} {url}");
        }
    }
    assert_eq!((server.kept().await, server.module_rows().await), before);
    assert_eq!(shown(server, "p1").await, json!(own));
}

pub(crate) async fn the_thumbnail_may_be_what_a_profile_shows(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("client1", 90).await;
    let thumbnail = url.replace(".jpg", "-thumbnail.jpg");
    desk.put("/api/clients/profiles/p1", json!({ "profilePhotoUrl": thumbnail })).await.data(200);
    assert_eq!(server.objects().await, keys_of("t1", &url), "it is the same photo");
    assert_eq!((desk.get(&url).await.status, desk.get(&thumbnail).await.status), (200, 200));
}

pub(crate) async fn a_deleted_profile_takes_its_photo_along(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("client1", 90).await;
    server.user("admin1").delete("/api/clients/profiles/p1").await.data(200);
    assert_eq!(server.objects().await, keys_of("t1", &url), "it is in the trash");
    assert_eq!(desk.get(&url).await.code(404), "photo_not_found");
    let body = json!({ "userId": "client1", "profilePhotoUrl": url });
    assert_eq!(desk.post("/api/clients/profiles", body).await.wrong_fields(), ["profilePhotoUrl"]);
}
