//! Rules of the lists of preferred services and staff, without a database.

use crm_domain::access::Role;
use crm_domain::error::CrmError;
use crm_domain::ids::{ServiceId, UserId};
use crm_domain::preferences::{ClientPreferences, PreferencesEcho, PreferencesUpdate};
use crm_domain::testing::fixtures::{NOW, an_actor, some_preferences, time};
use crm_domain::validation::Reason;

use super::{lists, new, service, store_with, update};

/// What is wrong, field by field.
fn mistakes(result: Result<ClientPreferences, CrmError>) -> Vec<(String, Reason)> {
    match result {
        Err(CrmError::Invalid(violations)) => violations.iter().map(|v| (v.field.clone(), v.reason.clone())).collect(),
        other => panic!("must be invalid: {other:?}"),
    }
}

fn both(services: Reason, staff: Reason) -> Vec<(String, Reason)> {
    vec![("preferredServices".to_owned(), services), ("preferredStaff".to_owned(), staff)]
}

fn unknown(ids: &[&str]) -> Reason {
    Reason::UnknownIds(ids.iter().map(|id| (*id).to_owned()).collect())
}

#[tokio::test]
async fn lists_hold_at_most_a_hundred_ids_without_repeats() {
    let mut store = store_with(some_preferences());
    store.preferences.expect_update().once().returning(|_, _| Ok(true));
    let mocked = store.into_ports();
    let ids: Vec<String> = (0..=100).map(|n| format!("s{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let admin = an_actor(Role::Admin);
    let too_many = mistakes(update(&mocked, &admin, lists(&ids, &["u1", "u2", "u1"])).await);
    assert_eq!(too_many, both(Reason::TooMany { max: 100 }, Reason::Repeated));
    assert!(!mocked.committed());
    assert_eq!(update(&mocked, &admin, lists(&ids[..100], &[])).await.unwrap().services.len(), 100);
}

#[tokio::test]
async fn unknown_ids_are_named_in_both_lists_at_once_also_when_setting_for_the_first_time() {
    let mocked = store_with(some_preferences()).into_ports();
    let details = lists(&["s1", "x1", "x2"], &["y1", "u1"]);
    let expected = both(unknown(&["x1", "x2"]), unknown(&["y1"]));
    let refused = service(&mocked).create(&an_actor(Role::Admin), new(details.clone())).await;
    assert_eq!(mistakes(refused), expected);
    assert_eq!(mistakes(update(&mocked, &an_actor(Role::Admin), details).await), expected);
    assert!(!mocked.committed());
}

#[tokio::test]
async fn ids_stored_earlier_may_stay_although_they_vanished() {
    let gone = |ids: [&'static str; 2]| ids.map(ServiceId::from_stored).to_vec();
    let stored =
        ClientPreferences { services: gone(["x1", "x2"]), staff: vec![UserId::from_stored("y1")], ..some_preferences() };
    let mut store = store_with(stored);
    store.preferences.expect_update().once().returning(|_, _| Ok(true));
    let mocked = store.into_ports();
    let changed = update(&mocked, &an_actor(Role::Admin), lists(&["s1", "x2"], &["u1", "y1"])).await.unwrap();
    assert_eq!(changed.services, gone(["s1", "x2"]));
    let refused = mistakes(update(&mocked, &an_actor(Role::Admin), lists(&["x1", "x3"], &["y1", "y2"])).await);
    assert_eq!(refused, both(unknown(&["x3"]), unknown(&["y2"])));
}

#[tokio::test]
async fn every_mistake_is_reported_at_once() {
    let mocked = store_with(some_preferences()).into_ports();
    let echo = PreferencesEcho {
        id: Some("f2".to_owned()),
        client_profile_id: Some("p2".to_owned()),
        created_at: Some(time(NOW)),
        updated_at: Some(time(NOW)),
    };
    let update = PreferencesUpdate { patch: lists(&["x1"], &["u1", "u1"]), echo, ..PreferencesUpdate::default() };
    let refused = service(&mocked).update(&an_actor(Role::Admin), &some_preferences().id, update).await;
    let fields: Vec<_> = mistakes(refused.map(|updated| updated.item)).into_iter().map(|(field, _)| field).collect();
    let expected = ["id", "clientProfileId", "createdAt", "updatedAt", "preferredServices", "preferredStaff"];
    assert_eq!(fields, expected);
    assert!(!mocked.committed());
}
