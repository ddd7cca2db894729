//! Attaches the triggers to the module tables.
//!
//! A step of its own, so that its locks on those tables are held for a moment only.

use crate::projection::profile_search::PROFILE_SEARCH_WITHOUT_NAMES;
use crate::trigger::{attach_triggers_of, create_functions, detach_triggers, drop_functions};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_functions(manager.get_connection(), &PROFILE_SEARCH_WITHOUT_NAMES).await?;
        attach_triggers_of(manager.get_connection(), &PROFILE_SEARCH_WITHOUT_NAMES).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        detach_triggers(manager.get_connection()).await?;
        drop_functions(manager.get_connection()).await
    }
}
