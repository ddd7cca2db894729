//! Connections to SQLite or PostgreSQL.

use std::time::Duration;

use crm_domain::error::StoreError;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend};

use crate::error::store_error;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Answering requests: statements have a time limit.
    Serving,
    /// Migrations, seeding and other long work: no limit.
    Maintenance,
}

/// Longest a statement may take while serving; PostgreSQL cancels it then.
const STATEMENT_LIMIT: Duration = Duration::from_secs(15);
/// Longest a request waits for a free connection.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(2);
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
}

impl Repaired {
    /// Whether all was well.
    pub fn is_nothing(self) -> bool {
        self == Self { triggers_restored: false, profiles: 0, notes: 0 }
    }
}

/// A database, either engine.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
}

impl Database {
    /// Connects to `sqlite://…` (the file is created when missing) or `postgres://…`.
    pub async fn connect(url: &str, max_connections: u32, purpose: Purpose) -> Result<Self, StoreError> {
        let mut options = ConnectOptions::new(url);
        options
            // Statements can hold personal data; failures are logged where they are answered.
            .sqlx_logging(false)
            .max_connections(max_connections)
            .acquire_timeout(ACQUIRE_LIMIT)
            .connect_timeout(ACQUIRE_LIMIT);
        if url.starts_with("sqlite:") {
            options.map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // NORMAL could lose acknowledged changes in a power cut.
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(BUSY_LIMIT)
            });
        } else {
            options.set_schema_search_path("citaplanner_crm,public").set_application_name("citaplanner-crm");
            if purpose == Purpose::Serving {
                options.statement_timeout(STATEMENT_LIMIT);
            }
        }
        let connection = sea_orm::Database::connect(options).await.map_err(store_error)?;
        Ok(Self { connection })
    }

    /// Creates or adopts the tables; safe to run from several instances at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migration::up(&self.connection).await.map_err(store_error)
    }

    /// Compares the search projection with its sources and repairs what differs.
    pub async fn reconcile(&self) -> Result<Repaired, StoreError> {
        let migration::Reconciled { triggers_restored, profiles, notes } =
            migration::reconcile(&self.connection).await.map_err(store_error)?;
        Ok(Repaired { triggers_restored, profiles, notes })
    }

    /// Runs one statement outside any transaction.
    pub async fn run_unprepared(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_unprepared(sql).await.map_err(store_error)?;
        Ok(())
    }

    /// The connections, for the migration crate and this one.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Shows every statement after it ran, for tests that read plans.
    #[cfg(feature = "test-support")]
    pub(crate) fn on_statement(&mut self, show: impl Fn(&sea_orm::Statement) + Send + Sync + 'static) {
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
