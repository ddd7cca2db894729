//! Which of the host's client records are a person's.

use std::collections::BTreeSet;

use super::samples::PLACEHOLDERS;
use super::world::{World, admin};
use super::{StoreHarness, pages};
use crate::history::HistoryPeriod;
use crate::testing::rows;
use crate::value::{email_key, phone_key};

async fn records(world: &World<'_>, email: Option<&str>, phone: Option<&str>) -> Vec<String> {
    let (email, phone) = (email.and_then(email_key), phone.and_then(phone_key));
    let found = world.t1().history().client_records(email, phone).await.unwrap();
    let mut ids: Vec<_> = found.iter().map(ToString::to_string).collect();
    ids.sort();
    ids
}

pub async fn the_client_record_of_a_portal_account_is_found_by_the_accounts_email(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::client("linked").with("email", "otra@direccion.mx"),
            rows::portal_account("a1", "Ana@Ejemplo.mx").with("clientId", "linked"),
            rows::portal_account("a2", "eva@ejemplo.mx"),
        ])
        .await;
    assert_eq!(records(&world, Some("ana@EJEMPLO.mx"), None).await, ["linked"]);
    assert_eq!(records(&world, Some("eva@ejemplo.mx"), None).await, [""; 0], "an account without a record");
    assert_eq!(records(&world, Some("na@ejemplo.mx"), None).await, [""; 0], "a part is not equal");
    assert_eq!(records(&world, Some("%@ejemplo.mx"), None).await, [""; 0]);
}

pub async fn client_records_are_found_by_phone_and_email_without_duplicates(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::client("both").with("phone", "+52 1 55 1234 5678").with("email", "ANA@ejemplo.mx"),
            rows::client("by-phone").with("phone", "(55) 1234-5678").with("email", "eva@ejemplo.mx"),
            rows::client("by-email").with("phone", "55 9999 0000").with("email", " ana@Ejemplo.MX "),
            rows::client("neither").with("phone", "155 1234 5678").with("email", "a.ana@ejemplo.mx"),
            rows::portal_account("a1", "ana@ejemplo.mx").with("clientId", "both"),
        ])
        .await;
    assert_eq!(records(&world, Some("Ana@ejemplo.mx"), Some("5512345678")).await, ["both", "by-email", "by-phone"]);
    assert_eq!(records(&world, None, Some("044 55 1234 5678")).await, ["both", "by-phone"]);
    assert_eq!(records(&world, Some("ana@ejemplo.mx"), None).await, ["both", "by-email"]);
}

pub async fn an_empty_phone_or_email_finds_no_client_record(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::client("empty").with("phone", "").with("email", ""),
            rows::client("blank").with("phone", " - ").with("email", " "),
            rows::client("none").with("phone", "-"),
            rows::client("ana").with("phone", "5512345678").with("email", "ana@ejemplo.mx"),
            rows::portal_account("a1", "").with("clientId", "empty").with("phone", ""),
        ])
        .await;
    assert_eq!(records(&world, Some("ana@ejemplo.mx"), None).await, ["ana"]);
    assert_eq!(records(&world, None, Some("5512345678")).await, ["ana"]);
    assert_eq!(records(&world, None, None).await, [""; 0]);
}

/// People type these where a form insists on a phone; they would make one person of all who have none.
pub async fn a_phone_that_is_no_number_opens_no_history(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.add([rows::client("c1"), rows::appointment("a1", "c1", "2026-01-02 10:00:00")]).await;
    for (phone, visits) in PLACEHOLDERS.map(|phone| (phone, 0)).into_iter().chain([("55 1234 5678", 1)]) {
        for table in ["users", "clients"] {
            world.sql(&format!("UPDATE {table} SET phone = '{phone}' WHERE id IN ('u1', 'c1')")).await;
        }
        let (profile, period) = ("p1".parse().unwrap(), HistoryPeriod::default());
        let history = world.history().complete(&admin(), &profile, period, &pages::everything()).await.unwrap();
        let listed = history.appointments.items.len() as u64;
        assert_eq!((history.appointments.total, listed), (visits, visits), "{phone:?}");
    }
}

pub async fn client_records_of_another_tenant_are_never_found(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let theirs = |id| rows::client(id).with("tenantId", "t2");
    world
        .add([
            theirs("same").with("phone", "5512345678").with("email", "ana@ejemplo.mx"),
            theirs("linked-there"),
            theirs("linked-here"),
            rows::portal_account("a1", "Ana@ejemplo.mx").with("tenantId", "t2").with("clientId", "linked-there"),
            rows::portal_account("a2", "ana@ejemplo.mx").with("clientId", "linked-here"),
        ])
        .await;
    assert_eq!(records(&world, Some("ana@ejemplo.mx"), Some("5512345678")).await, [""; 0]);
}

/// The store computes keys in SQL, the domain in Rust; this compares the two.
pub async fn the_store_compares_phones_exactly_as_the_domain_does(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let spellings = [
        "5512345678",
        "55 1234 5678",
        "(55) 1234-5678",
        "55.1234.5678",
        "55/1234/5678",
        "55\u{a0}1234\t5678",
        "+525512345678",
        "+52 1 55 1234 5678",
        "5215512345678",
        "01 55 1234 5678",
        "044 55 1234 5678",
        "0455512345678",
        "52 5512345",
        "155 1234 5678",
        "15512345678",
        "0015512345678",
        "+1 415 555 2671",
        "14155552671",
        "521",
        "1234567",
        "123 4567",
        "55 1234 5678 ext 9",
        "55-CALL-ME",
        "CALLME55",
        "521-ABCDEFGHIJ",
        "ABCDEFGHIJ",
        "01ABCDEFGHIJ",
        "٥٥١٢٣٤٥٦٧٨",
        "52ñandúes9",
        "ñandúes9",
        "5512345678\n",
    ];
    let row = |(index, phone): (usize, &&str)| rows::client(&format!("c{index:02}")).with("phone", *phone);
    world.add(spellings.iter().enumerate().map(row)).await;

    for typed in spellings {
        let same = |(index, stored): (usize, &&str)| (phone_key(stored) == phone_key(typed)).then(|| format!("c{index:02}"));
        let expected: BTreeSet<_> = spellings.iter().enumerate().filter_map(same).collect();
        let found: BTreeSet<_> = records(&world, None, Some(typed)).await.into_iter().collect();
        assert_eq!(found, expected, "{typed:?}");
    }
}

/// The same for e-mail addresses.
pub async fn the_store_compares_emails_exactly_as_the_domain_does(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let spellings = [
        "ana@ejemplo.mx",
        "ANA@Ejemplo.MX",
        "  ana@ejemplo.mx ",
        "a na@ejemplo.mx",
        "José@peña.mx",
        "JOSÉ@PEÑA.MX",
        "josé@peña.mx",
        "jose@pena.mx",
        "ana_@ejemplo.mx",
        "ana%@ejemplo.mx",
    ];
    let row = |(index, email): (usize, &&str)| rows::client(&format!("c{index}")).with("email", *email);
    world.add(spellings.iter().enumerate().map(row)).await;

    for typed in spellings {
        let same = |(index, stored): (usize, &&str)| (email_key(stored) == email_key(typed)).then(|| format!("c{index}"));
        let expected: Vec<_> = spellings.iter().enumerate().filter_map(same).collect();
        assert_eq!(records(&world, Some(typed), None).await, expected, "{typed:?}");
    }
}
