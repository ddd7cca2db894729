//! Creates the ledger of photos, `crm_photos`. Losing it loses the time that photos without a profile
//! are given; the sweep records the others anew.

use super::execute_all;
use crate::engine::{ours, text, timestamp};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let (table, text, timestamp) = (ours(backend, "crm_photos"), text(backend), timestamp(backend));
        let create = format!(
            "CREATE TABLE {table} (tenant_id {text} NOT NULL, user_id {text} NOT NULL, hash {text} NOT NULL, \
             state {text} NOT NULL, full_bytes bigint NOT NULL, thumbnail_bytes bigint NOT NULL, \
             changed_at {timestamp} NOT NULL, PRIMARY KEY (tenant_id, user_id, hash))"
        );
        execute_all(manager, &[create]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = ours(manager.get_database_backend(), "crm_photos");
        execute_all(manager, &[format!("DROP TABLE IF EXISTS {table}")]).await
    }
}
