//! Copies of module rows in a form made for searching and paging.
//!
//! A projection has a *source*: a view (SQLite) or a function that reads like one (PostgreSQL) and computes
//! what the rows should be. Triggers, the first filling and repairs all copy from the source,
//! so the rule is written once per engine.

pub(crate) mod note_index;
pub(crate) mod profile_count;
pub(crate) mod profile_search;
pub(crate) mod search_keys;
pub(crate) mod search_sample;
pub(crate) mod trigram;

use crate::engine::{begin_write, ours, strings};
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, RuntimeErr, Statement, TransactionTrait, Value,
};

/// A projection, described enough to keep it equal to its source.
pub(crate) struct Projection {
    /// The table; its source has the same name with `_source` appended.
    table: &'static str,
    key: &'static str,
    /// All columns but the key.
    columns: &'static [&'static str],
    /// The columns of the module table that the row is computed from.
    pub(crate) fields: &'static [&'static str],
    /// PostgreSQL: locks the rows that the keys `{keys}` are computed from, until the transaction ends.
    lock: &'static str,
}

impl Projection {
    /// Copies the rows that `condition` selects from the source; rows that are right already are not written.
    pub(crate) fn copy_sql(&self, backend: DbBackend, condition: &str) -> String {
        let Self { table, key, .. } = self;
        let columns = self.columns.join(", ");
        let assignments = self.list(|column| format!("{column} = excluded.{column}"));
        let held = self.list(|column| format!("{table}.{column}"));
        let wanted = self.list(|column| format!("excluded.{column}"));
        format!(
            "INSERT INTO {} ({key}, {columns}) SELECT {key}, {columns} FROM {} WHERE {condition} \
             ON CONFLICT ({key}) DO UPDATE SET {assignments} WHERE ({held}) <> ({wanted})",
            ours(backend, table),
            self.source(backend),
        )
    }

    /// Finds the next rows after `$1` whose source is gone.
    fn orphans_sql(&self, backend: DbBackend) -> String {
        let Self { table, key, .. } = self;
        let (held, is_orphan) = (ours(backend, table), self.is_orphan(backend));
        format!("SELECT {key} FROM {held} WHERE {key} > $1 AND {is_orphan} ORDER BY {key} LIMIT {BATCH}")
    }

    /// Deletes those of these rows whose source is gone.
    fn sweep_sql(&self, backend: DbBackend, keys: &str) -> String {
        let Self { table, key, .. } = self;
        let (held, is_orphan) = (ours(backend, table), self.is_orphan(backend));
        format!("DELETE FROM {held} WHERE {key} IN ({keys}) AND {is_orphan}")
    }

    fn is_orphan(&self, backend: DbBackend) -> String {
        let Self { table, key, .. } = self;
        format!("NOT EXISTS (SELECT 1 FROM {} AS source WHERE source.{key} = {table}.{key})", self.source(backend))
    }

    /// Finds the next rows after `$1` that are missing or wrong.
    fn stale_sql(&self, backend: DbBackend) -> String {
        let key = self.key;
        let held = self.list(|column| format!("held.{column}"));
        let wanted = self.list(|column| format!("source.{column}"));
        format!(
            "SELECT source.{key} FROM {} AS source \
             LEFT JOIN {} AS held ON held.{key} = source.{key} \
             WHERE source.{key} > $1 AND (held.{key} IS NULL OR ({held}) <> ({wanted})) \
             ORDER BY source.{key} LIMIT {BATCH}",
            self.source(backend),
            ours(backend, self.table),
        )
    }

    fn source(&self, backend: DbBackend) -> String {
        let source = ours(backend, &format!("{}_source", self.table));
        match backend {
            DbBackend::Postgres => format!("{source}()"),
            _ => source,
        }
    }

    fn list(&self, item: impl Fn(&str) -> String) -> String {
        let items: Vec<String> = self.columns.iter().map(|column| item(column)).collect();
        items.join(", ")
    }
}

/// Rows per transaction. A writer of the web app may have to wait for one batch, never for all.
const BATCH: usize = 500;

/// How often a batch is tried again when writers of the web app hold its rows; about a minute.
const ATTEMPTS: usize = 240;

/// Removes the rows whose source is gone and answers how many there were.
pub(crate) async fn sweep(db: &impl ConnectionTrait, projection: &Projection) -> Result<u64, DbErr> {
    let backend = db.get_database_backend();
    let (mut orphans, mut removed) = (Search::new(projection.orphans_sql(backend)), 0);
    while let Some(keys) = orphans.next(db).await? {
        let sweep = with_keys(backend, &keys, |placeholders| projection.sweep_sql(backend, placeholders));
        removed += db.execute_raw(sweep).await?.rows_affected();
    }
    Ok(removed)
}

/// Writes the rows that are missing or wrong and answers how many there were.
pub(crate) async fn refresh<C>(db: &C, projection: &Projection) -> Result<u64, DbErr>
where
    C: TransactionTrait<Transaction = DatabaseTransaction> + ConnectionTrait,
{
    let (mut stale, mut written) = (Search::new(projection.stale_sql(db.get_database_backend())), 0);
    while let Some(keys) = stale.next(db).await? {
        written += copy_patiently(db, projection, &keys).await?;
    }
    Ok(written)
}

/// A search for what is wrong, batch by batch.
///
/// It takes no lock, which on SQLite would keep every writer waiting until all rows are looked at; only what is found is
/// written, in small transactions.
struct Search {
    sql: String,
    last: String,
}

impl Search {
    /// A search by a query for the next keys after `$1`.
    fn new(sql: String) -> Self {
        Self { sql, last: String::new() }
    }

    /// The next keys, `None` if there are no more.
    async fn next(&mut self, db: &impl ConnectionTrait) -> Result<Option<Vec<String>>, DbErr> {
        let after = [self.last.as_str().into()];
        let keys = strings(db, Statement::from_sql_and_values(db.get_database_backend(), &self.sql, after)).await?;
        let Some(end) = keys.last() else { return Ok(None) };
        self.last.clone_from(end);
        Ok(Some(keys))
    }
}

/// A statement about these keys, whose placeholders it is given.
fn with_keys(backend: DbBackend, keys: &[String], sql: impl FnOnce(&str) -> String) -> Statement {
    let placeholders: Vec<String> = (1..=keys.len()).map(|n| format!("${n}")).collect();
    let values = keys.iter().map(|key| Value::from(key.as_str()));
    Statement::from_sql_and_values(backend, sql(&placeholders.join(", ")), values)
}

async fn copy_patiently<C>(db: &C, projection: &Projection, keys: &[String]) -> Result<u64, DbErr>
where
    C: TransactionTrait<Transaction = DatabaseTransaction> + ConnectionTrait,
{
    for _ in 1..ATTEMPTS {
        match copy(db, projection, keys).await {
            Err(error) if is_lock_conflict(&error) => {}
            done => return done,
        }
    }
    copy(db, projection, keys).await
}

async fn copy<C>(db: &C, projection: &Projection, keys: &[String]) -> Result<u64, DbErr>
where
    C: TransactionTrait<Transaction = DatabaseTransaction> + ConnectionTrait,
{
    let backend = db.get_database_backend();
    let tx = begin_write(db).await?;
    if backend == DbBackend::Postgres {
        // Without the lock, a row that changes between our reading and our writing would be
        // overwritten with what it was. And whoever waits for the other must be us:
        // PostgreSQL ends a deadlock after a second, perhaps at the cost of the web app.
        tx.execute_unprepared("SET LOCAL lock_timeout = '250ms'").await?;
        let lock = with_keys(backend, keys, |placeholders| projection.lock.replace("{keys}", placeholders));
        tx.query_all_raw(lock).await?;
    }
    let copy = |placeholders: &str| projection.copy_sql(backend, &format!("{} IN ({placeholders})", projection.key));
    let result = tx.execute_raw(with_keys(backend, keys, copy)).await?;
    tx.commit().await?;
    Ok(result.rows_affected())
}

fn is_lock_conflict(error: &DbErr) -> bool {
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    const DEADLOCK: &str = "40P01";
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    let Some(cause) = cause.as_database_error() else {
        return false;
    };
    matches!(cause.code().as_deref(), Some(LOCK_NOT_AVAILABLE | DEADLOCK))
}
