//! What is in the database before and after.

use crm_domain::error::StoreError;
use crm_domain::profile::Gender;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

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
    ask(database, "SELECT NOT EXISTS (SELECT 1 FROM tenants) AS answer", None).await
}

/// Refuses a plan whose tenants the database has already.
pub(super) async fn refuse_twice(database: &Database, plan: &DemoPlan) -> Result<(), StoreError> {
    let suffix = maker::suffix(plan.seed);
    for number in 0..plan.tenants.max(1) {
        let subdomain = Business::numbered(number as usize, &suffix).subdomain;
        let sql = "SELECT EXISTS (SELECT 1 FROM tenants WHERE subdomain = $1) AS answer";
        if ask(database, sql, Some(&subdomain)).await? {
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
    ask(database, sql, Some(Gender::Female.as_spanish_str())).await
}

/// Lets the database count what it has, so that it plans well from the first query on.
pub(super) async fn analyze(database: &Database) -> Result<(), StoreError> {
    let sql = if database.backend() == DbBackend::Sqlite {
        // A sample of each index is enough, and takes a moment however large the tables are.
        // And what was written is put in its place, where it is read faster than from the log.
        "PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)".to_owned()
    } else {
        let shared = Table::ALL.map(Table::name).join(", ");
        // Which also marks what everybody can see, so that an index alone answers.
        format!("VACUUM (ANALYZE) {shared}, crm_profile_search, crm_note_index")
    };
    database.connection().execute_unprepared(&sql).await.map_err(store_error)?;
    Ok(())
}

async fn ask(database: &Database, question: &str, about: Option<&str>) -> Result<bool, StoreError> {
    let values = about.map(Value::from);
    let statement = Statement::from_sql_and_values(database.backend(), question, values);
    let row = database.connection().query_one_raw(statement).await.map_err(store_error)?;
    row.map_or(Ok(false), |row| row.try_get("", "answer")).map_err(store_error)
}
