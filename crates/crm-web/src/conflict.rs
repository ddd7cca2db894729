//! Two people changed the same: both values side by side, and a choice per field.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use crm_domain::audit::Accountable;
use crm_domain::version::Version;
use crm_http::problem::Problem;
use serde_json::Value;

use crate::flash::{Flash, Notice};
use crate::form::{Form, Kind, iso_date, written_date};
use crate::frame::{Frame, Page, lead_to, show_as};
use crate::words::Words;

/// A field that both changed.
struct Choice {
    label: &'static str,
    yours: String,
    theirs: String,
    typed: Typed,
}

/// What was typed into a field, to be sent again.
struct Typed {
    name: &'static str,
    values: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/conflict.html")]
struct ConflictPage {
    frame: Frame,
    action: String,
    back: String,
    hidden: Vec<(&'static str, String)>,
    version: String,
    choices: Vec<Choice>,
    /// What nobody else changed, so that there is nothing to choose.
    uncontested: Vec<Typed>,
}

impl Page for ConflictPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.problems.choose_title.to_owned()
    }
}

/// Where a conflict is settled.
pub(crate) struct Places {
    /// Where the choice is sent.
    pub(crate) action: String,
    /// Where to go without one.
    pub(crate) back: String,
    /// What is sent along.
    pub(crate) hidden: Vec<(&'static str, String)>,
}

/// Asks what to keep of what was typed and of the thing as it is now. `both` are the fields that both changed; where it
/// is not known what was seen, all that differ. What only one of them changed stays as that one left it.
pub(crate) fn ask(
    frame: Frame,
    places: Places,
    form: &Form,
    fields: &[(&'static str, Kind)],
    now: &impl Accountable,
    both: &[&str],
    shown: impl Fn(&str, &[String]) -> String,
) -> Result<HttpResponse, Problem> {
    let by_others = form.version().map(|seen| seen.differing(now));
    let current = now.fields();
    let (mut choices, mut uncontested) = (Vec::new(), Vec::new());
    for (name, kind) in fields.iter().filter(|(name, kind)| form.speaks_of(name, *kind)) {
        let Some((_, stored)) = current.iter().find(|(field, _)| field == name) else { continue };
        let (values, stored) = (typed_values(form, name, *kind), stored_values(stored));
        if same(&values, &stored) {
            continue;
        }
        let (yours, theirs) = (shown(name, &values), shown(name, &stored));
        let typed = Typed { name, values };
        match &by_others {
            Some(others) if !both.contains(name) && others.contains(name) => {}
            Some(_) if !both.contains(name) => uncontested.push(typed),
            _ => choices.push(Choice { label: field_label(name, frame.t).unwrap_or_default(), yours, theirs, typed }),
        }
    }
    let Places { action, back, hidden } = places;
    if choices.is_empty() && uncontested.is_empty() {
        // Whatever was seen: what was typed is what it says now.
        return Ok(lead_to(&back, &Flash::new(Notice::NothingChanged)));
    }
    let page = ConflictPage { frame, action, back, hidden, version: Version::of(now).to_string(), choices, uncontested };
    show_as(StatusCode::PRECONDITION_FAILED, &page)
}

fn typed_values(form: &Form, name: &str, kind: Kind) -> Vec<String> {
    match kind {
        Kind::Text => Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty()).into_iter().collect(),
        Kind::Date => Some(iso_date(form.text(name).trim())).filter(|text| !text.is_empty()).into_iter().collect(),
        Kind::Flag => form.is_on(name).then(|| "on".to_owned()).into_iter().collect(),
        Kind::List => form.all(name).map(str::to_owned).collect(),
    }
}

fn stored_values(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(false) => Vec::new(),
        Value::Bool(true) => vec!["on".to_owned()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// The order of a list of ticked boxes says nothing.
fn same(typed: &[String], stored: &[String]) -> bool {
    let sorted = |values: &[String]| {
        let mut values = values.to_vec();
        values.sort_unstable();
        values
    };
    sorted(typed) == sorted(stored)
}

/// A value as people read it, where nothing special is known of its field.
pub(crate) fn plain(field: &str, values: &[String], t: &Words) -> String {
    match values {
        [] => t.problems.nothing.to_owned(),
        [one] => value_text(field, one, t),
        several => several.join(", "),
    }
}

/// A value of a field as people read it: constants by their names, days as they are written here, text as it is.
pub(crate) fn value_text(field: &str, value: &str, t: &Words) -> String {
    let named = match field {
        "gender" => value.parse().ok().map(|gender| t.labels.gender(gender)),
        "noteType" => value.parse().ok().map(|note_type| t.labels.note_type(note_type)),
        "communicationPreference" => value.parse().ok().map(|channel| t.labels.channel(channel)),
        "reminderTime" => value.parse().ok().map(|reminder| t.labels.reminder(reminder)),
        "isPrivate" => Some(t.problems.yes),
        "dateOfBirth" => return written_date(value),
        _ => None,
    };
    named.unwrap_or(value).to_owned()
}

/// A field of a profile, a note or preferences as people name it.
pub(crate) fn field_label(field: &str, t: &Words) -> Option<&'static str> {
    Some(match field {
        "firstName" => t.profile.first_name,
        "lastName" => t.profile.last_name,
        "dateOfBirth" => t.profile.date_of_birth,
        "gender" => t.profile.gender,
        "address" => t.profile.address,
        "city" => t.profile.city,
        "state" => t.profile.state,
        "postalCode" => t.profile.postal_code,
        "country" => t.profile.country,
        "phone" => t.profile.phone,
        "alternatePhone" => t.profile.alternate_phone,
        "email" => t.profile.email,
        "alternateEmail" => t.profile.alternate_email,
        "occupation" => t.profile.occupation,
        "company" => t.profile.company,
        "profilePhotoUrl" => t.card.photo,
        "emergencyContactName" => t.profile.emergency_contact_name,
        "emergencyContactPhone" => t.profile.emergency_contact_phone,
        "notes" => t.profile.notes,
        "noteType" => t.notes.note_type,
        "content" => t.notes.content,
        "isPrivate" => t.notes.private,
        "preferredServices" => t.preferences.services,
        "preferredStaff" => t.preferences.staff,
        "communicationPreference" => t.preferences.channel,
        "reminderTime" => t.preferences.reminder,
        "specialRequests" => t.preferences.special_requests,
        _ => return None,
    })
}
