//! What an interrupted `REINDEX CONCURRENTLY` leaves on PostgreSQL: indexes that nobody can use and
//! every change keeps up to date.

use crate::engine::SCHEMA;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// Their names with their schema, also of those of texts that are kept apart (TOAST); none on SQLite. An index that is being
/// made anew is among them.
pub async fn leftover_indexes(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_index i \
         JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_class t ON i.indrelid IN (t.oid, t.reltoastrelid) \
         WHERE t.relnamespace = to_regnamespace('{SCHEMA}') AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' \
         ORDER BY 1"
    );
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

/// Removes them while others write. It must not run beside a `REINDEX`, whose indexes it would remove: one of the two fails.
pub(crate) async fn remove_leftover_indexes(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for name in leftover_indexes(db).await? {
        db.execute_unprepared(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
    }
    Ok(())
}
