//! Profiles one by one: storing, changing, deleting.

use crate::validation::Violations;
use chrono::Duration;
use futures_util::future::join_all;

use super::samples::{born, full_details, line};
use super::world::{World, admin, every_note, profile};
use super::{StoreHarness, pages};
use crate::error::{CrmError, StoreError, UniqueRule};
use crate::note::NoteFilter;
use crate::profile::{ClientProfile, Gender, NewProfile, ProfileDetails, ProfileFilter, ProfilePatch, ProfileSummary};
use crate::testing::fixtures::time;
use crate::testing::rows;

async fn assert_stored(world: &World<'_>, stored: &ClientProfile) {
    let read = world.t1();
    assert_eq!(read.profiles().find(&stored.id).await.unwrap().as_ref(), Some(stored));
    assert_eq!(read.profiles().find_by_user(&stored.user_id).await.unwrap().as_ref(), Some(stored));
    let filter = ProfileFilter { user: Some(stored.user_id.clone()), ..ProfileFilter::default() };
    let listed = read.profiles().list(&filter, &pages::everything()).await.unwrap();
    let user = read.directory().find_user(&stored.user_id).await.unwrap().unwrap();
    assert_eq!(listed.items, [ProfileSummary { profile: stored.clone(), user }], "a list shows what an item shows");
}

pub async fn every_field_of_a_profile_is_stored_and_found_again(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1")]).await;
    let full = ClientProfile {
        details: full_details(),
        created_at: time("2026-01-01T12:00:00.001Z"),
        updated_at: time("2026-01-31T23:59:59.999Z"),
        ..profile("p1", "u1")
    };
    world.store_profile(&full).await;
    assert_stored(&world, &full).await;
}

pub async fn a_profile_that_says_nothing_stays_empty(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1")]).await;
    let empty = profile("p1", "u1");
    world.store_profile(&empty).await;
    assert_stored(&world, &empty).await;
}

pub async fn every_gender_and_birth_date_is_stored_and_found_again(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let dates = ["1900-01-01", "1969-12-31", "1990-04-01", "2024-02-29"];
    for (index, (gender, date)) in Gender::ALL.into_iter().zip(dates).enumerate() {
        let (id, user) = (format!("p{index}"), format!("u{index}"));
        world.add([rows::user(&user)]).await;
        let details = ProfileDetails { gender: Some(gender), date_of_birth: born(date), ..ProfileDetails::default() };
        let stored = ClientProfile { details, ..profile(&id, &user) };
        world.store_profile(&stored).await;
        assert_stored(&world, &stored).await;
    }
}

pub async fn an_update_sets_and_empties_every_field(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1")]).await;
    let empty = profile("p1", "u1");
    let updated_at = empty.updated_at + Duration::milliseconds(1);
    let full = ClientProfile { details: full_details(), updated_at, ..empty.clone() };
    world.store_profile(&empty).await;
    for (before, after) in [(&empty, &full), (&full, &empty)] {
        let unit = world.begin().await;
        assert!(unit.profiles().update(before, after).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
        assert_stored(&world, after).await;
    }
}

pub async fn a_profile_update_leaves_the_columns_alone_that_it_does_not_change(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let before = world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();
    world.sql("UPDATE client_profiles SET occupation = 'Chef', notes = 'Alergia' WHERE id = 'p1'").await;

    let details = ProfileDetails { city: line("Mérida"), ..before.details.clone() };
    let after = ClientProfile { details, updated_at: time("2026-02-01T12:00:00Z"), ..before.clone() };
    let unit = world.begin().await;
    assert!(unit.profiles().update(&before, &after).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();

    let found = world.t1().profiles().find(&before.id).await.unwrap().unwrap();
    assert_eq!(found.details.city, line("Mérida"));
    assert_eq!(found.details.occupation, line("Chef"));
    assert_eq!(found.details.notes.unwrap().as_str(), "Alergia");
    assert_eq!(found.updated_at, after.updated_at);
    let other = world.t1().profiles().find(&"p2".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(other.details.city, None, "another row was changed");
}

pub async fn a_second_profile_for_a_user_is_refused_and_the_unit_stays_usable(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1"), rows::user("u2"), rows::user("u3"), rows::profile("p1", "u1")]).await;
    let unit = world.begin().await;
    unit.profiles().insert(&profile("p2", "u2")).await.unwrap();
    for user in ["u1", "u2"] {
        let refused = unit.profiles().insert(&profile("again", user)).await;
        assert!(matches!(refused, Err(StoreError::Duplicate(UniqueRule::ProfilePerUser))), "{user}: {refused:?}");
    }
    unit.profiles().insert(&profile("p3", "u3")).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();

    for (user, expected) in [("u1", "p1"), ("u2", "p2"), ("u3", "p3")] {
        let found = world.t1().profiles().find_by_user(&user.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(found.id.as_str(), expected);
    }
}

pub async fn a_profile_for_no_user_of_the_tenant_is_refused_and_the_unit_stays_usable(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1"), rows::user("stranger").with("tenantId", "t2")]).await;
    let unit = world.begin().await;
    for user in ["nobody", "stranger"] {
        let refused = unit.profiles().insert(&profile("px", user)).await;
        assert!(matches!(refused, Err(StoreError::MissingReference)), "{user}: {refused:?}");
    }
    unit.profiles().insert(&profile("p1", "u1")).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();

    assert!(world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().is_some());
    assert_eq!(world.t2().profiles().find_by_user(&"stranger".parse().unwrap()).await.unwrap(), None);
}

pub async fn a_hundred_people_making_one_profile_at_once_make_one(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("u1")]).await;
    let (service, admin) = (world.profiles(), admin());
    let new =
        NewProfile { user_id: "u1".parse().unwrap(), details: ProfilePatch::default(), mistakes: Violations::default() };
    let results = join_all((0..100).map(|_| service.create(&admin, new.clone()))).await;

    let made = results.iter().filter(|result| result.is_ok()).count();
    let is_conflict = |error: &&CrmError| matches!(error, CrmError::Conflict(UniqueRule::ProfilePerUser));
    let others: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).filter(|e| !is_conflict(e)).collect();
    assert_eq!((made, others.len()), (1, 0), "{others:?}");
}

pub async fn changing_or_deleting_a_vanished_profile_answers_no(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let before = world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();
    world.sql("DELETE FROM client_profiles WHERE id = 'p1'").await;

    let after = ClientProfile { details: full_details(), ..before.clone() };
    let unit = world.begin().await;
    assert!(!unit.profiles().update(&before, &after).await.unwrap());
    assert!(!unit.profiles().delete(&before.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(world.t1().profiles().find(&before.id).await.unwrap(), None);
}

pub async fn deleting_a_profile_takes_its_notes_and_preferences_and_leaves_the_user(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world
        .add([rows::note("n1", "p1"), rows::note("n2", "p2"), rows::preferences("f1", "p1"), rows::preferences("f2", "p2")])
        .await;
    let unit = world.begin().await;
    assert!(unit.profiles().delete(&"p1".parse().unwrap()).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();

    let read = world.t1();
    assert_eq!(read.profiles().find(&"p1".parse().unwrap()).await.unwrap(), None);
    assert_eq!(read.notes().find(&every_note(), &"n1".parse().unwrap()).await.unwrap(), None);
    let notes = read.notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!((notes.total, notes.items[0].note.id.as_str()), (1, "n2"));
    assert_eq!(read.preferences().find(&"f1".parse().unwrap()).await.unwrap(), None);
    assert!(read.preferences().find(&"f2".parse().unwrap()).await.unwrap().is_some());
    assert!(read.directory().find_user(&"u1".parse().unwrap()).await.unwrap().is_some());
}

pub async fn what_another_application_does_to_a_profile_is_read_at_once(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let id = "p1".parse().unwrap();
    let row = rows::profile("p1", "u1").with("country", None).with("createdAt", "2025-12-31 23:59:59.123");
    world.add([rows::user("u1"), row.with("dateOfBirth", "1990-01-15 00:00:00")]).await;
    let found = world.t1().profiles().find(&id).await.unwrap().unwrap();
    assert_eq!(found.created_at, time("2025-12-31T23:59:59.123Z"));
    assert_eq!(found.details, ProfileDetails { date_of_birth: born("1990-01-15"), ..ProfileDetails::default() });

    world.sql("UPDATE client_profiles SET city = 'León', \"updatedAt\" = '2026-01-05 08:00:00' WHERE id = 'p1'").await;
    let found = world.t1().profiles().find_by_user(&"u1".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((found.details.city, found.updated_at), (line("León"), time("2026-01-05T08:00:00Z")));

    world.sql("DELETE FROM client_profiles WHERE id = 'p1'").await;
    assert_eq!(world.t1().profiles().find(&id).await.unwrap(), None);
}
