use async_trait::async_trait;

use super::{Service, StaffMember, Tenant, User};
use crate::error::StoreError;
use crate::ids::{ServiceId, UserId};

/// Users, services and settings of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - Anything of another tenant MUST be indistinguishable from what does not exist.
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
    /// Every service.
    async fn services(&self) -> Result<Vec<Service>, StoreError>;
    /// Every user other than clients, by first and last name.
    async fn staff(&self) -> Result<Vec<StaffMember>, StoreError>;
    /// Those of these ids that are not services of the tenant, in the given order.
    async fn unknown_services(&self, ids: &[ServiceId]) -> Result<Vec<ServiceId>, StoreError>;
    /// Those of these ids that are not staff of the tenant (users other than clients), in the given order.
    async fn unknown_staff(&self, ids: &[UserId]) -> Result<Vec<UserId>, StoreError>;
}
