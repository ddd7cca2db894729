//! Query strings, read so that every mistake can be reported at once.

use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};
use crm_domain::history::DateBound;
use crm_domain::page::{DEFAULT_TAKE, PageRequest, Start};
use crm_domain::validation::{Expectation, Reason, Violations};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::problem::Problem;

/// Longest value of a parameter, in characters.
const MAX_CHARACTERS: usize = 200;

/// The parameters of a request, taken out one by one; [`Params::finish`] objects to what is left.
pub(crate) struct Params {
    values: BTreeMap<String, String>,
    violations: Violations,
}

impl FromRequest for Params {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::parse(request.query_string())))
    }
}

impl Params {
    fn parse(query: &str) -> Self {
        let mut params = Self { values: BTreeMap::new(), violations: Violations::new() };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let name = name.into_owned();
            if params.values.insert(name.clone(), value.into_owned()).is_some() {
                params.violations.add(name, Reason::Expected(Expectation::Once));
            }
        }
        params
    }

    /// Ends the reading: every mistake at once, or none.
    pub(crate) fn finish(mut self) -> Result<(), Violations> {
        for name in self.values.into_keys() {
            self.violations.add(name, Reason::Unknown);
        }
        self.violations.into_result()
    }

    /// A value, unless it is absent or blank.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.values.remove(name)?;
        let trimmed = value.trim();
        if trimmed.is_empty() {
            return None;
        }
        let fits = trimmed.chars().count() <= MAX_CHARACTERS;
        let is_safe = !trimmed.chars().any(char::is_control);
        let checked = match (fits, is_safe) {
            (false, _) => Err(Reason::TooLong { max: MAX_CHARACTERS }),
            (_, false) => Err(Reason::UnsafeCharacters),
            _ => Ok(trimmed.to_owned()),
        };
        self.violations.check(name, checked)
    }

    /// A value with a rule.
    pub(crate) fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Reason>) -> Option<T> {
        let value = self.text(name)?;
        self.violations.check(name, parse(&value))
    }

    /// An id.
    pub(crate) fn id<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, id)
    }

    /// A value under either of two names.
    pub(crate) fn parsed_or_alias<T: PartialEq>(
        &mut self,
        name: &'static str,
        alias: &str,
        parse: impl Fn(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        let (named, aliased) = (self.parsed(name, &parse), self.parsed(alias, &parse));
        if named.is_some() && aliased.is_some() && named != aliased {
            self.violations.add(alias, Reason::Expected(Expectation::SameAs(name)));
        }
        named.or(aliased)
    }

    /// An id under either of two names.
    pub(crate) fn id_or_alias<T: std::str::FromStr + PartialEq>(&mut self, name: &'static str, alias: &str) -> Option<T> {
        self.parsed_or_alias(name, alias, id)
    }

    /// A parameter that must be given.
    pub(crate) fn require<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        let reported = self.violations.iter().any(|violation| violation.field == name);
        if value.is_none() && !reported {
            self.violations.add(name, Reason::Required);
        }
        value
    }

    /// `skip`, `take` and `cursor`.
    pub(crate) fn page(&mut self) -> PageRequest {
        let skip = self.number("skip", Expectation::Skip, |skip| i64::try_from(skip).is_ok());
        let take = self.number("take", Expectation::Take, |take| (1..=200).contains(&take));
        let cursor = self.parsed("cursor", |raw| raw.parse().map_err(|_| Reason::Expected(Expectation::Cursor)));
        let start = cursor.map_or(Start::Skip(skip.unwrap_or(0)), Start::After);
        let take = take.and_then(|take| u32::try_from(take).ok()).unwrap_or(DEFAULT_TAKE);
        PageRequest::new(start, take).unwrap_or_default()
    }

    /// A number; unlike other parameters, a blank one is a mistake.
    fn number(&mut self, name: &str, expected: Expectation, accept: impl Fn(u64) -> bool) -> Option<u64> {
        let raw = self.values.remove(name)?;
        let is_plain = raw.bytes().all(|byte| byte.is_ascii_digit());
        let number = raw.parse().ok().filter(|number| is_plain && accept(*number));
        self.violations.check(name, number.ok_or(Reason::Expected(expected)))
    }
}

/// A moment, with its zone.
pub(crate) fn time(raw: &str) -> Result<DateTime<Utc>, Reason> {
    match DateBound::parse(raw) {
        Ok(DateBound::Moment(moment)) => Ok(moment),
        _ => Err(Reason::Expected(Expectation::Time)),
    }
}

/// `true` or `false`.
pub(crate) fn flag(raw: &str) -> Result<bool, Reason> {
    raw.parse().map_err(|_| Reason::Expected(Expectation::Boolean))
}

fn id<T: std::str::FromStr>(raw: &str) -> Result<T, Reason> {
    raw.parse().map_err(|_| Reason::Expected(Expectation::Id))
}

/// `skip`, `take` and `cursor` for the OpenAPI document.
pub(crate) struct PageParams;

impl utoipa::IntoParams for PageParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = |name: &str, text: &str, minimum: u32, maximum: Option<u32>, default: u32| {
            let schema = ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(minimum))
                .maximum(maximum)
                .default(Some(default.into()));
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .description(Some(text))
                .schema(Some(schema))
                .build()
        };
        let cursor = ParameterBuilder::new()
            .name("cursor")
            .parameter_in(ParameterIn::Query)
            .description(Some("`nextCursor` of the page before; replaces `skip` and stays fast at any depth"))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build();
        vec![
            number("skip", "rows to pass over", 0, None, 0),
            number("take", "most rows", 1, Some(200), DEFAULT_TAKE),
            cursor,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(query: &str) -> Vec<String> {
        let mut params = Params::parse(query);
        params.page();
        params.finish().err().map(|all| all.iter().map(|one| one.field.clone()).collect()).unwrap_or_default()
    }

    #[test]
    fn a_page_that_can_not_be_is_refused() {
        for query in [
            "take=0",
            "take=201",
            "take=1000000000",
            "take=-1",
            "take=1e9",
            "take=NaN",
            "take=1.5",
            "take=+5",
            "take=０",
            "take=",
            "take=%201",
        ] {
            assert_eq!(mistakes(query), ["take"], "{query}");
        }
        for query in ["skip=-1", "skip=x", "skip=99999999999999999999", "skip=9223372036854775808"] {
            assert_eq!(mistakes(query), ["skip"], "{query}");
        }
        assert_eq!(mistakes("cursor=garbage"), ["cursor"]);
        assert_eq!(mistakes("take=1&take=2"), ["take"]);
        assert_eq!(mistakes("skip=0&take=200"), Vec::<String>::new());
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        assert_eq!(mistakes("skip=x&take=y&colour=red"), ["skip", "take", "colour"]);
    }

    #[test]
    fn text_that_can_not_be_stored_or_is_endless_is_refused() {
        let long = format!("search={}", "a".repeat(201));
        for query in ["search=%00", long.as_str()] {
            let mut params = Params::parse(query);
            assert_eq!(params.text("search"), None);
            assert!(params.finish().is_err(), "{query}");
        }
    }
}
