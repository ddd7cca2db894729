//! Every contract of the domain's suite, on both engines.

use std::sync::Arc;

use async_trait::async_trait;
use crm_domain::access::IdentityDirectory;
use crm_domain::store::Store;
use crm_domain::testing::contract::StoreHarness;
use crm_infra::testing::TestDatabase;
use crm_infra::{SeaIdentities, SeaStore};

struct Harness(TestDatabase);

#[async_trait]
impl StoreHarness for Harness {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(SeaStore::new(self.0.database().clone()))
    }

    fn identity(&self) -> Arc<dyn IdentityDirectory> {
        Arc::new(SeaIdentities::new(self.0.database().clone()))
    }

    async fn execute(&self, sql: &str) {
        self.0.execute(sql).await;
    }
}

mod sqlite {
    crm_domain::store_contract_tests!(Some(Box::new(super::Harness(super::TestDatabase::sqlite().await))));
}

mod postgres {
    crm_domain::store_contract_tests!(
        super::TestDatabase::postgres().await.map(|database| Box::new(super::Harness(database)))
    );
}
