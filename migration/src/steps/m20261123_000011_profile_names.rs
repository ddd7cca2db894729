//! Adds to `crm_profile_search` what lists by name and by month of birth need, still empty for rows that are there.

use super::execute_all;
use crate::projection::profile_search::{PROFILE_SEARCH, add_names_sql};
use crate::trigger::{attach_triggers, create_functions, detach_triggers};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        execute_all(manager, &add_names_sql(backend)).await?;
        // On PostgreSQL the triggers stay and call new functions, so the module tables need not be locked.
        if backend != DbBackend::Postgres {
            detach_triggers(db).await?;
        }
        create_functions(db, &PROFILE_SEARCH).await?;
        attach_triggers(db).await?;
        Ok(())
    }

    /// The columns go with their table, in the steps before.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
