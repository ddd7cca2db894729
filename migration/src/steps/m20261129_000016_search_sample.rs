//! Proves on PostgreSQL that a word is common without reading the places of all who have it.

use super::execute_all;
use crate::projection::search_sample;
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Postgres => search_sample::make(manager.get_connection()).await,
            _ => Ok(()),
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Postgres => execute_all(manager, &search_sample::drop_sql()).await,
            _ => Ok(()),
        }
    }

    /// An index that is made while others write needs transactions of its own.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
