//! Health, metrics, documentation and compression.

use serde_json::json;

use crate::support::TestServer;

pub(crate) async fn health_says_that_the_process_lives_and_is_ready(server: &TestServer) {
    let live = server.nobody().get("/health/live").await;
    assert_eq!((live.status, &live.body), (200, &json!({ "success": true })));
    let ready = server.nobody().get("/health/ready").await;
    assert_eq!((ready.status, &ready.body), (200, &json!({ "success": true, "database": "ok", "photos": "ok" })));
}

pub(crate) async fn answers_are_compressed_with_gzip_where_that_is_offered(server: &TestServer) {
    let list =
        async |offered: &str| server.user("desk1").with("accept-encoding", offered).get("/api/clients/profiles").await;
    let compressed = list("br;q=1.0, gzip;q=0.8").await;
    assert_eq!((compressed.status, compressed.header("content-encoding")), (200, Some("gzip")));
    assert_eq!(compressed.bytes[..2], [0x1f, 0x8b]);
    for offered in ["br", "identity", "gzip;q=0"] {
        let plain = list(offered).await;
        assert_eq!(plain.header("content-encoding"), None, "{offered}");
        plain.data(200);
    }
}

pub(crate) async fn metrics_are_text_for_prometheus(server: &TestServer) {
    let metrics = server.nobody().get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.header("content-type").is_some_and(|value| value.starts_with("text/plain")));
}

pub(crate) async fn the_document_names_every_route_of_the_contract(server: &TestServer) {
    let document = server.nobody().get("/api/openapi.json").await;
    assert_eq!(document.status, 200);
    assert!(document.body["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for (path, methods) in [
        ("/api/clients/profiles", &["get", "post"][..]),
        ("/api/clients/profiles/{id}", &["get", "put", "delete"]),
        ("/api/clients/profiles/{id}/history", &["get"]),
        ("/api/clients/notes", &["get", "post"]),
        ("/api/clients/notes/{id}", &["get", "put", "delete"]),
        ("/api/clients/preferences", &["get", "post"]),
        ("/api/clients/preferences/{id}", &["get", "put", "delete"]),
        ("/api/clients/photos/{userId}/{name}", &["get"]),
        ("/api/clients/upload-photo", &["post", "delete"]),
        ("/health/live", &["get"]),
        ("/health/ready", &["get"]),
        ("/metrics", &["get"]),
    ] {
        for method in methods {
            assert!(document.body["paths"][path][method].is_object(), "{method} {path}");
        }
    }
}

pub(crate) async fn the_documentation_page_loads_nothing_from_elsewhere(server: &TestServer) {
    let moved = server.nobody().get("/api/docs").await;
    assert!(moved.status == 307 || moved.status == 308 || moved.status == 302, "{}", moved.status);
    assert_eq!(moved.header("location"), Some("/api/docs/"));
    let page = server.nobody().get("/api/docs/").await;
    let html = String::from_utf8(page.bytes).unwrap();
    assert_eq!(page.status, 200);
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("src=\"//"), "{html}");
    for file in html.split(['"', '\'']).filter(|part| part.starts_with("./") && part.contains('.')) {
        let asset = server.nobody().get(&format!("/api/docs/{}", &file[2..])).await;
        assert_eq!(asset.status, 200, "{file}");
    }
}
