//! `crm_note_index`: one row per note, with its tenant and without its content.

use super::Projection;
use crate::engine::{SCHEMA, ours, text, timestamp};
use sea_orm_migration::sea_orm::DbBackend;

pub(crate) const NOTE_INDEX: Projection = Projection {
    table: "crm_note_index",
    key: "note_id",
    columns: &["profile_id", "tenant_id", "author_id", "note_type", "is_private", "created_at"],
    // All of them are required.
    fields: &["id", "clientProfileId", "createdByUserId", "noteType", "isPrivate", "createdAt"],
    // The tenant comes through the profile, so that row must hold still as well.
    lock: "SELECT 1 FROM public.client_notes n \
           JOIN public.client_profiles p ON p.id = n.\"clientProfileId\" \
           WHERE n.id IN ({keys}) ORDER BY n.id FOR SHARE",
};

/// Everything the projection consists of, in order of creation.
pub(crate) fn create_sql(backend: DbBackend) -> Vec<String> {
    let table = ours(backend, "crm_note_index");
    let (text, timestamp) = (text(backend), timestamp(backend));
    let newest = |name: &str, columns: &str| {
        format!("CREATE INDEX crm_note_index_{name}_idx ON {table} ({columns}, created_at DESC, note_id DESC)")
    };
    vec![
        format!(
            "CREATE TABLE {table} (note_id {text} NOT NULL PRIMARY KEY, profile_id {text} NOT NULL, \
             tenant_id {text} NOT NULL, author_id {text} NOT NULL, note_type {text} NOT NULL, \
             is_private boolean NOT NULL, created_at {timestamp} NOT NULL)"
        ),
        newest("profile", "profile_id"),
        newest("tenant", "tenant_id"),
        newest("author", "tenant_id, author_id"),
        create_source(backend),
    ]
}

/// Removes what [`create_sql`] creates.
pub(crate) fn drop_sql(backend: DbBackend) -> Vec<String> {
    let source = match backend {
        DbBackend::Postgres => format!("DROP FUNCTION IF EXISTS {SCHEMA}.crm_note_index_source()"),
        _ => "DROP VIEW IF EXISTS crm_note_index_source".to_owned(),
    };
    vec![source, format!("DROP TABLE IF EXISTS {}", ours(backend, "crm_note_index"))]
}

fn create_source(backend: DbBackend) -> String {
    let query = |schema: &str, note_type: &str| {
        format!(
            "SELECT n.id AS note_id, n.\"clientProfileId\" AS profile_id, u.\"tenantId\" AS tenant_id, \
             n.\"createdByUserId\" AS author_id, {note_type} AS note_type, \
             n.\"isPrivate\" AS is_private, n.\"createdAt\" AS created_at \
             FROM {schema}client_notes n \
             JOIN {schema}client_profiles p ON p.id = n.\"clientProfileId\" \
             JOIN {schema}users u ON u.id = p.\"userId\""
        )
    };
    match backend {
        DbBackend::Postgres => format!(
            "CREATE OR REPLACE FUNCTION {SCHEMA}.crm_note_index_source() \
             RETURNS TABLE (note_id text, profile_id text, tenant_id text, author_id text, \
                            note_type text, is_private boolean, created_at timestamp) \
             LANGUAGE sql STABLE AS $$ {} $$",
            query("public.", "n.\"noteType\"::text")
        ),
        _ => format!("CREATE VIEW crm_note_index_source AS {}", query("", "n.\"noteType\"")),
    }
}
