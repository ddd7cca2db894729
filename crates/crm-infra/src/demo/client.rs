//! A person: their account, the host's record of them, and their portal account.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use crm_domain::access::Role;

use super::maker::{Account, Maker};
use super::names::Name;
use super::phone::Phone;
use super::places::{self, Place};
use super::rows::{Table, time};
use super::salon::Salon;

/// Days since the first client came.
const OLDEST: u32 = 730;

/// How well a person is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Only by telephone.
    Stranger,
    /// Has an account in `users`.
    Registered,
    /// Has a profile too.
    Profiled,
}

/// What there is of a person.
#[derive(Clone, Copy)]
pub(super) struct Presence {
    /// The one whose e-mail address is told.
    pub(super) is_demo_account: bool,
    pub(super) standing: Standing,
    pub(super) has_record: bool,
}

pub(super) struct Client {
    pub(super) name: Name,
    pub(super) email: String,
    pub(super) phone: Phone,
    pub(super) place: &'static Place,
    pub(super) birthday: Option<NaiveDateTime>,
    pub(super) since: NaiveDateTime,
    /// The percentage of what may be left out that is not.
    pub(super) completeness: u32,
    /// In `users`.
    pub(super) account: Option<String>,
    /// In `clients`.
    pub(super) record: Option<String>,
}

impl Client {
    /// Enrols a person who will come this often.
    pub(super) fn enrol(maker: &mut Maker, salon: &Salon, presence: Presence, visits: u32) -> Self {
        let number = maker.next_person();
        let name = Name::any(&mut maker.dice);
        let place = places::near(salon.home, &mut maker.dice);
        let area = place.area(&mut maker.dice);
        let completeness = if presence.is_demo_account { 100 } else { 0 };
        let mut client = Self {
            email: if presence.is_demo_account { salon.client_email() } else { email(maker, &name, number) },
            phone: Phone::of(number, area, &mut maker.dice),
            birthday: maker.dice.percent(completeness.max(70)).then(|| birthday(maker)),
            since: since(maker, visits),
            completeness,
            name,
            place,
            account: None,
            record: None,
        };
        let typed = maker.dice.maybe(completeness.max(88), |dice| client.phone.typed(dice));
        if presence.standing >= Standing::Registered {
            client.account = Some(client.add_account(maker, salon, typed.clone()));
        }
        if presence.has_record {
            client.record = Some(client.add_record(maker, salon, typed.as_deref()));
            if maker.dice.percent(35) {
                client.add_portal_account(maker, salon);
            }
        }
        client
    }

    fn add_account(&self, maker: &mut Maker, salon: &Salon, phone: Option<String>) -> String {
        let can_sign_in = maker.dice.percent(self.completeness.max(70));
        let is_active = maker.dice.percent(self.completeness.max(97));
        maker.add_user(Account {
            tenant: &salon.id,
            branch: None,
            role: Role::Client,
            email: &self.email,
            name: &self.name,
            phone,
            is_active,
            can_sign_in,
            since: self.since,
        })
    }

    /// The host's record, found through the phone or through the e-mail address.
    fn add_record(&self, maker: &mut Maker, salon: &Salon, typed: Option<&str>) -> String {
        let id = maker.ids.next();
        let has_email = typed.is_none() || maker.dice.percent(60);
        let row = [
            ("id", id.as_str().into()),
            ("firstName", self.name.first.into()),
            ("lastName", self.name.last.as_str().into()),
            ("email", has_email.then(|| self.email.clone()).into()),
            ("phone", self.phone.typed_unlike(typed.unwrap_or_default(), &mut maker.dice).into()),
            ("birthday", self.birthday.filter(|_| maker.dice.percent(40)).map(time).into()),
            ("tenantId", salon.id.as_str().into()),
            ("createdAt", time(self.since)),
            ("updatedAt", time(maker.last_change(self.since))),
        ];
        maker.rows.add(Table::Clients, &row);
        id
    }

    fn add_portal_account(&self, maker: &mut Maker, salon: &Salon) {
        let created = maker.time_since(self.since);
        let row = [
            ("id", maker.ids.next().into()),
            ("email", self.email.as_str().into()),
            ("password", maker.password_hash(true)),
            ("firstName", self.name.first.into()),
            ("lastName", self.name.last.as_str().into()),
            ("phone", self.phone.typed(&mut maker.dice).into()),
            ("tenantId", salon.id.as_str().into()),
            ("clientId", self.record.clone().into()),
            ("createdAt", time(created)),
            ("updatedAt", time(maker.last_change(created))),
        ];
        maker.rows.add(Table::ClientUsers, &row);
    }
}

fn email(maker: &mut Maker, name: &Name, number: u64) -> String {
    let provider = maker.dice.pick_common(&["correo", "buzon", "mensajes"]);
    format!("{}@{provider}{}.example", name.mailbox(number, &mut maker.dice), maker.suffix)
}

/// Who comes often has been coming for long.
fn since(maker: &mut Maker, visits: u32) -> NaiveDateTime {
    let days = maker.dice.number((visits.saturating_mul(6)).min(OLDEST - 28)..=OLDEST - 1);
    let earliest = maker.days_ago(days + 1);
    maker.dice.time(earliest, earliest + TimeDelta::days(1))
}

/// Midnight of a day on which somebody was born who is between 16 and 85 by now.
fn birthday(maker: &mut Maker) -> NaiveDateTime {
    let days = maker.dice.number(16 * 366..=85 * 365);
    maker.days_ago(days).date().and_time(NaiveTime::MIN)
}
