//! A throw-away database per test.

use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

pub(crate) const HOST_TABLES: &[&str] = &[
    "tenants",
    "branches",
    "users",
    "clients",
    "client_users",
    "service_categories",
    "services",
    "appointments",
    "payments",
];
pub(crate) const MODULE_TABLES: &[&str] = &["client_profiles", "client_notes", "client_preferences"];

pub(crate) const HOST_POSTGRES: &str = include_str!("../fixtures/host_postgres.sql");
pub(crate) const MODULE_ENGLISH: &str = include_str!("../fixtures/module_english.sql");
pub(crate) const HOST_DATA: &str = include_str!("../fixtures/host_data.sql");
pub(crate) const MODULE_DATA: &str = include_str!("../fixtures/module_data.sql");

/// The module tables as later migrations of the host leave them: Spanish labels of "Gender".
pub(crate) fn module_spanish() -> String {
    let (english, spanish) =
        ("'MALE', 'FEMALE', 'OTHER', 'PREFER_NOT_TO_SAY'", "'MASCULINO', 'FEMENINO', 'OTRO', 'PREFIERO_NO_DECIR'");
    assert!(MODULE_ENGLISH.contains(english));
    MODULE_ENGLISH.replace(english, spanish)
}

/// An empty database, removed at the end also when the test fails.
pub(crate) struct TestDatabase {
    pub(crate) db: DatabaseConnection,
    place: Place,
}

enum Place {
    File(TempDir),
    Server { admin: String, name: String },
}

/// Runs a test on SQLite, and on PostgreSQL if there is one.
pub(crate) async fn on_each_engine(test: impl AsyncFn(&TestDatabase)) {
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

pub(crate) async fn on_sqlite(test: impl AsyncFn(&TestDatabase)) {
    test(&TestDatabase::sqlite().await).await;
}

pub(crate) async fn on_postgres(test: impl AsyncFn(&TestDatabase)) {
    if let Some(database) = TestDatabase::postgres().await {
        test(&database).await;
    }
}

impl TestDatabase {
    async fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let url = sqlite_url(&folder.path().join("crm.db"));
        let db = Database::connect(ConnectOptions::new(url)).await.unwrap();
        db.execute_unprepared("PRAGMA journal_mode = WAL").await.unwrap();
        Self { db, place: Place::File(folder) }
    }

    async fn postgres() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let admin = server_url()?;
        let name = format!("crm_migration_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let server = Database::connect(&admin).await.unwrap();
        // Sorted the way people sort, unlike our own tables, as the host's database may well be.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'es-MX'");
        server.execute_unprepared(&create).await.unwrap();
        server.close().await.unwrap();
        let db = Database::connect(options(&with_database(&admin, &name))).await.unwrap();
        Some(Self { db, place: Place::Server { admin, name } })
    }

    /// A second pool, as another instance would have.
    pub(crate) async fn connect_again(&self) -> DatabaseConnection {
        match &self.place {
            Place::File(_) => Database::connect(sqlite_url(&self.path())).await.unwrap(),
            Place::Server { admin, name } => Database::connect(options(&with_database(admin, name))).await.unwrap(),
        }
    }

    /// A connection of the web app: on PostgreSQL with a role that knows schema `public` only.
    pub(crate) async fn connect_as_host(&self) -> DatabaseConnection {
        let Place::Server { admin, name } = &self.place else {
            return self.connect_again().await;
        };
        let role = format!("{name}_web");
        self.execute(&format!(
            "DO $$ BEGIN IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role}; END IF; END $$; \
             GRANT USAGE ON SCHEMA public TO {role}; \
             GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"
        ))
        .await;
        let mut options = ConnectOptions::new(with_database(admin, name));
        options.max_connections(1);
        let host = Database::connect(options).await.unwrap();
        host.execute_unprepared(&format!("SET ROLE {role}")).await.unwrap();
        host
    }

    /// A pool that forgot to name our schema.
    pub(crate) async fn connect_without_search_path(&self) -> DatabaseConnection {
        match &self.place {
            Place::File(_) => self.connect_again().await,
            Place::Server { admin, name } => Database::connect(with_database(admin, name)).await.unwrap(),
        }
    }

    /// A pool of ours whose connections act as `role`.
    pub(crate) async fn connect_again_as(&self, role: &str) -> DatabaseConnection {
        // A default of the database reaches every connection of the new pool.
        self.execute(&format!("ALTER DATABASE {} SET role = {role}", self.name())).await;
        self.connect_again().await
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    /// The file of a SQLite database.
    pub(crate) fn path(&self) -> PathBuf {
        match &self.place {
            Place::File(folder) => folder.path().join("crm.db"),
            Place::Server { name, .. } => panic!("{name} is not a file"),
        }
    }

    /// The name of a PostgreSQL database.
    pub(crate) fn name(&self) -> &str {
        match &self.place {
            Place::File(folder) => panic!("{} is a file", folder.path().display()),
            Place::Server { name, .. } => name,
        }
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.db.execute_unprepared(sql).await.unwrap();
    }

    pub(crate) async fn rows(&self, sql: &str) -> Vec<String> {
        rows(&self.db, sql).await
    }

    /// Host and module tables with their data, as in use before this module came.
    pub(crate) async fn up_with_data(&self) {
        migration::up(&self.db).await.unwrap();
        self.execute(HOST_DATA).await;
        self.execute(MODULE_DATA).await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Server { admin, name } = &self.place else { return };
        let (admin, name) = (admin.clone(), name.clone());
        // A runtime cannot block inside another, hence the thread.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let server = Database::connect(&admin).await.unwrap();
                server.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
                server.execute_unprepared(&format!("DROP ROLE IF EXISTS {name}_web")).await.unwrap();
            });
        });
        let dropped = dropped.join().is_ok();
        assert!(dropped || std::thread::panicking(), "the test database was not dropped");
    }
}

/// The first column of every row, as text.
pub(crate) async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

fn options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.set_schema_search_path("citaplanner_crm,public").max_connections(4);
    options
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}?mode=rwc", path.display())
}

fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

/// The server for the tests, if there is one.
#[expect(clippy::disallowed_methods, reason = "tests have no configuration file")]
fn server_url() -> Option<String> {
    static WARNING: Once = Once::new();
    let url = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        assert!(std::env::var("TEST_POSTGRES_REQUIRED").is_err(), "TEST_POSTGRES_URL is not set, but tests require it");
        WARNING.call_once(|| skipped("PostgreSQL tests, TEST_POSTGRES_URL is not set"));
    }
    url
}

/// Says so past the capture of output, so that nobody takes silence for success.
pub(crate) fn skipped(what: &str) {
    let line = format!("\nSKIPPED: {what}\n");
    std::io::stderr().lock().write_all(line.as_bytes()).unwrap();
}
