//! Lists of the host's people: users without a profile, and client records with the user who is the same person.

use super::samples::PLACEHOLDERS;
use super::world::World;
use super::{StoreHarness, pages};
use crate::directory::{HostClient, User};
use crate::page::Page;
use crate::profile::SearchTerms;
use crate::testing::rows::{self, Row};
use crate::value::{email_key, phone_identity};

fn ids(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.id.as_str()).collect()
}

fn records(clients: &[HostClient]) -> Vec<&str> {
    clients.iter().map(|client| client.id.as_str()).collect()
}

async fn without_profile(world: &World<'_>, search: &str) -> Page<User> {
    world.t1().directory().without_profile(SearchTerms::parse(search), &pages::everything()).await.unwrap()
}

async fn host_clients(world: &World<'_>, search: &str) -> Page<HostClient> {
    world.t1().directory().host_clients(SearchTerms::parse(search), &pages::everything()).await.unwrap()
}

/// Whom each client is taken for: the client, the user and the profile.
async fn recognised(world: &World<'_>) -> Vec<(String, Option<String>, Option<String>)> {
    let mut found: Vec<_> = host_clients(world, "")
        .await
        .items
        .into_iter()
        .map(|client| {
            let (user, profile) = (client.user.map(|id| id.to_string()), client.profile.map(|id| id.to_string()));
            (client.id.to_string(), user, profile)
        })
        .collect();
    found.sort();
    found
}

fn at(row: Row, second: u32) -> Row {
    row.with("createdAt", format!("2026-01-01 10:00:{second:02}.001").as_str())
}

pub async fn users_without_a_profile_are_active_clients_newest_first(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world
        .add([
            at(rows::user("b"), 1).with("phone", "55 1234 5678"),
            at(rows::user("a"), 1),
            at(rows::user("newest"), 2),
            at(rows::user("oldest"), 0),
            rows::user("inactive").with("isActive", false),
            rows::user("desk").with("role", "RECEPTIONIST"),
            rows::user("theirs").with("tenantId", "t2"),
        ])
        .await;
    let found = without_profile(&world, "").await;
    assert_eq!((ids(&found.items), found.total), (vec!["newest", "b", "a", "oldest"], 4));
    let whole = world.t1().directory().find_user(&"b".parse().unwrap()).await.unwrap();
    assert_eq!(found.items.into_iter().nth(1), whole);

    world.add([rows::profile("p3", "newest")]).await;
    world.sql("DELETE FROM client_profiles WHERE id = 'p1'").await;
    let found = without_profile(&world, "").await;
    assert_eq!(ids(&found.items), ["b", "a", "oldest", "u1"], "what another application does is seen at once");
}

pub async fn pages_of_the_hosts_people_never_overlap_and_cover_all(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let user =
        |n: u32| at(rows::user(&format!("u{n}")), n % 3).with("lastName", if n.is_multiple_of(2) { "Peña" } else { "Ruiz" });
    let client = |n: u32| {
        at(rows::client(&format!("c{n}")), n % 3).with("lastName", if n.is_multiple_of(2) { "Peña" } else { "Ruiz" })
    };
    world.add((0..9).map(user)).await;
    world.add((0..9).map(client)).await;
    for search in ["", "pena"] {
        let terms = || SearchTerms::parse(search);
        let users = async |page| world.t1().directory().without_profile(terms(), &page).await.unwrap();
        let clients = async |page| world.t1().directory().host_clients(terms(), &page).await.unwrap();
        let (all_users, all_clients) = (without_profile(&world, search).await, host_clients(&world, search).await);
        assert_eq!(all_users.total, if search.is_empty() { 9 } else { 5 });
        for take in [1, 2, 5, 200] {
            assert_eq!(pages::by_cursor(take, &users).await, all_users.items, "{search:?} {take}");
            assert_eq!(pages::by_offset(take, &users).await, all_users.items, "{search:?} {take}");
            assert_eq!(pages::by_cursor(take, &clients).await, all_clients.items, "{search:?} {take}");
            assert_eq!(pages::by_offset(take, &clients).await, all_clients.items, "{search:?} {take}");
        }
    }
}

pub async fn the_hosts_people_are_searched_like_profiles(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let ana = |row: Row| {
        let row = row.with("firstName", "ÁNA María").with("lastName", "Núñez 100%_");
        row.with("email", "a.nunez@ejemplo.mx").with("phone", "+52 1 55 1234 5678")
    };
    let eva = |row: Row| row.with("firstName", "Eva").with("lastName", "Ruiz");
    world.add([ana(rows::user("ana")), eva(rows::user("eva")), ana(rows::client("ana")), eva(rows::client("eva"))]).await;
    for (search, is_found) in [
        ("nunez", true),
        ("maria ANA", true),
        ("Jose\u{301}", false),
        ("a.nunez@EJ", true),
        ("55 1234 5678", true),
        ("(55) 1234-5678 nuñez", true),
        ("044 55 1234 5678", true),
        ("5678", true),
        ("55 9999", false),
        ("ana ruiz", false),
        ("100%_", true),
        ("10_%", false),
        ("\u{301}", false),
    ] {
        let expected: &[&str] = if is_found { &["ana"] } else { &[] };
        let (users, clients) = (without_profile(&world, search).await, host_clients(&world, search).await);
        assert_eq!((ids(&users.items), users.total), (expected.to_vec(), expected.len() as u64), "{search:?}");
        assert_eq!((records(&clients.items), clients.total), (expected.to_vec(), expected.len() as u64), "{search:?}");
    }
}

pub async fn a_host_client_is_shown_whole_with_the_user_who_is_the_same_person(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    world.sql("UPDATE users SET phone = '+52 1 55 1234 5678' WHERE id = 'u1'").await;
    world
        .add([
            rows::client("by-phone").with("phone", "(55) 1234-5678"),
            rows::client("by-email").with("email", " U2@Ejemplo.MX "),
            rows::client("by-portal"),
            rows::portal_account("a1", "u3@ejemplo.MX").with("clientId", "by-portal"),
            rows::user("u3"),
            rows::client("of-two").with("phone", "5512345678 ").with("email", "u2@ejemplo.mx"),
            rows::client("nobody").with("email", "x@ejemplo.mx"),
            rows::client("of-staff").with("email", "staff@ejemplo.mx"),
            rows::client("gone").with("isActive", false),
        ])
        .await;
    let (some, none) = (|id: &str| Some(id.to_owned()), || None);
    let expected = [
        ("by-email", some("u2"), some("p2")),
        ("by-phone", some("u1"), some("p1")),
        ("by-portal", some("u3"), none()),
        ("nobody", none(), none()),
        ("of-staff", none(), none()),
        ("of-two", none(), none()),
    ];
    assert_eq!(recognised(&world).await, expected.map(|(client, user, profile)| (client.to_owned(), user, profile)));

    let whole = rows::client("whole").with("firstName", "Zoë").with("lastName", "O'Ñandú").with("phone", "999 123 4567");
    world
        .add([whole.with("email", "zoe@ejemplo.mx").with("address", "Calle 60").with("birthday", "2000-02-29 00:00:00")])
        .await;
    let text = |raw: &str| Some(raw.to_owned());
    let expected = HostClient {
        id: "whole".parse().unwrap(),
        first_name: "Zoë".to_owned(),
        last_name: "O'Ñandú".to_owned(),
        email: text("zoe@ejemplo.mx"),
        phone: text("999 123 4567"),
        address: text("Calle 60"),
        birthday: "2000-02-29".parse().ok(),
        user: None,
        profile: None,
    };
    assert!(host_clients(&world, "zoe").await.items == [expected]);
}

pub async fn a_host_client_is_recognised_exactly_as_a_history_is_found(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let contacts = [
        ("ana@ejemplo.mx", "55 1234 5678"),
        (" ANA@ejemplo.mx", "1"),
        ("eva@ejemplo.mx", "044 55 1234 5678"),
        ("x@ejemplo.mx", "52ñandúes9"),
        ("josé@peña.mx", ""),
        ("y@ejemplo.mx", "123 4567"),
    ];
    let contacts = contacts.into_iter().chain(PLACEHOLDERS.map(|phone| ("", phone)));
    let contacts: Vec<_> = contacts.enumerate().map(|(n, (email, phone))| (n, email, phone)).collect();
    for (n, email, phone) in &contacts {
        let client = rows::client(&format!("c{n}")).with("email", *email).with("phone", *phone);
        world.add([client]).await;
    }
    for (n, email, phone) in &contacts {
        let user = format!("u{n}");
        world.add([rows::user(&user).with("email", *email).with("phone", *phone)]).await;
        let (email, phone) = (email_key(email), phone_identity(phone));
        let history = world.t1().history().client_records(email, phone).await.unwrap();
        for (client, found, _) in recognised(&world).await {
            let is_same = history.iter().any(|id| id.as_str() == client);
            assert_eq!(found.as_deref() == Some(&user), is_same, "{user} and {client}");
        }
        world.sql(&format!("DELETE FROM users WHERE id = '{user}'")).await;
    }
}

pub async fn the_hosts_people_of_another_tenant_are_neither_listed_nor_recognised(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::user("theirs").with("tenantId", "t2").with("email", "ana@ejemplo.mx").with("phone", "5512345678"),
            rows::client("theirs").with("tenantId", "t2").with("phone", "5512345678").with("email", "ana@ejemplo.mx"),
            rows::client("ours").with("phone", "5512345678").with("email", "ana@ejemplo.mx"),
            rows::user("u1").with("email", "eva@ejemplo.mx"),
            rows::portal_account("a1", "eva@ejemplo.mx").with("tenantId", "t2").with("clientId", "ours"),
        ])
        .await;
    assert_eq!(recognised(&world).await, [("ours".to_owned(), None, None)]);
    assert_eq!(ids(&without_profile(&world, "").await.items), ["u1"]);
    let page = pages::everything();
    assert_eq!(records(&world.t2().directory().host_clients(None, &page).await.unwrap().items), ["theirs"]);
    assert_eq!(ids(&world.t2().directory().without_profile(None, &page).await.unwrap().items), ["theirs"]);
}
