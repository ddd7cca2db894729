use super::*;
use crate::session::token::fixtures::{a_key, a_time, vectors};

const PLAIN: &str = "next-auth.session-token";
const SECURE: &str = "__Secure-next-auth.session-token";

fn with_cookies(cookies: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.append(COOKIE, HeaderValue::from_str(cookies).unwrap());
    headers
}

fn with_authorization(values: &[&str]) -> HeaderMap {
    let mut headers = with_cookies("next-auth.session-token=cookie");
    for value in values {
        headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
    }
    headers
}

/// What is presented, in the form `bearer token` or `cookie token`.
fn shown(headers: &HeaderMap) -> Option<String> {
    presented(headers).map(|presented| match presented {
        Presented::Bearer(token) => format!("bearer {}", token.expose_secret()),
        Presented::Cookie(token) => format!("cookie {}", token.expose_secret()),
    })
}

/// The headers of a browser that has stored `cookies`.
fn sent_back(cookies: &[Cookie<'_>]) -> HeaderMap {
    let pairs: Vec<String> = cookies
        .iter()
        .filter(|cookie| cookie.max_age() != Some(Duration::ZERO))
        .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
        .collect();
    with_cookies(&pairs.join("; "))
}

#[test]
fn cookies_give_a_token_or_nothing() {
    let many: Vec<String> = (0..9).map(|index| format!("next-auth.session-token.{index}=x")).collect();
    for (cookies, expected) in [
        ("next-auth.session-token=a", Some("cookie a")),
        ("theme=dark; next-auth.session-token=a ;lang=es", Some("cookie a")),
        ("__Secure-next-auth.session-token=a", Some("cookie a")),
        ("next-auth.session-token=a; __Secure-next-auth.session-token=b", Some("cookie b")),
        ("next-auth.session-token=a; __Secure-next-auth.session-token.1=b", None),
        ("next-auth.session-token=a; next-auth.session-token=a", Some("cookie a")),
        ("next-auth.session-token=a; next-auth.session-token=b", None),
        ("next-auth.session-token.0=a", Some("cookie a")),
        ("next-auth.session-token.0=a; next-auth.session-token.1=b", Some("cookie ab")),
        ("next-auth.session-token.2=c; next-auth.session-token.0=a; next-auth.session-token.1=b", Some("cookie abc")),
        ("next-auth.session-token.0=a; next-auth.session-token.1=b; next-auth.session-token.0=a", Some("cookie ab")),
        ("next-auth.session-token.0=a; next-auth.session-token.2=c", None),
        ("next-auth.session-token.1=b", None),
        ("next-auth.session-token.0=a; next-auth.session-token.0=b", None),
        ("next-auth.session-token.0=a; next-auth.session-token.0=b; next-auth.session-token.1=c", None),
        ("next-auth.session-token.0=a; next-auth.session-token.01=b", None),
        ("next-auth.session-token.00=a", None),
        ("next-auth.session-token.99999999999999999999=a", None),
        ("next-auth.session-token=a; next-auth.session-token.0=b", None),
        ("next-auth.session-token=a; next-auth.session-token.1=b", None),
        (&many[..8].join("; "), Some("cookie xxxxxxxx")),
        (&many.join("; "), None),
        ("next-auth.session-token.x=a", None),
        ("next-auth.session-token.=a", None),
        ("next-auth.session-tokens=a", None),
        ("NEXT-AUTH.SESSION-TOKEN=a", None),
        ("next-auth.csrf-token=a", None),
        ("next-auth.session-token", None),
        ("next-auth.session-token=", Some("cookie ")),
        ("next-auth.session-token=\"a%2E\"", Some("cookie \"a%2E\"")),
        ("", None),
    ] {
        assert_eq!(shown(&with_cookies(cookies)).as_deref(), expected, "{cookies}");
    }
}

#[test]
fn cookies_may_come_in_several_headers() {
    let mut headers = with_cookies("next-auth.session-token.1=b");
    headers.append(COOKIE, HeaderValue::from_static("next-auth.session-token.0=a"));
    assert_eq!(shown(&headers).as_deref(), Some("cookie ab"));
}

#[test]
fn a_foreign_cookie_of_any_bytes_does_not_end_the_session() {
    let mut headers = HeaderMap::new();
    headers.append(COOKIE, HeaderValue::from_bytes(b"x=\xff; next-auth.session-token=a").unwrap());
    assert_eq!(shown(&headers).as_deref(), Some("cookie a"));
}

#[test]
fn a_bearer_token_wins_and_other_schemes_leave_the_cookie_in_force() {
    for (values, expected) in [
        (&["Bearer a"][..], Some("bearer a")),
        (&["bEARER  a"], Some("bearer a")),
        (&["Bearer a b"], Some("bearer a b")),
        (&["Bearer"], Some("bearer ")),
        (&["Bearer "], Some("bearer ")),
        (&["Basic dXNlcjpwYXNz"], Some("cookie cookie")),
        (&["Bearerx a"], Some("cookie cookie")),
        (&[""], Some("cookie cookie")),
        (&["Bearer a", "Bearer a"], None),
        (&["Basic a", "Bearer a"], None),
        (&["Bearer \u{f1}"], None),
    ] {
        assert_eq!(shown(&with_authorization(values)).as_deref(), expected, "{values:?}");
    }
}

#[test]
fn debug_output_of_a_presented_token_hides_it() {
    let presented = [with_authorization(&["Bearer abc"]), with_cookies("next-auth.session-token=abc")];
    for headers in presented {
        assert!(!format!("{:?}", super::presented(&headers)).contains("abc"));
    }
}

#[test]
fn every_accepted_vector_opens_from_the_cookies_it_is_set_in() {
    let mut chunked = 0;
    for vector in &vectors().accepted {
        for name in [CookieName::Plain, CookieName::Secure] {
            let mut cookies = set(name, &vector.token, TimeDelta::days(30), &HeaderMap::new());
            cookies.reverse();
            chunked += usize::from(cookies.len() > 1);

            let presented = presented(&sent_back(&cookies)).unwrap();
            assert_eq!(presented.token(), vector.token, "{}", vector.name);
            assert!(a_key().open(presented.token(), a_time()).is_ok(), "{}", vector.name);
        }
    }
    assert_eq!(chunked, 2);
}

#[test]
fn a_token_is_cut_where_next_auth_cuts_it() {
    for (length, expected) in
        [(1, vec![PLAIN]), (3933, vec![PLAIN]), (3934, vec!["next-auth.session-token.0", "next-auth.session-token.1"])]
    {
        let cookies = set(CookieName::Plain, &"x".repeat(length), TimeDelta::days(1), &HeaderMap::new());
        let names: Vec<&str> = cookies.iter().map(Cookie::name).collect();
        assert_eq!(names, expected, "{length}");
        assert_eq!(cookies.iter().map(|cookie| cookie.value().len()).sum::<usize>(), length);
    }
}

#[test]
fn cookies_are_out_of_reach_for_scripts_and_foreign_posts() {
    let headers = HeaderMap::new();
    let plain = set(CookieName::Plain, "a", TimeDelta::seconds(60), &headers);
    let secure = set(CookieName::Secure, "a", TimeDelta::seconds(60), &headers);
    assert_eq!(plain[0].to_string(), format!("{PLAIN}=a; HttpOnly; SameSite=Lax; Path=/; Max-Age=60"));
    assert_eq!(secure[0].to_string(), format!("{SECURE}=a; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"));
}

#[test]
fn a_new_session_replaces_every_older_one() {
    let older = format!("{PLAIN}=old; {PLAIN}.0=old; {PLAIN}.1=old; {SECURE}=old; {SECURE}.77=old; theme=dark");
    for name in [CookieName::Plain, CookieName::Secure] {
        let cookies = set(name, "new", TimeDelta::days(1), &with_cookies(&older));
        let mut names: Vec<&str> = cookies.iter().map(Cookie::name).collect();
        names.sort_unstable();
        assert_eq!(names, [SECURE, &format!("{SECURE}.77"), PLAIN, &format!("{PLAIN}.0"), &format!("{PLAIN}.1")]);
        assert_eq!(shown(&sent_back(&cookies)).as_deref(), Some("cookie new"));
    }
}

#[test]
fn signing_out_expires_what_the_browser_presents() {
    let cookies = clear(&with_cookies(&format!("{PLAIN}=a; {PLAIN}=b; {SECURE}.0=c; theme=dark")));
    let shown: Vec<String> = cookies.iter().map(ToString::to_string).collect();
    let attributes = "HttpOnly; SameSite=Lax;";
    assert_eq!(
        shown,
        [
            format!("{PLAIN}=; {attributes} Path=/; Max-Age=0"),
            format!("{SECURE}.0=; {attributes} Secure; Path=/; Max-Age=0"),
        ]
    );
    assert!(clear(&with_cookies("theme=dark")).is_empty());
}
