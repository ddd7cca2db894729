//! Lists of profiles by name, by month of birth, and of those who were not seen for long; how many there are.

use std::collections::BTreeSet;

use super::samples::PLACEHOLDERS;
use super::world::World;
use super::{StoreHarness, pages};
use crate::error::StoreError;
use crate::page::{Page, PageRequest, Start};
use crate::profile::{ProfileFilter, ProfileOrder, ProfileSummary, SearchTerms};
use crate::testing::fixtures::{NOW, time};
use crate::testing::rows::{self, Row};
use crate::value::{email_key, phone_identity};

fn by_name() -> ProfileFilter {
    ProfileFilter { order: ProfileOrder::Name, ..ProfileFilter::default() }
}

async fn listed(world: &World<'_>, filter: &ProfileFilter, page: &PageRequest) -> Page<ProfileSummary> {
    world.t1().profiles().list(filter, page).await.unwrap()
}

async fn found(world: &World<'_>, filter: &ProfileFilter) -> Vec<String> {
    let page = listed(world, filter, &pages::everything()).await;
    assert_eq!(page.total, page.items.len() as u64, "the total counts other rows than the list");
    page.items.iter().map(|row| row.profile.id.to_string()).collect()
}

fn named(id: &str, first: &str, last: &str) -> [Row; 2] {
    let user = format!("u-{id}");
    [rows::user(&user), rows::profile(id, &user).with("firstName", first).with("lastName", last)]
}

async fn five_people(world: &World<'_>) {
    for rows in [
        named("a", "Zoe", "Abad"),
        named("b", "álvaro", "Ñandú"),
        named("c", "Alvaro", "Zúñiga"),
        named("d", "ALVARO", "ZUNIGA"),
    ] {
        world.add(rows).await;
    }
    world.add([rows::user("e").with("firstName", "Élan").with("lastName", "Vital"), rows::profile("e", "e")]).await;
}

pub async fn profiles_are_listed_by_name_whatever_its_case_and_accents_and_ties_by_id(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    five_people(&world).await;
    assert_eq!(found(&world, &by_name()).await, ["b", "c", "d", "e", "a"]);
    world.sql("UPDATE client_profiles SET \"firstName\" = 'Abel' WHERE id = 'a'").await;
    world.sql("UPDATE client_profiles SET \"firstName\" = NULL WHERE id = 'b'").await;
    assert_eq!(found(&world, &by_name()).await, ["a", "c", "d", "e", "b"], "the user is called Sin");
}

pub async fn pages_of_profiles_by_name_never_overlap_and_cover_all(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    five_people(&world).await;
    for filter in [by_name(), ProfileFilter { search: SearchTerms::parse("alvaro"), ..by_name() }] {
        let all = listed(&world, &filter, &pages::everything()).await;
        for take in [1, 2, 3, 5, 200] {
            let list = async |page| listed(&world, &filter, &page).await;
            assert_eq!(pages::by_offset(take, &list).await, all.items, "{take}");
            assert_eq!(pages::by_cursor(take, &list).await, all.items, "{take}");
        }
    }
}

pub async fn a_list_by_name_goes_on_after_a_profile_wherever_it_stands_now(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    five_people(&world).await;
    let first = listed(&world, &by_name(), &PageRequest::first(2)).await;
    let after = pages::request(Start::After(first.next.unwrap()), 5);
    let ids = async |page| {
        let page = listed(&world, &by_name(), &page).await;
        page.items.iter().map(|row| row.profile.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(after.clone()).await, ["d", "e", "a"]);
    world.sql("UPDATE client_profiles SET \"firstName\" = 'Emma' WHERE id = 'c'").await;
    assert_eq!(ids(after.clone()).await, ["a"]);
    world.sql("DELETE FROM client_profiles WHERE id = 'c'").await;
    let gone = world.t1().profiles().list(&by_name(), &after).await;
    assert!(matches!(gone, Err(StoreError::MissingReference)), "{gone:?}");
    let theirs = world.t2().profiles().list(&by_name(), &after).await;
    assert!(matches!(theirs, Err(StoreError::MissingReference)), "{theirs:?}");
}

pub async fn profiles_are_filtered_by_month_of_birth(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for (id, born) in [("a", Some("1990-01-31")), ("b", Some("2000-02-29")), ("c", Some("1955-01-01")), ("d", None)] {
        let (user, born) = (format!("u-{id}"), born.map(|day| format!("{day} 00:00:00")));
        world.add([rows::user(&user), rows::profile(id, &user).with("dateOfBirth", born.as_deref())]).await;
    }
    let month = |month| ProfileFilter { birthday_month: Some(month), ..ProfileFilter::default() };
    assert_eq!(found(&world, &month(1)).await, ["c", "a"]);
    assert_eq!(found(&world, &month(2)).await, ["b"]);
    assert_eq!(found(&world, &month(12)).await, [""; 0]);
    world.sql("UPDATE client_profiles SET \"dateOfBirth\" = '1990-12-31 23:59:59.999' WHERE id = 'a'").await;
    assert_eq!(found(&world, &month(1)).await, ["c"], "what another application does is listed at once");
    assert_eq!(found(&world, &ProfileFilter { order: ProfileOrder::Name, ..month(12) }).await, ["a"]);
}

pub async fn many_who_were_not_seen_are_all_listed_and_counted_as_at_least_50(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for n in 0..60 {
        world.add([rows::user(&format!("u{n}")), rows::profile(&format!("p{n}"), &format!("u{n}"))]).await;
    }
    let unseen = ProfileFilter { not_seen_since: Some(time("2026-01-01T00:00:00Z")), ..ProfileFilter::default() };
    let (mut ids, mut wanted) = (BTreeSet::new(), Some(PageRequest::first(25)));
    while let Some(page) = wanted {
        let found = listed(&world, &unseen, &page).await;
        assert!((50..=60).contains(&found.total), "{}", found.total);
        assert_eq!(found.total_is_exact, found.total == 60);
        for row in found.items {
            assert!(ids.insert(row.profile.id), "nobody is listed twice");
        }
        wanted = found.next.and_then(|cursor| PageRequest::new(Start::After(cursor), 25));
    }
    assert_eq!(ids.len(), 60);
}

pub async fn not_seen_since_is_without_a_completed_appointment_since_then(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let visit = |client: &str, status: &str, start: &str| {
        rows::appointment(&format!("{client} {start}"), client, start).with("status", status)
    };
    for id in ["never", "before", "then", "cancelled", "later"] {
        let user = format!("u-{id}");
        let contact = rows::client(id).with("email", format!("{user}@ejemplo.mx").as_str());
        world.add([rows::user(&user), rows::profile(id, &user), contact]).await;
    }
    world
        .add([
            visit("before", "COMPLETED", "2026-01-10 09:59:59.999"),
            visit("then", "COMPLETED", "2026-01-10 10:00:00"),
            visit("cancelled", "CANCELLED", "2026-01-20 10:00:00"),
            visit("cancelled", "NO_SHOW", "2026-01-21 10:00:00"),
            visit("later", "COMPLETED", "2025-01-01 10:00:00"),
            visit("later", "COMPLETED", "2026-01-30 10:00:00"),
        ])
        .await;
    let since = |raw| ProfileFilter { not_seen_since: Some(time(raw)), ..by_name() };
    let mut unseen = found(&world, &since("2026-01-10T10:00:00Z")).await;
    unseen.sort();
    assert_eq!(unseen, ["before", "cancelled", "never"]);
    let newest = ProfileFilter { order: ProfileOrder::Newest, ..since("2026-01-10T10:00:00Z") };
    let all = listed(&world, &newest, &pages::everything()).await;
    let ids: Vec<_> = all.items.iter().map(|row| row.profile.id.as_str()).collect();
    assert_eq!(ids, ["never", "cancelled", "before"]);
    for take in [1, 2, 3, 200] {
        let list = async |page| listed(&world, &newest, &page).await;
        assert_eq!(pages::by_cursor(take, &list).await, all.items, "{take}");
        assert_eq!(pages::by_offset(take, &list).await, all.items, "{take}");
    }
    let by_name = since("2026-01-10T10:00:00Z");
    let all = listed(&world, &by_name, &pages::everything()).await;
    for take in [1, 2, 200] {
        assert_eq!(pages::by_cursor(take, async |page| listed(&world, &by_name, &page).await).await, all.items, "{take}");
    }
    assert_eq!(found(&world, &since("2025-01-01T10:00:00Z")).await, ["cancelled", "never"]);
    assert_eq!(found(&world, &since("2026-02-01T10:00:00Z")).await.len(), 5);
}

/// Two ways to the same people: one by one, and all at once.
pub async fn who_was_seen_is_whose_history_shows_it(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let contacts = [
        ("ana@ejemplo.mx", "55 1234 5678"),
        ("ANA@ejemplo.mx ", "1"),
        ("eva@ejemplo.mx", "+52 1 55 1234 5678"),
        ("x@ejemplo.mx", "52ñandúes9"),
        ("y@ejemplo.mx", "123 4567"),
        ("portal@ejemplo.mx", ""),
        ("z@ejemplo.mx", "5512345678901234"),
    ];
    let blank = PLACEHOLDERS.iter().enumerate().map(|(n, phone)| (["", " ", ".", "-"][n], *phone));
    let contacts: Vec<_> = contacts.into_iter().chain(blank).collect();
    for (n, (email, phone)) in contacts.iter().enumerate() {
        let contact = |row: Row| row.with("email", *email).with("phone", *phone);
        let (user, client) = (contact(rows::user(&format!("u{n}"))), contact(rows::client(&format!("c{n}"))));
        world.add([user, client, rows::profile(&format!("p{n}"), &format!("u{n}"))]).await;
    }
    world.add([rows::client("linked"), rows::portal_account("a1", "Portal@ejemplo.mx").with("clientId", "linked")]).await;
    let clients = (0..contacts.len()).map(|n| format!("c{n}")).chain(["linked".to_owned()]);
    for client in clients {
        world.add([rows::appointment("a", &client, "2026-01-10 10:00:00").with("status", "COMPLETED")]).await;
        let since = ProfileFilter { not_seen_since: Some(time("2026-01-01T00:00:00Z")), ..ProfileFilter::default() };
        let unseen = found(&world, &since).await;
        for (n, (email, phone)) in contacts.iter().enumerate() {
            let records = world.t1().history().client_records(email_key(email), phone_identity(phone)).await.unwrap();
            let was_seen = records.iter().any(|id| id.as_str() == client);
            assert_eq!(!unseen.contains(&format!("p{n}")), was_seen, "{email:?} {phone:?} and {client}");
        }
        world.sql("DELETE FROM appointments").await;
    }
}

pub async fn profiles_are_counted_with_the_new_ones_and_those_who_will_come(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let planned = |id: &str, status: &str, start: &str| rows::appointment(id, "c1", start).with("status", status);
    let figures = async || {
        let (month, now) = (time("2026-02-01T06:00:00Z"), time(NOW));
        let figures = world.t1().profiles().figures(month, now).await.unwrap();
        (figures.total, figures.new_this_month, figures.with_upcoming)
    };
    world
        .add([
            rows::user("u3"),
            rows::profile("p3", "u3").with("createdAt", "2026-02-01 06:00:00"),
            rows::user("u4"),
            rows::profile("p4", "u4").with("createdAt", "2026-02-01 05:59:59.999"),
            rows::client("c1").with("email", "u3@ejemplo.mx"),
            planned("a1", "CANCELLED", "2026-03-01 10:00:00"),
            planned("a2", "PENDING", "2026-02-01 12:00:00"),
            planned("a3", "COMPLETED", "2026-03-01 10:00:00"),
        ])
        .await;
    assert_eq!(figures().await, (4, 1, 0));
    world
        .add([planned("a4", "PENDING", "2026-02-01 12:00:00.001"), planned("a5", "CONFIRMED", "2026-03-01 10:00:00")])
        .await;
    assert_eq!(figures().await, (4, 1, 1));
    world.sql("UPDATE clients SET phone = '5512345678' WHERE id = 'c1'").await;
    world.sql("UPDATE users SET phone = '+52 1 55 1234 5678' WHERE id IN ('u1', 'u3')").await;
    assert_eq!(figures().await, (4, 1, 2), "whoever has the same phone");
    world.sql("UPDATE users SET \"tenantId\" = 't2' WHERE id = 'u3'").await;
    assert_eq!(figures().await, (3, 0, 1), "a profile leaves the tenant together with its user");
    let theirs = world.t2().profiles().figures(time("2026-02-01T06:00:00Z"), time(NOW)).await.unwrap();
    assert_eq!(theirs.with_upcoming, 0);
}

pub async fn appointments_of_another_tenant_are_no_visits(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let theirs = |row: Row| row.with("tenantId", "t2");
    world
        .add([
            theirs(rows::client("c1").with("email", "u1@ejemplo.mx")),
            theirs(rows::appointment("a1", "c1", "2026-01-10 10:00:00").with("status", "COMPLETED")),
            rows::client("c2").with("email", "u2@ejemplo.mx"),
            theirs(rows::appointment("a2", "c2", "2026-01-10 10:00:00").with("status", "COMPLETED")),
        ])
        .await;
    let since = ProfileFilter { not_seen_since: Some(time("2026-01-01T00:00:00Z")), ..ProfileFilter::default() };
    assert_eq!(found(&world, &since).await, ["p2", "p1"]);
    let page = pages::everything();
    for filter in [since, by_name(), ProfileFilter { birthday_month: Some(1), ..ProfileFilter::default() }] {
        assert_eq!(world.t2().profiles().list(&filter, &page).await.unwrap(), Page::empty());
    }
}
