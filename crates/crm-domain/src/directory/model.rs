use std::fmt;

use chrono::NaiveDate;

use super::TimeZone;
use crate::access::Role;
use crate::ids::{ClientId, ProfileId, ServiceId, TenantId, UserId};

/// A tenant's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Its time zone, or [`super::DEFAULT_TIME_ZONE`].
    pub time_zone: TimeZone,
}

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

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "User({})", self.id)
    }
}

/// A person whom the host books appointments for.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the host's own")]
pub struct HostClient {
    pub id: ClientId,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub birthday: Option<NaiveDate>,
    /// The account of the same person, if there is exactly one.
    pub user: Option<UserId>,
    /// The profile of that account.
    pub profile: Option<ProfileId>,
}

impl fmt::Debug for HostClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostClient({})", self.id)
    }
}

/// A service that the tenant offers, or once did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The service.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// Whether it is offered today.
    pub is_active: bool,
}

/// Somebody who works for the tenant, or once did.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// The user.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Whether the account is active.
    pub is_active: bool,
}

impl fmt::Debug for StaffMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StaffMember({})", self.id)
    }
}

/// What a client can prefer, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Services.
    pub services: Vec<Service>,
    /// People who provide them.
    pub staff: Vec<StaffMember>,
}
