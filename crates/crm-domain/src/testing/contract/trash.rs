//! What was deleted comes back as it was, and is seen by those who may see it.

use chrono::TimeDelta;

use super::world::{World, admin, note, profile};
use super::{StoreHarness, pages, samples};
use crate::access::{Actor, Role};
use crate::audit::{AuditAction, AuditFilter};
use crate::error::{CrmError, Resource, UniqueRule};
use crate::fields::Fields;
use crate::ids::TrashId;
use crate::note::{ClientNote, NoteFilter, NoteType};
use crate::page::PageRequest;
use crate::photo::{PhotoId, PhotoState};
use crate::profile::{ClientProfile, ProfileFilter};
use crate::progress::Unwatched;
use crate::testing::fixtures::{NOW, a_photo, a_record, actor_in, time};
use crate::testing::rows;
use crate::trash::{PurgeReport, Restored, TrashItem};
use crate::version::Precondition;

fn always() -> Precondition {
    Precondition::default()
}

/// Everything that the tables of the module hold of `t1`, as text.
async fn everything(world: &World<'_>) -> String {
    let read = world.t1();
    let profile = read.profiles().find(&"p1".parse().unwrap()).await.unwrap();
    let notes = read.notes().list(&admin().note_visibility(), &NoteFilter::default(), &pages::everything()).await.unwrap();
    let preferences = read.preferences().find_by_profile(&"p1".parse().unwrap()).await.unwrap();
    let fields = |thing: Option<&dyn Fields>| thing.map(Fields::fields);
    let times = |thing: Option<(_, _)>| format!("{thing:?}");
    let notes: Vec<_> = notes
        .items
        .iter()
        .map(|view| (view.note.id.clone(), Fields::fields(&view.note), view.note.created_at, view.note.updated_at))
        .collect();
    format!(
        "{:?} {} {notes:?} {:?} {}",
        fields(profile.as_ref().map(|profile| profile as _)),
        times(profile.as_ref().map(|profile| (profile.created_at, profile.updated_at))),
        fields(preferences.as_ref().map(|preferences| preferences as _)),
        times(preferences.as_ref().map(|preferences| (preferences.created_at, preferences.updated_at))),
    )
}

async fn only_item(world: &World<'_>) -> TrashItem {
    let mut items = world.trash().list(&admin(), &pages::everything()).await.unwrap();
    assert_eq!((items.total, items.items.len()), (1, 1));
    items.items.remove(0)
}

/// `t1` with a full profile, notes of every type by `staff`, one private, and preferences.
async fn full(harness: &dyn StoreHarness) -> World<'_> {
    let world = World::new(harness).await;
    world.add([rows::user("u1")]).await;
    world.store_profile(&ClientProfile { details: samples::full_details(), ..profile("p1", "u1") }).await;
    for (number, note_type) in NoteType::ALL.into_iter().enumerate() {
        let is_private = note_type == NoteType::Complaint;
        world.store_note(&ClientNote { note_type, is_private, ..note(&format!("n{number}"), "p1") }).await;
    }
    world.add([rows::preferences("f1", "p1").with("preferredServices", "malformed").with("specialRequests", "Té")]).await;
    world
}

pub async fn a_deleted_profile_comes_back_with_everything_as_it_was(harness: &dyn StoreHarness) {
    let world = full(harness).await;
    let before = everything(&world).await;
    let trash = world.profiles().delete(&admin(), &"p1".parse().unwrap(), &always()).await.unwrap();
    let item = only_item(&world).await;
    assert_eq!(item.id, trash);
    assert_eq!((item.resource, item.resource_id.as_str(), item.owner.as_str()), (Resource::Profile, "p1", "u1"));
    assert_eq!((item.deleted_at, item.deleted_by.as_ref()), (time(NOW), Some(admin().user())));
    assert!(world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().is_none());

    let restored = world.trash().restore(&admin(), &item.id).await.unwrap();
    assert_eq!(restored, Restored { resource: Resource::Profile, id: "p1".to_owned() });
    assert_eq!(everything(&world).await, before);
    assert_eq!(world.trash().list(&admin(), &pages::everything()).await.unwrap().total, 0);
    let again = world.trash().restore(&admin(), &item.id).await;
    assert!(matches!(again, Err(CrmError::NotFound(Resource::Trash))), "{again:?}");
    // It is found by search and listed again at once.
    let filter = ProfileFilter { city: Some("merida".to_owned()), ..ProfileFilter::default() };
    assert_eq!(world.t1().profiles().list(&filter, &pages::everything()).await.unwrap().total, 1);
}

pub async fn a_deleted_note_and_deleted_preferences_come_back_as_they_were(harness: &dyn StoreHarness) {
    let world = full(harness).await;
    let before = everything(&world).await;
    let note = world.notes().delete(&admin(), &"n1".parse().unwrap(), &always()).await.unwrap();
    world.trash().restore(&admin(), &note).await.unwrap();
    assert_eq!(everything(&world).await, before);
    let preferences = world.preferences().delete(&admin(), &"f1".parse().unwrap(), &always()).await.unwrap();
    let item = only_item(&world).await;
    assert_eq!(item.id, preferences);
    assert_eq!((item.resource, item.profile.as_str(), item.owner.as_str()), (Resource::Preferences, "p1", "u1"));
    world.trash().restore(&admin(), &item.id).await.unwrap();
    assert_eq!(everything(&world).await, before);
}

pub async fn what_has_been_replaced_or_lost_what_it_belongs_to_does_not_come_back(harness: &dyn StoreHarness) {
    let world = full(harness).await;
    world.preferences().delete(&admin(), &"f1".parse().unwrap(), &always()).await.unwrap();
    let preferences = only_item(&world).await;
    world.add([rows::preferences("f2", "p1")]).await;
    let refused = world.trash().restore(&admin(), &preferences.id).await;
    assert!(matches!(refused, Err(CrmError::Conflict(UniqueRule::PreferencesPerProfile))), "{refused:?}");

    world.profiles().delete(&admin(), &"p1".parse().unwrap(), &always()).await.unwrap();
    let refused = world.trash().restore(&admin(), &preferences.id).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    let items = world.trash().list(&admin(), &pages::everything()).await.unwrap().items;
    let of_profile = items.iter().find(|item| item.resource == Resource::Profile).unwrap();
    world.store_profile(&profile("p2", "u1")).await;
    let refused = world.trash().restore(&admin(), &of_profile.id).await;
    assert!(matches!(refused, Err(CrmError::Conflict(UniqueRule::ProfilePerUser))), "{refused:?}");
    world.sql("DELETE FROM client_profiles; DELETE FROM users WHERE id = 'u1'").await;
    let refused = world.trash().restore(&admin(), &of_profile.id).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::User))), "{refused:?}");
    assert_eq!(world.trash().list(&admin(), &pages::everything()).await.unwrap().total, 2, "nothing is lost");
}

pub async fn the_trash_shows_what_its_reader_may_read_and_bring_back(harness: &dyn StoreHarness) {
    let world = full(harness).await;
    world.add([rows::user("author")]).await;
    for (id, author, note_type, is_private) in [
        ("of author", "author", NoteType::Medical, true),
        ("secret", "staff", NoteType::General, true),
        ("plain", "staff", NoteType::General, false),
    ] {
        let id = id.replace(' ', "-");
        let note = ClientNote { author: author.parse().unwrap(), note_type, is_private, ..note(&id, "p1") };
        world.store_note(&note).await;
        world.notes().delete(&admin(), &note.id, &always()).await.unwrap();
    }
    world.preferences().delete(&admin(), &"f1".parse().unwrap(), &always()).await.unwrap();
    let seen = async |reader: &Actor| {
        let found = world.trash().list(reader, &pages::everything()).await.unwrap();
        let mut ids: Vec<_> = found.items.iter().map(|item| item.resource_id.clone()).collect();
        ids.sort();
        assert_eq!(found.total, ids.len() as u64);
        ids
    };
    assert_eq!(seen(&admin()).await, ["f1", "of-author", "plain", "secret"]);
    assert_eq!(seen(&actor_in("t1", "boss", Role::Manager)).await, ["f1", "plain"]);
    assert_eq!(seen(&actor_in("t1", "author", Role::Receptionist)).await, ["of-author"]);
    assert_eq!(seen(&actor_in("t1", "staff", Role::Professional)).await, ["plain", "secret"]);
    assert_eq!(seen(&actor_in("t2", "staff2", Role::Admin)).await, [""; 0]);

    let items = world.trash().list(&admin(), &pages::everything()).await.unwrap().items;
    let id = |of: &str| items.iter().find(|item| item.resource_id == of).unwrap().id.clone();
    for (reader, hidden) in [
        (actor_in("t1", "boss", Role::Manager), id("secret")),
        (actor_in("t1", "desk", Role::Receptionist), id("plain")),
        (actor_in("t1", "desk", Role::Receptionist), id("f1")),
        (actor_in("t2", "staff2", Role::Admin), id("f1")),
        (actor_in("t1", "u1", Role::Client), id("f1")),
        (admin(), TrashId::from_stored("nothing")),
    ] {
        let refused = world.trash().restore(&reader, &hidden).await;
        assert!(matches!(refused, Err(CrmError::NotFound(Resource::Trash))), "{:?} {refused:?}", reader.role());
    }
    let refused = world.trash().list(&actor_in("t1", "u1", Role::Client), &pages::everything()).await;
    assert!(matches!(refused, Err(CrmError::Denied(_))), "{refused:?}");
    world.trash().restore(&actor_in("t1", "author", Role::Receptionist), &id("of-author")).await.unwrap();
    assert_eq!(seen(&admin()).await, ["f1", "plain", "secret"]);
    let page = world.trash().list(&admin(), &PageRequest::first(2)).await.unwrap();
    assert_eq!((page.items.len(), page.total, page.next.is_some()), (2, 3, true));
}

pub async fn a_photo_in_the_trash_is_referred_to_until_it_is_purged_or_shown_again(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let photo = a_photo(1);
    world.add([rows::user("client"), rows::profile("p1", "client")]).await;
    let unit = world.begin().await;
    unit.photos().insert(&a_record(1, PhotoState::Trashed)).await.unwrap();
    let of = world.t1().profiles().find(&"p1".parse().unwrap()).await.unwrap().unwrap();
    let item = TrashItem::of_photo(TrashId::from_stored("x"), admin().principal(), time(NOW), photo.clone(), &of);
    unit.trash().put(&item).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();
    let read = world.t1();
    assert!(read.trash().holds(&photo).await.unwrap() && !read.trash().holds(&a_photo(2)).await.unwrap());
    assert_eq!(read.trash().photos().await.unwrap(), std::slice::from_ref(&photo));
    assert!(!world.t2().trash().holds(&photo).await.unwrap());

    world.trash().restore(&admin(), &item.id).await.unwrap();
    let shown = read.profiles().find(&of.id).await.unwrap().unwrap();
    assert_eq!(PhotoId::shown_by(&shown), Some(photo.clone()));
    assert!(!read.trash().holds(&photo).await.unwrap());
    // With a photo in its place it stays in the trash.
    let unit = world.begin().await;
    unit.trash().put(&item).await.unwrap();
    unit.commit(Vec::new()).await.unwrap();
    let refused = world.trash().restore(&admin(), &item.id).await;
    assert!(matches!(refused, Err(CrmError::Conflict(UniqueRule::PhotoPerProfile))), "{refused:?}");
}

pub async fn only_what_is_old_enough_is_purged_and_every_purge_is_accounted_for(harness: &dyn StoreHarness) {
    let world = full(harness).await;
    for note in ["n0", "n1", "n2"] {
        world.notes().delete(&admin(), &note.parse().unwrap(), &always()).await.unwrap();
    }
    world.sql("UPDATE crm_trash SET deleted_at = '2001-01-01 00:00:00.000' WHERE resource_id <> 'n2'").await;
    let report = world.purge().run(TimeDelta::days(30), &Unwatched).await.unwrap();
    assert_eq!(report, PurgeReport { purged: 2, failed: 0 });
    assert_eq!(only_item(&world).await.resource_id, "n2");
    assert_eq!(world.purge().run(TimeDelta::days(30), &Unwatched).await.unwrap(), PurgeReport::default());
    let log = world.t1();
    let filter = AuditFilter { action: Some(AuditAction::Purged), ..AuditFilter::default() };
    let found = log.audit().list(&admin().note_visibility(), &filter, &pages::everything()).await.unwrap();
    let mut subjects: Vec<_> = found.items.into_iter().map(|item| item.entry.subject.id.unwrap()).collect();
    subjects.sort();
    assert_eq!(subjects, ["n0", "n1"]);
}
