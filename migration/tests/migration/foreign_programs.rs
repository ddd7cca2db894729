//! Other programs may open the SQLite file with their own, older SQLite and write to it.

use crate::support::{TestDatabase, on_sqlite, skipped};
use std::io::Write;
use std::process::{Command, Stdio};

const WRITES: &str = "UPDATE client_profiles SET city = 'Mérida', \"firstName\" = 'Íñigo' WHERE id = 'profile-2'; \
     DELETE FROM client_notes WHERE id = 'note-1';";

#[tokio::test]
async fn the_sqlite_shell_writes_and_the_projections_follow() {
    on_sqlite(async |database| {
        database.up_with_data().await;
        let path = database.path();
        if ran("sqlite3", &["-bail", &path.to_string_lossy()], WRITES) {
            assert_followed(database).await;
        }
    })
    .await;
}

#[tokio::test]
async fn python_writes_and_the_projections_follow() {
    on_sqlite(async |database| {
        database.up_with_data().await;
        let path = database.path();
        let script = format!(
            "import sqlite3\ndb = sqlite3.connect({:?})\ndb.executescript({WRITES:?})\ndb.commit()\n",
            path.to_string_lossy()
        );
        if ran("python3", &["-"], &script) {
            assert_followed(database).await;
        }
    })
    .await;
}

#[tokio::test]
async fn replaced_rows_leave_nothing_behind() {
    on_sqlite(async |database| {
        database.up_with_data().await;
        database
            .execute(
                "INSERT OR REPLACE INTO client_profiles (id, \"userId\", \"createdAt\", \"updatedAt\") \
                 VALUES ('profile-9', 'user-1', '2025-01-02 10:00:00', '2025-01-02 10:00:00')",
            )
            .await;
        assert_eq!(database.rows("SELECT profile_id FROM crm_profile_search ORDER BY 1").await, ["profile-2", "profile-9"]);
        assert_eq!(database.rows("SELECT note_id FROM crm_note_index").await, [""; 0]);

        database.execute("UPDATE OR REPLACE client_profiles SET \"userId\" = 'user-2' WHERE id = 'profile-9'").await;
        assert_eq!(database.rows("SELECT profile_id FROM crm_profile_search").await, ["profile-9"]);
        assert_text_index_is_whole(database).await;
    })
    .await;
}

#[tokio::test]
async fn a_profile_deleted_without_foreign_keys_leaves_no_note_in_the_index() {
    on_sqlite(async |database| {
        database.up_with_data().await;
        database.execute("PRAGMA foreign_keys = OFF; DELETE FROM client_profiles; PRAGMA foreign_keys = ON").await;
        assert_eq!(database.rows("SELECT note_id FROM crm_note_index").await, [""; 0]);
        assert_eq!(migration::reconcile(&database.db).await.unwrap(), migration::Reconciled::default());
    })
    .await;
}

async fn assert_followed(database: &TestDatabase) {
    let text = "SELECT search_text || city FROM crm_profile_search WHERE profile_id = 'profile-2'";
    assert_eq!(database.rows(text).await, ["  inigo  lopez  ana@a.mx    merida"]);
    assert_eq!(database.rows("SELECT note_id FROM crm_note_index").await, ["note-2"]);
    let tenant = database.rows("SELECT tenant_id FROM crm_profile_search WHERE profile_id = 'profile-2'").await.remove(0);
    for (keys, found) in [(["winigo", "ceri"], vec!["profile-2"]), (["winig", "ceri"], vec![])] {
        let keys = migration::sqlite_search_keys(&tenant, &keys.map(str::to_owned));
        let sql = format!(
            "SELECT s.profile_id FROM crm_profile_text t JOIN crm_profile_search s ON s.row_number = t.rowid \
             WHERE t.crm_profile_text MATCH '{keys}'"
        );
        assert_eq!(database.rows(&sql).await, found);
    }
    assert_eq!(database.rows("PRAGMA integrity_check").await, ["ok"]);
    assert_text_index_is_whole(database).await;
}

/// Fails where the text index differs from what it indexes.
async fn assert_text_index_is_whole(database: &TestDatabase) {
    database.execute("INSERT INTO crm_profile_text (crm_profile_text, rank) VALUES ('integrity-check', 1)").await;
    let counted = database.rows("SELECT CAST(COALESCE(SUM(profiles), 0) AS text) FROM crm_profile_counts").await;
    assert_eq!(counted, database.rows("SELECT CAST(COUNT(*) AS text) FROM client_profiles").await);
}

/// Tells whether the program exists; if it does, it must succeed.
fn ran(program: &str, arguments: &[&str], input: &str) -> bool {
    let started =
        Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = started else {
        skipped(&format!("{program} is not installed"));
        return false;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    true
}
