//! No request reads a whole table that grows with the number of tenants.
//!
//! Every kind of request is sent to a server over a database of many tenants, the statements it ran are recorded,
//! and their plans are read. On PostgreSQL the server's own counters are compared too: they include what triggers
//! and foreign keys do, which no plan shows. SQLite shows that in the program of the statement.

mod crowd;
mod requests;
mod scans;

use std::collections::BTreeSet;

use crm_http::routes::{Access, ENDPOINTS};
use crm_infra::testing::{Recorded, Recording, TestDatabase};

use crate::support::TestServer;
use requests::Request;
use scans::ScanCounters;

/// The module tables may get no index of ours (product contract, section 2), so a database that deletes a profile
/// looks through all notes for those of the profile: its own doing, by the foreign key. `docs/OPERATIONS.md` says so.
/// The trash looks for the same notes, and can't rely on a projection for what is deleted with the profile.
const UNAVOIDABLE: &str = "delete a profile: ";

/// Statements of a request of each kind.
struct Observed {
    kind: String,
    statements: Vec<Recorded>,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_scans_a_growing_table_on_sqlite() {
    no_request_scans_a_growing_table(TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_scans_a_growing_table_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        no_request_scans_a_growing_table(database).await;
    }
}

async fn no_request_scans_a_growing_table(mut database: TestDatabase) {
    crowd::fill(&database).await;
    let recording = database.record().await;
    a_full_scan_would_be_found(&database).await;
    let server = TestServer::start(database);
    let mut findings = BTreeSet::new();
    let mut observed = Vec::new();
    let requests = requests::of_every_kind(&server).await;
    every_route_is_asked(&requests);
    for request in requests {
        let counters = ScanCounters::read(server.database()).await;
        let statements = observe(&server, &recording, &request).await;
        let scanned = ScanCounters::read(server.database()).await.since(&counters);
        findings.extend(scanned.into_iter().map(|table| format!("{}: {table} was scanned", request.kind)));
        observed.push(Observed { kind: request.kind.to_owned(), statements });
    }
    findings.extend(scans_of_plans(server.database(), &observed).await);
    if server.database().database().is_sqlite() {
        // Nobody need ever have let SQLite count its rows.
        server.execute("DELETE FROM sqlite_stat1; ANALYZE sqlite_schema").await;
        findings.extend(scans_of_plans(server.database(), &observed).await);
        findings.extend(walks_through_a_tenant(server.database(), &observed).await);
    }
    let findings: Vec<_> = findings.into_iter().filter(|finding| !is_unavoidable(finding)).collect();
    assert!(findings.is_empty(), "{} read too much:\n{}", findings.len(), findings.join("\n"));
}

fn is_unavoidable(finding: &str) -> bool {
    let scanned = finding.split('\n').next().unwrap_or_default();
    scanned.starts_with(UNAVOIDABLE) && scanned.contains("client_notes")
}

/// A new route must be looked at too.
fn every_route_is_asked(requests: &[Request]) {
    for route in ENDPOINTS.iter().filter(|route| route.access != Access::Public) {
        let is_asked = requests.iter().any(|request| request.is_for(route.method, route.path));
        assert!(is_asked, "no request for {} {}", route.method, route.path);
    }
}

async fn scans_of_plans(database: &TestDatabase, observed: &[Observed]) -> Vec<String> {
    let mut findings = Vec::new();
    for Observed { kind, statements } in observed {
        for statement in statements {
            let scans = scans::of(database, statement).await;
            findings.extend(scans.into_iter().map(|scan| format!("{kind}: {scan} in\n    {}", statement.with_values)));
        }
    }
    findings
}

/// What is asked for by a list of ids is found by them, and not among all that the tenant has.
async fn walks_through_a_tenant(database: &TestDatabase, observed: &[Observed]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut lists = 0;
    for Observed { kind, statements } in observed {
        for statement in statements.iter().filter(|statement| statement.sql.contains("json_each(")) {
            lists += 1;
            let walked = scans::tenant_indexes(database, &statement.sql).await;
            findings.extend(walked.into_iter().map(|index| format!("{kind}: {index} in\n    {}", statement.with_values)));
        }
    }
    assert!(lists > 0, "nothing is asked for by a list of ids");
    findings
}

/// Sends a request and returns what it asked the database.
async fn observe(server: &TestServer, recording: &Recording, request: &Request) -> Vec<Recorded> {
    recording.take();
    let answer = request.send(server).await;
    assert_eq!(answer.status, request.status, "{}: {}", request.kind, answer.body);
    let statements = recording.take();
    assert!(!statements.is_empty(), "{} asks the database nothing", request.kind);
    statements
}

/// What follows proves nothing if the reader of plans is blind.
async fn a_full_scan_would_be_found(database: &TestDatabase) {
    let scan = |sql: &str| Recorded { sql: sql.to_owned(), parameters: 0, with_values: sql.to_owned() };
    let before = ScanCounters::read(database).await;
    for sql in [
        "SELECT id FROM client_profiles WHERE city = 'Nadie'",
        "SELECT n.id FROM client_notes n JOIN client_profiles p ON p.id = n.\"clientProfileId\" WHERE p.city = 'Nadie'",
        "UPDATE users SET avatar = 'x' WHERE avatar = 'y'",
        "SELECT COUNT(*) FROM appointments",
        "SELECT id FROM payments ORDER BY id LIMIT 3",
    ] {
        assert!(!scans::of(database, &scan(sql)).await.is_empty(), "a full scan went unseen: {sql}");
    }
    let searched = scans::of(database, &scan("SELECT id FROM client_profiles WHERE id = 'p351'")).await;
    assert!(searched.is_empty(), "{searched:?}");

    database.execute("UPDATE users SET avatar = 'x' WHERE avatar = 'y'").await;
    let counted = ScanCounters::read(database).await.since(&before);
    assert!(database.database().is_sqlite() || counted == ["users"], "{counted:?}");
}
