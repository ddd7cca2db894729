//! The numbers of a history, and the period they cover.

use crm_domain::testing::rows::{self, Row};
use serde_json::json;

use crate::support::TestServer;

const HISTORY: &str = "/api/clients/profiles/p1/history";

fn visit(id: &str, start: &str, status: &str) -> Row {
    rows::appointment(id, "k1", start).with("serviceId", "corte1").with("userId", "pro1").with("status", status)
}

fn payment(id: &str, appointment: &str, amount: f64, status: &str) -> Row {
    rows::payment(id, "k1", Some(appointment), amount).with("userId", "pro1").with("status", status)
}

async fn add(server: &TestServer, rows: impl IntoIterator<Item = Row>) {
    server.add([rows::client("k1").with("email", "client1@ejemplo.mx")].into_iter().chain(rows)).await;
}

async fn shown(server: &TestServer, query: &str) -> Vec<String> {
    let answer = server.user("desk1").get(&format!("{HISTORY}?{query}")).await;
    let appointments = answer.data(200)["appointmentHistory"].as_array().unwrap();
    appointments.iter().map(|appointment| appointment["id"].as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn the_figures_of_a_history_are_exact(server: &TestServer) {
    add(
        server,
        [
            rows::service("tinte", "t1").with("price", 99.99),
            visit("a1", "2026-01-10 16:00:00", "COMPLETED"),
            visit("a2", "2026-02-10 16:00:00", "COMPLETED"),
            visit("a3", "2026-03-10 16:00:00", "COMPLETED").with("serviceId", "tinte"),
            visit("a4", "2026-04-10 16:00:00", "CANCELLED"),
            visit("a5", "2026-05-10 16:00:00", "NO_SHOW"),
            // Never confirmed and gone by.
            visit("a6", "2026-11-01 16:00:00", "PENDING"),
            visit("a7", "2026-12-05 16:00:00", "PENDING"),
            visit("a8", "2026-12-01 16:00:00", "CONFIRMED"),
            visit("a9", "2026-12-02 16:00:00", "CANCELLED"),
            payment("m1", "a1", 200.10, "PAID"),
            payment("m2", "a1", 100.20, "PARTIAL"),
            payment("m3", "a1", 50.20, "PENDING"),
            payment("m4", "a2", 350.50, "PAID"),
        ],
    )
    .await;
    let answer = server.user("desk1").get(HISTORY).await;
    let expected = json!({
        "completed": 3, "cancelled": 2, "noShow": 1, "upcoming": 2, "firstVisit": "2026-01-10T16:00:00.000Z",
        "lastVisit": "2026-03-10T16:00:00.000Z", "nextVisit": "2026-12-01T16:00:00.000Z", "totalSpent": 800.99,
        "totalPaid": 650.8, "averageTicket": 216.93, "noShowRate": 0.25,
    });
    assert_eq!(answer.data(200)["statistics"], expected);
    assert_eq!(answer.body["data"]["totalAppointments"], 3);
    let used = json!([
        { "serviceId": "corte1", "serviceName": "corte1", "count": 2, "lastVisit": "2026-02-10T16:00:00.000Z", "totalSpent": 701.0 },
        { "serviceId": "tinte", "serviceName": "tinte", "count": 1, "lastVisit": "2026-03-10T16:00:00.000Z", "totalSpent": 99.99 },
    ]);
    assert_eq!(answer.body["data"]["serviceHistory"], used);
}

pub(crate) async fn sums_of_money_are_exact_to_the_cent(server: &TestServer) {
    let payments = (0..10).map(|number| payment(&format!("m{number}"), "a1", 0.1, "PAID"));
    let more = [payment("x1", "a1", 0.7, "PAID"), payment("x2", "a1", 1_234_567.89, "PAID")];
    let visits = [visit("a1", "2026-01-10 16:00:00", "COMPLETED")];
    add(server, visits.into_iter().chain(payments).chain(more)).await;
    let answer = server.user("desk1").get(HISTORY).await;
    assert_eq!(answer.data(200)["statistics"]["totalPaid"], 1_234_569.59);
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.contains("\"totalPaid\":1234569.59,"), "{text}");
}

pub(crate) async fn the_period_applies_to_everything(server: &TestServer) {
    add(
        server,
        [
            visit("a1", "2026-01-10 16:00:00", "COMPLETED"),
            visit("a2", "2026-02-10 16:00:00", "COMPLETED"),
            visit("a3", "2026-03-10 16:00:00", "NO_SHOW"),
            visit("a4", "2026-12-10 16:00:00", "PENDING"),
            payment("m1", "a1", 100.0, "PAID"),
            payment("m2", "a2", 20.0, "PAID"),
        ],
    )
    .await;
    let answer = server.user("desk1").get(&format!("{HISTORY}?startDate=2026-02-01&endDate=2026-02-28")).await;
    let expected = json!({
        "completed": 1, "cancelled": 0, "noShow": 0, "upcoming": 0, "firstVisit": "2026-02-10T16:00:00.000Z",
        "lastVisit": "2026-02-10T16:00:00.000Z", "nextVisit": null, "totalSpent": 350.5, "totalPaid": 20.0,
        "averageTicket": 20.0, "noShowRate": 0.0,
    });
    assert_eq!(answer.data(200)["statistics"], expected);
    assert_eq!(answer.body["data"]["totalAppointments"], 1);
    assert_eq!(answer.body["data"]["serviceHistory"][0]["count"], 1);
    assert_eq!(answer.body["pagination"]["total"], 1);
    assert_eq!(shown(server, "startDate=2026-02-11").await, ["a4", "a3"]);
    assert_eq!(shown(server, "endDate=2026-02-09").await, ["a1"]);
}

pub(crate) async fn plain_dates_are_days_of_the_tenants_zone(server: &TestServer) {
    add(
        server,
        [
            visit("a1", "2026-05-31 05:59:59.999", "COMPLETED"),
            visit("a2", "2026-05-31 06:00:00", "COMPLETED"),
            visit("a3", "2026-06-01 05:59:59.999", "COMPLETED"),
            visit("a4", "2026-06-01 06:00:00", "COMPLETED"),
            visit("a5", "2026-06-01 06:59:59.999", "COMPLETED"),
            visit("a6", "2026-06-01 07:00:00", "COMPLETED"),
        ],
    )
    .await;
    assert_eq!(shown(server, "startDate=2026-05-31&endDate=2026-05-31").await, ["a3", "a2"]);
    server.execute("UPDATE tenants SET timezone = 'America/Tijuana' WHERE id = 't1'").await;
    assert_eq!(shown(server, "endDate=2026-05-31").await, ["a5", "a4", "a3", "a2", "a1"]);
    assert_eq!(shown(server, "startDate=2026-06-01").await, ["a6"]);
    server.execute("UPDATE tenants SET timezone = 'Nowhere/Land' WHERE id = 't1'").await;
    server.user("desk1").get(&format!("{HISTORY}?endDate=2026-05-31")).await.data(200);
}

pub(crate) async fn moments_bound_a_period_exactly(server: &TestServer) {
    add(server, [visit("a1", "2026-05-31 06:00:00", "COMPLETED"), visit("a2", "2026-05-31 06:00:01", "COMPLETED")]).await;
    for (query, found) in [
        ("startDate=2026-05-31T06:00:00.000Z", vec!["a2", "a1"]),
        ("startDate=2026-05-31T06:00:00.001Z", vec!["a2"]),
        ("endDate=2026-05-31T06:00:00.000Z", vec!["a1"]),
        ("endDate=2026-05-31T05:59:59.999Z", vec![]),
        ("endDate=2026-05-31T00:00:00-06:00", vec!["a1"]),
        ("startDate=0001-01-01&endDate=9999-12-31", vec!["a2", "a1"]),
        ("startDate=&endDate=", vec!["a2", "a1"]),
    ] {
        assert_eq!(shown(server, query).await, found, "{query}");
    }
}

pub(crate) async fn a_period_that_can_not_be_is_refused(server: &TestServer) {
    for (query, wrong) in [
        ("startDate=ayer", vec!["startDate"]),
        ("startDate=-9999-1-01", vec!["startDate"]),
        ("endDate=%2B2026-1-01", vec!["endDate"]),
        ("endDate=+2026-1-01", vec!["endDate"]),
        ("startDate=2026-02-30&endDate=31/12/2026", vec!["endDate", "startDate"]),
        ("endDate=2026-05-31T00:00:00", vec!["endDate"]),
        ("startDate=2026-06-01&endDate=2026-05-31", vec!["endDate"]),
        ("startDate=x&take=0&skip=-1&cursor=y&page=2", vec!["cursor", "page", "skip", "startDate", "take"]),
        ("startDate=2026-01-01&startDate=2026-01-02", vec!["startDate"]),
    ] {
        let answer = server.user("desk1").get(&format!("{HISTORY}?{query}")).await;
        assert_eq!(answer.wrong_fields(), wrong, "{query}");
    }
}
