//! Rules of the history, without a database.

use chrono_tz::Tz;
use crm_domain::access::Role;
use crm_domain::directory::{Tenant, User};
use crm_domain::error::{CrmError, Resource};
use crm_domain::history::{DateBound, HistoryFacts, HistoryPeriod, HistoryService, ServiceUse, Statistics};
use crm_domain::ids::ClientId;
use crm_domain::money::Money;
use crm_domain::page::{Page, PageRequest};
use crm_domain::testing::fixtures::{NOW, a_profile, a_tenant, a_user, actor_named, an_actor, time};
use crm_domain::testing::{MockStore, MockedPorts};
use crm_domain::validation::{Expectation, Reason, Violations};

fn service(mocked: &MockedPorts) -> HistoryService {
    HistoryService::new(mocked.ports.clone())
}

/// A store that holds profile `p1` of this user, in a tenant of this time zone.
fn store(user: User, zone: Tz) -> MockStore {
    let mut store = MockStore::default();
    store.profiles.expect_find().returning(|id| Ok((*id == a_profile().id).then(a_profile)));
    store.directory.expect_find_user().returning(move |_| Ok(Some(user.clone())));
    store.directory.expect_tenant().returning(move || Ok(Tenant { time_zone: zone, ..a_tenant() }));
    store
}

fn period(start: &str, end: &str) -> HistoryPeriod {
    HistoryPeriod { start: DateBound::parse(start).ok(), end: DateBound::parse(end).ok() }
}

#[tokio::test]
async fn somebody_without_email_and_phone_has_no_history_and_the_store_is_not_asked() {
    for phone in [None, Some(""), Some(" - ")] {
        let nobody = User { email: "  ".to_owned(), phone: phone.map(str::to_owned), ..a_user() };
        // No expectation on the history: a query would stop the test.
        let mocked = store(nobody, Tz::UTC).into_ports();
        let page = PageRequest::default();
        let history =
            service(&mocked).complete(&an_actor(Role::Admin), &a_profile().id, HistoryPeriod::default(), &page).await;
        let history = history.unwrap();
        assert_eq!((history.appointments, history.services), (Page::empty(), vec![]), "{phone:?}");
        assert_eq!(history.statistics, Statistics::default());
    }
}

#[tokio::test]
async fn somebody_whom_no_client_record_matches_has_an_empty_history() {
    let mut store = store(a_user(), Tz::UTC);
    store.history.expect_client_records().times(3).returning(|_, _| Ok(vec![]));
    let mocked = store.into_ports();
    let (service, admin, id, page) = (service(&mocked), an_actor(Role::Admin), a_profile().id, PageRequest::default());
    let all = HistoryPeriod::default();
    assert_eq!(service.appointments(&admin, &id, all, &page).await.unwrap(), Page::empty());
    assert_eq!(service.services(&admin, &id, all).await.unwrap(), (Statistics::default(), vec![]));
    assert_eq!(service.complete(&admin, &id, all, &page).await.unwrap().statistics, Statistics::default());
}

#[tokio::test]
async fn records_are_looked_for_by_the_normalised_email_and_phone_that_the_user_has() {
    for (email, phone, expected) in [
        (" Ana@Ejemplo.MX", Some("+52 1 55 1234 5678"), (Some("ana@ejemplo.mx"), Some("5512345678"))),
        ("ana@ejemplo.mx", Some(" "), (Some("ana@ejemplo.mx"), None)),
        ("ana@ejemplo.mx", None, (Some("ana@ejemplo.mx"), None)),
        ("", Some("55 1234 5678"), (None, Some("5512345678"))),
    ] {
        let user = User { email: email.to_owned(), phone: phone.map(str::to_owned), ..a_user() };
        let mut store = store(user, Tz::UTC);
        store.history.expect_client_records().once().returning(move |email, phone| {
            assert_eq!((email.as_deref(), phone.as_deref()), expected);
            Ok(vec![])
        });
        let mocked = store.into_ports();
        service(&mocked).services(&an_actor(Role::Admin), &a_profile().id, HistoryPeriod::default()).await.unwrap();
    }
}

#[tokio::test]
async fn the_period_is_one_of_the_tenants_days_and_applies_to_everything() {
    for (zone, from, until) in [
        (Tz::America__Mexico_City, "2026-01-01T06:00:00Z", "2026-02-01T06:00:00Z"),
        (Tz::America__Tijuana, "2026-01-01T08:00:00Z", "2026-02-01T08:00:00Z"),
        (Tz::UTC, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
    ] {
        let mut store = store(a_user(), zone);
        let client = || vec![ClientId::from_stored("c1")];
        store.history.expect_client_records().returning(move |_, _| Ok(client()));
        let is_asked = move |clients: &[ClientId], range: &crm_domain::history::DateRange| {
            clients == client() && (range.from, range.until) == (Some(time(from)), Some(time(until)))
        };
        store
            .history
            .expect_appointments()
            .once()
            .withf(move |c, range, page| is_asked(c, range) && page.take() == 7)
            .returning(|_, _, _| Ok(Page { items: vec![], total: 0, total_is_exact: false, next: None }));
        let is_asked_now = move |c: &[ClientId], range: &_, now: &_| is_asked(c, range) && *now == time(NOW);
        store.history.expect_facts().once().withf(is_asked_now).returning(|_, _, _| {
            Ok(HistoryFacts {
                total: 9,
                completed: 2,
                no_show: 1,
                services: vec![ServiceUse {
                    service_id: "s1".parse().unwrap(),
                    service_name: "Corte".to_owned(),
                    price: Money::from_stored(0.1),
                    count: 2,
                    last_visit: time(NOW),
                }],
                paid: vec![(Money::from_stored(0.1), 1), (Money::from_stored(0.2), 1)],
                ..HistoryFacts::default()
            })
        });
        let mocked = store.into_ports();
        let (january, page) = (period("2026-01-01", "2026-01-31"), PageRequest::first(7));
        let history = service(&mocked).complete(&an_actor(Role::Admin), &a_profile().id, january, &page).await.unwrap();
        assert_eq!(history.appointments.total, 9);
        let statistics = history.statistics;
        assert_eq!((statistics.total_spent, statistics.total_paid), (Money::from_stored(0.2), Money::from_stored(0.3)));
        assert_eq!(
            (statistics.average_ticket, statistics.no_show_rate.to_string()),
            (Money::from_stored(0.15), "0.3333".into())
        );
        assert_eq!((history.services[0].count, history.services[0].total_spent), (2, Money::from_stored(0.2)));
    }
}

#[tokio::test]
async fn a_period_that_ends_before_it_begins_is_invalid() {
    let mocked = store(a_user(), Tz::UTC).into_ports();
    let backwards = period("2026-02-01", "2026-01-31");
    let refused = service(&mocked).services(&an_actor(Role::Admin), &a_profile().id, backwards).await;
    let Err(CrmError::Invalid(violations)) = refused else { panic!("{refused:?}") };
    assert_eq!(violations, Violations::one("endDate", Reason::Expected(Expectation::NotBeforeStart)));
}

#[tokio::test]
async fn a_client_sees_their_own_history_and_nobody_elses() {
    let mut store = store(a_user(), Tz::UTC);
    store.history.expect_client_records().once().returning(|_, _| Ok(vec![]));
    let mocked = store.into_ports();
    let (service, id, all) = (service(&mocked), a_profile().id, HistoryPeriod::default());
    service.services(&actor_named("client", Role::Client), &id, all).await.unwrap();

    let stranger = actor_named("stranger", Role::Client);
    let page = PageRequest::default();
    for refused in [
        service.services(&stranger, &id, all).await.map(drop),
        service.appointments(&stranger, &id, all, &page).await.map(drop),
        service.complete(&stranger, &id, all, &page).await.map(drop),
        service.services(&an_actor(Role::Admin), &"missing".parse().unwrap(), all).await.map(drop),
    ] {
        assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    }
}
