//! Pages of lists: by offset, by cursor, and what is refused.

use crm_domain::testing::rows;
use serde_json::{Value, json};

use crate::support::TestServer;

const PROFILES: &str = "/api/clients/profiles";

/// Twenty-three more profiles in tenant `t1`, several of the same moment: 25 with those of the world.
async fn add_profiles(server: &TestServer) {
    let profiles = (0..23).flat_map(|number| {
        let (user, profile) = (format!("u{number:02}"), format!("x{number:02}"));
        let time = format!("2026-02-{:02} 10:00:00.{:03}", 1 + number / 6, 1 + number / 3);
        [rows::user(&user), rows::profile(&profile, &user).with("createdAt", time.as_str())]
    });
    server.add(profiles).await;
}

/// The ids of all pages, following cursors.
async fn by_cursor(server: &TestServer, path: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = server.user("admin1").get(&format!("{path}{cursor}")).await;
        ids.extend(page.ids().into_iter().map(str::to_owned));
        let pagination = &page.body["pagination"];
        assert_eq!(pagination["hasMore"], pagination["nextCursor"].is_string(), "{pagination}");
        assert_eq!(pagination["skip"], 0);
        match pagination["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

pub(crate) async fn cursors_and_offsets_give_the_same_pages(server: &TestServer) {
    add_profiles(server).await;
    let whole = server.user("admin1").get(&format!("{PROFILES}?take=200")).await;
    let whole: Vec<_> = whole.ids().into_iter().map(str::to_owned).collect();
    assert_eq!(whole.len(), 25);
    let mut by_offset = Vec::new();
    for (skip, count, has_more) in [(0, 10, true), (10, 10, true), (20, 5, false), (25, 0, false), (1_000_000, 0, false)] {
        let page = server.user("admin1").get(&format!("{PROFILES}?take=10&skip={skip}")).await;
        assert_eq!(page.ids().len(), count, "{skip}");
        let pagination = &page.body["pagination"];
        assert_eq!((&pagination["total"], &pagination["skip"]), (&json!(25), &json!(skip)));
        assert_eq!((&pagination["take"], &pagination["hasMore"]), (&json!(10), &json!(has_more)));
        assert_eq!(pagination["nextCursor"].is_string(), has_more);
        by_offset.extend(page.ids().into_iter().map(str::to_owned));
    }
    assert_eq!(by_offset, whole);
    for take in [1, 3, 10, 25] {
        assert_eq!(by_cursor(server, &format!("{PROFILES}?take={take}")).await, whole, "{take}");
    }
}

pub(crate) async fn lists_are_newest_first_and_ties_go_by_id(server: &TestServer) {
    add_profiles(server).await;
    let listed = server.user("admin1").get(&format!("{PROFILES}?take=200")).await;
    let keys: Vec<_> =
        listed.data(200).as_array().unwrap().iter().map(|row| (row["createdAt"].as_str(), row["id"].as_str())).collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(keys, sorted);
}

pub(crate) async fn a_cursor_is_stable_while_rows_come_and_go(server: &TestServer) {
    add_profiles(server).await;
    let whole = by_cursor(server, &format!("{PROFILES}?take=25")).await;
    let first = server.user("admin1").get(&format!("{PROFILES}?take=10")).await;
    let cursor = first.body["pagination"]["nextCursor"].as_str().unwrap();
    // A newer row, and the very row the cursor stands on.
    server.user("admin1").post(PROFILES, json!({ "userId": "blank1" })).await.data(201);
    server.user("admin1").delete(&format!("{PROFILES}/{}", whole[9])).await.data(200);

    let second = server.user("admin1").get(&format!("{PROFILES}?take=10&cursor={cursor}")).await;
    assert_eq!(second.ids(), whole[10..20]);
    assert_eq!(second.body["pagination"]["total"], 25);
}

pub(crate) async fn notes_are_paged_by_cursor_too(server: &TestServer) {
    let note = |number: usize| {
        let time = format!("2026-03-01 10:00:{:02}", number / 4);
        rows::note(&format!("n{number:02}"), "p1").with("createdByUserId", "pro1").with("createdAt", time.as_str())
    };
    server.add((0..25).map(note)).await;
    let whole = server.user("admin1").get("/api/clients/notes?take=200").await;
    assert_eq!(whole.ids().len(), 25);
    assert_eq!(by_cursor(server, "/api/clients/notes?take=10").await, whole.ids());
    assert_eq!(by_cursor(server, "/api/clients/notes?take=7&clientProfileId=p1").await, whole.ids());
}

pub(crate) async fn a_page_has_fifty_rows_unless_said_otherwise(server: &TestServer) {
    let people = (0..60).flat_map(|number| {
        let (user, profile) = (format!("u{number:02}"), format!("x{number:02}"));
        [rows::user(&user), rows::profile(&profile, &user)]
    });
    server.add(people).await;
    let page = server.user("desk1").get(PROFILES).await;
    assert_eq!((page.ids().len(), &page.body["pagination"]["take"]), (50, &json!(50)));
    assert_eq!(server.user("desk1").get(&format!("{PROFILES}?take=200")).await.ids().len(), 62);
    assert_eq!(server.user("desk1").get(&format!("{PROFILES}?take=1")).await.ids().len(), 1);
}

pub(crate) async fn pages_that_can_not_be_are_refused_by_every_list(server: &TestServer) {
    for path in [PROFILES, "/api/clients/notes", "/api/clients/profiles/p1/history"] {
        for (query, wrong) in [
            ("take=0", vec!["take"]),
            ("take=201", vec!["take"]),
            ("take=1000000000", vec!["take"]),
            ("take=-1", vec!["take"]),
            ("take=NaN", vec!["take"]),
            ("take=1.5", vec!["take"]),
            ("take=1e3", vec!["take"]),
            ("take=0x10", vec!["take"]),
            ("take=99999999999999999999", vec!["take"]),
            ("skip=-1", vec!["skip"]),
            ("skip=x", vec!["skip"]),
            ("skip=99999999999999999999", vec!["skip"]),
            ("cursor=x", vec!["cursor"]),
            ("cursor=1~%27%20OR%201%3D1%00", vec!["cursor"]),
            ("take=x&skip=y&cursor=z&page=1", vec!["cursor", "page", "skip", "take"]),
            ("page=1", vec!["page"]),
            ("Take=1", vec!["Take"]),
            ("take=1&take=2", vec!["take"]),
            ("take=1&take=1", vec!["take"]),
            ("take[]=1", vec!["take[]"]),
        ] {
            let answer = server.user("admin1").get(&format!("{path}?{query}")).await;
            assert_eq!(answer.wrong_fields(), wrong, "{path}?{query}");
        }
    }
}

pub(crate) async fn profiles_are_listed_by_name_by_month_of_birth_and_by_who_was_not_seen(server: &TestServer) {
    let set = async |profile: &str, name: &str, born: &str| {
        let named = format!("\"firstName\" = '{name}', \"lastName\" = 'Ruiz', \"dateOfBirth\" = '{born} 00:00:00'");
        server.execute(&format!("UPDATE client_profiles SET {named} WHERE id = '{profile}'")).await;
    };
    set("p1", "Álvaro", "1990-01-31").await;
    set("o1", "Bea", "1990-02-01").await;
    let list = async |query: &str| server.user("desk1").get(&format!("{PROFILES}?{query}")).await;
    assert_eq!(list("order=NAME").await.ids(), ["p1", "o1"]);
    assert_eq!(list("order=NAME&skip=1").await.ids(), ["o1"]);
    assert_eq!(list("birthdayMonth=02&order=NEWEST").await.ids(), ["o1"]);
    assert_eq!(list("birthdayMonth=12").await.ids(), [""; 0]);
    assert_eq!(list("notSeenSince=9999-01-01T00:00:00Z&order=NAME").await.ids(), ["p1", "o1"]);
    let first = list("order=NAME&take=1").await;
    let next = first.body["pagination"]["nextCursor"].as_str().unwrap();
    assert_eq!(next, "0~p1", "no name is part of an address");
    let pagination = json!({
        "total": 2, "totalIsExact": true, "skip": 0, "take": 1, "hasMore": true, "nextCursor": next,
    });
    assert_eq!(first.body["pagination"], pagination);
    assert_eq!(list(&format!("order=NAME&take=1&cursor={next}")).await.ids(), ["o1"]);

    for (query, wrong) in [
        ("birthdayMonth=0", vec!["birthdayMonth"]),
        ("birthdayMonth=13", vec!["birthdayMonth"]),
        ("birthdayMonth=enero", vec!["birthdayMonth"]),
        ("birthdayMonth=%2B1", vec!["birthdayMonth"]),
        ("notSeenSince=ayer", vec!["notSeenSince"]),
        ("notSeenSince=2026-01-01", vec!["notSeenSince"]),
        ("order=name&birthdayMonth=x&notSeenSince=x", vec!["birthdayMonth", "notSeenSince", "order"]),
        ("order=NAME&cursor=0~gone", vec!["cursor"]),
    ] {
        assert_eq!(list(query).await.wrong_fields(), wrong, "{query}");
    }
}

pub(crate) async fn the_widest_page_and_the_largest_offset_are_accepted(server: &TestServer) {
    for path in [PROFILES, "/api/clients/notes", "/api/clients/profiles/p1/history"] {
        for query in ["take=1", "take=200", "skip=9223372036854775807", "skip=0&take=200", "cursor="] {
            server.user("admin1").get(&format!("{path}?{query}")).await.data(200);
        }
    }
}

pub(crate) async fn other_routes_refuse_unknown_parameters_too(server: &TestServer) {
    let desk = server.user("desk1");
    let answer = desk.get("/api/clients/preferences?clientProfileId=p1&take=1").await;
    assert_eq!(answer.wrong_fields(), ["take"]);
    let answer = desk.delete("/api/clients/upload-photo?userId=client1&force=true").await;
    assert_eq!(answer.wrong_fields(), ["force"]);
    let answer = desk.get("/api/clients/preferences?clientProfileId=p1&clientProfileId=o1").await;
    assert_eq!(answer.wrong_fields(), ["clientProfileId"]);
}

pub(crate) async fn a_cursor_of_another_tenant_opens_nothing(server: &TestServer) {
    let foreign = server.user("admin2").get(&format!("{PROFILES}?take=1")).await;
    let cursor = foreign.body["pagination"]["nextCursor"].as_str().unwrap();
    let page = server.user("admin1").get(&format!("{PROFILES}?cursor={cursor}")).await;
    let tenants: Vec<&Value> = page.data(200).as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert!(tenants.iter().all(|id| id.as_str().unwrap().ends_with('1')), "{tenants:?}");
    assert_eq!(page.body["pagination"]["total"], 2);
}
