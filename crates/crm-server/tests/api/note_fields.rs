//! Which values the fields of a note accept.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::TestServer;

pub(crate) async fn a_note_holds_1_to_5000_characters_after_trimming(server: &TestServer) {
    let pro = server.user("pro1");
    let write =
        async |content: &str| pro.post("/api/clients/notes", json!({ "clientProfileId": "p1", "content": content })).await;
    for content in ["x".to_owned(), "ñ".repeat(5_000), format!("  {}\n", "😀".repeat(5_000))] {
        assert_eq!(write(&content).await.data(201)["content"], content.trim());
    }
    for content in [String::new(), "  \n ".to_owned(), "\u{200b}".to_owned(), "ñ".repeat(5_001)] {
        assert_eq!(write(&content).await.wrong_fields(), ["content"]);
    }
}

pub(crate) async fn a_notes_content_is_kept_as_written(server: &TestServer) {
    let pro = server.user("pro1");
    for content in ["uno\ndos\r\n\ttres", "<script>alert('x')</script>", "100% \\ \"cita\" 'cita' _", "👩🏽‍🦱"] {
        let written = pro.post("/api/clients/notes", json!({ "clientProfileId": "p1", "content": content })).await;
        let path = format!("/api/clients/notes/{}", written.data(201)["id"].as_str().unwrap());
        assert_eq!(pro.get(&path).await.data(200)["content"], content);
    }
}

pub(crate) async fn wrong_fields_of_a_note_are_all_named(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "pro1")]).await;
    let before = server.module_rows().await;
    let wrong = json!({
        "content": 5, "noteType": "OTRA", "isPrivate": "sí", "titulo": "x", "createdBy": { "connect": { "id": "admin1" } },
    });
    let written = server.user("pro1").post("/api/clients/notes", wrong.clone()).await;
    let fields = ["clientProfileId", "content", "createdBy", "isPrivate", "noteType", "titulo"];
    assert_eq!(written.wrong_fields(), fields);
    let changed = server.user("pro1").put("/api/clients/notes/n1", wrong).await;
    assert_eq!(changed.wrong_fields(), fields[1..]);
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn fields_of_a_note_can_not_be_null_or_blank(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "pro1")]).await;
    for (field, values) in [
        ("content", vec![Value::Null, json!(""), json!(" \n "), json!("a\0b"), json!("x".repeat(5_001))]),
        ("noteType", vec![Value::Null, json!(""), json!("medical"), json!(1)]),
        ("isPrivate", vec![Value::Null, json!("true"), json!(1), json!([])]),
    ] {
        for value in values {
            let changed = server.user("pro1").put("/api/clients/notes/n1", json!({ field: value })).await;
            assert_eq!(changed.wrong_fields(), [field], "PUT {value}");
            let mut body = json!({ "clientProfileId": "p1", "content": "x" });
            body[field] = value.clone();
            let written = server.user("pro1").post("/api/clients/notes", body).await;
            assert_eq!(written.wrong_fields(), [field], "POST {value}");
        }
    }
}

pub(crate) async fn an_administrator_may_write_in_the_name_of_a_user_of_the_tenant(server: &TestServer) {
    let note = |author: &str| json!({ "clientProfileId": "p1", "content": "x", "createdByUserId": author });
    let written = server.user("admin1").post("/api/clients/notes", note("pro1")).await;
    assert_eq!(written.data(201)["createdByUserId"], "pro1");
    assert_eq!(written.body["data"]["createdBy"]["id"], "pro1");
    for stranger in ["pro2", "nobody"] {
        let refused = server.user("admin1").post("/api/clients/notes", note(stranger)).await;
        assert_eq!(refused.wrong_fields(), ["createdByUserId"], "{stranger}");
    }
}

pub(crate) async fn a_notes_author_may_be_left_out(server: &TestServer) {
    for author in [json!({}), json!({ "createdByUserId": "desk1" }), json!({ "userId": "desk1" })] {
        let mut body = author;
        body["clientProfileId"] = json!("p1");
        body["content"] = json!("x");
        let written = server.user("desk1").post("/api/clients/notes", body).await;
        assert_eq!(written.data(201)["createdByUserId"], "desk1");
    }
}

pub(crate) async fn a_forged_author_is_reported_together_with_missing_content(server: &TestServer) {
    let body = json!({ "clientProfileId": "p1", "createdByUserId": "admin1", "noteType": "X" });
    let answer = server.user("desk1").post("/api/clients/notes", body).await;
    assert_eq!(answer.wrong_fields(), ["content", "createdByUserId", "noteType"]);
}
