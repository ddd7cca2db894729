//! The store port over SeaORM: one struct plays every repository, bound to a tenant and maybe to a transaction.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use crm_domain::access::TenantScope;
use crm_domain::audit::{AuditEntry, AuditLog};
use crm_domain::directory::Directory;
use crm_domain::error::StoreError;
use crm_domain::history::HistoryQueries;
use crm_domain::idempotency::RequestLedger;
use crm_domain::ids::TenantId;
use crm_domain::note::NoteRepository;
use crm_domain::page::{COUNTED, PageRequest, Total};
use crm_domain::photo::PhotoLedger;
use crm_domain::preferences::PreferencesRepository;
use crm_domain::profile::ProfileRepository;
use crm_domain::store::{Repositories, Store, UnitOfWork};
use crm_domain::trash::Trash;
use sea_orm::sea_query::{Expr, LockType, SelectStatement};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryResult, QuerySelect, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::connection::Connection;
use crate::database::{ACQUIRE_LIMIT, BUSY_LIMIT, Database};
use crate::error::store_error;
use crate::rows::count;
use crate::scope;

/// What the anchors of the audit log are logged under.
const AUDIT_TARGET: &str = "crm_audit";

/// Keeps rows in SQLite or PostgreSQL.
#[derive(Clone, Debug)]
pub struct SeaStore {
    database: Database,
    /// Rows of a list that are counted.
    counted: u64,
    /// SQLite has one writer at a time. Waiting here is fair and costs nothing;
    /// waiting in SQLite is a race of retries that somebody loses.
    sqlite_writer: Arc<Semaphore>,
    /// Lists that pass over very many rows are read one at a time.
    deep: Arc<Semaphore>,
}

impl SeaStore {
    /// A store over this database.
    pub fn new(database: Database) -> Self {
        Self { database, counted: COUNTED, sqlite_writer: one_at_a_time(), deep: one_at_a_time() }
    }

    /// Counts and ranks no more rows than this, so that a test need not make very many.
    #[cfg(feature = "test-support")]
    #[must_use]
    pub fn counting(mut self, rows: u64) -> Self {
        self.counted = rows;
        self
    }

    fn unit(&self, connection: Connection, scope: TenantScope) -> SeaUnit {
        SeaUnit { connection, scope, database: self.database.clone(), counted: self.counted, deep: Arc::clone(&self.deep) }
    }
}

fn one_at_a_time() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(1))
}

async fn turn(turns: &Arc<Semaphore>, limit: Duration) -> Result<OwnedSemaphorePermit, StoreError> {
    let turn = tokio::time::timeout(limit, Arc::clone(turns).acquire_owned()).await;
    turn.map_err(|late| StoreError::Unavailable(Box::new(late)))?.map_err(|closed| StoreError::Failed(Box::new(closed)))
}

impl SeaStore {
    async fn tenant_ids(&self, select: &SelectStatement) -> Result<Vec<TenantId>, StoreError> {
        let rows = self.database.connection().query_all(select).await.map_err(store_error)?;
        let ids: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
        Ok(ids.map_err(store_error)?.into_iter().map(TenantId::from_stored).collect())
    }
}

#[async_trait]
impl Store for SeaStore {
    fn read(&self, scope: TenantScope) -> Box<dyn Repositories> {
        Box::new(self.unit(Connection::Reading(self.database.reading()), scope))
    }

    async fn begin(&self, scope: TenantScope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let writer = match self.database.backend() {
            DbBackend::Sqlite => Some(turn(&self.sqlite_writer, BUSY_LIMIT).await?),
            _ => None,
        };
        // A SQLite transaction that begins by reading can't become a writer once somebody else has written.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let options = if writer.is_some() { options } else { TransactionOptions::default() };
        let transaction = self.database.connection().begin_with_options(options).await.map_err(store_error)?;
        Ok(Box::new(self.unit(Connection::Transaction { transaction, _writer: writer }, scope)))
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.tenant_ids(&scope::tenants()).await
    }

    async fn audited_tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.tenant_ids(&scope::audited_tenants()).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.database.reading().query_one(&scope::nothing()).await.map(drop).map_err(store_error)
    }
}

/// Every repository of one tenant.
pub(crate) struct SeaUnit {
    connection: Connection,
    pub(crate) scope: TenantScope,
    database: Database,
    counted: u64,
    deep: Arc<Semaphore>,
}

impl SeaUnit {
    pub(crate) fn executor(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.executor().get_database_backend()
    }

    /// Inside a unit of work, keeps others from changing the selected row of `table` until the unit ends.
    /// Weaker than `FOR UPDATE`, so that the host can still insert rows that refer to it.
    pub(crate) fn lock<S: QuerySelect<QueryStatement = sea_orm::sea_query::SelectStatement>, E: EntityTrait>(
        &self,
        mut select: S,
        table: E,
    ) -> S {
        if matches!(self.connection, Connection::Transaction { .. }) {
            select.query().lock_with_tables(LockType::NoKeyUpdate, [table.table_ref()]);
        }
        select
    }

    /// The rows of a select, each read by `read`.
    pub(crate) async fn rows<T>(
        &self,
        select: &SelectStatement,
        read: impl Fn(&QueryResult) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.executor().query_all(select).await.map_err(store_error)?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(store_error)
    }

    /// Likewise, where the best way to the rows depends on what is looked for.
    pub(crate) async fn found_rows<T>(
        &self,
        select: &SelectStatement,
        read: impl Fn(&QueryResult) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = match (&self.connection, self.database.searching()) {
            (Connection::Reading(reading), Some(searching)) => {
                // Nobody has a connection while waiting for one of another kind.
                reading.rest().await;
                searching.reading().query_all(select).await
            }
            (connection, _) => connection.query_all(select).await,
        };
        rows.map_err(store_error)?.iter().map(read).collect::<Result<_, _>>().map_err(store_error)
    }

    /// Rows of a list that are counted.
    pub(crate) fn counted(&self) -> u64 {
        self.counted
    }

    /// Waits for the turn of a list that passes over very many rows, without a connection meanwhile.
    pub(crate) async fn deep_turn(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        if let Connection::Reading(reading) = &self.connection {
            reading.rest().await;
        }
        turn(&self.deep, ACQUIRE_LIMIT).await
    }

    pub(crate) async fn has_contact_indexes(&self) -> Result<bool, StoreError> {
        if let Connection::Reading(reading) = &self.connection {
            reading.rest().await;
        }
        self.database.has_contact_indexes().await
    }

    /// How many rows a list has of which a page brought `found` rows, one more than the page where more follow.
    /// Counts only if the page does not tell.
    pub(crate) async fn total(
        &self,
        page: &PageRequest,
        found: usize,
        listed: impl FnOnce() -> SelectStatement,
    ) -> Result<Total, StoreError> {
        self.total_up_to(self.counted, page, found, listed).await
    }

    /// Likewise, counting no more than so many.
    pub(crate) async fn total_up_to(
        &self,
        limit: u64,
        page: &PageRequest,
        found: usize,
        listed: impl FnOnce() -> SelectStatement,
    ) -> Result<Total, StoreError> {
        if let Some(total) = page.total_of_last(found) {
            return Ok(Total::exact(total));
        }
        let mut few = listed();
        few.clear_selects().expr_as(Expr::val(1), "one").limit(limit + 1);
        let counted = self.rows(&scope::count_of(few), |row| count(row, "total")).await?.pop().unwrap_or_default();
        Ok(Total::counted(counted, limit))
    }
}

impl Repositories for SeaUnit {
    fn profiles(&self) -> &dyn ProfileRepository {
        self
    }

    fn notes(&self) -> &dyn NoteRepository {
        self
    }

    fn preferences(&self) -> &dyn PreferencesRepository {
        self
    }

    fn photos(&self) -> &dyn PhotoLedger {
        self
    }

    fn history(&self) -> &dyn HistoryQueries {
        self
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    fn audit(&self) -> &dyn AuditLog {
        self
    }

    fn requests(&self) -> &dyn RequestLedger {
        self
    }

    fn trash(&self) -> &dyn Trash {
        self
    }
}

#[async_trait]
impl UnitOfWork for SeaUnit {
    async fn commit(self: Box<Self>, entries: Vec<AuditEntry>) -> Result<(), StoreError> {
        self.note_request(&entries).await?;
        // Last, so that the chain is held for no longer than it takes to commit.
        let anchor = self.append(&entries).await?;
        if let Connection::Transaction { transaction, _writer } = self.connection {
            transaction.commit().await.map_err(store_error)?;
        }
        if let Some(anchor) = anchor {
            tracing::info!(target: AUDIT_TARGET, %anchor, "the audit log grew");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crm_domain::access::Role;
    use crm_domain::page::{PageRequest, Start};
    use crm_domain::profile::{ProfileFilter, SearchTerms};
    use crm_domain::testing::fixtures::actor_in;

    use super::*;
    use crate::testing::TestDatabase;

    #[tokio::test]
    async fn a_list_that_passes_over_very_many_rows_waits_for_others_that_do() {
        let database = TestDatabase::sqlite().await;
        let store = SeaStore::new(database.database().clone()).counting(2);
        let scope = actor_in("t1", "nobody", Role::Admin).scope();
        let filter = ProfileFilter { search: SearchTerms::parse("ana"), ..ProfileFilter::default() };
        let list = async |skip| {
            let page = PageRequest::new(Start::Skip(skip), 10).unwrap();
            store.read(scope.clone()).profiles().list(&filter, &page).await.map(|page| page.items.len())
        };
        let others = store.deep.acquire().await.unwrap();
        assert_eq!(list(8).await.unwrap(), 0);
        tokio::time::pause();
        assert!(matches!(list(9).await, Err(StoreError::Unavailable(_))));
        tokio::time::resume();
        drop(others);
        assert_eq!(list(9).await.unwrap(), 0);
    }
}
