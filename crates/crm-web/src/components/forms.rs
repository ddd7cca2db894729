use askama::Template;
use crm_domain::note::NoteType;
use crm_domain::validation::{Expectation, Reason, Violations};

use super::{HOSTILE, is_sound, long_name, words};
use crate::conflict::field_label;
use crate::form::{Form, Mistakes};
use crate::notes::{NoteForm, type_choices};
use crate::preferences::{OptionLine, PreferencesForm};
use crate::profile::{Input, ProfileForm};
use crate::words::Words;

/// A form in which these fields hold hostile text.
fn typed(fields: &[&str]) -> Form {
    let pairs = fields.iter().map(|field| (*field, HOSTILE));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Form::parse(query.as_bytes())
}

fn mistakes(t: &Words, form: &Form, fields: &[&str]) -> Mistakes {
    let mut violations = Violations::new();
    for field in fields {
        violations.add(*field, Reason::Expected(Expectation::EmailAddress));
    }
    Mistakes::of(&violations, t, form, |field| field_label(field, t))
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/client_profile_form.html" as p -%}{%- import "components/form.html" as f -%}
{% call f::mistakes(form.mistakes, t) %}{% endcall %}{% call p::client_profile_form(form) %}{% endcall %}"#
)]
struct ClientProfileForm {
    t: &'static Words,
    form: ProfileForm,
}

#[test]
fn client_profile_form_keeps_what_was_typed_and_says_what_is_wrong_twice() {
    for t in words() {
        for has_remarks in [true, false] {
            let typed = typed(&["firstName", "address", "notes", "email"]);
            let mistakes = mistakes(t, &typed, &["email", "gender", "address"]);
            let form = ProfileForm::new(t, &typed, mistakes, has_remarks);
            let markup = ClientProfileForm { t, form }.render().unwrap();
            is_sound(&markup);
            assert_eq!(markup.matches(t.problems.bad_email).count(), 6, "{markup}");
            assert!(markup.contains("href=\"#gender\"") && markup.contains("id=\"gender\""), "{markup}");
            assert_eq!(markup.contains("name=\"notes\""), has_remarks, "{markup}");
            assert_eq!(markup.matches("aria-invalid=\"true\"").count(), 2, "{markup}");
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/client_notes_list.html" as n -%}{% call n::note_fields(form, t) %}{% endcall %}"#
)]
struct NoteFields {
    t: &'static Words,
    form: NoteForm,
}

#[test]
fn the_fields_of_a_note_offer_privacy_only_to_those_who_decide_it() {
    for t in words() {
        for may_hide in [true, false] {
            let typed = typed(&["content"]);
            let mistakes = mistakes(t, &typed, &["content"]);
            let choices = type_choices(t, NoteType::Complaint);
            let form = NoteForm { content: HOSTILE.to_owned(), types: choices, is_private: true, may_hide, mistakes };
            let markup = NoteFields { t, form }.render().unwrap();
            is_sound(&markup);
            assert_eq!(markup.contains("name=\"isPrivate\""), may_hide, "{markup}");
            assert!(markup.contains("value=\"COMPLAINT\" checked"), "{markup}");
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/client_preferences.html" as p -%}{% call p::preferences_fields(form, t) %}{% endcall %}"#
)]
struct PreferencesFields {
    t: &'static Words,
    form: PreferencesForm,
}

#[test]
fn the_fields_of_preferences_show_any_service_as_text() {
    for t in words() {
        let option = |label: &str| OptionLine {
            value: HOSTILE.to_owned(),
            label: label.to_owned(),
            is_chosen: true,
            hint: Some(t.preferences.inactive),
        };
        let form = PreferencesForm {
            channels: vec![option("SMS")],
            reminders: vec![option("x")],
            services: vec![option(HOSTILE), option(&long_name())],
            staff: Vec::new(),
            special_requests: HOSTILE.to_owned(),
            mistakes: mistakes(t, &typed(&[]), &["preferredServices"]),
        };
        let markup = PreferencesFields { t, form }.render().unwrap();
        is_sound(&markup);
        assert!(markup.contains(t.preferences.no_staff) && markup.contains("preferredServices-error"), "{markup}");
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/photo_upload.html" as u -%}{% call u::photo_upload(id, id, has_photo, mistakes, t) %}{% endcall %}"#
)]
struct PhotoUpload {
    t: &'static Words,
    id: &'static str,
    has_photo: bool,
    mistakes: Mistakes,
}

#[test]
fn photo_upload_says_what_is_accepted_and_what_was_wrong() {
    for t in words() {
        for has_photo in [true, false] {
            let mistakes = Mistakes::one("file", t.photo.choose, t.photo.too_large);
            let markup = PhotoUpload { t, id: HOSTILE, has_photo, mistakes }.render().unwrap();
            is_sound(&markup);
            assert!(markup.contains(t.photo.limits) && markup.contains("file-error"), "{markup}");
            assert_eq!(markup.contains(t.photo.replace), has_photo, "{markup}");
        }
    }
}
