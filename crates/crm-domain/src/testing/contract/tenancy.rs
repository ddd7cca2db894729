//! Another tenant's ids read nothing and change nothing, whatever method they are given to.

use super::world::{World, every_note, note, preferences, profile};
use super::{StoreHarness, pages, samples};
use crate::directory::{DEFAULT_TIME_ZONE, Tenant};
use crate::error::StoreError;
use crate::history::{DateRange, HistoryFacts};
use crate::money::Money;
use crate::note::{ClientNote, NoteFilter, NoteType, NoteView};
use crate::page::{Cursor, Page, Start};
use crate::preferences::{ClientPreferences, ReminderTime};
use crate::profile::{ClientProfile, ProfileFilter, ProfileSummary, SearchTerms};
use crate::testing::fixtures::{NOW, time};
use crate::testing::rows;

/// Two profiles of `t1` with a note and preferences each, and one of each in `t2`.
async fn two_tenants(harness: &dyn StoreHarness) -> World<'_> {
    let world = World::with_two_profiles(harness).await;
    let theirs = rows::user("u9").with("tenantId", "t2");
    world.add([theirs, rows::profile("p9", "u9"), rows::note("n9", "p9"), rows::preferences("f9", "p9")]).await;
    for (note, preferences, profile) in [("n1", "f1", "p1"), ("n2", "f2", "p2")] {
        world.add([rows::note(note, profile), rows::preferences(preferences, profile)]).await;
    }
    world
}

type Rows = (Page<ProfileSummary>, Page<NoteView>, Option<ClientPreferences>);

/// Everything that `t1` has.
async fn rows_of_t1(world: &World<'_>) -> Rows {
    let read = world.t1();
    (
        read.profiles().list(&ProfileFilter::default(), &pages::everything()).await.unwrap(),
        read.notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap(),
        read.preferences().find_by_profile(&"p1".parse().unwrap()).await.unwrap(),
    )
}

pub async fn profiles_of_another_tenant_are_neither_read_nor_changed(harness: &dyn StoreHarness) {
    let world = two_tenants(harness).await;
    let before = rows_of_t1(&world).await;
    let stored = world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();

    let unit = world.begin_in("t2").await;
    let theirs = unit.profiles();
    assert_eq!(theirs.find(&stored.id).await.unwrap(), None);
    assert_eq!(theirs.find_by_user(&stored.user_id).await.unwrap(), None);
    let of_user = ProfileFilter { user: Some(stored.user_id.clone()), ..ProfileFilter::default() };
    let called = ProfileFilter { search: SearchTerms::parse("u1@ejemplo.mx"), ..ProfileFilter::default() };
    for filter in [of_user, called] {
        assert_eq!(theirs.list(&filter, &pages::everything()).await.unwrap(), Page::empty());
    }
    let refused = theirs.insert(&profile("px", "u1")).await;
    assert!(matches!(refused, Err(StoreError::MissingReference)), "{refused:?}");
    let changed = ClientProfile { details: samples::full_details(), ..stored.clone() };
    assert!(!theirs.update(&stored, &changed).await.unwrap());
    assert!(!theirs.delete(&stored.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(rows_of_t1(&world).await, before);
}

pub async fn notes_of_another_tenant_are_neither_read_nor_changed(harness: &dyn StoreHarness) {
    let world = two_tenants(harness).await;
    let before = rows_of_t1(&world).await;
    let stored = before.1.items[0].note.clone();

    let unit = world.begin_in("t2").await;
    let theirs = unit.notes();
    assert_eq!(theirs.find(&every_note(), &stored.id).await.unwrap(), None);
    let on_profile = NoteFilter { profile: Some(stored.profile_id.clone()), ..NoteFilter::default() };
    assert_eq!(theirs.list(&every_note(), &on_profile, &pages::everything()).await.unwrap(), Page::empty());
    assert_eq!(theirs.count_by_type(&every_note(), &on_profile).await.unwrap(), []);
    let by_author = NoteFilter { author: Some(stored.author.clone()), ..NoteFilter::default() };
    let page = theirs.list(&every_note(), &by_author, &pages::everything()).await.unwrap();
    assert_eq!((page.total, page.items[0].note.id.as_str()), (1, "n9"), "an author does not open other tenants");
    let refused = theirs.insert(&note("nx", "p1")).await;
    assert!(matches!(refused, Err(StoreError::MissingReference)), "{refused:?}");
    let changed = ClientNote { is_private: true, note_type: NoteType::Medical, ..stored.clone() };
    assert!(!theirs.update(&stored, &changed).await.unwrap());
    assert!(!theirs.delete(&stored.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(rows_of_t1(&world).await, before);
}

pub async fn preferences_of_another_tenant_are_neither_read_nor_changed(harness: &dyn StoreHarness) {
    let world = two_tenants(harness).await;
    world.add_client("p3", "u3").await;
    let before = rows_of_t1(&world).await;
    let stored = before.2.clone().unwrap();

    let unit = world.begin_in("t2").await;
    let theirs = unit.preferences();
    assert_eq!(theirs.find(&stored.id).await.unwrap(), None);
    assert_eq!(theirs.find_by_profile(&stored.profile_id).await.unwrap(), None);
    for profile in ["p1", "p3"] {
        let refused = theirs.insert(&preferences("fx", profile)).await;
        assert!(matches!(refused, Err(StoreError::MissingReference)), "{profile}: {refused:?}");
    }
    let changed = ClientPreferences { reminder: ReminderTime::Both, ..stored.clone() };
    assert!(!theirs.update(&stored, &changed).await.unwrap());
    assert!(!theirs.delete(&stored.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(rows_of_t1(&world).await, before);
    assert_eq!(world.t1().preferences().find_by_profile(&"p3".parse().unwrap()).await.unwrap(), None);
}

pub async fn a_history_of_another_tenant_is_not_read(harness: &dyn StoreHarness) {
    let world = two_tenants(harness).await;
    world
        .add([
            rows::client("c1").with("email", "ana@ejemplo.mx").with("phone", "5512345678"),
            rows::portal_account("a1", "ana@ejemplo.mx").with("clientId", "c1"),
            rows::appointment("a1", "c1", "2026-01-02 10:00:00").with("status", "COMPLETED"),
            rows::payment("m1", "c1", Some("a1"), 1.0),
        ])
        .await;
    let (clients, all) = (["c1".parse().unwrap()], DateRange::default());
    let ours = world.t1();
    assert_eq!(ours.history().facts(&clients, &all, time(NOW)).await.unwrap().completed, 1, "there is something to hide");

    let theirs = world.t2();
    let records = theirs.history().client_records(Some("ana@ejemplo.mx".to_owned()), Some("5512345678".to_owned()));
    assert_eq!(records.await.unwrap(), []);
    assert_eq!(theirs.history().appointments(&clients, &all, &pages::everything()).await.unwrap(), Page::empty());
    assert_eq!(theirs.history().facts(&clients, &all, time(NOW)).await.unwrap(), HistoryFacts::default());
    assert_eq!(theirs.history().spending(&clients, &[all]).await.unwrap(), [Money::ZERO]);
}

pub async fn the_directory_of_another_tenant_is_not_read(harness: &dyn StoreHarness) {
    let world = two_tenants(harness).await;
    world.sql("UPDATE tenants SET timezone = 'America/Tijuana' WHERE id = 't1'").await;
    let theirs = world.t2();
    for user in ["staff", "u1"] {
        assert!(theirs.directory().find_user(&user.parse().unwrap()).await.unwrap().is_none(), "{user}");
    }
    let services = ["corte".parse().unwrap()];
    assert_eq!(theirs.directory().unknown_services(&services).await.unwrap(), services);
    let staff = ["staff".parse().unwrap()];
    assert_eq!(theirs.directory().unknown_staff(&staff).await.unwrap(), staff);
    let own = Tenant { id: "t2".parse().unwrap(), name: "t2".to_owned(), time_zone: DEFAULT_TIME_ZONE };
    assert_eq!(theirs.directory().tenant().await.unwrap(), own);
    let users = ["staff", "u1", "u9"].map(|id| id.parse().unwrap());
    let found = theirs.directory().find_users(&users).await.unwrap();
    assert_eq!(found.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ["u9"]);
    let offered = theirs.directory().services().await.unwrap();
    assert_eq!(offered.iter().map(|service| service.id.as_str()).collect::<Vec<_>>(), ["corte2"]);
    let staff = theirs.directory().staff().await.unwrap();
    assert_eq!(staff.iter().map(|member| member.id.as_str()).collect::<Vec<_>>(), ["staff2"]);
}

pub async fn a_cursor_of_another_tenant_opens_nothing(harness: &dyn StoreHarness) {
    let world = two_tenants(harness).await;
    world.sql("UPDATE client_profiles SET \"createdAt\" = '2025-12-31 10:00:00' WHERE id = 'p9'").await;
    let after = |id: &str| Start::After(Cursor::unranked(time("2026-01-01T10:00:00Z"), id));
    let theirs = world.t2();
    let page = pages::request(after("p2"), 10);
    let found = theirs.profiles().list(&ProfileFilter::default(), &page).await.unwrap();
    assert_eq!((found.total, found.items.len()), (1, 1));
    assert_eq!(found.items[0].profile.id.as_str(), "p9");
    let page = pages::request(after("n2"), 10);
    let found = theirs.notes().list(&every_note(), &NoteFilter::default(), &page).await.unwrap();
    assert_eq!((found.total, found.items.len()), (1, 0), "n9 comes before n2");
}
