//! Reconciliation: what triggers cannot see, and triggers that are gone.

use crate::dump;
use crate::support::{MODULE_DATA, MODULE_ENGLISH, on_each_engine, on_postgres, on_sqlite};
use migration::Reconciled;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};
use std::collections::HashSet;

#[tokio::test]
async fn nothing_to_repair_is_nothing_done() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        assert_eq!(migration::reconcile(&database.db).await.unwrap(), Reconciled::default());
    })
    .await;
}

/// However long the comparison takes, nobody who writes must wait for it.
#[tokio::test]
async fn comparing_waits_for_no_writer() {
    on_sqlite(async |database| {
        database.up_with_data().await;
        let writer = database.connect_again().await.begin().await.unwrap();
        writer.execute_unprepared("UPDATE users SET phone = '5599999999' WHERE id = 'user-9'").await.unwrap();
        assert_eq!(migration::reconcile(&database.db).await.unwrap(), Reconciled::default());
    })
    .await;
}

#[tokio::test]
async fn rows_without_a_source_are_removed_however_many_there_are() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        let notes = dump::projection(database, "crm_note_index").await;
        database
            .execute(
                "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1200) \
                 INSERT INTO crm_note_index (note_id, profile_id, tenant_id, author_id, note_type, is_private, created_at) \
                 SELECT 'gone-' || n, 'p', 't', 'a', 'GENERAL', FALSE, '2026-01-01 00:00:00' FROM counted",
            )
            .await;
        let repaired = migration::reconcile(&database.db).await.unwrap();
        assert_eq!(repaired, Reconciled { notes: 1200, ..Reconciled::default() });
        assert_eq!(dump::projection(database, "crm_note_index").await, notes);
    })
    .await;
}

#[tokio::test]
async fn a_damaged_text_index_is_made_anew() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        let is_sqlite = database.backend() == DbBackend::Sqlite;
        let integrity = "INSERT INTO crm_profile_text (crm_profile_text, rank) VALUES ('integrity-check', 1)";
        if is_sqlite {
            database.execute("INSERT INTO crm_profile_text (crm_profile_text) VALUES ('delete-all')").await;
            assert!(database.db.execute_unprepared(integrity).await.is_err());
        }
        assert_eq!(migration::reindex(&database.db).await.unwrap(), Reconciled::default());
        if is_sqlite {
            database.execute(integrity).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_renamed_user_is_found_under_the_new_name() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        database.execute("UPDATE users SET \"firstName\" = 'Ángela' WHERE id = 'user-2'").await;

        let repaired = migration::reconcile(&database.db).await.unwrap();

        assert_eq!(repaired, Reconciled { profiles: 1, ..Reconciled::default() });
        let text = "SELECT search_text FROM crm_profile_search WHERE profile_id = 'profile-2'";
        assert_eq!(database.rows(text).await, ["  angela  lopez  ana@a.mx    "]);
    })
    .await;
}

#[tokio::test]
async fn a_user_moved_to_another_tenant_takes_profile_and_notes_along() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        database.execute("UPDATE users SET \"tenantId\" = 'tenant-b' WHERE id = 'user-1'").await;

        let repaired = migration::reconcile(&database.db).await.unwrap();

        assert_eq!(repaired, Reconciled { triggers_restored: false, profiles: 1, notes: 2, counts: 0 });
        let tenants = "SELECT tenant_id FROM crm_note_index UNION ALL \
                       SELECT tenant_id FROM crm_profile_search WHERE profile_id = 'profile-1'";
        assert_eq!(database.rows(tenants).await, ["tenant-b"; 3]);
    })
    .await;
}

#[tokio::test]
async fn a_missing_trigger_is_reported_and_restored_and_what_it_missed_is_caught_up() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        for sql in drop_two_triggers(database.backend()) {
            database.execute(sql).await;
        }
        database.execute("DELETE FROM client_notes; UPDATE client_profiles SET city = 'Tulum'").await;
        assert_eq!(migration::missing_triggers(&database.db).await.unwrap().len(), 2);

        let repaired = migration::reconcile(&database.db).await.unwrap();

        assert_eq!(repaired, Reconciled { triggers_restored: true, profiles: 2, notes: 2, counts: 0 });
        assert!(migration::missing_triggers(&database.db).await.unwrap().is_empty());
        let cities = database.rows("SELECT DISTINCT city FROM crm_profile_search").await;
        assert_eq!(cities, ["tulum"]);
    })
    .await;
}

#[tokio::test]
async fn tables_that_the_host_dropped_and_recreated_are_taken_up_again() {
    on_postgres(async |database| {
        database.up_with_data().await;
        database
            .execute(&format!(
                "DROP TABLE public.client_preferences, public.client_notes, public.client_profiles; \
                 DROP TYPE public.\"Gender\", public.\"NoteType\", public.\"ReminderTime\", \
                           public.\"CommunicationPreference\"; \
                 SET LOCAL search_path = public; {MODULE_ENGLISH} {}",
                MODULE_DATA.replace("'note-2'", "'note-3'")
            ))
            .await;

        let repaired = migration::reconcile(&database.db).await.unwrap();

        assert!(repaired.triggers_restored);
        assert_eq!(repaired.notes, 2, "one note gone, one new");
        let notes = database.rows("SELECT note_id FROM citaplanner_crm.crm_note_index ORDER BY 1").await;
        assert_eq!(notes, ["note-1", "note-3"]);
    })
    .await;
}

#[tokio::test]
async fn a_disabled_trigger_counts_as_missing() {
    on_postgres(async |database| {
        database.up_with_data().await;
        database.execute("ALTER TABLE public.client_notes DISABLE TRIGGER USER").await;
        assert_eq!(migration::missing_triggers(&database.db).await.unwrap().len(), 2);
        assert!(migration::reconcile(&database.db).await.unwrap().triggers_restored);
        database.execute("DELETE FROM client_notes").await;
        assert!(dump::projection(database, "crm_note_index").await.is_empty());
    })
    .await;
}

/// The web app changes a profile while we repair it: its word is the last, and neither side fails.
#[tokio::test]
async fn a_writer_at_the_same_time_wins() {
    on_postgres(async |database| {
        database.up_with_data().await;
        database.execute("UPDATE users SET \"firstName\" = 'Ángela' WHERE id = 'user-2'").await;
        let host = database.connect_as_host().await;
        host.execute_unprepared("BEGIN; UPDATE client_profiles SET city = 'Tulum' WHERE id = 'profile-2'").await.unwrap();
        let ours = database.connect_again().await;
        let repair = tokio::spawn(async move { migration::reconcile(&ours).await });
        // Until the repair has given up once and tries again.
        let mut attempts = HashSet::new();
        while attempts.len() < 2 {
            attempts.extend(database.rows(WAITING_FOR_A_LOCK).await);
        }
        host.execute_unprepared("UPDATE client_profiles SET state = 'Quintana Roo'; COMMIT").await.unwrap();
        repair.await.unwrap().unwrap();

        let row = "SELECT search_text || '|' || city || '|' || state FROM crm_profile_search WHERE profile_id = 'profile-2'";
        assert_eq!(database.rows(row).await, ["  angela  lopez  ana@a.mx    |tulum|quintana roo"]);
        assert_eq!(migration::reconcile(&database.db).await.unwrap(), Reconciled::default());
    })
    .await;
}

#[tokio::test]
async fn many_rows_are_filled_in_batches() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        database
            .execute(
                "INSERT INTO users (id, email, \"firstName\", \"lastName\", \"tenantId\", \"updatedAt\") \
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234) \
                 SELECT 'u' || i, 'u' || i || '@a.mx', 'Ángel', 'Ñ', 'tenant-a', '2025-01-01 00:00:00' FROM n; \
                 INSERT INTO client_profiles (id, \"userId\", \"updatedAt\") \
                 SELECT 'p' || id, id, \"updatedAt\" FROM users WHERE email LIKE 'u%'; \
                 DELETE FROM crm_profile_search WHERE profile_id LIKE 'pu%'",
            )
            .await;
        let repaired = migration::reconcile(&database.db).await.unwrap();
        assert_eq!(repaired.profiles, 1234);
    })
    .await;
}

const WAITING_FOR_A_LOCK: &str = "SELECT xact_start::text FROM pg_stat_activity \
     WHERE datname = current_database() AND wait_event_type = 'Lock'";

fn drop_two_triggers(backend: DbBackend) -> [&'static str; 2] {
    match backend {
        DbBackend::Postgres => [
            "DROP TRIGGER crm_profile_changed ON public.client_profiles",
            "DROP TRIGGER crm_note_changed ON public.client_notes",
        ],
        _ => ["DROP TRIGGER crm_profile_updated", "DROP TRIGGER crm_note_deleted"],
    }
}
