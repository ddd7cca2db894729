//! Sets the words of `crm_profile_search` apart, indexes its text on SQLite, counts profiles, and gives the host tables
//! that we created the indexes that are recommended by now.

use super::execute_all;
use crate::adopt::is_ours;
use crate::projection::profile_search::spaced_source;
use crate::projection::{profile_count, trigram};
use crate::recommended_index::missing_indexes;
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        let mut statements = Vec::new();
        if backend != DbBackend::Postgres {
            statements.push("DROP VIEW crm_profile_search_source".to_owned());
            statements.extend(trigram::sqlite_tables());
        }
        statements.push(spaced_source(backend));
        statements.extend(profile_count::create_sql(backend));
        execute_all(manager, &statements).await?;
        for index in missing_indexes(db).await? {
            if is_ours(db, index.table).await? {
                db.execute_unprepared(&index.create_at_once_sql(backend)).await?;
            }
        }
        Ok(())
    }

    /// The rest goes with its table, in the steps before.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let mut statements = profile_count::drop_sql(backend);
        if backend != DbBackend::Postgres {
            statements.push("DROP TABLE IF EXISTS crm_profile_text".to_owned());
        }
        execute_all(manager, &statements).await
    }
}
