//! The card of a client: profile, preferences and notes.

use chrono::NaiveDateTime;
use crm_domain::note::NoteType;
use crm_domain::preferences::{CommunicationPreference, ReminderTime};

use super::client::Client;
use super::dice::Dice;
use super::maker::Maker;
use super::names::Name;
use super::phone::Phone;
use super::places::{self, Place};
use super::rows::{Table, time};
use super::salon::Salon;
use super::texts;

const NOTE_TYPES: [(u32, NoteType); 4] =
    [(45, NoteType::General), (20, NoteType::Medical), (23, NoteType::Preference), (12, NoteType::Complaint)];
const CHANNELS: [(u32, CommunicationPreference); 3] =
    [(30, CommunicationPreference::Email), (20, CommunicationPreference::Sms), (50, CommunicationPreference::Whatsapp)];
const REMINDERS: [(u32, ReminderTime); 3] =
    [(55, ReminderTime::Hours24), (20, ReminderTime::Hours1), (25, ReminderTime::Both)];

/// A row of `client_profiles`.
pub(super) struct Card {
    profile: String,
    created: NaiveDateTime,
}

impl Card {
    /// Makes the profile of the account, with as many gaps as real ones have.
    pub(super) fn make(maker: &mut Maker, client: &Client, account: &str) -> Self {
        let profile = maker.ids.next();
        let until = if maker.dice.percent(70) { client.since } else { maker.now };
        let created = maker.dice.time(client.since, until);
        let gender = maker.gender_label(client.name.gender);
        let dice = &mut maker.dice;
        let filled = |percent: u32| percent.max(client.completeness);
        // Without a name of its own the profile goes by the account's.
        let name = dice.maybe(filled(90), |_| &client.name);
        let home = places::near(client.place, dice);
        let (street, postal_code) = dice.maybe(filled(65), |dice| home.address(dice)).unzip();
        let has_city = street.is_some() || dice.percent(60);
        let emergency = |dice: &mut Dice| (Name::any(dice).full(), another_phone(home, dice));
        let (emergency_name, emergency_phone) = dice.maybe(filled(40), emergency).unzip();
        let row = [
            ("id", profile.as_str().into()),
            ("userId", account.into()),
            ("firstName", name.map(|name| name.first).into()),
            ("lastName", name.map(|name| name.last.as_str()).into()),
            ("dateOfBirth", client.birthday.map(time).into()),
            ("gender", dice.maybe(filled(75), |_| gender).into()),
            ("address", street.into()),
            ("city", has_city.then_some(home.city).into()),
            ("state", has_city.then_some(home.state).into()),
            ("postalCode", postal_code.into()),
            ("phone", dice.maybe(filled(70), |dice| client.phone.typed(dice)).into()),
            ("alternatePhone", dice.maybe(filled(18), |dice| another_phone(home, dice)).into()),
            ("email", dice.maybe(filled(65), |_| client.email.as_str()).into()),
            ("alternateEmail", dice.maybe(filled(10), |_| format!("trabajo.{}", client.email)).into()),
            ("occupation", dice.maybe(filled(60), |dice| texts::occupation(client.name.gender, dice)).into()),
            ("company", dice.maybe(filled(30), |dice| *dice.pick(&texts::COMPANIES)).into()),
            ("emergencyContactName", emergency_name.into()),
            ("emergencyContactPhone", emergency_phone.into()),
            ("notes", dice.maybe(filled(15), |dice| *dice.pick(&texts::PROFILE_NOTES)).into()),
            ("createdAt", time(created)),
            ("updatedAt", time(maker.last_change(created))),
        ];
        maker.rows.add(Table::ClientProfiles, &row);
        Self { profile, created }
    }

    pub(super) fn add_preferences(&self, maker: &mut Maker, salon: &Salon) {
        let services: Vec<_> = maker.dice.some(&salon.services, 3).into_iter().map(|service| &service.id).collect();
        let staff: Vec<_> = maker.dice.some(&salon.professionals, 2).into_iter().map(|colleague| &colleague.id).collect();
        let created = maker.time_since(self.created);
        let row = [
            ("id", maker.ids.next().into()),
            ("clientProfileId", self.profile.as_str().into()),
            ("preferredServices", serde_json::json!(services).to_string().into()),
            ("preferredStaff", serde_json::json!(staff).to_string().into()),
            ("communicationPreference", maker.dice.weigh(&CHANNELS).as_str().into()),
            ("reminderTime", maker.dice.weigh(&REMINDERS).as_str().into()),
            ("specialRequests", maker.dice.maybe(30, |dice| *dice.pick(&texts::SPECIAL_REQUESTS)).into()),
            ("createdAt", time(created)),
            ("updatedAt", time(maker.last_change(created))),
        ];
        maker.rows.add(Table::ClientPreferences, &row);
    }

    pub(super) fn add_note(&self, maker: &mut Maker, salon: &Salon) {
        let note_type = maker.dice.weigh(&NOTE_TYPES);
        let is_medical = note_type == NoteType::Medical;
        let authors = maker.dice.weigh(&[
            (55, &salon.professionals),
            (if is_medical { 0 } else { 30 }, &salon.receptionists),
            (15, &salon.managers),
        ]);
        let created = maker.time_since(self.created);
        let service = maker.dice.pick_common(&salon.services).name;
        let row = [
            ("id", maker.ids.next().into()),
            ("clientProfileId", self.profile.as_str().into()),
            ("createdByUserId", maker.dice.pick(authors).id.as_str().into()),
            ("noteType", note_type.as_str().into()),
            ("content", maker.dice.pick(texts::notes(note_type)).replace("{}", service).into()),
            ("isPrivate", maker.dice.percent(if is_medical { 30 } else { 8 }).into()),
            ("createdAt", time(created)),
            ("updatedAt", time(maker.last_change(created))),
        ];
        maker.rows.add(Table::ClientNotes, &row);
    }
}

fn another_phone(home: &Place, dice: &mut Dice) -> String {
    Phone::any(home.area(dice), dice).typed(dice)
}
