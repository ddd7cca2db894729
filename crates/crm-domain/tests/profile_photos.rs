//! What becomes of a stored photo when the profile that shows it changes.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::{Arc, Mutex};

use crm_domain::access::Role;
use crm_domain::error::{CrmError, StoreError};
use crm_domain::patch::Patch;
use crm_domain::profile::{ClientProfile, ProfilePatch, ProfileService, ProfileUpdate};
use crm_domain::testing::fixtures::{a_profile, a_user, an_actor};
use crm_domain::testing::{MockPhotoStore, MockStore, MockedPorts};
use crm_domain::validation::{Expectation, Reason, Violations};
use crm_domain::value::{Line, PhotoUrl};

const OLD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NEW: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const MISSING: &str = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

fn ours(user: &str, hash: &str) -> PhotoUrl {
    PhotoUrl::parse(&format!("/api/clients/photos/{user}/{hash}.jpg")).unwrap()
}

fn elsewhere() -> PhotoUrl {
    PhotoUrl::parse("https://cdn.ejemplo.mx/f.jpg").unwrap()
}

/// A store whose only profile shows this photo, and that lets it be changed and deleted.
fn store(shown: PhotoUrl) -> MockStore {
    let mut profile = a_profile();
    profile.details.profile_photo_url = Some(shown);
    let mut store = MockStore::default();
    store.profiles.expect_find().returning(move |_| Ok(Some(profile.clone())));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store
}

fn forgiving(mut store: MockStore) -> MockedPorts {
    store.profiles.expect_update().returning(|_, _| Ok(true));
    store.profiles.expect_delete().returning(|_| Ok(true));
    store.into_ports()
}

/// A photo store, and the keys that were deleted from it.
fn photos(answer: fn() -> Result<(), StoreError>) -> (Arc<MockPhotoStore>, Arc<Mutex<Vec<String>>>) {
    let deleted = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&deleted);
    let mut photos = MockPhotoStore::new();
    photos.expect_get().returning(|key| Ok((!key.as_str().contains(MISSING)).then(Vec::new)));
    photos.expect_delete().returning(move |key| {
        log.lock().unwrap().push(key.to_string());
        answer()
    });
    (Arc::new(photos), deleted)
}

fn to(url: Patch<PhotoUrl>) -> ProfileUpdate {
    let patch = ProfilePatch { profile_photo_url: url, ..ProfilePatch::default() };
    ProfileUpdate { patch, ..ProfileUpdate::default() }
}

async fn update(
    mocked: &MockedPorts,
    photos: Arc<MockPhotoStore>,
    update: ProfileUpdate,
) -> Result<ClientProfile, CrmError> {
    let service = ProfileService::new(mocked.ports.clone(), photos);
    service.update(&an_actor(Role::Admin), &a_profile().id, update).await.map(|summary| summary.profile)
}

fn both_sizes() -> [String; 2] {
    [format!("t1/client/{OLD}.jpg"), format!("t1/client/{OLD}-96.jpg")]
}

#[tokio::test]
async fn a_photo_that_is_cleared_or_replaced_is_deleted_in_both_sizes() {
    for url in [Patch::Clear, Patch::Set(elsewhere()), Patch::Set(ours("client", NEW))] {
        let (photos, deleted) = photos(|| Ok(()));
        update(&forgiving(store(ours("client", OLD))), photos, to(url)).await.unwrap();
        assert_eq!(*deleted.lock().unwrap(), both_sizes());
    }
}

#[tokio::test]
async fn a_photo_that_is_not_kept_can_not_be_shown() {
    let (photos, deleted) = photos(|| Ok(()));
    let refused = update(&forgiving(store(ours("client", OLD))), photos, to(Patch::Set(ours("client", MISSING)))).await;
    assert!(matches!(refused, Err(CrmError::Invalid(_))), "{refused:?}");
    assert!(deleted.lock().unwrap().is_empty(), "the present photo must stay");
}

#[tokio::test]
async fn the_photo_of_a_deleted_profile_is_deleted_in_both_sizes() {
    let (photos, deleted) = photos(|| Ok(()));
    let mocked = forgiving(store(ours("client", OLD)));
    let service = ProfileService::new(mocked.ports.clone(), photos);
    service.delete(&an_actor(Role::Admin), &a_profile().id).await.unwrap();
    assert_eq!(*deleted.lock().unwrap(), both_sizes());
}

#[tokio::test]
async fn a_photo_that_is_still_shown_stays() {
    let city = ProfilePatch { city: Patch::Set(Line::parse("León").unwrap()), ..ProfilePatch::default() };
    let city = ProfileUpdate { patch: city, ..ProfileUpdate::default() };
    for unchanged in [city, to(Patch::Keep), to(Patch::Set(ours("client", OLD)))] {
        let (photos, deleted) = photos(|| Ok(()));
        let profile = update(&forgiving(store(ours("client", OLD))), photos, unchanged).await.unwrap();
        assert_eq!(profile.details.profile_photo_url, Some(ours("client", OLD)));
        assert!(deleted.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_photo_kept_elsewhere_or_for_somebody_else_is_left_alone() {
    // The web app may have written any address into the row.
    for shown in [elsewhere(), ours("other", OLD), PhotoUrl::from_stored("/uploads/f.jpg".to_owned())] {
        let (photos, deleted) = photos(|| Ok(()));
        update(&forgiving(store(shown)), photos, to(Patch::Clear)).await.unwrap();
        assert!(deleted.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_change_that_is_not_stored_leaves_the_photo_alone() {
    let answers: [fn() -> Result<bool, StoreError>; 2] = [|| Ok(false), || Err(StoreError::Unavailable("busy".into()))];
    for answer in answers {
        let (photos, deleted) = photos(|| Ok(()));
        let mut store = store(ours("client", OLD));
        store.profiles.expect_update().returning(move |_, _| answer());
        assert!(update(&store.into_ports(), photos, to(Patch::Clear)).await.is_err());
        assert!(deleted.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_photo_store_that_fails_does_not_fail_the_request() {
    let (photos, deleted) = photos(|| Err(StoreError::Unavailable("down".into())));
    let mocked = forgiving(store(ours("client", OLD)));
    let profile = update(&mocked, Arc::clone(&photos), to(Patch::Clear)).await.unwrap();
    assert_eq!(profile.details.profile_photo_url, None);
    assert!(mocked.committed());
    let service = ProfileService::new(mocked.ports.clone(), photos);
    service.delete(&an_actor(Role::Admin), &a_profile().id).await.unwrap();
    assert_eq!(deleted.lock().unwrap().len(), 4, "both sizes were tried both times");
}

#[tokio::test]
async fn a_profile_can_not_show_the_photo_of_somebody_else() {
    let mocked = forgiving(store(ours("client", OLD)));
    let refused = update(&mocked, photos(|| Ok(())).0, to(Patch::Set(ours("other", NEW)))).await;
    let Err(CrmError::Invalid(violations)) = refused else { panic!("{refused:?}") };
    assert_eq!(violations, Violations::one("profilePhotoUrl", Reason::Expected(Expectation::OwnPhoto)));
    assert!(!mocked.committed());
}
