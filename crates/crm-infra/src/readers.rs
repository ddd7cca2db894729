//! Connections that only read, in a pool of their own.
//!
//! The driver's pool asks a connection whether it lives whenever it takes it back, and SeaORM takes one for each
//! statement: most of what a database hears would be that question. This one asks what has rested for a while, when it is
//! given out. One over which a statement failed is thrown away; one over which it was given up is busy until it has ended,
//! which SQLite is told to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deadpool::managed::{Manager, Metrics, Object, Pool, PoolConfig, PoolError, QueueMode, RecycleError, RecycleResult};
use sea_orm::error::ConnAcquireErr;
use sea_orm::sea_query::Values;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Error, PgConnection, SqliteConnection, query_with,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long a connection that was alive is taken to be so.
pub(crate) const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// How long a connection is used, as by the driver's pool.
const USED_FOR: Duration = Duration::from_mins(30);

/// How long a connection is kept that nobody needs.
const KEPT_FOR: Duration = Duration::from_mins(10);

/// SQLite asks after so many operations of its machine whether to go on: often enough to stop at once, and too seldom to be
/// noticed.
const ASKS_AFTER: i32 = 10_000;

/// Shows a statement that is about to run.
pub(crate) type Listener = Arc<dyn Fn(&Statement) + Send + Sync>;

/// A pool of connections that only read.
#[derive(Clone)]
pub(crate) struct Readers {
    pool: Pool<Opener>,
    wait: Duration,
    /// How long SQLite may take for a statement.
    limit: Option<Duration>,
    listener: Option<Listener>,
}

impl Readers {
    /// So many connections at most, each made when it is first needed, and given out within a time or not at all.
    pub(crate) fn new(opener: Opener, most: u32, wait: Duration, limit: Option<Duration>) -> Self {
        let mut config = PoolConfig::new(most as usize);
        // What was used last has its plans at hand.
        config.queue_mode = QueueMode::Lifo;
        let pool = Pool::builder(opener).config(config).build();
        Self { pool: pool.unwrap_or_else(|never| unreachable!("it limits no time: {never}")), wait, limit, listener: None }
    }

    /// Shows every statement, for tests that read plans.
    #[cfg(feature = "test-support")]
    pub(crate) fn on_statement(&mut self, show: Listener) {
        self.listener = Some(show);
    }

    /// Closes what nobody needed for a while.
    pub(crate) fn close_idle(&self) {
        self.pool.retain(|_, metrics| metrics.last_used() < KEPT_FOR);
    }

    async fn take(&self) -> Result<Object<Opener>, DbErr> {
        // However many connections turn out to be dead meanwhile.
        let taken = timeout(self.wait, self.pool.get()).await;
        taken.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?.map_err(not_given)
    }

    /// A connection, taken at the first statement.
    pub(crate) fn reading(&self) -> Reading {
        Reading { readers: self.clone(), taken: Mutex::default() }
    }
}

/// Opens connections.
pub(crate) enum Opener {
    Sqlite(Arc<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

/// An open connection.
pub(crate) struct Opened {
    connection: Connection,
    /// Whether a statement runs, or failed.
    is_busy: bool,
    /// Whether nobody waits for it any more; asked by SQLite.
    is_given_up: Arc<AtomicBool>,
}

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Manager for Opener {
    type Type = Opened;
    type Error = Error;

    async fn create(&self) -> Result<Opened, Error> {
        let is_given_up = Arc::new(AtomicBool::new(false));
        let connection = match self {
            Self::Sqlite(options) => {
                let mut sqlite = options.connect().await?;
                let asked = Arc::clone(&is_given_up);
                sqlite.lock_handle().await?.set_progress_handler(ASKS_AFTER, move || !asked.load(Ordering::Relaxed));
                Connection::Sqlite(sqlite)
            }
            Self::Postgres(options) => Connection::Postgres(options.connect().await?),
        };
        Ok(Opened { connection, is_busy: false, is_given_up })
    }

    async fn recycle(&self, opened: &mut Opened, metrics: &Metrics) -> RecycleResult<Error> {
        if opened.is_busy || metrics.age() > USED_FOR {
            return Err(RecycleError::message("it is busy or old"));
        }
        if metrics.last_used() < TRUSTED_FOR {
            return Ok(());
        }
        Ok(opened.ping().await?)
    }
}

impl Opened {
    async fn ping(&mut self) -> Result<(), Error> {
        match &mut self.connection {
            Connection::Sqlite(sqlite) => sqlite.ping().await,
            Connection::Postgres(postgres) => postgres.ping().await,
        }
    }
}

/// A connection that only reads, taken from a pool at the first statement and kept until this is dropped.
pub(crate) struct Reading {
    readers: Readers,
    taken: Mutex<Option<Object<Opener>>>,
}

impl Reading {
    /// Gives the connection back until the next statement.
    pub(crate) async fn rest(&self) {
        drop(self.taken.lock().await.take());
    }

    async fn rows(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if !statement.sql.starts_with("SELECT") {
            return Err(reads_only());
        }
        if let Some(show) = &self.readers.listener {
            show(&statement);
        }
        let sql = AssertSqlSafe(statement.sql);
        let values = SqlxValues(statement.values.unwrap_or_else(|| Values(Vec::new())));
        let mut taken = self.taken.lock().await;
        let opened = match &mut *taken {
            Some(opened) => opened,
            none => none.insert(self.readers.take().await?),
        };
        opened.is_busy = true;
        opened.is_given_up.store(false, Ordering::Relaxed);
        let found = match &mut opened.connection {
            Connection::Sqlite(sqlite) => {
                let found =
                    timeout(self.readers.limit.unwrap_or(Duration::MAX), query_with(sql, values).fetch_all(sqlite)).await;
                found
                    .map_err(|_| {
                        opened.is_given_up.store(true, Ordering::Relaxed);
                        DbErr::Conn(RuntimeErr::Internal("the statement took too long".to_owned()))
                    })
                    .and_then(rows)
            }
            // It keeps the limit itself.
            Connection::Postgres(postgres) => rows(query_with(sql, values).fetch_all(postgres).await),
        };
        match found {
            Ok(_) => opened.is_busy = false,
            // It is thrown away rather than given out again.
            Err(_) => *taken = None,
        }
        found
    }
}

/// Where nobody waits for an answer any more, the database may still be at it: the connection counts until it has ended.
impl Drop for Reading {
    fn drop(&mut self) {
        let Some(mut opened) = self.taken.get_mut().take().filter(|opened| opened.is_busy) else { return };
        opened.is_given_up.store(true, Ordering::Relaxed);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { opened.is_busy = opened.ping().await.is_err() });
        }
    }
}

#[async_trait]
impl ConnectionTrait for Reading {
    fn get_database_backend(&self) -> DbBackend {
        match self.readers.pool.manager() {
            Opener::Sqlite(_) => DbBackend::Sqlite,
            Opener::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(reads_only())
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(reads_only())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.rows(statement).await
    }
}

/// Whatever changes something belongs into a unit of work, which is accounted for.
fn reads_only() -> DbErr {
    DbErr::Custom("a unit that only reads was asked to change something".to_owned())
}

fn not_given(error: PoolError<Error>) -> DbErr {
    match error {
        PoolError::Backend(error) => DbErr::Conn(driver_error(error)),
        PoolError::Closed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
        }
    }
}

fn rows<R: Into<QueryResult>>(found: Result<Vec<R>, Error>) -> Result<Vec<QueryResult>, DbErr> {
    let rows = found.map_err(|error| DbErr::Query(driver_error(error)))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

fn driver_error(error: Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::testing::TestDatabase;
    use crate::{Database, Purpose};

    async fn ask(reading: &Reading, sql: &str) -> Result<String, DbErr> {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = reading.query_one_raw(statement).await?;
        row.unwrap().try_get_by_index(0)
    }

    /// Which connection this is.
    const WHICH: &str = "SELECT pg_backend_pid()::text";

    #[tokio::test]
    async fn a_connection_is_kept_and_given_out_again() {
        let Some(database) = TestDatabase::postgres().await else { return };
        let reading = database.database().reading();
        let first = ask(&reading, WHICH).await.unwrap();
        assert_eq!(ask(&reading, WHICH).await.unwrap(), first);
        reading.rest().await;
        assert_eq!(ask(&database.database().reading(), WHICH).await.unwrap(), first);
    }

    #[tokio::test]
    async fn sqlite_is_read_over_two_connections_for_each_processor_at_most() {
        let database = TestDatabase::empty_sqlite().await;
        let processors = std::thread::available_parallelism().unwrap().get();
        for (allowed, expected) in [(2, 1), (200, 2 * processors)] {
            let database = Database::connect(database.url(), allowed, Purpose::Serving).await.unwrap();
            assert_eq!(database.reading().readers.pool.status().max_size, expected, "{allowed}");
        }
    }

    #[tokio::test]
    async fn a_connection_over_which_a_statement_failed_is_not_given_out_again() {
        let Some(database) = TestDatabase::postgres().await else { return };
        let reading = database.database().reading();
        let first = ask(&reading, WHICH).await.unwrap();
        ask(&reading, "SELECT (1 / 0)::text").await.unwrap_err();
        assert_ne!(ask(&reading, WHICH).await.unwrap(), first);
    }

    #[tokio::test]
    async fn a_connection_given_up_in_the_middle_is_not_given_out_while_it_is_busy() {
        let Some(database) = TestDatabase::postgres().await else { return };
        let reading = database.database().reading();
        let first = ask(&reading, WHICH).await.unwrap();
        let is_asked =
            format!("SELECT count(*)::text FROM pg_stat_activity WHERE pid = {first} AND query LIKE '%pg_sleep%'");
        let seen = async { while database.select_text(&is_asked).await.as_deref() != Some("1") {} };
        // It would take an hour; as soon as the database is at it, nobody waits for it any more.
        tokio::select! {
            _ = ask(&reading, "SELECT pg_sleep(3600)::text") => panic!("it ended"),
            () = seen => {}
        }
        drop(reading);
        assert_ne!(ask(&database.database().reading(), WHICH).await.unwrap(), first);
    }

    /// It would never end.
    const FOREVER: &str =
        "SELECT COUNT(*) || '' FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)";

    /// A database over a single connection that reads, and what reads over it.
    async fn with_one_reader(file: &TestDatabase) -> (Database, Reading) {
        let database = Database::connect(file.url(), 2, Purpose::Serving).await.unwrap();
        let reading = database.reading();
        assert_eq!(ask(&reading, "SELECT 'open'").await.unwrap(), "open");
        (database, reading)
    }

    #[tokio::test]
    async fn sqlite_stops_once_nobody_waits() {
        let file = TestDatabase::empty_sqlite().await;
        let (database, reading) = with_one_reader(&file).await;
        // Polled once, it has been sent to the thread of the connection.
        assert!(std::pin::pin!(ask(&reading, FOREVER)).now_or_never().is_none());
        drop(reading);
        // There is no other connection.
        assert_eq!(ask(&database.reading(), "SELECT 'again'").await.unwrap(), "again");
    }

    #[tokio::test]
    async fn sqlite_stops_after_a_while() {
        let file = TestDatabase::empty_sqlite().await;
        let (_database, reading) = with_one_reader(&file).await;
        let is_given_up = Arc::clone(&reading.taken.lock().await.as_ref().unwrap().is_given_up);
        tokio::time::pause();
        ask(&reading, FOREVER).await.unwrap_err();
        tokio::time::resume();
        assert!(is_given_up.load(Ordering::Relaxed));
        assert_eq!(ask(&reading, "SELECT 'again'").await.unwrap(), "again");
    }
}
