//! The triggers on SQLite.
//!
//! `INSERT OR REPLACE` removes the rows in its way without running delete triggers,
//! and a program that did not turn foreign keys on removes a profile without its notes.
//! The triggers allow for both.

use super::Trigger;
use crate::projection::Projection;
use crate::projection::note_index::NOTE_INDEX;
use sea_orm_migration::sea_orm::DbBackend;

pub(super) fn triggers(profile_search: &Projection) -> Vec<Trigger> {
    let copy_profile = profile_search.copy_sql(DbBackend::Sqlite, "profile_id = NEW.id");
    let copy_note = NOTE_INDEX.copy_sql(DbBackend::Sqlite, "note_id = NEW.id");
    // A user has one profile, so another one of the same user was just replaced.
    let forget_replaced = "DELETE FROM crm_profile_search \
         WHERE user_id = NEW.\"userId\" AND profile_id <> NEW.id";
    let copy_notes_of_profile = NOTE_INDEX.copy_sql(
        DbBackend::Sqlite,
        "note_id IN (SELECT held.note_id FROM crm_note_index held \
         WHERE held.profile_id = NEW.id AND OLD.\"userId\" <> NEW.\"userId\")",
    );
    vec![
        trigger("crm_profile_inserted", "client_profiles", "INSERT", &[forget_replaced, &copy_profile]),
        trigger(
            "crm_profile_updated",
            "client_profiles",
            &update_of(profile_search.fields),
            &[
                "DELETE FROM crm_profile_search WHERE profile_id = OLD.id AND OLD.id <> NEW.id",
                forget_replaced,
                &copy_profile,
                &copy_notes_of_profile,
            ],
        ),
        trigger(
            "crm_profile_deleted",
            "client_profiles",
            "DELETE",
            &[
                "DELETE FROM crm_profile_search WHERE profile_id = OLD.id",
                "DELETE FROM crm_note_index WHERE profile_id = OLD.id",
            ],
        ),
        trigger("crm_note_inserted", "client_notes", "INSERT", &[&copy_note]),
        trigger(
            "crm_note_updated",
            "client_notes",
            &update_of(NOTE_INDEX.fields),
            &["DELETE FROM crm_note_index WHERE note_id = OLD.id AND OLD.id <> NEW.id", &copy_note],
        ),
        trigger("crm_note_deleted", "client_notes", "DELETE", &["DELETE FROM crm_note_index WHERE note_id = OLD.id"]),
    ]
}

fn update_of(fields: &[&str]) -> String {
    format!("UPDATE OF \"{}\"", fields.join("\", \""))
}

fn trigger(name: &'static str, table: &'static str, event: &str, statements: &[&str]) -> Trigger {
    let create_sql =
        format!("CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} BEGIN {}; END", statements.join("; "));
    Trigger { name, table, create_sql }
}
