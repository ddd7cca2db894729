//! What every part of the demo needs at hand, and the accounts they all make.

use bcrypt::{BcryptError, Version};
use chrono::{NaiveDateTime, TimeDelta};
use crm_domain::access::Role;
use crm_domain::profile::Gender;
use serde_json::Value;

use super::DEMO_PASSWORD;
use super::dice::Dice;
use super::ids::Ids;
use super::names::Name;
use super::rows::{Rows, Table, time};

/// The host's cost of a password hash.
const COST: u32 = 10;

pub(super) struct Maker {
    pub(super) dice: Dice,
    pub(super) ids: Ids,
    pub(super) rows: Rows,
    pub(super) now: NaiveDateTime,
    /// Sets the names of one seed apart from those of another.
    pub(super) suffix: String,
    speaks_spanish_genders: bool,
    password_hash: String,
    people: u64,
}

/// A row of `users`.
pub(super) struct Account<'a> {
    pub(super) tenant: &'a str,
    pub(super) branch: Option<&'a str>,
    pub(super) role: Role,
    pub(super) email: &'a str,
    pub(super) name: &'a Name,
    pub(super) phone: Option<String>,
    pub(super) is_active: bool,
    pub(super) can_sign_in: bool,
    pub(super) since: NaiveDateTime,
}

/// What names of this seed end with; nothing for the seed used by default.
pub(super) fn suffix(seed: u64) -> String {
    if seed == 1 { String::new() } else { format!("-{seed}") }
}

impl Maker {
    pub(super) fn new(seed: u64, now: NaiveDateTime, speaks_spanish_genders: bool) -> Result<Self, BcryptError> {
        let mut dice = Dice::new(seed);
        // Once for everybody: it takes longer than everything else of a small demo.
        let password = bcrypt::hash_with_salt(DEMO_PASSWORD, COST, dice.bytes())?;
        Ok(Self {
            dice,
            ids: Ids::new(seed),
            rows: Rows::default(),
            now,
            suffix: suffix(seed),
            speaks_spanish_genders,
            password_hash: password.format_for_version(Version::TwoB),
            people: 0,
        })
    }

    /// A number for the next person.
    pub(super) fn next_person(&mut self) -> u64 {
        self.people += 1;
        self.people
    }

    pub(super) fn password_hash(&self, can_sign_in: bool) -> Value {
        can_sign_in.then(|| self.password_hash.clone()).into()
    }

    pub(super) fn days_ago(&self, days: u32) -> NaiveDateTime {
        self.now - TimeDelta::days(days.into())
    }

    /// A time between then and now.
    pub(super) fn time_since(&mut self, then: NaiveDateTime) -> NaiveDateTime {
        self.dice.time(then, self.now)
    }

    /// When a row made then was last changed: mostly never.
    pub(super) fn last_change(&mut self, created: NaiveDateTime) -> NaiveDateTime {
        if self.dice.percent(25) { self.time_since(created) } else { created }
    }

    /// A gender, rarely an unexpected one, as this database names it.
    pub(super) fn gender_label(&mut self, expected: Gender) -> &'static str {
        let gender = self.dice.weigh(&[(95, expected), (2, Gender::Other), (3, Gender::PreferNotToSay)]);
        if self.speaks_spanish_genders { gender.as_spanish_str() } else { gender.as_str() }
    }

    pub(super) fn add_user(&mut self, account: Account) -> String {
        let Account { tenant, branch, role, email, name, phone, is_active, can_sign_in, since } = account;
        let id = self.ids.next();
        let verified = self.dice.maybe(60, |dice| dice.time(since, since + TimeDelta::days(1)).min(self.now));
        let row = [
            ("id", id.as_str().into()),
            ("email", email.into()),
            ("password", self.password_hash(can_sign_in)),
            ("firstName", name.first.into()),
            ("lastName", name.last.as_str().into()),
            ("phone", phone.into()),
            ("role", role.as_str().into()),
            ("isActive", is_active.into()),
            ("tenantId", tenant.into()),
            ("branchId", branch.map(str::to_owned).into()),
            ("emailVerified", verified.map(time).into()),
            ("createdAt", time(since)),
            ("updatedAt", time(self.last_change(since))),
        ];
        self.rows.add(Table::Users, &row);
        id
    }
}
