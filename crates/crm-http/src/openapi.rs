//! The OpenAPI document, generated from the handlers.

use std::collections::BTreeMap;

use crm_domain::note::NoteType;
use crm_domain::preferences::{CommunicationPreference, ReminderTime};
use crm_domain::profile::Gender;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Object, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Schema, Type};
use utoipa::{IntoResponses, Modify, OpenApi};

use crate::problem::{ErrorCode, Failure, FieldProblem, Language};
use crate::{audit, health, history, notes, photos, preferences, profiles, sign_in, trash};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "CitaPlanner CRM",
        description = "Client profiles, notes, preferences, photos and history.\n\nEvery answer is `{\"success\": true, \"data\": …}` or `{\"success\": false, \"error\", \"code\", \"fields\", \"requestId\"}`. Times are ISO 8601 in UTC. Anything of another tenant is indistinguishable from missing."
    ),
    paths(
        profiles::list,
        profiles::create,
        profiles::get_own,
        profiles::get,
        profiles::update,
        profiles::delete,
        history::get,
        notes::list,
        notes::create,
        notes::get,
        notes::update,
        notes::delete,
        preferences::get_of_profile,
        preferences::create,
        preferences::get,
        preferences::update,
        preferences::delete,
        audit::list,
        audit::activity,
        photos::get,
        photos::upload,
        photos::delete,
        trash::list,
        trash::restore,
        sign_in::get_session,
        sign_in::sign_in,
        sign_in::sign_out,
        health::live,
        health::ready,
        health::metrics,
    ),
    components(schemas(Failure, FieldProblem)),
    security(("bearer" = []), ("cookie" = [])),
    modifiers(&Security, &Completions),
)]
struct Document;

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// A string that is one of these.
fn one_of<const N: usize>(values: [&'static str; N], default: Option<&'static str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).default(default.map(Into::into)).build()
}

pub(crate) fn gender() -> Object {
    let mut gender = one_of(Gender::ALL.map(Gender::as_str), None);
    gender.schema_type = SchemaType::from_iter([Type::String, Type::Null]);
    gender.enum_values.get_or_insert_default().push(serde_json::Value::Null);
    gender
}

pub(crate) fn note_type() -> Object {
    one_of(NoteType::ALL.map(NoteType::as_str), Some(NoteType::default().as_str()))
}

pub(crate) fn communication_preference() -> Object {
    let default = CommunicationPreference::default().as_str();
    one_of(CommunicationPreference::ALL.map(CommunicationPreference::as_str), Some(default))
}

pub(crate) fn reminder_time() -> Object {
    one_of(ReminderTime::ALL.map(ReminderTime::as_str), Some(ReminderTime::default().as_str()))
}

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The web app's session token (NextAuth v4)."))
            .build();
        let cookie = ApiKeyValue::with_description(
            "next-auth.session-token",
            "The web app's session cookie; over HTTPS its name begins with `__Secure-`. Unsafe methods must come from the same origin.",
        );
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// What the derived document leaves out.
struct Completions;

impl Modify for Completions {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let items = document.paths.paths.values_mut();
        let operations = items.flat_map(|item| [&mut item.get, &mut item.put, &mut item.post, &mut item.delete]).flatten();
        for answer in operations.flat_map(|operation| operation.responses.responses.values_mut()) {
            // OpenAPI 3.1 requires a description.
            if let RefOr::T(answer) = answer
                && answer.description.is_empty()
            {
                "The answer.".clone_into(&mut answer.description);
            }
        }
        // Its fields are shared with changes, of which none is required.
        let schemas = document.components.get_or_insert_default().schemas.get_mut("CreateNoteBody");
        if let Some(RefOr::T(Schema::AllOf(note))) = schemas {
            let required = ObjectBuilder::new().required("clientProfileId").required("content").build();
            note.items.push(RefOr::T(Schema::Object(required)));
        }
    }
}

/// One documented answer per status, listing its codes.
fn failures(codes: &[ErrorCode]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<String, Vec<ErrorCode>>::new();
    for code in codes {
        by_status.entry(code.status().as_u16().to_string()).or_default().push(*code);
    }
    let answer = |codes: Vec<ErrorCode>| {
        let lines = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), Language::English.sentence(*code)));
        ResponseBuilder::new()
            .description(lines.collect::<Vec<_>>().join("\n"))
            .content("application/json", ContentBuilder::new().schema(Some(Ref::from_schema_name("Failure"))).build())
            .build()
    };
    by_status.into_iter().map(|(status, codes)| (status, RefOr::T(answer(codes)))).collect()
}

macro_rules! error_sets {
    ($($(#[$doc:meta])* $name:ident: [$($code:ident),* $(,)?];)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                failures(&[$(ErrorCode::$code),*])
            }
        }
    )*};
}

error_sets! {
    /// What a list can answer besides success.
    ReadErrors: [InvalidInput, Unauthenticated, TenantNotFound, Forbidden, InternalError, Unavailable];
    /// What a route with an id can answer besides success.
    ItemErrors: [
        Unauthenticated, Forbidden, CrossSite, ProfileNotFound, NoteNotFound, PreferencesNotFound, PhotoNotFound,
        TenantNotFound, InternalError, Unavailable,
    ];
    /// What a deletion can answer besides success.
    DeleteErrors: [
        Unauthenticated, Forbidden, CrossSite, ProfileNotFound, NoteNotFound, PreferencesNotFound, TenantNotFound,
        PreconditionFailed, PreconditionRequired, InternalError, Unavailable,
    ];
    /// What a change can answer besides success.
    WriteErrors: [
        InvalidInput, MalformedBody, Unauthenticated, Forbidden, CrossSite, ProfileNotFound, NoteNotFound,
        PreferencesNotFound, PhotoNotFound, TenantNotFound, PreconditionFailed, PreconditionRequired, BodyTooLarge,
        UnsupportedMediaType, InternalError, Unavailable,
    ];
    /// What a creation can answer besides success.
    CreateErrors: [
        InvalidInput, MalformedBody, Unauthenticated, Forbidden, CrossSite, ProfileNotFound, UserNotFound, TenantNotFound,
        ProfileExists, PreferencesExist, KeyReused, BodyTooLarge, UnsupportedMediaType, InternalError, Unavailable,
    ];
    /// What a route with parameters but no body can answer besides success.
    ParameterErrors: [
        InvalidInput, Unauthenticated, Forbidden, CrossSite, ProfileNotFound, PhotoNotFound, TenantNotFound, InternalError,
        Unavailable,
    ];
    /// What the removal of a photo can answer besides success.
    PhotoDeleteErrors: [
        InvalidInput, Unauthenticated, Forbidden, CrossSite, PhotoNotFound, TenantNotFound, PreconditionFailed,
        PreconditionRequired, InternalError, Unavailable,
    ];
    /// What an upload can answer besides success.
    UploadErrors: [
        InvalidInput, MalformedBody, Unauthenticated, Forbidden, CrossSite, UserNotFound, TenantNotFound, BodyTooLarge,
        UnsupportedMediaType, KeyReused, InternalError, Unavailable,
    ];
    /// What a restoration can answer besides success.
    RestoreErrors: [
        InvalidInput, Unauthenticated, Forbidden, CrossSite, TrashItemNotFound, ProfileNotFound, PhotoNotFound, UserNotFound,
        TenantNotFound, ProfileExists, PreferencesExist, PhotoExists, KeyReused, InternalError, Unavailable,
    ];
    /// What sign-out can answer besides success.
    SignOutErrors: [CrossSite, NotFound];
    /// What sign-in can answer besides success.
    SignInErrors: [
        InvalidInput, MalformedBody, WrongCredentials, CrossSite, NotFound, BodyTooLarge, UnsupportedMediaType,
        TooManyRequests, InternalError, Unavailable,
    ];
}
