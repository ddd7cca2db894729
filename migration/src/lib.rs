//! Creates or adopts the tables of the client module, on SQLite and PostgreSQL.
//!
//! Three kinds of tables are involved:
//!
//! - *Host tables* (`users`, `appointments`, …) belong to CitaPlanner. Existing ones are never altered.
//! - *Module tables* (`client_profiles`, `client_notes`, `client_preferences`) are shared with its web app.
//!   Existing ones get triggers and nothing else.
//! - *Our tables* start with `crm_`. On PostgreSQL they live in a schema of their own, because the host
//!   removes unknown tables from `public`.
//!
//! PostgreSQL 14 or later is needed, with connections whose search path is `citaplanner_crm,public`
//! and a pool of at least two. The `README.md` tells what is locked, and for how long.

mod adopt;
mod blueprint;
mod contact_key;
mod engine;
mod fold;
mod host_tables;
mod leftover_index;
mod module_tables;
mod projection;
mod recommended_index;
mod reconcile;
mod steps;
mod trigger;

pub use contact_key::{sql_email_key, sql_phone_key};
pub use fold::{FOLD_LETTERS, FOLD_REMOVED};
pub use leftover_index::leftover_indexes;
pub use projection::search_keys::{
    SEARCH_KEY_LENGTH, SEARCH_KEY_OF_WORD, SEARCH_KEY_SEPARATOR, SEARCH_KEYS_OF_PARTS, postgres_has_search_keys,
    sqlite_search_keys,
};
pub use projection::search_sample::{postgres_has_sampled_words, postgres_is_sampled};
pub use recommended_index::{ContactKey, RECOMMENDED_INDEXES, RecommendedIndex, missing_indexes};
pub use reconcile::{Reconciled, fold_counts, reconcile, reindex};
pub use trigger::{attach_triggers, missing_triggers};

use engine::{SCHEMA, begin_write, exists, migration_lock};
use sea_orm_migration::MigrationStatus;
use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};
use steps::Migrator;

/// A step of the migration, and whether the database has taken it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The name under which it is recorded.
    pub name: String,
    /// Whether it is applied.
    pub applied: bool,
}

/// Applies the steps that are pending, and attaches triggers that got lost since.
///
/// Any number of instances may call this at the same time: one applies, the others wait.
pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = migration_lock(db).await?;
        create_schema(db).await?;
        // Not in the transaction of the lock: the triggers must be committed before the projections are filled.
        Migrator::up(db, None).await?;
        attach_triggers(&lock).await?;
        return lock.commit().await;
    }
    let tx = begin_write(db).await?;
    Migrator::up(&tx, None).await?;
    attach_triggers(&tx).await?;
    tx.commit().await
}

/// Takes all steps back, and leaves what `up` found as `up` found it.
///
/// Tables that `up` created are dropped with their rows.
pub async fn down(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = migration_lock(db).await?;
        if schema_exists(db).await? {
            check_search_path(db).await?;
            Migrator::reset(db).await?;
            db.execute_unprepared(&format!("DROP SCHEMA {SCHEMA}")).await?;
        }
        return lock.commit().await;
    }
    let tx = begin_write(db).await?;
    Migrator::reset(&tx).await?;
    tx.commit().await
}

/// Tells which steps are applied. Changes nothing.
pub async fn status(db: &DatabaseConnection) -> Result<Vec<Step>, DbErr> {
    let steps = Migrator::get_migration_with_status_read_only(db).await?;
    Ok(steps
        .iter()
        .map(|step| Step { name: step.name().to_owned(), applied: step.status() == MigrationStatus::Applied })
        .collect())
}

async fn create_schema(db: &DatabaseConnection) -> Result<(), DbErr> {
    // "If not exists" would still ask for the right to create one, which an operator
    // who made the schema beforehand need not give.
    if !schema_exists(db).await? {
        db.execute_unprepared(&format!("CREATE SCHEMA {SCHEMA}")).await?;
    }
    check_search_path(db).await
}

async fn schema_exists(db: &DatabaseConnection) -> Result<bool, DbErr> {
    let query = format!("SELECT 1 FROM pg_namespace WHERE nspname = '{SCHEMA}'");
    exists(db, &query).await
}

/// The migrator names its own table without a schema, so a wrong path would put it into `public`.
async fn check_search_path(db: &DatabaseConnection) -> Result<(), DbErr> {
    let query = format!("SELECT 1 WHERE current_schema() = '{SCHEMA}'");
    if exists(db, &query).await? {
        return Ok(());
    }
    let message = format!("the connection's search_path must be {SCHEMA},public");
    Err(DbErr::Migration(message))
}
