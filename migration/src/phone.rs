//! The form of a phone number by which numbers are compared.

use crate::engine::ours;
use sea_orm_migration::sea_orm::DbBackend;

/// What people type between the digits of a number.
const PUNCTUATION: [char; 9] = [' ', '\u{a0}', '\t', '.', '-', '(', ')', '+', '/'];

/// SQL for the comparable form of the phone number in `column`.
///
/// Punctuation goes, and so do the Mexican country code and the trunk prefixes,
/// so that a number typed for a call from abroad equals the same number typed at home.
/// A value with anything else in it is no number and stays as it is; null stays null.
///
/// PostgreSQL calls a function that the migration creates; SQLite gets an expression.
pub fn sql_phone_key(backend: DbBackend, column: &str) -> String {
    if backend == DbBackend::Postgres {
        return format!("{}({column})", ours(backend, "crm_phone_key"));
    }
    let bare = PUNCTUATION.iter().fold(column.to_owned(), |inner, mark| format!("replace({inner}, '{mark}', '')"));
    let national = national_number("k", "k GLOB '*[^0-9]*'");
    format!("(SELECT {national} FROM (SELECT {bare} AS k))")
}

/// PostgreSQL: `crm_phone_key(text)`.
pub(crate) fn postgres_function() -> String {
    let marks: String = PUNCTUATION.iter().collect();
    // Repeated in the expression rather than computed once: only such a body is inlined.
    let bare = format!("translate(value, '{marks}', '')");
    let not_a_number = format!("translate({bare}, '0123456789', '') <> ''");
    format!(
        "CREATE OR REPLACE FUNCTION {}(value text) RETURNS text \
         LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT {} $$",
        ours(DbBackend::Postgres, "crm_phone_key"),
        national_number(&bare, &not_a_number),
    )
}

fn national_number(key: &str, not_a_number: &str) -> String {
    format!(
        "CASE WHEN {not_a_number} THEN {key} \
         WHEN length({key}) = 13 AND substr({key}, 1, 3) IN ('521', '044', '045') THEN substr({key}, 4) \
         WHEN length({key}) = 12 AND substr({key}, 1, 2) IN ('52', '01') THEN substr({key}, 3) \
         ELSE {key} END"
    )
}
