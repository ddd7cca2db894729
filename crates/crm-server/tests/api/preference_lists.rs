//! Preferred services and staff: whose they may be.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

async fn changed(server: &TestServer, field: &str, ids: &Value) -> Answer {
    server.user("desk1").put("/api/clients/preferences/f1", json!({ field: ids })).await
}

/// What the answer says of its one wrong field, in English.
async fn complaint(server: &TestServer, body: Value) -> String {
    let caller = server.user("desk1").with("accept-language", "en");
    let answer = caller.put("/api/clients/preferences/f1", body).await;
    assert_eq!(answer.wrong_fields().len(), 1, "{}", answer.body);
    answer.body["fields"][0]["message"].as_str().unwrap().to_owned()
}

pub(crate) async fn preferred_services_and_staff_must_be_the_tenants_and_strangers_are_named(server: &TestServer) {
    let message = complaint(server, json!({ "preferredServices": ["corte1", "corte2", "nada"] })).await;
    assert!(message.contains("corte2") && message.contains("nada") && !message.contains("corte1"), "{message}");
    let message = complaint(server, json!({ "preferredStaff": ["pro1", "pro2", "nadie"] })).await;
    assert!(message.contains("pro2") && message.contains("nadie") && !message.contains("pro1"), "{message}");
}

pub(crate) async fn a_client_is_not_preferred_staff(server: &TestServer) {
    assert_eq!(changed(server, "preferredStaff", &json!(["other1"])).await.wrong_fields(), ["preferredStaff"]);
}

pub(crate) async fn unknown_services_and_unknown_staff_are_reported_together(server: &TestServer) {
    let wrong = json!({ "clientProfileId": "o1", "preferredServices": ["nada"], "preferredStaff": ["nadie"] });
    let set = server.user("desk1").post("/api/clients/preferences", wrong).await;
    assert_eq!(set.wrong_fields(), ["preferredServices", "preferredStaff"]);
}

pub(crate) async fn unknown_services_are_reported_together_with_a_wrong_reminder(server: &TestServer) {
    let wrong = json!({ "preferredServices": ["nada"], "reminderTime": "HOURS_2" });
    let answer = server.user("desk1").put("/api/clients/preferences/f1", wrong).await;
    assert_eq!(answer.wrong_fields(), ["preferredServices", "reminderTime"]);
}

pub(crate) async fn a_list_may_not_repeat_an_id_nor_hold_more_than_100(server: &TestServer) {
    let ids: Vec<String> = (0..101).map(|number| format!("s{number}")).collect();
    server.add(ids.iter().map(|id| rows::service(id, "t1"))).await;
    assert_eq!(changed(server, "preferredServices", &json!(["s1", "s2", "s1"])).await.wrong_fields(), ["preferredServices"]);
    assert_eq!(changed(server, "preferredStaff", &json!(["pro1", "pro1"])).await.wrong_fields(), ["preferredStaff"]);
    assert_eq!(changed(server, "preferredServices", &json!(ids)).await.wrong_fields(), ["preferredServices"]);
    let hundred = json!(ids[..100]);
    assert_eq!(changed(server, "preferredServices", &hundred).await.data(200)["preferredServices"], hundred);
}

pub(crate) async fn a_list_holds_ids(server: &TestServer) {
    for value in [
        json!("corte1"),
        json!([1]),
        json!([null]),
        json!([""]),
        json!(["a b"]),
        json!([["corte1"]]),
        json!({}),
        json!(true),
    ] {
        for field in ["preferredServices", "preferredStaff"] {
            assert_eq!(changed(server, field, &value).await.wrong_fields(), [field], "{value}");
        }
    }
}

pub(crate) async fn stored_ids_that_no_longer_exist_are_shown_and_may_stay(server: &TestServer) {
    server
        .execute(
            "UPDATE client_preferences SET \"preferredServices\" = '[\"cerrado\", \"corte1\"]', \
             \"preferredStaff\" = '[\"se-fue\"]' WHERE id = 'f1'",
        )
        .await;
    let read = server.user("desk1").get("/api/clients/preferences/f1").await;
    assert_eq!(read.data(200)["preferredServices"], json!(["cerrado", "corte1"]));
    assert_eq!(read.body["data"]["preferredStaff"], json!(["se-fue"]));

    let kept = changed(server, "preferredStaff", &json!(["pro1", "se-fue"])).await;
    assert_eq!(kept.data(200)["preferredStaff"], json!(["pro1", "se-fue"]));
    assert_eq!(kept.body["data"]["preferredServices"], json!(["cerrado", "corte1"]));
    assert_eq!(changed(server, "preferredStaff", &json!(["otro-que-se-fue"])).await.wrong_fields(), ["preferredStaff"]);
}

pub(crate) async fn a_stored_list_that_is_not_json_is_read_as_empty(server: &TestServer) {
    for stored in ["corte1,corte2", "[", "{}", "null", "", "[1, {}]", "\"corte1\""] {
        server.execute(&format!("UPDATE client_preferences SET \"preferredServices\" = '{stored}' WHERE id = 'f1'")).await;
        let read = server.user("desk1").get("/api/clients/preferences/f1").await;
        assert_eq!(read.data(200)["preferredServices"], json!([]), "{stored}");
        let card = server.user("desk1").get("/api/clients/profiles/p1").await;
        assert_eq!(card.data(200)["clientPreferences"]["preferredServices"], json!([]), "{stored}");
    }
}

pub(crate) async fn stored_ids_of_odd_shape_may_be_sent_back(server: &TestServer) {
    let lists = r#""preferredServices" = '["gone.2", "corte1"]', "preferredStaff" = '["ya no/está"]'"#;
    server.execute(&format!("UPDATE client_preferences SET {lists} WHERE id = 'f1'")).await;
    let desk = server.user("desk1");
    let mut shown = desk.get("/api/clients/preferences/f1").await.data(200).clone();
    assert_eq!(shown["preferredServices"], json!(["gone.2", "corte1"]));
    assert_eq!(shown["preferredStaff"], json!(["ya no/está"]));
    let body = json!({ "preferredServices": shown["preferredServices"], "preferredStaff": shown["preferredStaff"], "reminderTime": "BOTH" });
    let changed = desk.put("/api/clients/preferences/f1", body).await;
    shown["reminderTime"] = json!("BOTH");
    shown["updatedAt"] = changed.data(200)["updatedAt"].clone();
    assert_eq!(changed.data(200), &shown);
    // As new ones they are as unknown as any.
    let unknown = desk.put("/api/clients/preferences/f1", json!({ "preferredServices": ["gone.3"] })).await;
    assert_eq!(unknown.wrong_fields(), ["preferredServices"]);
}
