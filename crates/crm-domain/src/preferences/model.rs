use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{PreferencesId, ProfileId, ServiceId, UserId};
use crate::patch::Patch;
use crate::validation::{Reason, Violations};
use crate::value::Prose;
use crate::version::{Merged, Precondition};

/// Most preferred services, and most preferred staff (product contract, section 5).
pub const MAX_PREFERRED: usize = 100;

/// How a client wants to be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CommunicationPreference {
    /// By e-mail.
    #[default]
    Email,
    /// By text message.
    Sms,
    /// By WhatsApp.
    Whatsapp,
}

impl CommunicationPreference {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Whatsapp];

    /// The mission's name of the channel.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
            Self::Whatsapp => "WHATSAPP",
        }
    }
}

impl FromStr for CommunicationPreference {
    type Err = Reason;

    fn from_str(raw: &str) -> Result<Self, Reason> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == raw).ok_or(Reason::NotOneOf("EMAIL, SMS, WHATSAPP"))
    }
}

/// How long before an appointment a client is reminded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReminderTime {
    /// A day before.
    #[default]
    #[serde(rename = "HOURS_24")]
    Hours24,
    /// An hour before.
    #[serde(rename = "HOURS_1")]
    Hours1,
    /// Both times.
    #[serde(rename = "BOTH")]
    Both,
}

impl ReminderTime {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Hours24, Self::Hours1, Self::Both];

    /// The mission's name of the choice.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hours24 => "HOURS_24",
            Self::Hours1 => "HOURS_1",
            Self::Both => "BOTH",
        }
    }
}

impl FromStr for ReminderTime {
    type Err = Reason;

    fn from_str(raw: &str) -> Result<Self, Reason> {
        Self::ALL.into_iter().find(|time| time.as_str() == raw).ok_or(Reason::NotOneOf("HOURS_24, HOURS_1, BOTH"))
    }
}

/// A client's preferences. Each profile has them at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPreferences {
    /// Their id.
    pub id: PreferencesId,
    /// Whose preferences they are.
    pub profile_id: ProfileId,
    /// Preferred services. Ids stored earlier may no longer exist.
    pub services: Vec<ServiceId>,
    /// Preferred staff. Ids stored earlier may no longer exist.
    pub staff: Vec<UserId>,
    /// How to reach the client.
    pub communication: CommunicationPreference,
    /// When to remind the client.
    pub reminder: ReminderTime,
    /// Anything else the client asks for.
    pub special_requests: Option<Prose<2000>>,
    /// When they were first set.
    pub created_at: DateTime<Utc>,
    /// When they last changed.
    pub updated_at: DateTime<Utc>,
}

/// What an update says about each field. Lists are replaced whole; clearing one empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ClientPreferences")]
pub struct PreferencesPatch {
    pub services: Patch<Vec<ServiceId>>,
    pub staff: Patch<Vec<UserId>>,
    pub communication: Option<CommunicationPreference>,
    pub reminder: Option<ReminderTime>,
    pub special_requests: Patch<Prose<2000>>,
}

impl PreferencesPatch {
    pub(super) fn apply(self, preferences: &mut ClientPreferences) {
        let Self { services, staff, communication, reminder, special_requests } = self;
        replace(services, &mut preferences.services);
        replace(staff, &mut preferences.staff);
        preferences.communication = communication.unwrap_or(preferences.communication);
        preferences.reminder = reminder.unwrap_or(preferences.reminder);
        special_requests.apply(&mut preferences.special_requests);
    }
}

fn replace<T>(patch: Patch<Vec<T>>, list: &mut Vec<T>) {
    match patch {
        Patch::Keep => {}
        Patch::Clear => list.clear(),
        Patch::Set(new) => *list = new,
    }
}

/// Preferences to set for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPreferences {
    /// Whose preferences they will be.
    pub profile_id: ProfileId,
    /// What they will say; the rest takes the mission's defaults.
    pub details: PreferencesPatch,
    /// What is already known to be wrong with the input, to be reported with whatever else is found.
    pub mistakes: Violations,
}

/// Unchangeable fields that a caller sent along. They must equal what is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ClientPreferences")]
pub struct PreferencesEcho {
    pub id: Option<String>,
    pub client_profile_id: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

impl PreferencesEcho {
    pub(super) fn check(&self, stored: &ClientPreferences, violations: &mut Violations) {
        violations.same("id", self.id.as_deref(), stored.id.as_str());
        violations.same("clientProfileId", self.client_profile_id.as_deref(), stored.profile_id.as_str());
        violations.same("createdAt", self.created_at.as_ref(), &stored.created_at);
        violations.same("updatedAt", self.updated_at.as_ref(), &stored.updated_at);
    }
}

/// A change to preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreferencesUpdate {
    /// The fields to change.
    pub patch: PreferencesPatch,
    /// The fields that must not differ.
    pub echo: PreferencesEcho,
    /// What is already known to be wrong with the input, to be reported with whatever else is found.
    pub mistakes: Violations,
    /// What the caller must have seen.
    pub precondition: Precondition,
}

impl PreferencesUpdate {
    /// Leaves out what others changed since the caller looked; the error names the fields that stand in the way.
    pub(super) fn reconcile(self, seen: &ClientPreferences) -> Result<(Self, Option<Merged>), Vec<&'static str>> {
        let mut target = seen.clone();
        self.patch.clone().apply(&mut target);
        let Some(merged) = self.precondition.reconcile(seen, &target)? else { return Ok((self, None)) };
        let PreferencesPatch { services, staff, communication, reminder, special_requests } = self.patch;
        let wanted = |field| merged.yours.contains(&field);
        let patch = PreferencesPatch {
            services: services.only_if(wanted("preferredServices")),
            staff: staff.only_if(wanted("preferredStaff")),
            communication: communication.filter(|_| wanted("communicationPreference")),
            reminder: reminder.filter(|_| wanted("reminderTime")),
            special_requests: special_requests.only_if(wanted("specialRequests")),
        };
        // The time the caller saw is another by now.
        let echo = PreferencesEcho { updated_at: None, ..self.echo };
        Ok((Self { patch, echo, ..self }, Some(merged)))
    }
}
