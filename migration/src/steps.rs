//! The steps, in order. A released step never changes; a new need is a new step.

mod m20261122_000001_host_tables;
mod m20261122_000002_client_module;
mod m20261122_000003_profile_search;
mod m20261122_000004_note_index;
mod m20261122_000005_triggers;
mod m20261122_000006_backfill;
mod m20261122_000007_photo_ledger;
mod m20261123_000008_audit;
mod m20261123_000009_requests;
mod m20261123_000010_trash;
mod m20261123_000011_profile_names;
mod m20261123_000012_profile_names_backfill;
mod m20261128_000013_search_at_scale;
mod m20261128_000014_search_at_scale_backfill;
mod m20261129_000015_search_by_tenant;
mod m20261129_000016_search_sample;

use sea_orm_migration::prelude::{ConnectionTrait, DbErr, MigrationTrait, MigratorTrait, SchemaManager, async_trait};
use sea_orm_migration::sea_orm::DynIden;
use sea_orm_migration::sea_query::IntoIden;

/// Knows the steps and where they are recorded.
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_host_tables::Migration),
            Box::new(m20261122_000002_client_module::Migration),
            Box::new(m20261122_000003_profile_search::Migration),
            Box::new(m20261122_000004_note_index::Migration),
            Box::new(m20261122_000005_triggers::Migration),
            Box::new(m20261122_000006_backfill::Migration),
            Box::new(m20261122_000007_photo_ledger::Migration),
            Box::new(m20261123_000008_audit::Migration),
            Box::new(m20261123_000009_requests::Migration),
            Box::new(m20261123_000010_trash::Migration),
            Box::new(m20261123_000011_profile_names::Migration),
            Box::new(m20261123_000012_profile_names_backfill::Migration),
            Box::new(m20261128_000013_search_at_scale::Migration),
            Box::new(m20261128_000014_search_at_scale_backfill::Migration),
            Box::new(m20261129_000015_search_by_tenant::Migration),
            Box::new(m20261129_000016_search_sample::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "crm_migrations".into_iden()
    }
}

async fn execute_all(manager: &SchemaManager<'_>, statements: &[String]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
