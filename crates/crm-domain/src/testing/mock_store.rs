use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{
    FixedClock, MockAuditLog, MockDirectory, MockHistoryQueries, MockNoteRepository, MockPhotoLedger,
    MockPreferencesRepository, MockProfileRepository, MockRequestLedger, MockTrash, SequentialIds, fixtures,
};
use crate::access::TenantScope;
use crate::audit::{AuditEntry, AuditLog};
use crate::directory::Directory;
use crate::error::StoreError;
use crate::history::HistoryQueries;
use crate::idempotency::RequestLedger;
use crate::ids::TenantId;
use crate::note::NoteRepository;
use crate::photo::PhotoLedger;
use crate::ports::Ports;
use crate::preferences::PreferencesRepository;
use crate::profile::ProfileRepository;
use crate::store::{Repositories, Store, UnitOfWork};
use crate::trash::Trash;

/// A store of mocked repositories. Set expectations on the fields, then call [`MockStore::into_ports`].
#[derive(Default)]
#[expect(missing_docs, reason = "one field per repository, named like it")]
pub struct MockStore {
    pub profiles: MockProfileRepository,
    pub notes: MockNoteRepository,
    pub preferences: MockPreferencesRepository,
    pub photos: MockPhotoLedger,
    pub history: MockHistoryQueries,
    pub directory: MockDirectory,
    pub audit: MockAuditLog,
    pub requests: MockRequestLedger,
    pub trash: MockTrash,
}

/// The entries of each commit.
type Commits = Arc<Mutex<Vec<Vec<AuditEntry>>>>;

/// Ports over a [`MockStore`], and what became of its units of work.
pub struct MockedPorts {
    /// What services are built from. The time is [`fixtures::NOW`], ids are `id1`, `id2`, ….
    pub ports: Ports,
    commits: Commits,
}

impl MockedPorts {
    /// Whether any unit of work was committed.
    pub fn committed(&self) -> bool {
        !self.commits.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// The entries of every unit of work that was committed.
    pub fn entries(&self) -> Vec<AuditEntry> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner).concat()
    }
}

impl MockStore {
    /// Ends the set-up. The store insists on being asked for the tenant of [`fixtures`].
    pub fn into_ports(self) -> MockedPorts {
        let commits = Commits::default();
        let store = Shared { mocks: Arc::new(self), commits: Arc::clone(&commits) };
        let ports = Ports {
            store: Arc::new(store),
            clock: Arc::new(FixedClock::at(fixtures::NOW)),
            ids: Arc::new(SequentialIds::default()),
        };
        MockedPorts { ports, commits }
    }
}

#[derive(Clone)]
struct Shared {
    mocks: Arc<MockStore>,
    commits: Commits,
}

impl Repositories for Shared {
    fn profiles(&self) -> &dyn ProfileRepository {
        &self.mocks.profiles
    }

    fn notes(&self) -> &dyn NoteRepository {
        &self.mocks.notes
    }

    fn preferences(&self) -> &dyn PreferencesRepository {
        &self.mocks.preferences
    }

    fn photos(&self) -> &dyn PhotoLedger {
        &self.mocks.photos
    }

    fn history(&self) -> &dyn HistoryQueries {
        &self.mocks.history
    }

    fn directory(&self) -> &dyn Directory {
        &self.mocks.directory
    }

    fn audit(&self) -> &dyn AuditLog {
        &self.mocks.audit
    }

    fn requests(&self) -> &dyn RequestLedger {
        &self.mocks.requests
    }

    fn trash(&self) -> &dyn Trash {
        &self.mocks.trash
    }
}

#[async_trait]
impl UnitOfWork for Shared {
    async fn commit(self: Box<Self>, entries: Vec<AuditEntry>) -> Result<(), StoreError> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner).push(entries);
        Ok(())
    }
}

#[async_trait]
impl Store for Shared {
    fn read(&self, scope: TenantScope) -> Box<dyn Repositories> {
        assert_eq!(scope.tenant(), &fixtures::tenant(), "asked for another tenant's rows");
        Box::new(self.clone())
    }

    async fn begin(&self, scope: TenantScope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        assert_eq!(scope.tenant(), &fixtures::tenant(), "asked to change another tenant's rows");
        Ok(Box::new(self.clone()))
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        Ok(vec![fixtures::tenant()])
    }

    async fn audited_tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.tenants().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
