//! Every page, in one table. The router is built from it; tests open each as everybody.

use std::future::ready;

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, QueryConfig, ServiceConfig};
use actix_web::{HttpResponse, Route, guard};
use crm_domain::access::Action;
use crm_http::problem::{ErrorCode, Problem};
use crm_http::routes::Access;

use crate::{
    activity, assets, card, clients, failure, history, notes, photo, preferences, profile, settings, sign_in, trash,
};

/// Where the pages begin.
pub(crate) const START: &str = crm_http::sign_in::PAGES;

/// A page, or a form of one.
#[derive(Clone, Copy)]
pub struct PageRoute {
    /// Its method.
    pub method: &'static str,
    /// Its path. `{id}` names what it is about, `{client}` the profile that belongs to.
    pub path: &'static str,
    /// Who may open or send it.
    pub access: Access,
    handler: fn() -> Route,
}

macro_rules! pages {
    ($($method:literal $path:literal => $handler:path, $access:expr;)*) => {
        /// Every page.
        pub const PAGES: &[PageRoute] = &[$(
            PageRoute { method: $method, path: $path, access: $access, handler: || web::route().to($handler) },
        )*];
    };
}

pages! {
    "GET" "/ui" => clients::start, Access::Session;
    "GET" "/ui/entrar" => sign_in::page, Access::Public;
    "POST" "/ui/entrar" => sign_in::sign_in, Access::Public;
    "POST" "/ui/salir" => sign_in::sign_out, Access::Public;
    "POST" "/ui/ajustes" => settings::change, Access::Public;
    "GET" "/ui/a/{name}" => assets::get, Access::Public;
    "GET" "/ui/yo" => card::own, Access::Session;
    "GET" "/ui/clientes" => clients::list, Access::Action(Action::ListProfiles);
    "GET" "/ui/buscar" => clients::search, Access::Action(Action::ListProfiles);
    "GET" "/ui/clientes/nuevo" => profile::choose_person, Access::Action(Action::CreateProfile);
    "GET" "/ui/clientes/nuevo/{user}" => profile::new, Access::Action(Action::CreateProfile);
    "POST" "/ui/clientes/nuevo/{user}" => profile::create, Access::Action(Action::CreateProfile);
    "GET" "/ui/clientes/{id}" => card::summary, Access::Action(Action::ReadProfile);
    "GET" "/ui/clientes/{id}/imprimir" => card::print, Access::Action(Action::ReadProfile);
    "GET" "/ui/clientes/{id}/editar" => profile::edit, Access::Action(Action::UpdateProfile);
    "POST" "/ui/clientes/{id}/editar" => profile::update, Access::Action(Action::UpdateProfile);
    "POST" "/ui/clientes/{id}/eliminar" => profile::delete, Access::Action(Action::DeleteProfile);
    "GET" "/ui/clientes/{id}/historial" => history::page, Access::Action(Action::ReadHistory);
    "GET" "/ui/clientes/{id}/historial.csv" => history::csv, Access::Action(Action::ReadHistory);
    "GET" "/ui/clientes/{id}/actividad" => activity::page, Access::Action(Action::ReadActivity);
    "GET" "/ui/clientes/{client}/notas" => notes::list, Access::Action(Action::ListNotes);
    "POST" "/ui/clientes/{client}/notas" => notes::create, Access::Action(Action::CreateNote);
    "GET" "/ui/clientes/{client}/notas/{id}/editar" => notes::edit, Access::Action(Action::UpdateNote);
    "POST" "/ui/clientes/{client}/notas/{id}/editar" => notes::update, Access::Action(Action::UpdateNote);
    "POST" "/ui/clientes/{client}/notas/{id}/eliminar" => notes::delete, Access::Action(Action::DeleteNote);
    "GET" "/ui/clientes/{client}/preferencias" => preferences::page, Access::Action(Action::ReadPreferences);
    "POST" "/ui/clientes/{client}/preferencias" => preferences::save, Access::Action(Action::UpdatePreferences);
    "GET" "/ui/clientes/{client}/foto" => photo::page, Access::Action(Action::ChangePhoto);
    "POST" "/ui/clientes/{client}/foto" => photo::upload, Access::Action(Action::ChangePhoto);
    "POST" "/ui/clientes/{client}/foto/quitar" => photo::remove, Access::Action(Action::ChangePhoto);
    "GET" "/ui/papelera" => trash::list, Access::Action(Action::RestoreDeleted);
    "POST" "/ui/papelera/{id}/restaurar" => trash::restore, Access::Action(Action::RestoreDeleted);
}

/// Whether a path has a page, not only a form.
pub(crate) fn has_page(path: &str) -> bool {
    PAGES.iter().any(|page| page.path == path && page.method == "GET")
}

/// Adds every page, and an error page for what is none.
pub fn configure(config: &mut ServiceConfig) {
    let mut paths: Vec<&str> = Vec::new();
    for page in PAGES {
        if !paths.contains(&page.path) {
            paths.push(page.path);
        }
    }
    for path in paths {
        let pages: Vec<_> = PAGES.iter().filter(|page| page.path == path).collect();
        let methods: Vec<_> = pages.iter().map(|page| page.method).collect();
        let allow = methods.join(", ").replace("GET", "GET, HEAD");
        let resource = pages.iter().fold(web::resource(path), |resource, page| resource.route(route(page)));
        let resource = resource
            .default_service(web::to(move || ready(Err::<HttpResponse, _>(Problem::method_not_allowed(allow.clone())))));
        let unreadable = QueryConfig::default().error_handler(|_, _| Problem::new(ErrorCode::InvalidInput).into());
        config.service(resource.app_data(unreadable).wrap(from_fn(failure::in_words)));
    }
    config.service(web::redirect("/ui/", START));
    let nothing = web::to(|| ready(Err::<HttpResponse, Problem>(ErrorCode::NotFound.into())));
    config.service(web::resource("/ui/{nothing:.*}").default_service(nothing).wrap(from_fn(failure::in_words)));
}

fn route(page: &PageRoute) -> Route {
    let route = (page.handler)();
    match page.method {
        "GET" => route.guard(guard::Any(guard::Get()).or(guard::Head())),
        other => route.method(Method::from_bytes(other.as_bytes()).unwrap_or_default()),
    }
}
