//! The people of a business, made a crowd at a time so that memory stays bounded.

use crm_domain::error::StoreError;
use crm_domain::progress::Progress;

use super::DemoPlan;
use super::card::Card;
use super::client::{Client, Presence, Standing};
use super::maker::Maker;
use super::salon::Salon;
use super::visits::Visits;

use crate::database::Database;

/// People to whom notes and appointments are dealt at once.
const CROWD: u64 = 1_000;

/// What one tenant gets, or one crowd of its people.
#[derive(Clone, Copy)]
pub(super) struct Share {
    people: u64,
    /// The first so many of the people have one.
    profiles: u64,
    notes: u64,
    appointments: u64,
    /// Appointments of the first of the people beside those dealt to everybody.
    heavy: u64,
}

/// From so many tenants on, they are of very different size: the second is half as large as the first, and so on.
const MANY_TENANTS: u64 = 10;
/// A number that can be divided by that of any tenant with little loss.
const HUGE: u64 = 1 << 32;

/// In a large plan one client of each of the largest tenants has thousands of appointments: of the first 20,000, of the second
/// a quarter of that, of the third a ninth.
fn heavy_visits(plan: &DemoPlan, tenant: u64) -> u64 {
    const LARGE: u32 = 100_000;
    const MOST: u64 = 20_000;
    const LEAST: u64 = 1_000;
    if plan.appointments < LARGE {
        return 0;
    }
    let visits = MOST / (tenant + 1).pow(2);
    if visits < LEAST { 0 } else { visits }
}

impl Share {
    pub(super) fn of_tenants(plan: &DemoPlan) -> Vec<Self> {
        let tenants = u64::from(plan.tenants.max(1));
        // A few are alike; of many, a few are huge.
        let weight = |tenant: u64| if tenants < MANY_TENANTS { 1 } else { HUGE / (tenant + 1) };
        let whole: u64 = (0..tenants).map(weight).sum();
        let dealt = u64::from(plan.appointments) - (0..tenants).map(|tenant| heavy_visits(plan, tenant)).sum::<u64>();
        let mut from = 0;
        let share = |tenant| {
            let until = from + weight(tenant);
            let of = |total: u64| portion(total, from, until, whole);
            let profiles = of(plan.profiles.into()).max(1);
            // One in seven more people have no profile.
            let people = profiles + profiles.div_ceil(7);
            let (notes, appointments) = (of(plan.notes.into()), of(dealt));
            from = until;
            Self { people, profiles, notes, appointments, heavy: heavy_visits(plan, tenant) }
        };
        (0..tenants).map(share).collect()
    }

    pub(super) fn steps(&self) -> u64 {
        self.people + self.notes + self.appointments + self.heavy
    }

    /// What falls to the people from here on, as many as make a crowd.
    fn crowd(&self, from: u64) -> Self {
        let until = self.people.min(from + CROWD);
        let (first, last) = (from.min(self.profiles), until.min(self.profiles));
        Self {
            people: until - from,
            profiles: last - first,
            notes: portion(self.notes, first, last, self.profiles),
            appointments: portion(self.appointments, from, until, self.people),
            heavy: if from == 0 { self.heavy } else { 0 },
        }
    }

    fn presence(&self, place: u64, is_first_crowd: bool) -> Presence {
        let standing = match place {
            _ if place < self.profiles => Standing::Profiled,
            _ if place % 3 == 2 => Standing::Stranger,
            _ => Standing::Registered,
        };
        // Some have an account and never came.
        let has_record = standing == Standing::Stranger || place % 7 != 6;
        Presence { is_demo_account: is_first_crowd && place == 0, standing, has_record }
    }
}

/// The part of a total that falls to `from..until` of so many. All parts together are the total.
fn portion(total: u64, from: u64, until: u64, of: u64) -> u64 {
    let up_to = |end: u64| u64::try_from(u128::from(total) * u128::from(end) / u128::from(of)).unwrap_or(total);
    up_to(until) - up_to(from)
}

/// Makes the people and writes them as they come.
pub(super) struct Seeder<'a> {
    pub(super) database: &'a Database,
    pub(super) progress: &'a dyn Progress,
    pub(super) maker: Maker,
}

impl Seeder<'_> {
    pub(super) async fn fill(&mut self, salon: &Salon, share: &Share) -> Result<(), StoreError> {
        let mut from = 0;
        while from < share.people {
            self.add_crowd(salon, &share.crowd(from), from == 0).await?;
            from += CROWD;
        }
        Ok(())
    }

    pub(super) async fn write_rest(&mut self) -> Result<(), StoreError> {
        self.maker.rows.write(self.database).await
    }

    async fn add_crowd(&mut self, salon: &Salon, crowd: &Share, is_first: bool) -> Result<(), StoreError> {
        let people: Vec<_> = (0..crowd.people).map(|place| crowd.presence(place, is_first)).collect();
        let holders = people.iter().filter(|presence| presence.standing == Standing::Profiled).count();
        let visitors = people.iter().filter(|presence| presence.has_record).count();
        let mut notes = self.maker.dice.deal(crowd.notes, holders).into_iter();
        let mut visits = self.maker.dice.deal(crowd.appointments, visitors).into_iter();
        for (place, presence) in people.into_iter().enumerate() {
            let notes = if presence.standing == Standing::Profiled { notes.next().unwrap_or_default() } else { 0 };
            let visits = if presence.has_record { visits.next().unwrap_or_default() } else { 0 };
            let heavy = if place == 0 { u32::try_from(crowd.heavy).unwrap_or_default() } else { 0 };
            let visits = visits + heavy;
            self.add_person(salon, presence, notes, visits).await?;
            self.progress.advance(1 + u64::from(notes) + u64::from(visits));
        }
        Ok(())
    }

    async fn add_person(&mut self, salon: &Salon, presence: Presence, notes: u32, visits: u32) -> Result<(), StoreError> {
        let client = Client::enrol(&mut self.maker, salon, presence, visits);
        if let Some(account) = client.account.as_ref().filter(|_| presence.standing == Standing::Profiled) {
            let card = Card::make(&mut self.maker, &client, account);
            if presence.is_demo_account || self.maker.dice.percent(60) {
                card.add_preferences(&mut self.maker, salon);
            }
            for _ in 0..notes {
                card.add_note(&mut self.maker, salon);
                self.write_if_many().await?;
            }
        }
        if let Some(record) = &client.record {
            let calendar = Visits::of(&client, record, salon, &mut self.maker);
            for number in 0..visits {
                calendar.add(&mut self.maker, number, visits);
                self.write_if_many().await?;
            }
        }
        self.write_if_many().await
    }

    async fn write_if_many(&mut self) -> Result<(), StoreError> {
        if self.maker.rows.are_many() { self.maker.rows.write(self.database).await } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(tenants: u32, appointments: u32) -> Vec<Share> {
        let plan = DemoPlan { tenants, profiles: 10_000, notes: 30_000, appointments, ..DemoPlan::default() };
        let shares = Share::of_tenants(&plan);
        let sum = |of: fn(&Share) -> u64| shares.iter().map(of).sum::<u64>();
        assert_eq!(sum(|share| share.profiles), 10_000);
        assert_eq!(sum(|share| share.notes), 30_000);
        assert_eq!(sum(|share| share.appointments + share.heavy), u64::from(appointments));
        shares
    }

    #[test]
    fn a_few_tenants_are_alike_and_of_many_a_few_are_huge() {
        assert!(shares(4, 0).iter().all(|share| share.profiles == 2_500));
        let sizes: Vec<_> = shares(50, 0).iter().map(|share| share.profiles).collect();
        assert_eq!((sizes[0], sizes[1], sizes[49]), (2_222, 1_111, 45));
    }

    #[test]
    fn in_a_large_plan_the_largest_tenants_have_clients_with_thousands_of_appointments() {
        let heavy = |appointments| shares(50, appointments).iter().map(|share| share.heavy).collect::<Vec<_>>();
        assert_eq!(heavy(99_999).iter().sum::<u64>(), 0);
        for large in [100_000, 10_000_000] {
            assert_eq!(heavy(large)[..5], [20_000, 5_000, 2_222, 1_250, 0]);
        }
    }
}
