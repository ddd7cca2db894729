use std::sync::Arc;

use crm_domain::ids::UserId;
use crm_domain::photo::{
    KeptPhoto, PhotoId, PhotoReprocessing, PhotoState, ProcessedPhoto, ProcessingError, ReprocessReport,
};
use crm_domain::progress::Unwatched;
use crm_domain::testing::MockPhotoProcessor;
use crm_domain::testing::fixtures::{a_photo, a_processed_photo, a_record, tenant};
use crm_domain::value::PhotoSize;

use crate::world::{World, url};

/// Reprocesses with this answer for every photo that could be read.
async fn reprocess(
    world: &World,
    answer: impl Fn(KeptPhoto) -> Result<Option<ProcessedPhoto>, ProcessingError> + Send + 'static,
) -> ReprocessReport {
    let mut processor = MockPhotoProcessor::new();
    processor.expect_refit().returning(answer);
    let job = PhotoReprocessing::new(world.ports(), Arc::new(world.objects.clone()), Arc::new(processor));
    job.run(&Unwatched).await.unwrap()
}

/// Photo 3 of user `another`, whose profile shows it.
fn another_users_photo(world: &World) -> PhotoId {
    let photo = PhotoId { user: UserId::from_stored("another"), ..a_photo(3) };
    world.objects.store(&tenant(), &photo, 3);
    world.rows().show_to(photo.user.clone(), Some(photo.url(PhotoSize::Full)));
    photo
}

fn kept_photo_1() -> KeptPhoto {
    let ProcessedPhoto { full, thumbnail, .. } = a_processed_photo(1);
    KeptPhoto { full, thumbnail: Some(thumbnail) }
}

fn report(changed: u64, unchanged: u64, failed: u64) -> ReprocessReport {
    ReprocessReport { changed, unchanged, failed }
}

#[tokio::test]
async fn a_photo_that_has_the_right_sizes_stays_as_it_is() {
    let world = World::showing_photo_1();
    let outcome = reprocess(&world, |kept| {
        assert_eq!(kept, kept_photo_1());
        Ok(None)
    });
    assert_eq!(outcome.await, report(0, 1, 0));
    assert_eq!(world.outcome.log(), Vec::<String>::new());
}

#[tokio::test]
async fn a_photo_made_anew_takes_the_place_of_the_old_one_like_an_upload() {
    let world = World::showing_photo_1();
    assert_eq!(reprocess(&world, |_| Ok(Some(a_processed_photo(2)))).await, report(1, 0, 0));
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
    assert_eq!(world.shown(), Some(url(2)));
    assert_eq!(reprocess(&world, |_| Ok(None)).await, report(0, 1, 0), "it may run again");
}

#[tokio::test]
async fn a_profile_that_shows_something_else_by_now_keeps_it_and_the_new_photo_is_left_to_the_sweep() {
    for shown in [Some(url(3)), None] {
        let (world, now_shown) = (World::showing_photo_1(), shown.clone());
        let meanwhile = world.clone();
        let outcome = reprocess(&world, move |_| {
            meanwhile.rows().show(now_shown.clone());
            Ok(Some(a_processed_photo(2)))
        });
        assert_eq!(outcome.await, report(0, 1, 0));
        assert_eq!(world.shown(), shown);
        assert_eq!(world.record(2).map(|record| record.state), Some(PhotoState::Writing));
        assert_eq!(world.record(1), Some(a_record(1, PhotoState::Kept)));
    }
}

#[tokio::test]
async fn a_profile_that_is_gone_by_now_is_not_waited_for() {
    let world = World::showing_photo_1();
    let meanwhile = world.clone();
    let outcome = reprocess(&world, move |_| {
        meanwhile.rows().remove_profile();
        Ok(Some(a_processed_photo(2)))
    });
    assert_eq!(outcome.await, report(0, 1, 0));
    assert_eq!(world.record(2).map(|record| record.state), Some(PhotoState::Writing));
}

#[tokio::test]
async fn a_photo_that_was_replaced_and_deleted_before_its_turn_is_not_a_failure() {
    let world = World::showing_photo_1();
    let earlier = another_users_photo(&world);
    let meanwhile = world.clone();
    let outcome = reprocess(&world, move |_| {
        meanwhile.rows().show(None);
        meanwhile.rows().remove_record(&a_photo(1));
        for size in PhotoSize::ALL {
            meanwhile.objects.damage(1, size, None);
        }
        Ok(None)
    });
    assert!(earlier < a_photo(1));
    assert_eq!(outcome.await, report(0, 2, 0));
}

#[tokio::test]
async fn a_lost_thumbnail_is_made_anew_from_the_large_picture() {
    for made in [1, 2] {
        let world = World::showing_photo_1();
        world.objects.damage(1, PhotoSize::Thumbnail, None);
        let outcome = reprocess(&world, move |kept| {
            assert_eq!(kept, KeptPhoto { thumbnail: None, ..kept_photo_1() });
            Ok(Some(a_processed_photo(made)))
        });
        assert_eq!(outcome.await, report(1, 0, 0));
        assert_eq!(world.shown(), Some(url(made)), "which has the same name if it came out the same");
        assert_eq!(world.records(), [(made.to_string(), PhotoState::Kept)]);
        assert_eq!(world.objects.bytes(made, PhotoSize::Thumbnail), Some(a_processed_photo(made).thumbnail));
    }
}

#[tokio::test]
async fn what_can_not_be_read_or_made_or_stored_is_counted_and_stays_and_the_rest_goes_on() {
    type Fault = fn(&World);
    let faults: [Fault; 4] = [
        |world| world.objects.damage(1, PhotoSize::Full, None),
        |world| world.outcome.fail(|step| step == "open 1 full"),
        |world| world.outcome.fail(|step| step == "open 1 thumbnail"),
        |world| world.outcome.fail(|step| step.starts_with("put 2")),
    ];
    for fault in faults {
        let world = World::showing_photo_1();
        another_users_photo(&world);
        fault(&world);
        let outcome = reprocess(&world, |kept| Ok((kept == kept_photo_1()).then(|| a_processed_photo(2))));
        assert_eq!(outcome.await, report(0, 1, 1));
        assert_eq!((world.shown(), world.record(1)), (Some(url(1)), Some(a_record(1, PhotoState::Kept))));
    }
    let world = World::showing_photo_1();
    assert_eq!(reprocess(&world, |_| Err(ProcessingError::Busy)).await, report(0, 0, 1));
    assert_eq!(world.outcome.log(), Vec::<String>::new());
}
