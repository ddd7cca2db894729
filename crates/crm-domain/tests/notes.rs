//! Rules of writing and reading notes, without a database.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::{Arc, Mutex};

use crm_domain::access::{Action, Role};
use crm_domain::audit::AuditAction;
use crm_domain::error::{CrmError, Resource, StoreError};
use crm_domain::note::{ClientNote, Content, NewNote, NoteFilter, NotePatch, NoteService, NoteType, NoteUpdate};
use crm_domain::page::{Page, PageRequest};
use crm_domain::testing::fixtures::{NOW, a_note, a_note_view, a_profile, a_trash, a_user, actor_named, an_actor, time};
use crm_domain::testing::{MockStore, MockedPorts};
use crm_domain::validation::{Expectation, Reason, Violations};
use crm_domain::version::Precondition;

const STAFF: [Role; 5] = [Role::SuperAdmin, Role::Admin, Role::Manager, Role::Professional, Role::Receptionist];

fn service(mocked: &MockedPorts) -> NoteService {
    NoteService::new(mocked.ports.clone())
}

/// A store that holds profile `p1` and one note, found by whoever may read it.
fn store_with(note: ClientNote) -> MockStore {
    let mut store = MockStore { trash: a_trash(), ..MockStore::default() };
    store.profiles.expect_find().returning(|id| Ok((*id == a_profile().id).then(a_profile)));
    store.notes.expect_find().returning(move |visibility, id| {
        Ok((visibility.allows(&note) && *id == note.id).then(|| a_note_view(note.clone())))
    });
    store
}

/// A store in which a written note can be read back.
fn store_for_writing() -> MockStore {
    let mut store = MockStore::default();
    let written = Arc::new(Mutex::new(None));
    store.profiles.expect_find().returning(|id| Ok((*id == a_profile().id).then(a_profile)));
    let slot = Arc::clone(&written);
    store.notes.expect_insert().once().returning(move |note| {
        *slot.lock().unwrap() = Some(note.clone());
        Ok(())
    });
    store.notes.expect_find().returning(move |_, _| Ok(written.lock().unwrap().clone().map(a_note_view)));
    store
}

fn new_note(author: Option<&str>) -> NewNote {
    NewNote {
        profile_id: a_profile().id,
        author: author.map(crm_domain::ids::UserId::from_stored),
        note_type: NoteType::Medical,
        content: Content::from_stored("Alergia".to_owned()),
        is_private: true,
    }
}

fn new_text() -> NoteUpdate {
    let patch = NotePatch { content: Some(Content::from_stored("Otra".to_owned())), ..NotePatch::default() };
    NoteUpdate { patch, ..NoteUpdate::default() }
}

#[tokio::test]
async fn a_note_is_written_by_the_user_of_the_session() {
    for (role, said) in STAFF.into_iter().flat_map(|role| [(role, None), (role, Some("staff"))]) {
        let mocked = store_for_writing().into_ports();
        let note = service(&mocked).create(&an_actor(role), new_note(said)).await.unwrap().note;
        assert_eq!((note.author.as_str(), note.id.as_str(), note.profile_id), ("staff", "id1", a_profile().id), "{role}");
        assert_eq!((note.note_type, note.content.as_str(), note.is_private), (NoteType::Medical, "Alergia", true));
        assert_eq!((note.created_at, note.updated_at), (time(NOW), time(NOW)));
        assert!(mocked.committed());
    }
}

#[tokio::test]
async fn only_administrators_write_in_the_name_of_another() {
    for role in [Role::Manager, Role::Professional, Role::Receptionist] {
        let mocked = store_with(a_note(NoteType::General)).into_ports();
        let refused = service(&mocked).create(&an_actor(role), new_note(Some("other"))).await;
        let Err(CrmError::Invalid(violations)) = refused else { panic!("{role}: {refused:?}") };
        assert_eq!(violations, Violations::one("createdByUserId", Reason::Expected(Expectation::SessionUser)));
        assert!(!mocked.committed());
    }
    for role in [Role::Admin, Role::SuperAdmin] {
        let mut store = store_for_writing();
        store.directory.expect_find_user().once().withf(|id| id.as_str() == "other").returning(|_| Ok(Some(a_user())));
        let mocked = store.into_ports();
        let note = service(&mocked).create(&an_actor(role), new_note(Some("other"))).await.unwrap().note;
        assert_eq!(note.author.as_str(), "other", "{role}");
    }
}

#[tokio::test]
async fn nobody_writes_in_the_name_of_somebody_unknown() {
    let mut store = store_with(a_note(NoteType::General));
    store.directory.expect_find_user().returning(|_| Ok(None));
    let mocked = store.into_ports();
    let refused = service(&mocked).create(&an_actor(Role::Admin), new_note(Some("nobody"))).await;
    let Err(CrmError::Invalid(violations)) = refused else { panic!("{refused:?}") };
    assert_eq!(violations, Violations::one("createdByUserId", Reason::Expected(Expectation::TenantUser)));
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_note_needs_a_profile_that_is_still_there() {
    let mocked = store_with(a_note(NoteType::General)).into_ports();
    let new = NewNote { profile_id: "missing".parse().unwrap(), ..new_note(None) };
    let refused = service(&mocked).create(&an_actor(Role::Admin), new).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");

    let mut store = store_with(a_note(NoteType::General));
    store.notes.expect_insert().return_once(|_| Err(StoreError::MissingReference));
    let vanished = store.into_ports();
    let refused = service(&vanished).create(&an_actor(Role::Admin), new_note(None)).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    assert!(!mocked.committed() && !vanished.committed());
}

#[tokio::test]
async fn clients_can_not_list_or_write_notes() {
    // The store expects no call at all: the role alone decides.
    let mocked = MockStore::default().into_ports();
    let (service, client) = (service(&mocked), actor_named("client", Role::Client));
    let listed = service.list(&client, &NoteFilter::default(), &PageRequest::default()).await;
    assert!(matches!(listed, Err(CrmError::Denied(Action::ListNotes))), "{listed:?}");
    let written = service.create(&client, new_note(None)).await;
    assert!(matches!(written, Err(CrmError::Denied(Action::CreateNote))), "{written:?}");
}

#[tokio::test]
async fn no_note_exists_for_a_client() {
    let client = actor_named("client", Role::Client);
    let visibility = client.note_visibility();
    assert_eq!((visibility.author(), visibility.types()), (None, [].as_slice()));
    let mut store = MockStore::default();
    store.notes.expect_find().times(3).returning(move |asked, _| {
        assert_eq!(*asked, visibility);
        Ok(None)
    });
    let mocked = store.into_ports();
    let (service, id) = (service(&mocked), a_note(NoteType::General).id);
    let missing = |error| matches!(error, Some(CrmError::NotFound(Resource::Note)));
    assert!(missing(service.get(&client, &id).await.err()));
    assert!(missing(service.update(&client, &id, new_text()).await.err()));
    assert!(missing(service.delete(&client, &id, &Precondition::default()).await.err()));
    assert!(!mocked.committed());
}

#[tokio::test]
async fn lists_ask_with_the_actors_own_visibility() {
    for role in STAFF {
        let actor = an_actor(role);
        let (visibility, filter) = (actor.note_visibility(), NoteFilter { is_private: Some(true), ..NoteFilter::default() });
        let mut store = MockStore::default();
        let asked = filter.clone();
        store.notes.expect_list().once().returning(move |v, f, page| {
            assert_eq!((v, f, page.take()), (&visibility, &asked, 7));
            Ok(Page::empty())
        });
        let mocked = store.into_ports();
        assert_eq!(service(&mocked).list(&actor, &filter, &PageRequest::first(7)).await.unwrap(), Page::empty());
    }
}

#[tokio::test]
async fn a_note_one_may_not_read_does_not_exist() {
    let private = ClientNote { is_private: true, ..a_note(NoteType::General) };
    for (role, note) in [
        (Role::Receptionist, a_note(NoteType::Medical)),
        (Role::Professional, a_note(NoteType::Complaint)),
        (Role::Manager, private.clone()),
        (Role::Professional, private),
    ] {
        let mocked = store_with(note.clone()).into_ports();
        let (service, actor) = (service(&mocked), an_actor(role));
        for refused in [
            service.get(&actor, &note.id).await.map(drop),
            service.update(&actor, &note.id, new_text()).await.map(drop),
            service.delete(&actor, &note.id, &Precondition::default()).await.map(drop),
        ] {
            assert!(matches!(refused, Err(CrmError::NotFound(Resource::Note))), "{role}: {refused:?}");
        }
        assert!(!mocked.committed());
        let author = actor_named("author", role);
        assert_eq!(service.get(&author, &note.id).await.unwrap().note, note, "the author reads it all the same");
    }
}

#[tokio::test]
async fn whoever_reads_a_medical_note_is_on_record_before_it_is_shown() {
    let (medical, general) = (a_note(NoteType::Medical), a_note(NoteType::General));
    for (note, expected) in [(medical, vec![AuditAction::Read]), (general, vec![])] {
        let mut store = store_with(note.clone());
        let view = a_note_view(note.clone());
        store
            .notes
            .expect_list()
            .returning(move |_, _, _| Ok(Page { items: vec![view.clone()], total: 1, total_is_exact: true, next: None }));
        let mocked = store.into_ports();
        let (service, actor) = (service(&mocked), an_actor(Role::Professional));
        service.get(&actor, &note.id).await.unwrap();
        let entries = mocked.entries();
        assert_eq!(entries.iter().map(|entry| entry.action).collect::<Vec<_>>(), expected);
        assert!(entries.iter().all(|entry| entry.by == *actor.principal() && entry.changes.is_empty()));
        service.list(&actor, &NoteFilter::default(), &PageRequest::first(7)).await.unwrap();
        assert_eq!(mocked.entries().len(), 2 * expected.len());
    }
}

#[tokio::test]
async fn notes_are_counted_as_far_as_the_actor_may_read_them_and_that_is_no_reading() {
    for role in STAFF {
        let actor = an_actor(role);
        let (mut store, visibility) = (store_with(a_note(NoteType::Medical)), actor.note_visibility());
        store.notes.expect_count_by_type().once().returning(move |asked, filter| {
            let of_profile = NoteFilter { profile: Some(a_profile().id), ..NoteFilter::default() };
            assert_eq!((asked, filter), (&visibility, &of_profile));
            Ok(vec![(NoteType::Medical, 2), (NoteType::General, 3)])
        });
        let mocked = store.into_ports();
        let counts = service(&mocked).counts(&actor, &a_profile().id).await.unwrap();
        assert_eq!((counts.total(), counts.by_type.get(&NoteType::Medical)), (5, Some(&2)), "{role}");
        assert!(!mocked.committed(), "{role}");
        let missing = service(&mocked).counts(&actor, &"missing".parse().unwrap()).await;
        assert!(matches!(missing, Err(CrmError::NotFound(Resource::Profile))), "{missing:?}");
    }
    let mocked = store_with(a_note(NoteType::General)).into_ports();
    let own = service(&mocked).counts(&actor_named("client", Role::Client), &a_profile().id).await;
    assert!(matches!(own, Err(CrmError::Denied(Action::ListNotes))), "{own:?}");
    let stranger = service(&mocked).counts(&actor_named("stranger", Role::Client), &a_profile().id).await;
    assert!(matches!(stranger, Err(CrmError::NotFound(Resource::Profile))), "{stranger:?}");
}
