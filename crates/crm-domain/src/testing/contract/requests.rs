//! Requests that take effect once.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::world::{World, admin, note, profile};
use super::{StoreHarness, pages};
use crate::access::Actor;
use crate::audit::{Accountable as _, AuditEntry};
use crate::error::{Resource, StoreError, UniqueRule};
use crate::idempotency::{KEY_LIFETIME, KeptRequest, RequestExpiry, RequestKey};
use crate::note::{ClientNote, NoteFilter};
use crate::profile::ClientProfile;
use crate::testing::fixtures::{NOW, time};
use crate::testing::rows;

fn sending(key: &str) -> Actor {
    admin().sending(RequestKey { key: key.to_owned(), request: format!("request of {key}") })
}

/// Makes a profile of `u3` under a key, so much later than now.
async fn create(world: &World<'_>, key: &str, later: TimeDelta) -> Result<(), StoreError> {
    let unit = world.begin().await;
    let at = time(NOW) + later;
    let new = ClientProfile { created_at: at, updated_at: at, ..profile("p3", "u3") };
    unit.profiles().insert(&new).await?;
    unit.commit(vec![AuditEntry::created(sending(key).principal(), &new)]).await
}

async fn find(world: &World<'_>, key: &str) -> Option<KeptRequest> {
    world.t1().requests().find(admin().user(), key, time(NOW) - KEY_LIFETIME).await.unwrap()
}

async fn answered(world: &World<'_>, tenant: &str, answer: &str) {
    let unit = world.begin_in(tenant).await;
    unit.requests().answer(admin().user(), "k", answer).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();
}

pub async fn a_change_under_a_key_is_noted_with_it_and_answered_once(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3")]).await;
    create(&world, "k", TimeDelta::zero()).await.unwrap();
    let noted =
        KeptRequest { request: "request of k".to_owned(), resource: Resource::Profile, id: "p3".to_owned(), answer: None };
    assert_eq!(find(&world, "k").await.as_ref(), Some(&noted));
    for answer in ["first", "second"] {
        answered(&world, "t1", answer).await;
        assert_eq!(find(&world, "k").await, Some(KeptRequest { answer: Some("first".to_owned()), ..noted.clone() }));
    }
    assert_eq!(find(&world, "another").await, None);
    let (read, since) = (world.t1(), time(NOW) - KEY_LIFETIME);
    assert_eq!(read.requests().find(&"somebody".parse().unwrap(), "k", since).await.unwrap(), None);
    let theirs = world.t2();
    assert_eq!(theirs.requests().find(admin().user(), "k", since).await.unwrap(), None);
    answered(&world, "t2", "theirs").await;
    let unit = world.begin_in("t2").await;
    assert_eq!(unit.requests().forget(time(NOW) + TimeDelta::days(9)).await.unwrap(), 0);
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(find(&world, "k").await.unwrap().answer.as_deref(), Some("first"));
}

pub async fn a_second_change_under_a_key_is_undone_until_the_key_has_served_its_time(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3")]).await;
    create(&world, "k", TimeDelta::zero()).await.unwrap();
    let remove = "DELETE FROM client_profiles WHERE id = 'p3'";
    for (later, is_refused) in
        [(TimeDelta::zero(), true), (KEY_LIFETIME, true), (KEY_LIFETIME + TimeDelta::milliseconds(1), false)]
    {
        world.sql(remove).await;
        let outcome = create(&world, "k", later).await;
        assert_eq!(matches!(outcome, Err(StoreError::Duplicate(UniqueRule::Request))), is_refused, "{outcome:?}");
        let exists = world.t1().profiles().find(&"p3".parse().unwrap()).await.unwrap().is_some();
        assert_eq!(exists, !is_refused, "after {later}");
    }
}

pub async fn of_many_changes_under_a_key_at_once_one_is_made(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let change = async |number: usize| {
        let unit = world.begin().await;
        let new = note(&format!("n{number}"), "p1");
        unit.notes().insert(&new).await.unwrap();
        unit.commit(vec![AuditEntry::created(sending("k").principal(), &new)]).await
    };
    let outcomes = join_all((0..20).map(change)).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let refused = |outcome: &&Result<(), StoreError>| matches!(outcome, Err(StoreError::Duplicate(UniqueRule::Request)));
    assert_eq!(outcomes.iter().filter(refused).count(), 19, "{outcomes:?}");
    let notes =
        world.t1().notes().list(&admin().note_visibility(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!(notes.total, 1);
}

pub async fn what_is_no_change_uses_no_key_up(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let by = sending("k");
    let entry = AuditEntry::read(by.principal(), time(NOW), profile("p1", "u1").subject());
    world.begin().await.commit(vec![entry]).await.unwrap();
    assert_eq!(find(&world, "k").await, None);
    world.begin().await.commit(vec![AuditEntry::created(admin().principal(), &profile("p1", "u1"))]).await.unwrap();
    assert_eq!(find(&world, "k").await, None, "no key");
}

pub async fn old_requests_are_forgotten_in_every_tenant(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    for (key, tenant, age) in [("old", "t1", 25), ("old", "t2", 25), ("young", "t1", 23)] {
        let new = ClientNote { updated_at: time(NOW) - TimeDelta::hours(age), ..note("n", "p1") };
        let entry = AuditEntry::created(sending(key).principal(), &new);
        world.begin_in(tenant).await.commit(vec![entry]).await.unwrap();
    }
    assert_eq!(RequestExpiry::new(world.ports()).run().await.unwrap(), 2);
    assert!(find(&world, "young").await.is_some());
    assert_eq!(RequestExpiry::new(world.ports()).run().await.unwrap(), 0);
}
