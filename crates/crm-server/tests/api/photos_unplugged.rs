//! While the photo store does not answer, what needs no photo goes on.

use serde_json::{Value, json};

use crate::support::picture::jpeg;
use crate::support::{Answer, TestServer, UPLOAD, keys_of};

fn assert_unavailable(answer: &Answer, what: &str) {
    assert_eq!(answer.code(503), "unavailable", "{what}");
    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{what}");
    assert_eq!((answer.header("etag"), answer.header("cache-control")), (None, Some("no-store")), "{what}");
}

pub(crate) async fn profiles_are_shown_with_the_address_of_a_photo_that_is_out_of_reach(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("client1", 90).await;
    server.photos().unplug(true);
    assert_eq!(desk.get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"], url.as_str());
    assert_eq!(desk.get("/api/clients/profiles?userId=client1").await.data(200)[0]["profilePhotoUrl"], url.as_str());
    desk.put("/api/clients/profiles/p1", json!({ "city": "Taxco" })).await.data(200);
}

pub(crate) async fn a_photo_out_of_reach_is_unavailable_unless_the_caller_has_it(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("client1", 90).await;
    let etag = desk.get(&url).await.header("etag").unwrap().to_owned();
    server.photos().unplug(true);
    assert_unavailable(&desk.get(&url).await, "get");
    assert_eq!(desk.send("HEAD", &url, None).await.status, 503);
    assert_eq!(desk.clone().with("if-none-match", etag.as_str()).get(&url).await.status, 304);
    // What may not be seen is still missing, rather than unavailable.
    assert_eq!(server.user("other1").get(&url).await.code(404), "photo_not_found");
    server.photos().unplug(false);
    assert_eq!(desk.get(&url).await.status, 200);
}

pub(crate) async fn without_its_photos_the_service_is_not_ready(server: &TestServer) {
    server.photos().unplug(true);
    let ready = server.nobody().get("/health/ready").await;
    assert_eq!((ready.status, &ready.body), (503, &json!({ "success": false, "database": "ok", "photos": "unavailable" })));
    assert!(ready.header("retry-after").is_some());
    assert_eq!(server.nobody().get("/health/live").await.status, 200);
    server.photos().unplug(false);
    assert_eq!(server.nobody().get("/health/ready").await.status, 200);
}

pub(crate) async fn an_upload_that_can_not_be_stored_leaves_the_old_photo(server: &TestServer) {
    let desk = server.user("desk1");
    let old = desk.show_photo("client1", 90).await;
    let profile = desk.get("/api/clients/profiles/p1").await.body;
    server.photos().unplug(true);
    assert_unavailable(&desk.upload("client1", &jpeg(40, 30, 91)).await, "upload");
    assert_unavailable(&desk.upload("blank1", &jpeg(40, 30, 91)).await, "upload without a profile");
    server.photos().unplug(false);
    assert_eq!(desk.get("/api/clients/profiles/p1").await.body, profile);
    assert_eq!((desk.get(&old).await.status, server.objects().await), (200, keys_of("t1", &old)));
    let new = desk.show_photo("client1", 91).await;
    assert_eq!(server.objects().await, keys_of("t1", &new), "the next attempt succeeds");
}

/// Its address can be worked out beforehand, by whoever uploaded the same photo before.
pub(crate) async fn a_photo_that_could_not_be_stored_is_not_shown(server: &TestServer) {
    let desk = server.user("desk1");
    let failed = desk.show_photo("client1", 90).await;
    let shown = desk.show_photo("client1", 91).await;
    server.photos().unplug(true);
    assert_unavailable(&desk.upload("client1", &jpeg(40, 30, 90)).await, "upload");
    server.photos().unplug(false);
    let answer = desk.put("/api/clients/profiles/p1", json!({ "profilePhotoUrl": failed })).await;
    assert_eq!(answer.wrong_fields(), ["profilePhotoUrl"]);
    assert_eq!((desk.get(&shown).await.status, desk.get(&failed).await.status), (200, 404));
}

pub(crate) async fn photos_and_profiles_are_removed_even_if_their_objects_stay_a_while(server: &TestServer) {
    let (desk, admin) = (server.user("desk1"), server.user("admin1"));
    let urls =
        [desk.show_photo("client1", 90).await, desk.show_photo("other1", 91).await, desk.show_photo("blank1", 92).await];
    let kept = server.objects().await;
    server.photos().unplug(true);
    desk.delete(&format!("{UPLOAD}?userId=client1")).await.data(200);
    admin.delete("/api/clients/profiles/o1").await.data(200);
    desk.delete(&format!("{UPLOAD}?userId=blank1")).await.data(200);
    assert_eq!(desk.get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"], Value::Null);
    server.photos().unplug(false);
    for url in &urls {
        assert_eq!(desk.get(url).await.code(404), "photo_not_found");
    }
    // The sweep finds by its record what nobody can bring back; the rest is in the trash.
    assert_eq!(server.objects().await, kept);
    let ledger = server.ledger().await;
    let states: Vec<_> = ledger.iter().filter_map(|record| record.rsplit_once(' ').map(|(_, state)| state)).collect();
    assert_eq!(states, ["doomed", "trashed", "trashed"], "{ledger:?}");
    // Nobody can show one whose objects are about to go, nor one from the trash by its address.
    let body = json!({ "profilePhotoUrl": urls[0] });
    assert_eq!(desk.put("/api/clients/profiles/p1", body).await.wrong_fields(), ["profilePhotoUrl"]);
    assert_unavailable(&desk.upload("blank1", &jpeg(40, 30, 92)).await, "the same photo again");
    assert_eq!(desk.show_photo("client1", 90).await, urls[0], "another copy of one in the trash");
    assert_eq!(desk.get(&urls[0]).await.status, 200);
    server.clock().set("2026-11-22T18:02:00.000Z");
    assert_eq!(desk.show_photo("blank1", 92).await, urls[2]);
}
