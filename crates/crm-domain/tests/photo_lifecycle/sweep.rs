use std::error::Error;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crm_domain::error::CrmError;
use crm_domain::ids::{TenantId, UserId};
use crm_domain::photo::{PhotoId, PhotoRecord, PhotoState, PhotoSweep, SweepOptions, SweepReport};
use crm_domain::progress::{Progress, Unwatched};
use crm_domain::testing::fixtures::{a_photo, a_record, tenant};
use crm_domain::value::{PhotoSize, PhotoUrl};

use crate::world::{World, a_new_record, url};

pub(crate) fn forced() -> SweepOptions {
    SweepOptions { force: true, ..SweepOptions::default() }
}

fn dry() -> SweepOptions {
    SweepOptions { dry_run: true, ..SweepOptions::default() }
}

pub(crate) async fn sweep(world: &World, options: SweepOptions) -> Result<SweepReport, CrmError> {
    sweep_watched(world, options, &Unwatched).await
}

async fn sweep_watched(world: &World, options: SweepOptions, progress: &dyn Progress) -> Result<SweepReport, CrmError> {
    PhotoSweep::new(world.ports(), Arc::new(world.objects.clone())).run(options, progress).await
}

/// Photo 1 is shown and as it should be. 2 was never finished, 3 is no longer shown, 4 has no record, 5 is too young.
fn untidy() -> World {
    let world = World::showing_photo_1();
    world.keep(2, PhotoState::Writing);
    world.keep(3, PhotoState::Doomed);
    world.objects.store(&tenant(), &a_photo(4), 4);
    world.keep(5, PhotoState::Kept);
    world.rows().put_record(a_new_record(5, PhotoState::Kept));
    world.objects.store_at("t1/client/foto.jpg", b"foreign");
    world
}

fn tidied() -> SweepReport {
    SweepReport { tenants: 1, shown: 1, removed: 3, waiting: 1, foreign: 1, leftovers: 3, ..SweepReport::default() }
}

/// A world whose profile shows a photo that is missing.
pub(crate) fn showing_a_missing_photo() -> World {
    let world = World::showing_photo_1();
    world.objects.damage(1, PhotoSize::Full, None);
    world
}

#[tokio::test]
async fn photos_that_nothing_shows_are_doomed_deleted_and_forgotten_one_after_the_other() {
    let world = untidy();
    assert_eq!(sweep(&world, SweepOptions::default()).await.unwrap(), tidied());
    let mut log = world.outcome.log();
    assert_eq!(log.pop().unwrap(), "leftovers before 2026-02-01 11:00:00 UTC");
    let (doomed, rest): (Vec<_>, Vec<_>) = log.into_iter().partition(|step| step.contains("doomed"));
    assert_eq!(doomed.len(), 2, "one is doomed already: {doomed:?}");
    for number in [2, 3, 4] {
        let of_this: Vec<_> = rest.iter().filter(|step| step.contains(&number.to_string())).collect();
        let expected = [" full", " thumbnail"].map(|size| format!("delete {number}{size}"));
        assert_eq!(of_this, [&expected[0], &expected[1], &format!("commit: {number} forgotten")]);
    }
    assert_eq!(world.shown(), Some(url(1)));
    assert_eq!(
        (world.record(1), world.record(5)),
        (Some(a_record(1, PhotoState::Kept)), Some(a_new_record(5, PhotoState::Kept)))
    );
    assert_eq!(world.objects.described().len(), 4);

    let second = sweep(&world, SweepOptions::default()).await.unwrap();
    assert_eq!(second, SweepReport { removed: 0, ..tidied() });
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_changes_nothing() {
    let world = untidy();
    assert_eq!(sweep(&world, dry()).await.unwrap(), SweepReport { leftovers: 0, ..tidied() });
    assert_eq!(world.outcome.log(), Vec::<String>::new());

    let world = showing_a_missing_photo();
    let force = SweepOptions { force: true, ..dry() };
    let (cautious, forced) = (sweep(&world, dry()).await.unwrap(), sweep(&world, force).await.unwrap());
    assert_eq!((cautious.withheld, cautious.cleared, forced.withheld, forced.cleared), (1, 0, 0, 1));
    assert_eq!(world.outcome.log(), Vec::<String>::new());
}

#[tokio::test]
async fn a_missing_photo_is_cleared_doomed_and_forgotten_but_only_by_force_if_most_are_missing() {
    let world = showing_a_missing_photo();
    let report = sweep(&world, SweepOptions::default()).await.unwrap();
    assert_eq!((report.withheld, report.cleared), (1, 0));
    assert_eq!((world.shown(), world.record(1)), (Some(url(1)), Some(a_record(1, PhotoState::Kept))));

    let report = sweep(&world, forced()).await.unwrap();
    assert_eq!((report.withheld, report.cleared, report.shown), (0, 1, 1));
    assert_eq!((world.shown(), world.records()), (None, vec![]));
    assert_eq!(world.objects.described(), Vec::<String>::new());
}

#[tokio::test]
async fn up_to_half_of_all_photos_may_be_missing_without_force() {
    for (others, (withheld, cleared)) in [(0, (1, 0)), (1, (0, 1)), (2, (0, 1))] {
        let world = showing_a_missing_photo();
        for other in 0..others {
            let photo = PhotoId { user: UserId::from_stored(format!("user{other}")), ..a_photo(1) };
            world.objects.store(&tenant(), &photo, 1);
            world.rows().show_to(photo.user.clone(), Some(photo.url(PhotoSize::Full)));
        }
        let report = sweep(&world, SweepOptions::default()).await.unwrap();
        assert_eq!((report.withheld, report.cleared), (withheld, cleared), "{others} others are there");
    }
}

#[tokio::test]
async fn a_shown_photo_is_recorded_as_kept_with_what_is_stored_of_it() {
    for record in [None, Some(a_record(1, PhotoState::Writing)), Some(a_record(1, PhotoState::Doomed))] {
        let world = World::showing_photo_1();
        world.rows().remove_record(&a_photo(1));
        if let Some(record) = record {
            world.rows().put_record(record);
        }
        let report = sweep(&world, SweepOptions::default()).await.unwrap();
        assert_eq!((report.adopted, report.removed, report.cleared), (1, 0, 0));
        assert_eq!((world.shown(), world.record(1)), (Some(url(1)), Some(a_new_record(1, PhotoState::Kept))));
        assert_eq!(sweep(&world, SweepOptions::default()).await.unwrap().adopted, 0);
    }
}

#[tokio::test]
async fn a_shown_photo_without_thumbnail_is_only_counted() {
    let world = World::showing_photo_1();
    world.objects.damage(1, PhotoSize::Thumbnail, None);
    let report = sweep(&world, SweepOptions::default()).await.unwrap();
    assert_eq!(report, SweepReport { tenants: 1, shown: 1, without_thumbnail: 1, leftovers: 3, ..SweepReport::default() });
    assert_eq!(world.shown(), Some(url(1)));
}

#[tokio::test]
async fn an_address_that_is_not_ours_is_nobodys_to_clear() {
    let world = World::new();
    for shown in ["https://cdn.ejemplo.mx/f.jpg", "/api/clients/photos/client/foto.jpg"] {
        world.rows().show(Some(PhotoUrl::from_stored(shown.to_owned())));
        let report = sweep(&world, forced()).await.unwrap();
        assert_eq!((report.shown, report.cleared), (0, 0));
        assert_eq!(world.shown().unwrap().as_str(), shown);
    }
}

#[tokio::test]
async fn photos_of_tenants_that_only_the_store_knows_are_removed_only_by_force() {
    let world = World::showing_photo_1();
    world.objects.store(&TenantId::from_stored("t9"), &a_photo(2), 2);
    world.objects.store_at("no tenant/client/foto.jpg", b"foreign");
    let before = world.objects.described();
    let report = sweep(&world, SweepOptions::default()).await.unwrap();
    assert_eq!(report, SweepReport { tenants: 2, shown: 1, strange: 1, leftovers: 3, ..SweepReport::default() });
    assert_eq!(world.objects.described(), before);

    let report = sweep(&world, forced()).await.unwrap();
    assert_eq!((report.strange, report.removed), (0, 1));
    assert_eq!(world.objects.described(), ["1 thumbnail", "1 full"]);
}

#[tokio::test]
async fn a_record_of_a_user_whose_id_names_no_object_is_forgotten() {
    let world = World::new();
    let id = PhotoId { user: UserId::from_stored(".."), ..a_photo(2) };
    world.rows().put_record(PhotoRecord { id, ..a_record(2, PhotoState::Writing) });
    assert_eq!(sweep(&world, SweepOptions::default()).await.unwrap().removed, 1);
    assert_eq!(world.records(), []);
}

#[tokio::test]
async fn failures_are_counted_and_do_not_stop_the_rest() {
    for (failing, failed) in [("delete 2", 1), ("commit: 4 doomed", 1), ("delete 3 thumbnail", 1), ("commit", 3)] {
        let world = untidy();
        world.outcome.fail(move |step| step.starts_with(failing));
        let report = sweep(&world, SweepOptions::default()).await.unwrap();
        assert_eq!(report, SweepReport { failed, removed: 3 - failed, ..tidied() }, "{failing}");
        world.outcome.fail(|_| false);
        world.clock.set("2026-02-01T12:01:00Z");
        let again = sweep(&world, SweepOptions::default()).await.unwrap();
        assert_eq!((again.failed, again.removed), (0, failed), "{failing}: the next sweep tries again");
    }
}

#[tokio::test]
async fn leftovers_that_can_not_be_removed_are_counted_as_a_failure() {
    let world = untidy();
    world.outcome.fail(|step| step.starts_with("leftovers"));
    assert_eq!(sweep(&world, SweepOptions::default()).await.unwrap(), SweepReport { leftovers: 0, failed: 1, ..tidied() });
}

#[tokio::test]
async fn progress_adds_up() {
    #[derive(Default)]
    struct Watched {
        announced: AtomicU64,
        done: AtomicU64,
        failed: AtomicU64,
        lost: AtomicU64,
        finished: AtomicU64,
    }
    impl Progress for Watched {
        fn start(&self, _: &'static str, total: u64) {
            self.announced.fetch_add(total, Ordering::Relaxed);
        }
        fn advance(&self, by: u64) {
            self.done.fetch_add(by, Ordering::Relaxed);
        }
        fn failed(&self, step: &dyn Display, _: &dyn Error) {
            assert_eq!(step.to_string(), a_photo(2).to_string());
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        fn lost(&self, what: &dyn Display) {
            assert_eq!(what.to_string(), a_photo(1).to_string());
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        fn finish(&self) {
            self.finished.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (watched, world) = (Watched::default(), untidy());
    world.outcome.fail(|step| step.starts_with("delete 2"));
    sweep_watched(&world, SweepOptions::default(), &watched).await.unwrap();
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    assert_eq!((count(&watched.announced), count(&watched.done), count(&watched.finished)), (4, 4, 2));
    assert_eq!((count(&watched.failed), count(&watched.lost)), (1, 0));

    sweep_watched(&showing_a_missing_photo(), forced(), &watched).await.unwrap();
    assert_eq!(count(&watched.lost), 1);
}

#[tokio::test]
async fn nothing_is_changed_unless_everything_could_be_looked_at() {
    let world = untidy();
    world.objects.store(&TenantId::from_stored("t9"), &a_photo(2), 2);
    world.outcome.fail(|step| step == "list t9");
    let refused = sweep(&world, SweepOptions::default()).await;
    assert!(matches!(refused, Err(CrmError::Unavailable(_))), "{refused:?}");
    assert_eq!(world.outcome.log(), Vec::<String>::new());
}
