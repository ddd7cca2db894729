//! Rules of profiles, without a database.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::Arc;

use crm_domain::access::{Action, Actor, Role};
use crm_domain::error::{CrmError, Resource, StoreError, UniqueRule};
use crm_domain::page::{Cursor, Page, PageRequest, Start};
use crm_domain::patch::Patch;
use crm_domain::profile::{
    ClientProfile, Duplicate, NewProfile, PossibleDuplicate, ProfileEcho, ProfileFilter, ProfileOrder, ProfilePatch,
    ProfileService, ProfileSummary, ProfileUpdate, SameContact, SearchTerms,
};
use crm_domain::testing::fixtures::{BEFORE, NOW, a_profile, a_trash, a_user, actor_named, an_actor, time};
use crm_domain::testing::{FixedClock, MockPhotoStore, MockStore, MockedPorts};
use crm_domain::validation::{Expectation, Reason, Violations};
use crm_domain::value::{Line, Prose};
use crm_domain::version::Precondition;

fn service(mocked: &MockedPorts) -> ProfileService {
    ProfileService::new(mocked.ports.clone(), Arc::new(MockPhotoStore::new()))
}

/// A store that holds one profile and its user, and accepts no change until told.
fn store_with(profile: ClientProfile) -> MockStore {
    let mut store = MockStore { trash: a_trash(), ..MockStore::default() };
    store.profiles.expect_find().returning(move |id| Ok((*id == profile.id).then(|| profile.clone())));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store
}

fn with_staff_field() -> ClientProfile {
    let mut profile = a_profile();
    profile.details.notes = Some(Prose::parse("Paga tarde").unwrap());
    profile
}

fn the_client() -> Actor {
    actor_named("client", Role::Client)
}

fn new_profile(details: ProfilePatch) -> NewProfile {
    NewProfile { user_id: "client".parse().unwrap(), details, mistakes: Violations::default() }
}

fn to_city(city: &str) -> ProfileUpdate {
    let patch = ProfilePatch { city: Patch::Set(Line::parse(city).unwrap()), ..ProfilePatch::default() };
    ProfileUpdate { patch, ..ProfileUpdate::default() }
}

async fn update(mocked: &MockedPorts, actor: &Actor, update: ProfileUpdate) -> Result<ClientProfile, CrmError> {
    service(mocked).update(actor, &a_profile().id, update).await.map(|updated| updated.item.profile)
}

/// Whether an error is the expected one.
type Check = fn(&CrmError) -> bool;

#[tokio::test]
async fn an_unknown_user_gets_no_profile() {
    let mut store = MockStore::default();
    store.directory.expect_find_user().withf(|id| id.as_str() == "client").return_once(|_| Ok(None));
    let mocked = store.into_ports();
    let refused = service(&mocked).create(&an_actor(Role::Admin), new_profile(ProfilePatch::default())).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::User))), "{refused:?}");
    assert!(!mocked.committed());
}

#[tokio::test]
async fn what_the_store_says_of_a_new_profile_is_what_the_caller_hears() {
    let cases: [(StoreError, Check); 4] = [
        (StoreError::Duplicate(UniqueRule::ProfilePerUser), |e| matches!(e, CrmError::Conflict(UniqueRule::ProfilePerUser))),
        (StoreError::MissingReference, |e| matches!(e, CrmError::NotFound(Resource::User))),
        (StoreError::Unavailable("busy".into()), |e| matches!(e, CrmError::Unavailable(_))),
        (StoreError::Failed("disk".into()), |e| matches!(e, CrmError::Internal(_))),
    ];
    for (answer, is_expected) in cases {
        let mut store = MockStore::default();
        store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
        store.profiles.expect_insert().return_once(|_| Err(answer));
        let mocked = store.into_ports();
        let error = service(&mocked).create(&an_actor(Role::Admin), new_profile(ProfilePatch::default())).await.unwrap_err();
        assert!(is_expected(&error), "{error:?}");
        assert!(!mocked.committed(), "{error:?}");
    }
}

#[tokio::test]
async fn a_new_profile_has_a_new_id_the_time_and_mexico_unless_its_country_is_given() {
    let country = |name| Patch::Set(Line::parse(name).unwrap());
    for (given, expected) in [(Patch::Keep, Some("México")), (Patch::Clear, None), (country("Perú"), Some("Perú"))] {
        let mut store = MockStore::default();
        store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
        store.profiles.expect_insert().once().returning(|_| Ok(()));
        let mocked = store.into_ports();
        let details = ProfilePatch { country: given, ..ProfilePatch::default() };
        let made = service(&mocked).create(&an_actor(Role::Receptionist), new_profile(details)).await.unwrap();
        assert_eq!(made.profile.details.country.as_ref().map(Line::as_str), expected);
        assert_eq!((made.profile.id.as_str(), made.profile.user_id.as_str()), ("id1", "client"));
        assert_eq!((made.profile.created_at, made.profile.updated_at), (time(NOW), time(NOW)));
        assert!(mocked.committed());
    }
}

#[tokio::test]
async fn a_client_neither_lists_nor_creates_nor_deletes_profiles() {
    let mocked = store_with(a_profile()).into_ports();
    let (service, client) = (service(&mocked), the_client());
    let created = service.create(&client, new_profile(ProfilePatch::default())).await;
    assert!(matches!(created, Err(CrmError::Denied(Action::CreateProfile))), "{created:?}");
    let listed = service.list(&client, &ProfileFilter::default(), &PageRequest::default()).await;
    assert!(matches!(listed, Err(CrmError::Denied(Action::ListProfiles))), "{listed:?}");
    let deleted = service.delete(&client, &a_profile().id, &Precondition::default()).await;
    assert!(matches!(deleted, Err(CrmError::Denied(Action::DeleteProfile))), "{deleted:?}");
    assert!(!mocked.committed());
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    let mocked = store_with(a_profile()).into_ports();
    for nothing in [ProfileUpdate::default(), to_city("Mérida"), to_city(" Me\u{301}rida ")] {
        assert_eq!(update(&mocked, &an_actor(Role::Admin), nothing).await.unwrap(), a_profile());
    }
    assert!(!mocked.committed());
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_the_time() {
    let mut store = store_with(a_profile());
    store.profiles.expect_update().once().returning(|before, after| {
        assert_eq!((before, after.updated_at), (&a_profile(), time(NOW)));
        Ok(true)
    });
    let mocked = store.into_ports();
    let changed = update(&mocked, &an_actor(Role::Professional), to_city("León")).await.unwrap();
    assert_eq!(changed.details.city, Some(Line::parse("León").unwrap()));
    assert_eq!((&changed.details.first_name, changed.created_at), (&a_profile().details.first_name, time(BEFORE)));
    assert!(mocked.committed());
}

#[tokio::test]
async fn a_change_is_always_later_than_the_one_before_it() {
    for last in [NOW, "2026-02-01T12:00:00.500Z", "2027-01-01T00:00:00Z"] {
        let mut store = store_with(ClientProfile { updated_at: time(last), ..a_profile() });
        store.profiles.expect_update().returning(|_, _| Ok(true));
        let mut mocked = store.into_ports();
        mocked.ports.clock = Arc::new(FixedClock::at(NOW));
        let changed = update(&mocked, &an_actor(Role::Admin), to_city("León")).await.unwrap();
        assert_eq!(changed.updated_at - time(last), chrono::Duration::milliseconds(1), "last changed at {last}");
    }
}

#[tokio::test]
async fn immutable_fields_may_be_echoed_but_not_changed() {
    let mocked = store_with(a_profile()).into_ports();
    let admin = an_actor(Role::Admin);
    let echo = |id: &str, user: &str, at: &str| {
        let (id, user_id) = (Some(id.to_owned()), Some(user.to_owned()));
        let echo = ProfileEcho { id, user_id, created_at: Some(time(at)), updated_at: Some(time(at)) };
        ProfileUpdate { echo, ..ProfileUpdate::default() }
    };
    assert_eq!(update(&mocked, &admin, echo("p1", "client", BEFORE)).await.unwrap(), a_profile());
    let Err(CrmError::Invalid(violations)) = update(&mocked, &admin, echo("p2", "other", NOW)).await else {
        panic!("must be refused")
    };
    let fields: Vec<_> = violations.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(fields, ["id", "userId", "createdAt", "updatedAt"]);
    let Err(CrmError::Invalid(violations)) = update(&mocked, &admin, echo("p1", "other", BEFORE)).await else {
        panic!("must be refused")
    };
    assert_eq!(violations, Violations::one("userId", Reason::Immutable));
    assert!(!mocked.committed());
}

#[tokio::test]
async fn a_client_changes_their_own_profile_but_neither_sees_nor_touches_the_staff_field() {
    let mut store = store_with(with_staff_field());
    store.profiles.expect_update().once().withf(|_, after| after.details.notes.is_some()).returning(|_, _| Ok(true));
    let mocked = store.into_ports();
    let changed = update(&mocked, &the_client(), to_city("León")).await.unwrap();
    assert_eq!(changed.details.city, Some(Line::parse("León").unwrap()));
    assert_eq!(changed.details.notes, None);

    let untouched = store_with(with_staff_field()).into_ports();
    for notes in [Patch::Clear, Patch::Set(Prose::parse("Paga a tiempo").unwrap())] {
        let patch = ProfilePatch { notes, ..ProfilePatch::default() };
        let refused = update(&untouched, &the_client(), ProfileUpdate { patch, ..ProfileUpdate::default() }).await;
        assert!(matches!(refused, Err(CrmError::Denied(Action::UpdateStaffField))), "{refused:?}");
    }
    assert!(!untouched.committed());
}

#[tokio::test]
async fn only_managers_and_administrators_delete_profiles() {
    for role in [Role::Receptionist, Role::Professional] {
        let mocked = store_with(a_profile()).into_ports();
        let refused = service(&mocked).delete(&an_actor(role), &a_profile().id, &Precondition::default()).await;
        assert!(matches!(refused, Err(CrmError::Denied(Action::DeleteProfile))), "{role}: {refused:?}");
        assert!(!mocked.committed());
    }
    for role in [Role::Manager, Role::Admin, Role::SuperAdmin] {
        let mut store = store_with(a_profile());
        store.profiles.expect_delete().once().withf(|id| *id == a_profile().id).returning(|_| Ok(true));
        let mocked = store.into_ports();
        let trash = service(&mocked).delete(&an_actor(role), &a_profile().id, &Precondition::default()).await.unwrap();
        assert_eq!((trash.as_str(), mocked.committed()), ("id1", true), "{role}");
    }
}

#[tokio::test]
async fn a_profile_that_vanishes_before_it_is_written_is_not_found() {
    let mut store = store_with(a_profile());
    store.profiles.expect_update().returning(|_, _| Ok(false));
    store.profiles.expect_delete().returning(|_| Ok(false));
    let mocked = store.into_ports();
    let changed = update(&mocked, &an_actor(Role::Admin), to_city("León")).await;
    assert!(matches!(changed, Err(CrmError::NotFound(Resource::Profile))), "{changed:?}");
    let deleted = service(&mocked).delete(&an_actor(Role::Admin), &a_profile().id, &Precondition::default()).await;
    assert!(matches!(deleted, Err(CrmError::NotFound(Resource::Profile))), "{deleted:?}");
    assert!(!mocked.committed());
}

#[tokio::test]
async fn staff_list_what_they_ask_for() {
    let filter = ProfileFilter { city: Some("Mérida".to_owned()), ..ProfileFilter::default() };
    let mut store = MockStore::default();
    let asked = filter.clone();
    store
        .profiles
        .expect_list()
        .once()
        .withf(move |f, page| *f == asked && page.take() == 7)
        .returning(|_, _| Ok(Page::empty()));
    let mocked = store.into_ports();
    let page = service(&mocked).list(&an_actor(Role::Receptionist), &filter, &PageRequest::first(7)).await.unwrap();
    assert_eq!(page, Page::empty());
}

#[tokio::test]
async fn whoever_may_create_profiles_sees_the_people_to_create_them_for() {
    for role in Role::ALL {
        let mut store = MockStore::default();
        let asks =
            |search: &Option<SearchTerms>, page: &PageRequest| *search == SearchTerms::parse("ana") && page.take() == 7;
        store.directory.expect_without_profile().withf(asks).returning(|_, _| Ok(Page::empty()));
        store.directory.expect_host_clients().withf(asks).returning(|_, _| Ok(Page::empty()));
        let mocked = store.into_ports();
        let (service, actor, page) = (service(&mocked), an_actor(role), PageRequest::first(7));
        let users = service.people_without_profile(&actor, SearchTerms::parse("ana"), &page).await;
        let clients = service.host_clients(&actor, SearchTerms::parse("ana"), &page).await;
        if role == Role::Client {
            assert!(matches!(users, Err(CrmError::Denied(Action::CreateProfile))), "{users:?}");
            assert!(matches!(clients, Err(CrmError::Denied(Action::CreateProfile))), "{clients:?}");
        } else {
            assert_eq!((users.unwrap(), clients.unwrap()), (Page::empty(), Page::empty()), "{role}");
        }
    }
}

#[tokio::test]
async fn the_likeliest_duplicates_are_shown_to_staff_and_never_many() {
    use SameContact::{Email, Name, Phone};
    let of = PossibleDuplicate { phone: Some("5512345678".to_owned()), ..PossibleDuplicate::default() };
    let mut store = MockStore::default();
    let asked = of.clone();
    store.profiles.expect_duplicates().withf(move |of| *of == asked).returning(|_| {
        let summary =
            |id: &str| ProfileSummary { profile: ClientProfile { id: id.parse().unwrap(), ..a_profile() }, user: a_user() };
        let found = [
            ("a", vec![Name]),
            ("b", vec![Phone]),
            ("c", vec![Email, Name]),
            ("d", vec![Email]),
            ("e", vec![Phone]),
            ("f", vec![Phone, Email]),
        ];
        Ok(found.into_iter().map(|(id, same)| Duplicate { summary: summary(id), same }).collect())
    });
    let mocked = store.into_ports();
    let found = service(&mocked).possible_duplicates(&an_actor(Role::Receptionist), &of).await.unwrap();
    let ids: Vec<_> = found.iter().map(|duplicate| duplicate.summary.profile.id.as_str()).collect();
    assert_eq!(ids, ["f", "c", "b", "e", "d"]);
    let refused = service(&mocked).possible_duplicates(&the_client(), &of).await;
    assert!(matches!(refused, Err(CrmError::Denied(Action::ListProfiles))), "{refused:?}");
}

#[tokio::test]
async fn a_list_by_name_can_not_go_on_after_a_profile_that_is_gone() {
    let mut store = MockStore::default();
    store.profiles.expect_list().once().returning(|_, _| Err(StoreError::MissingReference));
    let mocked = store.into_ports();
    let (service, desk) = (service(&mocked), an_actor(Role::Receptionist));
    let cursor = Cursor::unranked(time(BEFORE), "p1");
    let after = PageRequest::new(Start::After(cursor), 7).unwrap();
    let by_name = ProfileFilter { order: ProfileOrder::Name, ..ProfileFilter::default() };
    let refused = service.list(&desk, &by_name, &after).await;
    let Err(CrmError::Invalid(violations)) = refused else { panic!("{refused:?}") };
    assert_eq!(violations, Violations::one("cursor", Reason::Expected(Expectation::LostCursor)));
}
