//! Lists of notes: who may read what, filters, order, pages, totals.

use std::collections::BTreeMap;

use super::world::{World, every_note};
use super::{StoreHarness, pages};
use crate::access::Role;
use crate::note::{ClientNote, NoteFilter, NoteType, NoteView};
use crate::page::{Page, Start};
use crate::testing::fixtures::actor_in;
use crate::testing::rows;

fn ids(rows: &[NoteView]) -> Vec<&str> {
    rows.iter().map(|row| row.note.id.as_str()).collect()
}

async fn all(world: &World<'_>) -> Page<NoteView> {
    world.t1().notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap()
}

/// A note of every type, private and public, on both profiles, by `viewer` and by `staff`: 32 notes at eight times.
async fn every_combination(world: &World<'_>) -> Vec<ClientNote> {
    world.add([rows::user("viewer").with("role", "PROFESSIONAL")]).await;
    let mut number = 0;
    for profile in ["p1", "p2"] {
        for author in ["viewer", "staff"] {
            for note_type in NoteType::ALL {
                for is_private in [true, false] {
                    let row = rows::note(&format!("n{number:02}"), profile)
                        .with("createdByUserId", author)
                        .with("noteType", note_type.as_str())
                        .with("isPrivate", is_private)
                        .with("createdAt", format!("2026-01-01 10:00:{:02}", number % 8).as_str());
                    world.add([row]).await;
                    number += 1;
                }
            }
        }
    }
    all(world).await.items.into_iter().map(|view| view.note).collect()
}

pub async fn a_note_is_found_listed_and_counted_exactly_if_it_may_be_read(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let notes = every_combination(&world).await;
    assert_eq!(notes.len(), 32);
    for role in Role::ALL {
        let visibility = actor_in("t1", "viewer", role).note_visibility();
        let allowed: Vec<_> = notes.iter().filter(|note| visibility.allows(note)).map(|note| note.id.as_str()).collect();
        let list = async |page| world.t1().notes().list(&visibility, &NoteFilter::default(), &page).await.unwrap();
        assert_eq!(ids(&pages::by_cursor(200, &list).await), allowed, "{role}");
        assert_eq!(ids(&pages::by_cursor(3, &list).await), allowed, "{role} by cursor");
        assert_eq!(ids(&pages::by_offset(3, &list).await), allowed, "{role} by offset");
        for note in &notes {
            let found = world.t1().notes().find(&visibility, &note.id).await.unwrap();
            assert_eq!(found.is_some(), visibility.allows(note), "{role} and note {note:?}");
        }
    }
}

pub async fn notes_that_may_be_read_are_counted_by_type(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let notes = every_combination(&world).await;
    let on_p1 = NoteFilter { profile: "p1".parse().ok(), ..NoteFilter::default() };
    for role in Role::ALL {
        let visibility = actor_in("t1", "viewer", role).note_visibility();
        for (filter, profile) in [(NoteFilter::default(), None), (on_p1.clone(), on_p1.profile.as_ref())] {
            let counted = world.t1().notes().count_by_type(&visibility, &filter).await.unwrap();
            let mut expected = BTreeMap::new();
            for note in notes.iter().filter(|note| visibility.allows(note)) {
                if profile.is_none_or(|profile| note.profile_id == *profile) {
                    *expected.entry(note.note_type).or_default() += 1;
                }
            }
            assert_eq!(counted.into_iter().collect::<BTreeMap<_, u64>>(), expected, "{role} {filter:?}");
        }
    }
}

pub async fn every_condition_on_notes_must_hold(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let notes = every_combination(&world).await;
    let visibility = actor_in("t1", "viewer", Role::Receptionist).note_visibility();
    let types = NoteType::ALL.map(Some).into_iter().chain([None]);
    for (note_type, is_private) in types.flat_map(|t| [Some(true), Some(false), None].map(|p| (t, p))) {
        for (profile, author) in ["p1", "none", ""].into_iter().flat_map(|p| ["viewer", "none", ""].map(|a| (p, a))) {
            let filter = NoteFilter { profile: profile.parse().ok(), author: author.parse().ok(), note_type, is_private };
            let matches = |note: &&ClientNote| {
                filter.profile.as_ref().is_none_or(|profile| *profile == note.profile_id)
                    && filter.author.as_ref().is_none_or(|author| *author == note.author)
                    && filter.note_type.is_none_or(|note_type| note_type == note.note_type)
                    && filter.is_private.is_none_or(|is_private| is_private == note.is_private)
            };
            let expected: Vec<_> = notes.iter().filter(|note| visibility.allows(note)).filter(matches).collect();
            let expected: Vec<_> = expected.into_iter().map(|note| note.id.as_str()).collect();
            let list = async |page| world.t1().notes().list(&visibility, &filter, &page).await.unwrap();
            assert_eq!(ids(&pages::by_cursor(5, list).await), expected, "{filter:?}");
        }
    }
}

pub async fn notes_are_listed_newest_first_and_ties_by_id_downwards(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let mut expected = every_combination(&world).await;
    expected.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.id.cmp(&a.id)));
    let expected: Vec<_> = expected.iter().map(|note| note.id.as_str()).collect();
    let page = all(&world).await;
    assert_eq!((ids(&page.items), page.total, page.next), (expected, 32, None));
}

pub async fn cursor_pages_of_notes_stand_still_while_rows_come_and_go(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let notes = every_combination(&world).await;
    let expected: Vec<_> = notes.iter().map(|note| note.id.to_string()).collect();
    let mut seen: Vec<String> = Vec::new();
    let mut start = Start::Skip(0);
    for number in 0..4 {
        let page = pages::request(start, 8);
        let page = world.t1().notes().list(&every_note(), &NoteFilter::default(), &page).await.unwrap();
        assert_eq!(page.total, 32, "one row came and one went before each page but the first");
        seen.extend(page.items.iter().map(|view| view.note.id.to_string()));
        world.add([rows::note(&format!("new{number}"), "p1").with("createdAt", "2026-01-31 10:00:00")]).await;
        world.sql(&format!("DELETE FROM client_notes WHERE id = '{}'", seen.last().unwrap())).await;
        match page.next {
            Some(next) => start = Start::After(next),
            None => break,
        }
    }
    assert_eq!(seen, expected);
}

pub async fn what_another_application_does_to_a_note_is_seen_at_once(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let (manager, counter) = (Role::Manager, Role::Receptionist);
    let read = async |role, id: &str| {
        let visibility = actor_in("t1", "viewer", role).note_visibility();
        let found = world.t1().notes().find(&visibility, &id.parse().unwrap()).await.unwrap();
        let page = world.t1().notes().list(&visibility, &NoteFilter::default(), &pages::everything()).await.unwrap();
        let listed = ids(&page.items).contains(&id);
        assert_eq!(found.is_some(), listed, "found and listed alike");
        assert_eq!(page.total, u64::from(listed), "listed and counted alike");
        listed
    };
    world.add([rows::note("n1", "p1")]).await;
    assert!(read(counter, "n1").await && read(manager, "n1").await);

    world.sql("UPDATE client_notes SET \"noteType\" = 'MEDICAL' WHERE id = 'n1'").await;
    assert!(!read(counter, "n1").await && read(manager, "n1").await);
    world.sql("UPDATE client_notes SET \"noteType\" = 'PREFERENCE', \"isPrivate\" = TRUE WHERE id = 'n1'").await;
    assert!(!read(counter, "n1").await && !read(manager, "n1").await);
    world.sql("UPDATE client_notes SET \"isPrivate\" = FALSE WHERE id = 'n1'").await;
    assert!(read(counter, "n1").await && read(manager, "n1").await);
    world.sql("DELETE FROM client_notes WHERE id = 'n1'").await;
    assert!(!read(counter, "n1").await && !read(manager, "n1").await);

    world.add([rows::note("n2", "p1")]).await;
    assert!(read(counter, "n2").await);
    world.sql("DELETE FROM client_profiles WHERE id = 'p1'").await;
    assert!(!read(counter, "n2").await);
}

pub async fn notes_leave_the_tenant_together_with_their_profiles_user(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::note("n1", "p1"), rows::note("n2", "p2")]).await;
    world.sql("UPDATE users SET \"tenantId\" = 't2' WHERE id = 'u1'").await;

    let page = all(&world).await;
    assert_eq!((ids(&page.items), page.total), (vec!["n2"], 1));
    assert_eq!(world.t1().notes().find(&every_note(), &"n1".parse().unwrap()).await.unwrap(), None);
    let of_profile = NoteFilter { profile: Some("p1".parse().unwrap()), ..NoteFilter::default() };
    let gone = world.t1().notes().list(&every_note(), &of_profile, &pages::everything()).await.unwrap();
    assert_eq!(gone, Page::empty());
    assert!(world.t2().notes().find(&every_note(), &"n1".parse().unwrap()).await.unwrap().is_some());
}
