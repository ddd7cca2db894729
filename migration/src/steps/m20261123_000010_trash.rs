//! Creates the trash: `crm_trash`, what was deleted, and `crm_trash_rows`, the rows of it.

use super::execute_all;
use crate::engine::{ours, text, timestamp};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let (items, rows) = (ours(backend, "crm_trash"), ours(backend, "crm_trash_rows"));
        let (text, timestamp) = (text(backend), timestamp(backend));
        let statements = [
            format!(
                "CREATE TABLE {items} (tenant_id {text} NOT NULL, id {text} NOT NULL, resource {text} NOT NULL, \
                 resource_id {text} NOT NULL, profile_id {text} NOT NULL, owner_id {text} NOT NULL, author_id {text}, \
                 note_type {text}, is_private boolean, photo {text}, deleted_at {timestamp} NOT NULL, deleted_by {text}, \
                 PRIMARY KEY (tenant_id, id))"
            ),
            format!("CREATE INDEX crm_trash_by_time ON {items} (tenant_id, deleted_at, id)"),
            format!("CREATE INDEX crm_trash_by_photo ON {items} (tenant_id, owner_id, photo)"),
            format!(
                "CREATE TABLE {rows} (tenant_id {text} NOT NULL, item_id {text} NOT NULL, resource {text} NOT NULL, \
                 row_id {text} NOT NULL, content {text} NOT NULL, PRIMARY KEY (tenant_id, item_id, resource, row_id))"
            ),
        ];
        execute_all(manager, &statements).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let statements =
            ["crm_trash", "crm_trash_rows"].map(|table| format!("DROP TABLE IF EXISTS {}", ours(backend, table)));
        execute_all(manager, &statements).await
    }
}
