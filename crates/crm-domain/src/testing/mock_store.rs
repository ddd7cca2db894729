use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use super::{
    FixedClock, MockDirectory, MockHistoryQueries, MockNoteRepository, MockPhotoLedger, MockPreferencesRepository,
    MockProfileRepository, SequentialIds, fixtures,
};
use crate::access::TenantScope;
use crate::directory::Directory;
use crate::error::StoreError;
use crate::history::HistoryQueries;
use crate::ids::TenantId;
use crate::note::NoteRepository;
use crate::photo::PhotoLedger;
use crate::ports::Ports;
use crate::preferences::PreferencesRepository;
use crate::profile::ProfileRepository;
use crate::store::{Repositories, Store, UnitOfWork};

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
}

/// Ports over a [`MockStore`], and what became of its units of work.
pub struct MockedPorts {
    /// What services are built from. The time is [`fixtures::NOW`], ids are `id1`, `id2`, ….
    pub ports: Ports,
    committed: Arc<AtomicBool>,
}

impl MockedPorts {
    /// Whether any unit of work was committed.
    pub fn committed(&self) -> bool {
        self.committed.load(Ordering::SeqCst)
    }
}

impl MockStore {
    /// Ends the set-up. The store insists on being asked for the tenant of [`fixtures`].
    pub fn into_ports(self) -> MockedPorts {
        let committed = Arc::new(AtomicBool::new(false));
        let store = Shared { mocks: Arc::new(self), committed: Arc::clone(&committed) };
        let ports = Ports {
            store: Arc::new(store),
            clock: Arc::new(FixedClock::at(fixtures::NOW)),
            ids: Arc::new(SequentialIds::default()),
        };
        MockedPorts { ports, committed }
    }
}

#[derive(Clone)]
struct Shared {
    mocks: Arc<MockStore>,
    committed: Arc<AtomicBool>,
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
}

#[async_trait]
impl UnitOfWork for Shared {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.committed.store(true, Ordering::SeqCst);
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

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
