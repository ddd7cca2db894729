//! The recommended indexes on host tables.

use crate::support::{HOST_POSTGRES, MODULE_ENGLISH, on_each_engine, on_postgres};
use migration::RECOMMENDED_INDEXES;

#[tokio::test]
async fn a_database_of_the_host_lacks_them_until_they_are_created() {
    on_postgres(async |database| {
        database.execute(HOST_POSTGRES).await;
        database.execute(MODULE_ENGLISH).await;
        migration::up(&database.db).await.unwrap();

        let missing = migration::missing_indexes(&database.db).await.unwrap();
        assert_eq!(missing, RECOMMENDED_INDEXES.iter().collect::<Vec<_>>());
        for index in missing {
            database.execute(&index.create_sql(database.backend())).await;
        }
        assert_eq!(migration::missing_indexes(&database.db).await.unwrap(), [] as [&migration::RecommendedIndex; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_one_is_missing_until_it_is_created_again() {
    on_each_engine(async |database| {
        migration::up(&database.db).await.unwrap();
        let index = &RECOMMENDED_INDEXES[0];
        database.execute(&format!("DROP INDEX \"{}\"", index.name)).await;
        assert_eq!(migration::missing_indexes(&database.db).await.unwrap(), [index]);
        database.execute(&index.create_sql(database.backend())).await;
        assert!(migration::missing_indexes(&database.db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn any_index_that_starts_with_the_same_columns_will_do() {
    on_each_engine(async |database| {
        migration::up(&database.db).await.unwrap();
        database.execute("DROP INDEX \"appointments_clientId_startTime_idx\"").await;
        for (other, missing) in [
            ("CREATE INDEX other ON appointments (\"clientId\", \"startTime\") WHERE status = 'PENDING'", 1),
            ("CREATE INDEX other ON appointments (\"startTime\", \"clientId\")", 1),
            ("CREATE INDEX other ON appointments (\"clientId\")", 1),
            ("CREATE INDEX other ON appointments (\"clientId\", \"startTime\", status)", 0),
        ] {
            database.execute(other).await;
            assert_eq!(migration::missing_indexes(&database.db).await.unwrap().len(), missing, "{other}");
            database.execute("DROP INDEX other").await;
        }
    })
    .await;
}

#[test]
fn names_and_model_lines_are_those_of_prisma() {
    for index in RECOMMENDED_INDEXES.iter().filter(|index| index.key.is_none()) {
        assert_eq!(index.name, format!("{}_{}_idx", index.table, index.columns.join("_")));
        assert_eq!(index.prisma(), Some(format!("@@index([{}])", index.columns.join(", "))));
    }
}

#[tokio::test]
async fn an_index_on_an_expression_is_known_by_its_name() {
    on_each_engine(async |database| {
        migration::up(&database.db).await.unwrap();
        let index = RECOMMENDED_INDEXES.iter().find(|index| index.key.is_some()).unwrap();
        assert_eq!(index.prisma(), None, "Prisma can neither write nor see it");
        database.execute(&format!("DROP INDEX \"{}\"", index.name)).await;
        database.execute(&format!("CREATE INDEX other ON {} (\"tenantId\")", index.table)).await;
        assert_eq!(migration::missing_indexes(&database.db).await.unwrap(), [index]);
    })
    .await;
}

#[tokio::test]
async fn what_an_interrupted_reindex_has_left_is_named_and_removed() {
    on_postgres(async |database| {
        database.up_with_data().await;
        let left = "crm_profile_search_keys_idx_ccnew";
        database.execute(&format!("CREATE INDEX {left} ON crm_profile_search (profile_id)")).await;
        assert_eq!(migration::leftover_indexes(&database.db).await.unwrap(), [""; 0], "it can be used");
        let is_left = format!("indexrelid = 'citaplanner_crm.{left}'::regclass");
        database.execute(&format!("UPDATE pg_index SET indisvalid = FALSE WHERE {is_left}")).await;
        assert_eq!(migration::leftover_indexes(&database.db).await.unwrap(), [format!("citaplanner_crm.{left}")]);
        migration::reindex(&database.db).await.unwrap();
        assert_eq!(migration::leftover_indexes(&database.db).await.unwrap(), [""; 0]);
        assert_eq!(database.rows(&format!("SELECT (to_regclass('citaplanner_crm.{left}') IS NULL)::text")).await, ["true"]);
    })
    .await;
}
