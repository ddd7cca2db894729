//! Creates the module tables that are absent.

use crate::adopt::{create_missing, drop_created};
use crate::module_tables::{ENUMERATIONS, TABLES};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_missing(manager, ENUMERATIONS, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_created(manager, ENUMERATIONS, TABLES).await
    }
}
