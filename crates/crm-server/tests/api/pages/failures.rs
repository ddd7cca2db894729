//! What pages do when something is wrong.

use super::support::{FORM, cookie, leads_to, open, page, send};
use crate::support::TestServer;

pub(crate) async fn what_was_typed_is_offered_again_when_the_session_is_over(server: &TestServer) {
    let fields = [("content", "Alergia al \"níquel\" <b>"), ("noteType", "MEDICAL"), ("isPrivate", "on")];
    let expired = server.nobody().with("authorization", "Bearer old");
    let answer = send(&expired, "/ui/clientes/p1/notas", &fields).await;
    assert_eq!(cookie(&answer, "next-auth.session-token"), None);
    let answer = page(&answer, 401);
    assert!(answer.contains("Tu sesión terminó") && answer.contains("target=\"_blank\""), "{answer}");
    assert!(answer.contains("<form method=\"post\" action=\"/ui/clientes/p1/notas\">"), "{answer}");
    for typed in ["Alergia al &#34;níquel&#34; &#60;b&#62;", "value=\"MEDICAL\"", "name=\"isPrivate\" value=\"on\""] {
        assert!(answer.contains(typed), "{typed} is missing in {answer}");
    }
    // With a session in another tab, the same fields are saved.
    leads_to(&send(&server.user("pro1"), "/ui/clientes/p1/notas", &fields).await);
    assert!(open(&server.user("pro1"), "/ui/clientes/p1/notas").await.contains("Alergia al"));
}

pub(crate) async fn a_foreign_page_changes_nothing_through_the_forms(server: &TestServer) {
    let cookie = format!("next-auth.session-token={}", server.token("admin1"));
    let before = server.module_rows().await;
    for (header, value) in [("origin", "https://malo.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
        let foreign = server.nobody().with("cookie", cookie.as_str()).with(header, value);
        for path in
            ["/ui/clientes/p1/notas", "/ui/clientes/p1/editar", "/ui/clientes/p1/eliminar", "/ui/clientes/p1/foto/quitar"]
        {
            let answer = page(&send(&foreign, path, &[("content", "malo"), ("city", "malo")]).await, 403);
            assert!(answer.contains("no viene de esta página") && !answer.contains("malo\""), "{path}: {answer}");
        }
        // Nor does it come back as a form of ours, to be sent with one click, from a browser that keeps the cookie back.
        let bare = server.nobody().with(header, value);
        let answer = page(&send(&bare, "/ui/clientes/p1/notas", &[("content", "malo")]).await, 403);
        assert!(!answer.contains("malo\""), "{answer}");
        for path in ["/ui/entrar", "/ui/salir", "/ui/ajustes"] {
            let answer = send(&foreign, path, &[("idioma", "en")]).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{path}");
        }
    }
    assert!(before == server.module_rows().await);
    let own = server.nobody().with("cookie", cookie).with("origin", server.base()).with("sec-fetch-site", "same-origin");
    leads_to(&send(&own, "/ui/clientes/p1/notas", &[("content", "propio"), ("noteType", "GENERAL")]).await);
}

pub(crate) async fn what_is_not_there_is_a_page_too(server: &TestServer) {
    let caller = server.user("desk1");
    for path in ["/ui/nada", "/ui/clientes/nadie", "/ui/clientes/p2", "/ui/clientes/..%2f", "/ui/clientes/p1/notas/x/editar"]
    {
        let answer = page(&caller.get(path).await, 404);
        assert!(answer.contains("No encontramos"), "{path}: {answer}");
    }
    let answer = caller.send_raw("POST", "/ui/papelera/nada/restaurar", Some(FORM), Vec::new()).await;
    page(&answer, 404);
    let answer = caller.send_raw("DELETE", "/ui/clientes", None, Vec::new()).await;
    page(&answer, 405);
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    let large = vec![b'a'; 300_000];
    page(&caller.send_raw("POST", "/ui/clientes/p1/notas", Some(FORM), large).await, 413);
    page(&caller.get("/ui/clientes?q=a&q=b").await, 400);
    let answer = page(&server.user("client1").get("/ui/clientes").await, 403);
    assert!(answer.contains("No tienes permiso"), "{answer}");
}

pub(crate) async fn every_page_has_the_headers_that_keep_it_safe(server: &TestServer) {
    let caller = server.user("admin1");
    for path in ["/ui/clientes", "/ui/clientes/p1", "/ui/nada", "/ui/entrar", "/ui/clientes/p1/notas"] {
        let answer = caller.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        for part in
            ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let text = String::from_utf8_lossy(&answer.bytes);
        for inline in [" style=", " onclick=", "<script>", "javascript:"] {
            assert!(!text.contains(inline), "{path}: {inline}");
        }
    }
    let list = open(&caller, "/ui/clientes").await;
    for part in list.split('"').filter(|part| part.starts_with("/ui/a/")) {
        let asset = caller.get(part).await;
        assert_eq!(
            (asset.status, asset.header("cache-control")),
            (200, Some("public, max-age=31536000, immutable")),
            "{part}"
        );
    }
}

pub(crate) async fn the_language_and_the_theme_are_remembered(server: &TestServer) {
    let browser = server.user("desk1").with("origin", server.base()).with("sec-fetch-site", "same-origin");
    let wanted = [("idioma", "en"), ("tema", "dark"), ("volver", "/ui/clientes?lang=es&q=ana")];
    let answer = send(&browser, "/ui/ajustes", &wanted).await;
    assert_eq!(leads_to(&answer), "/ui/clientes?q=ana");
    let (language, theme) = (cookie(&answer, "crm-idioma").unwrap(), cookie(&answer, "crm-tema").unwrap());
    let caller = browser.with("cookie", format!("crm-idioma={language}; crm-tema={theme}"));
    let list = open(&caller, "/ui/clientes").await;
    assert!(list.contains("<html lang=\"en\" data-theme=\"dark\">") && list.contains("New client"), "{list}");
    let asked = open(&caller, "/ui/clientes?lang=es").await;
    assert!(asked.contains("Nuevo cliente"), "{asked}");
}
