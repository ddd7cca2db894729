//! JSON bodies, read so that every mistake can be reported at once.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::{DateTime, Utc};
use crm_domain::patch::Patch;
use crm_domain::validation::{Expectation, Reason, Violations};
use crm_domain::value::{FieldValue, parse_optional, parse_required};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::problem::{ErrorCode, Problem};

/// Largest body, in bytes: several times the longest valid one.
const MAX_BYTES: usize = 256 * 1024;
/// Longest a body may take to arrive. actix limits only the time of the head.
const MAX_TIME: Duration = Duration::from_secs(30);

/// A JSON object with the fields of `T`.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { read_json(&request, &mut payload).await.map(|(_, fields)| Self(fields)) })
    }
}

/// The bytes of a JSON body, and its fields.
pub(crate) async fn read_json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<(web::BytesMut, T), Problem> {
    let is_json =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
        });
    if !is_json {
        return Err(ErrorCode::UnsupportedMediaType.into());
    }
    let bytes = read_bytes(payload).await?;
    let fields = serde_json::from_slice(&bytes).map_err(|_| Problem::new(ErrorCode::MalformedBody))?;
    Ok((bytes, fields))
}

/// A whole body, unless it is too large or too slow.
pub async fn read_bytes(payload: &mut Payload) -> Result<web::BytesMut, Problem> {
    let bytes = tokio::time::timeout(MAX_TIME, read(payload)).await;
    bytes.map_err(|_| Problem::new(ErrorCode::MalformedBody))?
}

async fn read(payload: &mut Payload) -> Result<web::BytesMut, Problem> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(ErrorCode::MalformedBody))?;
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(ErrorCode::BodyTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What a body says about one field, before any rule is applied.
#[derive(Clone, Debug, Default)]
pub(crate) enum Field<T> {
    /// Not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A value of the right JSON type.
    Given(T),
    /// A value of another JSON type.
    Wrong,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::Null,
            value => serde_json::from_value(value).map_or(Self::Wrong, Self::Given),
        })
    }
}

/// Fields that a body has but its route does not know.
pub(crate) type UnknownFields = BTreeMap<String, Value>;

/// Reads the fields of one body and collects what is wrong with them.
#[derive(Default)]
pub(crate) struct Reader {
    violations: Violations,
}

impl Reader {
    pub(crate) fn new(unknown: UnknownFields) -> Self {
        let mut reader = Self::default();
        for field in unknown.into_keys() {
            reader.violations.add(field, Reason::Unknown);
        }
        reader
    }

    /// Ends the reading: what is wrong so far, for a service that may find more.
    pub(crate) fn mistakes(self) -> Violations {
        self.violations
    }

    /// Ends the reading of a body that says nothing without its key; a missing key has been reported.
    pub(crate) fn finish_with<K, T>(self, key: Option<K>, build: impl FnOnce(K, Violations) -> T) -> Result<T, Violations> {
        match key {
            Some(key) => Ok(build(key, self.violations)),
            None => Err(self.violations),
        }
    }

    /// A field that may be kept, cleared or set. Blank text clears it.
    pub(crate) fn patch<T: FieldValue>(&mut self, name: &str, field: Field<String>) -> Patch<T> {
        self.patch_with(name, field, parse_optional)
    }

    /// Likewise, with a rule of its own.
    pub(crate) fn patch_with<T>(
        &mut self,
        name: &str,
        field: Field<String>,
        parse: impl FnOnce(&str) -> Result<Option<T>, Reason>,
    ) -> Patch<T> {
        match self.plain(name, field, Expectation::Text) {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(raw) => match self.violations.check(name, parse(&raw)) {
                Some(Some(value)) => Patch::Set(value),
                Some(None) => Patch::Clear,
                None => Patch::Keep,
            },
        }
    }

    /// A field that is kept if absent, and can't be cleared.
    pub(crate) fn change<T>(
        &mut self,
        name: &str,
        field: Field<String>,
        parse: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        match self.plain(name, field, Expectation::Text) {
            Patch::Keep => None,
            Patch::Clear => self.refuse(name, Reason::NotNullable),
            Patch::Set(raw) => self.violations.check(name, parse(&raw)),
        }
    }

    /// Text that must be given.
    pub(crate) fn required<T: FieldValue>(&mut self, name: &str, field: Field<String>) -> Option<T> {
        match self.plain(name, field, Expectation::Text) {
            Patch::Set(raw) => self.violations.check(name, parse_required(&raw)),
            Patch::Keep | Patch::Clear => self.missing(name),
        }
    }

    /// Text that must be given and is not changed: a password may well begin with a space.
    pub(crate) fn plain_text(&mut self, name: &str, field: Field<String>) -> Option<String> {
        match self.plain(name, field, Expectation::Text) {
            Patch::Set(raw) if !raw.is_empty() => Some(raw),
            Patch::Set(_) | Patch::Keep | Patch::Clear => self.missing(name),
        }
    }

    /// An id that must be given.
    pub(crate) fn required_id<T>(
        &mut self,
        name: &str,
        field: Field<String>,
        parse: impl FnOnce(String) -> Option<T>,
    ) -> Option<T> {
        match self.plain(name, field, Expectation::Id) {
            Patch::Set(raw) if raw.trim().is_empty() => self.missing(name),
            Patch::Set(raw) => self.violations.check(name, parse(raw).ok_or(Reason::Expected(Expectation::Id))),
            Patch::Keep | Patch::Clear => self.missing(name),
        }
    }

    /// True or false, kept if absent.
    pub(crate) fn flag(&mut self, name: &str, field: Field<bool>) -> Option<bool> {
        match self.plain(name, field, Expectation::Boolean) {
            Patch::Keep => None,
            Patch::Clear => self.refuse(name, Reason::NotNullable),
            Patch::Set(flag) => Some(flag),
        }
    }

    /// A list of ids, kept if absent, emptied by `null`.
    pub(crate) fn ids<T>(
        &mut self,
        name: &str,
        field: Field<Vec<String>>,
        parse: impl Fn(String) -> Option<T>,
    ) -> Patch<Vec<T>> {
        match self.plain(name, field, Expectation::Ids) {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(raw) => {
                let ids = raw.into_iter().map(parse).collect::<Option<Vec<_>>>();
                self.violations.check(name, ids.ok_or(Reason::Expected(Expectation::Ids))).map_or(Patch::Keep, Patch::Set)
            }
        }
    }

    /// Notes what a rule says of a field that was read.
    pub(crate) fn check<T>(&mut self, name: &str, result: Result<T, Reason>) -> Option<T> {
        self.violations.check(name, result)
    }

    /// Text that must equal what is stored; `null` can't.
    pub(crate) fn echo(&mut self, name: &str, field: Field<String>) -> Option<String> {
        match field {
            Field::Absent => None,
            Field::Given(value) => Some(value),
            Field::Null | Field::Wrong => self.refuse(name, Reason::Immutable),
        }
    }

    /// A time that must equal what is stored.
    pub(crate) fn echo_time(&mut self, name: &str, field: Field<String>) -> Option<DateTime<Utc>> {
        let raw = self.echo(name, field)?;
        self.violations.check(name, raw.parse().map_err(|_| Reason::Immutable))
    }

    /// One field under two names, of which callers send either.
    pub(crate) fn either<T: PartialEq>(
        &mut self,
        alias: &str,
        name: &'static str,
        aliased: Field<T>,
        field: Field<T>,
    ) -> Field<T> {
        match (aliased, field) {
            (Field::Absent, field) => field,
            (aliased, Field::Absent) => aliased,
            (Field::Given(aliased), Field::Given(field)) if aliased == field => Field::Given(field),
            (_, field) => {
                self.violations.add(alias, Reason::Expected(Expectation::SameAs(name)));
                field
            }
        }
    }

    fn plain<T>(&mut self, name: &str, field: Field<T>, expected: Expectation) -> Patch<T> {
        match field {
            Field::Absent => Patch::Keep,
            Field::Null => Patch::Clear,
            Field::Given(value) => Patch::Set(value),
            Field::Wrong => {
                self.violations.add(name, Reason::Expected(expected));
                Patch::Keep
            }
        }
    }

    fn missing<T>(&mut self, name: &str) -> Option<T> {
        // A value of the wrong type was reported already.
        let reported = self.violations.iter().any(|violation| violation.field == name);
        if reported { None } else { self.refuse(name, Reason::Required) }
    }

    fn refuse<T>(&mut self, name: &str, reason: Reason) -> Option<T> {
        self.violations.add(name, reason);
        None
    }
}
