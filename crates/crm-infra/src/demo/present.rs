//! What is in the database before and after.

use crm_domain::error::StoreError;
use crm_domain::profile::Gender;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable, Value};

use super::DemoPlan;
use super::catalogue::Business;
use super::maker;
use super::rows::Table;
use crate::database::Database;
use crate::error::store_error;

/// Why a plan is not carried out.
#[derive(Debug, thiserror::Error)]
#[error("the database already has a tenant with the subdomain {subdomain}; choose another seed than {seed}")]
struct Taken {
    subdomain: String,
    seed: u64,
}

/// Whether the database has no tenant yet.
pub async fn is_empty(database: &Database) -> Result<bool, StoreError> {
    let row = first_row(database, "SELECT NOT EXISTS (SELECT 1 FROM tenants) AS answer", Vec::new()).await?;
    Ok(row.map(|row| answer(&row)).transpose()?.unwrap_or_default())
}

/// Refuses a plan whose tenants the database has already.
pub(super) async fn refuse_twice(database: &Database, plan: &DemoPlan) -> Result<(), StoreError> {
    let suffix = maker::suffix(plan.seed);
    for number in 0..plan.tenants.max(1) {
        let subdomain = Business::numbered(number as usize, &suffix).subdomain;
        let sql = match database.backend() {
            DbBackend::Postgres => "SELECT TRUE AS answer FROM tenants WHERE subdomain = $1",
            _ => "SELECT TRUE AS answer FROM tenants WHERE subdomain = ?",
        };
        if first_row(database, sql, vec![subdomain.as_str().into()]).await?.is_some() {
            return Err(StoreError::Failed(Box::new(Taken { subdomain, seed: plan.seed })));
        }
    }
    Ok(())
}

/// Whether the genders of this database have Spanish labels, as in those that the host made lately.
pub(super) async fn speaks_spanish_genders(database: &Database) -> Result<bool, StoreError> {
    if database.backend() == DbBackend::Sqlite {
        return Ok(false);
    }
    let sql = r#"SELECT $1 = ANY (enum_range(NULL::"Gender")::text[]) AS answer"#;
    let row = first_row(database, sql, vec![Gender::Female.as_spanish_str().into()]).await?;
    Ok(row.map(|row| answer(&row)).transpose()?.unwrap_or_default())
}

/// Lets the database count what it has, so that it plans well from the first query on.
pub(super) async fn analyze(database: &Database) -> Result<(), StoreError> {
    let sql = if database.backend() == DbBackend::Sqlite {
        // A sample of each index is enough, and takes a moment however large the tables are.
        "PRAGMA analysis_limit = 1000; ANALYZE".to_owned()
    } else {
        let shared: Vec<_> = Table::ALL.into_iter().map(Table::name).collect();
        format!("ANALYZE {}, crm_profile_search, crm_note_index", shared.join(", "))
    };
    database.connection().execute_unprepared(&sql).await.map_err(store_error)?;
    Ok(())
}

async fn first_row(database: &Database, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, StoreError> {
    let statement = Statement::from_sql_and_values(database.backend(), sql, values);
    database.connection().query_one_raw(statement).await.map_err(store_error)
}

fn answer<T: TryGetable>(row: &QueryResult) -> Result<T, StoreError> {
    row.try_get("", "answer").map_err(store_error)
}
