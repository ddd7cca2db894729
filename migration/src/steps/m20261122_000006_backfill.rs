//! Fills the projections with the rows that were there before the triggers.
//!
//! The triggers are committed by now, so no write in the meantime is lost.

use crate::projection::note_index::NOTE_INDEX;
use crate::projection::profile_search::PROFILE_SEARCH_WITHOUT_NAMES;
use crate::projection::refresh;
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refresh(manager.get_connection(), &PROFILE_SEARCH_WITHOUT_NAMES).await?;
        refresh(manager.get_connection(), &NOTE_INDEX).await?;
        Ok(())
    }

    /// The rows go with their tables, in the steps before.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }

    /// Every batch commits on its own, so that writers of the web app never wait for all of it.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
