use std::sync::Arc;

use async_trait::async_trait;
use crm_domain::access::TenantScope;
use crm_domain::audit::{AuditEntry, AuditLog};
use crm_domain::directory::Directory;
use crm_domain::error::StoreError;
use crm_domain::history::HistoryQueries;
use crm_domain::idempotency::RequestLedger;
use crm_domain::ids::{TenantId, UserId};
use crm_domain::note::NoteRepository;
use crm_domain::photo::{PhotoId, PhotoLedger, PhotoRecord};
use crm_domain::preferences::PreferencesRepository;
use crm_domain::profile::ProfileRepository;
use crm_domain::store::{Repositories, Store, UnitOfWork};
use crm_domain::trash::Trash;

use super::{Faults, Injected, Operation};

/// A store whose units of work may fail when they begin, record a photo and are committed.
pub struct FaultyStore {
    store: Arc<dyn Store>,
    faults: Faults,
}

impl FaultyStore {
    /// Puts faults over a store.
    pub fn over(store: Arc<dyn Store>, faults: Faults) -> Self {
        Self { store, faults }
    }
}

impl From<Injected> for StoreError {
    fn from(fault: Injected) -> Self {
        Self::Unavailable(Box::new(fault))
    }
}

#[async_trait]
impl Store for FaultyStore {
    fn read(&self, scope: TenantScope) -> Box<dyn Repositories> {
        self.store.read(scope)
    }

    async fn begin(&self, scope: TenantScope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let fault = self.faults.begin(Operation::Begin).await?;
        let unit = self.store.begin(scope).await?;
        self.faults.end(fault).await?;
        Ok(Box::new(FaultyUnit { unit, faults: self.faults.clone() }))
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        let fault = self.faults.begin(Operation::Tenants).await?;
        let tenants = self.store.tenants().await?;
        self.faults.end(fault).await?;
        Ok(tenants)
    }

    async fn audited_tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.store.audited_tenants().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }
}

struct FaultyUnit {
    unit: Box<dyn UnitOfWork>,
    faults: Faults,
}

impl Repositories for FaultyUnit {
    fn profiles(&self) -> &dyn ProfileRepository {
        self.unit.profiles()
    }

    fn notes(&self) -> &dyn NoteRepository {
        self.unit.notes()
    }

    fn preferences(&self) -> &dyn PreferencesRepository {
        self.unit.preferences()
    }

    fn photos(&self) -> &dyn PhotoLedger {
        self
    }

    fn history(&self) -> &dyn HistoryQueries {
        self.unit.history()
    }

    fn directory(&self) -> &dyn Directory {
        self.unit.directory()
    }

    fn audit(&self) -> &dyn AuditLog {
        self.unit.audit()
    }

    fn requests(&self) -> &dyn RequestLedger {
        self.unit.requests()
    }

    fn trash(&self) -> &dyn Trash {
        self.unit.trash()
    }
}

#[async_trait]
impl PhotoLedger for FaultyUnit {
    async fn find(&self, id: &PhotoId) -> Result<Option<PhotoRecord>, StoreError> {
        self.unit.photos().find(id).await
    }

    async fn list(&self) -> Result<Vec<PhotoRecord>, StoreError> {
        self.unit.photos().list().await
    }

    async fn list_of(&self, user: &UserId) -> Result<Vec<PhotoRecord>, StoreError> {
        self.unit.photos().list_of(user).await
    }

    async fn insert(&self, record: &PhotoRecord) -> Result<bool, StoreError> {
        let fault = self.faults.begin(Operation::Insert).await?;
        let is_new = self.unit.photos().insert(record).await?;
        self.faults.end(fault).await?;
        Ok(is_new)
    }

    async fn update(&self, record: &PhotoRecord) -> Result<bool, StoreError> {
        self.unit.photos().update(record).await
    }

    async fn delete(&self, id: &PhotoId) -> Result<bool, StoreError> {
        self.unit.photos().delete(id).await
    }

    async fn shown(&self) -> Result<Vec<PhotoId>, StoreError> {
        self.unit.photos().shown().await
    }
}

#[async_trait]
impl UnitOfWork for FaultyUnit {
    async fn commit(self: Box<Self>, entries: Vec<AuditEntry>) -> Result<(), StoreError> {
        let fault = self.faults.begin(Operation::Commit).await?;
        self.unit.commit(entries).await?;
        Ok(self.faults.end(fault).await?)
    }
}
