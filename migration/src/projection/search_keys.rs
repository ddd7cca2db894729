//! What finds text within text in one tenant: an index of *keys* over `crm_profile_search`, GIN on PostgreSQL and FTS5 on
//! SQLite.
//!
//! Keys of a row are its words, and every three characters that follow each other in a searched column. The tenant is part
//! of each key, so what others have is neither read nor passed over. A row that holds a text has all keys of the text;
//! whether a row that has the keys holds the text must still be looked at.

use crate::engine::{SCHEMA, exists, ours};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// Characters of a key that is part of a text.
pub const SEARCH_KEY_LENGTH: usize = 3;
/// What a key of a whole word begins with.
pub const SEARCH_KEY_OF_WORD: char = 'w';
/// The searched columns, and what a key of each begins with.
pub const SEARCH_KEYS_OF_PARTS: [(&str, char); 4] =
    [("search_text", 't'), ("phone_keys", 'p'), ("city", 'c'), ("state", 's')];

/// So many of the last characters of a tenant's id stand in a key on SQLite: an index repeats them often, and ids differ
/// at their end. Where they don't, rows of another tenant are passed over.
const TENANT_LENGTH: usize = 8;

/// Stands between keys that are asked for on PostgreSQL, so that however many there are, the statement is the same. A text
/// that holds it has no keys.
pub const SEARCH_KEY_SEPARATOR: char = '\u{1f}';

/// PostgreSQL: what to select for the keys of the words of `search_text`, before a tenant is in them.
pub(super) fn postgres_word_keys() -> String {
    format!("'{SEARCH_KEY_OF_WORD}' || word AS key FROM string_to_table(search_text, '  ') AS word WHERE word <> ''")
}

/// PostgreSQL: a condition that is met by rows of `crm_profile_search` that have all keys of a list. Its parameters are the
/// tenant and the list.
///
/// The keys are a query of their own, of which the planner expects the same whatever they are: so one plan is kept.
pub fn postgres_has_search_keys() -> String {
    format!("{} @> (SELECT crm_wanted_keys($1, $2))", postgres_keys("crm_profile_search."))
}

/// SQLite: what `crm_profile_text` is asked for, by `MATCH`, to find the row numbers of rows that have all of these keys.
pub fn sqlite_search_keys(tenant: &str, keys: &[String]) -> String {
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let skipped = tenant.chars().count().saturating_sub(TENANT_LENGTH);
    let tenant = hex(&tenant.chars().skip(skipped).collect::<String>());
    keys.iter().map(|key| format!("{tenant}x{}", hex(key))).collect::<Vec<_>>().join(" ")
}

/// PostgreSQL: the functions that compute keys.
///
/// They are not declared safe for parallel plans, which cost more than a search.
pub(crate) fn postgres_functions() -> [String; 3] {
    let columns = SEARCH_KEYS_OF_PARTS.map(|(column, _)| format!("{column} text")).join(", ");
    let parts = SEARCH_KEYS_OF_PARTS.map(|(column, kind)| format!("('{kind}', {column})")).join(", ");
    let words = postgres_word_keys();
    // Dear, so that the planner reads the index rather than computing the keys of many rows.
    [
        format!(
            "CREATE OR REPLACE FUNCTION {SCHEMA}.crm_search_key(tenant text, key text) RETURNS bigint \
             LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT hashtextextended(key, hashtextextended(tenant, 0)) $$"
        ),
        format!(
            "CREATE OR REPLACE FUNCTION {SCHEMA}.crm_wanted_keys(tenant text, keys text) RETURNS bigint[] \
             LANGUAGE sql IMMUTABLE STRICT AS $$ \
             SELECT array_agg({SCHEMA}.crm_search_key(tenant, key)) FROM string_to_table(keys, chr({})) AS key $$",
            u32::from(SEARCH_KEY_SEPARATOR)
        ),
        format!(
            "CREATE OR REPLACE FUNCTION {SCHEMA}.crm_search_keys(tenant text, {columns}) RETURNS bigint[] \
             LANGUAGE sql IMMUTABLE STRICT COST 10000 AS $$ \
             SELECT array_agg({SCHEMA}.crm_search_key(tenant, key)) FROM ( \
               SELECT {words} \
               UNION ALL SELECT kind || substr(body, at, {SEARCH_KEY_LENGTH}) FROM (VALUES {parts}) AS part (kind, body), \
               generate_series(1, length(body) - {SEARCH_KEY_LENGTH} + 1) AS at \
             ) AS keys $$"
        ),
    ]
}

/// PostgreSQL: makes the index of keys, unless it is there. Each statement must run by itself.
pub(crate) async fn make_postgres_index(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    // Keys that wait to be sorted in are read by every search, so few may wait.
    let definition = format!("(({SCHEMA}.{})) WITH (gin_pending_list_limit = 256)", postgres_keys(""));
    make_gin_index(db, "crm_profile_search_keys_idx", &definition).await
}

/// PostgreSQL: makes an index over the projection while others write, unless it is there and can be used. What an
/// interrupted attempt left, which nobody can use, is removed first.
pub(super) async fn make_gin_index(db: &impl ConnectionTrait, name: &str, definition: &str) -> Result<(), DbErr> {
    let is_made = format!("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('{SCHEMA}.{name}') AND indisvalid");
    if exists(db, &is_made).await? {
        return Ok(());
    }
    db.execute_unprepared(&format!("DROP INDEX CONCURRENTLY IF EXISTS {SCHEMA}.{name}")).await?;
    let create = format!("CREATE INDEX CONCURRENTLY {name} ON {SCHEMA}.crm_profile_search USING gin {definition}");
    db.execute_unprepared(&create).await?;
    Ok(())
}

fn postgres_keys(table: &str) -> String {
    let columns = SEARCH_KEYS_OF_PARTS.map(|(column, _)| format!("{table}{column}")).join(", ");
    format!("crm_search_keys({table}tenant_id, {columns})")
}

/// SQLite: the keys of each row as one text, the index over them, and the triggers that keep it.
///
/// The index keeps no text of its own, so it must be told what it had indexed before a row changes.
pub(crate) fn sqlite_tables() -> Vec<String> {
    let columns = SEARCH_KEYS_OF_PARTS.map(|(column, _)| column).join(", ");
    let trigger = |name: &str, event: &str, statement: &str| {
        format!("CREATE TRIGGER crm_profile_text_{name} {event} ON crm_profile_search BEGIN {statement}; END")
    };
    let add = "INSERT INTO crm_profile_text (rowid, keys) \
               SELECT row_number, keys FROM crm_profile_keys WHERE row_number = NEW.row_number";
    let remove = "INSERT INTO crm_profile_text (crm_profile_text, rowid, keys) \
                  SELECT 'delete', row_number, keys FROM crm_profile_keys WHERE row_number = OLD.row_number";
    let changed = format!("UPDATE OF tenant_id, {columns}");
    vec![
        sqlite_keys(),
        // Keys are written in hexadecimal digits, which any tokenizer takes for words.
        "CREATE VIRTUAL TABLE crm_profile_text USING fts5(keys, content='crm_profile_keys', \
         content_rowid='row_number', tokenize='ascii', detail='none')"
            .to_owned(),
        trigger("added", "AFTER INSERT", add),
        trigger("removed", "BEFORE DELETE", remove),
        trigger("changing", &format!("BEFORE {changed}"), remove),
        trigger("changed", &format!("AFTER {changed}"), add),
    ]
}

/// FTS5 reads this view by statements that may not use virtual tables, so words are split without `json_each`.
fn sqlite_keys() -> String {
    let parts = SEARCH_KEYS_OF_PARTS.map(|(column, kind)| format!("('{kind}', {column})")).join(", ");
    format!(
        "CREATE VIEW crm_profile_keys AS SELECT row_number, ( \
         WITH RECURSIVE \
         part (kind, body) AS (VALUES {parts}), \
         piece (kind, body, at) AS ( \
           SELECT kind, body, 1 FROM part WHERE length(body) >= {SEARCH_KEY_LENGTH} \
           UNION ALL SELECT kind, body, at + 1 FROM piece WHERE at <= length(body) - {SEARCH_KEY_LENGTH}), \
         word (word, rest) AS ( \
           SELECT '', search_text UNION ALL SELECT substr(rest, 1, instr(rest || '  ', '  ') - 1), \
           substr(rest, instr(rest || '  ', '  ') + 2) FROM word WHERE rest <> ''), \
         keys (key) AS ( \
           SELECT kind || substr(body, at, {SEARCH_KEY_LENGTH}) FROM piece \
           UNION ALL SELECT '{SEARCH_KEY_OF_WORD}' || word FROM word WHERE word <> '') \
         SELECT group_concat(hex(substr(tenant_id, -{TENANT_LENGTH})) || 'x' || hex(key), ' ') FROM keys \
         ) AS keys FROM crm_profile_search"
    )
}

/// Removes what the functions above create, but for triggers, which go with their table.
pub(crate) fn drop_sql(backend: DbBackend) -> Vec<String> {
    match backend {
        DbBackend::Postgres => vec![
            format!("DROP INDEX IF EXISTS {SCHEMA}.crm_profile_search_keys_idx"),
            format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_search_keys(text, text, text, text, text)"),
            format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_wanted_keys(text, text)"),
            format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_search_key(text, text)"),
        ],
        _ => vec!["DROP VIEW IF EXISTS crm_profile_keys".to_owned(), "DROP TABLE IF EXISTS crm_profile_text".to_owned()],
    }
}

/// Makes the index anew from what it indexes.
pub(crate) fn rebuild_sql(backend: DbBackend) -> String {
    match backend {
        DbBackend::Postgres => format!("REINDEX TABLE CONCURRENTLY {}", ours(backend, "crm_profile_search")),
        _ => "INSERT INTO crm_profile_text (crm_profile_text) VALUES ('rebuild')".to_owned(),
    }
}
