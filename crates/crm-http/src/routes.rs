//! Every route, in one table. The router is built from it; tests hold it against the OpenAPI document and the
//! permission matrix, so a route that is missing in either fails them.

use std::future::ready;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Route, guard};
use utoipa_swagger_ui::SwaggerUi;

use crate::problem::{ErrorCode, Problem};
use crate::{audit, health, history, notes, openapi, photos, preferences, profiles, sign_in, trash};
use crm_domain::access::Action;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody with a session.
    Session,
    /// Whoever may do this, as `crm_domain::access::policy` says.
    Action(Action),
}

/// A route.
#[derive(Clone, Copy)]
pub struct Endpoint {
    /// Its method.
    pub method: &'static str,
    /// Its path, as OpenAPI writes it.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    handler: fn() -> Route,
}

macro_rules! endpoints {
    ($($method:literal $path:literal => $handler:path, $access:expr;)*) => {
        /// Every route of the API.
        pub const ENDPOINTS: &[Endpoint] = &[$(
            Endpoint { method: $method, path: $path, access: $access, handler: || web::route().to($handler) },
        )*];
    };
}

endpoints! {
    "GET" "/api/clients/profiles" => profiles::list, Access::Action(Action::ListProfiles);
    "POST" "/api/clients/profiles" => profiles::create, Access::Action(Action::CreateProfile);
    "GET" "/api/clients/profiles/me" => profiles::get_own, Access::Action(Action::ReadProfile);
    "GET" "/api/clients/profiles/{id}" => profiles::get, Access::Action(Action::ReadProfile);
    "PUT" "/api/clients/profiles/{id}" => profiles::update, Access::Action(Action::UpdateProfile);
    "DELETE" "/api/clients/profiles/{id}" => profiles::delete, Access::Action(Action::DeleteProfile);
    "GET" "/api/clients/profiles/{id}/history" => history::get, Access::Action(Action::ReadHistory);
    "GET" "/api/clients/profiles/{id}/activity" => audit::activity, Access::Action(Action::ReadActivity);
    "GET" "/api/clients/audit" => audit::list, Access::Action(Action::ReadAuditLog);
    "GET" "/api/clients/notes" => notes::list, Access::Action(Action::ListNotes);
    "POST" "/api/clients/notes" => notes::create, Access::Action(Action::CreateNote);
    "GET" "/api/clients/notes/{id}" => notes::get, Access::Action(Action::ListNotes);
    "PUT" "/api/clients/notes/{id}" => notes::update, Access::Action(Action::UpdateNote);
    "DELETE" "/api/clients/notes/{id}" => notes::delete, Access::Action(Action::DeleteNote);
    "GET" "/api/clients/preferences" => preferences::get_of_profile, Access::Action(Action::ReadPreferences);
    "POST" "/api/clients/preferences" => preferences::create, Access::Action(Action::CreatePreferences);
    "GET" "/api/clients/preferences/{id}" => preferences::get, Access::Action(Action::ReadPreferences);
    "PUT" "/api/clients/preferences/{id}" => preferences::update, Access::Action(Action::UpdatePreferences);
    "DELETE" "/api/clients/preferences/{id}" => preferences::delete, Access::Action(Action::DeletePreferences);
    "GET" "/api/clients/photos/{userId}/{name}" => photos::get, Access::Action(Action::ReadPhoto);
    "POST" "/api/clients/upload-photo" => photos::upload, Access::Action(Action::ChangePhoto);
    "DELETE" "/api/clients/upload-photo" => photos::delete, Access::Action(Action::ChangePhoto);
    "GET" "/api/clients/trash" => trash::list, Access::Action(Action::RestoreDeleted);
    "POST" "/api/clients/trash/{id}/restore" => trash::restore, Access::Action(Action::RestoreDeleted);
    "GET" "/api/clients/session" => sign_in::get_session, Access::Session;
    "GET" "/" => sign_in::home, Access::Public;
    "GET" "/sign-in" => sign_in::page, Access::Public;
    "POST" "/sign-in" => sign_in::sign_in, Access::Public;
    "POST" "/sign-out" => sign_in::sign_out, Access::Public;
    "GET" "/health/live" => health::live, Access::Public;
    "GET" "/health/ready" => health::ready, Access::Public;
    "GET" "/metrics" => health::metrics, Access::Public;
}

/// Adds every route, the documentation, and answers for what is neither.
pub fn configure(config: &mut ServiceConfig) {
    let mut paths: Vec<&str> = Vec::new();
    for endpoint in ENDPOINTS {
        if !paths.contains(&endpoint.path) {
            paths.push(endpoint.path);
        }
    }
    for path in paths {
        let endpoints: Vec<_> = ENDPOINTS.iter().filter(|endpoint| endpoint.path == path).collect();
        let methods: Vec<_> = endpoints.iter().map(|endpoint| endpoint.method).collect();
        let allow = methods.join(", ").replace("GET", "GET, HEAD");
        let resource = endpoints.iter().fold(web::resource(path), |resource, endpoint| resource.route(route(endpoint)));
        config
            .service(resource.default_service(web::to(move || {
                ready(Err::<HttpResponse, _>(Problem::method_not_allowed(allow.clone())))
            })));
    }
    // Adds /api/openapi.json as well; the page and all it needs come from the binary.
    config.service(SwaggerUi::new("/api/docs/{_:.*}").url("/api/openapi.json", openapi::document()));
    config.service(web::redirect("/api/docs", "/api/docs/"));
    config.default_service(web::to(|| ready(Err::<HttpResponse, Problem>(ErrorCode::NotFound.into()))));
}

fn route(endpoint: &Endpoint) -> Route {
    let route = (endpoint.handler)();
    match endpoint.method {
        // What can be read can be asked for its headers.
        "GET" => route.guard(guard::Any(guard::Get()).or(guard::Head())),
        other => route.method(Method::from_bytes(other.as_bytes()).unwrap_or_default()),
    }
}
