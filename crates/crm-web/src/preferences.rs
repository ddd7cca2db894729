//! `/ui/clientes/{client}/preferencias`: how a client likes things.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use crm_domain::access::Action;
use crm_domain::directory::Catalogue;
use crm_domain::error::{CrmError, Current, UniqueRule};
use crm_domain::ids::{PreferencesId, ProfileId};
use crm_domain::preferences::{ClientPreferences, CommunicationPreference, ReminderTime};
use crm_domain::profile::ProfileSummary;
use crm_domain::version::Version;
use crm_http::preferences::{CreatePreferencesBody, UpdatePreferencesBody};
use crm_http::problem::{ErrorCode, Problem};

use crate::card::profile_id;
use crate::conflict::{self, Places, field_label};
use crate::flash::{Flash, Notice};
use crate::form::{Form, Kind, Mistakes, VERSION};
use crate::frame::{Frame, Page, lead_to, show, show_as};
use crate::person::{Head, Tab, email_of, full_name, phone_of};
use crate::visit::{Submission, Visit};
use crate::words::Words;

const FIELDS: [(&str, Kind); 5] = [
    ("communicationPreference", Kind::Text),
    ("reminderTime", Kind::Text),
    ("preferredServices", Kind::List),
    ("preferredStaff", Kind::List),
    ("specialRequests", Kind::Text),
];
/// The field with the id of the preferences that are changed; there is none for those that are new.
const ID: &str = "preferencias";

/// Something that can be ticked or chosen.
pub(crate) struct OptionLine {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
    pub(crate) hint: Option<&'static str>,
}

/// Preferences as sentences.
pub(crate) struct PreferencesView {
    pub(crate) sentence: String,
    pub(crate) services: Vec<String>,
    pub(crate) staff: Vec<String>,
    pub(crate) special_requests: Option<String>,
}

impl PreferencesView {
    pub(crate) fn of(preferences: &ClientPreferences, names: &Names, t: &Words) -> Self {
        Self {
            sentence: t.preferences.sentence(
                match preferences.communication {
                    CommunicationPreference::Email => t.preferences.by_email,
                    other => t.labels.channel(other),
                },
                t.labels.reminder(preferences.reminder),
            ),
            services: preferences.services.iter().map(|id| names.service(id.as_str(), t)).collect(),
            staff: preferences.staff.iter().map(|id| names.person(id.as_str(), t)).collect(),
            special_requests: preferences.special_requests.as_ref().map(|text| text.as_str().to_owned()),
        }
    }
}

/// What services and staff are called.
pub(crate) struct Names {
    services: BTreeMap<String, String>,
    staff: BTreeMap<String, String>,
}

impl Names {
    pub(crate) fn of(catalogue: &Catalogue, t: &Words) -> Self {
        let staff = catalogue.staff.iter();
        let services = catalogue.services.iter();
        Self {
            services: services.map(|service| (service.id.to_string(), service.name.clone())).collect(),
            staff: staff.map(|one| (one.id.to_string(), full_name(&one.first_name, &one.last_name, t))).collect(),
        }
    }

    fn service(&self, id: &str, t: &Words) -> String {
        self.services.get(id).cloned().unwrap_or_else(|| t.preferences.gone_service.to_owned())
    }

    fn person(&self, id: &str, t: &Words) -> String {
        self.staff.get(id).cloned().unwrap_or_else(|| t.preferences.gone_staff.to_owned())
    }
}

/// The form with everything chosen so far.
pub(crate) struct PreferencesForm {
    pub(crate) channels: Vec<OptionLine>,
    pub(crate) reminders: Vec<OptionLine>,
    pub(crate) services: Vec<OptionLine>,
    pub(crate) staff: Vec<OptionLine>,
    pub(crate) special_requests: String,
    pub(crate) mistakes: Mistakes,
}

impl PreferencesForm {
    fn new(summary: &ProfileSummary, catalogue: &Catalogue, typed: &Form, mistakes: Mistakes, t: &Words) -> Self {
        let channel = typed.text("communicationPreference").parse().unwrap_or_default();
        let reminder = typed.text("reminderTime").parse().unwrap_or_default();
        let hint = |channel| match channel {
            CommunicationPreference::Email => email_of(summary).is_none().then_some(t.preferences.no_email),
            CommunicationPreference::Sms | CommunicationPreference::Whatsapp => {
                phone_of(summary).is_none().then_some(t.preferences.no_phone)
            }
        };
        let channels = CommunicationPreference::ALL.map(|one| OptionLine {
            value: one.as_str().to_owned(),
            label: t.labels.channel(one).to_owned(),
            is_chosen: one == channel,
            hint: hint(one),
        });
        let reminders = ReminderTime::ALL.map(|one| OptionLine {
            value: one.as_str().to_owned(),
            label: t.labels.reminder(one).to_owned(),
            is_chosen: one == reminder,
            hint: None,
        });
        let services = catalogue.services.iter().map(|one| (one.id.as_str(), one.name.clone(), one.is_active));
        let staff = catalogue.staff.iter();
        let staff = staff.map(|one| (one.id.as_str(), full_name(&one.first_name, &one.last_name, t), one.is_active));
        Self {
            channels: channels.into(),
            reminders: reminders.into(),
            services: options(services, typed, "preferredServices", t.preferences.gone_service, t),
            staff: options(staff, typed, "preferredStaff", t.preferences.gone_staff, t),
            special_requests: typed.text("specialRequests").to_owned(),
            mistakes,
        }
    }
}

/// What is active can be ticked; what was ticked earlier stays, although it is inactive or gone.
fn options<'a>(
    known: impl Iterator<Item = (&'a str, String, bool)>,
    typed: &Form,
    field: &str,
    gone: &str,
    t: &Words,
) -> Vec<OptionLine> {
    let chosen: Vec<_> = typed.all(field).collect();
    let mut lines = Vec::new();
    let mut left: Vec<_> = chosen.clone();
    for (id, label, is_active) in known {
        let is_chosen = chosen.contains(&id);
        left.retain(|one| *one != id);
        if is_active || is_chosen {
            let hint = (!is_active).then_some(t.preferences.inactive);
            lines.push(OptionLine { value: id.to_owned(), label, is_chosen, hint });
        }
    }
    let line = |id: &str| OptionLine { value: id.to_owned(), label: gone.to_owned(), is_chosen: true, hint: None };
    lines.extend(left.into_iter().map(line));
    lines
}

#[derive(Template)]
#[template(path = "pages/preferences.html")]
struct PreferencesPage {
    frame: Frame,
    head: Head,
    view: Option<PreferencesView>,
    form: PreferencesForm,
    /// The preferences that are changed; new ones have no id.
    id: String,
    version: String,
    once: String,
    may_save: bool,
}

impl Page for PreferencesPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.preferences.title, self.head.name)
    }

    fn has_mistakes(&self) -> bool {
        !self.form.mistakes.is_empty()
    }
}

/// `GET /ui/clientes/{client}/preferencias`
pub(crate) async fn page(visit: Visit, client: Path<String>) -> Result<HttpResponse, Problem> {
    let client = profile_id(client.into_inner())?;
    let stored = visit.api.preferences.get_by_profile(&visit.actor, &client).await?;
    let typed = stored.as_ref().map(as_typed).unwrap_or_default();
    show(&preferences_page(visit, &client, stored.as_ref(), None, &typed, Mistakes::default()).await?)
}

async fn preferences_page(
    visit: Visit,
    client: &ProfileId,
    stored: Option<&ClientPreferences>,
    version: Option<&str>,
    typed: &Form,
    mistakes: Mistakes,
) -> Result<PreferencesPage, Problem> {
    let summary = visit.api.profiles.summary(&visit.actor, client).await?;
    let catalogue = visit.api.directory.catalogue(&visit.actor).await?;
    let t = visit.frame.t;
    let names = Names::of(&catalogue, t);
    let prefers = stored.map(|stored| stored.communication);
    let action = if stored.is_some() { Action::UpdatePreferences } else { Action::CreatePreferences };
    let current = || stored.map(|stored| Version::of(stored).to_string()).unwrap_or_default();
    Ok(PreferencesPage {
        head: Head::of(&visit, &summary, Tab::Preferences, prefers).await?,
        view: stored.map(|stored| PreferencesView::of(stored, &names, t)),
        form: PreferencesForm::new(&summary, &catalogue, typed, mistakes, t),
        id: stored.map(|stored| stored.id.to_string()).unwrap_or_default(),
        version: version.map_or_else(current, str::to_owned),
        once: visit.once(),
        may_save: visit.may(action, &summary.profile.user_id),
        frame: visit.frame,
    })
}

/// What preferences say, as if it had been typed.
fn as_typed(preferences: &ClientPreferences) -> Form {
    let services = preferences.services.iter().map(|id| ("preferredServices", id.to_string()));
    let staff = preferences.staff.iter().map(|id| ("preferredStaff", id.to_string()));
    let requests = preferences.special_requests.iter().map(|text| ("specialRequests", text.as_str().to_owned()));
    let choices = [
        ("communicationPreference", preferences.communication.as_str().to_owned()),
        ("reminderTime", preferences.reminder.as_str().to_owned()),
    ];
    Form::holding(choices.into_iter().chain(services).chain(staff).chain(requests))
}

/// `POST /ui/clientes/{client}/preferencias`: sets them for the first time, or changes them.
pub(crate) async fn save(submission: Submission, client: Path<String>) -> Result<HttpResponse, Problem> {
    let actor = submission.actor();
    let Submission { visit, form, .. } = submission;
    let client = profile_id(client.into_inner())?;
    let place = format!("/ui/clientes/{client}/preferencias");
    let saved = if let Ok(id) = PreferencesId::parse(form.text(ID)) {
        if visit.api.preferences.get(&visit.actor, &id).await?.profile_id != client {
            return Err(ErrorCode::PreferencesNotFound.into());
        }
        let body: UpdatePreferencesBody = form.read(&FIELDS)?;
        visit.api.preferences.update(&visit.actor, &id, body.into_update(form.precondition())).await.map(drop)
    } else {
        let body: CreatePreferencesBody = form.read_with(&FIELDS, "clientProfileId", client.as_str())?;
        match body.into_new() {
            Ok(new) => visit.api.preferences.create(&actor, new).await.map(drop),
            Err(violations) => Err(violations.into()),
        }
    };
    match saved {
        Ok(()) => Ok(lead_to(&place, &Flash::new(Notice::PreferencesSaved))),
        Err(CrmError::Conflict(UniqueRule::Request)) => Ok(lead_to(&place, &Flash::new(Notice::AlreadyDone))),
        // Somebody set them meanwhile: what was typed is compared with what they say.
        Err(CrmError::Conflict(UniqueRule::PreferencesPerProfile)) => {
            let stored = visit.api.preferences.get_by_profile(&visit.actor, &client).await?;
            let stored = stored.ok_or(ErrorCode::PreferencesNotFound)?;
            ask(visit, place, &form, &stored, &[]).await
        }
        Err(CrmError::Stale(stale)) => {
            let Current::Preferences(stored) = stale.current else { return Err(ErrorCode::InternalError.into()) };
            ask(visit, place, &form, &stored, &stale.differing).await
        }
        Err(CrmError::Invalid(violations)) => {
            let stored = visit.api.preferences.get_by_profile(&visit.actor, &client).await?;
            let t = visit.frame.t;
            let mistakes = Mistakes::of(&violations, t, &form, |field| field_label(field, t));
            let seen = Some(form.text(VERSION));
            // After a choice between two versions, the form speaks of what was chosen alone.
            let typed = form.over(stored.as_ref().map(as_typed).unwrap_or_default(), &FIELDS);
            let page = preferences_page(visit, &client, stored.as_ref(), seen, &typed, mistakes).await?;
            show_as(StatusCode::BAD_REQUEST, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn ask(
    visit: Visit,
    place: String,
    form: &Form,
    stored: &ClientPreferences,
    both: &[&str],
) -> Result<HttpResponse, Problem> {
    let t = visit.frame.t;
    let names = Names::of(&visit.api.directory.catalogue(&visit.actor).await?, t);
    let places = Places { action: place.clone(), back: place, hidden: vec![(ID, stored.id.to_string())] };
    conflict::ask(visit.frame, places, form, &FIELDS, stored, both, |field, values| match field {
        _ if values.is_empty() => t.problems.nothing.to_owned(),
        "preferredServices" => values.iter().map(|id| names.service(id, t)).collect::<Vec<_>>().join(", "),
        "preferredStaff" => values.iter().map(|id| names.person(id, t)).collect::<Vec<_>>().join(", "),
        _ => conflict::plain(field, values, t),
    })
}
