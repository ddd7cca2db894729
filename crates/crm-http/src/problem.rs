//! Every answer that is not a success. The only place where an error becomes a status, a code and a sentence.

mod code;
mod language;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, EntityTag, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use crm_domain::access::Action;
use crm_domain::error::{BoxError, CrmError, Current, Resource, Stale, UniqueRule};
use crm_domain::photo::PhotoRejection;
use crm_domain::validation::Violations;
use crm_domain::version::Version;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::conditional::tag_of;
use crate::notes::NoteWithProfileJson;
use crate::preferences::PreferencesJson;
use crate::profiles::ProfileSummaryJson;

pub use code::ErrorCode;
pub use language::Language;

/// An error answer before it is written.
#[derive(Debug)]
pub struct Problem {
    code: ErrorCode,
    violations: Violations,
    retry_after: Option<u64>,
    allow: Option<String>,
    cause: Option<BoxError>,
    denied: Option<Action>,
    stale: Option<Box<StaleAnswer>>,
}

/// What the caller did not see.
#[derive(Debug)]
struct StaleAnswer {
    current: Value,
    differing: Vec<&'static str>,
    tag: EntityTag,
}

/// Seconds after which a caller may try again when a dependency is down.
const RETRY_AFTER: u64 = 2;

impl Problem {
    /// A problem with nothing more to say than its code.
    pub fn new(code: ErrorCode) -> Self {
        let retry_after = (code == ErrorCode::Unavailable).then_some(RETRY_AFTER);
        Self { code, violations: Violations::new(), retry_after, allow: None, cause: None, denied: None, stale: None }
    }

    /// Too many requests; more are welcome after this many seconds.
    pub(crate) fn too_many(seconds: u64) -> Self {
        Self { retry_after: Some(seconds.max(1)), ..Self::new(ErrorCode::TooManyRequests) }
    }

    /// The path exists, but not with this method.
    pub fn method_not_allowed(allow: String) -> Self {
        Self { allow: Some(allow), ..Self::new(ErrorCode::MethodNotAllowed) }
    }

    /// The code callers can rely on.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// Seconds after which the caller may try again.
    pub fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    /// The methods that the path has, if it was another one that is wrong.
    pub fn allow(&self) -> Option<&str> {
        self.allow.as_deref()
    }

    /// What went wrong inside, for the log alone.
    pub(crate) fn cause(&self) -> Option<&BoxError> {
        self.cause.as_ref()
    }

    /// What the caller tried and may not do, for the audit log.
    pub(crate) fn denied(&self) -> Option<Action> {
        self.denied
    }

    /// The answer, in a language, naming the request.
    pub(crate) fn answer(&self, language: Language, request_id: Option<String>) -> HttpResponse {
        let fields = self
            .violations
            .iter()
            .map(|violation| FieldProblem { field: violation.field.clone(), message: language.reason(&violation.reason) });
        let body = Failure {
            success: false,
            error: language.sentence(self.code).to_owned(),
            code: self.code.as_str(),
            fields: fields.collect(),
            current: self.stale.as_ref().map(|stale| stale.current.clone()),
            differing: self.stale.as_ref().map(|stale| stale.differing.clone()),
            request_id,
        };
        let mut answer = HttpResponse::build(self.code.status());
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(stale) = &self.stale {
            answer.insert_header((header::ETAG, stale.tag.clone()));
        }
        if let Some(allow) = &self.allow {
            answer.insert_header((header::ALLOW, allow.as_str()));
        }
        if self.code == ErrorCode::Unauthenticated {
            answer.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        answer.insert_header((header::CONTENT_LANGUAGE, language.tag())).insert_header((header::VARY, "Accept-Language"));
        answer.json(body)
    }
}

/// The body of every error answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    /// Always `false`.
    success: bool,
    /// One sentence for people, in Spanish or, if the caller prefers it, in English.
    error: String,
    /// A code for programs; `docs/errors.md` lists them all.
    #[schema(example = "invalid_input")]
    code: &'static str,
    /// What is wrong with each field, all at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldProblem>,
    /// The thing as it is now, if the caller saw another version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    current: Option<Value>,
    /// Its fields that differ from what the caller saw; in a merge, those that both changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    differing: Option<Vec<&'static str>>,
    /// Names this request in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// The field as the caller named it.
    field: String,
    /// What is wrong, for people.
    message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.answer(Language::default(), None)
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<Violations> for Problem {
    fn from(violations: Violations) -> Self {
        Self { violations, ..Self::new(ErrorCode::InvalidInput) }
    }
}

impl From<PhotoRejection> for Problem {
    fn from(rejection: PhotoRejection) -> Self {
        let code = match rejection {
            PhotoRejection::NotAPhoto => ErrorCode::UnsupportedMediaType,
            PhotoRejection::TooManyBytes => ErrorCode::BodyTooLarge,
            PhotoRejection::TooManyPixels | PhotoRejection::Unreadable => ErrorCode::InvalidInput,
        };
        Self { violations: Violations::one("file", rejection.reason()), ..Self::new(code) }
    }
}

impl From<CrmError> for Problem {
    fn from(error: CrmError) -> Self {
        match error {
            CrmError::NotFound(resource) => Self::new(not_found(resource)),
            CrmError::Denied(tried) => Self { denied: Some(tried), ..Self::new(ErrorCode::Forbidden) },
            CrmError::Invalid(violations) => violations.into(),
            CrmError::Rejected(rejection) => rejection.into(),
            CrmError::Conflict(rule) => Self::new(conflict(rule)),
            CrmError::Stale(stale) => (*stale).into(),
            CrmError::Unavailable(cause) => Self { cause: Some(cause), ..Self::new(ErrorCode::Unavailable) },
            CrmError::Internal(cause) => Self { cause: Some(cause), ..Self::new(ErrorCode::InternalError) },
        }
    }
}

impl From<Stale> for Problem {
    fn from(Stale { differing, current }: Stale) -> Self {
        let (version, current) = match current {
            Current::Profile(summary, reader) => {
                (Version::of(&summary.profile), serde_json::to_value(ProfileSummaryJson::of(summary, reader)))
            }
            Current::Note(view) => (Version::of(&view.note), serde_json::to_value(NoteWithProfileJson::from(view))),
            Current::Preferences(preferences) => {
                (Version::of(&preferences), serde_json::to_value(PreferencesJson::from(preferences)))
            }
        };
        let current = current.unwrap_or_default();
        let tag = tag_of(&version, &current);
        let stale = Box::new(StaleAnswer { current, differing, tag });
        Self { stale: Some(stale), ..Self::new(ErrorCode::PreconditionFailed) }
    }
}

fn not_found(resource: Resource) -> ErrorCode {
    match resource {
        Resource::Profile => ErrorCode::ProfileNotFound,
        Resource::Note => ErrorCode::NoteNotFound,
        Resource::Preferences => ErrorCode::PreferencesNotFound,
        Resource::Photo => ErrorCode::PhotoNotFound,
        Resource::User => ErrorCode::UserNotFound,
        Resource::Tenant => ErrorCode::TenantNotFound,
        Resource::Trash => ErrorCode::TrashItemNotFound,
    }
}

fn conflict(rule: UniqueRule) -> ErrorCode {
    match rule {
        UniqueRule::ProfilePerUser => ErrorCode::ProfileExists,
        UniqueRule::PreferencesPerProfile => ErrorCode::PreferencesExist,
        UniqueRule::PhotoPerProfile => ErrorCode::PhotoExists,
        UniqueRule::Request => ErrorCode::KeyReused,
    }
}
