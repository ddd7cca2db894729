//! Who sees which of the host's users and services, without a database.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use crm_domain::access::{Action, Role};
use crm_domain::directory::{DirectoryService, Service, StaffMember};
use crm_domain::error::{CrmError, Resource};
use crm_domain::testing::fixtures::{a_tenant, a_user, an_actor};
use crm_domain::testing::{MockStore, MockedPorts};

fn service(mocked: &MockedPorts) -> DirectoryService {
    DirectoryService::new(mocked.ports.clone())
}

/// Two services and two people, one of each no longer active.
fn store() -> MockStore {
    let mut store = MockStore::default();
    let services = || {
        let service = |id: &str, is_active| Service { id: id.parse().unwrap(), name: id.to_owned(), is_active };
        vec![service("corte", true), service("permanente", false)]
    };
    let staff = || {
        let member = |id: &str, is_active| {
            let (first_name, last_name) = (id.to_owned(), "Ruiz".to_owned());
            StaffMember { id: id.parse().unwrap(), first_name, last_name, is_active }
        };
        vec![member("eva", false), member("ana", true)]
    };
    store.directory.expect_services().returning(move || Ok(services()));
    store.directory.expect_staff().returning(move || Ok(staff()));
    store.directory.expect_tenant().returning(|| Ok(a_tenant()));
    store.directory.expect_find_user().returning(|id| Ok((*id == a_user().id).then(a_user)));
    store.directory.expect_find_users().returning(|_| Ok(vec![a_user()]));
    store
}

#[tokio::test]
async fn everybody_sees_their_tenant() {
    let mocked = store().into_ports();
    for role in Role::ALL {
        assert_eq!(service(&mocked).tenant(&an_actor(role)).await.unwrap(), a_tenant(), "{role}");
    }
}

#[tokio::test]
async fn a_client_chooses_among_what_is_active_and_staff_see_everything() {
    let mocked = store().into_ports();
    for role in Role::ALL {
        let catalogue = service(&mocked).catalogue(&an_actor(role)).await.unwrap();
        let services: Vec<_> = catalogue.services.iter().map(|service| service.id.as_str()).collect();
        let staff: Vec<_> = catalogue.staff.iter().map(|member| member.id.as_str()).collect();
        match role {
            Role::Client => assert_eq!((services, staff), (vec!["corte"], vec!["ana"])),
            _ => assert_eq!((services, staff), (vec!["corte", "permanente"], vec!["eva", "ana"]), "{role}"),
        }
    }
}

#[tokio::test]
async fn staff_see_users_and_a_client_sees_none() {
    let mocked = store().into_ports();
    let (directory, id) = (service(&mocked), a_user().id);
    for role in Role::ALL {
        let actor = an_actor(role);
        let (one, many) = (directory.user(&actor, &id).await, directory.users(&actor, std::slice::from_ref(&id)).await);
        if role == Role::Client {
            assert!(matches!(one, Err(CrmError::Denied(Action::ListProfiles))), "{one:?}");
            assert!(matches!(many, Err(CrmError::Denied(Action::ListProfiles))), "{many:?}");
        } else {
            assert_eq!((one.unwrap(), many.unwrap()), (a_user(), vec![a_user()]), "{role}");
        }
    }
    let missing = directory.user(&an_actor(Role::Admin), &"missing".parse().unwrap()).await;
    assert!(matches!(missing, Err(CrmError::NotFound(Resource::User))), "{missing:?}");
}
