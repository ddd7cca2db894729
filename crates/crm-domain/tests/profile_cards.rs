//! What a profile shows beside itself, and to whom.

use std::sync::Arc;

use crm_domain::access::Role;
use crm_domain::error::{CrmError, Resource};
use crm_domain::note::NoteType;
use crm_domain::page::Page;
use crm_domain::profile::{ClientProfile, ProfileService, ProfileUpdate};
use crm_domain::testing::fixtures::{a_note, a_note_view, a_profile, a_user, actor_named, an_actor, some_preferences};
use crm_domain::testing::{MockPhotoStore, MockStore, MockedPorts};
use crm_domain::value::Prose;
use crm_domain::version::Precondition;

fn service(mocked: &MockedPorts) -> ProfileService {
    ProfileService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()))
}

fn with_staff_field() -> ClientProfile {
    let mut profile = a_profile();
    profile.details.notes = Some(Prose::from_stored("Paga tarde".to_owned()));
    profile
}

/// A store that holds one profile with a note and preferences, found by its id and by its user.
fn store() -> MockStore {
    let mut store = MockStore::default();
    store.profiles.expect_find().returning(|id| Ok((*id == a_profile().id).then(with_staff_field)));
    store.profiles.expect_find_by_user().returning(|user| Ok((*user == a_profile().user_id).then(with_staff_field)));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store.preferences.expect_find_by_profile().returning(|_| Ok(Some(some_preferences())));
    store
}

#[tokio::test]
async fn a_card_shows_the_latest_ten_notes_that_the_actor_may_read() {
    let actor = an_actor(Role::Receptionist);
    let visibility = actor.note_visibility();
    let mut store = store();
    store.notes.expect_list().times(2).returning(move |asked, filter, page| {
        assert_eq!((asked, filter.profile.as_ref()), (&visibility, Some(&a_profile().id)));
        assert_eq!((page.skip(), page.take()), (0, 10));
        assert_eq!((&filter.author, filter.note_type, filter.is_private), (&None, None, None));
        Ok(Page { items: vec![a_note_view(a_note(NoteType::General))], total: 40, total_is_exact: true, next: None })
    });
    let mocked = store.into_ports();
    let card = service(&mocked).get(&actor, &a_profile().id).await.unwrap();
    assert_eq!(card.notes, [a_note_view(a_note(NoteType::General))]);
    assert_eq!((&card.preferences, &card.user), (&Some(some_preferences()), &a_user()));
    assert_eq!(card.profile, with_staff_field(), "staff see the staff field");
    assert_eq!(service(&mocked).get_by_user(&actor, &a_profile().user_id).await.unwrap(), card);
}

#[tokio::test]
async fn a_client_sees_their_own_card_without_the_staff_field_and_asks_for_no_notes() {
    let mut store = store();
    store.notes.expect_list().times(2).returning(|asked, _, _| {
        assert_eq!((asked.author(), asked.types(), asked.sees_private()), (None, &[][..], false));
        Ok(Page::empty())
    });
    let mocked = store.into_ports();
    let client = actor_named("client", Role::Client);
    let card = service(&mocked).get(&client, &a_profile().id).await.unwrap();
    assert_eq!(card.profile, a_profile());
    assert!(card.notes.is_empty());
    assert_eq!(service(&mocked).get_by_user(&client, &a_profile().user_id).await.unwrap(), card);
}

#[tokio::test]
async fn a_summary_is_the_profile_and_its_user_without_a_look_at_notes() {
    // No note is expected to be asked for: a reading of one would be on record.
    let mocked = store().into_ports();
    for (actor, profile) in
        [(an_actor(Role::Receptionist), with_staff_field()), (actor_named("client", Role::Client), a_profile())]
    {
        let summary = service(&mocked).summary(&actor, &profile.id).await.unwrap();
        assert_eq!((summary.profile, summary.user), (profile, a_user()));
    }
}

#[tokio::test]
async fn anothers_profile_does_not_exist_for_a_client() {
    let mocked = store().into_ports();
    let (service, stranger) = (service(&mocked), actor_named("stranger", Role::Client));
    let id = a_profile().id;
    for refused in [
        service.get(&stranger, &id).await.map(drop),
        service.summary(&stranger, &id).await.map(drop),
        service.get_by_user(&stranger, &a_profile().user_id).await.map(drop),
        service.update(&stranger, &id, ProfileUpdate::default()).await.map(drop),
        service.delete(&stranger, &id, &Precondition::default()).await.map(drop),
    ] {
        assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    }
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_missing_profile_is_not_found_whoever_asks() {
    let mocked = store().into_ports();
    let (service, missing) = (service(&mocked), "missing".parse().unwrap());
    for role in Role::ALL {
        let actor = an_actor(role);
        for refused in [
            service.get(&actor, &missing).await.map(drop),
            service.summary(&actor, &missing).await.map(drop),
            service.get_by_user(&actor, &"staff".parse().unwrap()).await.map(drop),
            service.update(&actor, &missing, ProfileUpdate::default()).await.map(drop),
            service.delete(&actor, &missing, &Precondition::default()).await.map(drop),
        ] {
            assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{role}: {refused:?}");
        }
    }
    assert!(!mocked.committed());
}
