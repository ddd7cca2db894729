//! Files that go up and come down.

use crm_domain::testing::rows;

use super::support::{cookie, leads_to, open, page, send, value_of};
use crate::support::form::{FORM, upload};
use crate::support::{TestServer, picture};

const PLACE: &str = "/ui/clientes/p1/foto";

pub(crate) async fn a_photo_is_uploaded_and_removed_by_forms(server: &TestServer) {
    let caller = server.user("desk1");
    assert!(open(&caller, PLACE).await.contains("Sin foto"));
    let file = upload("client1", &picture::jpeg(40, 30, 90));
    let answer = caller.send_raw("POST", PLACE, Some(FORM), file).await;
    assert_eq!(leads_to(&answer), PLACE);
    let shown = open(&caller, PLACE).await;
    let address = shown.split("src=\"").find(|rest| rest.starts_with("/api/clients/photos/client1/")).unwrap();
    assert_eq!(caller.get(address.split('"').next().unwrap()).await.status, 200);

    let version = value_of(&shown, "version");
    let answer = send(&caller, "/ui/clientes/p1/foto/quitar", &[("version", &version)]).await;
    assert_eq!(leads_to(&answer), PLACE);
    assert!(open(&caller, PLACE).await.contains("Sin foto"));
    // Whoever removed it may bring it back, and nobody else of their role.
    let undo = format!("/ui/papelera/{}/restaurar", cookie(&answer, "crm-aviso").unwrap().split_once('~').unwrap().1);
    page(&send(&server.user("pro1"), &undo, &[("volver", PLACE)]).await, 404);
    assert_eq!(leads_to(&send(&caller, &undo, &[("volver", PLACE)]).await), PLACE);
    let shown = open(&caller, PLACE).await;
    assert!(!shown.contains("Sin foto"), "{shown}");
    // A client who removes their own is not offered what they may not do.
    let client = server.user("client1");
    let version = value_of(&open(&client, PLACE).await, "version");
    let answer = send(&client, "/ui/clientes/p1/foto/quitar", &[("version", &version)]).await;
    assert_eq!((leads_to(&answer).as_str(), cookie(&answer, "crm-aviso").as_deref()), (PLACE, Some("foto-fuera~")));
    // A photo of somebody else does not come in through this client's form.
    let answer = caller.send_raw("POST", PLACE, Some(FORM), upload("other1", &picture::jpeg(4, 3, 90))).await;
    page(&answer, 404);
}

pub(crate) async fn what_is_no_photo_is_explained(server: &TestServer) {
    let caller = server.user("desk1");
    for (file, status, sentence) in [
        (&b"GIF89a no"[..], 415, "La foto debe ser JPG, PNG o WebP"),
        (&[][..], 400, "Elige una foto"),
        (&vec![0; 5 * 1024 * 1024 + 1][..], 413, "La foto debe pesar menos de 5 MB"),
        (&picture::jpeg(40, 30, 90)[..100], 400, "No pudimos leer la foto"),
    ] {
        let answer = caller.send_raw("POST", PLACE, Some(FORM), upload("client1", file)).await;
        let text = page(&answer, status);
        assert!(text.contains(sentence) && text.contains("Hay un problema"), "{text}");
    }
}

pub(crate) async fn the_history_is_downloaded_in_the_tenants_time_and_without_formulas(server: &TestServer) {
    server.execute("UPDATE services SET name = '=HYPERLINK(1)' WHERE id = 'corte1'").await;
    server
        .add([
            rows::client("c1").with("email", "client1@ejemplo.mx"),
            rows::appointment("a1", "c1", "2026-01-02 04:30:00")
                .with("serviceId", "corte1")
                .with("userId", "pro1")
                .with("status", "COMPLETED"),
            rows::payment("y1", "c1", Some("a1"), 350.5).with("userId", "pro1"),
        ])
        .await;
    let caller = server.user("desk1");
    let answer = caller.get("/ui/clientes/p1/historial.csv?desde=2026-01-01&hasta=2026-01-01").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename=\"historial-"));
    let text = String::from_utf8(answer.bytes).unwrap();
    let lines: Vec<_> = text.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("Fecha,Inicio,Fin,Estado,Servicio"), "{text}");
    // Half past four in the morning in Greenwich is half past ten the evening before in Mexico City.
    assert!(lines[1].starts_with("2026-01-01,22:30,"), "{text}");
    assert!(lines[1].contains(",'=HYPERLINK(1),") && lines[1].contains(",350.50,"), "{text}");

    let history = open(&caller, "/ui/clientes/p1/historial").await;
    assert!(history.contains("1 ene 2026, 22:30") && history.contains("$350.50"), "{history}");
    let refused = page(&caller.get("/ui/clientes/p1/historial?desde=2026-02-01&hasta=2026-01-01").await, 400);
    assert!(refused.contains("La fecha final debe ser igual o posterior a la inicial."), "{refused}");
    let exported = server.select_text("SELECT action FROM crm_audit WHERE action = 'EXPORTED'").await;
    assert_eq!(exported.as_deref(), Some("EXPORTED"));
}
