//! What was typed into a form. Its fields have the names of the API and are read by the API's rules: here they only
//! become the JSON object that the API would get.

use std::collections::BTreeSet;
use std::rc::Rc;

use actix_web::HttpRequest;
use crm_domain::idempotency::RequestKey;
use crm_domain::validation::Violations;
use crm_domain::version::{Precondition, Version};
use crm_http::problem::{ErrorCode, Problem};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::words::Words;

/// The field with the version that was shown.
pub(crate) const VERSION: &str = "version";
/// The field with the name of the request, made anew for every form that is shown.
pub(crate) const ONCE: &str = "una-vez";
/// Before the name of boxes that a form shows, ticked or not.
const SHOWN: &str = "con-";
/// Before the name of a field: whether one's own value was chosen, `mio` or `actual`.
pub(crate) const CHOICE: &str = "elegir-";

/// The fields of a form in the order they were sent.
#[derive(Default)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    /// Chosen fields, if the form settles a conflict; the others stay as they are.
    chosen: Option<BTreeSet<String>>,
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`. Browsers send lines ending in CR LF; here they end in LF.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let fields: Vec<_> = url::form_urlencoded::parse(bytes)
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect();
        let choices: Vec<_> =
            fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(CHOICE)?, value.as_str()))).collect();
        let chosen = choices.iter().filter(|(_, whose)| *whose == "mio").map(|(name, _)| (*name).to_owned()).collect();
        let chosen = (!choices.is_empty()).then_some(chosen);
        Self { fields, chosen }
    }

    /// A form that holds this.
    pub(crate) fn holding<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { fields, chosen: None }
    }

    /// The form of a request, for its error page.
    pub(crate) fn of(request: &HttpRequest) -> Option<Rc<Self>> {
        use actix_web::HttpMessage as _;
        request.extensions().get::<Rc<Self>>().cloned()
    }

    /// What was typed into a field; nothing if it is missing.
    pub(crate) fn text<'a>(&'a self, name: &str) -> &'a str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field that can have several.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Whether the form says anything about a field: what it does not speak of stays as it is. Boxes that are not ticked
    /// are not sent, so a field beside them says that they are there.
    pub(crate) fn speaks_of(&self, name: &str, kind: Kind) -> bool {
        if let Some(chosen) = &self.chosen {
            return chosen.contains(name);
        }
        let has = |wanted: &str| self.fields.iter().any(|(field, _)| field == wanted);
        has(name) || (matches!(kind, Kind::Flag | Kind::List) && has(&format!("{SHOWN}{name}")))
    }

    /// The form laid over what is stored, so that what it does not speak of is shown as it is.
    pub(crate) fn over(&self, stored: Self, fields: &[(&str, Kind)]) -> Self {
        let is_spoken_of = |name: &str| fields.iter().any(|(field, kind)| *field == name && self.speaks_of(field, *kind));
        let mut laid = stored.fields;
        laid.retain(|(name, _)| !is_spoken_of(name));
        laid.extend(self.fields.iter().filter(|(name, _)| is_spoken_of(name)).cloned());
        Self { fields: laid, chosen: None }
    }

    /// Everything that was sent but what should not be shown again.
    pub(crate) fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter().filter(|(name, _)| name != "password");
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The version that was shown, if this service gave it out.
    pub(crate) fn version(&self) -> Option<Version> {
        self.text(VERSION).parse().ok()
    }

    /// The change is made to what was shown, or beside what others changed meanwhile.
    pub(crate) fn precondition(&self) -> Precondition {
        Precondition::one_of(vec![self.version()]).or_merge(true)
    }

    /// The name of the request, so that a form that is sent twice takes effect once.
    pub(crate) fn request_key(&self, path: &str) -> Option<RequestKey> {
        let name = self.text(ONCE);
        let fields = self.fields.iter().flat_map(|(field, value)| [field.as_bytes(), value.as_bytes()]);
        let said: Vec<_> = [&b"page"[..], name.as_bytes(), path.as_bytes()].into_iter().chain(fields).collect();
        // Named by all that it says: the same form with another text is another request, and nothing typed is lost.
        (!name.is_empty()).then(|| RequestKey::of(&said, &said))
    }

    /// The form as a body of the API.
    pub(crate) fn read<T: DeserializeOwned>(&self, fields: &[(&str, Kind)]) -> Result<T, Problem> {
        body(self.object(fields))
    }

    /// Likewise, with the id of what it belongs to, which the address says.
    pub(crate) fn read_with<T: DeserializeOwned>(
        &self,
        fields: &[(&str, Kind)],
        name: &str,
        id: &str,
    ) -> Result<T, Problem> {
        let mut object = self.object(fields);
        object.insert(name.to_owned(), Value::from(id));
        body(object)
    }

    fn object(&self, fields: &[(&str, Kind)]) -> Map<String, Value> {
        let spoken = fields.iter().filter(|(name, kind)| self.speaks_of(name, *kind));
        spoken.map(|(name, kind)| ((*name).to_owned(), self.value(name, *kind))).collect()
    }

    fn value(&self, name: &str, kind: Kind) -> Value {
        match kind {
            Kind::Text => Value::String(self.text(name).to_owned()),
            Kind::Date => Value::String(iso_date(self.text(name))),
            Kind::Flag => Value::Bool(self.is_on(name)),
            Kind::List => self.all(name).map(str::to_owned).map(Value::String).collect(),
        }
    }
}

/// How a field is sent to the API.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// A day as people write it here, `27/3/1990`.
    Date,
    Flag,
    List,
}

/// `1990-03-27` of `27/3/1990`, `27-03-1990` or `27 3 1990`; what is something else stays as it is, for the rules to judge.
pub(crate) fn iso_date(typed: &str) -> String {
    let parts: Vec<_> = typed.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [day, month, year] = parts[..] else { return typed.to_owned() };
    let numbers = (day.parse::<u8>(), month.parse::<u8>(), year.parse::<u16>());
    match numbers {
        (Ok(day), Ok(month), Ok(number)) if year.len() == 4 => format!("{number:04}-{month:02}-{day:02}"),
        _ => typed.to_owned(),
    }
}

/// Whether this is a day, a month and a year, of a day that exists or of one that does not.
pub(crate) fn is_whole_date(typed: &str) -> bool {
    let iso = iso_date(typed.trim());
    iso.len() == 10
        && iso.split('-').map(str::len).eq([4, 2, 2])
        && iso.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// `27/03/1990` of `1990-03-27`; what is something else stays as it is.
pub(crate) fn written_date(iso: &str) -> String {
    let parts: Vec<_> = iso.split('-').collect();
    match parts[..] {
        [year, month, day] if year.len() == 4 => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}

fn body<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, Problem> {
    serde_json::from_value(Value::Object(object)).map_err(|_| ErrorCode::MalformedBody.into())
}

/// What is wrong with a form, for the summary above it and beside each field.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<Mistake>);

/// What is wrong with one field.
pub(crate) struct Mistake {
    /// The field's name; its input has this id.
    pub(crate) field: String,
    pub(crate) label: &'static str,
    pub(crate) sentence: String,
}

impl Mistakes {
    /// Mistakes as the rules of the API name them, in words for people. `label` names a field.
    pub(crate) fn of(
        violations: &Violations,
        words: &Words,
        form: &Form,
        label: impl Fn(&str) -> Option<&'static str>,
    ) -> Self {
        let mistakes = violations.iter().map(|violation| Mistake {
            field: violation.field.clone(),
            label: label(&violation.field).unwrap_or_default(),
            sentence: words.problems.reason(&violation.reason, form.text(&violation.field)),
        });
        Self(mistakes.collect())
    }

    /// One mistake.
    pub(crate) fn one(field: &str, label: &'static str, sentence: impl Into<String>) -> Self {
        Self(vec![Mistake { field: field.to_owned(), label, sentence: sentence.into() }])
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.0.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with this field.
    pub(crate) fn with(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.sentence.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_the_body_that_the_api_would_get() {
        let form = Form::parse(b"content=uno%0D%0Ados&noteType=GENERAL&tag=a&tag=b&other=x&con-isPrivate=1");
        let body: Value = form
            .read(&[
                ("content", Kind::Text),
                ("isPrivate", Kind::Flag),
                ("tag", Kind::List),
                ("none", Kind::List),
                ("gone", Kind::Text),
            ])
            .unwrap();
        // What is not in the form at all is not cleared.
        let expected = serde_json::json!({ "content": "uno\ndos", "isPrivate": false, "tag": ["a", "b"] });
        assert_eq!(body, expected);
    }

    #[test]
    fn where_a_conflict_is_settled_only_what_was_chosen_is_sent() {
        let form = Form::parse(b"phone=1&city=2&state=3&elegir-phone=mio&elegir-city=actual");
        let body: Value = form.read(&[("phone", Kind::Text), ("city", Kind::Text), ("state", Kind::Text)]).unwrap();
        assert_eq!(body, serde_json::json!({ "phone": "1" }));
    }

    #[test]
    fn a_day_is_read_as_it_is_written_here() {
        for (typed, iso) in [
            ("27/3/1990", "1990-03-27"),
            (" 27-03-1990 ", "1990-03-27"),
            ("27.3.1990", "1990-03-27"),
            ("27 3 1990", "1990-03-27"),
            ("1990-03-27", "1990-03-27"),
            ("31/2/1990", "1990-02-31"),
            ("27/3/90", "27/3/90"),
            ("ayer", "ayer"),
            ("", ""),
        ] {
            assert_eq!(iso_date(typed), iso, "{typed}");
        }
        assert!(is_whole_date("31/2/1990") && is_whole_date("1990-02-31"));
        assert!(!is_whole_date("27/3/90") && !is_whole_date("ayer") && !is_whole_date("3/1990"));
        assert_eq!(written_date("1990-03-27"), "27/03/1990");
        assert_eq!(iso_date(&written_date("1990-03-27")), "1990-03-27");
    }

    #[test]
    fn the_same_form_has_the_same_name_and_another_has_not() {
        let key = |raw: &str| Form::parse(raw.as_bytes()).request_key("/ui/x");
        assert_eq!(key("una-vez=a&content=x"), key("una-vez=a&content=x"));
        assert_ne!(key("una-vez=a&content=x").unwrap().key, key("una-vez=a&content=y").unwrap().key, "another text");
        assert_ne!(key("una-vez=a").unwrap().key, key("una-vez=b").unwrap().key);
        assert_eq!(key("content=x"), None);
    }

    #[test]
    fn a_form_laid_over_what_is_stored_changes_only_what_it_speaks_of() {
        let fields = [("city", Kind::Text), ("phone", Kind::Text), ("isPrivate", Kind::Flag)];
        let stored = || Form::parse(b"city=Taxco&phone=1&isPrivate=on");
        let settled = Form::parse(b"phone=2&elegir-phone=mio&elegir-city=actual").over(stored(), &fields);
        assert_eq!((settled.text("city"), settled.text("phone"), settled.is_on("isPrivate")), ("Taxco", "2", true));
        let whole = Form::parse(b"city=&phone=2&con-isPrivate=1").over(stored(), &fields);
        assert_eq!((whole.text("city"), whole.text("phone"), whole.is_on("isPrivate")), ("", "2", false));
    }

    #[test]
    fn a_password_is_never_shown_again() {
        let form = Form::parse(b"email=a&password=secret");
        assert_eq!(form.typed().collect::<Vec<_>>(), [("email", "a")]);
    }
}
