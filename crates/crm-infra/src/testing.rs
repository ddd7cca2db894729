//! Throw-away databases, migrated and empty, on the engine a test asks for.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a database that can't be made must stop the test")]

mod faults;
mod recording;

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{Database, Purpose};

pub use faults::{Fault, Faults, FaultyObjects, FaultyStore, Operation};
pub use recording::{Recorded, Recording, SqliteStep};

/// Names a PostgreSQL server on which tests may create databases, such as `postgres://postgres@127.0.0.1:5432/postgres`.
pub const POSTGRES_VARIABLE: &str = "TEST_POSTGRES_URL";
/// If set, a missing PostgreSQL fails the tests instead of skipping them.
pub const REQUIRE_POSTGRES_VARIABLE: &str = "TEST_POSTGRES_REQUIRED";

/// Sorted the way people sort, as the host's database may well be; our own order must not depend on it.
const EMPTY_TEMPLATE: &str = "template0 LOCALE_PROVIDER icu ICU_LOCALE 'es-MX'";
/// Name of the database that this process copies for each test.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
/// Numbers the databases of this process.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database that disappears with this value.
pub struct TestDatabase {
    database: Database,
    url: String,
    place: Place,
}

enum Place {
    Folder { _folder: TempDir },
    Server { server: String, name: String },
}

impl TestDatabase {
    /// A migrated SQLite database in a folder of its own.
    pub async fn sqlite() -> Self {
        let test = Self::empty_sqlite().await;
        test.database.migrate().await.expect("the migration runs");
        test
    }

    /// A migrated PostgreSQL database, or `None`, said loudly, where there is no server for tests.
    pub async fn postgres() -> Option<Self> {
        let server = postgres_server()?;
        let template = TEMPLATE.get_or_init(|| migrated_template(&server)).await;
        Some(Self::copy_of(server, template).await)
    }

    /// A SQLite database without any table.
    pub async fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("crm.db").display());
        let database = connect(&url).await;
        Self { database, url, place: Place::Folder { _folder: folder } }
    }

    /// A PostgreSQL database without any table, or `None`, said loudly, where there is no server for tests.
    pub async fn empty_postgres() -> Option<Self> {
        Some(Self::copy_of(postgres_server()?, EMPTY_TEMPLATE).await)
    }

    async fn copy_of(server: String, template: &str) -> Self {
        let name = format!("crm_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        create_database(&server, &name, template).await;
        let url = url_of(&server, &name);
        Self { database: connect(&url).await, url, place: Place::Server { server, name } }
    }

    /// Goes on without waiting for the disk at every commit, where a test makes very many.
    pub async fn hurry(&mut self) {
        if let Place::Server { name, .. } = &self.place {
            self.execute(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
            // It counts for new connections.
            self.database = connect(&self.url).await;
        }
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Its URL, for other processes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs plain SQL, as another application would: one or several statements.
    pub async fn execute(&self, sql: &str) {
        let result = self.database.connection().execute_unprepared(sql).await;
        result.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    /// The first column of the first row, as text; `None` without a row or where it is null.
    pub async fn select_text(&self, sql: &str) -> Option<String> {
        let rows = self.select_column(sql).await;
        rows.into_iter().next().flatten()
    }

    /// The first column of every row, as text.
    pub async fn select_column(&self, sql: &str) -> Vec<Option<String>> {
        let statement = Statement::from_string(self.database.backend(), sql);
        let rows = self.database.connection().query_all_raw(statement).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
    }
}

async fn create_database(server: &str, name: &str, template: &str) {
    let admin = connect(server).await;
    admin.run_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("no leftover");
    admin.run_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a new database");
}

/// A migrated database that is copied for each test, which is quicker than migrating each.
async fn migrated_template(server: &str) -> String {
    remove_templates_of_the_past(server).await;
    let name = format!("crm_template_{}", std::process::id());
    create_database(server, &name, EMPTY_TEMPLATE).await;
    let template = connect(&url_of(server, &name)).await;
    template.migrate().await.expect("the migration runs");
    // A database somebody is connected to can't be copied.
    template.connection().clone().close().await.expect("the connections close");
    name
}

/// Nothing runs when a test process ends, so each process removes the templates of those that have.
async fn remove_templates_of_the_past(server: &str) {
    let admin = connect(server).await;
    let sql = "SELECT datname::text FROM pg_database WHERE datname LIKE 'crm\\_template\\_%'";
    let rows = admin.connection().query_all_raw(Statement::from_string(admin.backend(), sql)).await.expect("a list");
    for name in rows.iter().filter_map(|row| row.try_get_by_index::<String>(0).ok()) {
        let process = name.rsplit('_').next().unwrap_or_default();
        if !std::path::Path::new("/proc").join(process).exists() {
            // Somebody else may be removing it at the same time.
            let _ = admin.run_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await;
        }
    }
}

fn url_of(server: &str, database: &str) -> String {
    format!("{}/{database}", server.rsplit_once('/').expect("a URL with a database").0)
}

async fn connect(url: &str) -> Database {
    Database::connect(url, 8, Purpose::Maintenance).await.expect("the database answers")
}

#[expect(clippy::disallowed_methods, reason = "tests take their server from the environment, not from the configuration")]
fn postgres_server() -> Option<String> {
    static SAY_ONCE: Once = Once::new();
    let server = std::env::var(POSTGRES_VARIABLE).ok().filter(|url| !url.is_empty());
    if server.is_none() {
        assert!(std::env::var(REQUIRE_POSTGRES_VARIABLE).is_err(), "{POSTGRES_VARIABLE} is not set, but tests require it");
        SAY_ONCE.call_once(|| {
            // Straight to the terminal: the test runner hides what a passing test prints.
            let notice = format!("SKIPPED: every test on PostgreSQL, because {POSTGRES_VARIABLE} is not set\n");
            let _ = std::io::Write::write_all(&mut std::io::stderr(), notice.as_bytes());
        });
    }
    server
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Server { server, name } = &self.place else { return };
        let (server, sql) = (server.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // A thread of its own, because the test's runtime may be gone or have only one thread.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async { connect(&server).await.connection().execute_unprepared(&sql).await })
        });
        let _ = dropping.join();
    }
}
