//! The host's users and services, as far as this module reads them.

use async_trait::async_trait;
/// A time zone of the IANA database.
pub use chrono_tz::Tz as TimeZone;

use crate::access::Role;
use crate::error::StoreError;
use crate::ids::{ServiceId, TenantId, UserId};

/// Time zone of a tenant whose own is missing or unknown (host schema, `tenants.timezone`).
pub const DEFAULT_TIME_ZONE: TimeZone = TimeZone::America__Mexico_City;

/// A user as shown beside a profile or a note.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// The user's tenant.
    pub tenant: TenantId,
    /// E-mail of the account.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Phone of the account.
    pub phone: Option<String>,
    /// Role; `None` if this version does not know it.
    pub role: Option<Role>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "User({})", self.id)
    }
}

/// Users, services and settings of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - Anything of another tenant MUST be indistinguishable from what does not exist.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait Directory: Send + Sync {
    /// The user with this id.
    async fn find_user(&self, id: &UserId) -> Result<Option<User>, StoreError>;
    /// Those of these ids that are not services of the tenant, in the given order.
    async fn unknown_services(&self, ids: &[ServiceId]) -> Result<Vec<ServiceId>, StoreError>;
    /// Those of these ids that are not staff of the tenant (users other than clients), in the given order.
    async fn unknown_staff(&self, ids: &[UserId]) -> Result<Vec<UserId>, StoreError>;
    /// The tenant's time zone, or [`DEFAULT_TIME_ZONE`].
    async fn time_zone(&self) -> Result<TimeZone, StoreError>;
}
