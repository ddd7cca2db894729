//! `search` on the list of profiles (product contract, section 8).

use std::fmt::Write;

use crm_domain::testing::rows;
use serde_json::json;

use crate::support::TestServer;

/// The ids found, sorted.
async fn found(server: &TestServer, search: &str) -> Vec<String> {
    let encoded = search.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02X}").unwrap();
        encoded
    });
    let answer = server.user("desk1").get(&format!("/api/clients/profiles?search={encoded}")).await;
    let mut ids: Vec<_> = answer.ids().into_iter().map(str::to_owned).collect();
    assert_eq!(answer.body["pagination"]["total"], ids.len());
    ids.sort_unstable();
    ids
}

/// Changes profiles `p1` and `o1` as another application would.
async fn set(server: &TestServer, profile: &str, assignments: &str) {
    server.execute(&format!("UPDATE client_profiles SET {assignments} WHERE id = '{profile}'")).await;
}

pub(crate) async fn case_accents_and_enes_do_not_matter_in_a_search(server: &TestServer) {
    set(server, "p1", r#""firstName" = 'José María', "lastName" = 'Ñúñez Güemes'"#).await;
    set(server, "o1", r#""firstName" = 'Jose', "lastName" = 'Nunez'"#).await;
    for (search, profiles) in [
        ("josé", vec!["o1", "p1"]),
        ("JOSE", vec!["o1", "p1"]),
        ("ñúñez", vec!["o1", "p1"]),
        ("NUNEZ", vec!["o1", "p1"]),
        ("Guemes", vec!["p1"]),
        ("mari", vec!["p1"]),
        ("üem", vec!["p1"]),
        // Typed as a letter and a combining mark.
        ("jose\u{301}", vec!["o1", "p1"]),
        ("n\u{303}u\u{301}n\u{303}ez", vec!["o1", "p1"]),
        ("pedro", vec![]),
    ] {
        assert_eq!(found(server, search).await, profiles, "{search}");
    }
}

pub(crate) async fn every_word_of_a_search_must_match_in_any_order(server: &TestServer) {
    set(server, "p1", r#""firstName" = 'Juan', "lastName" = 'Pérez', email = 'jp@correo.mx', phone = '5512345678'"#).await;
    set(server, "o1", r#""firstName" = 'Juan', "lastName" = 'Ruiz', email = 'ruiz@correo.mx'"#).await;
    for (search, profiles) in [
        ("perez juan", vec!["p1"]),
        ("juan", vec!["o1", "p1"]),
        ("  juan   perez  ", vec!["p1"]),
        ("juan correo.mx", vec!["o1", "p1"]),
        ("jp@correo.mx", vec!["p1"]),
        ("JP@CORREO.MX", vec!["p1"]),
        ("perez 5678", vec!["p1"]),
        ("ruiz 5678", vec![]),
        ("perez ruiz", vec![]),
    ] {
        assert_eq!(found(server, search).await, profiles, "{search}");
    }
}

pub(crate) async fn a_phone_is_found_in_every_spelling(server: &TestServer) {
    set(server, "o1", "phone = '5599998888'").await;
    for stored in
        ["+52 1 55 1234 5678", "5512345678", "(55) 1234-5678", "55.1234.5678", "52 55 12345678", "044 55 1234 5678"]
    {
        set(server, "p1", &format!("phone = '{stored}'")).await;
        for search in [
            "5512345678",
            "+52 1 55 1234 5678",
            "(55) 1234-5678",
            "+525512345678",
            "55 1234 5678",
            "55-1234-5678",
            "5678",
            "12345678",
            "521 55 1234 5678",
        ] {
            assert_eq!(found(server, search).await, ["p1"], "{search} for {stored}");
        }
        assert_eq!(found(server, "5512345679").await, Vec::<String>::new(), "{stored}");
    }
}

pub(crate) async fn special_characters_of_a_search_are_literal(server: &TestServer) {
    for (name, search) in [
        ("100% Natural", "%"),
        ("Ana_Luz", "_"),
        ("O'Higgins", "'"),
        ("La \"Güera\"", "\""),
        (r"Ruiz\Peña", r"\"),
        ("Ana*", "*"),
        ("[Ana]", "["),
        ("¿Ana?", "?"),
        ("Ana; DROP TABLE users", ";"),
        ("50%_x", "%_"),
    ] {
        set(server, "p1", &format!("\"firstName\" = '{}'", name.replace('\'', "''"))).await;
        assert_eq!(found(server, search).await, ["p1"], "{search} in {name}");
        set(server, "p1", r#""firstName" = 'Ana'"#).await;
        assert_eq!(found(server, search).await, Vec::<String>::new(), "{search}");
    }
    for search in ["' OR '1'='1", "ana%", "a_a", "%%%", "ana AND nombre", "\"ana\" NEAR x", "ana*", "^ana"] {
        assert_eq!(found(server, search).await, Vec::<String>::new(), "{search}");
    }
}

pub(crate) async fn a_created_profile_is_found_by_the_next_request(server: &TestServer) {
    let body = json!({ "userId": "blank1", "firstName": "Xóchitl", "phone": "(999) 123-4567", "email": "x@correo.mx" });
    let created = server.user("desk1").post("/api/clients/profiles", body).await;
    let id = created.data(201)["id"].as_str().unwrap();
    for search in ["xochitl", "4567", "x@correo"] {
        assert_eq!(found(server, search).await, [id], "{search}");
    }
    server.user("admin1").delete(&format!("/api/clients/profiles/{id}")).await.data(200);
    assert_eq!(found(server, "xochitl").await, Vec::<String>::new());
}

pub(crate) async fn a_changed_profile_is_found_by_the_next_request(server: &TestServer) {
    let desk = server.user("desk1");
    for (field, value, search) in [
        ("firstName", "Xóchitl", "xochitl"),
        ("lastName", "Quetzal", "quetzal"),
        ("email", "nueva@correo.mx", "nueva@correo.mx"),
        ("phone", "999 123 4567", "9991234567"),
    ] {
        assert_eq!(found(server, search).await, Vec::<String>::new(), "{search}");
        desk.put("/api/clients/profiles/p1", json!({ field: value })).await.data(200);
        assert_eq!(found(server, search).await, ["p1"], "{search}");
        desk.put("/api/clients/profiles/p1", json!({ field: null })).await.data(200);
        assert_eq!(found(server, search).await, Vec::<String>::new(), "{search}");
    }
}

pub(crate) async fn what_another_application_writes_is_found_by_the_next_request(server: &TestServer) {
    server.add([rows::profile("x1", "blank1").with("firstName", "Itzel").with("phone", "+52 999 123 4567")]).await;
    assert_eq!(found(server, "itzel").await, ["x1"]);
    assert_eq!(found(server, "4567").await, ["x1"]);
    set(server, "x1", r#""firstName" = 'Citlali', phone = NULL"#).await;
    assert_eq!(found(server, "itzel").await, Vec::<String>::new());
    assert_eq!(found(server, "4567").await, Vec::<String>::new());
    assert_eq!(found(server, "citlali").await, ["x1"]);
    server.execute("DELETE FROM client_profiles WHERE id = 'x1'").await;
    assert_eq!(found(server, "citlali").await, Vec::<String>::new());
    // A profile also goes with its user.
    server.add([rows::user("gone"), rows::profile("x2", "gone").with("firstName", "Itzel")]).await;
    assert_eq!(found(server, "itzel").await, ["x2"]);
    server.execute("DELETE FROM users WHERE id = 'gone'").await;
    assert_eq!(found(server, "itzel").await, Vec::<String>::new());
}

pub(crate) async fn a_profile_follows_its_user_to_another_tenant(server: &TestServer) {
    server.execute("UPDATE users SET \"tenantId\" = 't2' WHERE id = 'client1'").await;
    assert_eq!(found(server, "ana").await, Vec::<String>::new());
    assert_eq!(server.user("desk1").get("/api/clients/profiles/p1").await.code(404), "profile_not_found");
    assert_eq!(server.user("desk2").get("/api/clients/profiles/p1").await.data(200)["firstName"], "Ana");
    // Host tables carry no trigger: the new tenant's lists know it after the next reconciliation.
    server.database().database().reconcile().await.unwrap();
    assert_eq!(server.user("desk2").get("/api/clients/profiles?userId=client1").await.ids(), ["p1"]);
}

pub(crate) async fn a_search_combines_with_the_other_filters(server: &TestServer) {
    set(server, "p1", r#""firstName" = 'Juan', city = 'Mérida'"#).await;
    set(server, "o1", r#""firstName" = 'Juan', city = 'Puebla'"#).await;
    let desk = server.user("desk1");
    assert_eq!(desk.get("/api/clients/profiles?search=juan&city=merida").await.ids(), ["p1"]);
    assert_eq!(desk.get("/api/clients/profiles?search=juan&userId=other1").await.ids(), ["o1"]);
    assert_eq!(desk.get("/api/clients/profiles?search=pedro&city=merida").await.ids(), Vec::<&str>::new());
    assert_eq!(desk.get("/api/clients/profiles?search=%20%20").await.ids(), ["p1", "o1"]);
    let page = desk.get("/api/clients/profiles?search=juan&take=1").await;
    assert_eq!((page.ids(), &page.body["pagination"]["total"]), (vec!["p1"], &json!(2)));
}

pub(crate) async fn a_search_stays_inside_the_tenant(server: &TestServer) {
    set(server, "p2", r#""firstName" = 'Secreta', phone = '5500001111'"#).await;
    for search in ["secreta", "5500001111", "1111", "client2"] {
        assert_eq!(found(server, search).await, Vec::<String>::new(), "{search}");
    }
}

pub(crate) async fn an_endless_search_is_refused(server: &TestServer) {
    let desk = server.user("desk1");
    for search in ["x".repeat(201), "a%20".repeat(40), "%00".to_owned(), "a%0Ab".to_owned()] {
        let answer = desk.get(&format!("/api/clients/profiles?search={search}")).await;
        assert_eq!(answer.wrong_fields(), ["search"], "{search}");
    }
}
