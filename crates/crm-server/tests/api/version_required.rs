//! `CRM_REQUIRE_IF_MATCH`.

use crm_infra::testing::TestDatabase;
use serde_json::json;

use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn where_versions_are_required_a_change_or_deletion_without_one_is_refused() {
    for database in [Some(TestDatabase::sqlite().await), TestDatabase::postgres().await].into_iter().flatten() {
        let server = TestServer::start_with(database, |settings| settings.require_if_match = true);
        let server = server.with_two_tenants().await;
        let admin = server.user("admin1");
        assert_eq!(admin.delete("/api/clients/upload-photo?userId=client1").await.code(428), "precondition_required");
        for path in ["/api/clients/profiles/p1", "/api/clients/preferences/f1"] {
            assert_eq!(admin.put(path, json!({})).await.code(428), "precondition_required", "{path}");
            assert_eq!(admin.delete(path).await.code(428), "precondition_required", "{path}");
            let tag = admin.get(path).await.header("etag").unwrap().to_owned();
            admin.clone().with("if-match", tag).put(path, json!({})).await.data(200);
            admin.clone().with("if-match", "*").put(path, json!({})).await.data(200);
        }
    }
}
