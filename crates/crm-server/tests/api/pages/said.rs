//! What pages say of what they do not show, and of who looks at them.

use crm_domain::testing::rows::{note, profile, user};

use super::support::{open, page, send, value_of};
use crate::support::TestServer;

/// A client with so many notes of a type by somebody of the tenant, written one a minute.
async fn add_client(server: &TestServer, id: &str, notes: &[(&str, u32)]) {
    server.add([user(&format!("user-{id}")), profile(id, &format!("user-{id}"))]).await;
    let written = notes.iter().enumerate().flat_map(|(hour, (note_type, count))| {
        (0..*count).map(move |minute| {
            note(&format!("{id}-{note_type}-{minute}"), id)
                .with("createdByUserId", "author1")
                .with("noteType", *note_type)
                .with("createdAt", format!("2026-01-01 {hour:02}:{minute:02}:00").as_str())
        })
    });
    server.add(written).await;
}

pub(crate) async fn an_alert_says_how_many_medical_notes_there_are(server: &TestServer) {
    add_client(server, "few", &[("MEDICAL", 5)]).await;
    add_client(server, "many", &[("MEDICAL", 7)]).await;
    // Hidden behind the latest notes, which are all that a card has.
    add_client(server, "old", &[("MEDICAL", 3), ("GENERAL", 12)]).await;
    let admin = server.user("admin1");
    let few = open(&admin, "/ui/clientes/few").await;
    assert!((0..5).all(|number| few.contains(&format!("few-MEDICAL-{number}"))), "{few}");
    assert!(few.contains("Alerta médica") && !few.contains("Se muestran"), "{few}");
    let many = open(&admin, "/ui/clientes/many").await;
    assert!(many.contains("Se muestran 5 de 7 notas médicas."), "{many}");
    let old = open(&admin, "/ui/clientes/old").await;
    assert!((0..3).all(|number| old.contains(&format!("old-MEDICAL-{number}"))), "{old}");
    assert!(!old.contains("Se muestran"), "{old}");
    assert!(!open(&server.user("desk1"), "/ui/clientes/many").await.contains("Alerta médica"));
}

pub(crate) async fn a_sheet_says_how_many_notes_are_not_on_it(server: &TestServer) {
    add_client(server, "c", &[("GENERAL", 55)]).await;
    let admin = server.user("admin1");
    let sheet = open(&admin, "/ui/clientes/c/imprimir?seccion=notas").await;
    assert!(sheet.contains("Solo aparecen 50 de 55."), "{sheet}");
    assert!(!open(&admin, "/ui/clientes/c/imprimir?seccion=datos").await.contains("Solo aparecen"));
}

pub(crate) async fn the_trash_says_what_a_note_was_about(server: &TestServer) {
    add_client(server, "c", &[("MEDICAL", 1), ("COMPLAINT", 1)]).await;
    let admin = server.user("admin1");
    for id in ["c-MEDICAL-0", "c-COMPLAINT-0"] {
        assert_eq!(admin.delete(&format!("/api/clients/notes/{id}")).await.status, 200);
    }
    let trash = open(&admin, "/ui/papelera").await;
    assert!(trash.contains("Nota (Médica)") && trash.contains("Nota (Queja)"), "{trash}");
}

pub(crate) async fn notes_that_were_read_at_once_are_one_line_of_the_activity(server: &TestServer) {
    add_client(server, "c", &[("MEDICAL", 3)]).await;
    let admin = server.user("admin1");
    open(&admin, "/ui/clientes/c").await;
    let activity = open(&admin, "/ui/clientes/c/actividad").await;
    assert_eq!(activity.matches("Nota (Médica) × 3").count(), 1, "{activity}");
    assert_eq!(activity.matches("<li class=\"note\">").count(), 1, "{activity}");
}

pub(crate) async fn staff_see_their_name_on_pages_and_on_those_of_errors(server: &TestServer) {
    server.execute("UPDATE users SET \"firstName\" = 'Zoila', \"lastName\" = 'Vaca' WHERE id IN ('desk1', 'client1')").await;
    let desk = server.user("desk1");
    assert!(open(&desk, "/ui/clientes").await.contains("Zoila Vaca ·"));
    assert!(page(&desk.get("/ui/clientes/nobody").await, 404).contains("Zoila Vaca ·"));
    assert!(!open(&server.user("client1"), "/ui/clientes/p1").await.contains("Zoila Vaca ·"));
}

pub(crate) async fn clients_see_nothing_that_is_for_staff_on_their_card(server: &TestServer) {
    server.execute("UPDATE client_profiles SET phone = '+525512345678' WHERE id = 'p1'").await;
    let for_staff = ["https://wa.me/", "Ticket promedio", "No asistió"];
    let card = open(&server.user("client1"), "/ui/clientes/p1").await;
    assert!(for_staff.iter().all(|text| !card.contains(text)), "{card}");
    let card = open(&server.user("desk1"), "/ui/clientes/p1").await;
    assert!(for_staff.iter().all(|text| card.contains(text)), "{card}");
}

pub(crate) async fn a_period_of_the_history_says_nothing_of_the_next_visit(server: &TestServer) {
    let desk = server.user("desk1");
    let whole = open(&desk, "/ui/clientes/p1/historial").await;
    assert!(whole.contains("Próxima cita") && whole.contains("Ningún servicio completado todavía."), "{whole}");
    let period = open(&desk, "/ui/clientes/p1/historial?desde=2030-01-01").await;
    assert!(!period.contains("Próxima cita") && period.contains("Ningún servicio completado en estas fechas."), "{period}");
    let wrong = page(&desk.get("/ui/clientes/p1/historial?desde=2030-01-01&hasta=2029-01-01").await, 400);
    assert!(wrong.contains("Quitar filtros"), "{wrong}");
}

pub(crate) async fn filters_are_named_where_nobody_meets_them_all(server: &TestServer) {
    let desk = server.user("desk1");
    let filtered = open(&desk, "/ui/clientes?q=xyzxyz&cumple=1").await;
    assert!(filtered.contains("Nadie coincide con «xyzxyz» y con los demás filtros."), "{filtered}");
    let searched = open(&desk, "/ui/clientes?q=xyzxyz").await;
    assert!(searched.contains("Prueba con menos letras"), "{searched}");
}

pub(crate) async fn a_date_that_does_not_exist_is_told_from_half_a_date(server: &TestServer) {
    let desk = server.user("desk1");
    let version = value_of(&open(&desk, "/ui/clientes/p1/editar").await, "version");
    for (typed, said) in
        [("31/2/1990", "Esa fecha no existe en el calendario"), ("3/1990", "Escribe una fecha completa: día, mes y año")]
    {
        let fields = [("version", version.as_str()), ("dateOfBirth", typed)];
        let answer = page(&send(&desk, "/ui/clientes/p1/editar", &fields).await, 400);
        assert!(answer.contains(said), "{typed}: {answer}");
    }
}
