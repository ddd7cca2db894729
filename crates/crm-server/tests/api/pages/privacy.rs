//! What pages keep to themselves.

use crm_domain::access::Role;
use crm_domain::testing::rows;

use super::support::{open, send};
use crate::access::contract::NoteKind;
use crate::access::people::Person;
use crate::support::{Caller, TestServer};

/// Every page about a client that a note could be on.
const ABOUT_CLIENT: [&str; 7] = [
    "",
    "/notas",
    "/imprimir?seccion=notas&seccion=medicas&seccion=datos&seccion=historial&seccion=preferencias",
    "/historial",
    "/preferencias",
    "/foto",
    "/editar",
];

fn marker(kind: NoteKind) -> String {
    format!("marca-{}-{}-{}-fin", kind.note_type.as_str(), kind.is_private, kind.is_own)
}

/// What every page that somebody can open says.
async fn everything(caller: &Caller<'_>, role: Role, profile: &str) -> Vec<(String, String)> {
    let mut paths: Vec<_> = ABOUT_CLIENT.iter().map(|tab| format!("/ui/clientes/{profile}{tab}")).collect();
    paths.retain(|path| role != Role::Client || !path.ends_with("/notas"));
    if role != Role::Client {
        paths.extend(
            ["/ui/clientes", "/ui/buscar?q=ejemplo", "/ui/clientes/nuevo", "/ui/clientes/nuevo?de=agenda", "/ui/papelera"]
                .map(str::to_owned),
        );
    }
    if matches!(role, Role::SuperAdmin | Role::Admin | Role::Manager) {
        paths.push(format!("/ui/clientes/{profile}/actividad"));
    }
    let mut pages = Vec::new();
    for path in paths {
        let page = open(caller, &path).await;
        pages.push((path, page));
    }
    pages
}

pub(crate) async fn a_note_is_on_no_page_of_those_who_may_not_read_it(server: &TestServer) {
    for role in Role::ALL {
        let person = Person::User(role);
        let profile =
            if role == Role::Client { "p1".to_owned() } else { format!("profile-{}", role.as_str().to_lowercase()) };
        if role != Role::Client {
            let user = format!("user-{}", role.as_str().to_lowercase());
            server.add([rows::user(&user), rows::profile(&profile, &user)]).await;
        }
        let kinds: Vec<_> = NoteKind::all().collect();
        for kind in &kinds {
            let author = if kind.is_own { person.subject() } else { "author1" };
            let note = rows::note(&format!("n{}-{}", role.as_str(), marker(*kind)), &profile)
                .with("createdByUserId", author)
                .with("noteType", kind.note_type.as_str())
                .with("isPrivate", kind.is_private)
                .with("content", marker(*kind).as_str());
            server.add([note]).await;
        }

        let caller = person.caller(server);
        let readable = kinds.iter().filter(|kind| kind.is_readable(role)).count();
        for (path, page) in everything(&caller, role, &profile).await {
            for kind in &kinds {
                let is_there = page.contains(&marker(*kind));
                assert!(!is_there || kind.is_readable(role), "{role} sees {kind:?} on {path}");
                if path.ends_with("/notas") {
                    assert_eq!(is_there, kind.is_readable(role), "{role}, {kind:?} on {path}");
                }
            }
            if role != Role::Client
                && path.starts_with(&format!("/ui/clientes/{profile}"))
                && path.contains("class=\"tabs\"")
            {
                assert!(page.contains(&format!("<span class=\"count\">({readable})</span>")), "{role} on {path}: {page}");
            }
        }
    }
}

pub(crate) async fn nothing_of_another_tenant_is_on_any_page(server: &TestServer) {
    const SECRET: &str = "secreto-del-otro";
    server.execute(&format!("UPDATE users SET \"firstName\" = '{SECRET}' WHERE \"tenantId\" = 't2'")).await;
    server.execute(&format!("UPDATE services SET name = '{SECRET}' WHERE \"tenantId\" = 't2'")).await;
    server.execute(&format!("UPDATE tenants SET name = '{SECRET}' WHERE id = 't2'")).await;
    server
        .execute(&format!(
            "UPDATE client_profiles SET \"firstName\" = '{SECRET}', city = '{SECRET}' WHERE id IN ('p2', 'o2')"
        ))
        .await;
    server
        .add([
            rows::client("agenda2").with("tenantId", "t2").with("firstName", SECRET),
            rows::note("n2", "p2").with("createdByUserId", "author2").with("content", SECRET),
        ])
        .await;
    for role in Role::ALL {
        let caller = Person::User(role).caller(server);
        for (path, page) in everything(&caller, role, "p1").await {
            assert!(!page.contains(SECRET), "{role} on {path}");
        }
    }
    // The same pages do show one's own.
    let other = server.user("admin2");
    assert!(open(&other, "/ui/clientes/p2").await.contains(SECRET));
    assert!(open(&other, "/ui/clientes/nuevo?de=agenda").await.contains(SECRET));
}

pub(crate) async fn a_client_sees_no_trace_of_the_staff_field(server: &TestServer) {
    for (_, page) in everything(&server.user("client1"), Role::Client, "p1").await {
        assert!(!page.contains("solo personal") && !page.contains("name=\"notes\""), "{page}");
    }
    assert!(open(&server.user("desk1"), "/ui/clientes/p1").await.contains("solo personal"));
    let edit = open(&server.user("client1"), "/ui/clientes/p1/editar").await;
    let version = super::support::value_of(&edit, "version");
    send(&server.user("client1"), "/ui/clientes/p1/editar", &[("version", &version), ("notes", "mías"), ("city", "Taxco")])
        .await;
    let kept = server.select_text("SELECT notes FROM client_profiles WHERE id = 'p1'").await;
    assert_eq!(kept.as_deref(), Some("solo personal"));
    let city = server.select_text("SELECT city FROM client_profiles WHERE id = 'p1'").await;
    assert_eq!(city.as_deref(), Some("Taxco"));
}

pub(crate) async fn what_a_role_may_not_do_is_not_offered(server: &TestServer) {
    for (role, offered, absent) in [
        (Role::Admin, &["/eliminar", "/actividad", "/notas", "/editar"][..], &[][..]),
        (Role::Manager, &["/eliminar", "/actividad", "/notas", "/editar"], &[]),
        (Role::Professional, &["/notas", "/editar"], &["/eliminar", "/actividad"]),
        (Role::Receptionist, &["/notas", "/editar"], &["/eliminar", "/actividad"]),
        (Role::Client, &["/editar", "/foto"], &["/eliminar", "/actividad", "/notas", "/ui/papelera", "/ui/buscar"]),
    ] {
        let page = open(&Person::User(role).caller(server), "/ui/clientes/p1").await;
        for place in offered {
            assert!(page.contains(place), "{role} is not offered {place}");
        }
        for place in absent {
            assert!(!page.contains(place), "{role} is offered {place}");
        }
    }
}
