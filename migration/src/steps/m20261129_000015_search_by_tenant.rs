//! Finds text by keys that hold the tenant, in place of the trigrams of all tenants.

use super::execute_all;
use crate::engine::SCHEMA;
use crate::projection::profile_search::drop_own_trigram_extension;
use crate::projection::search_keys;
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let mut statements = Vec::new();
        if backend == DbBackend::Postgres {
            execute_all(manager, &search_keys::postgres_functions()).await?;
            search_keys::make_postgres_index(manager.get_connection()).await?;
            // An older server goes on meanwhile, and reads more rows from here on.
            let trigrams = ["text", "phone"];
            statements.extend(
                trigrams.map(|of| format!("DROP INDEX CONCURRENTLY IF EXISTS {SCHEMA}.crm_profile_search_{of}_idx")),
            );
            statements.push(drop_own_trigram_extension());
        } else {
            let triggers = ["added", "removed", "changed"];
            statements.extend(triggers.map(|event| format!("DROP TRIGGER crm_profile_text_{event}")));
            statements.push("DROP TABLE crm_profile_text".to_owned());
            statements.extend(search_keys::sqlite_tables());
            statements.push(search_keys::rebuild_sql(backend));
        }
        execute_all(manager, &statements).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute_all(manager, &search_keys::drop_sql(manager.get_database_backend())).await
    }

    /// An index that is made while others write needs transactions of its own.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
