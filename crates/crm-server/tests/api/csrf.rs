//! A cookie session changes nothing for a page of another origin. A bearer token, which no page can make a browser
//! send, needs no protection.

use crate::access::cases::{CASES, Case, Shape};
use crate::access::people::{Target, add_at_once, invite};
use crate::support::form::{self, FORM};
use crate::support::{Answer, Caller, TestServer, picture};

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
/// Stands for the content type that the route reads.
const RIGHT: &str = "{right}";

/// Where a request says it comes from, and what it says its body is.
struct Disguise {
    name: &'static str,
    site: Option<&'static str>,
    origin: Option<&'static str>,
    content_type: Option<&'static str>,
}

const OWN: &str = "http://{host}";

const fn from(name: &'static str, site: Option<&'static str>, origin: Option<&'static str>) -> Disguise {
    Disguise { name, site, origin, content_type: Some(RIGHT) }
}

const fn body(name: &'static str, content_type: Option<&'static str>) -> Disguise {
    Disguise { name, site: Some("same-origin"), origin: Some(OWN), content_type }
}

const HOSTILE: [Disguise; 19] = [
    from("neither header", None, None),
    from("cross-site", Some("cross-site"), None),
    from("cross-site with the own origin", Some("cross-site"), Some(OWN)),
    from("same-site", Some("same-site"), None),
    from("no site", Some("none"), None),
    from("an unknown site", Some("same-origin, same-origin"), None),
    from("origin null", None, Some("null")),
    from("origin null, same-origin", Some("same-origin"), Some("null")),
    from("a foreign origin", None, Some("https://malo.example")),
    from("a foreign origin, same-origin", Some("same-origin"), Some("https://malo.example")),
    from("another port", None, Some("http://127.0.0.1:1")),
    from("the own host as a name within", None, Some("http://{host}.malo.example")),
    from("the own host as a user", None, Some("http://{host}@malo.example")),
    body("JSON as plain text", Some("text/plain")),
    body("JSON as plain text that mentions JSON", Some("text/plain; application/json")),
    body("a form", Some(URL_ENCODED)),
    body("a form with files", Some(FORM)),
    body("JSON", Some(JSON)),
    body("no content type", None),
];

impl Disguise {
    /// What a browser's request from our own page looks like, new and old browsers.
    const OWN_PAGES: [Self; 3] = [
        from("both headers", Some("same-origin"), Some(OWN)),
        from("an old browser", None, Some(OWN)),
        from("no origin", Some("same-origin"), None),
    ];

    fn wear<'a>(&self, server: &TestServer, mut caller: Caller<'a>) -> Caller<'a> {
        let host = server.base().strip_prefix("http://").unwrap();
        if let Some(site) = self.site {
            caller = caller.with("sec-fetch-site", site);
        }
        match self.origin {
            Some(origin) => caller.with("origin", origin.replace("{host}", host)),
            None => caller,
        }
    }

    /// A content type is hostile to the routes that read another one. The routes of our own sign-in also serve forms,
    /// and tools, which say nothing of where they come from.
    fn is_hostile_to(&self, case: &Case) -> bool {
        let says_nothing = self.site.is_none() && self.origin.is_none();
        let is_served = case.shape == Shape::Public && (says_nothing || self.content_type == Some(URL_ENCODED));
        !is_served && self.content_type != Some(right_type(case))
    }
}

fn right_type(case: &Case) -> &'static str {
    if case.takes_a_file() { FORM } else { JSON }
}

fn unsafe_cases() -> impl Iterator<Item = &'static Case> {
    CASES.iter().filter(|case| case.method() != "GET")
}

/// The cookies a browser may hold a session in.
fn with_cookie<'a>(server: &'a TestServer, name: &str) -> Caller<'a> {
    server.nobody().with("cookie", format!("{name}={}", server.token("admin1")))
}

async fn send(caller: Caller<'_>, case: &Case, target: &Target, content_type: Option<&str>) -> Answer {
    let (path, body) = (case.request)(target);
    let body = match body {
        _ if case.takes_a_file() => form::upload(&target.user, &picture::jpeg(40, 30, 90)),
        Some(body) => body.to_string().into_bytes(),
        // A request without a body must not be the way around the content type.
        None => b"{}".to_vec(),
    };
    let content_type = content_type.map(|named| if named == RIGHT { right_type(case) } else { named });
    caller.send_raw(case.method(), &path, content_type, body).await
}

async fn targets<'a>(server: &TestServer, name: &str, cases: impl Iterator<Item = &'a Case>) -> Vec<(&'a Case, Target)> {
    let all: Vec<_> =
        cases.enumerate().map(|(number, case)| (case, Target::new(format!("{name}-{number}"), "t1"))).collect();
    let rows = all.iter().flat_map(|(case, target)| target.rows(case.has_profile(), case.has_preferences()));
    add_at_once(server, rows).await;
    all
}

pub(crate) async fn a_foreign_page_changes_nothing_through_a_cookie(server: &TestServer) {
    invite(server).await;
    let targets = targets(server, "hostile", unsafe_cases()).await;
    let before = (server.module_rows().await, server.host_rows().await, server.objects().await);
    let mut complaints = Vec::new();
    for disguise in &HOSTILE {
        for (case, target) in targets.iter().filter(|(case, _)| disguise.is_hostile_to(case)) {
            for cookie in ["next-auth.session-token", "__Secure-next-auth.session-token"] {
                let caller = disguise.wear(server, with_cookie(server, cookie));
                let answer = send(caller, case, target, disguise.content_type).await;
                let is_refused = answer.status == 403 && answer.body["code"] == "cross_site";
                if !is_refused || answer.header("set-cookie").is_some() {
                    complaints.push(format!("{}, {}: {} {}", case.route, disguise.name, answer.status, answer.body));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let after = (server.module_rows().await, server.host_rows().await, server.objects().await);
    assert!(before == after, "a refused request changed something");
}

pub(crate) async fn own_pages_change_things_through_a_cookie(server: &TestServer) {
    invite(server).await;
    for disguise in Disguise::OWN_PAGES {
        let name = disguise.name.replace(' ', "-");
        for (case, target) in targets(server, &name, unsafe_cases()).await {
            let caller = disguise.wear(server, with_cookie(server, "next-auth.session-token"));
            let answer = send(caller, case, &target, Some(RIGHT)).await;
            assert_eq!(answer.status, case.success, "{}, {}: {}", case.route, disguise.name, answer.body);
        }
    }
}

pub(crate) async fn a_bearer_token_may_come_from_anywhere(server: &TestServer) {
    invite(server).await;
    let with_session = || unsafe_cases().filter(|case| case.shape != Shape::Public);
    for (number, disguise) in HOSTILE.iter().enumerate().filter(|(_, disguise)| disguise.content_type == Some(RIGHT)) {
        for (case, target) in targets(server, &format!("bearer-{number}"), with_session()).await {
            let caller = disguise.wear(server, server.user("admin1"));
            let answer = send(caller, case, &target, Some(RIGHT)).await;
            assert_eq!(answer.status, case.success, "{}, {}: {}", case.route, disguise.name, answer.body);
        }
    }
}

/// Reading has no effects, and a link from elsewhere must open.
pub(crate) async fn a_cookie_reads_from_wherever_the_visitor_comes(server: &TestServer) {
    let caller = with_cookie(server, "next-auth.session-token").with("sec-fetch-site", "cross-site");
    for path in ["/api/clients/profiles", "/api/clients/profiles/p1", "/api/clients/session"] {
        caller.get(path).await.data(200);
    }
}

/// Nobody but a trusted proxy says under which name the browser knows us.
pub(crate) async fn a_forwarded_host_does_not_make_a_foreign_page_ours(server: &TestServer) {
    let before = server.module_rows().await;
    for header in ["x-forwarded-host", "x-host", "forwarded"] {
        let value = if header == "forwarded" { "host=malo.example" } else { "malo.example" };
        let caller = with_cookie(server, "next-auth.session-token").with("origin", "http://malo.example");
        let answer = caller.with(header, value).put("/api/clients/profiles/p1", serde_json::json!({"city": "Taxco"})).await;
        assert_eq!(answer.code(403), "cross_site", "{header}");
    }
    assert_eq!(server.module_rows().await, before);
}

/// The page's form, as a browser sends it.
pub(crate) async fn the_sign_in_form_is_accepted_from_our_own_page_only(server: &TestServer) {
    let form = b"email=nadie%40ejemplo.mx&password=x".to_vec();
    for disguise in Disguise::OWN_PAGES {
        let caller = disguise.wear(server, server.nobody());
        let answer = caller.send_raw("POST", "/ui/entrar", Some(URL_ENCODED), form.clone()).await;
        assert_eq!(answer.status, 401, "{}: {}", disguise.name, answer.body);
        let page = String::from_utf8_lossy(&answer.bytes);
        assert!(page.contains("<form") && page.contains("role=\"alert\""), "{}: {page}", disguise.name);
    }
    for disguise in
        HOSTILE.iter().filter(|disguise| disguise.content_type == Some(RIGHT) && disguise.name != "neither header")
    {
        let caller = disguise.wear(server, server.nobody());
        let answer = caller.send_raw("POST", "/ui/entrar", Some(URL_ENCODED), form.clone()).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{}", disguise.name);
    }
}
