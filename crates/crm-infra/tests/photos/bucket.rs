//! What S3 can do to us.

use std::time::Duration;

use crm_domain::error::StoreError;
use crm_domain::photo::{PhotoKey, PhotoStore};
use crm_domain::testing::fixtures::{a_photo, tenant};
use crm_domain::value::PhotoSize;
use crm_infra::ObjectPhotoStore;

use crate::server::{BUCKET, Mood, Server, file_names};

const FOREVER: usize = usize::MAX;

fn key(number: u8) -> PhotoKey {
    a_photo(number).key(&tenant(), PhotoSize::Full).unwrap()
}

/// Asserts that no call passes for an answer.
async fn assert_unavailable(store: &ObjectPhotoStore) {
    let unavailable = |call: &str, answer: Result<String, StoreError>| {
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{call}: {answer:?}");
    };
    unavailable("ping", store.ping().await.map(|()| String::new()));
    unavailable("put", store.put(&key(1), vec![1; 1_000]).await.map(|()| String::new()));
    unavailable("size", store.size(&key(1)).await.map(|size| format!("{size:?}")));
    unavailable("open", store.open(&key(1)).await.map(|found| format!("{:?}", found.map(|found| found.bytes))));
    unavailable("delete", store.delete(&key(1)).await.map(|()| String::new()));
    unavailable("list", store.list(&tenant()).await.map(|listing| format!("{listing:?}")));
    unavailable("tenants", store.tenants().await.map(|tenants| format!("{tenants:?}")));
}

#[tokio::test]
async fn objects_lie_under_the_prefix_and_nothing_else_is_seen() {
    let server = Server::start().await;
    let (ours, others) = (server.open(BUCKET, "crm/fotos"), server.open(BUCKET, "crm"));
    ours.put(&key(1), vec![1]).await.unwrap();
    others.put(&key(2), vec![2, 2]).await.unwrap();
    let names = file_names(&server.files());
    assert!(names.contains(&format!("crm/fotos/{}", key(1))), "{names:?}");
    assert!(names.contains(&format!("crm/{}", key(2))), "{names:?}");

    assert_eq!((ours.size(&key(1)).await.unwrap(), ours.size(&key(2)).await.unwrap()), (Some(1), None));
    assert_eq!(ours.tenants().await.unwrap(), [tenant()]);
    let listing = ours.list(&tenant()).await.unwrap();
    assert_eq!((listing.objects.len(), listing.foreign), (1, 0));
    ours.delete(&key(2)).await.unwrap();
    assert_eq!(others.size(&key(2)).await.unwrap(), Some(2));
}

#[tokio::test]
async fn an_address_for_s3_alone_counts_before_the_one_for_all_services() {
    let server = Server::start().await;
    let variables = [("AWS_ENDPOINT_URL_S3", &*server.address()), ("AWS_ENDPOINT_URL", "https://localhost:1")];
    let store = server.open_with(&variables, BUCKET, "", Duration::from_secs(5));
    store.put(&key(1), vec![1]).await.unwrap();
    assert_eq!(store.size(&key(1)).await.unwrap(), Some(1));
}

#[tokio::test]
async fn wrong_credentials_are_unavailable() {
    let server = Server::start().await;
    server.open(BUCKET, "").put(&key(1), vec![1]).await.unwrap();
    for wrong in [("AWS_SECRET_ACCESS_KEY", "otro-secreto"), ("AWS_ACCESS_KEY_ID", "OTRA")] {
        assert_unavailable(&server.open_with(&[wrong], BUCKET, "", Duration::from_secs(5))).await;
    }
}

#[tokio::test]
async fn a_bucket_that_does_not_exist_is_unavailable_and_not_empty() {
    let server = Server::start().await;
    assert_unavailable(&server.open("otro", "")).await;
}

#[tokio::test]
async fn a_server_that_is_gone_is_unavailable() {
    let mut server = Server::start().await;
    let store = server.open_impatiently();
    store.put(&key(1), vec![1]).await.unwrap();
    server.stop().await;
    assert_unavailable(&store).await;
}

#[tokio::test]
async fn a_server_that_asks_three_times_to_slow_down_is_asked_a_fourth_time() {
    let server = Server::start().await;
    let store = server.open_impatiently();
    for _ in 0..2 {
        server.turn(Mood::SlowDown, 3);
        store.put(&key(1), vec![1; 1_000]).await.unwrap();
        server.turn(Mood::SlowDown, 3);
        assert_eq!(store.size(&key(1)).await.unwrap(), Some(1_000));
        server.turn(Mood::SlowDown, 3);
        assert_eq!(store.open(&key(1)).await.unwrap().unwrap().collect().await.unwrap(), [1; 1_000]);
        server.turn(Mood::SlowDown, 3);
        assert_eq!(store.list(&tenant()).await.unwrap().objects.len(), 1);
        server.turn(Mood::SlowDown, 3);
        store.delete(&key(1)).await.unwrap();
        server.turn(Mood::SlowDown, 3);
        store.ping().await.unwrap();
        assert_eq!(server.moody_requests_left(), 0);
    }
}

#[tokio::test]
async fn a_server_that_keeps_asking_to_slow_down_is_unavailable() {
    let server = Server::start().await;
    server.turn(Mood::SlowDown, FOREVER);
    assert_unavailable(&server.open_impatiently()).await;
}

#[tokio::test]
async fn a_server_that_never_answers_is_unavailable_after_a_while() {
    let server = Server::start().await;
    let store = server.open_impatiently();
    server.turn(Mood::Silent, FOREVER);
    let waited = tokio::time::timeout(Duration::from_secs(20), assert_unavailable(&store)).await;
    waited.expect("every call is bounded");
}

#[tokio::test]
async fn a_server_that_did_its_work_and_never_said_so_did_it() {
    let server = Server::start().await;
    let store = server.open_impatiently();
    server.turn(Mood::Silent, FOREVER);
    assert!(store.put(&key(1), vec![1; 9]).await.is_err());
    server.turn(Mood::Silent, 0);
    assert_eq!(store.size(&key(1)).await.unwrap(), Some(9));
    server.turn(Mood::Silent, FOREVER);
    assert!(store.delete(&key(1)).await.is_err());
    server.turn(Mood::Silent, 0);
    assert_eq!(store.size(&key(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_photo_that_comes_cut_short_is_asked_for_again_and_continued() {
    let server = Server::start().await;
    let store = server.open_impatiently();
    let photo: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    store.put(&key(1), photo.clone()).await.unwrap();
    server.turn(Mood::CutShort, 2);
    assert_eq!(store.open(&key(1)).await.unwrap().unwrap().collect().await.unwrap(), photo);
    assert_eq!(server.moody_requests_left(), 0);
}

#[tokio::test]
async fn a_photo_that_keeps_coming_cut_short_is_unavailable_and_never_a_shorter_one() {
    let server = Server::start().await;
    let store = server.open_impatiently();
    store.put(&key(1), vec![1; 100_000]).await.unwrap();
    server.turn(Mood::CutShort, FOREVER);
    let opened = store.open(&key(1)).await.unwrap().unwrap();
    assert_eq!(opened.bytes, 100_000);
    let cut = opened.collect().await;
    assert!(matches!(cut, Err(StoreError::Unavailable(_))), "{:?}", cut.map(|bytes| bytes.len()));
}
