//! The projections follow whoever writes the module tables, through triggers alone.

use crate::dump;
use crate::support::{TestDatabase, on_each_engine, on_postgres};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

const PROFILE_1: &str = "profile-1|user-1|tenant-a|2025-01-02 10:00:00|  jose  perez  jose@a.mx  pepe@otro.mx  \
     |  5512345678  5587654321  |merida|yucatan|jose perez|0";
const PROFILE_2: &str = "profile-2|user-2|tenant-a|2025-01-03 10:00:00|  ana  lopez  ana@a.mx    |      |||ana lopez|0";
const NOTE_1: &str = "note-1|profile-1|tenant-a|staff-a|MEDICAL|false|2025-01-04 10:00:00";
const NOTE_2: &str = "note-2|profile-1|tenant-a|staff-a|GENERAL|true|2025-01-05 10:00:00";

#[tokio::test]
async fn inserted_rows_appear() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        assert_eq!(profiles(database).await, [PROFILE_1, PROFILE_2]);
        assert_eq!(notes(database).await, [NOTE_1, NOTE_2]);
    })
    .await;
}

#[tokio::test]
async fn updates_of_the_web_app_are_followed() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        write_as_host(
            database,
            "UPDATE client_profiles SET \"firstName\" = 'Íñigo', phone = '01 55 1111 2222', city = 'Cancún', \
             \"dateOfBirth\" = '1990-12-31 00:00:00' WHERE id = 'profile-2'; \
             UPDATE client_notes SET \"noteType\" = 'COMPLAINT', \"isPrivate\" = true WHERE id = 'note-1'",
        )
        .await;
        let changed =
            "profile-2|user-2|tenant-a|2025-01-03 10:00:00|  inigo  lopez  ana@a.mx    |  5511112222    |cancun||inigo lopez|12";
        assert_eq!(profiles(database).await, [PROFILE_1, changed]);
        assert_eq!(notes(database).await[0], "note-1|profile-1|tenant-a|staff-a|COMPLAINT|true|2025-01-04 10:00:00");

        write_as_host(
            database,
            "UPDATE client_profiles SET \"firstName\" = NULL, phone = NULL, city = NULL, \
             \"dateOfBirth\" = NULL WHERE id = 'profile-2'",
        )
        .await;
        assert_eq!(profiles(database).await, [PROFILE_1, PROFILE_2]);
    })
    .await;
}

#[tokio::test]
async fn an_update_of_other_fields_does_not_touch_the_projection() {
    on_postgres(async |database| {
        database.up_with_data().await;
        let version = "SELECT xmin::text FROM crm_profile_search UNION ALL SELECT xmin::text FROM crm_note_index";
        let before = database.rows(version).await;
        write_as_host(
            database,
            "UPDATE client_profiles SET notes = 'x', \"updatedAt\" = now(); UPDATE client_notes SET content = 'x'",
        )
        .await;
        assert_eq!(database.rows(version).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_changed_id_takes_the_notes_along() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        write_as_host(
            database,
            "UPDATE client_profiles SET id = 'profile-9' WHERE id = 'profile-1'; \
             UPDATE client_notes SET id = 'note-9' WHERE id = 'note-2'",
        )
        .await;
        assert_eq!(keys(database, "profile_id", "crm_profile_search").await, ["profile-2", "profile-9"]);
        assert_eq!(
            keys(database, "note_id || ' ' || profile_id", "crm_note_index").await,
            ["note-1 profile-9", "note-9 profile-9"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_profile_given_to_a_user_of_another_tenant_moves_with_its_notes() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        write_as_host(database, "UPDATE client_profiles SET \"userId\" = 'user-3' WHERE id = 'profile-1'").await;
        assert!(profiles(database).await[0].starts_with("profile-1|user-3|tenant-b|2025-01-02 10:00:00|  eva  ruiz  "));
        assert_eq!(keys(database, "tenant_id", "crm_note_index").await, ["tenant-b", "tenant-b"]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_note_disappears() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        write_as_host(database, "DELETE FROM client_notes WHERE id = 'note-1'").await;
        assert_eq!(notes(database).await, [NOTE_2]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_profile_takes_its_notes_along() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        write_as_host(database, "DELETE FROM client_profiles WHERE id = 'profile-1'").await;
        assert_eq!(profiles(database).await, [PROFILE_2]);
        assert_eq!(notes(database).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_user_takes_profile_and_notes_along() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        write_as_host(database, "DELETE FROM users WHERE id = 'user-1'").await;
        assert_eq!(profiles(database).await, [PROFILE_2]);
        assert_eq!(notes(database).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn emptied_tables_empty_the_projections() {
    on_postgres(async |database| {
        database.up_with_data().await;
        write_as_host(database, "TRUNCATE client_notes").await;
        assert_eq!(notes(database).await, [""; 0]);
        assert_eq!(profiles(database).await.len(), 2);
        write_as_host(database, "TRUNCATE client_profiles CASCADE").await;
        assert_eq!(profiles(database).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_write_that_is_rolled_back_leaves_no_trace() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        write_as_host(database, "BEGIN; UPDATE client_profiles SET city = 'X'; DELETE FROM client_notes; ROLLBACK").await;
        assert_eq!(profiles(database).await, [PROFILE_1, PROFILE_2]);
        assert_eq!(notes(database).await, [NOTE_1, NOTE_2]);
    })
    .await;
}

#[tokio::test]
async fn the_host_can_drop_a_column_and_go_on_writing() {
    on_postgres(async |database| {
        database.up_with_data().await;
        database.execute("ALTER TABLE public.client_profiles DROP COLUMN \"alternateEmail\", DROP COLUMN city").await;
        write_as_host(database, "UPDATE client_profiles SET \"lastName\" = 'Gómez' WHERE id = 'profile-1'").await;
        let expected = "profile-1|user-1|tenant-a|2025-01-02 10:00:00|  jose  gomez  jose@a.mx    |  5512345678  5587654321  ||yucatan|jose gomez|0";
        assert_eq!(profiles(database).await[0], expected);
        assert_eq!(migration::reconcile(&database.db).await.unwrap().profiles, 0);
    })
    .await;
}

#[tokio::test]
async fn profiles_are_counted_by_tenant_whoever_writes() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        let counts = async || {
            let sql = "SELECT tenant_id || ' ' || SUM(profiles) FROM crm_profile_counts \
                       GROUP BY tenant_id HAVING SUM(profiles) <> 0 ORDER BY 1";
            database.rows(sql).await
        };
        assert_eq!(counts().await, ["tenant-a 2"]);
        write_as_host(database, "UPDATE client_profiles SET \"userId\" = 'user-3' WHERE id = 'profile-1'").await;
        assert_eq!(counts().await, ["tenant-a 1", "tenant-b 1"]);
        write_as_host(database, "DELETE FROM client_profiles WHERE id = 'profile-2'").await;
        assert_eq!(counts().await, ["tenant-b 1"]);
        migration::fold_counts(&database.db).await.unwrap();
        assert_eq!(counts().await, ["tenant-b 1"]);
        let several = database.rows("SELECT tenant_id FROM crm_profile_counts GROUP BY tenant_id HAVING COUNT(*) > 1").await;
        assert_eq!(several, [""; 0]);
        assert_eq!(migration::reconcile(&database.db).await.unwrap().counts, 0, "nothing was wrong");

        database.execute("UPDATE crm_profile_counts SET profiles = 7 WHERE tenant_id = 'tenant-b'").await;
        assert_eq!(migration::reconcile(&database.db).await.unwrap().counts, 1);
        assert_eq!(counts().await, ["tenant-b 1"]);
    })
    .await;
}

/// One row after a trigger must not cost a scan of the whole table.
#[tokio::test]
async fn the_source_finds_one_row_by_its_key() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        let call = if database.backend() == DbBackend::Postgres { "()" } else { "" };
        for (projection, key) in [("crm_profile_search", "profile_id"), ("crm_note_index", "note_id")] {
            let query = format!("SELECT * FROM {projection}_source{call} WHERE {key} = 'x'");
            let plan = dump::plan(database, &query).await;
            let is_scan = |step: &&String| {
                step.contains("Seq Scan") || step.contains("Function Scan") || step.starts_with("SCAN client")
            };
            assert_eq!(plan.iter().find(is_scan), None, "{plan:#?}");
            assert!(plan.iter().any(|step| step.contains("client_") && step.contains("id")), "{plan:#?}");
        }
    })
    .await;
}

/// A writer with no rights beyond the host's own schema.
async fn write_as_host(database: &TestDatabase, sql: &str) {
    let host = database.connect_as_host().await;
    host.execute_unprepared(sql).await.unwrap();
}

async fn profiles(database: &TestDatabase) -> Vec<String> {
    dump::projection(database, "crm_profile_search").await
}

async fn notes(database: &TestDatabase) -> Vec<String> {
    dump::projection(database, "crm_note_index").await
}

async fn keys(database: &TestDatabase, key: &str, table: &str) -> Vec<String> {
    database.rows(&format!("SELECT {key} FROM {table} ORDER BY 1")).await
}
