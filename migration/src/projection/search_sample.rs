//! PostgreSQL: an index of the words of one row in eight, which proves quickly that a word is common.
//!
//! GIN reads the places of all rows that have a key before it gives out the first, and a common word is in many thousands.
//! FTS5 gives them out as it reads, so SQLite needs none of this.

use super::search_keys::{make_gin_index, postgres_word_keys};
use crate::engine::SCHEMA;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr};

/// PostgreSQL: whether a row of `crm_profile_search` is in the sample.
pub fn postgres_is_sampled() -> String {
    is_sampled("crm_profile_search.")
}

/// PostgreSQL: a condition that is met by rows of the sample that have all words of a list of keys. Its parameters are the
/// tenant and the list.
pub fn postgres_has_sampled_words() -> String {
    let keys = words("crm_profile_search.");
    format!("{} AND {keys} @> (SELECT crm_wanted_keys($1, $2))", postgres_is_sampled())
}

/// The function that computes the keys, and the index.
pub(crate) async fn make(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    db.execute_unprepared(&format!(
        "CREATE OR REPLACE FUNCTION {SCHEMA}.crm_word_keys(tenant text, search_text text) RETURNS bigint[] \
         LANGUAGE sql IMMUTABLE STRICT COST 10000 AS $$ \
         SELECT array_agg({SCHEMA}.crm_search_key(tenant, key)) FROM (SELECT {}) AS keys $$",
        postgres_word_keys()
    ))
    .await?;
    // A handful of keys are sorted in at once, so none wait to be read by every search.
    let definition = format!("(({SCHEMA}.{})) WITH (fastupdate = off) WHERE {}", words(""), is_sampled(""));
    make_gin_index(db, "crm_profile_search_sample_idx", &definition).await
}

/// Removes both.
pub(crate) fn drop_sql() -> [String; 2] {
    [
        format!("DROP INDEX IF EXISTS {SCHEMA}.crm_profile_search_sample_idx"),
        format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_word_keys(text, text)"),
    ]
}

fn words(table: &str) -> String {
    format!("crm_word_keys({table}tenant_id, {table}search_text)")
}

fn is_sampled(table: &str) -> String {
    format!("(hashtextextended({table}profile_id, 0) & 7) = 0")
}
