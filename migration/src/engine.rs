//! The few ways in which the two engines differ.

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

/// The PostgreSQL schema that holds everything of ours.
///
/// The host makes schema `public` equal to its own model at every start, so nothing of ours may live there.
pub(crate) const SCHEMA: &str = "citaplanner_crm";

/// An object of ours, named so that the connection's search path does not matter.
pub(crate) fn ours(backend: DbBackend, name: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{SCHEMA}.{name}"),
        _ => name.to_owned(),
    }
}

/// A table shared with the host. Unqualified, PostgreSQL would look in our schema first.
pub(crate) fn shared(backend: DbBackend, table: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("public.\"{table}\""),
        _ => format!("\"{table}\""),
    }
}

/// Text of our own tables, compared byte by byte so that both engines order alike.
pub(crate) fn text(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "text COLLATE \"C\"",
        _ => "text",
    }
}

/// Milliseconds without a zone, as the host stores them.
pub(crate) fn timestamp(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "timestamp(3)",
        // Text affinity, and a name that the driver accepts for a date with time.
        _ => "datetime_text",
    }
}

/// Tells whether the query finds a row.
pub(crate) async fn exists(db: &impl ConnectionTrait, query: &str) -> Result<bool, DbErr> {
    let sql = format!("SELECT EXISTS ({query}) AS found");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    match db.query_one_raw(statement).await? {
        Some(row) => row.try_get("", "found"),
        None => Ok(false),
    }
}

/// The first column of every row, as text.
pub(crate) async fn strings(db: &impl ConnectionTrait, statement: Statement) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Begins a transaction that may write.
///
/// SQLite takes the write lock at once: a transaction that reads first and writes later
/// fails instead of waiting when another connection wrote in between.
/// PostgreSQL must see what was committed while it waited for a lock, hence `READ COMMITTED`.
pub(crate) async fn begin_write<C: TransactionTrait + ConnectionTrait>(db: &C) -> Result<C::Transaction, DbErr> {
    let options = match db.get_database_backend() {
        DbBackend::Postgres => {
            TransactionOptions { isolation_level: Some(IsolationLevel::ReadCommitted), ..TransactionOptions::default() }
        }
        _ => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        },
    };
    db.begin_with_options(options).await
}

/// Waits for our turn among the instances that start at the same time.
///
/// The lock ends with the returned transaction, also when the process dies. An index that is made while others write waits
/// for every older snapshot. So nobody waits here within a transaction, and whoever has the lock must run nothing over it
/// meanwhile: between its statements, such a transaction has no snapshot.
pub(crate) async fn migration_lock<C>(db: &C) -> Result<DatabaseTransaction, DbErr>
where
    C: TransactionTrait<Transaction = DatabaseTransaction> + ConnectionTrait,
{
    /// Any constant does, as long as every instance uses the same.
    const KEY: i64 = 0x0063_726d_5f6d_6967;
    loop {
        let lock = begin_write(db).await?;
        if exists(&lock, &format!("SELECT 1 WHERE pg_try_advisory_xact_lock({KEY})")).await? {
            lock.execute_unprepared(
                "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
                 SET LOCAL idle_in_transaction_session_timeout = 0",
            )
            .await?;
            return Ok(lock);
        }
        lock.rollback().await?;
        db.execute_unprepared("SELECT pg_sleep(0.1)").await?;
    }
}
