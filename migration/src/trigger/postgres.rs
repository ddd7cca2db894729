//! The triggers on PostgreSQL.
//!
//! They run with the rights of their owner, since the web app's role need not know our schema.
//! They name no column in their definition: a trigger `UPDATE OF city` would keep the host from dropping `city`.

use super::Trigger;
use crate::engine::SCHEMA;
use crate::projection::Projection;
use crate::projection::note_index::NOTE_INDEX;
use sea_orm_migration::sea_orm::DbBackend;

pub(super) fn triggers() -> Vec<Trigger> {
    const EACH_ROW: &str = "INSERT OR UPDATE OR DELETE";
    vec![
        trigger("crm_profile_changed", "client_profiles", EACH_ROW, "ROW"),
        trigger("crm_profile_truncated", "client_profiles", "TRUNCATE", "STATEMENT"),
        trigger("crm_note_changed", "client_notes", EACH_ROW, "ROW"),
        trigger("crm_note_truncated", "client_notes", "TRUNCATE", "STATEMENT"),
    ]
}

fn trigger(name: &'static str, table: &'static str, event: &str, each: &str) -> Trigger {
    // "Or replace" also enables one that somebody disabled.
    let create_sql = format!(
        "CREATE OR REPLACE TRIGGER {name} AFTER {event} ON public.{table} \
         FOR EACH {each} EXECUTE FUNCTION {SCHEMA}.{name}()"
    );
    Trigger { name, table, create_sql }
}

pub(super) fn create_functions(profile_search: &Projection) -> String {
    let functions = [
        function("crm_profile_changed", &profile_changed(profile_search)),
        function("crm_profile_truncated", "DELETE FROM crm_profile_search; RETURN NULL;"),
        function("crm_note_changed", &note_changed()),
        function("crm_note_truncated", "DELETE FROM crm_note_index; RETURN NULL;"),
    ];
    functions.join(";\n")
}

pub(super) fn drop_functions() -> String {
    let names: Vec<String> = triggers().iter().map(|trigger| format!("{SCHEMA}.{}()", trigger.name)).collect();
    format!("DROP FUNCTION IF EXISTS {}", names.join(", "))
}

fn function(name: &str, body: &str) -> String {
    format!(
        "CREATE OR REPLACE FUNCTION {SCHEMA}.{name}() RETURNS trigger LANGUAGE plpgsql \
         SECURITY DEFINER SET search_path = {SCHEMA}, public, pg_temp \
         AS $$ BEGIN {body} END $$"
    )
}

fn profile_changed(profile_search: &Projection) -> String {
    // Fields through JSON: one that a later host drops reads as null on both sides.
    let fields = |row: &str| {
        let fields = profile_search.fields.iter().map(|field| format!("to_jsonb({row})->'{field}'"));
        fields.collect::<Vec<_>>().join(", ")
    };
    format!(
        "IF TG_OP = 'DELETE' THEN \
           DELETE FROM crm_profile_search WHERE profile_id = OLD.id; \
           RETURN NULL; \
         END IF; \
         IF TG_OP = 'UPDATE' THEN \
           IF ROW({}) IS NOT DISTINCT FROM ROW({}) THEN RETURN NULL; END IF; \
           DELETE FROM crm_profile_search WHERE profile_id = OLD.id AND OLD.id <> NEW.id; \
           IF OLD.\"userId\" <> NEW.\"userId\" THEN {}; END IF; \
         END IF; \
         {}; \
         RETURN NULL;",
        fields("OLD"),
        fields("NEW"),
        NOTE_INDEX.copy_sql(
            DbBackend::Postgres,
            "note_id IN (SELECT held.note_id FROM crm_note_index held WHERE held.profile_id = NEW.id)"
        ),
        profile_search.copy_sql(DbBackend::Postgres, "profile_id = NEW.id"),
    )
}

fn note_changed() -> String {
    let fields = |row: &str| {
        let fields = NOTE_INDEX.fields.iter().map(|field| format!("{row}.\"{field}\""));
        fields.collect::<Vec<_>>().join(", ")
    };
    format!(
        "IF TG_OP = 'DELETE' THEN \
           DELETE FROM crm_note_index WHERE note_id = OLD.id; \
           RETURN NULL; \
         END IF; \
         IF TG_OP = 'UPDATE' THEN \
           IF ROW({}) IS NOT DISTINCT FROM ROW({}) THEN RETURN NULL; END IF; \
           DELETE FROM crm_note_index WHERE note_id = OLD.id AND OLD.id <> NEW.id; \
         END IF; \
         {}; \
         RETURN NULL;",
        fields("OLD"),
        fields("NEW"),
        NOTE_INDEX.copy_sql(DbBackend::Postgres, "note_id = NEW.id"),
    )
}
