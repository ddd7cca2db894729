//! Rules of photos, without a database or an object store.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::{Arc, Mutex};

use crm_domain::access::{Actor, Role};
use crm_domain::error::{CrmError, Resource, StoreError};
use crm_domain::ids::UserId;
use crm_domain::photo::PhotoService;
use crm_domain::testing::fixtures::{NOW, a_profile, actor_named, an_actor, time};
use crm_domain::testing::{MockPhotoStore, MockStore, MockedPorts};
use crm_domain::value::{PhotoName, PhotoUrl};

const SHOWN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn name(hash: &str, suffix: &str) -> PhotoName {
    format!("{hash}{suffix}.jpg").parse().unwrap()
}

fn client() -> UserId {
    a_profile().user_id
}

fn url(raw: &str) -> PhotoUrl {
    PhotoUrl::from_stored(raw.to_owned())
}

fn shown() -> PhotoUrl {
    url(&format!("/api/clients/photos/client/{SHOWN}.jpg"))
}

/// A store in which user `client` has a profile with this photo.
fn store(photo: Option<PhotoUrl>) -> MockStore {
    let mut profile = a_profile();
    profile.details.profile_photo_url = photo;
    let mut store = MockStore::default();
    store.profiles.expect_find_by_user().returning(move |user| Ok((*user == profile.user_id).then(|| profile.clone())));
    store
}

async fn read(
    mocked: &MockedPorts,
    photos: MockPhotoStore,
    actor: &Actor,
    user: &UserId,
    photo: PhotoName,
) -> Result<Vec<u8>, CrmError> {
    PhotoService::new(mocked.ports.clone(), Arc::new(photos)).read(actor, user, photo).await.map(|served| served.bytes)
}

#[tokio::test]
async fn the_photo_that_the_profile_shows_is_served_in_both_sizes_to_staff_and_its_owner() {
    for actor in [an_actor(Role::Receptionist), an_actor(Role::Admin), actor_named("client", Role::Client)] {
        for suffix in ["", "-96"] {
            let mut photos = MockPhotoStore::new();
            let key = format!("t1/client/{SHOWN}{suffix}.jpg");
            photos.expect_get().once().withf(move |asked| asked.as_str() == key).returning(|_| Ok(Some(vec![7])));
            let served = read(&store(Some(shown())).into_ports(), photos, &actor, &client(), name(SHOWN, suffix)).await;
            assert_eq!(served.unwrap(), [7]);
        }
    }
}

#[tokio::test]
async fn what_the_profile_does_not_show_now_is_not_served() {
    let of_another = Some(url(&format!("/api/clients/photos/other/{SHOWN}.jpg")));
    for (photo, user, hash) in [
        (Some(shown()), "client", OTHER),
        (Some(shown()), "other", SHOWN),
        (of_another, "client", SHOWN),
        (Some(url("https://cdn.ejemplo.mx/f.jpg")), "client", SHOWN),
        (None, "client", SHOWN),
    ] {
        // No expectation on the photo store: looking for the object would stop the test.
        let (mocked, user) = (store(photo).into_ports(), UserId::from_stored(user));
        let refused = read(&mocked, MockPhotoStore::new(), &an_actor(Role::Admin), &user, name(hash, "")).await;
        assert!(matches!(refused, Err(CrmError::NotFound(Resource::Photo))), "{refused:?}");
    }
}

#[tokio::test]
async fn anothers_photo_does_not_exist_for_a_client() {
    let mocked = store(Some(shown())).into_ports();
    let stranger = actor_named("stranger", Role::Client);
    let refused = read(&mocked, MockPhotoStore::new(), &stranger, &client(), name(SHOWN, "")).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Photo))), "{refused:?}");
    let service = PhotoService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()));
    let refused = service.remove(&stranger, &client()).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Photo))), "{refused:?}");
    assert!(!mocked.committed());
}

#[tokio::test]
async fn an_object_that_is_gone_is_not_found_and_a_store_that_is_down_is_unavailable() {
    let mut gone = MockPhotoStore::new();
    gone.expect_get().returning(|_| Ok(None));
    let mocked = store(Some(shown())).into_ports();
    let refused = read(&mocked, gone, &an_actor(Role::Admin), &client(), name(SHOWN, "")).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Photo))), "{refused:?}");

    let mut down = MockPhotoStore::new();
    down.expect_get().returning(|_| Err(StoreError::Unavailable("down".into())));
    let refused = read(&mocked, down, &an_actor(Role::Admin), &client(), name(SHOWN, "")).await;
    assert!(matches!(refused, Err(CrmError::Unavailable(_))), "{refused:?}");
}

#[tokio::test]
async fn removing_a_photo_clears_the_address_and_deletes_both_sizes() {
    for (actor, answer) in [
        (an_actor(Role::Receptionist), (|| Ok(())) as fn() -> Result<(), StoreError>),
        (actor_named("client", Role::Client), || Err(StoreError::Unavailable("down".into()))),
    ] {
        let mut store = store(Some(shown()));
        store.profiles.expect_update().once().returning(|before, after| {
            assert_eq!((&before.details.profile_photo_url, &after.details.profile_photo_url), (&Some(shown()), &None));
            assert_eq!(after.updated_at, time(NOW));
            Ok(true)
        });
        let deleted = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&deleted);
        let mut photos = MockPhotoStore::new();
        photos.expect_delete().returning(move |key| {
            log.lock().unwrap().push(key.to_string());
            answer()
        });
        let mocked = store.into_ports();
        PhotoService::new(mocked.ports.clone(), Arc::new(photos)).remove(&actor, &client()).await.unwrap();
        assert_eq!(*deleted.lock().unwrap(), [format!("t1/client/{SHOWN}.jpg"), format!("t1/client/{SHOWN}-96.jpg")]);
        assert!(mocked.committed());
    }
}

#[tokio::test]
async fn removing_a_photo_kept_elsewhere_only_clears_the_address() {
    let mut store = store(Some(url("https://cdn.ejemplo.mx/f.jpg")));
    store.profiles.expect_update().once().returning(|_, _| Ok(true));
    let mocked = store.into_ports();
    let service = PhotoService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()));
    service.remove(&an_actor(Role::Admin), &client()).await.unwrap();
    assert!(mocked.committed());
}

#[tokio::test]
async fn there_is_nothing_to_remove_without_a_photo_a_profile_or_when_the_profile_vanishes() {
    let mut vanishing = store(Some(shown()));
    vanishing.profiles.expect_update().returning(|_, _| Ok(false));
    for (store, user) in [(store(None), "client"), (store(Some(shown())), "other"), (vanishing, "client")] {
        let mocked = store.into_ports();
        let service = PhotoService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()));
        let refused = service.remove(&an_actor(Role::Admin), &UserId::from_stored(user)).await;
        assert!(matches!(refused, Err(CrmError::NotFound(Resource::Photo))), "{refused:?}");
        assert!(!mocked.committed());
    }
}
