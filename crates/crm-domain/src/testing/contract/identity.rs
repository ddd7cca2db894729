//! Accounts of all tenants.

use std::sync::Arc;

use super::StoreHarness;
use super::samples::PLACEHOLDERS;
use super::world::World;
use crate::access::{IdentityService, MockPasswordVerifier, PortalAccount, Role, UserAccount};
use crate::ids::UserId;
use crate::testing::{MockStore, rows};
use crate::value::{email_key, phone_key};

pub async fn an_account_is_found_in_whatever_tenant_with_its_role(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    for (role, tenant) in Role::ALL.into_iter().zip(["t1", "t2"].into_iter().cycle()) {
        world.add([rows::user(role.as_str()).with("role", role.as_str()).with("tenantId", tenant)]).await;
        let found = harness.identity().find_user(&role.as_str().parse().unwrap()).await.unwrap();
        let expected = UserAccount {
            id: role.as_str().parse().unwrap(),
            tenant: tenant.parse().unwrap(),
            role: Some(role),
            is_active: true,
        };
        assert_eq!(found, Some(expected));
    }
    assert_eq!(harness.identity().find_user(&"missing".parse().unwrap()).await.unwrap(), None);
}

pub async fn an_account_is_active_only_together_with_its_tenant(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::portal_account("portal", "ana@ejemplo.mx")]).await;
    let identity = harness.identity();
    for (user, tenant) in [(true, true), (false, true), (true, false), (false, false)] {
        let [user, tenant_sql] = [user, tenant].map(|yes| if yes { "TRUE" } else { "FALSE" });
        for table in ["users", "client_users"] {
            world.sql(&format!("UPDATE {table} SET \"isActive\" = {user}")).await;
        }
        world.sql(&format!("UPDATE tenants SET \"isActive\" = {tenant_sql} WHERE id = 't1'")).await;

        let expected = user == "TRUE" && tenant;
        let found = identity.find_user(&"staff".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(found.is_active, expected, "user {user}, tenant {tenant}");
        let found = identity.find_credentials("staff@ejemplo.mx").await.unwrap().unwrap();
        assert_eq!(found.account.is_active, expected, "user {user}, tenant {tenant}");
        let found = identity.find_portal_account(&"portal".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(found.is_active, expected, "portal account {user}, tenant {tenant}");
        assert_eq!(identity.is_active_tenant(&"t1".parse().unwrap()).await.unwrap(), tenant);
    }
    assert!(identity.is_active_tenant(&"t2".parse().unwrap()).await.unwrap());
    assert!(!identity.is_active_tenant(&"missing".parse().unwrap()).await.unwrap());
}

pub async fn a_portal_account_has_the_contact_of_its_client_record_or_else_its_own(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::client("c1").with("email", "ficha@ejemplo.mx").with("phone", "55 1111 1111"),
            rows::portal_account("linked", "a@ejemplo.mx").with("phone", "55 2222 2222").with("clientId", "c1"),
            rows::portal_account("alone", "b@ejemplo.mx").with("phone", "55 3333 3333").with("tenantId", "t2"),
        ])
        .await;
    let account = |id: &str, tenant: &str, email: &str, phone: &str| PortalAccount {
        id: id.parse().unwrap(),
        tenant: tenant.parse().unwrap(),
        is_active: true,
        email: Some(email.to_owned()),
        phone: Some(phone.to_owned()),
    };
    let expected = [
        account("linked", "t1", "ficha@ejemplo.mx", "55 1111 1111"),
        account("alone", "t2", "b@ejemplo.mx", "55 3333 3333"),
    ];
    for expected in expected {
        assert_eq!(harness.identity().find_portal_account(&expected.id).await.unwrap().as_ref(), Some(&expected));
    }
    for id in ["missing", "staff"] {
        assert_eq!(harness.identity().find_portal_account(&id.parse().unwrap()).await.unwrap(), None, "{id}");
    }
}

async fn users_by_contact(harness: &dyn StoreHarness, email: Option<&str>, phone: Option<&str>) -> Vec<String> {
    let (email, phone) = (email.and_then(email_key), phone.and_then(phone_key));
    let found = harness.identity().find_users_by_contact(&"t1".parse().unwrap(), email, phone).await.unwrap();
    let mut ids: Vec<_> = found.iter().map(ToString::to_string).collect();
    ids.sort();
    ids
}

pub async fn users_are_found_by_contact_however_it_is_spelled_in_one_tenant(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::user("ana").with("email", "Ana@Ejemplo.mx").with("phone", "+52 1 55 1234 5678"),
            rows::user("eva").with("email", "eva@ejemplo.mx").with("phone", "(55) 9999-0000"),
            rows::user("theirs").with("tenantId", "t2").with("email", "ANA@ejemplo.mx").with("phone", "55 9999 0000"),
        ])
        .await;
    assert_eq!(users_by_contact(harness, Some("ANA@EJEMPLO.MX"), None).await, ["ana"]);
    assert_eq!(users_by_contact(harness, None, Some("55-9999-0000")).await, ["eva"]);
    assert_eq!(users_by_contact(harness, Some("ana@ejemplo.mx"), Some("5512345678")).await, ["ana"], "once, not twice");
    assert_eq!(users_by_contact(harness, Some("ana@ejemplo.mx"), Some("5599990000")).await, ["ana", "eva"]);
    assert_eq!(users_by_contact(harness, Some("na@ejemplo.mx"), Some("1234567")).await, [""; 0]);
}

pub async fn an_empty_contact_finds_no_user(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::user("none").with("phone", None),
            rows::user("empty").with("phone", "").with("email", ""),
            rows::user("blank").with("phone", " - ").with("email", " "),
            rows::user("ana").with("phone", "5512345678"),
        ])
        .await;
    assert_eq!(users_by_contact(harness, None, None).await, [""; 0]);
    assert_eq!(users_by_contact(harness, Some("ana@ejemplo.mx"), None).await, ["ana"]);
    assert_eq!(users_by_contact(harness, None, Some("5512345678")).await, ["ana"]);
}

pub async fn a_portal_account_whose_phone_is_no_number_has_no_profile_of_its_own(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add([rows::user("ana"), rows::portal_account("portal", "portal@ejemplo.mx")]).await;
    let ports = MockStore::default().into_ports().ports;
    let service = IdentityService::new(ports, harness.identity(), Arc::new(MockPasswordVerifier::new()));
    let cases = PLACEHOLDERS.map(|phone| (phone, None)).into_iter().chain([("55 1234 5678", Some("ana"))]);
    for (phone, expected) in cases {
        for table in ["users", "client_users"] {
            world.sql(&format!("UPDATE {table} SET phone = '{phone}' WHERE id IN ('ana', 'portal')")).await;
        }
        let actor = service.actor("portal", None).await.unwrap().unwrap();
        assert_eq!(actor.own_profile_of().map(UserId::as_str), expected, "{phone:?}");
    }
}

pub async fn of_many_users_with_one_contact_two_are_enough(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world.add((0..5).map(|n| rows::user(&format!("u{n}")).with("phone", "55 1234 5678"))).await;
    let found = users_by_contact(harness, Some("u0@ejemplo.mx"), Some("5512345678")).await;
    assert_eq!(found.len(), 2);
    assert_ne!(found[0], found[1]);
}

pub async fn credentials_are_found_by_email_as_stored_or_however_typed_if_stored_in_lower_case(harness: &dyn StoreHarness) {
    let world = World::new(harness).await;
    world
        .add([
            rows::user("ana").with("email", "Ana@Ejemplo.MX").with("password", "$2b$12$hash").with("tenantId", "t2"),
            rows::user("eva").with("firstName", "Eva").with("lastName", "Ñandú"),
        ])
        .await;
    for typed in ["Ana@Ejemplo.MX", " Ana@Ejemplo.MX "] {
        let found = harness.identity().find_credentials(typed).await.unwrap().unwrap();
        assert_eq!((found.account.id.as_str(), found.account.tenant.as_str()), ("ana", "t2"), "{typed}");
        assert_eq!((found.password_hash.as_deref(), found.email.as_str()), (Some("$2b$12$hash"), "Ana@Ejemplo.MX"));
    }
    let found = harness.identity().find_credentials("EVA@Ejemplo.mx").await.unwrap().unwrap();
    assert_eq!(found.password_hash, None, "an account without a password");
    assert_eq!((found.first_name.as_str(), found.last_name.as_str()), ("Eva", "Ñandú"));
    for typed in ["", "nadie@ejemplo.mx", "%", "_na@ejemplo.mx", "na@ejemplo.mx"] {
        assert!(harness.identity().find_credentials(typed).await.unwrap().is_none(), "{typed:?}");
    }
}
