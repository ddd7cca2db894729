//! Preferences.

use crate::validation::Violations;
use chrono::Duration;
use futures_util::future::join_all;

use super::StoreHarness;
use super::world::{World, admin, preferences};
use crate::error::{CrmError, StoreError, UniqueRule};
use crate::ids::ServiceId;
use crate::preferences::{ClientPreferences, CommunicationPreference, NewPreferences, PreferencesPatch, ReminderTime};
use crate::testing::fixtures::time;
use crate::testing::rows;
use crate::value::Prose;

async fn find(world: &World<'_>, id: &str) -> Option<ClientPreferences> {
    let found = world.t1().preferences().find(&id.parse().unwrap()).await.unwrap();
    found.map(|(preferences, _)| preferences)
}

fn full() -> ClientPreferences {
    ClientPreferences {
        services: ["tinte", "corte", "ya-no-existe"].map(|id| id.parse().unwrap()).to_vec(),
        staff: ["staff", "se-fue"].map(|id| id.parse().unwrap()).to_vec(),
        communication: CommunicationPreference::Whatsapp,
        reminder: ReminderTime::Both,
        special_requests: Some(Prose::from_stored("Té sin azúcar; \"rápido\"\n'😀' \\ 100%".to_owned())),
        created_at: time("2026-01-01T12:00:00.001Z"),
        updated_at: time("2026-01-02T12:00:00.999Z"),
        ..preferences("f1", "p1")
    }
}

pub async fn preferences_are_stored_and_found_again_with_their_lists_in_order(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let (full, empty) = (full(), preferences("f2", "p2"));
    for (stored, user) in [(&full, "u1"), (&empty, "u2")] {
        world.store_preferences(stored).await;
        let (found, owner) = world.t1().preferences().find(&stored.id).await.unwrap().unwrap();
        assert_eq!((&found, owner.as_str()), (stored, user));
        let found = world.t1().preferences().find_by_profile(&stored.profile_id).await.unwrap();
        assert_eq!(found.as_ref(), Some(stored));
    }
}

pub async fn every_channel_and_reminder_is_stored_and_found_again(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for (index, communication) in CommunicationPreference::ALL.into_iter().enumerate() {
        let reminder = ReminderTime::ALL[index];
        let profile = format!("p{index}");
        world.add_client(&profile, &format!("u{index}")).await;
        let stored = ClientPreferences { communication, reminder, ..preferences(&format!("f{index}"), &profile) };
        world.store_preferences(&stored).await;
        assert_eq!(find(&world, stored.id.as_str()).await, Some(stored));
    }
}

pub async fn a_profile_without_preferences_has_none(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::preferences("f2", "p2")]).await;
    for profile in ["p1", "missing"] {
        assert_eq!(world.t1().preferences().find_by_profile(&profile.parse().unwrap()).await.unwrap(), None);
    }
    assert_eq!(find(&world, "missing").await, None);
}

pub async fn second_preferences_of_a_profile_are_refused_and_the_unit_stays_usable(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add_client("p3", "u3").await;
    world.add([rows::preferences("f1", "p1")]).await;
    let unit = world.begin().await;
    unit.preferences().insert(&preferences("f2", "p2")).await.unwrap();
    for profile in ["p1", "p2"] {
        let refused = unit.preferences().insert(&preferences("again", profile)).await;
        assert!(matches!(refused, Err(StoreError::Duplicate(UniqueRule::PreferencesPerProfile))), "{refused:?}");
    }
    unit.preferences().insert(&preferences("f3", "p3")).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();
    for id in ["f1", "f2", "f3"] {
        assert!(find(&world, id).await.is_some(), "{id}");
    }
    assert_eq!(find(&world, "again").await, None);
}

pub async fn preferences_of_no_profile_of_the_tenant_are_refused_and_the_unit_stays_usable(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3").with("tenantId", "t2"), rows::profile("foreign", "u3")]).await;
    let unit = world.begin().await;
    for profile in ["missing", "foreign"] {
        let refused = unit.preferences().insert(&preferences("fx", profile)).await;
        assert!(matches!(refused, Err(StoreError::MissingReference)), "{profile}: {refused:?}");
    }
    unit.preferences().insert(&preferences("f1", "p1")).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();
    assert!(find(&world, "f1").await.is_some());
    assert_eq!(world.t2().preferences().find_by_profile(&"foreign".parse().unwrap()).await.unwrap(), None);
}

pub async fn fifty_people_setting_preferences_of_one_profile_at_once_make_one(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let (service, admin) = (world.preferences(), admin());
    let new = NewPreferences {
        profile_id: "p1".parse().unwrap(),
        details: PreferencesPatch::default(),
        mistakes: Violations::default(),
    };
    let results = join_all((0..50).map(|_| service.create(&admin, new.clone()))).await;

    let made = results.iter().filter(|result| result.is_ok()).count();
    let is_conflict = |error: &&CrmError| matches!(error, CrmError::Conflict(UniqueRule::PreferencesPerProfile));
    let others: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).filter(|e| !is_conflict(e)).collect();
    assert_eq!((made, others.len()), (1, 0), "{others:?}");
}

pub async fn lists_that_can_not_be_read_count_as_empty(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let unreadable = [
        None,
        Some(""),
        Some("corte"),
        Some("[\"corte\""),
        Some("{\"corte\":true}"),
        Some("\"corte\""),
        Some("null"),
        Some("7"),
        Some("[7]"),
        Some("[\"corte\", 7]"),
        Some("[\"corte\", null]"),
        Some("[[\"corte\"]]"),
        Some("[\"corte\"] y más"),
    ];
    for (index, text) in unreadable.into_iter().enumerate() {
        let (id, profile) = (format!("f{index}"), format!("p{index}"));
        world.add_client(&profile, &format!("u{index}")).await;
        let row = rows::preferences(&id, &profile).with("preferredServices", text).with("preferredStaff", "[\"staff\"]");
        world.add([row.with("specialRequests", "Té")]).await;

        for found in
            [find(&world, &id).await, world.t1().preferences().find_by_profile(&profile.parse().unwrap()).await.unwrap()]
        {
            let found = found.unwrap();
            assert_eq!(found.services, [], "{text:?}");
            assert_eq!(found.staff, ["staff".parse().unwrap()], "{text:?}");
            assert_eq!(found.special_requests.unwrap().as_str(), "Té");
        }
    }
}

pub async fn lists_written_by_another_application_are_read_as_they_are(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let row = rows::preferences("f1", "p1").with("preferredServices", " [ \"b\" ,\"a\", \"ya no existe\" ] ");
    world.add([row.with("preferredStaff", "[]").with("communicationPreference", "SMS")]).await;
    let found = find(&world, "f1").await.unwrap();
    let services: Vec<_> = found.services.iter().map(ServiceId::as_str).collect();
    assert_eq!((services.as_slice(), found.staff.len()), (&["b", "a", "ya no existe"][..], 0));
    assert_eq!((found.communication, found.reminder), (CommunicationPreference::Sms, ReminderTime::Hours24));

    world.sql("UPDATE client_preferences SET \"preferredStaff\" = '[\"x\"]', \"reminderTime\" = 'HOURS_1'").await;
    let found = find(&world, "f1").await.unwrap();
    assert_eq!((found.staff[0].as_str(), found.reminder), ("x", ReminderTime::Hours1));
}

pub async fn a_preferences_update_sets_and_empties_every_field(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let full = full();
    let updated_at = full.updated_at + Duration::milliseconds(1);
    let created_at = full.created_at;
    let empty = ClientPreferences { created_at, updated_at, ..preferences("f1", "p1") };
    world.store_preferences(&full).await;
    for (before, after) in [(&full, &empty), (&empty, &full)] {
        let unit = world.begin().await;
        assert!(unit.preferences().update(before, after).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
        assert_eq!(find(&world, "f1").await.as_ref(), Some(after));
    }
}

pub async fn a_preferences_update_leaves_the_columns_alone_that_it_does_not_change(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::preferences("f1", "p1"), rows::preferences("f2", "p2")]).await;
    let before = find(&world, "f1").await.unwrap();
    let foreign = "UPDATE client_preferences SET \"preferredServices\" = '[\"corte\"]', \"specialRequests\" = 'Té', \
                   \"communicationPreference\" = 'SMS' WHERE id = 'f1'";
    world.sql(foreign).await;

    let staff = vec!["staff".parse().unwrap()];
    let after = ClientPreferences { staff, updated_at: time("2026-02-01T12:00:00Z"), ..before.clone() };
    let unit = world.begin().await;
    assert!(unit.preferences().update(&before, &after).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();

    let found = find(&world, "f1").await.unwrap();
    assert_eq!((found.services.len(), &found.staff, found.updated_at), (1, &after.staff, after.updated_at));
    assert_eq!(found.special_requests.unwrap().as_str(), "Té");
    assert_eq!(found.communication, CommunicationPreference::Sms);
    assert_eq!(find(&world, "f2").await.unwrap().staff, [], "another row was changed");
}

pub async fn deleted_preferences_are_gone_and_deleting_or_changing_them_again_answers_no(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::preferences("f1", "p1"), rows::preferences("f2", "p2")]).await;
    let before = find(&world, "f1").await.unwrap();
    let unit = world.begin().await;
    assert!(unit.preferences().delete(&before.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(world.t1().preferences().find_by_profile(&before.profile_id).await.unwrap(), None);

    let after = ClientPreferences { reminder: ReminderTime::Both, ..before.clone() };
    let unit = world.begin().await;
    assert!(!unit.preferences().update(&before, &after).await.unwrap());
    assert!(!unit.preferences().delete(&before.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert!(find(&world, "f2").await.is_some());
    assert!(world.t1().profiles().find(&before.profile_id).await.unwrap().is_some());
}
