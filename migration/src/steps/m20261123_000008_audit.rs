//! Creates the audit log, `crm_audit`, and the ends of its chains, `crm_audit_heads`.

use super::execute_all;
use crate::engine::{ours, text, timestamp};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let (log, heads) = (ours(backend, "crm_audit"), ours(backend, "crm_audit_heads"));
        let (text, timestamp) = (text(backend), timestamp(backend));
        let mut statements = vec![
            format!(
                "CREATE TABLE {log} (id {text} NOT NULL, tenant_id {text} NOT NULL, lane integer NOT NULL, \
                 position bigint NOT NULL, at {timestamp} NOT NULL, user_id {text}, role {text}, address {text}, \
                 request_id {text}, action {text} NOT NULL, denied {text}, resource {text} NOT NULL, \
                 resource_id {text}, profile_id {text}, author_id {text}, note_type {text}, is_private boolean, \
                 changes {text} NOT NULL, hash {text} NOT NULL, PRIMARY KEY (tenant_id, id), \
                 UNIQUE (tenant_id, lane, position))"
            ),
            format!("CREATE INDEX crm_audit_by_time ON {log} (tenant_id, at, id)"),
            format!("CREATE INDEX crm_audit_by_profile ON {log} (tenant_id, profile_id, at, id)"),
            format!("CREATE INDEX crm_audit_by_resource ON {log} (tenant_id, resource_id, id)"),
            format!("CREATE INDEX crm_audit_by_user ON {log} (tenant_id, user_id, at, id)"),
            format!(
                "CREATE TABLE {heads} (tenant_id {text} NOT NULL, lane integer NOT NULL, position bigint NOT NULL, \
                 hash {text} NOT NULL, PRIMARY KEY (tenant_id, lane))"
            ),
        ];
        statements.extend(append_only(backend, &log));
        execute_all(manager, &statements).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let mut statements: Vec<_> =
            ["crm_audit", "crm_audit_heads"].map(|table| format!("DROP TABLE IF EXISTS {}", ours(backend, table))).into();
        if backend == DbBackend::Postgres {
            statements.push(format!("DROP SEQUENCE IF EXISTS {}", ours(backend, "crm_audit_id")));
            statements.push(format!("DROP FUNCTION IF EXISTS {}()", ours(backend, "crm_audit_is_append_only")));
        }
        execute_all(manager, &statements).await
    }
}

/// Refuses to change what was written. Whoever may drop a trigger still can't do so unnoticed: see the chains.
fn append_only(backend: DbBackend, log: &str) -> Vec<String> {
    const REFUSAL: &str = "the audit log can only be added to";
    match backend {
        DbBackend::Postgres => {
            let function = ours(backend, "crm_audit_is_append_only");
            vec![
                format!("CREATE SEQUENCE {}", ours(backend, "crm_audit_id")),
                format!(
                    "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql \
                     AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
                ),
                format!(
                    "CREATE TRIGGER crm_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {log} \
                     FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                ),
            ]
        }
        _ => ["UPDATE", "DELETE"]
            .map(|event| {
                let name = event.to_lowercase();
                format!(
                    "CREATE TRIGGER crm_audit_no_{name} BEFORE {event} ON {log} \
                     BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
            })
            .into(),
    }
}
