use async_trait::async_trait;

use super::{HostClient, Service, StaffMember, Tenant, User};
use crate::error::StoreError;
use crate::ids::{ServiceId, UserId};
use crate::page::{Page, PageRequest};
use crate::profile::SearchTerms;

/// Users, services and settings of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - Anything of another tenant MUST be indistinguishable from what does not exist.
/// - `without_profile` and `host_clients` MUST order newest first (time of creation, then id, both descending), and MUST
///   search names, e-mail and phone by the rules of the list of profiles. Their totals MAY be a minimum from 100 on.
/// - A user MUST be matched to a host client exactly if the history of that user's profile would include the client.
/// - `services` and `staff` MUST order by name whatever its case and accents, then by id.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait Directory: Send + Sync {
    /// The tenant. If the host deleted it meanwhile, its id stands for its name.
    async fn tenant(&self) -> Result<Tenant, StoreError>;
    /// The user with this id.
    async fn find_user(&self, id: &UserId) -> Result<Option<User>, StoreError>;
    /// The users with these ids, in no particular order.
    async fn find_users(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError>;
    /// Active users who are clients and have no profile.
    async fn without_profile(&self, search: Option<SearchTerms>, page: &PageRequest) -> Result<Page<User>, StoreError>;
    /// Active records of the host's `clients`, each with the one user of role CLIENT who is the same person.
    async fn host_clients(&self, search: Option<SearchTerms>, page: &PageRequest) -> Result<Page<HostClient>, StoreError>;
    /// The active record of the host's `clients` that is this user and no other, the newest of several.
    async fn host_client_of(&self, user: &User) -> Result<Option<HostClient>, StoreError>;
    /// Every service.
    async fn services(&self) -> Result<Vec<Service>, StoreError>;
    /// Every user other than clients, by first and last name.
    async fn staff(&self) -> Result<Vec<StaffMember>, StoreError>;
    /// Those of these ids that are not services of the tenant, in the given order.
    async fn unknown_services(&self, ids: &[ServiceId]) -> Result<Vec<ServiceId>, StoreError>;
    /// Those of these ids that are not staff of the tenant (users other than clients), in the given order.
    async fn unknown_staff(&self, ids: &[UserId]) -> Result<Vec<UserId>, StoreError>;
}
