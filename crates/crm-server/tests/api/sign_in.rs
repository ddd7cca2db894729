//! Our own sign-in: with an e-mail address and a password, from programs and from the form of the sign-in page.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, TestServer};

pub(crate) const PASSWORD: &str = "Clave-de-Ana-1";
/// A bcrypt hash of [`PASSWORD`] at the lowest cost.
pub(crate) const HASH: &str = "$2b$04$78TPHPfvxSCjldTSsj9yu.9VLd2A.mnuHo9g2JHMhMgyNsngpTgyi";
const FORM: &str = "application/x-www-form-urlencoded";
const COOKIE: &str = "next-auth.session-token";

async fn set_password(server: &TestServer) {
    server.execute(&format!("UPDATE users SET password = '{HASH}' WHERE id = 'desk1'")).await;
}

pub(crate) fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

async fn send_form(caller: &Caller<'_>, password: &str) -> Answer {
    let body = format!("email=desk1%40ejemplo.mx&password={password}");
    caller.send_raw("POST", "/ui/entrar", Some(FORM), body.into_bytes()).await
}

/// A browser on our own page.
fn browser(server: &TestServer) -> Caller<'_> {
    server.nobody().with("origin", server.base()).with("sec-fetch-site", "same-origin")
}

/// What is the same in every answer of a kind.
fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    body.as_object_mut().unwrap().remove("requestId");
    body
}

/// The session cookie an answer sets, and its attributes.
#[track_caller]
fn session_cookie(answer: &Answer) -> (String, Vec<&str>) {
    let mut parts = answer.header("set-cookie").unwrap().split("; ");
    let token = parts.next().unwrap().strip_prefix(COOKIE).unwrap().strip_prefix('=').unwrap();
    let mut attributes: Vec<_> = parts.collect();
    attributes.sort_unstable();
    (token.to_owned(), attributes)
}

pub(crate) async fn a_program_signs_in_and_gets_token_and_cookie(server: &TestServer) {
    set_password(server).await;
    let answer = server.nobody().post("/sign-in", credentials("desk1@ejemplo.mx", PASSWORD)).await;
    let (token, attributes) = session_cookie(&answer);
    let expected = json!({
        "userId": "desk1", "role": "RECEPTIONIST", "tenantId": "t1", "ownProfileUserId": null, "token": token,
        "expiresAt": "2026-12-22T18:00:00.000Z",
    });
    assert_eq!((answer.status, &answer.body), (200, &json!({ "success": true, "data": expected })));
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax"]);

    let bearer = server.nobody().with("authorization", format!("Bearer {token}"));
    assert_eq!(bearer.get("/api/clients/session").await.data(200)["userId"], "desk1");
    let cookie = server.nobody().with("cookie", format!("{COOKIE}={token}"));
    assert_eq!(cookie.get("/api/clients/profiles").await.ids(), ["p1", "o1"]);
}

pub(crate) async fn the_case_and_padding_of_the_email_do_not_matter(server: &TestServer) {
    set_password(server).await;
    for email in ["DESK1@ejemplo.mx", " desk1@ejemplo.mx "] {
        server.nobody().post("/sign-in", credentials(email, PASSWORD)).await.data(200);
    }
}

pub(crate) async fn wrong_password_and_unknown_account_are_answered_alike(server: &TestServer) {
    set_password(server).await;
    let wrong = server.nobody().post("/sign-in", credentials("desk1@ejemplo.mx", "otra")).await;
    assert_eq!(wrong.code(401), "wrong_credentials");
    server.execute("UPDATE users SET \"isActive\" = FALSE WHERE id = 'desk1'").await;
    for (email, password) in [
        ("nadie@ejemplo.mx", PASSWORD),
        // Deactivated.
        ("desk1@ejemplo.mx", PASSWORD),
        // No password set.
        ("admin1@ejemplo.mx", ""),
        ("admin1@ejemplo.mx", PASSWORD),
        ("' OR '1'='1", PASSWORD),
    ] {
        let answer = server.nobody().post("/sign-in", credentials(email, password)).await;
        if password.is_empty() {
            assert_eq!(answer.wrong_fields(), ["password"]);
        } else {
            assert_eq!((answer.status, without_request_id(&answer)), (401, without_request_id(&wrong)), "{email}");
        }
        assert_eq!(answer.header("set-cookie"), None, "{email}");
    }
}

pub(crate) async fn credentials_that_can_not_be_are_refused(server: &TestServer) {
    for (body, wrong) in [
        (json!({}), vec!["email", "password"]),
        (json!({ "email": 1, "password": null }), vec!["email", "password"]),
        (json!({ "email": "a@b.mx", "password": "x", "role": "ADMIN" }), vec!["role"]),
    ] {
        assert_eq!(server.nobody().post("/sign-in", body).await.wrong_fields(), wrong);
    }
    let text = server.nobody().send_raw("POST", "/sign-in", Some("text/plain"), b"{}".to_vec()).await;
    assert_eq!(text.code(415), "unsupported_media_type");
    let form = server.nobody().send_raw("POST", "/sign-in", Some(FORM), b"email=x".to_vec()).await;
    assert_eq!((form.code(415), form.header("set-cookie")), ("unsupported_media_type", None));
    let page = browser(server).send_raw("POST", "/ui/entrar", Some(FORM), b"email=x".to_vec()).await;
    assert_eq!((page.status, page.header("set-cookie")), (401, None));
}

pub(crate) async fn an_email_that_can_not_be_is_as_wrong_as_any(server: &TestServer) {
    set_password(server).await;
    let long = "a".repeat(2_000);
    for (email, encoded) in [("desk1\0@ejemplo.mx", "desk1%00@ejemplo.mx"), (long.as_str(), long.as_str())] {
        let answer = server.nobody().post("/sign-in", credentials(email, PASSWORD)).await;
        assert_eq!(answer.code(401), "wrong_credentials", "{email:?}");
        let form = format!("email={encoded}&password={PASSWORD}").into_bytes();
        let answer = browser(server).send_raw("POST", "/ui/entrar", Some(FORM), form).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (401, None), "{email:?}");
    }
}

pub(crate) async fn guessing_is_slowed_down(server: &TestServer) {
    set_password(server).await;
    for attempt in 0..10 {
        let answer = server.nobody().post("/sign-in", credentials("desk1@ejemplo.mx", "otra")).await;
        assert_eq!(answer.code(401), "wrong_credentials", "{attempt}");
    }
    // Even with the right password, even in another spelling, even for another account from the same address.
    for email in ["desk1@ejemplo.mx", "DESK1@EJEMPLO.MX", "admin1@ejemplo.mx"] {
        let answer = server.nobody().post("/sign-in", credentials(email, PASSWORD)).await;
        assert_eq!(answer.code(429), "too_many_requests", "{email}");
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert_eq!(answer.header("set-cookie"), None);
        let forged = server.nobody().with("x-forwarded-for", "203.0.113.7");
        assert_eq!(forged.post("/sign-in", credentials(email, PASSWORD)).await.code(429), "too_many_requests");
    }
    // Sessions that exist go on.
    server.user("desk1").get("/api/clients/session").await.data(200);
}

pub(crate) async fn guessing_through_the_form_is_slowed_down(server: &TestServer) {
    set_password(server).await;
    for attempt in 0..10 {
        assert_eq!(send_form(&browser(server), "otra").await.status, 401, "{attempt}");
    }
    let answer = send_form(&browser(server), PASSWORD).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (429, None));
    assert!(answer.header("retry-after").is_some(), "{:?}", answer.headers);
}

pub(crate) async fn the_form_signs_in_and_leads_to_where_somebody_wanted_to_go(server: &TestServer) {
    set_password(server).await;
    for (wanted, place) in [("", "/ui"), ("/ui/clientes?q=ana", "/ui/clientes?q=ana"), ("//malo.example", "/ui")] {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        let body = body.extend_pairs([("email", "desk1@ejemplo.mx"), ("password", PASSWORD), ("ir", wanted)]).finish();
        let answer = browser(server).send_raw("POST", "/ui/entrar", Some(FORM), body.into_bytes()).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(place)), "{wanted}");
    }
    let answer = send_form(&browser(server), PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/ui")));
    let (token, attributes) = session_cookie(&answer);
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax"]);
    let cookie = server.nobody().with("cookie", format!("{COOKIE}={token}"));
    assert_eq!(cookie.get("/api/clients/session").await.data(200)["userId"], "desk1");
}

pub(crate) async fn a_wrong_password_shows_the_form_again(server: &TestServer) {
    set_password(server).await;
    let answer = send_form(&browser(server), "otra").await;
    assert_eq!(answer.status, 401);
    let page = String::from_utf8(answer.bytes.clone()).unwrap();
    assert!(page.contains("El correo o la contraseña no son correctos."), "{page}");
    assert!(page.contains("<form method=\"post\" action=\"/ui/entrar\">"), "{page}");
    assert!(page.contains("value=\"desk1@ejemplo.mx\"") && !page.contains("otra"), "{page}");
    assert!(!page.contains("{{"), "{page}");
    assert_eq!(answer.header("set-cookie"), None);
}

pub(crate) async fn a_foreign_page_can_not_sign_its_visitor_in(server: &TestServer) {
    set_password(server).await;
    for (header, value) in [
        ("origin", "https://malo.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answer = send_form(&server.nobody().with(header, value), PASSWORD).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{header}: {value}");
        let program = server.nobody().with(header, value).post("/sign-in", credentials("desk1@ejemplo.mx", PASSWORD)).await;
        assert_eq!(program.code(403), "cross_site", "{header}: {value}");
    }
}

pub(crate) async fn signing_out_clears_every_session_cookie(server: &TestServer) {
    let token = server.token("desk1");
    let cookies = format!("{COOKIE}={token}; __Secure-{COOKIE}.0=x; theme=dark");
    for caller in [server.nobody(), browser(server)] {
        let answer = caller.with("cookie", cookies.as_str()).send("POST", "/sign-out", None).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/ui/entrar")));
        let cleared: Vec<_> =
            answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value).collect();
        assert_eq!(cleared.len(), 2, "{cleared:?}");
        for cookie in cleared {
            let (name, attributes) = cookie.split_once("=; ").unwrap_or_else(|| panic!("{cookie} has a value"));
            assert!([COOKIE, "__Secure-next-auth.session-token.0"].contains(&name), "{cookie}");
            for attribute in ["Max-Age=0", "Path=/", "HttpOnly", "SameSite=Lax"] {
                assert!(attributes.contains(attribute), "{cookie}");
            }
        }
    }
}

pub(crate) async fn the_form_of_a_browser_signs_out(server: &TestServer) {
    let caller = browser(server).with("cookie", format!("{COOKIE}={}", server.token("desk1")));
    let answer = caller.send_raw("POST", "/ui/salir", Some(FORM), Vec::new()).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(answer.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")));
}

pub(crate) async fn a_foreign_page_can_not_sign_anybody_out(server: &TestServer) {
    let cookies = format!("{COOKIE}={}", server.token("desk1"));
    let foreign = server.nobody().with("cookie", cookies).with("origin", "https://malo.example");
    let answer = foreign.send("POST", "/sign-out", None).await;
    assert_eq!(answer.code(403), "cross_site");
    assert_eq!(answer.header("set-cookie"), None);
}

pub(crate) async fn home_leads_guests_to_the_sign_in_page_and_others_on(server: &TestServer) {
    for caller in [server.nobody(), server.user("desk1")] {
        let home = caller.get("/").await;
        assert_eq!((home.status, home.header("location")), (303, Some("/ui")));
        let sign_in = caller.get("/sign-in").await;
        assert_eq!((sign_in.status, sign_in.header("location")), (303, Some("/ui/entrar")));
    }
    let guest = server.nobody().get("/ui").await;
    assert_eq!((guest.status, guest.header("location")), (303, Some("/ui/entrar?ir=%2Fui")));
    let page = server.nobody().get("/ui/entrar").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(String::from_utf8_lossy(&page.bytes).contains("name=\"password\""));
    let user = server.user("desk1").get("/ui").await;
    assert_eq!((user.status, user.header("location")), (303, Some("/ui/clientes")));
}
