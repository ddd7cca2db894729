//! How a client is called and reached: the head of every page about one.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use crm_domain::access::{Action, Role};
use crm_domain::directory::User;
use crm_domain::ids::UserId;
use crm_domain::note::NoteCounts;
use crm_domain::photo::PhotoId;
use crm_domain::preferences::CommunicationPreference;
use crm_domain::profile::{ClientProfile, ProfileSummary};
use crm_domain::value::{BirthDate, Email, Phone, PhotoSize};
use crm_domain::version::Version;
use crm_http::problem::Problem;

use crate::format;
use crate::visit::Visit;
use crate::words::Words;

/// The sections of a card, each with its own address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Summary,
    History,
    Notes,
    Preferences,
    Photo,
}

impl Tab {
    const ALL: [(Self, Action, &'static str); 5] = [
        (Self::Summary, Action::ReadProfile, ""),
        (Self::History, Action::ReadHistory, "/historial"),
        (Self::Notes, Action::ListNotes, "/notas"),
        (Self::Preferences, Action::ReadPreferences, "/preferencias"),
        (Self::Photo, Action::ChangePhoto, "/foto"),
    ];

    fn label(self, t: &Words) -> &'static str {
        match self {
            Self::Summary => t.card.summary,
            Self::History => t.card.history,
            Self::Notes => t.card.notes,
            Self::Preferences => t.card.preferences,
            Self::Photo => t.card.photo,
        }
    }
}

/// A tab as it is shown.
pub(crate) struct TabLine {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) is_current: bool,
    /// How many things are behind it, as far as the reader may know.
    pub(crate) count: Option<u64>,
}

/// A way to reach somebody.
pub(crate) struct Contact {
    pub(crate) label: &'static str,
    pub(crate) href: String,
    pub(crate) icon: &'static str,
    /// Whether the client likes this way best.
    pub(crate) is_preferred: bool,
}

/// The head of a client's card.
#[expect(clippy::struct_excessive_bools, reason = "each is shown, or shows something, by itself")]
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) initials: String,
    /// Address of the picture, if this service keeps one.
    pub(crate) photo: Option<String>,
    /// Since when, how old, when the birthday is.
    pub(crate) facts: Vec<String>,
    pub(crate) has_birthday: bool,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) tabs: Vec<TabLine>,
    pub(crate) may_edit: bool,
    pub(crate) may_delete: bool,
    pub(crate) may_add_note: bool,
    pub(crate) may_see_activity: bool,
    pub(crate) version: String,
}

/// The first and the last name: those of the profile, or those of the user.
pub(crate) fn names<'a>(profile: &'a ClientProfile, user: &'a User) -> (&'a str, &'a str) {
    let details = &profile.details;
    let first = details.first_name.as_ref().map_or("", |name| name.as_str());
    let last = details.last_name.as_ref().map_or("", |name| name.as_str());
    if first.is_empty() && last.is_empty() { (&user.first_name, &user.last_name) } else { (first, last) }
}

/// What somebody is called.
pub(crate) fn full_name(first: &str, last: &str, t: &Words) -> String {
    let name = [first.trim(), last.trim()].join(" ");
    let name = name.trim();
    if name.is_empty() { t.card.unnamed.to_owned() } else { name.to_owned() }
}

/// What the client of a profile is called.
pub(crate) fn name_of(summary: &ProfileSummary, t: &Words) -> String {
    let (first, last) = names(&summary.profile, &summary.user);
    full_name(first, last, t)
}

/// The phone of a client: the profile's, or the user's.
pub(crate) fn phone_of(summary: &ProfileSummary) -> Option<&str> {
    let phone = summary.profile.details.phone.as_ref().map(Phone::as_str);
    phone.or(summary.user.phone.as_deref()).filter(|phone| !phone.trim().is_empty())
}

/// The e-mail address of a client: the profile's, or the user's.
pub(crate) fn email_of(summary: &ProfileSummary) -> Option<&str> {
    let email = summary.profile.details.email.as_ref().map(Email::as_str);
    email.or(Some(summary.user.email.as_str())).filter(|email| !email.trim().is_empty())
}

/// What people are called, as far as they are still there.
pub(crate) async fn names_of(visit: &Visit, people: &[UserId]) -> Result<BTreeMap<UserId, String>, Problem> {
    let users = visit.api.directory.users(&visit.actor, people).await?;
    let name = |user: &User| full_name(&user.first_name, &user.last_name, visit.frame.t);
    Ok(users.into_iter().map(|user| (user.id.clone(), name(&user))).collect())
}

impl Head {
    /// The head of a page about this client, with the number of notes the reader may read.
    pub(crate) async fn of(
        visit: &Visit,
        summary: &ProfileSummary,
        current: Tab,
        prefers: Option<CommunicationPreference>,
    ) -> Result<Self, Problem> {
        let (t, format) = (visit.frame.t, visit.frame.format);
        let ProfileSummary { profile, user } = summary;
        let (first, last) = names(profile, user);
        let owner = &profile.user_id;
        let may = |action| visit.may(action, owner);
        let notes =
            if may(Action::ListNotes) { Some(visit.api.notes.counts(&visit.actor, &profile.id).await?) } else { None };

        let since = format.local_date(profile.created_at);
        let mut facts = vec![t.card.client_since(&format.month(since.year(), since.month()))];
        let born = profile.details.date_of_birth.map(BirthDate::date);
        let today = visit.today();
        if let Some(born) = born {
            facts.push(t.card.age(format::age(born, today)));
            facts.push(t.card.birthday(&format.day_of_year(born)));
        }
        let day = |date: chrono::NaiveDate| (date.month(), date.day());
        let reachable = Tab::ALL.into_iter().filter(|(_, action, _)| may(*action));
        Ok(Self {
            name: full_name(first, last, t),
            initials: format::initials(first, last),
            photo: PhotoId::shown_by(profile).map(|photo| photo.url(PhotoSize::Full).as_str().to_owned()),
            facts,
            has_birthday: born.is_some_and(|born| day(born) == day(today)),
            // Nobody calls themselves.
            contacts: if visit.actor.role() == Role::Client { Vec::new() } else { contacts(summary, t, prefers) },
            tabs: reachable
                .map(|(tab, _, path)| TabLine {
                    href: format!("/ui/clientes/{}{path}", profile.id),
                    label: tab.label(t),
                    is_current: tab == current,
                    count: notes.as_ref().filter(|_| tab == Tab::Notes).map(NoteCounts::total),
                })
                .collect(),
            may_edit: may(Action::UpdateProfile),
            may_delete: may(Action::DeleteProfile),
            may_add_note: may(Action::CreateNote),
            may_see_activity: may(Action::ReadActivity),
            version: Version::of(profile).to_string(),
            id: profile.id.to_string(),
        })
    }
}

/// The way a client likes best, so that it stands first on every page about them.
pub(crate) async fn preferred_channel(
    visit: &Visit,
    profile: &ClientProfile,
) -> Result<Option<CommunicationPreference>, Problem> {
    if !visit.may(Action::ReadPreferences, &profile.user_id) {
        return Ok(None);
    }
    let stored = visit.api.preferences.get_by_profile(&visit.actor, &profile.id).await?;
    Ok(stored.map(|preferences| preferences.communication))
}

fn contacts(summary: &ProfileSummary, t: &Words, prefers: Option<CommunicationPreference>) -> Vec<Contact> {
    let number = phone_of(summary).and_then(format::dialled);
    let call = number.as_ref().map(|number| Contact {
        label: t.card.call,
        href: format!("tel:{number}"),
        icon: "phone",
        is_preferred: false,
    });
    let text = number.as_ref().filter(|_| prefers == Some(CommunicationPreference::Sms)).map(|number| Contact {
        label: t.labels.sms,
        href: format!("sms:{number}"),
        icon: "chat",
        is_preferred: true,
    });
    // Without a country it could be anybody's.
    let whatsapp = number.as_ref().filter(|number| number.starts_with('+')).map(|number| Contact {
        label: t.card.whatsapp,
        href: format!("https://wa.me/{}", number.trim_start_matches('+')),
        icon: "chat",
        is_preferred: prefers == Some(CommunicationPreference::Whatsapp),
    });
    let write = email_of(summary).map(|email| Contact {
        label: t.card.write,
        href: format::mailto(email),
        icon: "mail",
        is_preferred: prefers == Some(CommunicationPreference::Email),
    });
    let mut contacts: Vec<_> = [text, call, whatsapp, write].into_iter().flatten().collect();
    contacts.sort_by_key(|contact| !contact.is_preferred);
    contacts
}
