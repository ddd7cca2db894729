//! From a session or a password to an actor.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::Arc;

use crm_domain::access::{Credentials, IdentityService, PortalAccount, Role, UserAccount};
use crm_domain::audit::{AuditAction, Origin};
use crm_domain::error::{CrmError, Resource, StoreError};
use crm_domain::ids::{TenantId, UserId};
use crm_domain::testing::{MockIdentityDirectory, MockPasswordVerifier, MockStore};

fn account(role: Option<Role>, is_active: bool) -> UserAccount {
    UserAccount { id: UserId::from_stored("u1"), tenant: TenantId::from_stored("t1"), role, is_active }
}

fn portal_account(email: Option<&str>, phone: Option<&str>) -> PortalAccount {
    PortalAccount {
        id: crm_domain::ids::PortalAccountId::from_stored("portal"),
        tenant: TenantId::from_stored("t1"),
        is_active: true,
        email: email.map(str::to_owned),
        phone: phone.map(str::to_owned),
    }
}

/// A directory that knows this user and no other account.
fn knowing(account: UserAccount) -> MockIdentityDirectory {
    let mut directory = MockIdentityDirectory::new();
    directory.expect_find_user().returning(move |id| Ok((*id == account.id).then(|| account.clone())));
    directory.expect_find_portal_account().returning(|_| Ok(None));
    directory
}

/// A directory that knows this portal account and no user of its id.
fn knowing_portal(account: PortalAccount) -> MockIdentityDirectory {
    let mut directory = MockIdentityDirectory::new();
    directory.expect_find_user().returning(|_| Ok(None));
    directory.expect_find_portal_account().returning(move |id| Ok((*id == account.id).then(|| account.clone())));
    directory
}

fn service(directory: MockIdentityDirectory) -> IdentityService {
    let ports = MockStore::default().into_ports().ports;
    IdentityService::new(ports, Arc::new(directory), Arc::new(MockPasswordVerifier::new()))
}

fn t2() -> TenantId {
    TenantId::from_stored("t2")
}

#[tokio::test]
async fn an_active_user_is_an_actor_of_their_role_and_tenant() {
    for role in Role::ALL {
        let actor = service(knowing(account(Some(role), true))).actor("u1", None).await.unwrap().unwrap();
        assert_eq!((actor.user().as_str(), actor.role(), actor.tenant().as_str()), ("u1", role, "t1"));
        let own = (role == Role::Client).then_some("u1");
        assert_eq!(actor.own_profile_of().map(UserId::as_str), own, "{role}");
        assert_eq!(actor.scope().tenant(), actor.tenant());
    }
}

#[tokio::test]
async fn the_session_of_an_account_that_is_inactive_unknown_or_of_an_unknown_role_is_over() {
    for directory in
        [knowing(account(Some(Role::Admin), false)), knowing(account(None, true)), knowing(account(None, false))]
    {
        assert_eq!(service(directory).actor("u1", None).await.unwrap(), None);
    }
    assert_eq!(service(knowing(account(Some(Role::Admin), true))).actor("nobody", None).await.unwrap(), None);
    let inactive = PortalAccount { is_active: false, ..portal_account(Some("ana@ejemplo.mx"), None) };
    assert_eq!(service(knowing_portal(inactive)).actor("portal", None).await.unwrap(), None);
}

#[tokio::test]
async fn an_inactive_superadmin_acts_in_no_tenant() {
    let directory = knowing(account(Some(Role::SuperAdmin), false));
    assert_eq!(service(directory).actor("u1", Some(&t2())).await.unwrap(), None);
}

#[tokio::test]
async fn a_portal_account_owns_the_profile_of_the_one_user_with_its_contact() {
    for (matches, own) in [(vec![], None), (vec!["u1"], Some("u1")), (vec!["u1", "u2"], None)] {
        let mut directory = knowing_portal(portal_account(Some(" Ana@Ejemplo.MX "), Some("+52 1 55 1234 5678")));
        directory.expect_find_users_by_contact().once().returning(move |tenant, email, phone| {
            assert_eq!(
                (tenant.as_str(), email.as_deref(), phone.as_deref()),
                ("t1", Some("ana@ejemplo.mx"), Some("5512345678"))
            );
            Ok(matches.iter().map(|id| UserId::from_stored(*id)).collect())
        });
        let actor = service(directory).actor("portal", None).await.unwrap().unwrap();
        assert_eq!((actor.user().as_str(), actor.role(), actor.tenant().as_str()), ("portal", Role::Client, "t1"));
        assert_eq!(actor.own_profile_of().map(UserId::as_str), own);
    }
}

#[tokio::test]
async fn a_portal_account_without_contact_owns_no_profile_and_nobody_is_looked_for() {
    for (email, phone) in [(None, None), (Some(" "), Some("-"))] {
        let actor = service(knowing_portal(portal_account(email, phone))).actor("portal", None).await.unwrap().unwrap();
        assert_eq!(actor.own_profile_of(), None);
    }
}

#[tokio::test]
async fn a_superadmin_acts_in_any_active_tenant_and_in_no_other() {
    for is_active in [true, false] {
        let mut directory = knowing(account(Some(Role::SuperAdmin), true));
        directory.expect_is_active_tenant().once().withf(|id| id.as_str() == "t2").returning(move |_| Ok(is_active));
        let found = service(directory).actor("u1", Some(&t2())).await;
        if is_active {
            let actor = found.unwrap().unwrap();
            assert_eq!((actor.tenant(), actor.user().as_str(), actor.role()), (&t2(), "u1", Role::SuperAdmin));
        } else {
            assert!(matches!(found, Err(CrmError::NotFound(Resource::Tenant))), "{found:?}");
        }
    }
}

#[tokio::test]
async fn nobody_else_acts_in_another_tenant_but_everybody_may_name_their_own() {
    // No expectation on tenants: whether the other one exists is not even asked.
    for role in Role::ALL.into_iter().filter(|role| *role != Role::SuperAdmin) {
        let service = service(knowing(account(Some(role), true)));
        let refused = service.actor("u1", Some(&t2())).await;
        assert!(matches!(refused, Err(CrmError::NotFound(Resource::Tenant))), "{role}: {refused:?}");
        let own = service.actor("u1", Some(&TenantId::from_stored("t1"))).await.unwrap();
        assert_eq!(own.map(|actor| actor.tenant().to_string()).as_deref(), Some("t1"), "{role}");
    }
    let portal = service(knowing_portal(portal_account(None, None)));
    let refused = portal.actor("portal", Some(&t2())).await;
    assert!(matches!(refused, Err(CrmError::NotFound(Resource::Tenant))), "{refused:?}");
}

#[tokio::test]
async fn a_directory_that_does_not_answer_is_no_reason_to_end_a_session() {
    let mut directory = MockIdentityDirectory::new();
    directory.expect_find_user().returning(|_| Err(StoreError::Unavailable("down".into())));
    let found = service(directory).actor("u1", None).await;
    assert!(matches!(found, Err(CrmError::Unavailable(_))), "{found:?}");
}

/// Signs in `ana@ejemplo.mx` with password `secreto`; exactly one comparison, with this hash, answers this.
async fn sign_in(found: Option<(UserAccount, Option<&str>)>, matches: bool) -> Option<(String, String, Role)> {
    let is_known = found.is_some();
    let hash = found.as_ref().and_then(|(_, hash)| hash.map(str::to_owned));
    let credentials = found.map(|(account, hash)| Credentials {
        account,
        password_hash: hash.map(str::to_owned),
        email: "Ana@Ejemplo.mx".to_owned(),
        first_name: "Ana".to_owned(),
        last_name: "Ruiz".to_owned(),
    });
    let mut directory = MockIdentityDirectory::new();
    directory.expect_find_credentials().once().withf(|email| email == "ana@ejemplo.mx").return_once(|_| Ok(credentials));
    let mut passwords = MockPasswordVerifier::new();
    passwords.expect_verify().once().withf(move |p, h| p == "secreto" && *h == hash).returning(move |_, _| matches);
    let mocked = MockStore::default().into_ports();
    let service = IdentityService::new(mocked.ports.clone(), Arc::new(directory), Arc::new(passwords));
    let attempt = service.sign_in("ana@ejemplo.mx", "secreto".to_owned()).await.unwrap();
    let origin = Origin { address: Some([203, 0, 113, 7].into()), request: Some("r1".to_owned()), key: None };
    service.account_for(&attempt, origin.clone()).await.unwrap();

    let signed_in = attempt.signed_in.map(|s| (s.email, format!("{} {}", s.first_name, s.last_name), s.actor.role()));
    let expected = is_known.then_some(match &signed_in {
        Some((.., role)) => (AuditAction::SignedIn, Some(*role)),
        None => (AuditAction::SignInFailed, None),
    });
    let entries = mocked.entries();
    assert_eq!(entries.first().map(|entry| (entry.action, entry.by.role)), expected);
    assert!(entries.iter().all(|entry| entry.subject.id.as_deref() == Some("u1") && entry.by.origin == origin));
    signed_in
}

#[tokio::test]
async fn the_right_password_signs_an_active_user_in() {
    let signed_in = sign_in(Some((account(Some(Role::Manager), true), Some("hash"))), true).await;
    assert_eq!(signed_in, Some(("Ana@Ejemplo.mx".to_owned(), "Ana Ruiz".to_owned(), Role::Manager)));
}

#[tokio::test]
async fn every_failed_sign_in_looks_the_same_and_compares_a_password_all_the_same() {
    let admin = |is_active| account(Some(Role::Admin), is_active);
    assert_eq!(sign_in(Some((admin(true), Some("hash"))), false).await, None, "a wrong password");
    assert_eq!(sign_in(None, false).await, None, "an unknown address");
    assert_eq!(sign_in(None, true).await, None, "an unknown address, whatever the comparison says");
    assert_eq!(sign_in(Some((admin(true), None)), false).await, None, "an account without a password");
    assert_eq!(sign_in(Some((admin(false), Some("hash"))), true).await, None, "an inactive account");
    assert_eq!(sign_in(Some((account(None, true), Some("hash"))), true).await, None, "an unknown role");
}
