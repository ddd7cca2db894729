//! A database that CitaPlanner already uses.

use crate::dump;
use crate::support::{
    HOST_DATA, HOST_POSTGRES, MODULE_DATA, MODULE_ENGLISH, MODULE_TABLES, TestDatabase, module_spanish, on_postgres,
    on_sqlite,
};

#[tokio::test]
async fn a_database_with_english_genders_is_adopted_and_given_back_unchanged() {
    on_postgres(async |database| {
        install_host(database).await;
        install_module(database, MODULE_ENGLISH, "PREFER_NOT_TO_SAY").await;
        adopts_and_gives_back(database).await;
    })
    .await;
}

#[tokio::test]
async fn a_database_with_spanish_genders_is_adopted_and_given_back_unchanged() {
    on_postgres(async |database| {
        install_host(database).await;
        install_module(database, &module_spanish(), "PREFIERO_NO_DECIR").await;
        adopts_and_gives_back(database).await;
    })
    .await;
}

#[tokio::test]
async fn a_database_without_the_module_gets_its_tables_and_loses_only_those_again() {
    on_postgres(async |database| {
        install_host(database).await;
        let before = schema_and_rows(database).await;

        migration::up(&database.db).await.unwrap();
        database.execute(MODULE_DATA).await;
        let is_hosts = |line: &String| {
            !MODULE_TABLES.iter().any(|table| line.starts_with(table))
                && !["NoteType", "Gender", "ReminderTime", "CommunicationPreference"]
                    .iter()
                    .any(|name| line.starts_with(&format!("type {name} ")))
        };
        let mut after = schema_and_rows(database).await;
        assert!(after.len() > before.len());
        after.retain(is_hosts);
        dump::assert_same(&after, &before);

        migration::down(&database.db).await.unwrap();
        dump::assert_same(&schema_and_rows(database).await, &before);
    })
    .await;
}

#[tokio::test]
async fn the_rows_that_were_there_before_are_in_the_projections() {
    on_postgres(async |database| {
        install_host(database).await;
        install_module(database, &module_spanish(), "OTRO").await;
        migration::up(&database.db).await.unwrap();
        assert_filled(database).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_whose_tables_we_did_not_create_keeps_them() {
    on_sqlite(async |database| {
        // What another program would leave: the tables, and no word about who made them.
        database.up_with_data().await;
        database.execute("DELETE FROM crm_schema_origin").await;
        migration::down(&database.db).await.unwrap();
        let before = schema_and_rows(database).await;
        assert!(!before.is_empty());
        assert!(dump::triggers(database).await.is_empty());

        migration::up(&database.db).await.unwrap();
        assert_filled(database).await;
        dump::assert_same(&schema_and_rows(database).await, &before);

        migration::down(&database.db).await.unwrap();
        dump::assert_same(&schema_and_rows(database).await, &before);
        assert!(dump::triggers(database).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_extension_of_the_host_is_kept() {
    on_postgres(async |database| {
        database.execute("CREATE SCHEMA tools; CREATE EXTENSION pg_trgm SCHEMA tools").await;
        migration::up(&database.db).await.unwrap();
        migration::down(&database.db).await.unwrap();
        let home = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'";
        assert_eq!(database.rows(home).await, ["tools"]);
    })
    .await;
}

#[tokio::test]
async fn the_extension_of_an_early_step_goes_unless_something_needs_it() {
    on_postgres(async |database| {
        let extension = "SELECT extname::text FROM pg_extension WHERE extname = 'pg_trgm'";
        database.up_with_data().await;
        assert!(database.rows(extension).await.is_empty());

        database
            .execute(
                "CREATE EXTENSION pg_trgm SCHEMA citaplanner_crm; \
                 CREATE INDEX of_somebody ON users USING gin (email citaplanner_crm.gin_trgm_ops); \
                 DELETE FROM crm_migrations WHERE version = 'm20261129_000015_search_by_tenant'",
            )
            .await;
        migration::up(&database.db).await.unwrap();
        assert_eq!(database.rows(extension).await, ["pg_trgm"]);
    })
    .await;
}

#[tokio::test]
async fn a_role_that_may_create_no_extension_gets_every_index() {
    on_postgres(async |database| {
        // The operator prepares the schema; the role may create nothing else in the database.
        let host = database.connect_as_host().await;
        let role = crate::support::rows(&host, "SELECT current_user::text").await.remove(0);
        database
            .execute(&format!("CREATE SCHEMA citaplanner_crm AUTHORIZATION {role}; GRANT CREATE ON SCHEMA public TO {role}"))
            .await;
        let limited = database.connect_again_as(&role).await;

        migration::up(&limited).await.unwrap();

        let index = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'citaplanner_crm.crm_profile_search_keys_idx'::regclass";
        assert_eq!(database.rows(index).await, ["true"]);
        assert!(migration::status(&limited).await.unwrap().iter().all(|step| step.applied));
    })
    .await;
}

async fn install_host(database: &TestDatabase) {
    database.execute(HOST_POSTGRES).await;
    database.execute(HOST_DATA).await;
}

async fn install_module(database: &TestDatabase, tables: &str, gender: &str) {
    database.execute(tables).await;
    database.execute(MODULE_DATA).await;
    database.execute(&format!("UPDATE client_profiles SET gender = '{gender}'")).await;
}

async fn adopts_and_gives_back(database: &TestDatabase) {
    let before = schema_and_rows(database).await;
    assert!(dump::triggers(database).await.is_empty());

    migration::up(&database.db).await.unwrap();
    dump::assert_same(&schema_and_rows(database).await, &before);
    let triggers = dump::triggers(database).await;
    assert!(!triggers.is_empty());
    assert!(triggers.iter().all(|line| MODULE_TABLES.iter().any(|table| line.starts_with(table))));

    migration::down(&database.db).await.unwrap();
    dump::assert_same(&schema_and_rows(database).await, &before);
    assert!(dump::triggers(database).await.is_empty());
    let schemas = "SELECT nspname::text FROM pg_namespace WHERE nspname = 'citaplanner_crm'";
    assert!(database.rows(schemas).await.is_empty());
}

async fn assert_filled(database: &TestDatabase) {
    let texts = database.rows("SELECT search_text FROM crm_profile_search ORDER BY profile_id").await;
    assert_eq!(texts, ["  jose  perez  jose@a.mx  pepe@otro.mx  ", "  ana  lopez  ana@a.mx    "]);
    let notes = database.rows("SELECT note_id FROM crm_note_index ORDER BY note_id").await;
    assert_eq!(notes, ["note-1", "note-2"]);
}

async fn schema_and_rows(database: &TestDatabase) -> Vec<String> {
    let mut lines = dump::schema(database).await;
    lines.extend(dump::contents(database).await);
    lines
}
