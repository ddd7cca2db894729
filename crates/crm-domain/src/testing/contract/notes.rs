//! Notes one by one: storing, changing, deleting.

use chrono::Duration;
use futures_util::future::{FutureExt, join_all};

use super::world::{World, admin, every_note, note};
use super::{StoreHarness, pages};
use crate::error::{CrmError, Resource, StoreError};
use crate::note::{ClientNote, Content, NewNote, NoteFilter, NoteType, NoteView};
use crate::testing::fixtures::time;
use crate::testing::rows;
use crate::version::Precondition;

async fn find(world: &World<'_>, id: &str) -> Option<NoteView> {
    world.t1().notes().find(&every_note(), &id.parse().unwrap()).await.unwrap()
}

pub async fn every_kind_of_note_is_stored_and_found_again(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let long = "ñ😀\n".repeat(1_666);
    let contents = ["x", "Alergia al \"látex\"; -- 'sí' \\ 100%_", "李小龍\r\n\tعمر", &long];
    for (index, (note_type, content)) in NoteType::ALL.into_iter().zip(contents).enumerate() {
        for is_private in [true, false] {
            let stored = ClientNote {
                note_type,
                is_private,
                content: Content::from_stored(content.to_owned()),
                created_at: time("2026-01-01T12:00:00.007Z"),
                updated_at: time("2026-01-02T12:00:00.999Z"),
                ..note(&format!("n{index}{is_private}"), "p1")
            };
            world.store_note(&stored).await;
            assert_eq!(find(&world, stored.id.as_str()).await.map(|view| view.note), Some(stored));
        }
    }
}

pub async fn a_note_is_shown_with_its_author_and_its_profile(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.sql("UPDATE client_profiles SET \"firstName\" = 'Ana', \"lastName\" = 'Ruiz' WHERE id = 'p1'").await;
    for (id, profile) in [("n1", "p1"), ("n2", "p2")] {
        world.store_note(&note(id, profile)).await;
    }
    let author = world.t1().directory().find_user(&"staff".parse().unwrap()).await.unwrap().unwrap();
    let expected = [("n1", "p1", "u1", Some("Ana"), Some("Ruiz")), ("n2", "p2", "u2", None, None)];
    for (id, profile, user, first_name, last_name) in expected {
        let view = find(&world, id).await.unwrap();
        assert!(view.created_by == author, "{id}");
        assert_eq!((view.profile.id.as_str(), view.profile.user_id.as_str()), (profile, user));
        assert_eq!((view.profile.first_name.as_deref(), view.profile.last_name.as_deref()), (first_name, last_name));
        let filter = NoteFilter { profile: Some(view.profile.id.clone()), ..NoteFilter::default() };
        let listed = world.t1().notes().list(&every_note(), &filter, &pages::everything()).await.unwrap();
        assert_eq!(listed.items, [view], "a list shows what an item shows");
    }
}

pub async fn a_note_by_somebody_of_another_tenant_is_shown_with_its_author(harness: &dyn StoreHarness) {
    // A SUPERADMIN writes notes in tenants other than their own.
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("root").with("role", "SUPERADMIN").with("tenantId", "t2")]).await;
    world.store_note(&ClientNote { author: "root".parse().unwrap(), ..note("n1", "p1") }).await;

    assert_eq!(find(&world, "n1").await.unwrap().created_by.email, "root@ejemplo.mx");
    let listed = world.t1().notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!((listed.total, listed.items.len()), (1, 1));
    let elsewhere = world.t2().notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!((elsewhere.total, elsewhere.items.len()), (0, 0));
}

pub async fn a_note_on_no_profile_of_the_tenant_is_refused_and_the_unit_stays_usable(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::user("u3").with("tenantId", "t2"), rows::profile("foreign", "u3")]).await;
    let unit = world.begin().await;
    for profile in ["missing", "foreign"] {
        let refused = unit.notes().insert(&note("nx", profile)).await;
        assert!(matches!(refused, Err(StoreError::MissingReference)), "{profile}: {refused:?}");
    }
    unit.notes().insert(&note("n1", "p1")).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();

    assert!(find(&world, "n1").await.is_some());
    let foreign = world.t2().notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!(foreign.total, 0);
}

pub async fn a_note_update_changes_every_field_it_may(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let before = note("n1", "p1");
    world.store_note(&before).await;
    let after = ClientNote {
        note_type: NoteType::Complaint,
        content: Content::from_stored("Otra cosa".to_owned()),
        is_private: true,
        updated_at: before.updated_at + Duration::milliseconds(1),
        ..before.clone()
    };
    for (before, after) in [(&before, &after), (&after, &before)] {
        let unit = world.begin().await;
        assert!(unit.notes().update(before, after).await.unwrap());
        unit.commit(Vec::new()).await.unwrap();
        assert_eq!(find(&world, "n1").await.map(|view| view.note).as_ref(), Some(after));
    }
}

pub async fn a_note_update_leaves_the_columns_alone_that_it_does_not_change(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::note("n1", "p1"), rows::note("n2", "p1")]).await;
    let before = find(&world, "n1").await.unwrap().note;
    world.sql("UPDATE client_notes SET content = 'Cambiado', \"noteType\" = 'MEDICAL' WHERE id = 'n1'").await;

    let after = ClientNote { is_private: true, updated_at: time("2026-02-01T12:00:00Z"), ..before.clone() };
    let unit = world.begin().await;
    assert!(unit.notes().update(&before, &after).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();

    let found = find(&world, "n1").await.unwrap().note;
    assert_eq!((found.content.as_str(), found.note_type, found.is_private), ("Cambiado", NoteType::Medical, true));
    assert_eq!(found.updated_at, after.updated_at);
    assert!(!find(&world, "n2").await.unwrap().note.is_private, "another row was changed");
}

pub async fn a_deleted_note_is_gone_and_deleting_or_changing_it_again_answers_no(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::note("n1", "p1"), rows::note("n2", "p1")]).await;
    let before = find(&world, "n1").await.unwrap().note;
    let unit = world.begin().await;
    assert!(unit.notes().delete(&before.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert_eq!(find(&world, "n1").await, None);

    let after = ClientNote { is_private: true, ..before.clone() };
    let unit = world.begin().await;
    assert!(!unit.notes().update(&before, &after).await.unwrap());
    assert!(!unit.notes().delete(&before.id).await.unwrap());
    unit.commit(Vec::new()).await.unwrap();
    assert!(find(&world, "n2").await.is_some());
}

pub async fn notes_written_while_their_profile_is_deleted_go_with_it_or_are_refused(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let (notes, profiles, admin) = (world.notes(), world.profiles(), admin());
    let new = NewNote {
        profile_id: "p1".parse().unwrap(),
        author: None,
        note_type: NoteType::General,
        content: Content::from_stored("x".to_owned()),
        is_private: false,
    };
    let write = || async { notes.create(&admin, new.clone()).await.map(drop) };
    let delete = async { profiles.delete(&admin, &new.profile_id, &Precondition::default()).await.map(drop) };
    let mut work: Vec<_> = (0..10).map(|_| write().boxed_local()).collect();
    work.insert(5, delete.boxed_local());
    let results = join_all(work).await;

    for result in &results {
        assert!(matches!(result, Ok(()) | Err(CrmError::NotFound(Resource::Profile))), "{result:?}");
    }
    assert!(results[5].is_ok(), "{:?}", results[5]);
    let left = world.t1().notes().list(&every_note(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    assert_eq!((left.total, left.items.len()), (0, 0));
}
