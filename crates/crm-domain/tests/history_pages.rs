//! What pages show and hand out beside the history, without a database.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use chrono_tz::Tz;
use crm_domain::access::Role;
use crm_domain::audit::AuditAction;
use crm_domain::directory::Tenant;
use crm_domain::error::{CrmError, Resource, StoreError};
use crm_domain::history::{
    Appointment, BranchRef, DateBound, HistoryPeriod, HistoryService, MAX_EXPORTED, MAX_MONTHS, ServiceRef, StaffRef,
};
use crm_domain::ids::ClientId;
use crm_domain::money::Money;
use crm_domain::page::{Cursor, Page, Start};
use crm_domain::testing::fixtures::{BEFORE, NOW, a_profile, a_tenant, a_user, actor_named, an_actor, time};
use crm_domain::testing::{MockStore, MockedPorts};

fn service(mocked: &MockedPorts) -> HistoryService {
    HistoryService::new(mocked.ports.clone())
}

/// A store with profile `p1`, whose user has these client records, in Mexico City.
fn store(clients: &[&str]) -> MockStore {
    let clients: Vec<_> = clients.iter().map(|id| ClientId::from_stored(*id)).collect();
    let mut store = MockStore::default();
    store.profiles.expect_find().returning(|id| Ok((*id == a_profile().id).then(a_profile)));
    store.directory.expect_find_user().returning(|_| Ok(Some(a_user())));
    store.directory.expect_tenant().returning(|| Ok(Tenant { time_zone: Tz::America__Mexico_City, ..a_tenant() }));
    store.history.expect_client_records().returning(move |_, _| Ok(clients.clone()));
    store
}

fn an_appointment(id: usize) -> Appointment {
    let (name, text) = (|| "Corte".to_owned(), |raw: &str| raw.to_owned());
    Appointment {
        id: id.to_string().parse().unwrap(),
        client_id: "c1".parse().unwrap(),
        start_time: time(BEFORE),
        end_time: time(BEFORE),
        status: text("COMPLETED"),
        notes: None,
        is_online: false,
        created_at: time(BEFORE),
        updated_at: time(BEFORE),
        service: ServiceRef { id: "s1".parse().unwrap(), name: name(), duration: 30, price: Money::ZERO },
        staff: StaffRef { id: "staff".parse().unwrap(), first_name: text("Eva"), last_name: text("Ruiz") },
        branch: BranchRef { id: "b1".parse().unwrap(), name: text("Centro") },
        payments: Vec::new(),
    }
}

#[tokio::test]
async fn spending_goes_by_the_latest_months_of_the_tenants_calendar_with_zeros() {
    let mut store = store(&["c1"]);
    store.history.expect_spending().once().returning(|clients, ranges| {
        assert_eq!(clients, [ClientId::from_stored("c1")]);
        let ends: Vec<_> = ranges.iter().map(|range| (range.from.unwrap(), range.until.unwrap())).collect();
        assert_eq!(
            ends,
            [
                (time("2025-12-01T06:00:00Z"), time("2026-01-01T06:00:00Z")),
                (time("2026-01-01T06:00:00Z"), time("2026-02-01T06:00:00Z")),
                (time("2026-02-01T06:00:00Z"), time("2026-03-01T06:00:00Z")),
            ]
        );
        Ok(vec![Money::from_stored(1.5), Money::ZERO, Money::from_stored(2.0)])
    });
    let mocked = store.into_ports();
    let spent = service(&mocked).spending(&an_actor(Role::Receptionist), &a_profile().id, 3).await.unwrap();
    let spent: Vec<_> = spent.iter().map(|month| (month.year, month.month, month.paid.to_cents())).collect();
    assert_eq!(spent, [(2025, 12, 1.5), (2026, 1, 0.0), (2026, 2, 2.0)]);
}

#[tokio::test]
async fn somebody_without_client_records_spent_nothing_and_the_store_is_not_asked() {
    let mocked = store(&[]).into_ports();
    for (asked, shown) in [(0, 1), (12, 12), (u32::MAX, MAX_MONTHS)] {
        let spent = service(&mocked).spending(&an_actor(Role::Admin), &a_profile().id, asked).await.unwrap();
        assert_eq!(spent.len(), shown as usize);
        assert!(spent.iter().all(|month| month.paid == Money::ZERO));
        let last = spent.last().unwrap();
        assert_eq!((last.year, last.month), (2026, 2));
    }
}

#[tokio::test]
async fn an_export_has_every_page_and_is_accounted_for() {
    let mut store = store(&["c1"]);
    let cursor = || Cursor::unranked(time(BEFORE), "200");
    store.history.expect_appointments().times(2).returning(move |_, range, page| {
        assert_eq!((range.from, range.until), (Some(time("2026-01-01T06:00:00Z")), None));
        let (items, next) = match page.start() {
            Start::Skip(0) => ((0..200).map(an_appointment).collect(), Some(cursor())),
            Start::After(after) if *after == cursor() => (vec![an_appointment(200)], None),
            other => panic!("{other:?}"),
        };
        Ok(Page { items, total: 201, total_is_exact: true, next })
    });
    let mocked = store.into_ports();
    let period = HistoryPeriod { start: DateBound::parse("2026-01-01").ok(), end: None };
    let exported = service(&mocked).export(&an_actor(Role::Receptionist), &a_profile().id, period).await.unwrap();
    assert_eq!((exported.len(), exported[200].id.as_str()), (201, "200"));
    let entries = mocked.entries();
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!((entry.action, entry.at, entry.subject.resource), (AuditAction::Exported, time(NOW), Resource::Profile));
    assert_eq!((entry.subject.profile.as_ref(), entry.by.role), (Some(&a_profile().id), Some(Role::Receptionist)));
}

#[tokio::test]
async fn an_export_ends_at_its_limit() {
    let mut store = store(&["c1"]);
    store.history.expect_appointments().times(MAX_EXPORTED / 200).returning(|_, _, _| {
        let next = Some(Cursor::unranked(time(BEFORE), "x"));
        Ok(Page { items: (0..200).map(an_appointment).collect(), total: 1_000_000, total_is_exact: true, next })
    });
    let mocked = store.into_ports();
    let all = HistoryPeriod::default();
    let exported = service(&mocked).export(&an_actor(Role::Admin), &a_profile().id, all).await.unwrap();
    assert_eq!(exported.len(), MAX_EXPORTED);
}

#[tokio::test]
async fn nothing_is_exported_that_could_not_be_read_or_shown() {
    let mut failing = store(&["c1"]);
    failing.history.expect_appointments().returning(|_, _, _| Err(StoreError::Unavailable("down".into())));
    let mocked = failing.into_ports();
    let (all, id) = (HistoryPeriod::default(), a_profile().id);
    let failed = service(&mocked).export(&an_actor(Role::Admin), &id, all).await;
    assert!(matches!(failed, Err(CrmError::Unavailable(_))), "{failed:?}");

    let stranger = actor_named("stranger", Role::Client);
    let refused = service(&mocked).export(&stranger, &id, all).await.map(drop);
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    let refused = service(&mocked).spending(&stranger, &id, 12).await.map(drop);
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Profile))), "{refused:?}");
    assert!(!mocked.committed());
}
