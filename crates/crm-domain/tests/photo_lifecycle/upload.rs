use std::sync::Arc;

use crm_domain::access::{Actor, Role};
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::UserId;
use crm_domain::photo::{
    PhotoRecord, PhotoRejection, PhotoService, PhotoState, ProcessingError, REMOVAL_GRACE, UploadedPhoto,
};
use crm_domain::testing::fixtures::{
    NOW, a_photo, a_processed_photo, a_profile, a_record, a_user, actor_named, an_actor, time,
};
use crm_domain::testing::{MockPhotoProcessor, MockPhotoStore, MockStore};
use crm_domain::value::{PhotoSize, PhotoUrl};

use crate::world::{World, a_new_record, url};

fn service(world: &World, processor: MockPhotoProcessor) -> PhotoService {
    PhotoService::new(world.ports(), Arc::new(world.objects.clone()), Arc::new(processor))
}

/// Uploads photo 2 for user `client`.
pub(crate) async fn upload(world: &World) -> Result<UploadedPhoto, CrmError> {
    upload_as(world, &an_actor(Role::Receptionist)).await
}

async fn upload_as(world: &World, actor: &Actor) -> Result<UploadedPhoto, CrmError> {
    let mut processor = MockPhotoProcessor::new();
    processor.expect_process().once().withf(|file| file == b"file").returning(|_| Ok(a_processed_photo(2)));
    service(world, processor).upload(actor, &a_profile().user_id, b"file".to_vec()).await
}

#[track_caller]
fn assert_unavailable<T: std::fmt::Debug>(outcome: &Result<T, CrmError>) {
    assert!(matches!(outcome, Err(CrmError::Unavailable(_))), "{outcome:?}");
}

/// Photo 1 is as it was before the upload.
#[track_caller]
fn assert_photo_1_stays(world: &World) {
    assert_eq!(world.shown(), Some(url(1)));
    assert_eq!(world.record(1), Some(a_record(1, PhotoState::Kept)));
    for size in PhotoSize::ALL {
        assert_eq!(world.objects.bytes(1, size).as_deref(), Some(a_processed_photo(1).bytes(size)));
    }
}

#[tokio::test]
async fn a_photo_is_recorded_stored_shown_and_only_then_is_the_old_one_deleted_and_forgotten() {
    let world = World::showing_photo_1();
    upload(&world).await.unwrap();
    let expected = [
        "commit: 2 writing",
        "put 2 thumbnail",
        "put 2 full",
        "commit: 1 doomed, 2 kept, shows 2",
        "delete 1 full",
        "delete 1 thumbnail",
        "commit: 1 forgotten",
    ];
    assert_eq!(world.outcome.log(), expected);
    assert_eq!((world.shown(), world.record(2)), (Some(url(2)), Some(a_changed_record())));
    for size in PhotoSize::ALL {
        assert_eq!(world.objects.bytes(2, size).as_deref(), Some(a_processed_photo(2).bytes(size)));
    }
}

/// The record of photo 2 when it was written and kept in one millisecond.
fn a_changed_record() -> PhotoRecord {
    PhotoRecord { changed_at: time("2026-02-01T12:00:00.001Z"), ..a_record(2, PhotoState::Kept) }
}

#[tokio::test]
async fn the_answer_says_where_the_photo_is_and_how_large() {
    let uploaded = upload(&World::new()).await.unwrap();
    let (url, thumbnail_url) = (a_photo(2).url(PhotoSize::Full), a_photo(2).url(PhotoSize::Thumbnail));
    assert_eq!(uploaded, UploadedPhoto { url, thumbnail_url, width: 512, height: 384 });
}

#[tokio::test]
async fn a_photo_of_a_profile_that_shows_none_of_ours_replaces_nothing() {
    let elsewhere = PhotoUrl::parse("https://cdn.ejemplo.mx/f.jpg").unwrap();
    for shown in [None, Some(elsewhere)] {
        let world = World::new();
        world.rows().show(shown);
        upload(&world).await.unwrap();
        assert_eq!(world.shown(), Some(url(2)));
        assert_eq!(world.outcome.log(), ["commit: 2 writing", "put 2 thumbnail", "put 2 full", "commit: 2 kept, shows 2"]);
    }
}

#[tokio::test]
async fn without_a_profile_the_photo_waits_instead_of_those_that_waited() {
    let world = World::new();
    for (number, state) in [(1, PhotoState::Kept), (3, PhotoState::Writing), (4, PhotoState::Doomed)] {
        world.keep(number, state);
    }
    upload(&world).await.unwrap();
    let mut log = world.outcome.log();
    assert_eq!(log.split_off(3), ["commit: 1 doomed, 2 kept", "delete 1 full", "delete 1 thumbnail", "commit: 1 forgotten"]);
    assert_eq!((world.record(2), world.record(1)), (Some(a_changed_record()), None));
    assert_eq!(world.record(3), Some(a_record(3, PhotoState::Writing)), "somebody is storing it");
    assert_eq!(world.record(4), Some(a_record(4, PhotoState::Doomed)), "somebody is deleting it");
}

#[tokio::test]
async fn a_client_uploads_only_for_themselves() {
    let world = World::showing_photo_1();
    let other = actor_named("other", Role::Client);
    let refused = service(&world, MockPhotoProcessor::new()).upload(&other, &a_profile().user_id, vec![1]).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::User))), "{refused:?}");
    assert_eq!(world.outcome.log(), Vec::<String>::new());
    upload_as(&world, &actor_named("client", Role::Client)).await.unwrap();
    assert_eq!(world.shown(), Some(url(2)));
}

#[tokio::test]
async fn nothing_is_processed_for_a_user_whom_the_tenant_does_not_have() {
    let world = World::new();
    let nobody = UserId::from_stored("nobody");
    let refused = service(&world, MockPhotoProcessor::new()).upload(&an_actor(Role::Admin), &nobody, vec![1]).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::User))), "{refused:?}");
    assert_eq!(world.outcome.log(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_processor_says_of_a_file_is_what_the_caller_hears_and_nothing_is_recorded() {
    /// Whether an error is the expected one.
    type Check = fn(&CrmError) -> bool;
    let rejections = PhotoRejection::ALL.map(|rejection| {
        let check: Box<dyn Fn(&CrmError) -> bool> = Box::new(move |e| matches!(e, CrmError::Rejected(r) if *r == rejection));
        (ProcessingError::Rejected(rejection), check)
    });
    let others: [(ProcessingError, Check); 2] = [
        (ProcessingError::Busy, |e| matches!(e, CrmError::Unavailable(_))),
        (ProcessingError::Failed("broken".into()), |e| matches!(e, CrmError::Internal(_))),
    ];
    let others = others.into_iter().map(|(answer, check)| (answer, Box::new(check) as Box<dyn Fn(&CrmError) -> bool>));
    for (answer, is_expected) in rejections.into_iter().chain(others) {
        let world = World::showing_photo_1();
        let mut processor = MockPhotoProcessor::new();
        processor.expect_process().return_once(|_| Err(answer));
        let refused = service(&world, processor).upload(&an_actor(Role::Admin), &a_profile().user_id, vec![1]).await;
        let error = refused.unwrap_err();
        assert!(is_expected(&error), "{error:?}");
        assert_eq!(world.outcome.log(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_photo_that_is_shown_already_is_not_stored_again_if_it_is_whole() {
    let world = World::new();
    world.keep(2, PhotoState::Kept);
    world.rows().show(Some(url(2)));
    upload(&world).await.unwrap();
    assert_eq!(world.outcome.log(), ["commit: ", "commit: "]);
    let record = world.record(2).unwrap();
    assert!(record.changed_at > time(NOW), "a sweep that judged it before must find out: {record:?}");
    assert_eq!(record.state, PhotoState::Kept);
}

#[tokio::test]
async fn of_a_photo_that_is_shown_already_what_is_missing_or_cut_short_is_stored_again() {
    for (full, thumbnail, expected) in [
        (Some(200), Some(19), vec!["put 2 thumbnail"]),
        (Some(199), Some(20), vec!["put 2 full"]),
        (None, None, vec!["put 2 thumbnail", "put 2 full"]),
    ] {
        let world = World::new();
        world.keep(2, PhotoState::Kept);
        world.rows().show(Some(url(2)));
        world.objects.damage(2, PhotoSize::Full, full);
        world.objects.damage(2, PhotoSize::Thumbnail, thumbnail);
        upload(&world).await.unwrap();
        let log = world.outcome.log();
        assert_eq!(log[1..log.len() - 1], expected);
        assert_eq!(world.objects.bytes(2, PhotoSize::Full), Some(a_processed_photo(2).full));
    }
}

#[tokio::test]
async fn what_an_interrupted_upload_left_is_not_trusted() {
    let world = World::showing_photo_1();
    world.keep(2, PhotoState::Writing);
    upload(&world).await.unwrap();
    assert_eq!(world.outcome.log()[..3], ["commit: ", "put 2 thumbnail", "put 2 full"]);
    assert_eq!((world.shown(), world.record(2)), (Some(url(2)), Some(a_changed_record())));
}

#[tokio::test]
async fn a_store_that_keeps_less_than_it_was_given_or_nothing_leaves_the_old_photo() {
    type Fault = fn(&World);
    let faults: [Fault; 3] = [
        |world| world.objects.lose(1),
        |world| world.outcome.fail(|step| step.starts_with("put 2 full")),
        |world| world.outcome.fail(|step| step.starts_with("put 2 thumbnail")),
    ];
    for fault in faults {
        let world = World::showing_photo_1();
        fault(&world);
        assert_unavailable(&upload(&world).await);
        assert_photo_1_stays(&world);
        assert_eq!(world.record(2), Some(a_new_record(2, PhotoState::Writing)), "the sweep must find what is left");
    }
}

#[tokio::test]
async fn a_photo_that_is_being_removed_is_not_stored_until_nobody_can_be_removing_it_any_more() {
    let world = World::showing_photo_1();
    let doomed_at = time(NOW) - REMOVAL_GRACE;
    let young = PhotoRecord { changed_at: doomed_at + chrono::Duration::milliseconds(1), ..a_record(2, PhotoState::Doomed) };
    world.rows().put_record(young.clone());
    assert_unavailable(&upload(&world).await);
    assert_eq!(world.outcome.log(), Vec::<String>::new());
    assert_eq!(world.record(2), Some(young.clone()));

    world.rows().put_record(PhotoRecord { changed_at: doomed_at, ..young });
    upload(&world).await.unwrap();
    assert_eq!(
        world.outcome.log()[..4],
        ["commit: 2 writing", "put 2 thumbnail", "put 2 full", "commit: 1 doomed, 2 kept, shows 2"]
    );
}

#[tokio::test]
async fn a_photo_that_was_swept_away_while_it_was_stored_is_not_shown() {
    let doomed = |world: &World| world.rows().put_record(a_record(2, PhotoState::Doomed));
    let forgotten = |world: &World| world.rows().remove_record(&a_photo(2));
    for sweep in [doomed as fn(&World), forgotten] {
        let world = World::showing_photo_1();
        let swept = world.clone();
        world.objects.meanwhile(move || sweep(&swept));
        assert_unavailable(&upload(&world).await);
        assert_photo_1_stays(&world);
    }
}

#[tokio::test]
async fn an_old_photo_that_can_not_be_deleted_stays_doomed_and_the_upload_succeeds() {
    let world = World::showing_photo_1();
    world.outcome.fail(|step| step.starts_with("delete"));
    upload(&world).await.unwrap();
    assert_eq!(world.shown(), Some(url(2)));
    assert_eq!(world.record(1), Some(a_new_record(1, PhotoState::Doomed)));
}

#[tokio::test]
async fn a_record_that_vanishes_while_it_is_read_counts_as_being_removed() {
    let mut store = MockStore::default();
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store.photos.expect_insert().returning(|_| Ok(false));
    store.photos.expect_find().returning(|_| Ok(None));
    let mut processor = MockPhotoProcessor::new();
    processor.expect_process().returning(|_| Ok(a_processed_photo(2)));
    let mocked = store.into_ports();
    let service = PhotoService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()), Arc::new(processor));
    assert_unavailable(&service.upload(&an_actor(Role::Admin), &a_profile().user_id, vec![1]).await);
    assert!(!mocked.committed());
}
