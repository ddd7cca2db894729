//! Every page, as everybody.

use std::collections::BTreeSet;

use crm_http::routes::Access;
use crm_web::pages::PAGES;

use super::support::{leads_to, open, page};
use crate::access::cases::{ADDITION, Case, NOTE, PROFILE, Shape, cases};
use crate::access::contract::Rule;
use crate::access::people::{Target, invite, strangers};
use crate::access::{Cell, answers_every_role};
use crate::support::TestServer;

/// What nobody but the table of pages decides: where one's own card is.
const OWN: &str = "GET /ui/yo";

cases! {
    PAGE_CASES:
    "GET /ui" Shape::Session, ReadProfile => 303, |_| "/ui";
    "GET /ui/entrar" Shape::Public, ReadProfile => 200, |_| "/ui/entrar";
    "POST /ui/entrar" Shape::Public, ReadProfile => 403, |_| "/ui/entrar", "email=x&password=y";
    "POST /ui/salir" Shape::Public, ReadProfile => 403, |_| "/ui/salir", "";
    "POST /ui/ajustes" Shape::Public, ReadProfile => 403, |_| "/ui/ajustes", "idioma=en";
    "GET /ui/a/{name}" Shape::Public, ReadProfile => 404, |_| "/ui/a/nothing";
    "GET /ui/clientes" Shape::Log, ListProfiles => 200, |_| "/ui/clientes";
    "GET /ui/buscar" Shape::Log, ListProfiles => 200, |_| "/ui/buscar?q=ana";
    "GET /ui/clientes/nuevo" Shape::Log, CreateProfile => 200, |_| "/ui/clientes/nuevo";
    "GET /ui/clientes/nuevo/{user}" ADDITION, CreateProfile => 200, |t| format!("/ui/clientes/nuevo/{}", t.user);
    "POST /ui/clientes/nuevo/{user}" ADDITION, CreateProfile => 303,
        |t| format!("/ui/clientes/nuevo/{}", t.user), "city=Taxco&es-otra-persona=1";
    "GET /ui/clientes/{id}" PROFILE, ReadProfile => 200, |t| format!("/ui/clientes/{}", t.profile);
    "GET /ui/clientes/{id}/imprimir" PROFILE, ReadProfile => 200, |t| format!("/ui/clientes/{}/imprimir", t.profile);
    "GET /ui/clientes/{id}/editar" PROFILE, ChangeProfile => 200, |t| format!("/ui/clientes/{}/editar", t.profile);
    // Without a version: whoever may change it is shown what it says now.
    "POST /ui/clientes/{id}/editar" PROFILE, ChangeProfile => 412,
        |t| format!("/ui/clientes/{}/editar", t.profile), "city=Taxco";
    "POST /ui/clientes/{id}/eliminar" PROFILE, DeleteProfile => 412,
        |t| format!("/ui/clientes/{}/eliminar", t.profile), "version=";
    "GET /ui/clientes/{id}/historial" PROFILE, ReadProfile => 200, |t| format!("/ui/clientes/{}/historial", t.profile);
    "GET /ui/clientes/{id}/historial.csv" PROFILE, ReadProfile => 200,
        |t| format!("/ui/clientes/{}/historial.csv", t.profile);
    "GET /ui/clientes/{id}/actividad" PROFILE, ReadActivity => 200, |t| format!("/ui/clientes/{}/actividad", t.profile);
    "GET /ui/clientes/{client}/notas" ADDITION, ListNotes => 200, |t| format!("/ui/clientes/{}/notas", t.profile);
    "POST /ui/clientes/{client}/notas" ADDITION, CreateNote => 303,
        |t| format!("/ui/clientes/{}/notas", t.profile), "content=Llamar&noteType=GENERAL";
    "GET /ui/clientes/{client}/notas/{id}/editar" NOTE, ChangeNote => 200,
        |t| format!("/ui/clientes/{}/notas/{}/editar", t.profile, t.note);
    "POST /ui/clientes/{client}/notas/{id}/editar" NOTE, ChangeNote => 412,
        |t| format!("/ui/clientes/{}/notas/{}/editar", t.profile, t.note), "content=Otra&noteType=GENERAL";
    "POST /ui/clientes/{client}/notas/{id}/eliminar" NOTE, ChangeNote => 412,
        |t| format!("/ui/clientes/{}/notas/{}/eliminar", t.profile, t.note), "version=";
    "GET /ui/clientes/{client}/preferencias" PROFILE, ReadProfile => 200,
        |t| format!("/ui/clientes/{}/preferencias", t.profile);
    "POST /ui/clientes/{client}/preferencias" PROFILE, ChangeProfile => 303,
        |t| format!("/ui/clientes/{}/preferencias", t.profile), "reminderTime=BOTH&communicationPreference=SMS";
    "GET /ui/clientes/{client}/foto" PROFILE, ChangeProfile => 200, |t| format!("/ui/clientes/{}/foto", t.profile);
    "POST /ui/clientes/{client}/foto" PROFILE, ChangeProfile => 415,
        |t| format!("/ui/clientes/{}/foto", t.profile), "no=form-with-a-file";
    "POST /ui/clientes/{client}/foto/quitar" PROFILE, ChangeProfile => 412,
        |t| format!("/ui/clientes/{}/foto/quitar", t.profile), "version=";
    "GET /ui/papelera" Shape::Log, ListTrash => 200, |_| "/ui/papelera";
    "POST /ui/papelera/{id}/restaurar" Shape::Item { readable: Rule::RestoreDeleted }, RestoreDeleted => 303,
        |t| format!("/ui/papelera/{}/restaurar", t.trash), "volver=/ui/papelera";
}

pub(crate) async fn every_page_has_a_case(_: &TestServer) {
    let pages: BTreeSet<_> = PAGES.iter().map(|page| format!("{} {}", page.method, page.path)).collect();
    let cases: BTreeSet<_> = PAGE_CASES.iter().map(|case| case.route).chain([OWN]).map(str::to_owned).collect();
    assert_eq!(pages, cases);
    assert_eq!(PAGE_CASES.len() + 1, PAGES.len());
    for page in PAGES {
        let Some(case) = PAGE_CASES.iter().find(|case| case.route == format!("{} {}", page.method, page.path)) else {
            continue;
        };
        assert_eq!(page.access == Access::Public, case.shape == Shape::Public, "{}", case.route);
        assert_eq!(page.access == Access::Session, case.shape == Shape::Session, "{}", case.route);
    }
}

pub(crate) async fn every_page_answers_every_role_as_the_contract_says(server: &TestServer) {
    answers_every_role(server, &Cell::all(PAGE_CASES)).await;
}

pub(crate) async fn without_a_session_every_page_leads_to_the_sign_in(server: &TestServer) {
    invite(server).await;
    let target = Target::new(0, "t1");
    server.add(target.rows(true, true)).await;
    let before = server.module_rows().await;
    for case in PAGE_CASES.iter().filter(|case| case.shape != Shape::Public) {
        for (who, caller) in strangers(server) {
            let answer = send(case, &caller, &target).await;
            if case.method() == "GET" {
                assert!(leads_to(&answer).starts_with("/ui/entrar?ir=%2Fui"), "{} by {who}", case.route);
            } else {
                // A browser would say where the form comes from; without that, it is nobody's.
                page(&answer, if who == "nobody" { 403 } else { 401 });
            }
        }
    }
    assert!(before == server.module_rows().await, "somebody without a session changed a row");
}

async fn send(case: &Case, caller: &crate::support::Caller<'_>, target: &Target) -> crate::support::Answer {
    case.send(caller, target).await
}

pub(crate) async fn own_leads_clients_to_their_card_and_staff_to_the_list(server: &TestServer) {
    assert_eq!(leads_to(&server.user("client1").get("/ui/yo").await), "/ui/clientes/p1");
    assert_eq!(leads_to(&server.user("client1").get("/ui").await), "/ui/yo");
    assert_eq!(leads_to(&server.user("desk1").get("/ui/yo").await), "/ui/clientes");
    let page = open(&server.user("blank1"), "/ui/yo").await;
    assert!(page.contains("Todavía no tienes ficha"), "{page}");
}
