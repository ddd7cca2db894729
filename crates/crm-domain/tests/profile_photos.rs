//! What becomes of a stored photo when the profile that shows it changes.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::{Arc, Mutex};

use crm_domain::access::Role;
use crm_domain::error::{CrmError, Resource, StoreError};
use crm_domain::patch::Patch;
use crm_domain::photo::{PhotoId, PhotoRecord, PhotoState};
use crm_domain::profile::{ClientProfile, NewProfile, ProfilePatch, ProfileService, ProfileUpdate};
use crm_domain::testing::fixtures::{
    NOW, Records, a_ledger, a_photo, a_profile, a_record, a_trash, a_user, an_actor, records, tenant, time,
};
use crm_domain::testing::{MockPhotoStore, MockStore, MockTrash, MockedPorts};
use crm_domain::trash::Contents;
use crm_domain::validation::{Expectation, Reason, Violations};
use crm_domain::value::{Line, PhotoSize, PhotoUrl};
use crm_domain::version::Precondition;

const OLD: u8 = 1;
const NEW: u8 = 2;
const MISSING: u8 = 3;
const DOOMED: u8 = 4;
const WRITING: u8 = 5;

fn ours(number: u8) -> PhotoUrl {
    a_photo(number).url(PhotoSize::Full)
}

fn of_somebody_else(number: u8) -> PhotoId {
    PhotoId { user: "other".parse().unwrap(), ..a_photo(number) }
}

fn elsewhere() -> PhotoUrl {
    PhotoUrl::parse("https://cdn.ejemplo.mx/f.jpg").unwrap()
}

fn record_of_somebody_else() -> PhotoRecord {
    PhotoRecord { id: of_somebody_else(OLD), ..a_record(OLD, PhotoState::Kept) }
}

/// What the ledger holds before a test.
fn some_records() -> Records {
    let kept = [OLD, NEW].map(|number| a_record(number, PhotoState::Kept));
    let others = [a_record(DOOMED, PhotoState::Doomed), a_record(WRITING, PhotoState::Writing), record_of_somebody_else()];
    records(kept.into_iter().chain(others))
}

/// A store whose only profile shows this photo, and that lets it be changed and deleted.
fn store(shown: PhotoUrl, records: &Records) -> MockStore {
    let mut profile = a_profile();
    profile.details.profile_photo_url = Some(shown);
    let mut store = MockStore { photos: a_ledger(records), trash: a_trash(), ..MockStore::default() };
    store.profiles.expect_find().returning(move |_| Ok(Some(profile.clone())));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store
}

fn forgiving(mut store: MockStore) -> MockedPorts {
    store.profiles.expect_insert().returning(|_| Ok(()));
    store.profiles.expect_update().returning(|_, _| Ok(true));
    store.profiles.expect_delete().returning(|_| Ok(true));
    store.into_ports()
}

/// A photo store, and the keys that were deleted from it.
fn photos(answer: fn() -> Result<(), StoreError>) -> (Arc<MockPhotoStore>, Arc<Mutex<Vec<String>>>) {
    let deleted = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&deleted);
    let mut photos = MockPhotoStore::new();
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
    service.update(&an_actor(Role::Admin), &a_profile().id, update).await.map(|updated| updated.item.profile)
}

async fn create(mocked: &MockedPorts, photo: PhotoUrl) -> Result<ClientProfile, CrmError> {
    let service = ProfileService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()));
    let details = to(Patch::Set(photo)).patch;
    let new = NewProfile { user_id: a_profile().user_id, details, mistakes: Violations::default() };
    service.create(&an_actor(Role::Admin), new).await.map(|summary| summary.profile)
}

fn both_sizes() -> [String; 2] {
    PhotoSize::ALL.map(|size| a_photo(OLD).key(&tenant(), size).unwrap().to_string())
}

#[track_caller]
fn assert_refused(outcome: Result<ClientProfile, CrmError>) {
    let Err(CrmError::Invalid(violations)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(violations, Violations::one("profilePhotoUrl", Reason::Expected(Expectation::OwnPhoto)));
}

#[tokio::test]
async fn a_photo_that_is_replaced_is_deleted_in_both_sizes_and_forgotten() {
    for url in [Patch::Set(elsewhere()), Patch::Set(ours(NEW))] {
        let ((photos, deleted), records) = (photos(|| Ok(())), some_records());
        update(&forgiving(store(ours(OLD), &records)), photos, to(url)).await.unwrap();
        assert_eq!(*deleted.lock().unwrap(), both_sizes());
        let records = records.lock().unwrap();
        assert!(!records.contains_key(&a_photo(OLD)));
        assert_eq!(records[&a_photo(NEW)].state, PhotoState::Kept);
        assert_eq!(records[&of_somebody_else(OLD)], record_of_somebody_else());
    }
}

#[tokio::test]
async fn a_photo_that_a_profile_begins_to_show_is_marked_so_that_a_sweep_that_has_judged_it_finds_out() {
    let expected = PhotoRecord { changed_at: time(NOW), ..a_record(NEW, PhotoState::Kept) };
    for is_new in [true, false] {
        let records = some_records();
        let mocked = forgiving(store(elsewhere(), &records));
        let profile = if is_new {
            create(&mocked, ours(NEW)).await
        } else {
            update(&mocked, photos(|| Ok(())).0, to(Patch::Set(ours(NEW)))).await
        };
        assert_eq!(profile.unwrap().details.profile_photo_url, Some(ours(NEW)));
        assert_eq!(records.lock().unwrap()[&a_photo(NEW)], expected);
        assert!(mocked.committed());
    }
}

#[tokio::test]
async fn a_photo_is_marked_as_later_than_before_even_if_the_clock_went_back() {
    let later = PhotoRecord { changed_at: time("2027-01-01T00:00:00Z"), ..a_record(NEW, PhotoState::Kept) };
    let records = records([later.clone()]);
    create(&forgiving(store(elsewhere(), &records)), ours(NEW)).await.unwrap();
    assert!(records.lock().unwrap()[&a_photo(NEW)].changed_at > later.changed_at);
}

async fn assert_can_not_be_shown(number: u8) {
    let ((photos, deleted), records) = (photos(|| Ok(())), some_records());
    let mocked = forgiving(store(ours(OLD), &records));
    assert_refused(update(&mocked, photos, to(Patch::Set(ours(number)))).await);
    assert_refused(create(&mocked, ours(number)).await);
    assert!(deleted.lock().unwrap().is_empty(), "the present photo must stay");
    assert_eq!(*records.lock().unwrap(), *some_records().lock().unwrap());
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_photo_that_is_missing_or_being_removed_can_not_be_shown() {
    for number in [MISSING, DOOMED] {
        assert_can_not_be_shown(number).await;
    }
}

#[tokio::test]
async fn a_photo_that_may_not_be_stored_yet_can_not_be_shown() {
    assert_can_not_be_shown(WRITING).await;
}

#[tokio::test]
async fn the_photo_that_is_cleared_or_that_a_deleted_profile_shows_goes_to_the_trash() {
    for (is_deleted, resource) in [(true, Resource::Profile), (false, Resource::Photo)] {
        let records = some_records();
        let mut store = store(ours(OLD), &records);
        store.trash = MockTrash::new();
        store.trash.expect_put().once().returning(move |item| {
            assert_eq!((item.resource, item.photo.as_ref()), (resource, Some(&a_photo(OLD))));
            Ok(Contents { profile: Some(a_profile()), ..Contents::default() })
        });
        let mocked = forgiving(store);
        if is_deleted {
            let service = ProfileService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()));
            service.delete(&an_actor(Role::Admin), &a_profile().id, &Precondition::default()).await.unwrap();
        } else {
            update(&mocked, Arc::new(MockPhotoStore::new()), to(Patch::Clear)).await.unwrap();
        }
        assert!(mocked.committed());
        let trashed = PhotoRecord { changed_at: time(NOW), ..a_record(OLD, PhotoState::Trashed) };
        assert_eq!(records.lock().unwrap()[&a_photo(OLD)], trashed);
    }
}

#[tokio::test]
async fn a_photo_that_the_trash_refers_to_stays_when_it_is_replaced() {
    let ((photos, deleted), records) = (photos(|| Ok(())), some_records());
    let mut store = store(ours(OLD), &records);
    store.trash = MockTrash::new();
    store.trash.expect_holds().once().withf(|photo| *photo == a_photo(OLD)).returning(|_| Ok(true));
    update(&forgiving(store), photos, to(Patch::Set(elsewhere()))).await.unwrap();
    assert!(deleted.lock().unwrap().is_empty());
    let trashed = PhotoRecord { changed_at: time(NOW), ..a_record(OLD, PhotoState::Trashed) };
    assert_eq!(records.lock().unwrap()[&a_photo(OLD)], trashed);
}

#[tokio::test]
async fn a_photo_that_is_still_shown_stays() {
    let city = ProfilePatch { city: Patch::Set(Line::parse("León").unwrap()), ..ProfilePatch::default() };
    let city = ProfileUpdate { patch: city, ..ProfileUpdate::default() };
    let thumbnail = a_photo(OLD).url(PhotoSize::Thumbnail);
    for (unchanged, expected) in [
        (city, ours(OLD)),
        (to(Patch::Keep), ours(OLD)),
        (to(Patch::Set(ours(OLD))), ours(OLD)),
        (to(Patch::Set(thumbnail.clone())), thumbnail),
    ] {
        let ((photos, deleted), records) = (photos(|| Ok(())), some_records());
        let profile = update(&forgiving(store(ours(OLD), &records)), photos, unchanged).await.unwrap();
        assert_eq!(profile.details.profile_photo_url, Some(expected));
        assert!(deleted.lock().unwrap().is_empty());
        assert_eq!(records.lock().unwrap()[&a_photo(OLD)].state, PhotoState::Kept);
    }
}

#[tokio::test]
async fn a_photo_kept_elsewhere_or_for_somebody_else_is_left_alone() {
    // The web app may have written any address into the row.
    let of_somebody_else = of_somebody_else(OLD).url(PhotoSize::Full);
    for shown in [elsewhere(), of_somebody_else, PhotoUrl::from_stored("/uploads/f.jpg".to_owned())] {
        let ((photos, deleted), records) = (photos(|| Ok(())), some_records());
        update(&forgiving(store(shown, &records)), photos, to(Patch::Clear)).await.unwrap();
        assert!(deleted.lock().unwrap().is_empty());
        assert_eq!(*records.lock().unwrap(), *some_records().lock().unwrap());
    }
}

#[tokio::test]
async fn a_change_that_is_not_stored_leaves_the_photo_alone() {
    let answers: [fn() -> Result<bool, StoreError>; 2] = [|| Ok(false), || Err(StoreError::Unavailable("busy".into()))];
    for answer in answers {
        let (photos, deleted) = photos(|| Ok(()));
        let mut store = store(ours(OLD), &some_records());
        store.profiles.expect_update().returning(move |_, _| answer());
        let mocked = store.into_ports();
        assert!(update(&mocked, photos, to(Patch::Clear)).await.is_err());
        assert!(deleted.lock().unwrap().is_empty());
        assert!(!mocked.committed());
    }
}

#[tokio::test]
async fn a_photo_store_that_fails_does_not_fail_the_request_and_leaves_the_photo_to_the_sweep() {
    let expected = PhotoRecord { changed_at: time(NOW), ..a_record(OLD, PhotoState::Doomed) };
    let ((photos, deleted), records) = (photos(|| Err(StoreError::Unavailable("down".into()))), some_records());
    let mocked = forgiving(store(ours(OLD), &records));
    let profile = update(&mocked, photos, to(Patch::Set(elsewhere()))).await.unwrap();
    assert_eq!(profile.details.profile_photo_url, Some(elsewhere()));
    assert!(mocked.committed());
    assert!(!deleted.lock().unwrap().is_empty(), "it was tried");
    assert_eq!(records.lock().unwrap()[&a_photo(OLD)], expected);
}

#[tokio::test]
async fn a_profile_can_not_show_the_photo_of_somebody_else() {
    let mocked = forgiving(store(ours(OLD), &some_records()));
    let of_somebody_else = of_somebody_else(OLD).url(PhotoSize::Full);
    assert_refused(update(&mocked, photos(|| Ok(())).0, to(Patch::Set(of_somebody_else.clone()))).await);
    assert_refused(create(&mocked, of_somebody_else).await);
    assert!(!mocked.committed());
}
