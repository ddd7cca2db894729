//! Rules of preferences, without a database.

mod lists;

use crm_domain::access::{Action, Actor, Role};
use crm_domain::error::{CrmError, Resource, StoreError, UniqueRule};
use crm_domain::ids::{ServiceId, UserId};
use crm_domain::patch::Patch;
use crm_domain::preferences::{
    ClientPreferences, CommunicationPreference, NewPreferences, PreferencesEcho, PreferencesPatch, PreferencesService,
    PreferencesUpdate, ReminderTime,
};
use crm_domain::testing::fixtures::{BEFORE, NOW, a_profile, a_trash, actor_named, an_actor, some_preferences, time};
use crm_domain::testing::{MockStore, MockedPorts};
use crm_domain::validation::Violations;
use crm_domain::version::Precondition;

fn service(mocked: &MockedPorts) -> PreferencesService {
    PreferencesService::new(mocked.ports.clone())
}

/// A store that holds profile `p1` of user `client` with these preferences, and knows services `s…` and staff `u…`.
fn store_with(stored: ClientPreferences) -> MockStore {
    let mut store = MockStore { trash: a_trash(), ..MockStore::default() };
    store.profiles.expect_find().returning(|id| Ok((*id == a_profile().id).then(a_profile)));
    let found = stored.clone();
    store.preferences.expect_find().returning(move |id| Ok((*id == found.id).then(|| (found.clone(), a_profile().user_id))));
    store.preferences.expect_find_by_profile().returning(move |_| Ok(Some(stored.clone())));
    let unknown = |id: &str, known: char| !id.starts_with(known);
    store
        .directory
        .expect_unknown_services()
        .returning(move |ids| Ok(ids.iter().filter(|id| unknown(id.as_str(), 's')).cloned().collect()));
    store
        .directory
        .expect_unknown_staff()
        .returning(move |ids| Ok(ids.iter().filter(|id| unknown(id.as_str(), 'u')).cloned().collect()));
    store
}

fn lists(services: &[&str], staff: &[&str]) -> PreferencesPatch {
    PreferencesPatch {
        services: Patch::Set(services.iter().map(|id| ServiceId::from_stored(*id)).collect()),
        staff: Patch::Set(staff.iter().map(|id| UserId::from_stored(*id)).collect()),
        ..PreferencesPatch::default()
    }
}

fn new(details: PreferencesPatch) -> NewPreferences {
    NewPreferences { profile_id: a_profile().id, details, mistakes: Violations::default() }
}

async fn update(mocked: &MockedPorts, actor: &Actor, patch: PreferencesPatch) -> Result<ClientPreferences, CrmError> {
    let update = PreferencesUpdate { patch, ..PreferencesUpdate::default() };
    service(mocked).update(actor, &some_preferences().id, update).await.map(|updated| updated.item)
}

/// Whether an error is the expected one.
type Check = fn(&CrmError) -> bool;

#[tokio::test]
async fn new_preferences_have_the_defaults_of_the_mission() {
    let mut store = store_with(some_preferences());
    store.preferences.expect_insert().once().returning(|_| Ok(()));
    let mocked = store.into_ports();
    let made = service(&mocked).create(&an_actor(Role::Receptionist), new(PreferencesPatch::default())).await.unwrap();
    let expected = ClientPreferences { created_at: time(NOW), updated_at: time(NOW), ..some_preferences() };
    assert_eq!(made, ClientPreferences { id: "id1".parse().unwrap(), ..expected });
    assert_eq!((made.communication, made.reminder), (CommunicationPreference::Email, ReminderTime::Hours24));
    assert!(mocked.committed());
}

#[tokio::test]
async fn what_the_store_says_of_new_preferences_is_what_the_caller_hears() {
    let cases: [(StoreError, Check); 3] = [
        (StoreError::Duplicate(UniqueRule::PreferencesPerProfile), |e| {
            matches!(e, CrmError::Conflict(UniqueRule::PreferencesPerProfile))
        }),
        (StoreError::MissingReference, |e| matches!(e, CrmError::NotFound(Resource::Profile))),
        (StoreError::Unavailable("busy".into()), |e| matches!(e, CrmError::Unavailable(_))),
    ];
    for (answer, is_expected) in cases {
        let mut store = store_with(some_preferences());
        store.preferences.expect_insert().return_once(|_| Err(answer));
        let mocked = store.into_ports();
        let refused = service(&mocked).create(&an_actor(Role::Admin), new(lists(&["s1"], &["u1"]))).await;
        assert!(refused.as_ref().is_err_and(is_expected), "{refused:?}");
        assert!(!mocked.committed());
    }
}

#[tokio::test]
async fn preferences_of_a_missing_profile_can_not_be_set_or_read() {
    let mocked = store_with(some_preferences()).into_ports();
    let missing = NewPreferences {
        profile_id: "missing".parse().unwrap(),
        details: lists(&["s1"], &[]),
        mistakes: Violations::default(),
    };
    let refused = service(&mocked).create(&an_actor(Role::Admin), missing.clone()).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    let refused = service(&mocked).get_by_profile(&an_actor(Role::Admin), &missing.profile_id).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    let refused = service(&mocked).get(&an_actor(Role::Admin), &"missing".parse().unwrap()).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Preferences))), "{refused:?}");
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_profile_without_preferences_answers_none() {
    let mut store = MockStore::default();
    store.profiles.expect_find().returning(|_| Ok(Some(a_profile())));
    store.preferences.expect_find_by_profile().returning(|_| Ok(None));
    let mocked = store.into_ports();
    assert_eq!(service(&mocked).get_by_profile(&an_actor(Role::Admin), &a_profile().id).await.unwrap(), None);
}

#[tokio::test]
async fn a_client_has_their_own_preferences_and_nobody_elses() {
    let mut store = store_with(some_preferences());
    store.preferences.expect_insert().once().returning(|_| Ok(()));
    store.preferences.expect_update().once().returning(|_, _| Ok(true));
    let mocked = store.into_ports();
    let (service, id) = (service(&mocked), some_preferences().id);
    let own = actor_named("client", Role::Client);
    service.create(&own, new(lists(&["s1"], &["u1"]))).await.unwrap();
    service.get(&own, &id).await.unwrap();
    service.get_by_profile(&own, &a_profile().id).await.unwrap();
    update(&mocked, &own, lists(&["s2"], &[])).await.unwrap();
    let deleted = service.delete(&own, &id, &Precondition::default()).await;
    assert!(matches!(deleted, Err(CrmError::Denied(Action::DeletePreferences))), "{deleted:?}");

    let stranger = actor_named("stranger", Role::Client);
    for (refused, missing) in [
        (service.create(&stranger, new(lists(&["s1"], &[]))).await.map(drop), Resource::Profile),
        (service.get_by_profile(&stranger, &a_profile().id).await.map(drop), Resource::Profile),
        (service.get(&stranger, &id).await.map(drop), Resource::Preferences),
        (update(&mocked, &stranger, lists(&["s1"], &[])).await.map(drop), Resource::Preferences),
        (service.delete(&stranger, &id, &Precondition::default()).await.map(drop), Resource::Preferences),
    ] {
        assert!(matches!(refused, Err(CrmError::NotFound(resource)) if resource == missing), "{missing:?}: {refused:?}");
    }
}

#[tokio::test]
async fn only_managers_and_administrators_delete_preferences() {
    for (role, may) in [(Role::Receptionist, false), (Role::Professional, false), (Role::Manager, true), (Role::Admin, true)]
    {
        let mut store = store_with(some_preferences());
        store.preferences.expect_delete().times(usize::from(may)).returning(|_| Ok(true));
        let mocked = store.into_ports();
        let deleted = service(&mocked).delete(&an_actor(role), &some_preferences().id, &Precondition::default()).await;
        assert_eq!((deleted.is_ok(), mocked.committed()), (may, may), "{role}: {deleted:?}");
        assert!(!may || deleted.as_ref().is_ok_and(|trash| trash.as_str() == "id1"), "{role}: {deleted:?}");
        assert!(may || matches!(deleted, Err(CrmError::Denied(Action::DeletePreferences))), "{role}: {deleted:?}");
    }
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    let stored = ClientPreferences { services: vec![ServiceId::from_stored("x1")], ..some_preferences() };
    let mocked = store_with(stored.clone()).into_ports();
    let same = PreferencesPatch { communication: Some(stored.communication), ..lists(&["x1"], &[]) };
    for nothing in [PreferencesPatch::default(), same] {
        assert_eq!(update(&mocked, &an_actor(Role::Admin), nothing).await.unwrap(), stored);
    }
    let (id, client_profile_id) = (Some("f1".to_owned()), Some("p1".to_owned()));
    let (created_at, updated_at) = (Some(time(BEFORE)), Some(time(BEFORE)));
    let echo = PreferencesEcho { id, client_profile_id, created_at, updated_at };
    let echo = PreferencesUpdate { echo, ..PreferencesUpdate::default() };
    assert_eq!(service(&mocked).update(&an_actor(Role::Admin), &stored.id, echo).await.unwrap().item, stored);
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_change_is_always_later_than_the_one_before_it_and_a_cleared_list_is_empty() {
    for last in [NOW, "2027-01-01T00:00:00Z"] {
        let services = vec![ServiceId::from_stored("s1")];
        let mut store = store_with(ClientPreferences { services, updated_at: time(last), ..some_preferences() });
        store.preferences.expect_update().once().returning(|_, _| Ok(true));
        let patch = PreferencesPatch { services: Patch::Clear, ..PreferencesPatch::default() };
        let changed = update(&store.into_ports(), &an_actor(Role::Admin), patch).await.unwrap();
        assert_eq!(changed.updated_at - time(last), chrono::Duration::milliseconds(1), "last changed at {last}");
        assert_eq!(changed.services, []);
    }
}

#[tokio::test]
async fn preferences_that_vanish_before_they_are_written_are_not_found() {
    let mut store = store_with(some_preferences());
    store.preferences.expect_update().returning(|_, _| Ok(false));
    store.preferences.expect_delete().returning(|_| Ok(false));
    let mocked = store.into_ports();
    let changed = update(&mocked, &an_actor(Role::Admin), lists(&["s1"], &[])).await;
    assert!(matches!(changed, Err(CrmError::NotFound(Resource::Preferences))), "{changed:?}");
    let deleted = service(&mocked).delete(&an_actor(Role::Admin), &some_preferences().id, &Precondition::default()).await;
    assert!(matches!(deleted, Err(CrmError::NotFound(Resource::Preferences))), "{deleted:?}");
    assert!(!mocked.committed());
}
