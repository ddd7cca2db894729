//! The `crm` binary as an operator runs it: a clean environment, a folder of its own, exit codes and printed lines.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

mod audit;
mod command;
#[path = "../shared/form.rs"]
mod form;
#[path = "../shared/hostile.rs"]
mod hostile;
mod photos_killed;
mod photos_refused;
mod photos_reprocess;
mod photos_sweep;
#[path = "../shared/picture.rs"]
mod picture;
mod retries_killed;
mod salon;
mod trash_purge;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crm_domain::testing::rows;
use crm_infra::testing::TestDatabase;
use reqwest::Method;
use serde_json::{Value, json};

use command::{SECRET, Server, client, complaint, crm, succeed};

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_in_an_empty_folder_with_demo_data_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Server::start(folder.path(), &[]);
    assert!(first.address.starts_with("http://127.0.0.1:"), "{}", first.address);
    let line = first.line_with("Demo accounts, password ");
    let password = line.split_once("password ").unwrap().1.trim_end_matches(':').to_owned();
    let email = first.line_with(" ADMIN ").split_whitespace().next().unwrap().to_owned();

    let ready: Value = client().get(first.url("/health/ready")).send().await.unwrap().json().await.unwrap();
    assert_eq!(ready, json!({ "success": true, "database": "ok", "photos": "ok" }));
    let profiles = first.profiles(&email, &password).await;
    assert!(profiles > 0);
    assert_eq!(first.terminate().0, Some(0));

    let second = Server::start(folder.path(), &[]);
    assert_eq!(second.profiles(&email, &password).await, profiles);
    let (code, rest) = second.terminate();
    assert_eq!(code, Some(0));
    assert!(!rest.contains("Demo accounts"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_methods_add_one_label_to_the_metrics() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[("CRM_SEED_DEMO", "false")]);
    let client = client();
    for number in 0..50 {
        let method = Method::from_bytes(format!("MADEUP{number}").as_bytes()).unwrap();
        for path in ["/api/clients/profiles", "/nowhere"] {
            client.request(method.clone(), server.url(path)).send().await.unwrap();
        }
    }
    client.get(server.url("/health/live")).send().await.unwrap();
    let metrics = client.get(server.url("/metrics")).send().await.unwrap().text().await.unwrap();
    let labels = metrics.lines().filter_map(|line| line.split_once("method=\"")?.1.split_once('"'));
    let methods: BTreeSet<_> = labels.map(|(method, _)| method).collect();
    assert_eq!(methods, BTreeSet::from(["GET", "other"]), "{metrics}");
    assert_eq!(server.terminate().0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn demo_data_never_goes_to_a_postgres_that_has_tenants() {
    let Some(database) = TestDatabase::postgres().await else { return };
    database.execute(&format!("{};{}", rows::tenant("t1"), rows::user("u1"))).await;
    let folder = tempfile::tempdir().unwrap();
    let mut seed = crm(folder.path(), "seed --profiles 1 --tenants 1");
    seed.env("CRM_DATABASE_URL", database.url()).env(SECRET.0, SECRET.1);
    let said = complaint(seed.output().unwrap());
    assert!(said.contains("has tenants already"), "{said}");
    for (table, rows) in [("tenants", "1"), ("users", "1"), ("client_profiles", "0"), ("clients", "0"), ("services", "0")] {
        let count = database.select_text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        assert_eq!(count.as_deref(), Some(rows), "{table}");
    }
}

#[test]
fn the_printed_description_of_the_api_is_the_committed_one() {
    let folder = tempfile::tempdir().unwrap();
    let committed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    assert!(succeed(folder.path(), "openapi") == fs::read_to_string(committed).unwrap(), "docs/openapi.json differs");
}

#[test]
fn an_unknown_setting_stops_it_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = complaint(crm(folder.path(), "").env("CRM_LISTN", "127.0.0.1:0").output().unwrap());
    assert!(said.contains("CRM_LISTN") && said.contains("CRM_LISTEN"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "it left something behind");
}

#[test]
fn migrations_go_up_and_down_and_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let steps = |arguments: &str, state: &str| {
        let printed = succeed(folder.path(), arguments);
        let steps: Vec<_> = printed.lines().filter_map(|line| line.strip_prefix(state)).map(str::to_owned).collect();
        assert_eq!(steps.len(), printed.lines().count(), "crm {arguments}: {printed}");
        assert!(!steps.is_empty(), "crm {arguments}");
        steps
    };
    let all = steps("migrate status", "pending ");
    for (arguments, state) in [
        ("migrate up", "applied "),
        ("migrate status", "applied "),
        ("migrate down --yes", "pending "),
        ("migrate status", "pending "),
        ("migrate up", "applied "),
        ("migrate up", "applied "),
    ] {
        assert_eq!(steps(arguments, state), all, "crm {arguments}");
    }
    complaint(crm(folder.path(), "migrate down").output().unwrap());
    assert_eq!(steps("migrate status", "applied "), all, "going down needs a yes");
}

#[test]
fn the_doctor_finds_a_healthy_folder_healthy_and_an_unmigrated_one_not() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), "doctor");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "looking left something behind");
    succeed(folder.path(), "migrate up");
    let found = succeed(folder.path(), "doctor");
    assert!(!found.contains("FAULT") && found.contains("database: answers"), "{found}");
    succeed(folder.path(), "migrate down --yes");
    let output = crm(folder.path(), "doctor").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("FAULT   schema: "), "{output:?}");
    complaint(output);
}
