//! Units of work: all or nothing, one after the other.

use futures_util::future::join_all;

use super::world::{World, every_note, note, preferences, profile};
use super::{StoreHarness, pages, samples};
use crate::note::{ClientNote, Content, NoteFilter};
use crate::preferences::ClientPreferences;
use crate::profile::{ClientProfile, ProfileFilter};
use crate::testing::rows;
use crate::value::{Line, Prose};

/// How many people change one row at the same time.
const WRITERS: usize = 20;

pub async fn a_store_that_works_answers(harness: &dyn StoreHarness) {
    let store = harness.store();
    store.ping().await.unwrap();
    store.ping().await.unwrap();
}

pub async fn dropping_a_unit_undoes_everything_it_did(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3"), rows::note("n1", "p1"), rows::preferences("f2", "p2")]).await;
    let before = world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();
    {
        let unit = world.begin().await;
        unit.profiles().insert(&profile("p3", "u3")).await.unwrap();
        unit.notes().insert(&note("n3", "p3")).await.unwrap();
        unit.preferences().insert(&preferences("f3", "p3")).await.unwrap();
        let after = ClientProfile { details: samples::full_details(), ..before.clone() };
        assert!(unit.profiles().update(&before, &after).await.unwrap());
        assert!(unit.notes().delete(&"n1".parse().unwrap()).await.unwrap());
        assert!(unit.profiles().delete(&"p2".parse().unwrap()).await.unwrap());
    }
    let read = world.t1();
    assert_eq!(read.profiles().find(&"p3".parse().unwrap()).await.unwrap(), None);
    assert_eq!(read.preferences().find(&"f3".parse().unwrap()).await.unwrap(), None);
    assert_eq!(read.profiles().find(&before.id).await.unwrap(), Some(before));
    assert!(read.preferences().find(&"f2".parse().unwrap()).await.unwrap().is_some());
    let profiles = read.profiles().list(&ProfileFilter::default(), &pages::everything()).await.unwrap();
    let notes = read.notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!((profiles.total, notes.total), (2, 1));

    // What was undone can be done again.
    world.store_profile(&profile("p3", "u3")).await;
    assert!(world.t1().profiles().find(&"p3".parse().unwrap()).await.unwrap().is_some());
}

pub async fn what_is_for_reading_refuses_changes(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3"), rows::note("n1", "p1")]).await;
    let read = world.t1();
    let before = read.profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();
    let after = ClientProfile { details: samples::full_details(), ..before.clone() };
    assert!(read.profiles().update(&before, &after).await.is_err());
    assert!(read.profiles().insert(&profile("p3", "u3")).await.is_err());
    assert!(read.notes().insert(&note("n2", "p1")).await.is_err());
    assert!(read.notes().delete(&"n1".parse().unwrap()).await.is_err());

    let unchanged = world.t1();
    assert_eq!(unchanged.profiles().find(&before.id).await.unwrap(), Some(before));
    let profiles = unchanged.profiles().list(&ProfileFilter::default(), &pages::everything()).await.unwrap();
    let notes = unchanged.notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!((profiles.total, notes.total), (2, 1));
}

pub async fn a_unit_sees_its_own_changes_and_others_see_them_after_it_commits(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3")]).await;
    let p1 = world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();
    let changed = ClientProfile { details: samples::full_details(), ..p1.clone() };
    let new = profile("p3", "u3");

    let unit = world.begin().await;
    assert!(unit.profiles().update(&p1, &changed).await.unwrap());
    unit.profiles().insert(&new).await.unwrap();
    unit.notes().insert(&note("n3", "p3")).await.unwrap();
    assert_eq!(unit.profiles().find(&p1.id).await.unwrap().as_ref(), Some(&changed));
    assert!(unit.notes().find(&every_note(), &"n3".parse().unwrap()).await.unwrap().is_some());
    let seen_inside = unit.profiles().list(&ProfileFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!(seen_inside.total, 3);

    assert_eq!(world.t1().profiles().find(&p1.id).await.unwrap(), Some(p1.clone()));
    assert_eq!(world.t1().profiles().find(&new.id).await.unwrap(), None);
    let seen_outside = world.t1().profiles().list(&ProfileFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!(seen_outside.total, 2);

    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(world.t1().profiles().find(&p1.id).await.unwrap(), Some(changed));
    assert_eq!(world.t1().profiles().find(&new.id).await.unwrap(), Some(new));
    assert!(world.t1().notes().find(&every_note(), &"n3".parse().unwrap()).await.unwrap().is_some());
}

pub async fn many_people_changing_one_profile_at_once_lose_no_change(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let id = "p1".parse().unwrap();
    let append = async || {
        let unit = world.begin().await;
        let before = unit.profiles().find(&id).await.unwrap().unwrap();
        let mut after = before.clone();
        let text = before.details.occupation.as_ref().map_or("", Line::as_str);
        after.details.occupation = samples::line(&format!("{text}x"));
        assert!(unit.profiles().update(&before, &after).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
    };
    join_all((0..WRITERS).map(|_| append())).await;
    let found = world.t1().profiles().find(&id).await.unwrap().unwrap();
    assert_eq!(found.details.occupation.unwrap().as_str(), "x".repeat(WRITERS));
}

pub async fn many_people_changing_one_note_at_once_lose_no_change(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::note("n1", "p1").with("content", "x")]).await;
    let id = "n1".parse().unwrap();
    let append = async || {
        let unit = world.begin().await;
        let before = unit.notes().find(&every_note(), &id).await.unwrap().unwrap().note;
        let content = Content::from_stored(format!("{}x", before.content.as_str()));
        assert!(unit.notes().update(&before, &ClientNote { content, ..before.clone() }).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
    };
    join_all((0..WRITERS).map(|_| append())).await;
    let found = world.t1().notes().find(&every_note(), &id).await.unwrap().unwrap();
    assert_eq!(found.note.content.as_str(), "x".repeat(WRITERS + 1));
}

pub async fn many_people_changing_the_same_preferences_at_once_lose_no_change(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::preferences("f1", "p1")]).await;
    let id = "f1".parse().unwrap();
    let append = async || {
        let unit = world.begin().await;
        let (before, _) = unit.preferences().find(&id).await.unwrap().unwrap();
        let text = before.special_requests.as_ref().map_or("", Prose::as_str);
        let special_requests = Some(Prose::from_stored(format!("{text}x")));
        let after = ClientPreferences { special_requests, ..before.clone() };
        assert!(unit.preferences().update(&before, &after).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
    };
    join_all((0..WRITERS).map(|_| append())).await;
    let (found, _) = world.t1().preferences().find(&id).await.unwrap().unwrap();
    assert_eq!(found.special_requests.unwrap().as_str(), "x".repeat(WRITERS));
}
