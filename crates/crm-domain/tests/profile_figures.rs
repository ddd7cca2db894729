//! How many profiles there are: when they are counted, and when the last count is shown again.

use std::sync::Arc;

use crm_domain::access::{Action, Role};
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::TrashId;
use crm_domain::patch::Patch;
use crm_domain::profile::{NewProfile, ProfileFigures, ProfilePatch, ProfileService};
use crm_domain::testing::fixtures::{NOW, a_profile, a_tenant, a_trash, a_user, actor_in, an_actor, time};
use crm_domain::testing::{FixedClock, MockPhotoStore, MockStore};
use crm_domain::trash::{Contents, TrashItem, TrashService};
use crm_domain::validation::Violations;
use crm_domain::version::Precondition;

/// A service whose figures are counted so many times, and its clock.
fn counting(times: usize) -> (ProfileService, Arc<FixedClock>) {
    let mut store = MockStore { trash: a_trash(), ..MockStore::default() };
    store.trash.expect_find().returning(|_, _| Ok(Some(a_deleted_profile())));
    store.trash.expect_restore().returning(|_| Ok(Contents { profile: Some(a_profile()), ..Contents::default() }));
    store.directory.expect_tenant().returning(|| Ok(a_tenant()));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store.profiles.expect_find().returning(|_| Ok(Some(a_profile())));
    store.profiles.expect_insert().returning(|_| Ok(()));
    store.profiles.expect_delete().returning(|_| Ok(true));
    store.profiles.expect_figures().times(times).returning(|month_start, now| {
        assert_eq!(month_start, time("2026-02-01T06:00:00Z"), "midnight in Mexico City");
        assert!(now >= time(NOW));
        Ok(ProfileFigures { total: 120, new_this_month: 7, with_upcoming: 30 })
    });
    let (mut ports, clock) = (store.into_ports().ports, Arc::new(FixedClock::at(NOW)));
    ports.clock = Arc::clone(&clock) as _;
    (ProfileService::new(ports, Arc::new(MockPhotoStore::new())), clock)
}

fn a_deleted_profile() -> TrashItem {
    let profile = a_profile();
    TrashItem {
        id: TrashId::from_stored("x1"),
        resource: Resource::Profile,
        resource_id: profile.id.to_string(),
        profile: profile.id,
        owner: profile.user_id,
        note: None,
        photo: None,
        deleted_at: time(NOW),
        deleted_by: None,
    }
}

#[tokio::test]
async fn staff_see_figures_that_are_at_most_five_minutes_old() {
    let (service, clock) = counting(2);
    let desk = an_actor(Role::Receptionist);
    let figures = service.figures(&desk).await.unwrap();
    assert_eq!((figures.total, figures.new_this_month, figures.with_upcoming), (120, 7, 30));
    clock.set("2026-02-01T12:04:59.999Z");
    assert_eq!(service.clone().figures(&an_actor(Role::Admin)).await.unwrap(), figures);
    clock.set("2026-02-01T12:05:00Z");
    assert_eq!(service.figures(&desk).await.unwrap(), figures);

    let refused = service.figures(&an_actor(Role::Client)).await;
    assert!(matches!(refused, Err(CrmError::Denied(Action::ListProfiles))), "{refused:?}");
}

/// What is kept is another tenant's, so the store is asked, and it insists on being asked for the first.
#[tokio::test]
#[should_panic(expected = "asked for another tenant's rows")]
async fn figures_of_one_tenant_are_never_shown_to_another() {
    let (service, _) = counting(1);
    for tenant in ["t1", "t2"] {
        let shown = service.figures(&actor_in(tenant, "staff", Role::Receptionist)).await;
        assert_eq!((tenant, shown.unwrap().total), ("t1", 120));
    }
}

#[tokio::test]
async fn whoever_makes_deletes_or_restores_a_profile_sees_the_difference_at_once() {
    let (service, clock) = counting(2);
    let admin = an_actor(Role::Admin);
    let figures = async || {
        let figures = service.figures(&admin).await.unwrap();
        (figures.total, figures.new_this_month)
    };
    assert_eq!(figures().await, (120, 7));
    let details = ProfilePatch { city: Patch::Clear, ..ProfilePatch::default() };
    let new = NewProfile { user_id: a_user().id, details, mistakes: Violations::default() };
    service.create(&admin, new).await.unwrap();
    assert_eq!(figures().await, (121, 8));
    service.delete(&admin, &a_profile().id, &Precondition::default()).await.unwrap();
    assert_eq!(figures().await, (120, 8), "it was made in an earlier month");
    TrashService::beside(&service).restore(&admin, &a_deleted_profile().id).await.unwrap();
    assert_eq!(figures().await, (121, 8));
    clock.set("2026-02-01T12:05:00Z");
    assert_eq!(figures().await, (120, 7), "counted anew");
}

#[tokio::test]
async fn who_looks_now_and_then_never_waits_for_a_count() {
    let (service, clock) = counting(3);
    let desk = an_actor(Role::Receptionist);
    service.renew_figures().await.unwrap();
    service.figures(&desk).await.unwrap();
    for minute in 1..=2 {
        clock.set(&format!("2026-02-01T12:0{}:00Z", 5 * minute - 1));
        service.renew_figures().await.unwrap();
        service.figures(&desk).await.unwrap();
    }
    clock.set("2026-02-01T12:19:00Z");
    service.renew_figures().await.unwrap();
}
