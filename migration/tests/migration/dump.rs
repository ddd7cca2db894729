//! Everything the catalogue knows about the host's and the module's tables, as lines to compare.

use crate::support::{HOST_TABLES, MODULE_TABLES, TestDatabase, rows};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Columns, constraints, indexes and enumerated types. Triggers are listed apart.
pub(crate) async fn schema(database: &TestDatabase) -> Vec<String> {
    match database.backend() {
        DbBackend::Postgres => database.rows(POSTGRES_SCHEMA).await,
        _ => database.rows(&sqlite_objects("IN ('table', 'index')")).await,
    }
}

pub(crate) async fn triggers(database: &TestDatabase) -> Vec<String> {
    match database.backend() {
        DbBackend::Postgres => database.rows(POSTGRES_TRIGGERS).await,
        _ => database.rows(&sqlite_objects("= 'trigger'")).await,
    }
}

/// Like `assert_eq!`, but shows only the lines that differ.
#[track_caller]
pub(crate) fn assert_same(found: &[String], expected: &[String]) {
    let only_in = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };
    let (extra, missing) = (only_in(found, expected), only_in(expected, found));
    assert!(found == expected, "extra: {extra:#?}\nmissing: {missing:#?}");
}

/// Every row of every table that exists.
pub(crate) async fn contents(database: &TestDatabase) -> Vec<String> {
    let schema = schema(database).await.join("\n");
    let mut lines = Vec::new();
    for table in HOST_TABLES.iter().chain(MODULE_TABLES) {
        if !schema.contains(&format!("{table} ")) {
            continue;
        }
        let row = match database.backend() {
            DbBackend::Postgres => "to_jsonb(t)::text".to_owned(),
            _ => quoted_columns(database, table).await,
        };
        let rows = database.rows(&format!("SELECT {row} FROM {table} t ORDER BY id")).await;
        lines.extend(rows.into_iter().map(|row| format!("{table} {row}")));
    }
    lines
}

/// The rows of a projection, spelled alike on both engines.
pub(crate) async fn projection(database: &TestDatabase, table: &str) -> Vec<String> {
    let columns = match table {
        "crm_profile_search" => {
            "profile_id, user_id, tenant_id, created_at, search_text, phone_keys, city, state, name_key, birth_month"
        }
        _ => "note_id, profile_id, tenant_id, author_id, note_type, is_private, created_at",
    };
    let boolean = match database.backend() {
        DbBackend::Postgres => "is_private::text",
        _ => "CASE is_private WHEN 1 THEN 'true' ELSE 'false' END",
    };
    let columns = columns.replace("is_private", boolean).replace(", ", " || '|' || ");
    database.rows(&format!("SELECT {columns} FROM {table} ORDER BY 1")).await
}

/// The steps by which the engine answers the query.
pub(crate) async fn plan(database: &TestDatabase, query: &str) -> Vec<String> {
    if database.backend() == DbBackend::Postgres {
        // Tables this small would be scanned anyway.
        database.execute(&format!("ALTER DATABASE {} SET enable_seqscan = off", database.name())).await;
        return rows(&database.connect_again().await, &format!("EXPLAIN {query}")).await;
    }
    let statement = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {query}"));
    let steps = database.db.query_all_raw(statement).await.unwrap();
    steps.iter().map(|step| step.try_get("", "detail").unwrap()).collect()
}

async fn quoted_columns(database: &TestDatabase, table: &str) -> String {
    let columns = database.rows(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
    let quoted: Vec<String> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
    quoted.join(" || ',' || ")
}

fn sqlite_objects(kind: &str) -> String {
    format!(
        "SELECT tbl_name || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master \
         WHERE type {kind} AND tbl_name NOT LIKE 'crm~_%' ESCAPE '~' ORDER BY name"
    )
}

const POSTGRES_SCHEMA: &str = r"
WITH tables AS (
    SELECT oid, relname::text AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
)
SELECT t.name || ' column ' || row_number() OVER (PARTITION BY t.oid ORDER BY a.attnum) || ' ' || a.attname
       || ' ' || format_type(a.atttypid, a.atttypmod) || ' required ' || a.attnotnull
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
UNION ALL
SELECT t.name || ' constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid
UNION ALL
SELECT t.name || ' index ' || pg_get_indexdef(i.indexrelid)
FROM tables t JOIN pg_index i ON i.indrelid = t.oid
UNION ALL
SELECT 'type ' || y.typname || ' ' || string_agg(e.enumlabel::text, ',' ORDER BY e.enumsortorder)
FROM pg_type y JOIN pg_enum e ON e.enumtypid = y.oid
WHERE y.typnamespace = 'public'::regnamespace GROUP BY y.oid
ORDER BY line";

const POSTGRES_TRIGGERS: &str = r"
SELECT c.relname || ' ' || pg_get_triggerdef(t.oid) AS line
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
ORDER BY line";
