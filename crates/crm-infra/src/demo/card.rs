//! The card of a client: profile, preferences and notes.

use chrono::NaiveDateTime;
use crm_domain::note::NoteType;
use crm_domain::preferences::{CommunicationPreference, ReminderTime};
use crm_domain::profile::Gender;
use sea_orm::Value;

use super::client::Client;
use super::maker::Maker;
use super::names::Name;
use super::phone::Phone;
use super::places;
use super::rows::Table;
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
        // Without a name of its own the profile goes by the account's.
        let name = maker.dice.maybe(90, |_| &client.name);
        let gender = maker.dice.maybe(75, |_| client.name.gender).map(|gender| rarely_other(maker, gender));
        let home = places::near(client.place, &mut maker.dice);
        let address = maker.dice.maybe(65, |dice| home.address(dice));
        let has_city = address.is_some() || maker.dice.percent(60);
        let emergency = maker.dice.maybe(40, |dice| (Name::any(dice).full(), another_phone(home.area(dice), dice)));
        let (emergency_name, emergency_phone) = emergency.unzip();
        let (street, postal_code) = address.map(|address| (address.street, address.postal_code)).unzip();
        let area = home.area(&mut maker.dice);
        let dice = &mut maker.dice;
        let row = [
            ("id", profile.as_str().into()),
            ("userId", account.into()),
            ("firstName", name.map(|name| name.first.to_owned()).into()),
            ("lastName", name.map(|name| name.last.clone()).into()),
            ("dateOfBirth", client.birthday.into()),
            ("gender", gender.into()),
            ("address", street.into()),
            ("city", has_city.then(|| home.city.to_owned()).into()),
            ("state", has_city.then(|| home.state.to_owned()).into()),
            ("postalCode", postal_code.into()),
            ("phone", dice.maybe(70, |dice| client.phone.typed(dice)).into()),
            ("alternatePhone", dice.maybe(18, |dice| another_phone(area, dice)).into()),
            ("email", dice.maybe(65, |_| client.email.clone()).into()),
            ("alternateEmail", dice.maybe(10, |_| format!("trabajo.{}", client.email)).into()),
            ("occupation", one_of(60, &texts::OCCUPATIONS, dice)),
            ("company", one_of(30, &texts::COMPANIES, dice)),
            ("emergencyContactName", emergency_name.into()),
            ("emergencyContactPhone", emergency_phone.into()),
            ("notes", one_of(15, &texts::PROFILE_NOTES, dice)),
            ("createdAt", created.into()),
            ("updatedAt", maker.last_change(created).into()),
        ];
        maker.rows.add(Table::ClientProfiles, row);
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
            ("specialRequests", one_of(30, &texts::SPECIAL_REQUESTS, &mut maker.dice)),
            ("createdAt", created.into()),
            ("updatedAt", maker.last_change(created).into()),
        ];
        maker.rows.add(Table::ClientPreferences, row);
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
            ("createdAt", created.into()),
            ("updatedAt", maker.last_change(created).into()),
        ];
        maker.rows.add(Table::ClientNotes, row);
    }
}

fn another_phone(area: &'static str, dice: &mut super::dice::Dice) -> String {
    Phone::any(area, dice).typed(dice)
}

fn one_of(percent: u32, texts: &[&str], dice: &mut super::dice::Dice) -> Value {
    dice.maybe(percent, |dice| (*dice.pick(texts)).to_owned()).into()
}

fn rarely_other(maker: &mut Maker, gender: Gender) -> String {
    let gender = maker.dice.weigh(&[(95, gender), (2, Gender::Other), (3, Gender::PreferNotToSay)]);
    let label = if maker.speaks_spanish_genders { gender.as_spanish_str() } else { gender.as_str() };
    label.to_owned()
}
