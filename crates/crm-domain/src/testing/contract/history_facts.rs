//! Counts and sums over the appointments of a person.

use super::world::{World, admin};
use super::{StoreHarness, pages};
use crate::history::{DateBound, DateRange, HistoryFacts, HistoryPeriod, ServiceUse};
use crate::ids::ClientId;
use crate::money::Money;
use crate::testing::fixtures::{NOW, time};
use crate::testing::rows::{self, Row};

async fn facts_in(world: &World<'_>, clients: &[&str], range: DateRange) -> HistoryFacts {
    let clients: Vec<_> = clients.iter().map(|id| ClientId::from_stored(*id)).collect();
    world.t1().history().facts(&clients, &range, time(NOW)).await.unwrap()
}

async fn facts(world: &World<'_>) -> HistoryFacts {
    facts_in(world, &["c1"], DateRange::default()).await
}

fn visit(id: &str, status: &str, start: &str) -> Row {
    rows::appointment(id, "c1", start).with("status", status)
}

fn total_paid(facts: &HistoryFacts) -> Money {
    facts.paid.iter().map(|(amount, count)| amount.times(*count)).sum()
}

/// Two weeks around [`NOW`], the first of February 2026 at noon.
async fn a_busy_client(world: &World<'_>) {
    world
        .add([
            rows::client("c1"),
            visit("a1", "COMPLETED", "2026-01-25 10:00:00"),
            visit("a2", "COMPLETED", "2026-01-20 10:00:00.001"),
            visit("a3", "COMPLETED", "2026-01-30 10:00:00"),
            visit("a4", "CANCELLED", "2026-01-10 10:00:00"),
            visit("a5", "CANCELLED", "2026-02-10 10:00:00"),
            visit("a6", "NO_SHOW", "2026-01-31 10:00:00"),
            visit("a7", "PENDING", "2026-02-01 12:00:00.001"),
            visit("a8", "CONFIRMED", "2026-02-05 10:00:00"),
            visit("a9", "PENDING", "2026-01-05 10:00:00"),
            visit("b1", "CONFIRMED", "2026-02-01 11:59:59.999"),
        ])
        .await;
}

pub async fn appointments_are_counted_by_status_and_upcoming_ones_lie_ahead(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    a_busy_client(&world).await;
    let facts = facts(&world).await;
    assert_eq!((facts.completed, facts.cancelled, facts.no_show, facts.upcoming), (3, 2, 1, 2));
    assert_eq!(facts.first_visit, Some(time("2026-01-20T10:00:00.001Z")));
    assert_eq!(facts.last_visit, Some(time("2026-01-30T10:00:00Z")));
    assert_eq!(facts.next_visit, Some(time("2026-02-01T12:00:00.001Z")));
}

pub async fn a_range_limits_every_count(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    a_busy_client(&world).await;
    let range = DateRange { from: Some(time("2026-01-25T10:00:00Z")), until: Some(time("2026-02-05T10:00:00Z")) };
    let facts = facts_in(&world, &["c1"], range).await;
    assert_eq!((facts.completed, facts.cancelled, facts.no_show, facts.upcoming), (2, 0, 1, 1));
    assert_eq!(facts.first_visit, Some(time("2026-01-25T10:00:00Z")), "the beginning is included");
    assert_eq!(facts.next_visit, Some(time("2026-02-01T12:00:00.001Z")), "the end is excluded");
    assert_eq!(facts.services.iter().map(|service| service.count).sum::<u64>(), 2);
}

pub async fn services_count_completed_appointments_only(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    a_busy_client(&world).await;
    world
        .add([
            rows::service("tinte", "t1").with("name", "Tinte").with("price", 0.1),
            rows::client("c2"),
            visit("t1", "COMPLETED", "2026-01-01 10:00:00").with("serviceId", "tinte"),
            visit("t2", "COMPLETED", "2026-01-02 10:00:00").with("serviceId", "tinte").with("clientId", "c2"),
            visit("t3", "NO_SHOW", "2026-01-03 10:00:00").with("serviceId", "tinte"),
        ])
        .await;
    let mut services = facts_in(&world, &["c1", "c2"], DateRange::default()).await.services;
    services.sort_by(|a, b| a.service_id.cmp(&b.service_id));
    let service = |id: &str, name: &str, price, count, last_visit| ServiceUse {
        service_id: id.parse().unwrap(),
        service_name: name.to_owned(),
        price: Money::from_stored(price),
        count,
        last_visit: time(last_visit),
    };
    let expected = [
        service("corte", "corte", 350.5, 3, "2026-01-30T10:00:00Z"),
        service("tinte", "Tinte", 0.1, 2, "2026-01-02T10:00:00Z"),
    ];
    assert_eq!(services, expected);
}

pub async fn appointments_of_several_services_count_together(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    a_busy_client(&world).await;
    let dyed = |id: &str, status, start| visit(id, status, start).with("serviceId", "tinte");
    world
        .add([
            rows::service("tinte", "t1"),
            dyed("t1", "COMPLETED", "2026-01-01 10:00:00"),
            dyed("t2", "COMPLETED", "2026-01-31 10:00:00"),
            dyed("t3", "CANCELLED", "2026-01-02 10:00:00"),
            dyed("t4", "NO_SHOW", "2026-01-03 10:00:00"),
            dyed("t5", "PENDING", "2026-02-01 12:00:00.002"),
        ])
        .await;
    let facts = facts(&world).await;
    assert_eq!((facts.completed, facts.cancelled, facts.no_show, facts.upcoming), (5, 3, 2, 3));
    assert_eq!(facts.total, 15);
    assert_eq!(facts.first_visit, Some(time("2026-01-01T10:00:00Z")));
    assert_eq!(facts.last_visit, Some(time("2026-01-31T10:00:00Z")));
    assert_eq!(facts.next_visit, Some(time("2026-02-01T12:00:00.001Z")));
}

pub async fn what_was_paid_is_summed_without_drift_from_paid_and_partial_payments(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    a_busy_client(&world).await;
    let paid = |id: &str, appointment, amount| rows::payment(id, "c1", Some(appointment), amount);
    world
        .add([
            paid("m1", "a1", 0.1),
            paid("m2", "a2", 0.2).with("status", "PARTIAL"),
            paid("m3", "a2", 0.2).with("paymentMethod", "TRANSFER"),
            paid("m4", "a1", 1000.0).with("status", "PENDING"),
            paid("m5", "a5", 50.25),
            rows::payment("m6", "c1", None, 10_000.0),
        ])
        .await;
    world.add((0..10).map(|n| paid(&format!("tenth{n}"), "a3", 0.1))).await;

    let facts = facts(&world).await;
    // A deposit on a cancelled appointment was paid all the same.
    assert_eq!(total_paid(&facts), Money::from_stored(51.75));
    assert_eq!(facts.paid.iter().map(|(_, count)| count).sum::<u64>(), 14);
    assert_eq!(facts.completed, 3, "payments do not multiply appointments");

    let range = DateRange { from: Some(time("2026-01-20T00:00:00Z")), until: Some(time("2026-01-26T00:00:00Z")) };
    let some = facts_in(&world, &["c1"], range).await;
    assert_eq!(total_paid(&some), Money::from_stored(0.5), "the range reaches payments through their appointment");
}

pub async fn spending_is_what_was_paid_in_each_range_in_the_given_order(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let paid = |id: &str, appointment, amount| rows::payment(id, "c1", Some(appointment), amount);
    world
        .add([
            rows::client("c1"),
            rows::client("c2"),
            visit("a1", "COMPLETED", "2025-12-31 23:59:59.999"),
            visit("a2", "COMPLETED", "2026-01-01 00:00:00"),
            visit("a3", "CANCELLED", "2026-01-31 23:59:59.999"),
            visit("a4", "COMPLETED", "2026-01-15 10:00:00").with("clientId", "c2"),
            visit("theirs", "COMPLETED", "2026-01-15 10:00:00").with("tenantId", "t2"),
            paid("m1", "a1", 1.0),
            paid("m2", "a2", 0.1),
            paid("m3", "a2", 0.2).with("status", "PARTIAL"),
            paid("m4", "a2", 1000.0).with("status", "PENDING"),
            paid("m5", "a3", 50.25).with("createdAt", "2026-03-01 10:00:00"),
            paid("m6", "a4", 7.0),
            paid("m7", "theirs", 500.0),
            paid("m8", "a2", 500.0).with("tenantId", "t2"),
        ])
        .await;
    let range = |from, until| DateRange { from: Some(time(from)), until: Some(time(until)) };
    let ranges = [
        range("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        range("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        range("2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        DateRange::default(),
    ];
    let spent = async |clients: &[&str]| {
        let clients: Vec<_> = clients.iter().map(|id| ClientId::from_stored(*id)).collect();
        world.t1().history().spending(&clients, &ranges).await.unwrap()
    };
    assert_eq!(spent(&["c1"]).await, [50.55, 0.0, 1.0, 51.55].map(Money::from_stored));
    assert_eq!(spent(&["c1", "c2"]).await, [57.55, 0.0, 1.0, 58.55].map(Money::from_stored));
    assert_eq!(spent(&["missing"]).await, [Money::ZERO; 4]);
}

pub async fn appointments_and_payments_of_another_tenant_are_never_counted(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let theirs = visit("theirs", "COMPLETED", "2026-01-02 10:00:00").with("tenantId", "t2").with("branchId", "b2");
    world
        .add([
            rows::client("c1"),
            theirs.with("serviceId", "corte2").with("userId", "staff2"),
            visit("ours", "COMPLETED", "2026-01-03 10:00:00"),
            rows::payment("m1", "c1", Some("theirs"), 1.0).with("tenantId", "t2"),
            rows::payment("m2", "c1", Some("ours"), 2.0),
            rows::payment("m3", "c1", Some("ours"), 4.0).with("tenantId", "t2"),
        ])
        .await;
    let facts = facts(&world).await;
    assert_eq!((facts.completed, facts.first_visit), (1, Some(time("2026-01-03T10:00:00Z"))));
    assert_eq!(facts.services.len(), 1);
    assert_eq!(total_paid(&facts), Money::from_stored(2.0));
}

pub async fn nobody_has_an_empty_history(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    a_busy_client(&world).await;
    assert_eq!(facts_in(&world, &[], DateRange::default()).await, HistoryFacts::default());
    assert_eq!(facts_in(&world, &["missing"], DateRange::default()).await, HistoryFacts::default());
    let later = DateRange { from: Some(time("2027-01-01T00:00:00Z")), until: None };
    assert_eq!(facts_in(&world, &["c1"], later).await, HistoryFacts::default());
}

pub async fn a_history_is_found_through_the_profiles_user_in_the_tenants_zone(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.sql("UPDATE tenants SET timezone = 'America/Tijuana' WHERE id = 't1'").await;
    world
        .add([
            rows::client("c1").with("email", "U1@ejemplo.mx"),
            visit("evening", "COMPLETED", "2026-01-16 07:59:59.999"),
            visit("next-day", "COMPLETED", "2026-01-16 08:00:00"),
            rows::payment("m1", "c1", Some("evening"), 99.99),
        ])
        .await;
    let day = DateBound::parse("2026-01-15").ok();
    let period = HistoryPeriod { start: day, end: day };
    let (service, admin, page) = (world.history(), admin(), pages::everything());
    let history = service.complete(&admin, &"p1".parse().unwrap(), period, &page).await.unwrap();
    assert_eq!((history.appointments.total, history.appointments.items[0].id.as_str()), (1, "evening"));
    assert_eq!((history.statistics.completed, history.statistics.total_paid), (1, Money::from_stored(99.99)));
    assert_eq!(history.services[0].total_spent, Money::from_stored(350.5));

    // The widest period that can be asked for: its end lies in the year 10000.
    let ever = HistoryPeriod { start: DateBound::parse("0001-01-01").ok(), end: DateBound::parse("9999-12-31").ok() };
    let history = service.complete(&admin, &"p1".parse().unwrap(), ever, &page).await.unwrap();
    assert_eq!((history.appointments.total, history.statistics.completed), (2, 2));

    let empty = service.complete(&admin, &"p2".parse().unwrap(), HistoryPeriod::default(), &page).await.unwrap();
    assert_eq!((empty.appointments.total, empty.appointments.items.len(), empty.services.len()), (0, 0, 0));
    assert_eq!(empty.statistics, crate::history::Statistics::default());
}
