use actix_web::http::StatusCode;

use super::Language;

/// What went wrong, for programs. A code never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is explained by its sentence, and in docs/errors.md")]
pub enum ErrorCode {
    InvalidInput,
    MalformedBody,
    Unauthenticated,
    WrongCredentials,
    Forbidden,
    CrossSite,
    NotFound,
    ProfileNotFound,
    NoteNotFound,
    PreferencesNotFound,
    PhotoNotFound,
    UserNotFound,
    TenantNotFound,
    TrashItemNotFound,
    MethodNotAllowed,
    ProfileExists,
    PreferencesExist,
    PhotoExists,
    PreconditionFailed,
    BodyTooLarge,
    UnsupportedMediaType,
    KeyReused,
    PreconditionRequired,
    TooManyRequests,
    InternalError,
    Unavailable,
}

impl ErrorCode {
    /// Every code, by status.
    pub const ALL: [Self; 26] = [
        Self::InvalidInput,
        Self::MalformedBody,
        Self::Unauthenticated,
        Self::WrongCredentials,
        Self::Forbidden,
        Self::CrossSite,
        Self::NotFound,
        Self::ProfileNotFound,
        Self::NoteNotFound,
        Self::PreferencesNotFound,
        Self::PhotoNotFound,
        Self::UserNotFound,
        Self::TenantNotFound,
        Self::TrashItemNotFound,
        Self::MethodNotAllowed,
        Self::ProfileExists,
        Self::PreferencesExist,
        Self::PhotoExists,
        Self::PreconditionFailed,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::KeyReused,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::InternalError,
        Self::Unavailable,
    ];

    /// The code as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::MalformedBody => "malformed_body",
            Self::Unauthenticated => "unauthenticated",
            Self::WrongCredentials => "wrong_credentials",
            Self::Forbidden => "forbidden",
            Self::CrossSite => "cross_site",
            Self::NotFound => "not_found",
            Self::ProfileNotFound => "profile_not_found",
            Self::NoteNotFound => "note_not_found",
            Self::PreferencesNotFound => "preferences_not_found",
            Self::PhotoNotFound => "photo_not_found",
            Self::UserNotFound => "user_not_found",
            Self::TenantNotFound => "tenant_not_found",
            Self::TrashItemNotFound => "trash_item_not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::ProfileExists => "profile_exists",
            Self::PreferencesExist => "preferences_exist",
            Self::PhotoExists => "photo_exists",
            Self::PreconditionFailed => "precondition_failed",
            Self::KeyReused => "idempotency_key_reused",
            Self::PreconditionRequired => "precondition_required",
            Self::BodyTooLarge => "body_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooManyRequests => "too_many_requests",
            Self::InternalError => "internal_error",
            Self::Unavailable => "unavailable",
        }
    }

    /// The sentence people read, in Spanish.
    pub fn spanish(self) -> &'static str {
        Language::Spanish.sentence(self)
    }

    /// The sentence people read, in English.
    pub fn english(self) -> &'static str {
        Language::English.sentence(self)
    }

    /// The status it comes with.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::InvalidInput | Self::MalformedBody => StatusCode::BAD_REQUEST,
            Self::Unauthenticated | Self::WrongCredentials => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound
            | Self::ProfileNotFound
            | Self::NoteNotFound
            | Self::PreferencesNotFound
            | Self::PhotoNotFound
            | Self::UserNotFound
            | Self::TenantNotFound
            | Self::TrashItemNotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::ProfileExists | Self::PreferencesExist | Self::PhotoExists => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}
