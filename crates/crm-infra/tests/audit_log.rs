//! The stored audit log can only be added to, and what somebody does to it all the same is found.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::sync::Arc;

use crm_domain::access::Role;
use crm_domain::audit::{AuditEntry, AuditVerification};
use crm_domain::ports::Ports;
use crm_domain::progress::Unwatched;
use crm_domain::store::Store as _;
use crm_domain::testing::fixtures::{NOW, a_profile, actor_in};
use crm_domain::testing::{FixedClock, SequentialIds};
use crm_infra::SeaStore;
use crm_infra::testing::TestDatabase;

/// Most of the 60 entries are in lanes of their own on PostgreSQL; on SQLite all are in the first.
const ENTRIES: usize = 60;

async fn written(database: &TestDatabase) -> Ports {
    let store = Arc::new(SeaStore::new(database.database().clone()));
    let admin = actor_in("t1", "admin", Role::Admin);
    for _ in 0..ENTRIES {
        let unit = store.begin(admin.scope()).await.unwrap();
        unit.commit(vec![AuditEntry::created(admin.principal(), &a_profile())]).await.unwrap();
    }
    Ports { store, clock: Arc::new(FixedClock::at(NOW)), ids: Arc::new(SequentialIds::default()) }
}

async fn is_whole(ports: &Ports) -> bool {
    let report = AuditVerification::new(ports.clone()).run(Vec::new(), &Unwatched).await.unwrap();
    report.flaws.is_empty()
}

async fn engines() -> Vec<TestDatabase> {
    [Some(TestDatabase::sqlite().await), TestDatabase::postgres().await].into_iter().flatten().collect()
}

#[tokio::test]
async fn the_database_refuses_to_change_or_delete_what_was_written() {
    for database in engines().await {
        let ports = written(&database).await;
        let mut attempts = vec!["UPDATE crm_audit SET changes = '[]'", "DELETE FROM crm_audit"];
        if !database.database().is_sqlite() {
            attempts.push("TRUNCATE crm_audit");
        }
        for attempt in attempts {
            let refused = database.database().run_unprepared(attempt).await;
            let refusal = format!("{:?}", refused.unwrap_err());
            assert!(refusal.contains("the audit log can only be added to"), "{attempt}: {refusal}");
        }
        assert!(is_whole(&ports).await);
    }
}

#[tokio::test]
async fn whoever_drops_the_trigger_is_found_out_whatever_column_they_touch() {
    let edits = [
        "id = '9' || id",
        "tenant_id = 't9'",
        "lane = lane + 100",
        "position = position + 1000",
        "at = '2026-01-01 00:00:00.123'",
        "user_id = 'somebody'",
        "role = NULL",
        "address = '203.0.113.9'",
        "request_id = 'r9'",
        "action = 'UPDATED'",
        "denied = 'READ_PROFILE'",
        "resource = 'NOTE'",
        "resource_id = NULL",
        "profile_id = 'p9'",
        "author_id = 'somebody'",
        "note_type = 'MEDICAL'",
        "is_private = TRUE",
        "changes = '[]'",
        "hash = 'f' || substr(hash, 2)",
    ];
    for database in engines().await {
        let ports = written(&database).await;
        let sqlite = database.database().is_sqlite();
        database
            .execute(if sqlite {
                "DROP TRIGGER crm_audit_no_update; DROP TRIGGER crm_audit_no_delete"
            } else {
                "ALTER TABLE crm_audit DISABLE TRIGGER ALL"
            })
            .await;
        database.execute("CREATE TABLE saved AS SELECT * FROM crm_audit").await;
        let one = "id = (SELECT MIN(id) FROM saved)";
        let tamperings = edits.map(|edit| format!("UPDATE crm_audit SET {edit} WHERE {one}")).into_iter().chain([
            format!("DELETE FROM crm_audit WHERE {one}"),
            "DELETE FROM crm_audit WHERE id = (SELECT MAX(id) FROM saved)".to_owned(),
            "DELETE FROM crm_audit".to_owned(),
        ]);
        for tampering in tamperings {
            database.execute(&tampering).await;
            assert!(!is_whole(&ports).await, "{tampering}");
            database.execute("DELETE FROM crm_audit; INSERT INTO crm_audit SELECT * FROM saved").await;
        }
        assert!(is_whole(&ports).await);
    }
}
