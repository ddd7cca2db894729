//! Creating what is absent, and removing only what we created.

use crate::blueprint::{Enumeration, Table};
use crate::engine::{exists, ours, shared};
use crate::recommended_index::RECOMMENDED_INDEXES;
use sea_orm_migration::prelude::SchemaManager;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use sea_orm_migration::sea_query::Table as TableStatement;

/// Remembers the names of the tables and types that we created beside the host's.
const ORIGIN: &str = "crm_schema_origin";

/// Creates the list of what we created.
pub(crate) async fn create_origin(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = ours(manager.get_database_backend(), ORIGIN);
    let sql = format!("CREATE TABLE {table} (name text NOT NULL PRIMARY KEY)");
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Drops the list of what we created.
pub(crate) async fn drop_origin(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = format!("DROP TABLE {}", ours(manager.get_database_backend(), ORIGIN));
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Creates the types and tables that are absent. Those that exist are left exactly as they are.
pub(crate) async fn create_missing(
    manager: &SchemaManager<'_>,
    enumerations: &[Enumeration],
    tables: &[Table],
) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let db = manager.get_connection();
    if backend == DbBackend::Postgres {
        for enumeration in enumerations {
            if !type_exists(db, enumeration.name).await? {
                manager.create_type(enumeration.create()).await?;
                remember(db, enumeration.name).await?;
            }
        }
    }
    for table in tables {
        if table_exists(db, table.name).await? {
            continue;
        }
        manager.create_table(table.create(backend)).await?;
        for index in table.unique_indexes(backend) {
            manager.create_index(index).await?;
        }
        // A table of ours starts empty and unused, so its indexes cost nothing now.
        for index in RECOMMENDED_INDEXES.iter().filter(|index| index.table == table.name) {
            db.execute_unprepared(&index.create_at_once_sql(backend)).await?;
        }
        remember(db, table.name).await?;
    }
    Ok(())
}

/// Drops those of the tables and types that we created.
pub(crate) async fn drop_created(
    manager: &SchemaManager<'_>,
    enumerations: &[Enumeration],
    tables: &[Table],
) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let db = manager.get_connection();
    for table in tables.iter().rev() {
        if forget(db, table.name).await? {
            manager.drop_table(TableStatement::drop().table(table.reference(backend)).if_exists().take()).await?;
        }
    }
    for enumeration in enumerations {
        if forget(db, enumeration.name).await? {
            manager.drop_type(enumeration.drop()).await?;
        }
    }
    Ok(())
}

async fn table_exists(db: &impl ConnectionTrait, name: &str) -> Result<bool, DbErr> {
    let query = match db.get_database_backend() {
        backend @ DbBackend::Postgres => {
            format!("SELECT 1 WHERE to_regclass('{}') IS NOT NULL", shared(backend, name))
        }
        _ => format!("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{name}'"),
    };
    exists(db, &query).await
}

async fn type_exists(db: &impl ConnectionTrait, name: &str) -> Result<bool, DbErr> {
    let name = shared(DbBackend::Postgres, name);
    exists(db, &format!("SELECT 1 WHERE to_regtype('{name}') IS NOT NULL")).await
}

/// Tells whether we created this table.
pub(crate) async fn is_ours(db: &impl ConnectionTrait, table: &str) -> Result<bool, DbErr> {
    let origin = ours(db.get_database_backend(), ORIGIN);
    exists(db, &format!("SELECT 1 FROM {origin} WHERE name = '{table}'")).await
}

async fn remember(db: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = format!("INSERT INTO {} (name) VALUES ($1)", ours(backend, ORIGIN));
    db.execute_raw(Statement::from_sql_and_values(backend, sql, [name.into()])).await?;
    Ok(())
}

/// Tells whether the name was on the list, and takes it off.
async fn forget(db: &impl ConnectionTrait, name: &str) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = format!("DELETE FROM {} WHERE name = $1", ours(backend, ORIGIN));
    let statement = Statement::from_sql_and_values(backend, sql, [name.into()]);
    Ok(db.execute_raw(statement).await?.rows_affected() > 0)
}
