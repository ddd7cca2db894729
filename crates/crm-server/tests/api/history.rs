//! Whose appointments a history shows, and what it says of each.

use crm_domain::testing::rows::{self, Row};
use serde_json::{Value, json};

use crate::support::TestServer;

const HISTORY: &str = "/api/clients/profiles/p1/history";

fn visit(id: &str, client: &str) -> Row {
    rows::appointment(id, client, "2026-05-02 16:00:00").with("serviceId", "corte1").with("userId", "pro1")
}

/// The ids of the appointments in the history of `p1`.
async fn shown(server: &TestServer) -> Vec<String> {
    let answer = server.user("desk1").get(HISTORY).await;
    let appointments = answer.data(200)["appointmentHistory"].as_array().unwrap();
    appointments.iter().map(|appointment| appointment["id"].as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn an_appointment_is_shown_with_service_staff_branch_and_payments(server: &TestServer) {
    let payment = |id: &str, amount: f64, method: &str, status: &str| {
        let payment = rows::payment(id, "k1", Some("a1"), amount).with("userId", "pro1");
        payment.with("paymentMethod", method).with("status", status).with("createdAt", "2026-05-02 17:00:00.250")
    };
    server
        .add([
            rows::client("k1").with("email", "client1@ejemplo.mx"),
            visit("a1", "k1").with("endTime", "2026-05-02 16:30:00").with("status", "COMPLETED").with("notes", "Corte bob"),
            payment("m1", 300.0, "CREDIT_CARD", "PARTIAL"),
            payment("m2", 50.5, "CASH", "PAID"),
        ])
        .await;
    let answer = server.user("desk1").get(HISTORY).await;
    let paid = |id: &str, amount: f64, method: &str, status: &str| {
        json!({
            "id": id, "amount": amount, "paymentMethod": method, "status": status, "createdAt": "2026-05-02T17:00:00.250Z",
        })
    };
    let appointment = json!({
        "id": "a1", "clientId": "k1", "startTime": "2026-05-02T16:00:00.000Z", "endTime": "2026-05-02T16:30:00.000Z",
        "status": "COMPLETED", "notes": "Corte bob", "isOnline": false, "createdAt": "2026-01-01T10:00:00.000Z",
        "updatedAt": "2026-01-01T10:00:00.000Z",
        "service": { "id": "corte1", "name": "corte1", "duration": 30, "price": 350.5 },
        "user": { "id": "pro1", "firstName": "Sin", "lastName": "Nombre" },
        "branch": { "id": "b1", "name": "Centro" },
        "payments": [paid("m1", 300.0, "CREDIT_CARD", "PARTIAL"), paid("m2", 50.5, "CASH", "PAID")],
    });
    assert_eq!(answer.data(200)["appointmentHistory"], json!([appointment]));
    let used = json!([{
        "serviceId": "corte1", "serviceName": "corte1", "count": 1, "lastVisit": "2026-05-02T16:00:00.000Z", "totalSpent": 350.5,
    }]);
    assert_eq!(answer.body["data"]["serviceHistory"], used);
    assert_eq!(
        answer.body["pagination"],
        json!({ "total": 1, "totalIsExact": true, "skip": 0, "take": 50, "hasMore": false, "nextCursor": null })
    );
    let keys: Vec<_> = answer.body["data"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["appointmentHistory", "serviceHistory", "statistics", "totalAppointments"]);
}

pub(crate) async fn records_are_found_by_the_portal_account_of_the_users_email(server: &TestServer) {
    server
        .add([
            rows::client("k1").with("email", "vieja@ejemplo.mx"),
            rows::portal_account("z1", "Client1@Ejemplo.MX").with("clientId", "k1"),
            visit("a1", "k1"),
        ])
        .await;
    assert_eq!(shown(server).await, ["a1"]);
}

pub(crate) async fn records_are_found_by_email_and_by_phone_whatever_their_spelling(server: &TestServer) {
    server.execute("UPDATE users SET phone = '+52 1 55 1234 5678' WHERE id = 'client1'").await;
    server
        .add([
            rows::client("k1").with("email", "CLIENT1@ejemplo.mx"),
            rows::client("k2").with("phone", "(55) 1234-5678"),
            rows::client("k3").with("phone", "(55) 1234-5679").with("email", "otra@ejemplo.mx"),
            visit("a1", "k1"),
            visit("a2", "k2"),
            visit("a3", "k3"),
        ])
        .await;
    assert_eq!(shown(server).await, ["a2", "a1"]);
}

pub(crate) async fn strangers_without_phone_or_email_are_not_found(server: &TestServer) {
    server.add([rows::client("k1").with("phone", "").with("email", ""), visit("a1", "k1")]).await;
    for phone in ["NULL", "''", "'  '", "'-'", "'+'", "'()'"] {
        server.execute(&format!("UPDATE users SET phone = {phone} WHERE id = 'client1'")).await;
        server.execute("UPDATE clients SET phone = '' WHERE id = 'k1'").await;
        assert_eq!(shown(server).await, Vec::<String>::new(), "{phone}");
        server.execute("UPDATE clients SET phone = '-' WHERE id = 'k1'").await;
        assert_eq!(shown(server).await, Vec::<String>::new(), "{phone}");
    }
    server.execute("UPDATE users SET email = '' WHERE id = 'client1'").await;
    assert_eq!(shown(server).await, Vec::<String>::new());
}

pub(crate) async fn records_of_another_tenant_are_not_found(server: &TestServer) {
    server.execute("UPDATE users SET phone = '5512345678' WHERE id = 'client1'").await;
    let foreign =
        |id: &str, client: &str| visit(id, client).with("tenantId", "t2").with("branchId", "b2").with("serviceId", "corte2");
    server
        .add([
            rows::client("k1").with("email", "client1@ejemplo.mx"),
            rows::client("k2").with("tenantId", "t2").with("email", "client1@ejemplo.mx"),
            rows::client("k3").with("tenantId", "t2").with("phone", "5512345678"),
            rows::client("k4").with("tenantId", "t2"),
            rows::portal_account("z1", "client1@ejemplo.mx").with("tenantId", "t2").with("clientId", "k4"),
            foreign("a2", "k2"),
            foreign("a3", "k3"),
            foreign("a4", "k4"),
            // What another tenant booked for a record of ours is not ours.
            foreign("a5", "k1"),
            rows::payment("m2", "k2", Some("a2"), 10.0).with("tenantId", "t2").with("branchId", "b2").with("userId", "pro2"),
        ])
        .await;
    let answer = server.user("desk1").get(HISTORY).await;
    assert_eq!(answer.data(200)["appointmentHistory"], json!([]));
    let statistics = &answer.body["data"]["statistics"];
    assert_eq!((&statistics["upcoming"], &statistics["totalPaid"]), (&json!(0), &json!(0.0)));
    assert_eq!(answer.body["pagination"]["total"], 0);
    assert_eq!(server.user("desk2").get(HISTORY).await.code(404), "profile_not_found");
}

pub(crate) async fn appointments_come_newest_first_page_by_page_and_the_figures_cover_them_all(server: &TestServer) {
    let day = |number: usize| {
        let start = format!("2026-05-{number:02} 16:00:00");
        visit(&format!("a{number}"), "k1").with("startTime", start.as_str()).with("status", "COMPLETED")
    };
    server.add([rows::client("k1").with("email", "client1@ejemplo.mx")].into_iter().chain((1..=5).map(day))).await;
    let desk = server.user("desk1");
    let mut query = "?take=2".to_owned();
    let mut seen: Vec<Value> = Vec::new();
    for rows_left in [5, 3, 1] {
        let page = desk.get(&format!("{HISTORY}{query}")).await;
        let appointments = page.data(200)["appointmentHistory"].as_array().unwrap();
        assert_eq!(appointments.len(), rows_left.min(2));
        seen.extend(appointments.iter().map(|appointment| appointment["id"].clone()));
        assert_eq!(page.body["data"]["totalAppointments"], 5);
        assert_eq!(page.body["data"]["serviceHistory"][0]["count"], 5);
        assert_eq!(page.body["pagination"]["total"], 5);
        assert_eq!(page.body["pagination"]["hasMore"], rows_left > 2);
        query = format!("?take=2&cursor={}", page.body["pagination"]["nextCursor"].as_str().unwrap_or_default());
    }
    assert_eq!(seen, ["a5", "a4", "a3", "a2", "a1"]);
    let last = desk.get(&format!("{HISTORY}?skip=4&take=200")).await;
    assert_eq!(last.data(200)["appointmentHistory"][0]["id"], "a1");
}

pub(crate) async fn whoever_pages_on_can_leave_the_figures_out(server: &TestServer) {
    server.add([rows::client("k1").with("email", "client1@ejemplo.mx"), visit("a1", "k1")]).await;
    let desk = server.user("desk1");
    let whole = desk.get(&format!("{HISTORY}?statistics=true")).await;
    let rows = desk.get(&format!("{HISTORY}?statistics=false")).await;
    let shown = json!({ "appointmentHistory": whole.data(200)["appointmentHistory"] });
    assert_eq!(*rows.data(200), shown);
    assert_eq!(rows.body["pagination"], whole.body["pagination"]);
    let answer = desk.get(&format!("{HISTORY}?statistics=maybe")).await;
    assert_eq!(answer.code(400), "invalid_input");
    assert_eq!(answer.body["fields"][0]["field"], "statistics");
}

pub(crate) async fn a_client_sees_their_own_history(server: &TestServer) {
    server.add([rows::client("k1").with("email", "client1@ejemplo.mx"), visit("a1", "k1")]).await;
    let own = server.user("client1").get(HISTORY).await;
    assert_eq!(own.data(200)["appointmentHistory"][0]["id"], "a1");
    assert_eq!(server.user("client1").get("/api/clients/profiles/o1/history").await.code(404), "profile_not_found");
}
