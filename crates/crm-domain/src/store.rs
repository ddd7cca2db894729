//! Repositories bound to one tenant, and transactions over them.

use async_trait::async_trait;

use crate::access::TenantScope;
use crate::audit::{AuditEntry, AuditLog};
use crate::directory::Directory;
use crate::error::StoreError;
use crate::history::HistoryQueries;
use crate::idempotency::RequestLedger;
use crate::ids::TenantId;
use crate::note::NoteRepository;
use crate::photo::PhotoLedger;
use crate::preferences::PreferencesRepository;
use crate::profile::ProfileRepository;
use crate::trash::Trash;

/// Every repository, bound to one tenant.
pub trait Repositories: Send + Sync {
    /// Client profiles.
    fn profiles(&self) -> &dyn ProfileRepository;
    /// Notes.
    fn notes(&self) -> &dyn NoteRepository;
    /// Preferences.
    fn preferences(&self) -> &dyn PreferencesRepository;
    /// Records of photos.
    fn photos(&self) -> &dyn PhotoLedger;
    /// Appointments, services and payments.
    fn history(&self) -> &dyn HistoryQueries;
    /// The tenant's users and services.
    fn directory(&self) -> &dyn Directory;
    /// What was done in the tenant.
    fn audit(&self) -> &dyn AuditLog;
    /// What was deleted.
    fn trash(&self) -> &dyn Trash;
    /// Requests that took effect.
    fn requests(&self) -> &dyn RequestLedger;
}

/// Changes that become visible together or not at all. Dropping it undoes them.
#[async_trait]
pub trait UnitOfWork: Repositories {
    /// Makes every change visible at once, together with the account of them: who did what to what is clients'.
    /// Bookkeeping that nobody sees has no entries. A change made under a key that was used is undone instead: see
    /// [`RequestLedger`].
    async fn commit(self: Box<Self>, entries: Vec<AuditEntry>) -> Result<(), StoreError>;
}

/// Opens repositories.
#[async_trait]
pub trait Store: Send + Sync {
    /// Repositories for reading, which refuse changes. They may keep a connection until they are dropped, so whoever has them MUST NOT wait for
    /// another one meanwhile, as beginning a unit of work does.
    fn read(&self, scope: TenantScope) -> Box<dyn Repositories>;
    /// Repositories for changes. Units of work that change the same rows MUST take effect one after the other.
    async fn begin(&self, scope: TenantScope) -> Result<Box<dyn UnitOfWork>, StoreError>;
    /// Every tenant that has rows here, deleted ones included, for jobs that visit them all.
    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError>;
    /// Every tenant that the audit log speaks of, whether it has rows or not.
    async fn audited_tenants(&self) -> Result<Vec<TenantId>, StoreError>;
    /// Fails unless the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
