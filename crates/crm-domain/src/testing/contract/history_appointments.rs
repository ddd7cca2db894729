//! Appointments of a person, with their payments.

use super::world::World;
use super::{StoreHarness, pages};
use crate::history::{Appointment, AppointmentStatus, DateRange};
use crate::ids::ClientId;
use crate::money::Money;
use crate::page::{Page, PageRequest, Start};
use crate::testing::fixtures::time;
use crate::testing::rows;

async fn list_in(world: &World<'_>, clients: &[&str], range: DateRange, page: PageRequest) -> Page<Appointment> {
    let clients: Vec<_> = clients.iter().map(|id| ClientId::from_stored(*id)).collect();
    world.t1().history().appointments(&clients, &range, &page).await.unwrap()
}

async fn list(world: &World<'_>, clients: &[&str]) -> Page<Appointment> {
    list_in(world, clients, DateRange::default(), pages::everything()).await
}

fn ids(rows: &[Appointment]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

/// Nine appointments of clients `c1` and `c2`, several at the same time.
async fn nine_appointments(world: &World<'_>) -> [&'static str; 9] {
    world.add([rows::client("c1"), rows::client("c2"), rows::client("c3")]).await;
    let times = [
        ("a1", "c1", "2026-01-02 10:00:00"),
        ("a2", "c2", "2026-01-02 10:00:00.001"),
        ("a3", "c1", "2026-01-02 10:00:00"),
        ("a4", "c2", "2026-01-02 10:00:00"),
        ("a5", "c1", "2025-12-31 23:59:59.999"),
        ("a6", "c1", "2026-03-01 10:00:00"),
        ("a7", "c2", "2026-01-01 00:00:00"),
        ("a8", "c1", "2026-01-31 10:00:00"),
        ("a9", "c1", "2026-01-31 10:00:00"),
    ];
    world.add(times.map(|(id, client, start)| rows::appointment(id, client, start))).await;
    world.add([rows::appointment("another-persons", "c3", "2026-01-02 10:00:00")]).await;
    ["a6", "a9", "a8", "a2", "a4", "a3", "a1", "a7", "a5"]
}

pub async fn appointments_are_listed_newest_first_and_ties_by_id_downwards(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = nine_appointments(&world).await;
    let page = list(&world, &["c1", "c2"]).await;
    assert_eq!((ids(&page.items).as_slice(), page.total, page.next), (&expected[..], 9, None));
    assert_eq!(ids(&list(&world, &["c2"]).await.items), ["a2", "a4", "a7"]);
}

pub async fn pages_of_appointments_never_overlap_and_cover_all(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = nine_appointments(&world).await;
    let list = async |page| list_in(&world, &["c1", "c2"], DateRange::default(), page).await;
    for take in [1, 2, 9] {
        assert_eq!(ids(&pages::by_cursor(take, &list).await), expected, "{take} rows a page, by cursor");
        assert_eq!(ids(&pages::by_offset(take, &list).await), expected, "{take} rows a page, by offset");
    }
}

pub async fn cursor_pages_of_appointments_stand_still_while_new_ones_are_booked(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let expected = nine_appointments(&world).await;
    let clients = ["c1", "c2"];
    let first = list_in(&world, &clients, DateRange::default(), pages::request(Start::Skip(0), 4)).await;
    world.add([rows::appointment("new", "c1", "2026-04-01 10:00:00")]).await;
    world.sql("DELETE FROM appointments WHERE id = 'a2'").await;
    let start = Start::After(first.next.unwrap());
    let second = list_in(&world, &clients, DateRange::default(), pages::request(start, 100)).await;
    assert_eq!((ids(&first.items), ids(&second.items)), (expected[..4].to_vec(), expected[4..].to_vec()));
    assert_eq!((second.total, second.next), (9, None));
}

pub async fn a_range_of_appointments_includes_its_beginning_and_excludes_its_end(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    nine_appointments(&world).await;
    let at = |raw: &str| Some(time(raw));
    let (ten, ten_and_a_bit) = (at("2026-01-02T10:00:00Z"), at("2026-01-02T10:00:00.001Z"));
    let new_year = at("2026-01-01T00:00:00Z");
    let cases = [
        (DateRange { from: ten, until: None }, vec!["a6", "a9", "a8", "a2", "a4", "a3", "a1"]),
        (DateRange { from: ten_and_a_bit, until: None }, vec!["a6", "a9", "a8", "a2"]),
        (DateRange { from: None, until: ten }, vec!["a7", "a5"]),
        (DateRange { from: None, until: ten_and_a_bit }, vec!["a4", "a3", "a1", "a7", "a5"]),
        (DateRange { from: new_year, until: ten_and_a_bit }, vec!["a4", "a3", "a1", "a7"]),
        (DateRange { from: None, until: new_year }, vec!["a5"]),
        (DateRange { from: at("2027-01-01T00:00:00Z"), until: None }, vec![]),
    ];
    for (range, expected) in cases {
        let page = list_in(&world, &["c1", "c2"], range, pages::everything()).await;
        assert_eq!((ids(&page.items), page.total), (expected.clone(), expected.len() as u64), "{range:?}");
        let paged = pages::by_cursor(2, async |page| list_in(&world, &["c1", "c2"], range, page).await).await;
        assert_eq!(ids(&paged), expected, "{range:?} by cursor");
    }
}

pub async fn an_appointment_is_shown_with_service_professional_branch_and_payments(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.sql("UPDATE services SET name = 'Corte y peinado', duration = 45, price = 0.1 WHERE id = 'corte'").await;
    let appointment = rows::appointment("a1", "c1", "2026-01-02 10:00:00")
        .with("endTime", "2026-01-02 10:45:00.500")
        .with("notes", "Llega tarde, ¡siempre!")
        .with("isOnline", true)
        .with("status", "CONFIRMED")
        .with("updatedAt", "2026-01-01 11:00:00");
    let paid = |id, amount, at| rows::payment(id, "c1", Some("a1"), amount).with("createdAt", at);
    world
        .add([
            rows::client("c1"),
            appointment,
            paid("m2", 0.2, "2026-01-03 10:00:00").with("status", "PARTIAL").with("paymentMethod", "TRANSFER"),
            paid("m3", 99.99, "2026-01-02 10:00:00").with("status", "PENDING"),
            paid("m1", 0.1, "2026-01-04 10:00:00"),
            rows::payment("no-appointment", "c1", None, 5.0),
        ])
        .await;

    let page = list(&world, &["c1"]).await;
    let found = &page.items[0];
    assert_eq!((found.client_id.as_str(), found.status.as_str()), ("c1", "CONFIRMED"));
    assert_eq!((found.start_time, found.end_time), (time("2026-01-02T10:00:00Z"), time("2026-01-02T10:45:00.500Z")));
    assert_eq!((found.notes.as_deref(), found.is_online), (Some("Llega tarde, ¡siempre!"), true));
    assert_eq!((found.created_at, found.updated_at), (time("2026-01-01T10:00:00Z"), time("2026-01-01T11:00:00Z")));
    let service = &found.service;
    assert_eq!((service.id.as_str(), service.name.as_str()), ("corte", "Corte y peinado"));
    assert_eq!((service.duration, service.price), (45, Money::from_stored(0.1)));
    let staff = &found.staff;
    assert_eq!((staff.id.as_str(), staff.first_name.as_str(), staff.last_name.as_str()), ("staff", "Sin", "Nombre"));
    assert_eq!((found.branch.id.as_str(), found.branch.name.as_str()), ("b1", "Centro"));

    let payments: Vec<_> = found
        .payments
        .iter()
        .map(|p| (p.id.as_str(), p.amount, p.payment_method.as_str(), p.status.as_str(), p.created_at))
        .collect();
    let money = Money::from_stored;
    let expected = [
        ("m3", money(99.99), "CASH", "PENDING", time("2026-01-02T10:00:00Z")),
        ("m2", money(0.2), "TRANSFER", "PARTIAL", time("2026-01-03T10:00:00Z")),
        ("m1", money(0.1), "CASH", "PAID", time("2026-01-04T10:00:00Z")),
    ];
    assert_eq!(payments, expected, "oldest first");
}

pub async fn appointments_of_every_status_are_listed(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::client("c1")]).await;
    for status in AppointmentStatus::ALL {
        let row = rows::appointment(status.as_str(), "c1", "2026-01-02 10:00:00").with("status", status.as_str());
        world.add([row]).await;
    }
    let page = list(&world, &["c1"]).await;
    assert_eq!(ids(&page.items), ["PENDING", "NO_SHOW", "CONFIRMED", "COMPLETED", "CANCELLED"]);
    assert!(page.items.iter().all(|row| row.status == row.id.as_str()));
}

pub async fn appointments_and_payments_of_another_tenant_are_never_listed(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let theirs = rows::appointment("theirs", "c1", "2026-01-02 10:00:00").with("tenantId", "t2");
    world
        .add([
            rows::client("c1"),
            rows::client("c2").with("tenantId", "t2"),
            theirs.with("branchId", "b2").with("serviceId", "corte2").with("userId", "staff2"),
            rows::appointment("their-clients", "c2", "2026-01-02 10:00:00").with("tenantId", "t2"),
            rows::appointment("ours", "c1", "2026-01-02 10:00:00"),
            rows::payment("ours", "c1", Some("ours"), 1.0),
            rows::payment("theirs", "c1", Some("ours"), 2.0).with("tenantId", "t2"),
        ])
        .await;
    let page = list(&world, &["c1", "c2"]).await;
    assert_eq!((ids(&page.items), page.total), (vec!["ours"], 1));
    assert_eq!(page.items[0].payments.len(), 1);
    assert_eq!(page.items[0].payments[0].id.as_str(), "ours");
}

pub async fn nobody_has_no_appointments(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    nine_appointments(&world).await;
    assert_eq!(list(&world, &[]).await, Page::empty());
    assert_eq!(list(&world, &["missing"]).await, Page::empty());
}
