//! Connections to SQLite or PostgreSQL.

use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use crm_domain::error::StoreError;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend};
use tokio::sync::OnceCell;

use crate::error::store_error;
use crate::readers::{Opener, Readers, Reading, TRUSTED_FOR};

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Answering requests: statements have a time limit.
    Serving,
    /// Migrations, seeding and other long work: no limit.
    Maintenance,
}

/// Longest a statement may take while serving; PostgreSQL cancels it then, and what reads SQLite is stopped.
const STATEMENT_LIMIT: Duration = Duration::from_secs(15);
/// Longest a request waits for a free connection.
pub(crate) const ACQUIRE_LIMIT: Duration = Duration::from_secs(2);
/// Longest SQLite waits for another process that is writing.
pub(crate) const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// What a reconciliation repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// Whether triggers were missing.
    pub triggers_restored: bool,
    /// Rows of the profile projection that differed.
    pub profiles: u64,
    /// Rows of the note projection that differed.
    pub notes: u64,
    /// Tenants whose profiles were counted wrongly.
    pub counts: u64,
}

impl From<migration::Reconciled> for Repaired {
    fn from(reconciled: migration::Reconciled) -> Self {
        let migration::Reconciled { triggers_restored, profiles, notes, counts } = reconciled;
        Self { triggers_restored, profiles, notes, counts }
    }
}

impl Repaired {
    /// Whether all was well.
    pub fn is_nothing(self) -> bool {
        self == Self { triggers_restored: false, profiles: 0, notes: 0, counts: 0 }
    }
}

/// Bytes of a SQLite file that are read in place. A search reads thousands of pages, and copying each out of the system's
/// cache took more time than looking at it.
const MAPPED: u64 = 1 << 30;
/// Rows that SQLite's thread reads ahead of us; each wait of one for the other costs more than a row.
const ROWS_AHEAD: usize = 1_000;
/// What PostgreSQL is told of every connection: plans of so small queries are not worth compiling, and a search must be able
/// to remember each row it found, or it computes the keys of all rows nearby.
const SERVING: [(&str, &str); 3] = [("search_path", "citaplanner_crm,public"), ("jit", "off"), ("work_mem", "16MB")];
/// And of one that searches. What is looked for decides which index helps, so no plan is kept; and what is compared with
/// very many is hashed in memory.
const SEARCHING: [(&str, &str); 2] = [("plan_cache_mode", "force_custom_plan"), ("work_mem", "64MB")];
/// Connections to SQLite that read at once, for each processor. They share the processors, each in a thread of its own: with
/// more of them every answer would be late, and the last ones very late.
const READING_SQLITE: usize = 2;
/// Of so many connections, one writes.
const WRITING: u32 = 3;
/// Most connections that search.
const MAX_SEARCHING: u32 = 8;

/// A database, either engine.
#[derive(Clone)]
pub struct Database {
    /// For what changes something, and for long work.
    connection: DatabaseConnection,
    readers: Readers,
    /// Only on PostgreSQL.
    searching: Option<Readers>,
    /// Whether the host's tables have the indexes by which people are found.
    contact_indexes: Arc<OnceCell<bool>>,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Database {
    /// Connects to `sqlite://…` (the file is created when missing) or `postgres://…`, over so many connections at most. While
    /// serving, some of them write and the others read, one of each at least, and on PostgreSQL a few more search; SQLite is
    /// read over two for each processor at most. Long work writes over all of them.
    pub async fn connect(url: &str, max_connections: u32, purpose: Purpose) -> Result<Self, StoreError> {
        let (writing, reading) = match purpose {
            Purpose::Serving => {
                let writing = Ord::max(max_connections / WRITING, 1);
                (writing, Ord::max(max_connections.saturating_sub(writing), 1))
            }
            Purpose::Maintenance => (max_connections, max_connections),
        };
        let mut options = options(url, writing);
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // NORMAL could lose acknowledged changes in a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .pragma("mmap_size", MAPPED.to_string())
                .row_buffer_size(ROWS_AHEAD)
                .busy_timeout(BUSY_LIMIT)
        });
        options.set_application_name("citaplanner-crm");
        options.statement_timeout(match purpose {
            Purpose::Serving => STATEMENT_LIMIT,
            // None, whatever the role's own: an index of a million rows takes a minute.
            Purpose::Maintenance => Duration::ZERO,
        });
        options.map_sqlx_postgres_opts(|postgres| postgres.options(SERVING));
        let connection = sea_orm::Database::connect(options).await.map_err(store_error)?;

        let limit = (purpose == Purpose::Serving).then_some(STATEMENT_LIMIT);
        let readers = |opener, most| Readers::new(opener, most, ACQUIRE_LIMIT, limit);
        let (readers, searching) = if connection.get_database_backend() == DbBackend::Sqlite {
            let sqlite = connection.get_sqlite_connection_pool().connect_options();
            let processors = available_parallelism().map_or(1, NonZero::get);
            let most = u32::try_from(READING_SQLITE * processors).unwrap_or(u32::MAX);
            (readers(Opener::Sqlite(sqlite), reading.min(most)), None)
        } else {
            let postgres = (*connection.get_postgres_connection_pool().connect_options()).clone();
            let searching = Opener::Postgres(Box::new(postgres.clone().options(SEARCHING)));
            let searching = readers(searching, max_connections.min(MAX_SEARCHING));
            (readers(Opener::Postgres(Box::new(postgres)), reading), Some(searching))
        };
        Ok(Self { connection, readers, searching, contact_indexes: Arc::default() })
    }

    /// Creates or adopts the tables; safe to run from several instances at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migration::up(&self.connection).await.map_err(store_error)
    }

    /// Compares the search projection with its sources and repairs what differs.
    pub async fn reconcile(&self) -> Result<Repaired, StoreError> {
        migration::reconcile(&self.connection).await.map(Repaired::from).map_err(store_error)
    }

    /// Makes the text index of the search projection anew, and reconciles.
    pub async fn reindex(&self) -> Result<Repaired, StoreError> {
        migration::reindex(&self.connection).await.map(Repaired::from).map_err(store_error)
    }

    /// Makes the numbers of profiles compact after many changes.
    pub async fn fold_counts(&self) -> Result<(), StoreError> {
        migration::fold_counts(&self.connection).await.map_err(store_error)
    }

    /// Closes connections that nobody needed for a while.
    pub fn close_idle(&self) {
        [Some(&self.readers), self.searching.as_ref()].into_iter().flatten().for_each(Readers::close_idle);
    }

    /// Whether people can be found by phone and e-mail in the host's tables without reading all of them. Looked up once.
    pub(crate) async fn has_contact_indexes(&self) -> Result<bool, StoreError> {
        let look = async || {
            let missing = migration::missing_indexes(&self.connection).await.map_err(store_error)?;
            Ok(missing.iter().all(|index| index.key.is_none() && index.table != "appointments"))
        };
        self.contact_indexes.get_or_try_init(look).await.copied()
    }

    /// Runs one statement outside any transaction.
    pub async fn run_unprepared(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_unprepared(sql).await.map_err(store_error)?;
        Ok(())
    }

    /// The connections for statements whose plan depends on what is looked for, where those are others.
    pub(crate) fn searching(&self) -> Option<&Readers> {
        self.searching.as_ref()
    }

    /// A connection that only reads.
    pub(crate) fn reading(&self) -> Reading {
        self.readers.reading()
    }

    /// The connections, for the migration crate and this one.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Shows every statement, for tests that read plans.
    #[cfg(feature = "test-support")]
    pub(crate) fn on_statement(&mut self, show: crate::readers::Listener) {
        for readers in [Some(&mut self.readers), self.searching.as_mut()].into_iter().flatten() {
            readers.on_statement(Arc::clone(&show));
        }
        self.connection.set_metric_callback(move |run| show(run.statement));
    }

    /// Whether this is the embedded engine.
    pub fn is_sqlite(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// The engine.
    pub fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }
}

fn options(url: &str, max_connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        // Statements can hold personal data; failures are logged where they are answered.
        .sqlx_logging(false)
        .max_connections(max_connections)
        .test_before_acquire_if_idle_for(TRUSTED_FOR)
        .acquire_timeout(ACQUIRE_LIMIT)
        .connect_timeout(ACQUIRE_LIMIT);
    options
}
