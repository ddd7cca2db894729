//! Who may give whom a photo, and how the person is named.

use crate::support::form::Form;
use crate::support::picture::jpeg;
use crate::support::{TestServer, keys_of};

pub(crate) async fn all_staff_give_clients_of_their_tenant_photos(server: &TestServer) {
    for (tone, user) in (90..).zip(["super1", "admin1", "manager1", "pro1", "desk1"]) {
        let url = server.user(user).show_photo("client1", tone).await;
        assert_eq!(server.user("client1").get(&url).await.status, 200, "{user}");
        assert_eq!(server.objects().await, keys_of("t1", &url), "{user}");
    }
}

pub(crate) async fn staff_may_have_photos_too(server: &TestServer) {
    let url = server.user("desk1").show_photo("pro1", 90).await;
    assert_eq!(server.user("manager1").get(&url).await.status, 200);
}

pub(crate) async fn a_client_gives_a_photo_to_nobody_else(server: &TestServer) {
    let url = server.user("client1").show_photo("client1", 90).await;
    assert_eq!(server.user("client1").get(&url).await.status, 200);
    server.user("blank1").show_photo("blank1", 90).await;
    let before = server.kept().await;
    for other in ["other1", "blank1", "desk1", "client2", "nobody"] {
        assert_eq!(server.user("client1").upload(other, &jpeg(40, 30, 91)).await.code(404), "user_not_found", "{other}");
    }
    assert_eq!(server.kept().await, before);
}

pub(crate) async fn a_photo_is_for_a_user_of_the_tenant(server: &TestServer) {
    for user in ["client2", "blank2", "nobody", "p1", "t1", "x".repeat(64).as_str()] {
        let answer = server.user("admin1").upload(user, &jpeg(40, 30, 90)).await;
        assert_eq!(answer.code(404), "user_not_found", "{user}");
    }
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}

pub(crate) async fn a_superadmin_gives_photos_in_the_chosen_tenant(server: &TestServer) {
    let visitor = server.user("super1").with("x-tenant-id", "t2");
    let url = visitor.show_photo("client2", 90).await;
    assert_eq!(server.objects().await, keys_of("t2", &url));
    assert_eq!((visitor.get(&url).await.status, server.user("desk2").get(&url).await.status), (200, 200));
    assert_eq!(server.user("super1").get(&url).await.code(404), "photo_not_found");
    assert_eq!(visitor.upload("client1", &jpeg(40, 30, 91)).await.code(404), "user_not_found");
    let lost = server.user("super1").with("x-tenant-id", "t9").upload("client1", &jpeg(40, 30, 91)).await;
    assert_eq!(lost.code(404), "tenant_not_found");
    assert_eq!(server.objects().await, keys_of("t2", &url));
}

pub(crate) async fn the_user_is_named_once_by_an_id(server: &TestServer) {
    let photo = jpeg(40, 30, 90);
    let long = "x".repeat(65);
    let endless = "x".repeat(10_000);
    for user in
        ["", " ", "\t", ".", "..", "../client1", "client1/..", "a b", "ñ", "client1\0", "\u{202e}", "%00", &long, &endless]
    {
        let answer = server.user("desk1").upload(user, &photo).await;
        assert_eq!(answer.wrong_fields(), ["userId"], "{user:?}");
        let message = answer.body["fields"][0]["message"].as_str().unwrap();
        let expected = if user.trim().is_empty() { "es obligatorio" } else { "debe ser un identificador" };
        assert!(message.starts_with(expected), "{user:?}: {message}");
    }
    let without = Form::default().file(&photo);
    for form in [
        without.clone(),
        without.clone().text("userId", b"\xff"),
        without.clone().text("userId", "client1").text("userId", "client1"),
        without.clone().text("userId", "client1").text("userId", "other1"),
        without.clone().text("userId", "").text("userId", "client1"),
    ] {
        let answer = server.user("desk1").upload_form(form.end()).await;
        assert_eq!(answer.wrong_fields(), ["userId"]);
    }
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
    let padded = server.user("desk1").upload(" client1\r\n", &photo).await;
    assert!(padded.data(200)["url"].as_str().unwrap().contains("/client1/"));
}

pub(crate) async fn every_mistake_of_a_form_is_named_at_once(server: &TestServer) {
    let form = Form::default().text("userId", "..").text("tenantId", "t2").text("extra", "1").end();
    let answer = server.user("desk1").upload_form(form).await;
    assert_eq!(answer.wrong_fields(), ["extra", "file", "tenantId", "userId"]);
    let nothing = server.user("desk1").upload_form(Form::default().end()).await;
    assert_eq!(nothing.wrong_fields(), ["file", "userId"]);
}

pub(crate) async fn without_a_session_no_photo_is_taken(server: &TestServer) {
    assert_eq!(server.nobody().upload("client1", &jpeg(40, 30, 90)).await.code(401), "unauthenticated");
    server.execute("UPDATE users SET \"isActive\" = FALSE WHERE id = 'desk1'").await;
    assert_eq!(server.user("desk1").upload("client1", &jpeg(40, 30, 90)).await.code(401), "unauthenticated");
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}
