//! Fills `crm_profile_search` in its new form. Nobody waits for it.

use crate::projection::profile_search::PROFILE_SEARCH;
use crate::projection::refresh;
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refresh(manager.get_connection(), &PROFILE_SEARCH).await.map(drop)
    }

    /// The rows go with their table, in the steps before.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }

    /// Every batch commits on its own, so that writers of the web app never wait for all of it.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
