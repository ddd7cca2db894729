//! The forms of a phone number and of an e-mail address by which they are compared.

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
/// PostgreSQL calls a function that the migration creates, and inlines it; SQLite gets an expression.
pub fn sql_phone_key(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{}({column})", ours(backend, "crm_phone_key")),
        _ => phone_key_expression(backend, column),
    }
}

/// Likewise without calling anything of ours, as an index on a host table needs it. Queries that say
/// [`sql_phone_key`] find the index.
pub(crate) fn phone_key_expression(backend: DbBackend, column: &str) -> String {
    // Repeated rather than computed once: an index allows no subquery, and PostgreSQL inlines no other body.
    if backend == DbBackend::Postgres {
        let marks: String = PUNCTUATION.iter().collect();
        let bare = format!("translate({column}, '{marks}', '')");
        return national_number(&bare, &format!("translate({bare}, '0123456789', '') <> ''"));
    }
    let bare = PUNCTUATION.iter().fold(column.to_owned(), |inner, mark| format!("replace({inner}, '{mark}', '')"));
    national_number(&bare, &format!("{bare} GLOB '*[^0-9]*'"))
}

/// SQL for the comparable form of the e-mail address in `column`: trimmed, ASCII letters in lower case.
pub fn sql_email_key(backend: DbBackend, column: &str) -> String {
    match backend {
        // PostgreSQL's own notion of lower case depends on the database's locale; SQLite's is ASCII.
        DbBackend::Postgres => format!(r#"lower(trim({column}) COLLATE "C")"#),
        _ => format!("lower(trim({column}))"),
    }
}

/// PostgreSQL: `crm_phone_key(text)`.
pub(crate) fn postgres_function() -> String {
    format!(
        "CREATE OR REPLACE FUNCTION {}(value text) RETURNS text \
         LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT {} $$",
        ours(DbBackend::Postgres, "crm_phone_key"),
        phone_key_expression(DbBackend::Postgres, "value"),
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
