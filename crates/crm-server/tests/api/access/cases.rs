//! A request for every route, and what the contract says about it.

use serde_json::Value;

use super::contract::{Rule, allows};
use super::people::{Person, Relation, Target};
use crate::support::{Answer, Caller, UPLOAD};

/// How a route's answer depends on the thing it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A list: what may not be read is not in it.
    List,
    /// One thing: what may not be read does not exist.
    Item { readable: Rule },
    /// A list of what was done; what it holds is tested elsewhere.
    Log,
    /// Adds to a profile or a user, which must exist for those who may add at all.
    Addition { readable: Rule },
    /// The caller's own profile.
    Mine,
    /// Anybody with a session.
    Session,
    /// Anybody.
    Public,
}

/// A route with a request for it.
pub(crate) struct Case {
    /// Method and path, as the route table has them.
    pub(crate) route: &'static str,
    pub(crate) shape: Shape,
    /// The row of the contract that decides.
    pub(crate) rule: Rule,
    /// The status of success.
    pub(crate) success: u16,
    /// Path and fields; the fields of a page's form as one text.
    pub(crate) request: fn(&Target) -> (String, Option<Value>),
}

impl Case {
    pub(crate) fn method(&self) -> &'static str {
        self.route.split_once(' ').unwrap().0
    }

    /// Whether its body is a form with a file.
    pub(crate) fn takes_a_file(&self) -> bool {
        self.route == "POST /api/clients/upload-photo"
    }

    /// Sends the request.
    pub(crate) async fn send(&self, caller: &Caller<'_>, target: &Target) -> Answer {
        match (self.request)(target) {
            (path, Some(Value::String(form))) => {
                caller.send_raw(self.method(), &path, Some("application/x-www-form-urlencoded"), form.into_bytes()).await
            }
            (path, fields) => caller.send_fields(self.method(), &path, fields).await,
        }
    }

    /// Whether the request is to make the profile, or the preferences, so that they must not be there.
    pub(crate) fn has_profile(&self) -> bool {
        !["POST /api/clients/profiles", "POST /ui/clientes/nuevo/{user}"].contains(&self.route)
    }

    pub(crate) fn has_preferences(&self) -> bool {
        !["POST /api/clients/preferences", "POST /ui/clientes/{client}/preferencias"].contains(&self.route)
    }

    /// The status that the contract demands.
    pub(crate) fn expected(&self, person: Person, relation: Relation) -> u16 {
        let role = person.role();
        let (is_own, in_tenant) = match relation {
            Relation::Own => (true, true),
            Relation::SameTenant => (false, true),
            Relation::OtherTenant | Relation::Missing => (false, false),
        };
        let reaches = |readable: Rule| match readable {
            // Somebody else wrote these notes, whoever's profile they are on.
            Rule::ReadPlainNote => in_tenant && allows(readable, role, false),
            _ => in_tenant && allows(readable, role, is_own),
        };
        let is_note = matches!(self.rule, Rule::ChangeNote | Rule::ReadPlainNote);
        let may = allows(self.rule, role, is_own && !is_note);
        let never = !allows(self.rule, role, true);
        match self.shape {
            Shape::Addition { .. } if never => 403,
            Shape::Item { readable } | Shape::Addition { readable } if !reaches(readable) => 404,
            Shape::List | Shape::Log | Shape::Item { .. } | Shape::Addition { .. } if may => self.success,
            Shape::List | Shape::Log | Shape::Item { .. } | Shape::Addition { .. } => 403,
            // Staff of these tests have no profile of their own; nor has the client record of the portal account.
            Shape::Mine => match (person, relation) {
                (Person::User(crm_domain::access::Role::Client), _) | (Person::Portal, Relation::Own) => 200,
                _ => 404,
            },
            Shape::Session | Shape::Public => self.success,
        }
    }
}

pub(crate) const PROFILE: Shape = Shape::Item { readable: Rule::ReadProfile };
pub(crate) const NOTE: Shape = Shape::Item { readable: Rule::ReadPlainNote };
pub(crate) const ADDITION: Shape = Shape::Addition { readable: Rule::ReadProfile };

macro_rules! cases {
    ($name:ident: $($route:literal $shape:expr, $rule:ident => $success:literal, |$target:pat_param| $path:expr $(, $body:tt)?;)*) => {
        /// A case for every one of these.
        pub(crate) const $name: &[Case] = &[$(Case {
            route: $route,
            shape: $shape,
            rule: Rule::$rule,
            success: $success,
            request: |$target| (($path).to_string(), $crate::access::cases::cases!(@body $($body)?)),
        },)*];
    };
    (@body) => { None };
    (@body $body:tt) => { Some(serde_json::json!($body)) };
}

pub(crate) use cases;

cases! {
    CASES:
    "GET /api/clients/profiles" Shape::List, ListProfiles => 200,
        |t| format!("/api/clients/profiles?userId={}", t.user);
    "POST /api/clients/profiles" ADDITION, CreateProfile => 201,
        |t| "/api/clients/profiles", { "userId": t.user, "city": "Taxco" };
    "GET /api/clients/profiles/me" Shape::Mine, ReadProfile => 200,
        |_| "/api/clients/profiles/me";
    "GET /api/clients/profiles/{id}" PROFILE, ReadProfile => 200,
        |t| format!("/api/clients/profiles/{}", t.profile);
    "PUT /api/clients/profiles/{id}" PROFILE, ChangeProfile => 200,
        |t| format!("/api/clients/profiles/{}", t.profile), { "city": "Taxco" };
    "DELETE /api/clients/profiles/{id}" PROFILE, DeleteProfile => 200,
        |t| format!("/api/clients/profiles/{}", t.profile);
    "GET /api/clients/profiles/{id}/history" PROFILE, ReadProfile => 200,
        |t| format!("/api/clients/profiles/{}/history", t.profile);
    "GET /api/clients/profiles/{id}/activity" PROFILE, ReadActivity => 200,
        |t| format!("/api/clients/profiles/{}/activity", t.profile);
    "GET /api/clients/audit" Shape::Log, ReadAuditLog => 200,
        |t| format!("/api/clients/audit?clientProfileId={}", t.profile);
    "GET /api/clients/notes" Shape::List, ListNotes => 200,
        |t| format!("/api/clients/notes?clientProfileId={}", t.profile);
    "POST /api/clients/notes" ADDITION, CreateNote => 201,
        |t| "/api/clients/notes", { "clientProfileId": t.profile, "content": "Llamar" };
    "GET /api/clients/notes/{id}" NOTE, ReadPlainNote => 200,
        |t| format!("/api/clients/notes/{}", t.note);
    "PUT /api/clients/notes/{id}" NOTE, ChangeNote => 200,
        |t| format!("/api/clients/notes/{}", t.note), { "content": "Otra cosa" };
    "DELETE /api/clients/notes/{id}" NOTE, ChangeNote => 200,
        |t| format!("/api/clients/notes/{}", t.note);
    "GET /api/clients/preferences" PROFILE, ReadProfile => 200,
        |t| format!("/api/clients/preferences?clientProfileId={}", t.profile);
    "POST /api/clients/preferences" ADDITION, ChangeProfile => 201,
        |t| "/api/clients/preferences", { "clientProfileId": t.profile, "reminderTime": "BOTH" };
    "GET /api/clients/preferences/{id}" PROFILE, ReadProfile => 200,
        |t| format!("/api/clients/preferences/{}", t.preferences);
    "PUT /api/clients/preferences/{id}" PROFILE, ChangeProfile => 200,
        |t| format!("/api/clients/preferences/{}", t.preferences), { "reminderTime": "BOTH" };
    "DELETE /api/clients/preferences/{id}" PROFILE, DeleteProfile => 200,
        |t| format!("/api/clients/preferences/{}", t.preferences);
    "GET /api/clients/photos/{userId}/{name}" PROFILE, ReadProfile => 200,
        |t| t.photo_url();
    "POST /api/clients/upload-photo" PROFILE, ChangeProfile => 200,
        |t| UPLOAD, { "userId": t.user };
    "DELETE /api/clients/upload-photo" PROFILE, ChangeProfile => 200,
        |t| format!("/api/clients/upload-photo?userId={}", t.user);
    "GET /api/clients/trash" Shape::Log, ListTrash => 200,
        |_| "/api/clients/trash";
    "POST /api/clients/trash/{id}/restore" Shape::Item { readable: Rule::RestoreDeleted }, RestoreDeleted => 200,
        |t| format!("/api/clients/trash/{}/restore", t.trash);
    "GET /api/clients/session" Shape::Session, ReadProfile => 200, |_| "/api/clients/session";
    "GET /" Shape::Public, ReadProfile => 303, |_| "/";
    "GET /sign-in" Shape::Public, ReadProfile => 303, |_| "/sign-in";
    "POST /sign-in" Shape::Public, ReadProfile => 400, |_| "/sign-in", { "email": "nadie@ejemplo.mx" };
    "POST /sign-out" Shape::Public, ReadProfile => 303, |_| "/sign-out";
    "GET /health/live" Shape::Public, ReadProfile => 200, |_| "/health/live";
    "GET /health/ready" Shape::Public, ReadProfile => 200, |_| "/health/ready";
    "GET /metrics" Shape::Public, ReadProfile => 200, |_| "/metrics";
}
