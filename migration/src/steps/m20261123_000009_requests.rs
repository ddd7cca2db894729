//! Creates the ledger of requests that took effect, `crm_requests`.

use super::execute_all;
use crate::engine::{ours, text, timestamp};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let (table, text, timestamp) = (ours(backend, "crm_requests"), text(backend), timestamp(backend));
        let statements = [
            format!(
                "CREATE TABLE {table} (tenant_id {text} NOT NULL, user_id {text} NOT NULL, key {text} NOT NULL, \
                 request {text} NOT NULL, resource {text} NOT NULL, resource_id {text} NOT NULL, answer {text}, \
                 noted_at {timestamp} NOT NULL, PRIMARY KEY (tenant_id, user_id, key))"
            ),
            format!("CREATE INDEX crm_requests_by_time ON {table} (tenant_id, noted_at)"),
        ];
        execute_all(manager, &statements).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = ours(manager.get_database_backend(), "crm_requests");
        execute_all(manager, &[format!("DROP TABLE IF EXISTS {table}")]).await
    }
}
