//! The photo store, in memory and in a folder.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::fs;

use crm_domain::error::StoreError;
use crm_domain::ids::{TenantId, UserId};
use crm_domain::photo::{PhotoKey, PhotoStore};
use crm_domain::value::PhotoName;
use crm_infra::ObjectPhotoStore;

/// The key of a photo whose name consists of this digit.
fn key(digit: &str) -> PhotoKey {
    let name: PhotoName = format!("{}.jpg", digit.repeat(64)).parse().unwrap();
    PhotoKey::new(&TenantId::from_stored("t1"), &UserId::from_stored("u1"), &name).unwrap()
}

async fn keeps_photos(store: &dyn PhotoStore) {
    let (photo, other) = (key("a"), key("b"));
    store.ping().await.unwrap();
    assert_eq!(store.get(&photo).await.unwrap(), None, "never stored");
    store.delete(&photo).await.unwrap();

    for bytes in [vec![0xff, 0xd8, 0], vec![1; 100_000], vec![2]] {
        store.put(&photo, bytes.clone()).await.unwrap();
        assert_eq!(store.get(&photo).await.unwrap(), Some(bytes));
    }
    store.put(&other, vec![3]).await.unwrap();
    store.delete(&photo).await.unwrap();
    store.delete(&photo).await.unwrap();
    assert_eq!(store.get(&photo).await.unwrap(), None, "deleted");
    assert_eq!(store.get(&other).await.unwrap(), Some(vec![3]));
    store.ping().await.unwrap();
}

#[tokio::test]
async fn memory_keeps_photos() {
    keeps_photos(&ObjectPhotoStore::in_memory()).await;
}

#[tokio::test]
async fn a_folder_keeps_photos_and_is_made_when_missing() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data/photos");
    keeps_photos(&ObjectPhotoStore::in_folder(&folder).unwrap()).await;
    let opened_again = ObjectPhotoStore::in_folder(&folder).unwrap();
    assert_eq!(opened_again.get(&key("b")).await.unwrap(), Some(vec![3]));
}

#[tokio::test]
async fn a_folder_that_vanished_does_not_answer() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("photos");
    let store = ObjectPhotoStore::in_folder(&folder).unwrap();
    store.ping().await.unwrap();
    fs::remove_dir(&folder).unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))), "a missing folder answers");
    fs::write(&folder, "a file").unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))), "a file answers");
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    store.ping().await.unwrap();
}
