//! Which values the fields of a profile accept, and how they come back.

use serde_json::{Value, json};

use crate::support::TestServer;

/// Sets one field of `p1` and returns what it then holds.
async fn stored(server: &TestServer, field: &str, value: &Value) -> Value {
    let answer = server.user("desk1").put("/api/clients/profiles/p1", json!({ field: value })).await;
    assert_eq!(answer.status, 200, "{field} = {value}: {}", answer.body);
    let read = server.user("desk1").get("/api/clients/profiles/p1").await;
    assert_eq!(read.data(200)[field], answer.body["data"][field], "{field} = {value}");
    read.body["data"][field].clone()
}

/// Asserts that neither creating nor changing a profile accepts this value.
async fn refused(server: &TestServer, field: &str, value: &Value) {
    let desk = server.user("desk1");
    let changed = desk.put("/api/clients/profiles/p1", json!({ field: value })).await;
    assert_eq!(changed.status, 400, "PUT {field} = {value}: {}", changed.body);
    assert_eq!(changed.wrong_fields(), [field], "PUT {value}");
    let created = desk.post("/api/clients/profiles", json!({ "userId": "blank1", field: value })).await;
    assert_eq!(created.status, 400, "POST {field} = {value}: {}", created.body);
    assert_eq!(created.wrong_fields(), [field], "POST {value}");
}

pub(crate) async fn a_date_of_birth_never_shifts(server: &TestServer) {
    for (sent, day) in [
        ("1990-01-15", "1990-01-15"),
        ("1990-01-15T00:00:00.000Z", "1990-01-15"),
        ("1990-01-15T00:00:00Z", "1990-01-15"),
        ("1990-01-15T23:59:59.999Z", "1990-01-15"),
        ("1990-01-15T23:30:00-06:00", "1990-01-15"),
        ("1990-01-15T00:30:00+14:00", "1990-01-15"),
        ("1990-01-15T12:00:00", "1990-01-15"),
        (" 2000-02-29 ", "2000-02-29"),
        ("1900-01-01", "1900-01-01"),
        ("1900-01-01T00:00:00.000Z", "1900-01-01"),
        ("1969-12-31", "1969-12-31"),
        ("1996-04-07", "1996-04-07"),
        // Today in the tenant's zone and in UTC.
        ("2026-11-22", "2026-11-22"),
    ] {
        let expected = json!(format!("{day}T00:00:00.000Z"));
        assert_eq!(stored(server, "dateOfBirth", &json!(sent)).await, expected, "{sent}");
    }
}

pub(crate) async fn a_date_of_birth_that_others_stored_with_a_time_keeps_its_day(server: &TestServer) {
    for time in ["00:00:00", "06:00:00", "23:59:59.999"] {
        server.execute(&format!("UPDATE client_profiles SET \"dateOfBirth\" = '1990-01-15 {time}' WHERE id = 'p1'")).await;
        let card = server.user("desk1").get("/api/clients/profiles/p1").await;
        assert_eq!(card.data(200)["dateOfBirth"], "1990-01-15T00:00:00.000Z", "{time}");
    }
}

pub(crate) async fn a_date_of_birth_that_can_not_be_is_refused(server: &TestServer) {
    for value in [
        "1899-12-31",
        "2026-11-23",
        "3000-01-01",
        "1990-02-30",
        "1990-13-01",
        "1990-1-5",
        "15/01/1990",
        "90-01-15",
        "ayer",
        "1990-01-15T99:00:00Z",
        "1990-01-15x",
        "+1990-01-15",
        "+1990-1-15",
        "1990-01-15T",
        "00000-01-01",
    ] {
        refused(server, "dateOfBirth", &json!(value)).await;
    }
    for value in [json!(631_152_000), json!(true), json!({ "$date": "1990-01-15" }), json!(["1990-01-15"])] {
        refused(server, "dateOfBirth", &value).await;
    }
}

pub(crate) async fn a_gender_may_be_spanish_and_is_answered_in_the_missions_words(server: &TestServer) {
    for (sent, answered) in [
        ("MASCULINO", "MALE"),
        ("FEMENINO", "FEMALE"),
        ("OTRO", "OTHER"),
        ("PREFIERO_NO_DECIR", "PREFER_NOT_TO_SAY"),
        ("MALE", "MALE"),
        ("FEMALE", "FEMALE"),
        ("OTHER", "OTHER"),
        ("PREFER_NOT_TO_SAY", "PREFER_NOT_TO_SAY"),
    ] {
        assert_eq!(stored(server, "gender", &json!(sent)).await, answered, "{sent}");
    }
    let created = server.user("desk1").post("/api/clients/profiles", json!({ "userId": "blank1", "gender": "OTRO" })).await;
    assert_eq!(created.data(201)["gender"], "OTHER");
}

pub(crate) async fn an_unknown_gender_is_refused(server: &TestServer) {
    for value in [json!("male"), json!("HOMBRE"), json!("M"), json!(1), json!(["MALE"])] {
        refused(server, "gender", &value).await;
    }
}

const TEXTS: [(&str, usize); 13] = [
    ("firstName", 100),
    ("lastName", 100),
    ("city", 100),
    ("state", 100),
    ("occupation", 100),
    ("company", 100),
    ("address", 300),
    ("postalCode", 20),
    ("country", 60),
    ("emergencyContactName", 100),
    ("notes", 5_000),
    ("email", 254),
    ("alternateEmail", 254),
];

/// Text of exactly this many characters, all of several bytes where the field allows it.
fn text_of(field: &str, length: usize) -> String {
    if field.to_lowercase().ends_with("email") {
        let domain = "@ejemplo.mx";
        return format!("{}{domain}", "ñ".repeat(length - domain.len()));
    }
    "ñ".repeat(length)
}

pub(crate) async fn texts_may_be_as_long_as_the_limit_in_characters(server: &TestServer) {
    for (field, limit) in TEXTS {
        let longest = json!(text_of(field, limit));
        assert_eq!(stored(server, field, &longest).await, longest, "{field}");
    }
}

pub(crate) async fn texts_may_not_be_longer_than_the_limit(server: &TestServer) {
    for (field, limit) in TEXTS {
        refused(server, field, &json!(text_of(field, limit + 1))).await;
    }
}

pub(crate) async fn texts_are_trimmed_before_they_are_measured(server: &TestServer) {
    assert_eq!(stored(server, "firstName", &json!("  \t José \n ")).await, "José");
    let padded = format!("   {}   ", "x".repeat(100));
    assert_eq!(stored(server, "lastName", &json!(padded)).await, "x".repeat(100));
}

pub(crate) async fn text_of_any_alphabet_comes_back_unchanged(server: &TestServer) {
    for text in ["O'Higgins", "Peña \"La Güera\"", "<b>Ana</b> & Cía.", "名前", "👩🏽‍🦱 Ana", "; DROP TABLE users;--", "%_\\"]
    {
        assert_eq!(stored(server, "firstName", &json!(text)).await, text);
    }
    assert_eq!(stored(server, "notes", &json!("uno\ndos\r\n\ttres")).await, "uno\ndos\r\n\ttres");
}

pub(crate) async fn text_with_nul_or_hidden_direction_marks_is_refused(server: &TestServer) {
    for value in ["a\0b", "\u{0}", "a\u{1b}[31mb", "a\u{202e}b", "a\u{7f}b"] {
        refused(server, "firstName", &json!(value)).await;
        refused(server, "notes", &json!(value)).await;
    }
    refused(server, "firstName", &json!("dos\nlíneas")).await;
}

pub(crate) async fn phones_have_7_to_15_digits_and_are_stored_as_typed(server: &TestServer) {
    for phone in ["1234567", "5512345678", "+52 1 55 1234 5678", "(55) 1234-5678", "55.1234.5678", "123456789012345"] {
        for field in ["phone", "alternatePhone", "emergencyContactPhone"] {
            assert_eq!(stored(server, field, &json!(phone)).await, phone, "{field}");
        }
    }
    for phone in [
        "123456",
        "1234567890123456",
        "55 1234 567a",
        "cinco",
        "+",
        "5512345678 ext 2",
        "+52 1 55 1234 5678 ---------------",
    ] {
        for field in ["phone", "alternatePhone", "emergencyContactPhone"] {
            refused(server, field, &json!(phone)).await;
        }
    }
}

pub(crate) async fn emails_look_like_one(server: &TestServer) {
    for email in ["ana@ejemplo.mx", "a.b+c@sub.ejemplo.com.mx", "ÑANDÚ@peña.mx"] {
        assert_eq!(stored(server, "email", &json!(email)).await, email);
        assert_eq!(stored(server, "alternateEmail", &json!(email)).await, email);
    }
    for email in
        ["ana", "ana@", "@ejemplo.mx", "ana@ejemplo", "ana@@ejemplo.mx", "ana @ejemplo.mx", "a@b..mx", "a@b.mx, c@d.mx"]
    {
        refused(server, "email", &json!(email)).await;
        refused(server, "alternateEmail", &json!(email)).await;
    }
}

pub(crate) async fn a_photo_address_is_ours_or_https(server: &TestServer) {
    let ours = format!("/api/clients/photos/client1/{}.jpg", "ab".repeat(32));
    // One of ours must be kept.
    refused(server, "profilePhotoUrl", &json!(ours)).await;
    server.keep_photo("t1", "client1", &"ab".repeat(32)).await;
    for url in ["https://fotos.ejemplo.mx/ana.jpg", "https://ejemplo.mx:8443/a?b=c#d", ours.as_str()] {
        assert_eq!(stored(server, "profilePhotoUrl", &json!(url)).await, url);
    }
    let of_another = format!("/api/clients/photos/other1/{}.jpg", "ab".repeat(32));
    for url in [
        "http://fotos.ejemplo.mx/ana.jpg",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//ejemplo.mx/a.jpg",
        "https://",
        "ftp://ejemplo.mx/a",
        "/api/clients/photos/client1/../../secreto",
        "/uploads/../../etc/passwd",
        "ana.jpg",
        "https://ejemplo.mx/a b.jpg",
        "https://ejemplo.mx/\"><script>",
        of_another.as_str(),
    ] {
        refused(server, "profilePhotoUrl", &json!(url)).await;
    }
}

pub(crate) async fn the_country_is_mexico_unless_said_otherwise(server: &TestServer) {
    let desk = server.user("desk1");
    for (sent, stored) in [(json!({}), json!("México")), (json!({ "country": " Perú " }), json!("Perú"))] {
        let mut body = sent;
        body["userId"] = json!("blank1");
        let created = desk.post("/api/clients/profiles", body).await;
        assert_eq!(created.data(201)["country"], stored);
        let path = format!("/api/clients/profiles/{}", created.body["data"]["id"].as_str().unwrap());
        server.user("admin1").delete(&path).await.data(200);
    }
}
