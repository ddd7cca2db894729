use super::*;

const HOST: &str = "app.example";

/// What a header value says about the request.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    Own,
    Foreign,
    Nothing,
}

const SITES: [(Option<&str>, Says); 8] = [
    (None, Says::Nothing),
    (Some("same-origin"), Says::Own),
    (Some("same-site"), Says::Foreign),
    (Some("cross-site"), Says::Foreign),
    (Some("none"), Says::Foreign),
    (Some("SAME-ORIGIN"), Says::Foreign),
    (Some("same-origin, cross-site"), Says::Foreign),
    (Some(""), Says::Foreign),
];

const ORIGINS: [(Option<&str>, Says); 19] = [
    (None, Says::Nothing),
    (Some("https://app.example"), Says::Own),
    (Some("http://app.example"), Says::Own),
    (Some("https://app.example:443"), Says::Own),
    (Some("null"), Says::Foreign),
    (Some(""), Says::Foreign),
    (Some("https://"), Says::Foreign),
    (Some("https://evil.example"), Says::Foreign),
    (Some("https://app.example.evil.example"), Says::Foreign),
    (Some("https://evil-app.example"), Says::Foreign),
    (Some("https://sub.app.example"), Says::Foreign),
    (Some("https://app.example:8443"), Says::Foreign),
    (Some("https://app.example:80"), Says::Foreign),
    (Some("https://app.example/"), Says::Foreign),
    (Some("https://app.example@evil.example"), Says::Foreign),
    (Some("https://app.example https://evil.example"), Says::Foreign),
    (Some("ftp://app.example"), Says::Foreign),
    (Some("chrome-extension://app.example"), Says::Foreign),
    (Some("app.example"), Says::Foreign),
];

/// Content type, content length, and whether a JSON and a multipart route read it.
const BODIES: [(Option<&str>, Option<&str>, bool, bool); 14] = [
    (None, None, true, true),
    (None, Some("0"), true, true),
    (None, Some("2"), false, false),
    (None, Some("00"), false, false),
    (Some("application/json"), Some("2"), true, false),
    (Some("application/json"), None, true, false),
    (Some("Application/JSON ; charset=utf-8"), Some("2"), true, false),
    (Some("application/json-patch"), Some("2"), false, false),
    (Some("application/json, text/plain"), Some("2"), false, false),
    (Some("text/plain"), Some("2"), false, false),
    (Some("text/plain; application/json"), Some("2"), false, false),
    (Some("application/x-www-form-urlencoded"), Some("2"), false, false),
    (Some("multipart/form-data; boundary=x"), Some("2"), false, true),
    (Some(""), Some("2"), false, false),
];

fn headers(pairs: &[(HeaderName, Option<&'static str>)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        if let Some(value) = value {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
    }
    headers
}

/// The verdict on a JSON request that says where it comes from in `Origin` only.
fn from_origin(origin: &'static str, own_host: &str) -> Result<(), CsrfError> {
    check(&Method::POST, &headers(&[(ORIGIN, Some(origin))]), own_host, BodyKind::Json)
}

#[test]
fn only_own_pages_with_the_right_content_type_may_change_anything() {
    let mut cells = 0;
    for (site, site_says) in SITES {
        for (origin, origin_says) in ORIGINS {
            for (content_type, length, json, multipart) in BODIES {
                let headers = headers(&[
                    (SEC_FETCH_SITE, site),
                    (ORIGIN, origin),
                    (CONTENT_TYPE, content_type),
                    (CONTENT_LENGTH, length),
                ]);
                let says = [site_says, origin_says];
                let has_no_body = json && multipart;
                let form = has_no_body || content_type.is_some_and(|sent| sent == "application/x-www-form-urlencoded");
                for (kind, readable) in [(BodyKind::Json, json), (BodyKind::Multipart, multipart), (BodyKind::Form, form)] {
                    let expected = if says == [Says::Nothing; 2] {
                        Err(CsrfError::UnknownOrigin)
                    } else if says.contains(&Says::Foreign) {
                        Err(CsrfError::CrossOrigin)
                    } else if readable {
                        Ok(())
                    } else {
                        Err(CsrfError::ContentType)
                    };
                    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE] {
                        assert_eq!(check(&method, &headers, HOST, kind), expected, "{method} {kind:?} {headers:?}");
                        cells += 1;
                    }
                    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                        assert_eq!(check(&method, &headers, HOST, kind), Ok(()), "{method} {headers:?}");
                    }
                }
            }
        }
    }
    assert_eq!(cells, 8 * 19 * 14 * 3 * 5);
}

#[test]
fn an_unknown_method_counts_as_unsafe() {
    let method = Method::from_bytes(b"get").unwrap();
    assert_eq!(check(&method, &HeaderMap::new(), HOST, BodyKind::Json), Err(CsrfError::UnknownOrigin));
}

#[test]
fn the_own_host_may_have_a_port_capitals_or_be_an_address() {
    for (origin, own_host) in [
        ("http://localhost:3000", "localhost:3000"),
        ("https://app.example", "app.example:443"),
        ("http://app.example", "app.example:80"),
        ("https://app.example", "App.Example"),
        ("http://[::1]:8080", "[::1]:8080"),
    ] {
        assert_eq!(from_origin(origin, own_host), Ok(()), "{origin} {own_host}");
    }
}

#[test]
fn an_own_host_that_is_no_host_owns_nothing() {
    for own_host in ["", "app.example/", "user@app.example", "app.example#", "app.example:x", "app.example, b.example"] {
        assert_eq!(from_origin("https://app.example", own_host), Err(CsrfError::CrossOrigin), "{own_host}");
    }
}

#[test]
fn a_repeated_header_is_refused_even_when_both_copies_are_fine() {
    let own = [
        (SEC_FETCH_SITE, Some("same-origin")),
        (ORIGIN, Some("https://app.example")),
        (CONTENT_TYPE, Some("application/json")),
    ];
    let errors = [CsrfError::CrossOrigin, CsrfError::CrossOrigin, CsrfError::ContentType];
    for (repeated, expected) in own.iter().zip(errors) {
        let mut pairs = own.to_vec();
        pairs.push(repeated.clone());
        assert_eq!(check(&Method::POST, &headers(&pairs), HOST, BodyKind::Json), Err(expected), "{repeated:?}");
    }
}

#[test]
fn a_chunked_body_without_a_content_type_is_refused() {
    let headers = headers(&[(SEC_FETCH_SITE, Some("same-origin")), (TRANSFER_ENCODING, Some("chunked"))]);
    assert_eq!(check(&Method::POST, &headers, HOST, BodyKind::Json), Err(CsrfError::ContentType));
}
