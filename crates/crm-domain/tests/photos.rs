//! Who sees a photo, and what removing it removes, without a database or an object store.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::{Arc, Mutex};

use crm_domain::access::{Actor, Role};
use crm_domain::audit::AuditAction;
use crm_domain::error::{CrmError, Resource, StoreError};
use crm_domain::ids::{TrashId, UserId};
use crm_domain::photo::{PhotoContent, PhotoId, PhotoKey, PhotoRecord, PhotoService, PhotoState};
use crm_domain::testing::fixtures::{
    NOW, Records, a_ledger, a_photo, a_profile, a_record, a_trash, a_user, actor_named, an_actor, records, tenant, time,
};
use crm_domain::testing::{MockPhotoProcessor, MockPhotoStore, MockStore, MockTrash, MockedPorts};
use crm_domain::trash::Contents;
use crm_domain::value::{PhotoName, PhotoSize, PhotoUrl};
use crm_domain::version::Precondition;
use futures_util::stream::{self, StreamExt as _};

fn name(photo: &PhotoId, size: PhotoSize) -> PhotoName {
    PhotoName { hash: photo.hash.clone(), size }
}

fn elsewhere() -> PhotoUrl {
    PhotoUrl::from_stored("https://cdn.ejemplo.mx/f.jpg".to_owned())
}

/// The address of photo 1.
fn shown() -> PhotoUrl {
    a_photo(1).url(PhotoSize::Full)
}

fn client() -> UserId {
    a_profile().user_id
}

/// A store with these records, in which user `client` has a profile with this photo.
fn store(photo: Option<PhotoUrl>, records: &Records) -> MockStore {
    let mut profile = a_profile();
    profile.details.profile_photo_url = photo;
    let mut store = MockStore { photos: a_ledger(records), trash: a_trash(), ..MockStore::default() };
    store.profiles.expect_find_by_user().returning(move |user| Ok((*user == profile.user_id).then(|| profile.clone())));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store
}

/// A store with these records, in which nobody has a profile.
fn store_without_profiles(records: &Records) -> MockStore {
    let mut store = MockStore { photos: a_ledger(records), trash: a_trash(), ..MockStore::default() };
    store.profiles.expect_find_by_user().returning(|_| Ok(None));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store
}

fn service(mocked: &MockedPorts, photos: MockPhotoStore) -> PhotoService {
    PhotoService::new(mocked.ports.clone(), Arc::new(photos), Arc::new(MockPhotoProcessor::new()))
}

async fn find(store: MockStore, actor: &Actor, user: &UserId, name: PhotoName) -> Result<PhotoKey, CrmError> {
    service(&store.into_ports(), MockPhotoStore::new()).find(actor, user, name).await
}

async fn remove(
    mocked: &MockedPorts,
    photos: MockPhotoStore,
    actor: &Actor,
    user: &UserId,
) -> Result<Option<TrashId>, CrmError> {
    service(mocked, photos).remove(actor, user, &Precondition::default()).await
}

/// A photo store that answers deletions like this, and the keys it was asked to delete.
fn deleting(answer: fn() -> Result<(), StoreError>) -> (MockPhotoStore, Arc<Mutex<Vec<String>>>) {
    let deleted = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&deleted);
    let mut photos = MockPhotoStore::new();
    photos.expect_delete().returning(move |key| {
        log.lock().unwrap().push(key.to_string());
        answer()
    });
    (photos, deleted)
}

fn both_keys(photo: &PhotoId) -> [String; 2] {
    PhotoSize::ALL.map(|size| photo.key(&tenant(), size).unwrap().to_string())
}

#[track_caller]
fn assert_no_photo<T: std::fmt::Debug>(outcome: &Result<T, CrmError>) {
    assert!(matches!(outcome, Err(CrmError::NotFound(Resource::Photo))), "{outcome:?}");
}

#[tokio::test]
async fn the_photo_that_the_profile_shows_is_found_in_both_sizes_by_staff_and_its_owner() {
    for actor in [an_actor(Role::Receptionist), an_actor(Role::Admin), actor_named("client", Role::Client)] {
        for (size, suffix) in [(PhotoSize::Full, ""), (PhotoSize::Thumbnail, "-thumbnail")] {
            let found = find(store(Some(shown()), &records([])), &actor, &client(), name(&a_photo(1), size)).await.unwrap();
            assert_eq!(found.as_str(), format!("t1/client/{}{suffix}.jpg", a_photo(1).hash.as_str()));
        }
    }
}

#[tokio::test]
async fn what_the_profile_does_not_show_now_is_not_found_although_it_is_kept() {
    let of_another = PhotoId { user: UserId::from_stored("other"), ..a_photo(1) };
    for (photo, user, asked) in [
        (Some(shown()), "client", 2),
        (Some(shown()), "other", 1),
        (Some(of_another.url(PhotoSize::Full)), "client", 1),
        (Some(elsewhere()), "client", 1),
        (None, "client", 1),
    ] {
        let kept = records([a_record(1, PhotoState::Kept), a_record(2, PhotoState::Kept)]);
        let (user, asked) = (UserId::from_stored(user), name(&a_photo(asked), PhotoSize::Full));
        assert_no_photo(&find(store(photo, &kept), &an_actor(Role::Admin), &user, asked).await);
    }
}

#[tokio::test]
async fn a_photo_that_waits_for_a_profile_is_found_by_staff_and_its_owner() {
    let kept = records([a_record(1, PhotoState::Kept)]);
    for actor in [an_actor(Role::Receptionist), actor_named("client", Role::Client)] {
        for size in PhotoSize::ALL {
            let found = find(store_without_profiles(&kept), &actor, &client(), name(&a_photo(1), size)).await.unwrap();
            assert_eq!(Some(found), a_photo(1).key(&tenant(), size));
        }
    }
}

#[tokio::test]
async fn a_photo_of_a_user_whom_the_host_moved_to_another_tenant_is_not_found() {
    let mut store =
        MockStore { photos: a_ledger(&records([a_record(1, PhotoState::Kept)])), trash: a_trash(), ..MockStore::default() };
    store.profiles.expect_find_by_user().returning(|_| Ok(None));
    store.directory.expect_find_user().returning(|_| Ok(None));
    assert_no_photo(&find(store, &an_actor(Role::Admin), &client(), name(&a_photo(1), PhotoSize::Full)).await);
}

#[tokio::test]
async fn a_profile_made_during_a_removal_keeps_the_photo_it_shows() {
    let records = records([a_record(1, PhotoState::Kept)]);
    let mut store = MockStore { photos: a_ledger(&records), trash: a_trash(), ..MockStore::default() };
    let shared = Arc::clone(&records);
    store.profiles.expect_find_by_user().once().returning(move |_| {
        // Right after this answer somebody makes a profile that shows the photo.
        let reused = PhotoRecord { changed_at: time(NOW), ..a_record(1, PhotoState::Kept) };
        shared.lock().unwrap().insert(reused.id.clone(), reused);
        Ok(None)
    });
    let mocked = store.into_ports();
    assert_no_photo(&remove(&mocked, MockPhotoStore::new(), &an_actor(Role::Admin), &client()).await);
    assert!(!mocked.committed());
    assert_eq!(records.lock().unwrap()[&a_photo(1)].state, PhotoState::Kept);
}

#[tokio::test]
async fn a_photo_that_is_not_stored_yet_or_being_removed_is_not_found() {
    let outside = PhotoId { user: UserId::from_stored(".."), ..a_photo(1) };
    for (record, user) in [
        (a_record(1, PhotoState::Writing), client()),
        (a_record(1, PhotoState::Doomed), client()),
        (a_record(2, PhotoState::Kept), client()),
        (a_record(1, PhotoState::Kept), UserId::from_stored("other")),
        (PhotoRecord { id: outside.clone(), ..a_record(1, PhotoState::Kept) }, outside.user),
    ] {
        let asked = name(&a_photo(1), PhotoSize::Full);
        assert_no_photo(&find(store_without_profiles(&records([record])), &an_actor(Role::Admin), &user, asked).await);
    }
}

#[tokio::test]
async fn anothers_photo_does_not_exist_for_a_client() {
    let stranger = actor_named("stranger", Role::Client);
    let kept = records([a_record(1, PhotoState::Kept)]);
    for store in [|kept: &Records| store(Some(shown()), kept), store_without_profiles] {
        assert_no_photo(&find(store(&kept), &stranger, &client(), name(&a_photo(1), PhotoSize::Full)).await);
        let mocked = store(&kept).into_ports();
        assert_no_photo(&remove(&mocked, MockPhotoStore::new(), &stranger, &client()).await);
        assert!(!mocked.committed());
    }
}

#[tokio::test]
async fn a_photo_is_opened_unless_it_vanished_or_the_store_is_down() {
    let mocked = MockStore::default().into_ports();
    let open = async |answer: fn() -> Result<Option<PhotoContent>, StoreError>| {
        let key = a_photo(1).key(&tenant(), PhotoSize::Thumbnail).unwrap();
        let (mut photos, asked) = (MockPhotoStore::new(), key.clone());
        photos.expect_open().once().withf(move |key| *key == asked).returning(move |_| answer());
        service(&mocked, photos).open(&key).await
    };
    let there = open(|| Ok(Some(PhotoContent { bytes: 1, chunks: stream::iter([Ok(vec![7].into())]).boxed() }))).await;
    assert_eq!(there.ok().unwrap().collect().await.unwrap(), [7]);
    assert_no_photo(&open(|| Ok(None)).await.map(drop));
    let down = open(|| Err(StoreError::Unavailable("down".into()))).await.map(drop);
    assert!(matches!(down, Err(CrmError::Unavailable(_))), "{down:?}");
}

#[tokio::test]
async fn removing_a_photo_clears_the_address_and_puts_the_photo_into_the_trash() {
    for actor in [an_actor(Role::Receptionist), actor_named("client", Role::Client)] {
        let records = records([a_record(1, PhotoState::Kept), a_record(2, PhotoState::Kept)]);
        let mut store = store(Some(shown()), &records);
        store.profiles.expect_update().once().returning(|before, after| {
            assert_eq!((&before.details.profile_photo_url, &after.details.profile_photo_url), (&Some(shown()), &None));
            assert_eq!(after.updated_at, time(NOW));
            Ok(true)
        });
        store.trash = MockTrash::new();
        let by = actor.user().clone();
        store.trash.expect_put().once().returning(move |item| {
            assert_eq!((item.resource, item.photo.as_ref()), (Resource::Photo, Some(&a_photo(1))));
            assert_eq!((&item.owner, item.deleted_by.as_ref(), item.deleted_at), (&client(), Some(&by), time(NOW)));
            Ok(Contents::default())
        });
        let mocked = store.into_ports();
        let trash = remove(&mocked, MockPhotoStore::new(), &actor, &client()).await.unwrap();
        assert_eq!(trash.as_ref().map(TrashId::as_str), Some("id1"));
        let actions: Vec<_> = mocked.entries().iter().map(|entry| (entry.action, entry.subject.resource)).collect();
        let expected = [(AuditAction::Updated, Resource::Profile), (AuditAction::Deleted, Resource::Photo)];
        assert_eq!(actions, expected);
        let trashed = PhotoRecord { changed_at: time(NOW), ..a_record(1, PhotoState::Trashed) };
        assert_eq!(records.lock().unwrap()[&a_photo(1)], trashed, "it can be brought back");
    }
}

#[tokio::test]
async fn removing_a_photo_kept_elsewhere_only_clears_the_address() {
    let mut store = store(Some(elsewhere()), &records([]));
    store.profiles.expect_update().once().returning(|_, _| Ok(true));
    let mocked = store.into_ports();
    let trash = remove(&mocked, MockPhotoStore::new(), &an_actor(Role::Admin), &client()).await.unwrap();
    assert_eq!((trash, mocked.committed()), (None, true));
}

#[tokio::test]
async fn removing_the_photo_of_a_user_without_profile_removes_the_one_that_waits_for_it() {
    let being_stored = a_record(2, PhotoState::Writing);
    let records = records([a_record(1, PhotoState::Kept), being_stored.clone()]);
    let (photos, deleted) = deleting(|| Ok(()));
    let mocked = store_without_profiles(&records).into_ports();
    let trash = remove(&mocked, photos, &actor_named("client", Role::Client), &client()).await.unwrap();
    assert_eq!(trash, None);
    assert_eq!(*deleted.lock().unwrap(), both_keys(&a_photo(1)));
    assert_eq!(records.lock().unwrap().values().collect::<Vec<_>>(), [&being_stored]);
}

#[tokio::test]
async fn there_is_nothing_to_remove_without_a_photo_a_profile_or_when_the_profile_vanishes() {
    let kept = || records([a_record(1, PhotoState::Kept)]);
    let mut vanishing = store(Some(shown()), &kept());
    vanishing.profiles.expect_update().returning(|_, _| Ok(false));
    let not_waiting = records([a_record(1, PhotoState::Writing), a_record(2, PhotoState::Doomed)]);
    for (store, user) in [
        (store(None, &kept()), "client"),
        (store(Some(shown()), &kept()), "other"),
        (store_without_profiles(&not_waiting), "client"),
        (vanishing, "client"),
    ] {
        let mocked = store.into_ports();
        let user = UserId::from_stored(user);
        assert_no_photo(&remove(&mocked, MockPhotoStore::new(), &an_actor(Role::Admin), &user).await);
        assert!(!mocked.committed());
    }
}
