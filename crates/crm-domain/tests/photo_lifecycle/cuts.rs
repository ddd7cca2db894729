use std::sync::Arc;

use crm_domain::access::Role;
use crm_domain::photo::{PhotoId, PhotoService, PhotoState};
use crm_domain::testing::MockPhotoProcessor;
use crm_domain::testing::fixtures::{a_photo, a_profile, an_actor, tenant};
use crm_domain::version::Precondition;

use crate::outcome::Cut;
use crate::sweep::{forced, sweep};
use crate::upload::upload;
use crate::world::{World, name};

/// Longer than an upload of one photo over another takes.
const STEPS: usize = 8;

/// Every place where a process may die, just before a step takes effect or just after.
fn everywhere() -> impl Iterator<Item = Cut> {
    (0..STEPS).flat_map(|after| [false, true].map(|is_late| Cut { after, is_late }))
}

/// Everything that is left after a sweep a day later fits together.
async fn assert_swept_clean(world: &World, cut: Cut) {
    world.outcome.cut(None);
    world.clock.set("2026-02-02T12:00:01Z");
    let report = sweep(world, forced()).await.unwrap();
    assert_eq!((report.failed, report.cleared, report.without_thumbnail), (0, 0, 0), "{cut:?}: {report:?}");

    let shown = world.shown().as_ref().and_then(PhotoId::at).map(|id| name(&id));
    let records: Vec<_> = shown.iter().map(|number| (number.clone(), PhotoState::Kept)).collect();
    assert_eq!(world.records(), records, "{cut:?}");
    let objects: Vec<_> =
        shown.iter().flat_map(|number| [format!("{number} thumbnail"), format!("{number} full")]).collect();
    let (mut objects, mut found) = (objects, world.objects.described());
    objects.sort();
    found.sort();
    assert_eq!(found, objects, "{cut:?}");

    let again = sweep(world, forced()).await.unwrap();
    assert_eq!((again.removed, again.adopted, again.waiting), (0, 0, 0), "{cut:?}: {again:?}");
}

#[tokio::test]
async fn wherever_an_upload_is_cut_off_the_profile_shows_one_whole_photo_and_the_sweep_removes_the_rest() {
    let mut shown = Vec::new();
    for cut in everywhere() {
        let world = World::showing_photo_1();
        world.outcome.cut(Some(cut));
        // Whatever the caller hears.
        drop(upload(&world).await);
        shown.push(world.shown().as_ref().and_then(PhotoId::at));
        assert_swept_clean(&world, cut).await;
    }
    assert_eq!((shown.first(), shown.last()), (Some(&Some(a_photo(1))), Some(&Some(a_photo(2)))));
}

#[tokio::test]
async fn wherever_a_removal_is_cut_off_the_sweep_removes_the_rest() {
    for cut in everywhere() {
        let world = World::showing_photo_1();
        world.outcome.cut(Some(cut));
        let (photos, processor) = (Arc::new(world.objects.clone()), Arc::new(MockPhotoProcessor::new()));
        let service = PhotoService::new(world.ports(), photos, processor);
        drop(service.remove(&an_actor(Role::Admin), &a_profile().user_id, &Precondition::default()).await);
        assert_swept_clean(&world, cut).await;
    }
}

#[tokio::test]
async fn wherever_a_sweep_is_cut_off_the_next_one_does_the_rest() {
    for cut in everywhere() {
        let world = World::showing_photo_1();
        world.keep(2, PhotoState::Writing);
        world.objects.store(&tenant(), &a_photo(3), 3);
        world.outcome.cut(Some(cut));
        drop(sweep(&world, forced()).await);
        assert_swept_clean(&world, cut).await;
    }
}
