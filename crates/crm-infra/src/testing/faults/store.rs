use std::sync::Arc;

use async_trait::async_trait;
use crm_domain::access::TenantScope;
use crm_domain::directory::Directory;
use crm_domain::error::StoreError;
use crm_domain::history::HistoryQueries;
use crm_domain::ids::TenantId;
use crm_domain::note::NoteRepository;
use crm_domain::photo::PhotoLedger;
use crm_domain::preferences::PreferencesRepository;
use crm_domain::profile::ProfileRepository;
use crm_domain::store::{Repositories, Store, UnitOfWork};

use super::{Faults, Injected, Operation};

/// A store whose units of work may fail when they begin and when they are committed.
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
        self.unit.photos()
    }

    fn history(&self) -> &dyn HistoryQueries {
        self.unit.history()
    }

    fn directory(&self) -> &dyn Directory {
        self.unit.directory()
    }
}

#[async_trait]
impl UnitOfWork for FaultyUnit {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let fault = self.faults.begin(Operation::Commit).await?;
        self.unit.commit().await?;
        Ok(self.faults.end(fault).await?)
    }
}
