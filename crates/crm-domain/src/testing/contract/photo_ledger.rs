//! Records of photos, and what profiles show.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::StoreHarness;
use super::world::World;
use crate::photo::{PhotoId, PhotoRecord, PhotoState};
use crate::testing::fixtures::{NOW, a_photo, a_record, time};
use crate::testing::rows;
use crate::value::{PhotoSize, PhotoUrl};

/// How many units of work record or change one photo at the same time.
const WRITERS: usize = 20;

/// The photo of this user with the content of [`a_photo`].
fn photo(user: &str, number: u8) -> PhotoId {
    PhotoId { user: user.parse().unwrap(), ..a_photo(number) }
}

fn record(user: &str, number: u8) -> PhotoRecord {
    PhotoRecord { id: photo(user, number), ..a_record(number, PhotoState::Kept) }
}

/// Records with every state, and with the smallest and largest lengths, none like another.
fn different_records() -> Vec<PhotoRecord> {
    let lengths = [(0, 0), (1, u64::from(u32::MAX) + 1), (5 * 1024 * 1024, 20)];
    let times = ["2026-01-01T12:00:00.001Z", "2026-02-28T23:59:59.999Z", "1999-12-31T00:00:00Z"];
    let states = PhotoState::ALL.into_iter().zip(lengths).zip(times).zip(1..);
    states
        .map(|(((state, (full_bytes, thumbnail_bytes)), changed_at), number)| {
            let changed_at = time(changed_at);
            PhotoRecord { state, full_bytes, thumbnail_bytes, changed_at, ..record("u1", number) }
        })
        .collect()
}

async fn insert(world: &World<'_>, tenant: &str, records: &[PhotoRecord]) {
    let unit = world.begin_in(tenant).await;
    for record in records {
        assert!(unit.photos().insert(record).await.unwrap());
    }
    unit.commit(Vec::new()).await.unwrap();
}

/// Everything on record in `t1`.
async fn on_record(world: &World<'_>) -> Vec<PhotoRecord> {
    world.t1().photos().list().await.unwrap()
}

/// Another application makes the profile of a user show this.
async fn show(world: &World<'_>, user: &str, url: &PhotoUrl) {
    let url = url.as_str();
    world.sql(&format!("UPDATE client_profiles SET \"profilePhotoUrl\" = '{url}' WHERE \"userId\" = '{user}'")).await;
}

fn sorted(mut records: Vec<PhotoRecord>) -> Vec<PhotoRecord> {
    records.sort_by(|a, b| a.id.cmp(&b.id));
    records
}

pub async fn every_field_of_a_photo_record_is_stored_and_found_again(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let records = different_records();
    insert(&world, "t1", &records).await;
    for record in &records {
        assert_eq!(world.t1().photos().find(&record.id).await.unwrap().as_ref(), Some(record));
    }
    assert_eq!(on_record(&world).await, sorted(records));
}

pub async fn a_photo_record_update_replaces_every_field_of_that_record_alone(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let others = [record("u1", 8), record("u2", 9)];
    insert(&world, "t1", &others).await;
    insert(&world, "t1", &[record("u1", 9)]).await;
    for changed in different_records() {
        let changed = PhotoRecord { id: photo("u1", 9), ..changed };
        let unit = world.begin().await;
        assert!(unit.photos().update(&changed).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
        assert_eq!(on_record(&world).await, sorted([vec![changed], others.to_vec()].concat()));
    }
}

pub async fn a_second_record_of_a_photo_is_refused_and_the_unit_stays_usable(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let (first, second) = (record("u1", 1), record("u1", 2));
    insert(&world, "t1", std::slice::from_ref(&first)).await;
    let unit = world.begin().await;
    assert!(unit.photos().insert(&second).await.unwrap());
    for known in [&first, &second] {
        let again = PhotoRecord { state: PhotoState::Doomed, full_bytes: 1, changed_at: time(NOW), ..known.clone() };
        assert!(!unit.photos().insert(&again).await.unwrap());
        assert_eq!(unit.photos().find(&known.id).await.unwrap().as_ref(), Some(known), "nothing may change");
    }
    assert!(unit.photos().insert(&record("u2", 1)).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(on_record(&world).await, sorted(vec![first, second, record("u2", 1)]));
}

pub async fn changing_or_deleting_a_missing_photo_record_answers_no(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let other = record("u1", 2);
    insert(&world, "t1", std::slice::from_ref(&other)).await;
    let unit = world.begin().await;
    for missing in [record("u1", 1), record("u2", 2)] {
        assert!(!unit.photos().update(&missing).await.unwrap());
        assert!(!unit.photos().delete(&missing.id).await.unwrap());
        assert_eq!(unit.photos().find(&missing.id).await.unwrap(), None);
    }
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(on_record(&world).await, [other]);
}

pub async fn a_deleted_photo_record_is_gone_and_can_be_made_again(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let (deleted, others) = (record("u1", 1), vec![record("u1", 2), record("u2", 1)]);
    insert(&world, "t1", &[vec![deleted.clone()], others.clone()].concat()).await;
    let unit = world.begin().await;
    assert!(unit.photos().delete(&deleted.id).await.unwrap());
    assert!(!unit.photos().delete(&deleted.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(on_record(&world).await, sorted(others));
    insert(&world, "t1", &[deleted]).await;
}

pub async fn photo_records_are_listed_by_user_and_hash_whatever_their_case(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let users = ["u2", "u10", "U3", "a-b", "ab", "u1", "a_b"];
    let records: Vec<_> = users.iter().flat_map(|user| [1, 2, 3].map(|number| record(user, number))).collect();
    insert(&world, "t1", &records).await;
    assert_eq!(on_record(&world).await, sorted(records.clone()));
    for user in users {
        let of_user = records.iter().filter(|record| record.id.user.as_str() == user).cloned().collect();
        assert_eq!(world.t1().photos().list_of(&user.parse().unwrap()).await.unwrap(), sorted(of_user), "{user}");
    }
    assert_eq!(world.t1().photos().list_of(&"nobody".parse().unwrap()).await.unwrap(), []);
}

pub async fn dropping_a_unit_undoes_what_it_did_to_photo_records(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let before = sorted(vec![record("u1", 1), record("u1", 2)]);
    insert(&world, "t1", &before).await;
    {
        let unit = world.begin().await;
        assert!(unit.photos().insert(&record("u1", 3)).await.unwrap());
        assert!(unit.photos().update(&PhotoRecord { state: PhotoState::Doomed, ..before[0].clone() }).await.unwrap());
        assert!(unit.photos().delete(&before[1].id).await.unwrap());
        assert_eq!(unit.photos().list().await.unwrap().len(), 2, "a unit sees its own changes");
    }
    assert_eq!(on_record(&world).await, before);
}

pub async fn photo_records_of_another_tenant_are_neither_read_nor_changed(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let ours = vec![record("u1", 1)];
    insert(&world, "t1", &ours).await;
    show(&world, "u1", &photo("u1", 1).url(PhotoSize::Full)).await;

    let unit = world.begin_in("t2").await;
    let theirs = unit.photos();
    assert_eq!(theirs.find(&ours[0].id).await.unwrap(), None);
    assert_eq!((theirs.list().await.unwrap(), theirs.list_of(&ours[0].id.user).await.unwrap()), (vec![], vec![]));
    assert_eq!(theirs.shown().await.unwrap(), []);
    let changed = PhotoRecord { state: PhotoState::Doomed, ..ours[0].clone() };
    assert!(!theirs.update(&changed).await.unwrap());
    assert!(!theirs.delete(&changed.id).await.unwrap());
    // Even with the same name it is another photo.
    assert!(theirs.insert(&changed).await.unwrap());
    assert!(theirs.update(&changed).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(on_record(&world).await, ours);

    let unit = world.begin_in("t2").await;
    assert!(unit.photos().delete(&changed.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(on_record(&world).await, ours);
}

pub async fn profiles_show_only_photos_at_our_addresses_of_their_own_user(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let hash = a_photo(1).hash.as_str().to_owned();
    let shown = [("u1", PhotoSize::Full), ("u2", PhotoSize::Thumbnail)];
    let others = [
        ("u3", format!("https://cdn.ejemplo.mx/api/clients/photos/u3/{hash}.jpg")),
        ("u4", format!("/api/clients/photos/u2/{hash}.jpg")),
        ("u5", "/api/clients/photos/u5/foto.jpg".to_owned()),
        ("u6", format!("/API/clients/photos/u6/{hash}.jpg")),
        ("u7", format!("/api/clients/photos/u7/{hash}.jpg?x=1")),
        ("u8", String::new()),
    ];
    let ours = shown.map(|(user, size)| (user, photo(user, 1).url(size).as_str().to_owned()));
    for (user, url) in ours.iter().chain(&others) {
        world.add([rows::user(user), rows::profile(&format!("p-{user}"), user).with("profilePhotoUrl", url.as_str())]).await;
    }
    world.add_client("p-u9", "u9").await;
    let expected: BTreeSet<_> = shown.iter().map(|(user, _)| photo(user, 1)).collect();
    for found in [world.t1().photos().shown().await, world.begin().await.photos().shown().await] {
        let found = found.unwrap();
        assert_eq!((found.len(), BTreeSet::from_iter(found)), (2, expected.clone()));
    }
}

pub async fn the_photos_that_profiles_show_are_named_by_user_whatever_their_case(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let mut shown = ["u2", "u10", "U1", "a-b", "ab"].map(|user| photo(user, 1));
    for id in &shown {
        world.add_client(&format!("p-{}", id.user), id.user.as_str()).await;
        show(&world, id.user.as_str(), &id.url(PhotoSize::Full)).await;
    }
    shown.sort();
    assert_eq!(world.t1().photos().shown().await.unwrap(), shown);
}

pub async fn what_profiles_show_follows_every_change_at_once(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let unit = world.begin().await;
    let before = unit.profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();
    let mut after = before.clone();
    after.details.profile_photo_url = Some(photo("u1", 1).url(PhotoSize::Full));
    assert!(unit.profiles().update(&before, &after).await.unwrap());
    assert_eq!(unit.photos().shown().await.unwrap(), [photo("u1", 1)]);
    assert_eq!(world.t1().photos().shown().await.unwrap(), []);
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(world.t1().photos().shown().await.unwrap(), [photo("u1", 1)]);

    show(&world, "u2", &photo("u2", 2).url(PhotoSize::Full)).await;
    assert_eq!(world.t1().photos().shown().await.unwrap(), [photo("u1", 1), photo("u2", 2)]);
    world.sql("UPDATE users SET \"tenantId\" = 't2' WHERE id = 'u1'; DELETE FROM client_profiles WHERE id = 'p2'").await;
    assert_eq!(world.t1().photos().shown().await.unwrap(), []);
    assert_eq!(world.t2().photos().shown().await.unwrap(), [photo("u1", 1)]);
}

pub async fn of_many_units_recording_one_photo_at_once_exactly_one_does(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let insert = async |full_bytes: u64| {
        let unit = world.begin().await;
        let own = PhotoRecord { full_bytes, ..record("u1", 1) };
        let is_first = unit.photos().insert(&own).await.unwrap();
        let known = unit.photos().find(&own.id).await.unwrap().unwrap();
        assert_eq!(known == own, is_first, "whoever comes second finds the record of the first");
        unit.commit(Vec::new()).await.unwrap();
        (is_first, known)
    };
    let outcomes = join_all((0..WRITERS as u64).map(insert)).await;
    let first: Vec<_> = outcomes.iter().filter(|(is_first, _)| *is_first).map(|(_, record)| record).collect();
    assert_eq!(first.len(), 1);
    assert!(outcomes.iter().all(|(_, known)| known == first[0]));
    assert_eq!(on_record(&world).await, [first[0].clone()]);
}

pub async fn many_units_changing_one_photo_record_at_once_lose_no_change(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    insert(&world, "t1", &[PhotoRecord { full_bytes: 0, ..record("u1", 1) }]).await;
    let increment = async || {
        let unit = world.begin().await;
        let before = unit.photos().find(&photo("u1", 1)).await.unwrap().unwrap();
        let full_bytes = before.full_bytes + 1;
        assert!(unit.photos().update(&PhotoRecord { full_bytes, ..before }).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
    };
    join_all((0..WRITERS).map(|_| increment())).await;
    let found = world.t1().photos().find(&photo("u1", 1)).await.unwrap().unwrap();
    assert_eq!(found.full_bytes, WRITERS as u64);
}

pub async fn every_tenant_with_a_row_of_its_own_or_a_photo_on_record_is_named_once(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::tenant("closed").with("isActive", false)]).await;
    insert(&world, "t1", &[record("u1", 1), record("u1", 2)]).await;
    insert(&world, "gone", &[record("u1", 1), record("u2", 2)]).await;
    let mut tenants = harness.store().tenants().await.unwrap();
    tenants.sort();
    assert_eq!(tenants, ["closed", "gone", "t1", "t2"].map(|id| id.parse().unwrap()));
}
