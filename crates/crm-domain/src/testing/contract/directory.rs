//! The tenant's users, services and settings.

use super::StoreHarness;
use super::world::World;
use crate::access::Role;
use crate::directory::{DEFAULT_TIME_ZONE, User};
use crate::testing::rows;

pub async fn a_user_of_the_tenant_is_found_whole(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for (index, role) in Role::ALL.into_iter().enumerate() {
        let id = format!("u{index}");
        let phone = (index % 2 == 0).then_some("+52 1 55 1234 5678");
        let row = rows::user(&id).with("firstName", "María José").with("lastName", "O'Ñandú").with("phone", phone);
        world.add([row.with("role", role.as_str())]).await;
        let expected = User {
            id: id.parse().unwrap(),
            tenant: "t1".parse().unwrap(),
            email: format!("{id}@ejemplo.mx"),
            first_name: "María José".to_owned(),
            last_name: "O'Ñandú".to_owned(),
            phone: phone.map(str::to_owned),
            role: Some(role),
        };
        let found = world.t1().directory().find_user(&expected.id).await.unwrap();
        assert!(found == Some(expected), "{role}");
    }
}

pub async fn a_user_of_another_tenant_is_as_unknown_as_a_missing_one(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for id in ["staff2", "missing", "", "STAFF"] {
        let id = crate::ids::UserId::from_stored(id);
        assert!(world.t1().directory().find_user(&id).await.unwrap().is_none(), "{id:?}");
    }
    assert!(world.t2().directory().find_user(&"staff2".parse().unwrap()).await.unwrap().is_some());
}

pub async fn users_are_found_by_a_list_of_ids(harness: &dyn StoreHarness) {
    let world = World::with_two_profiles(harness).await;
    let ids = ["u2", "missing", "staff2", "staff", "u2"].map(|id| id.parse().unwrap());
    let mut found = world.t1().directory().find_users(&ids).await.unwrap();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(found.iter().map(|user| user.email.as_str()).collect::<Vec<_>>(), ["staff@ejemplo.mx", "u2@ejemplo.mx"]);
    assert_eq!(world.t1().directory().find_users(&[]).await.unwrap(), []);
}

pub async fn services_and_staff_are_listed_by_name_with_what_is_inactive(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let named = |id: &str, first: &str, last: &str| {
        rows::user(id).with("role", "MANAGER").with("firstName", first).with("lastName", last)
    };
    world
        .add([
            rows::service("s2", "t1").with("name", "Ácido").with("isActive", false),
            rows::service("s3", "t1").with("name", "barba"),
            rows::service("s1", "t1").with("name", "Barba"),
            named("m3", "Álvaro", "Zúñiga"),
            named("m2", "alvaro", "Ñandú").with("isActive", false),
            named("m1", "Zoe", "Abad"),
            named("client", "Ana", "Ruiz").with("role", "CLIENT"),
        ])
        .await;
    let services = world.t1().directory().services().await.unwrap();
    let services: Vec<_> = services.iter().map(|s| (s.id.as_str(), s.name.as_str(), s.is_active)).collect();
    assert_eq!(services, [("s2", "Ácido", false), ("s1", "Barba", true), ("s3", "barba", true), ("corte", "corte", true)]);
    let staff = world.t1().directory().staff().await.unwrap();
    let staff: Vec<_> = staff.iter().map(|m| (m.id.as_str(), m.last_name.as_str(), m.is_active)).collect();
    assert_eq!(staff, [("m2", "Ñandú", false), ("m3", "Zúñiga", true), ("staff", "Nombre", true), ("m1", "Abad", true)]);
}

pub async fn unknown_services_are_named_in_the_given_order(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::service("tinte", "t1")]).await;
    let ids = ["zeta", "tinte", "corte2", "alfa", "corte"].map(|id| id.parse().unwrap());
    let unknown = world.t1().directory().unknown_services(&ids).await.unwrap();
    assert_eq!(unknown, ["zeta", "corte2", "alfa"].map(|id| id.parse().unwrap()));
    assert_eq!(world.t1().directory().unknown_services(&[]).await.unwrap(), []);
    let hundred: Vec<_> = (0..100).map(|n| format!("s{n}").parse().unwrap()).collect();
    assert_eq!(world.t1().directory().unknown_services(&hundred).await.unwrap(), hundred);
}

pub async fn staff_are_the_tenants_users_other_than_clients(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for role in Role::ALL {
        world.add([rows::user(role.as_str()).with("role", role.as_str())]).await;
    }
    let ids = ["zeta", "CLIENT", "staff", "staff2", "alfa"].map(|id| id.parse().unwrap());
    let unknown = world.t1().directory().unknown_staff(&ids).await.unwrap();
    assert_eq!(unknown, ["zeta", "CLIENT", "staff2", "alfa"].map(|id| id.parse().unwrap()));

    let everyone: Vec<_> = Role::ALL.iter().map(|role| role.as_str().parse().unwrap()).collect();
    let unknown = world.t1().directory().unknown_staff(&everyone).await.unwrap();
    assert_eq!(unknown, ["CLIENT".parse().unwrap()]);
    assert_eq!(world.t1().directory().unknown_staff(&[]).await.unwrap(), []);
}

pub async fn the_time_zone_is_the_tenants_own_or_else_the_default(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    let cases = [
        ("America/Tijuana", "America/Tijuana"),
        ("America/Cancun", "America/Cancun"),
        ("UTC", "UTC"),
        ("Marte/Olimpo", DEFAULT_TIME_ZONE.name()),
        ("", DEFAULT_TIME_ZONE.name()),
        ("-06:00", DEFAULT_TIME_ZONE.name()),
    ];
    for (stored, expected) in cases {
        world.sql(&format!("UPDATE tenants SET timezone = '{stored}' WHERE id = 't1'")).await;
        let (ours, theirs) =
            (world.t1().directory().tenant().await.unwrap(), world.t2().directory().tenant().await.unwrap());
        assert_eq!((ours.name.as_str(), ours.time_zone.name()), ("t1", expected), "{stored:?}");
        assert_eq!(theirs.time_zone, DEFAULT_TIME_ZONE, "{stored:?} is t1's");
    }
}
