//! `crm_profile_counts`: how many profiles each tenant has, so that nobody counts them.
//!
//! The number is the sum of a tenant's rows. On PostgreSQL every change adds a row of its own: a single row would make
//! all writers of a tenant wait for each other, and could deadlock them. [`fold`] folds the rows into one.

use crate::engine::{SCHEMA, ours, text};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// The table, the triggers that keep it, and the first count, in order. The triggers come before the count: on PostgreSQL
/// creating one keeps writers off until all of this is committed.
pub(crate) fn create_sql(backend: DbBackend) -> Vec<String> {
    let (counts, search) = (ours(backend, "crm_profile_counts"), ours(backend, "crm_profile_search"));
    let text = text(backend);
    let count =
        format!("INSERT INTO {counts} (tenant_id, profiles) SELECT tenant_id, COUNT(*) FROM {search} GROUP BY tenant_id");
    if backend == DbBackend::Postgres {
        return vec![
            format!("CREATE TABLE {counts} (tenant_id {text} NOT NULL, profiles bigint NOT NULL)"),
            format!("CREATE INDEX crm_profile_counts_idx ON {counts} (tenant_id) INCLUDE (profiles)"),
            format!(
                "CREATE FUNCTION {SCHEMA}.crm_profile_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF TG_OP <> 'INSERT' THEN INSERT INTO {counts} VALUES (OLD.tenant_id, -1); END IF; \
                 IF TG_OP <> 'DELETE' THEN INSERT INTO {counts} VALUES (NEW.tenant_id, 1); END IF; \
                 RETURN NULL; END $$"
            ),
            format!(
                "CREATE TRIGGER crm_profile_counted AFTER INSERT OR DELETE ON {search} \
                 FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.crm_profile_counted()"
            ),
            format!(
                "CREATE TRIGGER crm_profile_moved AFTER UPDATE ON {search} FOR EACH ROW \
                 WHEN (OLD.tenant_id <> NEW.tenant_id) EXECUTE FUNCTION {SCHEMA}.crm_profile_counted()"
            ),
            count,
        ];
    }
    let change = |row: &str, by: i8| add_sql(backend, &format!("VALUES ({row}.tenant_id, {by})")) + ";";
    let (up, down) = (change("NEW", 1), change("OLD", -1));
    let trigger = |name: &str, event: &str, body: &str| format!("CREATE TRIGGER {name} AFTER {event} BEGIN {body} END");
    vec![
        format!("CREATE TABLE {counts} (tenant_id {text} NOT NULL PRIMARY KEY, profiles bigint NOT NULL)"),
        trigger("crm_profile_counted_up", &format!("INSERT ON {search}"), &up),
        trigger("crm_profile_counted_down", &format!("DELETE ON {search}"), &down),
        trigger(
            "crm_profile_moved",
            &format!("UPDATE OF tenant_id ON {search} WHEN OLD.tenant_id <> NEW.tenant_id"),
            &format!("{down} {up}"),
        ),
        count,
    ]
}

/// Removes what [`create_sql`] creates, but for triggers, which go with their table.
pub(crate) fn drop_sql(backend: DbBackend) -> Vec<String> {
    let table = format!("DROP TABLE IF EXISTS {}", ours(backend, "crm_profile_counts"));
    match backend {
        DbBackend::Postgres => vec![format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_profile_counted() CASCADE"), table],
        _ => vec![table],
    }
}

/// Corrects numbers that are wrong, folds the rows of each tenant into one, and answers how many tenants were wrong.
pub(crate) async fn settle(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let backend = db.get_database_backend();
    let run = async |sql: String| db.execute_raw(Statement::from_string(backend, sql)).await;
    // Looking for them takes no lock, which on SQLite would keep writers waiting until all is counted.
    let wrong = db.query_one_raw(Statement::from_string(backend, format!("{} LIMIT 1", wrong_sql(backend)))).await?;
    let corrected = if wrong.is_some() { run(add_sql(backend, &wrong_sql(backend))).await?.rows_affected() } else { 0 };
    fold(db).await?;
    Ok(corrected)
}

/// Folds the rows of each tenant into one; on SQLite they are never more.
pub(crate) async fn fold(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    match db.get_database_backend() {
        DbBackend::Postgres => db.execute_unprepared(FOLD).await.map(drop),
        _ => Ok(()),
    }
}

/// What numbers are short of. One statement sees both tables at the same moment, so a change in between is in both or in
/// neither.
fn wrong_sql(backend: DbBackend) -> String {
    let (counts, search) = (ours(backend, "crm_profile_counts"), ours(backend, "crm_profile_search"));
    format!(
        "SELECT tenant_id, SUM(profiles) FROM ( \
         SELECT tenant_id, COUNT(*) AS profiles FROM {search} GROUP BY tenant_id \
         UNION ALL SELECT tenant_id, -SUM(profiles) FROM {counts} GROUP BY tenant_id \
         ) AS both_sides WHERE true GROUP BY tenant_id HAVING SUM(profiles) <> 0"
    )
}

/// Adds to the numbers what a query says.
fn add_sql(backend: DbBackend, query: &str) -> String {
    let counts = ours(backend, "crm_profile_counts");
    match backend {
        DbBackend::Postgres => format!("INSERT INTO {counts} (tenant_id, profiles) {query}"),
        _ => format!(
            "INSERT INTO {counts} (tenant_id, profiles) {query} \
             ON CONFLICT (tenant_id) DO UPDATE SET profiles = profiles + excluded.profiles"
        ),
    }
}

/// PostgreSQL: rows that another instance is folding at the same time are folded by it alone.
const FOLD: &str = "WITH gone AS ( \
    DELETE FROM citaplanner_crm.crm_profile_counts WHERE tenant_id IN ( \
        SELECT tenant_id FROM citaplanner_crm.crm_profile_counts GROUP BY tenant_id HAVING COUNT(*) > 1) \
    RETURNING tenant_id, profiles) \
    INSERT INTO citaplanner_crm.crm_profile_counts (tenant_id, profiles) \
    SELECT tenant_id, SUM(profiles) FROM gone GROUP BY tenant_id";
