//! Up, down and status on databases of our own.

use crate::dump;
use crate::support::{
    HOST_DATA, HOST_POSTGRES, HOST_TABLES, MODULE_DATA, MODULE_ENGLISH, MODULE_TABLES, TestDatabase, on_each_engine,
    on_postgres, rows,
};
use migration::{RECOMMENDED_INDEXES, Step};
use sea_orm_migration::sea_orm::DbBackend;

#[tokio::test]
async fn an_empty_database_gets_every_table() {
    on_each_engine(async |database| {
        migration::up(&database.db).await.unwrap();

        let schema = dump::schema(database).await.join("\n");
        for table in HOST_TABLES.iter().chain(MODULE_TABLES) {
            assert!(schema.contains(&format!("{table} ")), "{table} is missing");
        }
        assert!(migration::missing_triggers(&database.db).await.unwrap().is_empty());
        assert!(migration::missing_indexes(&database.db).await.unwrap().is_empty());
        // The same rows fit on both engines, and what has a default gets it.
        database.execute(HOST_DATA).await;
        database.execute(MODULE_DATA).await;
        let country = database.rows("SELECT country FROM client_profiles WHERE \"createdAt\" IS NOT NULL").await;
        assert_eq!(country, ["México", "México"]);
    })
    .await;
}

#[tokio::test]
async fn the_tables_we_create_equal_those_of_the_host() {
    on_postgres(async |ours| {
        migration::up(&ours.db).await.unwrap();
        let is_recommended = |line: &String| RECOMMENDED_INDEXES.iter().any(|index| line.contains(index.name));
        let mut created = dump::schema(ours).await;
        created.retain(|line| !is_recommended(line));

        on_postgres(async |hosts| {
            hosts.execute(HOST_POSTGRES).await;
            hosts.execute(MODULE_ENGLISH).await;
            dump::assert_same(&created, &dump::schema(hosts).await);
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn nothing_of_ours_is_in_the_hosts_schema() {
    on_postgres(async |database| {
        migration::up(&database.db).await.unwrap();
        let strangers = database
            .rows(
                "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                 AND (relname LIKE 'crm%' OR relkind IN ('v', 'm', 'S')) \
                 UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
            )
            .await;
        assert!(strangers.is_empty(), "{strangers:?}");
        // And nothing of ours hinders a change there, but for the triggers.
        let links = database
            .rows(
                "SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend \
                 WHERE refobjid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) \
                 AND objid IN (SELECT oid FROM pg_proc WHERE pronamespace = 'citaplanner_crm'::regnamespace \
                               UNION SELECT oid FROM pg_class WHERE relnamespace = 'citaplanner_crm'::regnamespace)",
            )
            .await;
        assert!(links.is_empty(), "{links:?}");
    })
    .await;
}

#[tokio::test]
async fn up_again_changes_nothing() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        let before = everything(database).await;
        migration::up(&database.db).await.unwrap();
        migration::up(&database.db).await.unwrap();
        dump::assert_same(&everything(database).await, &before);
    })
    .await;
}

#[tokio::test]
async fn several_instances_can_start_at_once() {
    on_each_engine(async |database| {
        let (a, b, c) = (database.connect_again().await, database.connect_again().await, database.connect_again().await);
        let results = tokio::join!(
            tokio::spawn({
                let db = database.db.clone();
                async move { migration::up(&db).await }
            }),
            tokio::spawn(async move { migration::up(&a).await }),
            tokio::spawn(async move { migration::up(&b).await }),
            tokio::spawn(async move { migration::up(&c).await }),
        );
        for result in [results.0, results.1, results.2, results.3] {
            result.unwrap().unwrap();
        }
        let steps = rows(&database.db, "SELECT version FROM crm_migrations").await;
        assert_eq!(steps.len(), migration::status(&database.db).await.unwrap().len());
    })
    .await;
}

/// An index that was being made when the server died is there, and of no use.
#[tokio::test]
async fn an_interrupted_index_is_made_again() {
    on_postgres(async |database| {
        database.up_with_data().await;
        let steps = [("keys", "m20261129_000015_search_by_tenant"), ("sample", "m20261129_000016_search_sample")];
        for (index, step) in steps {
            let is_index = format!("indexrelid = 'citaplanner_crm.crm_profile_search_{index}_idx'::regclass");
            database.execute(&format!("UPDATE pg_index SET indisvalid = FALSE WHERE {is_index}")).await;
            database.execute(&format!("DELETE FROM crm_migrations WHERE version = '{step}'")).await;
            migration::up(&database.db).await.unwrap();
            let is_valid = format!("SELECT indisvalid::text FROM pg_index WHERE {is_index}");
            assert_eq!(database.rows(&is_valid).await, ["true"], "{index}");
        }
    })
    .await;
}

/// The condition is what the index is of, or nothing would use it.
#[tokio::test]
async fn the_sample_is_found_by_its_index() {
    on_postgres(async |database| {
        database.up_with_data().await;
        let condition = migration::postgres_has_sampled_words().replace("$1", "'t'").replace("$2", "'wgarcia'");
        let plan = database.rows(&format!("EXPLAIN SELECT 1 FROM crm_profile_search WHERE {condition}")).await;
        assert!(plan.iter().any(|line| line.contains("crm_profile_search_sample_idx")), "{plan:#?}");
    })
    .await;
}

#[tokio::test]
async fn down_leaves_nothing_of_what_up_created() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        migration::down(&database.db).await.unwrap();
        let left = match database.backend() {
            DbBackend::Postgres => {
                "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                 UNION ALL SELECT typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace \
                 UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspname = 'citaplanner_crm' \
                 UNION ALL SELECT extname::text FROM pg_extension WHERE extname = 'pg_trgm'"
            }
            _ => "SELECT name FROM sqlite_master",
        };
        assert_eq!(database.rows(left).await, [""; 0]);
        // Once more is no mistake.
        migration::down(&database.db).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn up_after_down_is_like_the_first_up() {
    on_each_engine(async |database| {
        database.up_with_data().await;
        let first = everything_but_times(database).await;
        migration::down(&database.db).await.unwrap();
        database.up_with_data().await;
        dump::assert_same(&everything_but_times(database).await, &first);
    })
    .await;
}

#[tokio::test]
async fn status_tells_what_is_applied_and_creates_nothing() {
    on_each_engine(async |database| {
        let steps = migration::status(&database.db).await.unwrap();
        assert!(!steps.is_empty() && steps.iter().all(|step: &Step| !step.applied));
        assert_eq!(dump::schema(database).await, [""; 0]);

        migration::up(&database.db).await.unwrap();
        let steps = migration::status(&database.db).await.unwrap();
        assert!(steps.iter().all(|step| step.applied));
        assert_eq!(steps[0].name, "m20261122_000001_host_tables");
    })
    .await;
}

#[tokio::test]
async fn a_connection_with_the_wrong_search_path_is_refused() {
    on_postgres(async |database| {
        let db = database.connect_without_search_path().await;

        let error = migration::up(&db).await.unwrap_err();

        assert!(error.to_string().contains("search_path"), "{error}");
        assert_eq!(dump::schema(database).await, [""; 0]);
    })
    .await;
}

async fn everything(database: &TestDatabase) -> Vec<String> {
    let mut lines = everything_but_times(database).await;
    lines.extend(dump::contents(database).await);
    lines
}

async fn everything_but_times(database: &TestDatabase) -> Vec<String> {
    let mut lines = dump::schema(database).await;
    lines.extend(dump::triggers(database).await);
    for table in ["crm_profile_search", "crm_note_index"] {
        lines.extend(dump::projection(database, table).await);
    }
    lines
}
