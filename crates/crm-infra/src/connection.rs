//! What a unit says its statements over: the connection of its transaction, or one that it keeps while it reads.
//!
//! A pool asks a connection whether it lives whenever it takes it back. Taken for each statement, most of what a
//! database hears would be that question.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::sea_query::Values;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{AssertSqlSafe, Error, Postgres, Sqlite, query_with};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement,
};
use sea_query_sqlx::SqlxValues;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedSemaphorePermit};

/// Shows a statement that is about to run.
pub(crate) type Listener = Arc<dyn Fn(&Statement) + Send + Sync>;

/// The one connection of a unit.
pub(crate) enum Connection {
    Reading(Reading),
    Transaction { transaction: DatabaseTransaction, _writer: Option<OwnedSemaphorePermit> },
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Reading(reading) => reading.pool.get_database_backend(),
            Self::Transaction { transaction, .. } => transaction.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reading(_) => Err(reads_only()),
            Self::Transaction { transaction, .. } => transaction.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reading(_) => Err(reads_only()),
            Self::Transaction { transaction, .. } => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Reading(reading) => Ok(reading.rows(&statement).await?.into_iter().next()),
            Self::Transaction { transaction, .. } => transaction.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Reading(reading) => reading.rows(&statement).await,
            Self::Transaction { transaction, .. } => transaction.query_all_raw(statement).await,
        }
    }
}

/// Whatever changes something belongs into a unit of work, which is accounted for.
fn reads_only() -> DbErr {
    DbErr::Custom("a unit that only reads was asked to change something".to_owned())
}

/// A connection taken from a pool at the first statement and kept until the unit ends.
pub(crate) struct Reading {
    pool: DatabaseConnection,
    taken: Mutex<Option<Taken>>,
    listener: Option<Listener>,
}

enum Taken {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Reading {
    pub(crate) fn over(pool: DatabaseConnection, listener: Option<Listener>) -> Self {
        Self { pool, taken: Mutex::default(), listener }
    }

    /// Gives the connection back until the next statement.
    pub(crate) async fn rest(&self) {
        drop(self.taken.lock().await.take());
    }

    async fn rows(&self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        if !statement.sql.starts_with("SELECT") {
            return Err(reads_only());
        }
        if let Some(show) = &self.listener {
            show(statement);
        }
        let sql = AssertSqlSafe(statement.sql.as_str());
        let values = SqlxValues(statement.values.clone().unwrap_or_else(|| Values(Vec::new())));
        let mut taken = self.taken.lock().await;
        let connection = match &mut *taken {
            Some(connection) => connection,
            none => none.insert(self.take().await?),
        };
        match connection {
            Taken::Sqlite(connection) => rows(query_with(sql, values).fetch_all(&mut **connection).await),
            Taken::Postgres(connection) => rows(query_with(sql, values).fetch_all(&mut **connection).await),
        }
    }

    async fn take(&self) -> Result<Taken, DbErr> {
        let taken = match self.pool.get_database_backend() {
            DbBackend::Sqlite => self.pool.get_sqlite_connection_pool().acquire().await.map(Taken::Sqlite),
            _ => self.pool.get_postgres_connection_pool().acquire().await.map(Taken::Postgres),
        };
        taken.map_err(|error| DbErr::Conn(driver_error(error)))
    }
}

/// A pool takes a connection back by a task. While a runtime shuts down there are none; then the connection is closed.
impl Drop for Reading {
    fn drop(&mut self) {
        if Handle::try_current().is_ok() {
            return;
        }
        match self.taken.get_mut().take() {
            Some(Taken::Sqlite(connection)) => drop(connection.leak()),
            Some(Taken::Postgres(connection)) => drop(connection.leak()),
            None => {}
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
