use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use crm_domain::validation::{Expectation, Reason};

use super::ErrorCode;

/// The language of sentences in error answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Mexican Spanish, what the people who read these sentences speak.
    #[default]
    Spanish,
    /// English, for callers that ask for it.
    English,
}

impl Language {
    /// The first of the caller's languages that we speak.
    pub fn of(headers: &HeaderMap) -> Self {
        let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let spoken = wanted.split(',').filter_map(|entry| {
            let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            let language = match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
                "es" => Self::Spanish,
                "en" => Self::English,
                _ => return None,
            };
            let weight = parameters.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok()).unwrap_or(1.0);
            (weight > 0.0).then_some((language, weight))
        });
        // Of equal ones the first; `max_by` would take the last.
        spoken
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(language, _)| language)
            .unwrap_or_default()
    }

    /// Its name in HTML and HTTP.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Spanish => "es-MX",
            Self::English => "en",
        }
    }

    /// What people read of an error.
    pub fn sentence(self, code: ErrorCode) -> &'static str {
        let (spanish, english) = sentences(code);
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }

    pub(crate) fn reason(self, reason: &Reason) -> String {
        match self {
            Self::Spanish => spanish_reason(reason),
            Self::English => reason.to_string(),
        }
    }
}

fn sentences(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::InvalidInput => ("Revisa los datos marcados.", "Please check the fields listed."),
        ErrorCode::MalformedBody => ("No pudimos leer el cuerpo de la petición.", "The request body can't be read."),
        ErrorCode::Unauthenticated => ("Inicia sesión para continuar.", "Sign in to continue."),
        ErrorCode::WrongCredentials => {
            ("El correo o la contraseña no son correctos.", "The e-mail address or the password is wrong.")
        }
        ErrorCode::Forbidden => ("No tienes permiso para hacer esto.", "You are not allowed to do this."),
        ErrorCode::CrossSite => {
            ("La petición no viene de esta aplicación.", "The request does not come from this application.")
        }
        ErrorCode::NotFound => ("La dirección no existe.", "There is nothing at this address."),
        ErrorCode::ProfileNotFound => ("No encontramos ese perfil.", "There is no such profile."),
        ErrorCode::NoteNotFound => ("No encontramos esa nota.", "There is no such note."),
        ErrorCode::PreferencesNotFound => ("No encontramos esas preferencias.", "There are no such preferences."),
        ErrorCode::PhotoNotFound => ("No encontramos esa foto.", "There is no such photo."),
        ErrorCode::UserNotFound => ("No encontramos a ese usuario.", "There is no such user."),
        ErrorCode::TenantNotFound => ("No encontramos ese negocio.", "There is no such business."),
        ErrorCode::TrashItemNotFound => ("No encontramos eso en la papelera.", "There is no such thing in the trash."),
        ErrorCode::MethodNotAllowed => {
            ("Esa operación no existe en esta dirección.", "This address does not support that method.")
        }
        ErrorCode::ProfileExists => ("Ese usuario ya tiene un perfil.", "That user already has a profile."),
        ErrorCode::PreferencesExist => ("Ese perfil ya tiene preferencias.", "That profile already has preferences."),
        ErrorCode::PhotoExists => ("Ese perfil ya tiene una foto.", "That profile already has a photo."),
        ErrorCode::PreconditionFailed => (
            "Alguien lo cambió mientras tanto. Revisa la versión actual.",
            "Somebody changed it meanwhile. Please look at the current version.",
        ),
        ErrorCode::KeyReused => (
            "Esa clave ya se usó para otra petición (Idempotency-Key).",
            "That key was used for another request (Idempotency-Key).",
        ),
        ErrorCode::PreconditionRequired => {
            ("Falta decir qué versión viste (If-Match).", "Say which version you saw (If-Match).")
        }
        ErrorCode::BodyTooLarge => ("La petición es demasiado grande.", "The request is too large."),
        ErrorCode::UnsupportedMediaType => {
            ("Ese tipo de contenido no se acepta aquí.", "This type of content is not accepted here.")
        }
        ErrorCode::TooManyRequests => {
            ("Demasiados intentos. Espera un momento.", "Too many attempts. Please wait a moment.")
        }
        ErrorCode::InternalError => {
            ("Algo falló de nuestro lado. Ya quedó registrado.", "Something went wrong on our side. It has been logged.")
        }
        ErrorCode::Unavailable => {
            ("El servicio no está disponible. Intenta de nuevo.", "The service is unavailable. Please try again.")
        }
    }
}

fn spanish_reason(reason: &Reason) -> String {
    match reason {
        Reason::Required => "es obligatorio".to_owned(),
        Reason::NotNullable => "no puede quedar vacío".to_owned(),
        Reason::TooLong { max } => format!("tiene más de {max} caracteres"),
        Reason::UnsafeCharacters => "contiene caracteres que no se pueden guardar o mostrar".to_owned(),
        Reason::Expected(expectation) => format!("debe ser {}", spanish_expectation(*expectation)),
        Reason::NotOneOf(values) => format!("debe ser uno de estos valores: {values}"),
        Reason::Unknown => "no es un campo conocido".to_owned(),
        Reason::Immutable => "no se puede cambiar".to_owned(),
        Reason::Repeated => "repite un valor".to_owned(),
        Reason::TooMany { max } => format!("tiene más de {max} valores"),
        Reason::UnknownIds(ids) => format!("incluye identificadores desconocidos: {}", ids.join(", ")),
    }
}

fn spanish_expectation(expectation: Expectation) -> String {
    let fixed = match expectation {
        Expectation::Text => "un texto",
        Expectation::Boolean => "verdadero o falso (true o false)",
        Expectation::Ids => "una lista de identificadores",
        Expectation::Id => "un identificador de 1 a 64 letras, números o guiones",
        Expectation::Skip => "un número entero desde 0",
        Expectation::Take => "un número entero de 1 a 200",
        Expectation::LostCursor => "omitido: la ficha a la que se refiere ya no existe; empieza por la primera página",
        Expectation::Month => "un mes de 1 a 12",
        Expectation::Time => "una hora como 2026-01-31T18:00:00Z",
        Expectation::Cursor => "un cursor de una respuesta anterior",
        Expectation::EmailAddress => "un correo como nombre@ejemplo.mx",
        Expectation::PhoneNumber => "un teléfono de 7 a 15 dígitos; puede llevar espacios, puntos, guiones, paréntesis y +",
        Expectation::Date => "una fecha como 1990-01-15",
        Expectation::Since1900 => "de 1900 o posterior",
        Expectation::NotInTheFuture => "de hoy o anterior",
        Expectation::DateOrTime => "una fecha como 2026-01-31 o una hora como 2026-01-31T18:00:00Z",
        Expectation::NotBeforeStart => "igual o posterior a startDate",
        Expectation::PhotoAddress => "la dirección de una foto subida o una que empiece con https://",
        Expectation::OwnPhoto => "la foto subida para este usuario, o una dirección que empiece con https://",
        Expectation::PhotoFile => "una foto JPG, PNG o WebP",
        Expectation::PhotoBytes => "una foto de menos de 5 MB",
        Expectation::PhotoPixels => "una foto de máximo 25 megapíxeles",
        Expectation::ReadablePhoto => "una foto que se pueda leer; esta está dañada. Prueba con otra",
        Expectation::SessionUser => "el usuario de la sesión",
        Expectation::TenantUser => "un usuario del negocio",
        Expectation::Once => "enviado una sola vez",
        Expectation::IdempotencyKey => "una sola clave de 1 a 255 caracteres",
        Expectation::SameAs(other) => return format!("igual a {other}"),
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn people_read_spanish_unless_they_prefer_english() {
        for (wanted, expected) in [
            ("", Language::Spanish),
            ("es-MX,es;q=0.9,en;q=0.8", Language::Spanish),
            ("en-US,en;q=0.9,es;q=0.8", Language::English),
            ("fr, en;q=0.5", Language::English),
            ("fr", Language::Spanish),
            ("en;q=0.1, es;q=0.9", Language::Spanish),
            ("en;q=0", Language::Spanish),
            ("ñ", Language::Spanish),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_bytes(wanted.as_bytes()).unwrap());
            assert_eq!(Language::of(&headers), expected, "{wanted}");
        }
    }
}
