//! What the forms of the pages do.

use crm_domain::testing::rows;

use super::support::{cookie, leads_to, open, page, send, value_of};
use crate::support::TestServer;

async fn column(server: &TestServer, column: &str) -> Option<String> {
    server.select_text(&format!("SELECT \"{column}\" FROM client_profiles WHERE id = 'p1'")).await
}

pub(crate) async fn a_client_is_made_from_a_form(server: &TestServer) {
    let caller = server.user("desk1");
    let people = open(&caller, "/ui/clientes/nuevo").await;
    assert!(people.contains("/ui/clientes/nuevo/blank1") && !people.contains("/ui/clientes/nuevo/client1"), "{people}");
    let form = open(&caller, "/ui/clientes/nuevo/blank1").await;
    let once = value_of(&form, "una-vez");
    let fields = [("una-vez", once.as_str()), ("firstName", "Lucía"), ("dateOfBirth", "27/3/1990"), ("gender", "FEMALE")];
    let answer = send(&caller, "/ui/clientes/nuevo/blank1", &fields).await;
    let card = leads_to(&answer);
    assert_eq!(cookie(&answer, "crm-aviso").as_deref(), Some("ficha~"));
    let card = open(&caller.with("cookie", "crm-aviso=ficha~"), &card).await;
    assert!(card.contains("Lucía") && card.contains("27 mar 1990") && card.contains("Ficha creada."), "{card}");
}

pub(crate) async fn similar_clients_are_shown_before_another_is_made(server: &TestServer) {
    let caller = server.user("desk1");
    server.execute("UPDATE client_profiles SET phone = '+52 55 1234 5678' WHERE id = 'p1'").await;
    let fields = [("firstName", "Otra"), ("phone", "(55) 1234-5678")];
    let answer = page(&send(&caller, "/ui/clientes/nuevo/blank1", &fields).await, 409);
    assert!(answer.contains("/ui/clientes/p1") && answer.contains("mismo teléfono"), "{answer}");
    assert!(answer.contains("value=\"Otra\"") && answer.contains("value=\"(55) 1234-5678\""), "{answer}");
    let looked_at = value_of(&answer, "es-otra-persona");
    let settled = [fields[0], fields[1], ("es-otra-persona", looked_at.as_str())];
    leads_to(&send(&caller, "/ui/clientes/nuevo/blank1", &settled).await);
}

pub(crate) async fn a_form_that_is_sent_twice_takes_effect_once(server: &TestServer) {
    let caller = server.user("desk1");
    let once = value_of(&open(&caller, "/ui/clientes/p1/notas").await, "una-vez");
    let fields = [("una-vez", once.as_str()), ("content", "Una sola vez"), ("noteType", "GENERAL")];
    for _ in 0..3 {
        assert_eq!(leads_to(&send(&caller, "/ui/clientes/p1/notas", &fields).await), "/ui/clientes/p1/notas");
    }
    let notes = open(&caller, "/ui/clientes/p1/notas").await;
    assert_eq!(notes.matches("Una sola vez").count(), 1, "{notes}");

    let once = value_of(&open(&caller, "/ui/clientes/nuevo/blank1").await, "una-vez");
    let fields = [("una-vez", once.as_str()), ("firstName", "Una"), ("es-otra-persona", "1")];
    let first = leads_to(&send(&caller, "/ui/clientes/nuevo/blank1", &fields).await);
    assert_eq!(leads_to(&send(&caller, "/ui/clientes/nuevo/blank1", &fields).await), first);
}

pub(crate) async fn what_is_wrong_is_said_beside_everything_typed(server: &TestServer) {
    let caller = server.user("desk1");
    let version = value_of(&open(&caller, "/ui/clientes/p1/editar").await, "version");
    let fields = [
        ("version", version.as_str()),
        ("firstName", "<b>Ana</b>"),
        ("email", "no es correo"),
        ("phone", "12"),
        ("dateOfBirth", "31/2/1990"),
        ("city", "Taxco"),
    ];
    let before = server.module_rows().await;
    let answer = page(&send(&caller, "/ui/clientes/p1/editar", &fields).await, 400);
    assert!(before == server.module_rows().await);
    for said in [
        "<title>Error: ",
        "Hay un problema",
        "href=\"#email\"",
        "Escribe un correo con el formato nombre@ejemplo.com",
        "Escribe un teléfono de 7 a 15 dígitos",
        "Esa fecha no existe en el calendario",
        "value=\"no es correo\"",
        "value=\"31/2/1990\"",
        "value=\"Taxco\"",
        "aria-invalid=\"true\"",
        &version,
    ] {
        assert!(answer.contains(said), "{said} is missing in {answer}");
    }
    assert!(!answer.contains("<b>Ana"), "{answer}");

    let long = "ñ".repeat(5_001);
    let answer = send(&caller, "/ui/clientes/p1/notas", &[("content", &long), ("noteType", "MEDICAL")]).await;
    let answer = page(&answer, 400);
    assert!(answer.contains("Debe tener 5,000 caracteres o menos. Sobra 1."), "{answer}");
    assert!(answer.contains(&long) && answer.contains("value=\"MEDICAL\" checked"));
}

pub(crate) async fn changes_to_different_fields_are_both_kept(server: &TestServer) {
    let caller = server.user("desk1");
    let version = value_of(&open(&caller, "/ui/clientes/p1/editar").await, "version");
    server.execute("UPDATE client_profiles SET city = 'Oaxaca' WHERE id = 'p1'").await;
    let fields = [("version", version.as_str()), ("firstName", "Ana"), ("state", "Guerrero"), ("notes", "solo personal")];
    leads_to(&send(&caller, "/ui/clientes/p1/editar", &fields).await);
    assert_eq!(column(server, "city").await.as_deref(), Some("Oaxaca"));
    assert_eq!(column(server, "state").await.as_deref(), Some("Guerrero"));
}

pub(crate) async fn a_field_that_both_changed_is_asked_for_and_the_choice_is_kept(server: &TestServer) {
    let caller = server.user("desk1");
    let version = value_of(&open(&caller, "/ui/clientes/p1/editar").await, "version");
    server.execute("UPDATE client_profiles SET city = 'Oaxaca', state = 'Oaxaca', company = 'Suya' WHERE id = 'p1'").await;
    let fields = [
        ("version", version.as_str()),
        ("firstName", "Ana"),
        ("city", "Taxco"),
        ("state", "Guerrero"),
        ("occupation", "Mía"),
        ("company", ""),
        ("notes", "solo personal"),
    ];
    let before = server.module_rows().await;
    let asked = page(&send(&caller, "/ui/clientes/p1/editar", &fields).await, 412);
    assert!(before == server.module_rows().await);
    for both in ["Taxco", "Oaxaca", "Guerrero"] {
        assert!(asked.contains(both), "{both} is missing in {asked}");
    }
    // What only the others changed stays theirs, what only the reader changed the reader's, and neither is asked about.
    assert!(asked.contains("name=\"elegir-city\" value=\"mio\" checked"), "{asked}");
    assert!(asked.contains("name=\"elegir-occupation\" value=\"mio\">") && asked.contains("value=\"Mía\""), "{asked}");
    assert!(!asked.contains("elegir-company") && !asked.contains("Suya") && !asked.contains("elegir-firstName"), "{asked}");

    let version = value_of(&asked, "version");
    let choice = [
        ("version", version.as_str()),
        ("city", "Taxco"),
        ("elegir-city", "mio"),
        ("state", "Guerrero"),
        ("elegir-state", "actual"),
        ("occupation", "Mía"),
        ("elegir-occupation", "mio"),
    ];
    leads_to(&send(&caller, "/ui/clientes/p1/editar", &choice).await);
    for (name, expected) in
        [("city", "Taxco"), ("state", "Oaxaca"), ("occupation", "Mía"), ("company", "Suya"), ("firstName", "Ana")]
    {
        assert_eq!(column(server, name).await.as_deref(), Some(expected), "{name}");
    }
}

pub(crate) async fn a_deleted_note_comes_back_by_the_notice(server: &TestServer) {
    let caller = server.user("desk1");
    send(&caller, "/ui/clientes/p1/notas", &[("content", "Vuelve"), ("noteType", "GENERAL")]).await;
    let notes = open(&caller, "/ui/clientes/p1/notas").await;
    let place = notes.split("action=\"").find(|rest| rest.contains("/eliminar\"")).unwrap().split('"').next().unwrap();
    let version = notes.split("/eliminar\"><input type=\"hidden\" name=\"version\" value=\"").nth(1).unwrap();
    let answer = send(&caller, place, &[("version", version.split('"').next().unwrap())]).await;
    assert_eq!(leads_to(&answer), "/ui/clientes/p1/notas");
    let notice = cookie(&answer, "crm-aviso").unwrap();
    let notes = open(&caller.clone().with("cookie", format!("crm-aviso={notice}")), "/ui/clientes/p1/notas").await;
    assert!(notes.contains("Nota eliminada.") && !notes.contains("Vuelve"), "{notes}");
    let undo = notes.split("action=\"").find(|rest| rest.starts_with("/ui/papelera/")).unwrap().split('"').next().unwrap();
    assert_eq!(leads_to(&send(&caller, undo, &[("volver", "/ui/clientes/p1/notas")]).await), "/ui/clientes/p1/notas");
    assert!(open(&caller, "/ui/clientes/p1/notas").await.contains("Vuelve"));
    // A second click finds nothing left to do, and says so on the same page.
    let again = send(&caller, place, &[("version", "x")]).await;
    assert_eq!(again.status, 412, "what came back is guarded by its version again");
}

pub(crate) async fn preferences_are_set_then_changed(server: &TestServer) {
    let caller = server.user("desk1");
    let place = "/ui/clientes/o1/preferencias";
    let form = open(&caller, place).await;
    assert!(form.contains("Sin preferencias todavía"), "{form}");
    let once = value_of(&form, "una-vez");
    let set = [
        ("una-vez", once.as_str()),
        ("communicationPreference", "WHATSAPP"),
        ("reminderTime", "BOTH"),
        ("preferredServices", "corte1"),
        ("preferredStaff", "pro1"),
        ("specialRequests", "Sin música"),
    ];
    assert_eq!(leads_to(&send(&caller, place, &set).await), place);
    let form = open(&caller, place).await;
    assert!(form.contains("Avisar por WhatsApp, 24 horas y 1 hora antes.") && form.contains("Sin música"), "{form}");
    let (id, version) = (value_of(&form, "preferencias"), value_of(&form, "version"));
    let change = [
        ("preferencias", id.as_str()),
        ("version", version.as_str()),
        ("con-preferredServices", "1"),
        ("con-preferredStaff", "1"),
        ("communicationPreference", "EMAIL"),
        ("reminderTime", "BOTH"),
        ("specialRequests", ""),
    ];
    leads_to(&send(&caller, place, &change).await);
    let form = open(&caller, place).await;
    assert!(form.contains("Avisar por correo") && !form.contains("Sin música"), "{form}");
    assert!(!form.contains("value=\"corte1\" id=\"preferredServices\" checked"), "{form}");
    // The preferences of one client are not changed through another's page.
    let elsewhere = send(&caller, "/ui/clientes/p1/preferencias", &change).await;
    page(&elsewhere, 404);
    let foreign = [("preferencias", id.as_str()), ("version", version.as_str()), ("preferredServices", "corte2")];
    assert!(matches!(send(&caller, place, &foreign).await.status, 400 | 412));
}

pub(crate) async fn a_note_is_changed_without_touching_its_privacy(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "author1").with("content", "Antes")]).await;
    let manager = server.user("manager1");
    let form = open(&manager, "/ui/clientes/p1/notas/n1/editar").await;
    assert!(!form.contains("name=\"isPrivate\""), "{form}");
    let version = value_of(&form, "version");
    let fields = [("version", version.as_str()), ("content", "Después"), ("noteType", "PREFERENCE"), ("isPrivate", "on")];
    leads_to(&send(&manager, "/ui/clientes/p1/notas/n1/editar", &fields).await);
    let row = server
        .select_text(
            "SELECT content || ' ' || CASE WHEN \"isPrivate\" THEN 'sí' ELSE 'no' END FROM client_notes WHERE id = 'n1'",
        )
        .await;
    assert_eq!(row.as_deref(), Some("Después no"));
    assert_eq!(manager.get("/ui/clientes/o1/notas/n1/editar").await.status, 404, "the note of another client");
}

pub(crate) async fn a_choice_between_versions_clears_nothing_else(server: &TestServer) {
    let caller = server.user("desk1");
    let version = value_of(&open(&caller, "/ui/clientes/p1/editar").await, "version");
    server.execute("UPDATE client_profiles SET company = 'Suya', city = 'Taxco' WHERE id = 'p1'").await;
    let fields = [("version", version.as_str()), ("company", "Mía"), ("phone", "12")];
    let asked = page(&send(&caller, "/ui/clientes/p1/editar", &fields).await, 412);
    let version = value_of(&asked, "version");
    let choice = [
        ("version", version.as_str()),
        ("company", "Mía"),
        ("elegir-company", "mio"),
        ("phone", "12"),
        ("elegir-phone", "mio"),
    ];
    let form = page(&send(&caller, "/ui/clientes/p1/editar", &choice).await, 400);
    for kept in ["value=\"Ana\"", "value=\"Taxco\"", "value=\"Mía\"", "value=\"12\"", "solo personal"] {
        assert!(form.contains(kept), "{kept} is missing in {form}");
    }
    // A form that arrives in part changes that part.
    let version = value_of(&form, "version");
    leads_to(&send(&caller, "/ui/clientes/p1/editar", &[("version", &version), ("city", "Tepic")]).await);
    assert_eq!(column(server, "city").await.as_deref(), Some("Tepic"));
    assert_eq!(column(server, "firstName").await.as_deref(), Some("Ana"));
    // Where nothing is left to choose, nothing is asked and nothing changes.
    let before = server.module_rows().await;
    let same = [("version", "unknown"), ("city", "Tepic"), ("firstName", "Ana")];
    leads_to(&send(&caller, "/ui/clientes/p1/editar", &same).await);
    assert!(before == server.module_rows().await);
}

pub(crate) async fn a_private_note_stays_private_whatever_is_chosen(server: &TestServer) {
    let note =
        rows::note("n1", "p1").with("createdByUserId", "author1").with("noteType", "COMPLAINT").with("isPrivate", true);
    server.add([note]).await;
    let caller = server.user("admin1");
    let place = "/ui/clientes/p1/notas/n1/editar";
    let version = value_of(&open(&caller, place).await, "version");
    server.execute("UPDATE client_notes SET \"noteType\" = 'MEDICAL' WHERE id = 'n1'").await;
    let long = "x".repeat(5_001);
    let typed = [
        ("version", version.as_str()),
        ("content", long.as_str()),
        ("noteType", "GENERAL"),
        ("isPrivate", "on"),
        ("con-isPrivate", "1"),
    ];
    let asked = page(&send(&caller, place, &typed).await, 412);
    let version = value_of(&asked, "version");
    let choice = [
        ("version", version.as_str()),
        ("content", long.as_str()),
        ("elegir-content", "mio"),
        ("noteType", "GENERAL"),
        ("elegir-noteType", "mio"),
    ];
    let form = page(&send(&caller, place, &choice).await, 400);
    assert!(
        form.contains("name=\"isPrivate\" value=\"on\" id=\"isPrivate\" aria-describedby=\"isPrivate-pista\" checked"),
        "{form}"
    );
    // What was typed into a note that is gone is offered as a new one.
    server.execute("DELETE FROM client_notes WHERE id = 'n1'").await;
    let gone = page(&send(&caller, place, &[("content", "No se pierde"), ("noteType", "GENERAL")]).await, 404);
    assert!(gone.contains("No se pierde") && gone.contains("action=\"/ui/clientes/p1/notas\""), "{gone}");
}
