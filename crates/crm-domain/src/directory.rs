//! The host's users, services and settings, as far as this module reads them.

mod model;
mod port;
mod service;

/// A time zone of the IANA database.
pub use chrono_tz::Tz as TimeZone;
pub use model::{Catalogue, HostClient, Service, StaffMember, Tenant, User};
pub use port::Directory;
#[cfg(any(test, feature = "test-support"))]
pub use port::MockDirectory;
pub use service::DirectoryService;

/// Time zone of a tenant whose own is missing or unknown (host schema, `tenants.timezone`).
pub const DEFAULT_TIME_ZONE: TimeZone = TimeZone::America__Mexico_City;
