use crm_domain::profile::ProfileSummary;
use crm_domain::value::{Email, Phone, Text};

use crate::clients::PhoneLink;
use crate::conflict::field_label;
use crate::format;
use crate::person::{email_of, phone_of};
use crate::visit::Visit;

/// What a card says about a person under one heading. What is not known is not there.
pub(crate) struct DetailGroup {
    pub(crate) title: &'static str,
    pub(crate) details: Vec<Detail>,
}

/// One thing that is known.
pub(crate) struct Detail {
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) href: Option<String>,
}

/// Everything that is known of a client, without the headings under which nothing is.
pub(crate) fn detail_groups(summary: &ProfileSummary, visit: &Visit) -> Vec<DetailGroup> {
    let t = visit.frame.t;
    let d = &summary.profile.details;
    let detail = |name: &str, value: Option<&str>, href: Option<String>| {
        let value = value.map(str::trim).filter(|value| !value.is_empty())?.to_owned();
        Some(Detail { label: field_label(name, t).unwrap_or_default(), value, href })
    };
    let text = |name: &str, value: Option<&str>| detail(name, value, None);
    let call = |name: &str, value: Option<&str>| {
        let phone = PhoneLink::of(value?);
        detail(name, Some(&phone.text), phone.href)
    };
    let write = |name: &str, value: Option<&str>| detail(name, value, value.map(format::mailto));
    let born = d.date_of_birth.map(|date| visit.frame.format.date(date.date()));
    let gender = d.gender.map(|gender| t.labels.gender(gender));
    let groups = [
        (
            t.card.contact,
            vec![
                call("phone", phone_of(summary)),
                call("alternatePhone", d.alternate_phone.as_ref().map(Phone::as_str)),
                write("email", email_of(summary)),
                write("alternateEmail", d.alternate_email.as_ref().map(Email::as_str)),
            ],
        ),
        (t.card.personal, vec![text("dateOfBirth", born.as_deref()), text("gender", gender)]),
        (
            t.card.address,
            vec![
                text("address", d.address.as_ref().map(Text::as_str)),
                text("city", d.city.as_ref().map(Text::as_str)),
                text("state", d.state.as_ref().map(Text::as_str)),
                text("postalCode", d.postal_code.as_ref().map(Text::as_str)),
                text("country", d.country.as_ref().map(Text::as_str)),
            ],
        ),
        (
            t.card.work,
            vec![
                text("occupation", d.occupation.as_ref().map(Text::as_str)),
                text("company", d.company.as_ref().map(Text::as_str)),
            ],
        ),
        (
            t.card.emergency,
            vec![
                text("emergencyContactName", d.emergency_contact_name.as_ref().map(Text::as_str)),
                call("emergencyContactPhone", d.emergency_contact_phone.as_ref().map(Phone::as_str)),
            ],
        ),
        (t.card.staff_notes, vec![text("notes", d.notes.as_ref().map(Text::as_str))]),
    ];
    let group =
        |(title, details): (_, Vec<Option<Detail>>)| DetailGroup { title, details: details.into_iter().flatten().collect() };
    groups.into_iter().map(group).filter(|group| !group.details.is_empty()).collect()
}
