//! What an interrupted `REINDEX CONCURRENTLY` leaves on PostgreSQL: indexes that nobody can use and every change keeps.

use crate::engine::SCHEMA;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// Their names; none on SQLite. While an index is being made anew, it is among them.
pub async fn leftover_indexes(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT c.relname::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = '{SCHEMA}' AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' ORDER BY 1"
    );
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

/// Removes them while others write. Another `REINDEX` that goes on is waited for.
pub(crate) async fn remove_leftover_indexes(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for name in leftover_indexes(db).await? {
        db.execute_unprepared(&format!("DROP INDEX CONCURRENTLY IF EXISTS {SCHEMA}.\"{name}\"")).await?;
    }
    Ok(())
}
