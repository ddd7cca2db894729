//! What can happen to a folder.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::photo::{PhotoKey, PhotoStore};
use crm_domain::testing::fixtures::{a_photo, tenant};
use crm_domain::value::PhotoSize;
use crm_infra::ObjectPhotoStore;
use object_store::ObjectStoreExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use tempfile::TempDir;

use crate::server::file_names;

const HOUR: Duration = Duration::from_hours(1);
const SECOND: Duration = Duration::from_secs(1);

fn key(number: u8) -> PhotoKey {
    a_photo(number).key(&tenant(), PhotoSize::Full).unwrap()
}

/// A folder with one photo.
async fn with_a_photo() -> (TempDir, ObjectPhotoStore) {
    let place = tempfile::tempdir().unwrap();
    let store = ObjectPhotoStore::in_folder(place.path()).unwrap();
    store.put(&key(1), vec![1]).await.unwrap();
    (place, store)
}

/// Writes a file that was last written so long before [`now`].
fn write_file(folder: &Path, name: &str, age: Duration) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "half a pho").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(SystemTime::from(now()) - age).unwrap();
}

fn now() -> DateTime<Utc> {
    "2026-02-01T12:00:00Z".parse().unwrap()
}

async fn remove_leftovers_older_than_an_hour(store: &ObjectPhotoStore) -> u64 {
    store.remove_leftovers(now() - HOUR).await.unwrap()
}

#[tokio::test]
async fn a_folder_is_made_when_missing_and_keeps_its_photos() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data/photos");
    ObjectPhotoStore::in_folder(&folder).unwrap().put(&key(1), vec![3]).await.unwrap();
    let opened_again = ObjectPhotoStore::in_folder(&folder).unwrap();
    assert_eq!(opened_again.open(&key(1)).await.unwrap().unwrap().collect().await.unwrap(), [3]);
}

#[tokio::test]
async fn photos_are_synced_to_disk_before_they_count_as_stored() {
    let (_place, store) = with_a_photo().await;
    // A test can't cut the power; the setting is all that can be seen.
    assert!(format!("{store:?}").contains("fsync: true"), "{store:?}");
}

#[tokio::test]
async fn a_folder_that_vanished_or_became_a_file_is_unavailable_and_not_empty() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("photos");
    let store = ObjectPhotoStore::in_folder(&folder).unwrap();
    store.put(&key(1), vec![1]).await.unwrap();
    fs::remove_dir_all(&folder).unwrap();
    for what in ["missing", "a file"] {
        if what == "a file" {
            fs::write(&folder, "a file").unwrap();
        }
        let unavailable = |call: &str, answer: Result<String, StoreError>| {
            assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{what}: {call}: {answer:?}");
        };
        unavailable("ping", store.ping().await.map(|()| String::new()));
        unavailable("put", store.put(&key(2), vec![2]).await.map(|()| String::new()));
        unavailable("size", store.size(&key(1)).await.map(|size| format!("{size:?}")));
        unavailable("open", store.open(&key(1)).await.map(|found| format!("{:?}", found.map(|found| found.bytes))));
        unavailable("delete", store.delete(&key(1)).await.map(|()| String::new()));
        unavailable("list", store.list(&tenant()).await.map(|listing| format!("{listing:?}")));
        unavailable("tenants", store.tenants().await.map(|tenants| format!("{tenants:?}")));
        unavailable("leftovers", store.remove_leftovers(now()).await.map(|removed| removed.to_string()));
    }
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    store.ping().await.unwrap();
    assert_eq!(store.size(&key(1)).await.unwrap(), None);
}

#[tokio::test]
async fn old_leftovers_are_removed_and_young_ones_stay_because_they_may_be_in_the_making() {
    let (place, store) = with_a_photo().await;
    let (full, thumbnail) = (key(2), a_photo(3).key(&tenant(), PhotoSize::Thumbnail).unwrap());
    write_file(place.path(), &format!("{full}#1"), 2 * HOUR);
    write_file(place.path(), &format!("{full}#12"), HOUR + SECOND);
    write_file(place.path(), &format!("{thumbnail}#1"), 2 * HOUR);
    write_file(place.path(), &format!("{thumbnail}#2"), HOUR.saturating_sub(SECOND));
    write_file(place.path(), &format!("t2/u7/{}#3", full.as_str().rsplit('/').next().unwrap()), 2 * HOUR);
    assert_eq!(remove_leftovers_older_than_an_hour(&store).await, 4);
    let mut names = file_names(place.path());
    names.sort();
    let mut expected = [key(1).to_string(), format!("{thumbnail}#2")];
    expected.sort();
    assert_eq!(names, expected);
    assert_eq!(remove_leftovers_older_than_an_hour(&store).await, 0);
}

#[tokio::test]
async fn files_that_only_look_like_leftovers_stay_at_any_age() {
    let (place, store) = with_a_photo().await;
    let hash = a_photo(1).hash;
    let hash = hash.as_str();
    for name in [
        &format!("t1/client/{hash}.jpg#"),
        &format!("t1/client/{hash}.jpg#1a"),
        &format!("t1/client/{hash}.jpg#1#1"),
        &format!("t1/client/{hash}.png#1"),
        &format!("t1/client/{hash}-small.jpg#1"),
        "t1/client/playa.jpg#1",
        "t1/client/album/playa.jpg#1",
        &format!("t1/client/album/{hash}.jpg#1"),
        &format!("t1/{hash}.jpg#1"),
        &format!("{hash}.jpg#1"),
        &format!("lost+found/client/{hash}.jpg#1"),
        &format!("t1/c.lient/{hash}.jpg#1"),
    ] {
        write_file(place.path(), name, 24 * HOUR);
    }
    let before = file_names(place.path()).len();
    assert_eq!(remove_leftovers_older_than_an_hour(&store).await, 0);
    assert_eq!(file_names(place.path()).len(), before);
}

#[tokio::test]
async fn a_real_leftover_is_seen_as_one() {
    let (place, store) = with_a_photo().await;
    // A folder stands where the photo belongs, so that the write gets as far as the renaming.
    fs::create_dir_all(place.path().join(key(2).as_str()).join("x")).unwrap();
    assert!(store.put(&key(2), vec![2; 100]).await.is_err());
    // What a process that dies leaves.
    let files = LocalFileSystem::new_with_prefix(place.path()).unwrap();
    let mut upload = files.put_multipart(&ObjectPath::from(key(3).as_str())).await.unwrap();
    upload.put_part(vec![3; 100].into()).await.unwrap();
    std::mem::forget(upload);

    assert_eq!(store.list(&tenant()).await.unwrap().objects.len(), 1, "it is no object");
    assert_eq!(store.remove_leftovers(DateTime::<Utc>::MAX_UTC).await.unwrap(), 1);
    assert_eq!(file_names(place.path()), [key(1).to_string()]);
}

#[tokio::test]
async fn leftovers_that_vanish_meanwhile_are_tolerated() {
    let (place, store) = with_a_photo().await;
    for user in 0..40 {
        for number in 0..10 {
            let name = key(2).to_string().replace("client", &format!("u{user}"));
            write_file(place.path(), &format!("{name}#{number}"), 2 * HOUR);
        }
    }
    // Several at once remove the same files under each other's eyes, and somebody removes whole folders.
    let removals = (0..4).map(|_| remove_leftovers_older_than_an_hour(&store));
    let folders = async {
        for user in 20..40 {
            let folder = place.path().join(format!("t1/u{user}"));
            tokio::task::spawn_blocking(move || fs::remove_dir_all(folder)).await.unwrap().ok();
        }
    };
    let (removed, ()) = futures_util::future::join(futures_util::future::join_all(removals), folders).await;
    let removed: u64 = removed.into_iter().sum();
    assert!((200..=400).contains(&removed), "{removed}");
    assert_eq!(file_names(place.path()), [key(1).to_string()]);
}
