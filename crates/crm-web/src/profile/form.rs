use crm_domain::fields::Fields as _;
use crm_domain::profile::{ClientProfile, Gender};
use serde_json::Value;

use crate::conflict::field_label;
use crate::form::{Form, Kind, Mistakes, written_date};
use crate::words::Words;

/// The states of Mexico (INEGI, catalogue of federal entities), offered where a state is typed.
const STATES: [&str; 32] = [
    "Aguascalientes",
    "Baja California",
    "Baja California Sur",
    "Campeche",
    "Chiapas",
    "Chihuahua",
    "Ciudad de México",
    "Coahuila",
    "Colima",
    "Durango",
    "Estado de México",
    "Guanajuato",
    "Guerrero",
    "Hidalgo",
    "Jalisco",
    "Michoacán",
    "Morelos",
    "Nayarit",
    "Nuevo León",
    "Oaxaca",
    "Puebla",
    "Querétaro",
    "Quintana Roo",
    "San Luis Potosí",
    "Sinaloa",
    "Sonora",
    "Tabasco",
    "Tamaulipas",
    "Tlaxcala",
    "Veracruz",
    "Yucatán",
    "Zacatecas",
];

/// The fields of the form, by their names in the API. The photo has a page of its own.
const FIELDS: [(&str, Kind); 17] = [
    ("firstName", Kind::Text),
    ("lastName", Kind::Text),
    ("dateOfBirth", Kind::Date),
    ("gender", Kind::Text),
    ("phone", Kind::Text),
    ("alternatePhone", Kind::Text),
    ("email", Kind::Text),
    ("alternateEmail", Kind::Text),
    ("address", Kind::Text),
    ("city", Kind::Text),
    ("state", Kind::Text),
    ("postalCode", Kind::Text),
    ("country", Kind::Text),
    ("occupation", Kind::Text),
    ("company", Kind::Text),
    ("emergencyContactName", Kind::Text),
    ("emergencyContactPhone", Kind::Text),
];
/// The field that only the staff has.
const REMARKS: (&str, Kind) = ("notes", Kind::Text);

/// The fields that a form for such a reader has.
pub(super) fn fields(has_remarks: bool) -> Vec<(&'static str, Kind)> {
    FIELDS.into_iter().chain(has_remarks.then_some(REMARKS)).collect()
}

/// What a profile says, as if it had been typed.
pub(super) fn stored(profile: &ClientProfile) -> Form {
    Form::holding(profile.fields().into_iter().filter_map(|(name, value)| match (name, value) {
        ("dateOfBirth", Value::String(day)) => Some((name, written_date(&day))),
        (_, Value::String(text)) => Some((name, text)),
        _ => None,
    }))
}

/// How a field is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// One line of this kind of `<input>`.
    Line(&'static str),
    /// Several lines.
    Prose,
    /// One of a few.
    Radio,
}

/// A field of the form.
pub(crate) struct FieldLine {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) input: Input,
    pub(crate) value: String,
    pub(crate) mistake: Option<String>,
    pub(crate) hint: Option<&'static str>,
    /// Most characters; not enforced while typing, so that what is pasted is not cut.
    pub(crate) max: usize,
    /// Choices: value, text, whether it is chosen.
    pub(crate) options: Vec<(&'static str, &'static str, bool)>,
    /// Offered while typing.
    pub(crate) suggestions: &'static [&'static str],
}

impl FieldLine {
    /// The ids of what describes the field: its hint, then what is wrong with it.
    pub(crate) fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-pista", self.name));
        let mistake = self.mistake.as_ref().map(|_| format!("{}-error", self.name));
        let ids: Vec<_> = [hint, mistake].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// Fields that belong together.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) fields: Vec<FieldLine>,
}

/// The form of a profile with everything typed so far.
pub(crate) struct ProfileForm {
    pub(crate) sections: Vec<Section>,
    pub(crate) mistakes: Mistakes,
}

impl ProfileForm {
    pub(crate) fn new(t: &Words, typed: &Form, mistakes: Mistakes, has_remarks: bool) -> Self {
        let field = |name: &'static str, input, max| FieldLine {
            name,
            label: field_label(name, t).unwrap_or_default(),
            input,
            value: typed.text(name).to_owned(),
            mistake: mistakes.with(name).map(str::to_owned),
            hint: None,
            max,
            options: Vec::new(),
            suggestions: &[],
        };
        let line = |name, max| field(name, Input::Line("text"), max);
        let phone = |name| FieldLine { hint: Some(t.profile.phone_hint), ..field(name, Input::Line("tel"), 32) };
        let email = |name| field(name, Input::Line("email"), 254);
        let born = FieldLine { hint: Some(t.profile.date_hint), ..line("dateOfBirth", 10) };
        let state = FieldLine { suggestions: &STATES, ..line("state", 100) };
        let p = &t.profile;
        let mut sections = vec![
            Section {
                title: p.identity,
                fields: vec![
                    line("firstName", 100),
                    line("lastName", 100),
                    born,
                    gender(t, field("gender", Input::Radio, 0)),
                ],
            },
            Section {
                title: p.contact,
                fields: vec![phone("phone"), phone("alternatePhone"), email("email"), email("alternateEmail")],
            },
            Section {
                title: p.address_section,
                fields: vec![
                    field("address", Input::Prose, 300),
                    line("city", 100),
                    state,
                    line("postalCode", 20),
                    line("country", 60),
                ],
            },
            Section { title: p.work, fields: vec![line("occupation", 100), line("company", 100)] },
            Section { title: p.emergency, fields: vec![line("emergencyContactName", 100), phone("emergencyContactPhone")] },
        ];
        if has_remarks {
            let remarks = FieldLine { hint: Some(p.notes_hint), ..field("notes", Input::Prose, 5_000) };
            sections.push(Section { title: p.remarks, fields: vec![remarks] });
        }
        Self { sections, mistakes }
    }
}

fn gender(t: &Words, field: FieldLine) -> FieldLine {
    let chosen = field.value.parse::<Gender>().ok();
    let known = Gender::ALL.map(|gender| (gender.as_str(), t.labels.gender(gender), chosen == Some(gender)));
    let options = std::iter::once(("", t.profile.no_gender, chosen.is_none())).chain(known).collect();
    FieldLine { options, ..field }
}
