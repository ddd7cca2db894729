//! Host databases differ in the labels of "Gender"; both are read and written, and answered alike.
#![expect(clippy::unwrap_used, reason = "what can't be written or read must stop the test")]

use crm_domain::access::Role;
use crm_domain::page::PageRequest;
use crm_domain::profile::{ClientProfile, Gender, ProfileFilter};
use crm_domain::store::Store;
use crm_domain::testing::{fixtures, rows};
use crm_infra::SeaStore;
use crm_infra::testing::TestDatabase;

const TO_SPANISH: &str = r#"ALTER TYPE "Gender" RENAME VALUE 'MALE' TO 'MASCULINO';
    ALTER TYPE "Gender" RENAME VALUE 'FEMALE' TO 'FEMENINO';
    ALTER TYPE "Gender" RENAME VALUE 'OTHER' TO 'OTRO';
    ALTER TYPE "Gender" RENAME VALUE 'PREFER_NOT_TO_SAY' TO 'PREFIERO_NO_DECIR'"#;

fn with(gender: Gender) -> ClientProfile {
    let mut profile = fixtures::a_profile();
    profile.details.gender = Some(gender);
    profile
}

/// Writes each gender, reads it back by id and in a list, and tells the labels that were stored.
async fn stored_labels(database: &TestDatabase) -> Vec<String> {
    let store = SeaStore::new(database.database().clone());
    let scope = fixtures::an_actor(Role::Admin).scope();
    let mut labels = Vec::new();
    let mut before = fixtures::a_profile();
    for gender in Gender::ALL {
        let after = with(gender);
        let unit = store.begin(scope.clone()).await.unwrap();
        if labels.is_empty() {
            unit.profiles().insert(&after).await.unwrap();
        } else {
            assert!(unit.profiles().update(&before, &after).await.unwrap());
        }
        unit.commit(Vec::new()).await.unwrap();
        let read = store.read(scope.clone());
        assert_eq!(read.profiles().find(&after.id).await.unwrap(), Some(after.clone()));
        let listed = read.profiles().list(&ProfileFilter::default(), &PageRequest::default()).await.unwrap();
        assert_eq!(listed.items[0].profile.details.gender, Some(gender));
        labels.extend(database.select_text("SELECT CAST(gender AS text) FROM client_profiles").await);
        before = after;
    }
    labels
}

#[tokio::test]
async fn a_database_with_english_labels_keeps_them_and_one_with_spanish_labels_too() {
    for (spanish, expected) in [(false, Gender::ALL.map(Gender::as_str)), (true, Gender::ALL.map(Gender::as_spanish_str))] {
        let Some(database) = TestDatabase::postgres().await else { return };
        if spanish {
            database.execute(TO_SPANISH).await;
        }
        database.execute(&format!("{};\n{}", rows::tenant("t1"), rows::user("client"))).await;
        assert_eq!(stored_labels(&database).await, expected);
    }
}

#[tokio::test]
async fn a_host_that_changes_the_labels_meanwhile_is_followed() {
    let Some(database) = TestDatabase::postgres().await else { return };
    database.execute(&format!("{};\n{}", rows::tenant("t1"), rows::user("client"))).await;
    let english = stored_labels(&database).await;
    database.execute("DELETE FROM client_profiles").await;
    database.execute(TO_SPANISH).await;
    let spanish = stored_labels(&database).await;
    assert_eq!((english[0].as_str(), spanish[0].as_str()), ("MALE", "MASCULINO"));
}
