//! What others change after the sweep has looked and before it acts.

use crm_domain::photo::{PhotoRecord, PhotoState, SweepReport};
use crm_domain::testing::fixtures::{a_photo, a_record, tenant};
use crm_domain::value::PhotoSize;

use crate::sweep::{forced, showing_a_missing_photo, sweep};
use crate::world::{World, a_new_record, url};

type Change = fn(&World);

/// Sweeps while somebody else makes a change after everything was looked at.
async fn sweep_while(world: &World, change: Change) -> SweepReport {
    let changed = world.clone();
    world.objects.meanwhile(move || change(&changed));
    sweep(world, forced()).await.unwrap()
}

#[tokio::test]
async fn a_photo_that_nothing_showed_is_left_alone_if_something_happened_to_it_since() {
    let changes: [Change; 5] = [
        |world| world.rows().put_record(a_new_record(2, PhotoState::Kept)),
        |world| world.rows().put_record(a_new_record(2, PhotoState::Writing)),
        |world| world.rows().put_record(PhotoRecord { full_bytes: 1, ..a_record(2, PhotoState::Writing) }),
        |world| world.rows().remove_record(&a_photo(2)),
        |world| world.rows().show(Some(url(2))),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let world = World::new();
        world.keep(2, PhotoState::Writing);
        let report = sweep_while(&world, change).await;
        assert_eq!((report.removed, report.failed), (0, 0), "change {number}");
        assert_eq!(world.objects.described().len(), 2, "change {number}");
        assert!(world.record(2).is_none_or(|record| record.state != PhotoState::Doomed), "change {number}");
    }
}

#[tokio::test]
async fn an_object_without_record_is_left_alone_if_it_has_one_by_now() {
    let world = World::new();
    world.objects.store(&tenant(), &a_photo(2), 2);
    let report = sweep_while(&world, |world| world.rows().put_record(a_new_record(2, PhotoState::Writing))).await;
    assert_eq!((report.removed, report.failed), (0, 0));
    assert_eq!(world.record(2), Some(a_new_record(2, PhotoState::Writing)));
}

#[tokio::test]
async fn a_reference_is_left_alone_if_its_photo_came_back() {
    let world = showing_a_missing_photo();
    let report = sweep_while(&world, |world| world.objects.store(&tenant(), &a_photo(1), 1)).await;
    assert_eq!((report.cleared, report.failed), (0, 0));
    assert_eq!((world.shown(), world.record(1)), (Some(url(1)), Some(a_record(1, PhotoState::Kept))));
}

#[tokio::test]
async fn a_reference_is_cleared_if_its_photo_came_back_cut_short() {
    let world = showing_a_missing_photo();
    let report = sweep_while(&world, |world| {
        world.objects.store(&tenant(), &a_photo(1), 1);
        world.objects.damage(1, PhotoSize::Full, Some(199));
    });
    assert_eq!(report.await.cleared, 1);
    assert_eq!(world.shown(), None);
}

#[tokio::test]
async fn a_reference_that_was_replaced_or_cleared_since_is_left_alone() {
    for replacement in [Some(url(2)), None] {
        let world = showing_a_missing_photo();
        world.keep(2, PhotoState::Kept);
        world.rows().put_record(a_new_record(2, PhotoState::Kept));
        let report = match replacement {
            Some(_) => sweep_while(&world, |world| world.rows().show(Some(url(2)))).await,
            None => sweep_while(&world, |world| world.rows().show(None)).await,
        };
        assert_eq!((report.cleared, report.failed), (0, 0));
        assert_eq!((world.shown(), world.record(2)), (replacement, Some(a_new_record(2, PhotoState::Kept))));
    }
}

#[tokio::test]
async fn clearing_a_reference_whose_profile_is_gone_leaves_the_photo_alone_that_waits_for_the_next_profile() {
    let world = showing_a_missing_photo();
    world.keep(2, PhotoState::Kept);
    world.rows().put_record(a_new_record(2, PhotoState::Kept));
    let report = sweep_while(&world, |world| world.rows().remove_profile()).await;
    assert_eq!((report.cleared, report.failed), (0, 0));
    assert_eq!(world.record(2), Some(a_new_record(2, PhotoState::Kept)));
    assert!(world.objects.bytes(2, PhotoSize::Full).is_some());
}

#[tokio::test]
async fn a_photo_that_is_not_shown_any_more_is_not_adopted() {
    let changes: [Change; 3] =
        [|world| world.rows().show(Some(url(2))), |world| world.rows().show(None), |world| world.rows().remove_profile()];
    for change in changes {
        let world = World::showing_photo_1();
        let left = a_record(1, PhotoState::Writing);
        world.rows().put_record(left.clone());
        let report = sweep_while(&world, change).await;
        assert_eq!((report.adopted, report.failed), (0, 0));
        assert_eq!(world.record(1), Some(left));
    }
}
