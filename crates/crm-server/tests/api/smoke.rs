use crate::support::TestServer;

pub(crate) async fn a_profile_can_be_read_by_staff_of_its_tenant_only(server: &TestServer) {
    let card = server.user("admin1").get("/api/clients/profiles/p1").await;
    assert_eq!(card.data(200)["firstName"], "Ana");
    assert_eq!(server.user("admin2").get("/api/clients/profiles/p1").await.code(404), "profile_not_found");
    assert_eq!(server.nobody().get("/api/clients/profiles/p1").await.code(401), "unauthenticated");
}
