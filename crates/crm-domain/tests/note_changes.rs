//! Rules of changing and deleting notes, without a database.

use crm_domain::access::{Action, Actor, Role};
use crm_domain::audit::AuditAction;
use crm_domain::error::{CrmError, Resource};
use crm_domain::note::{ClientNote, Content, NoteEcho, NotePatch, NoteService, NoteType, NoteUpdate};
use crm_domain::testing::fixtures::{BEFORE, NOW, a_note, a_note_view, a_trash, actor_named, an_actor, time};
use crm_domain::testing::{MockStore, MockedPorts};
use crm_domain::version::Precondition;

const STAFF: [Role; 5] = [Role::SuperAdmin, Role::Admin, Role::Manager, Role::Professional, Role::Receptionist];

fn service(mocked: &MockedPorts) -> NoteService {
    NoteService::new(mocked.ports.clone())
}

/// A store that holds one note, found by whoever may read it.
fn store_with(note: ClientNote) -> MockStore {
    let mut store = MockStore { trash: a_trash(), ..MockStore::default() };
    store.notes.expect_find().returning(move |visibility, id| {
        Ok((visibility.allows(&note) && *id == note.id).then(|| a_note_view(note.clone())))
    });
    store
}

fn patch(patch: NotePatch) -> NoteUpdate {
    NoteUpdate { patch, ..NoteUpdate::default() }
}

fn new_text() -> NoteUpdate {
    patch(NotePatch { content: Some(Content::from_stored("Otra".to_owned())), ..NotePatch::default() })
}

fn made_private() -> NoteUpdate {
    patch(NotePatch { is_private: Some(true), ..NotePatch::default() })
}

async fn update(mocked: &MockedPorts, actor: &Actor, update: NoteUpdate) -> Result<ClientNote, CrmError> {
    service(mocked).update(actor, &a_note(NoteType::General).id, update).await.map(|updated| updated.item.note)
}

#[tokio::test]
async fn a_readable_note_is_changed_and_deleted_by_its_author_a_manager_or_an_administrator() {
    let allowed = ["staff", "author"].into_iter().flat_map(|user| STAFF.map(|role| actor_named(user, role)));
    for actor in allowed {
        let may = actor.user().as_str() == "author" || !matches!(actor.role(), Role::Professional | Role::Receptionist);
        let mut store = store_with(a_note(NoteType::General));
        store.notes.expect_update().times(usize::from(may)).returning(|_, _| Ok(true));
        store.notes.expect_delete().times(usize::from(may)).returning(|_| Ok(true));
        let mocked = store.into_ports();
        let changed = update(&mocked, &actor, new_text()).await;
        let deleted = service(&mocked).delete(&actor, &a_note(NoteType::General).id, &Precondition::default()).await;
        if may {
            assert_eq!(changed.unwrap().content.as_str(), "Otra");
            assert_eq!(deleted.unwrap().as_str(), "id1", "where it is in the trash");
        } else {
            assert!(matches!(changed, Err(CrmError::Denied(Action::UpdateNote))), "{actor:?}: {changed:?}");
            assert!(matches!(deleted, Err(CrmError::Denied(Action::DeleteNote))), "{actor:?}: {deleted:?}");
        }
        assert_eq!(mocked.committed(), may, "{actor:?}");
    }
}

#[tokio::test]
async fn only_the_author_or_an_administrator_changes_the_privacy_of_a_note() {
    for (user, role, may) in [
        ("author", Role::Receptionist, true),
        ("author", Role::Manager, true),
        ("staff", Role::Admin, true),
        ("staff", Role::SuperAdmin, true),
        ("staff", Role::Manager, false),
    ] {
        let mut store = store_with(a_note(NoteType::General));
        store.notes.expect_update().times(usize::from(may)).returning(|_, _| Ok(true));
        let mocked = store.into_ports();
        let changed = update(&mocked, &actor_named(user, role), made_private()).await;
        if may {
            assert!(changed.unwrap().is_private, "{user} {role}");
        } else {
            assert!(matches!(changed, Err(CrmError::Denied(Action::ChangeNotePrivacy))), "{user} {role}: {changed:?}");
        }
        assert_eq!(mocked.committed(), may, "{user} {role}");
    }
}

#[tokio::test]
async fn a_manager_may_repeat_the_privacy_a_note_has() {
    let mut store = store_with(a_note(NoteType::General));
    store.notes.expect_update().once().returning(|_, _| Ok(true));
    let mocked = store.into_ports();
    let (note_type, is_private) = (Some(NoteType::Preference), Some(false));
    let same = patch(NotePatch { note_type, is_private, ..NotePatch::default() });
    let changed = update(&mocked, &an_actor(Role::Manager), same).await.unwrap();
    assert_eq!((changed.note_type, changed.is_private), (NoteType::Preference, false));
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    let note = a_note(NoteType::General);
    let mocked = store_with(note.clone()).into_ports();
    let (note_type, content) = (Some(note.note_type), Some(note.content.clone()));
    let same = patch(NotePatch { note_type, content, is_private: Some(false) });
    for nothing in [NoteUpdate::default(), same] {
        assert_eq!(update(&mocked, &an_actor(Role::Admin), nothing).await.unwrap(), note);
    }
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_change_of_a_medical_note_that_changes_nothing_is_a_reading() {
    let mocked = store_with(a_note(NoteType::Medical)).into_ports();
    update(&mocked, &an_actor(Role::Admin), NoteUpdate::default()).await.unwrap();
    let actions: Vec<_> = mocked.entries().iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [AuditAction::Read]);
}

#[tokio::test]
async fn a_change_is_always_later_than_the_one_before_it() {
    for last in [NOW, "2026-02-01T12:00:00.500Z", "2027-01-01T00:00:00Z"] {
        let mut store = store_with(ClientNote { updated_at: time(last), ..a_note(NoteType::General) });
        store.notes.expect_update().returning(|_, _| Ok(true));
        let changed = update(&store.into_ports(), &an_actor(Role::Admin), new_text()).await.unwrap();
        assert_eq!(changed.updated_at - time(last), chrono::Duration::milliseconds(1), "last changed at {last}");
    }
}

#[tokio::test]
async fn immutable_fields_may_be_echoed_but_not_changed() {
    let mocked = store_with(a_note(NoteType::General)).into_ports();
    let echo = |id: &str, profile: &str, author: &str, at: &str| {
        let text = |raw: &str| Some(raw.to_owned());
        let (created_at, updated_at) = (Some(time(at)), Some(time(at)));
        let (id, client_profile_id, created_by_user_id) = (text(id), text(profile), text(author));
        let echo = NoteEcho { id, client_profile_id, created_by_user_id, created_at, updated_at };
        NoteUpdate { echo, ..NoteUpdate::default() }
    };
    let admin = an_actor(Role::Admin);
    update(&mocked, &admin, echo("n1", "p1", "author", BEFORE)).await.unwrap();
    let refused = update(&mocked, &admin, echo("n2", "p2", "staff", NOW)).await;
    let Err(CrmError::Invalid(violations)) = refused else { panic!("{refused:?}") };
    let fields: Vec<_> = violations.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(fields, ["id", "clientProfileId", "createdByUserId", "createdAt", "updatedAt"]);
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_note_that_vanishes_before_it_is_written_is_not_found() {
    let mut store = store_with(a_note(NoteType::General));
    store.notes.expect_update().returning(|_, _| Ok(false));
    store.notes.expect_delete().returning(|_| Ok(false));
    let mocked = store.into_ports();
    let changed = update(&mocked, &an_actor(Role::Admin), new_text()).await;
    assert!(matches!(changed, Err(CrmError::NotFound(Resource::Note))), "{changed:?}");
    let deleted =
        service(&mocked).delete(&an_actor(Role::Admin), &a_note(NoteType::General).id, &Precondition::default()).await;
    assert!(matches!(deleted, Err(CrmError::NotFound(Resource::Note))), "{deleted:?}");
    assert!(!mocked.committed());
}
