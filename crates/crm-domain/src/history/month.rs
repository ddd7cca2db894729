use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use chrono_tz::Tz;

use super::DateRange;
use super::range::start_of;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month {
    pub(crate) year: i32,
    /// 1 to 12.
    pub(crate) month: u32,
}

impl Month {
    /// The month of this moment in this time zone.
    pub(crate) fn containing(moment: DateTime<Utc>, zone: Tz) -> Self {
        Self::of(moment.with_timezone(&zone).date_naive())
    }

    /// This month and those before it, as many as asked for, oldest first.
    pub(crate) fn latest(self, count: u32) -> Vec<Self> {
        (0..count).rev().filter_map(|ago| self.first_day().checked_sub_months(Months::new(ago))).map(Self::of).collect()
    }

    /// The first moment of the month.
    pub(crate) fn start(self, zone: Tz) -> DateTime<Utc> {
        start_of(self.first_day(), zone)
    }

    /// All of its moments.
    pub(crate) fn range(self, zone: Tz) -> DateRange {
        let next = self.first_day().checked_add_months(Months::new(1));
        DateRange { from: Some(self.start(zone)), until: next.map(|day| start_of(day, zone)) }
    }

    fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raw: &str) -> DateTime<Utc> {
        raw.parse().unwrap()
    }

    #[test]
    fn the_month_is_that_of_the_tenants_calendar() {
        let midnight = at("2026-01-01T05:59:59Z");
        let Month { year, month } = Month::containing(midnight, Tz::America__Mexico_City);
        assert_eq!((year, month), (2025, 12));
        assert_eq!(Month::containing(midnight, Tz::UTC), Month { year: 2026, month: 1 });
    }

    #[test]
    fn months_are_counted_back_over_the_new_year() {
        let latest = Month { year: 2026, month: 2 }.latest(4);
        let latest: Vec<_> = latest.iter().map(|month| (month.year, month.month)).collect();
        assert_eq!(latest, [(2025, 11), (2025, 12), (2026, 1), (2026, 2)]);
    }

    #[test]
    fn a_month_ends_where_the_next_begins_whatever_the_clock_did() {
        let zone = Tz::America__Tijuana;
        let march = Month { year: 2026, month: 3 }.range(zone);
        assert_eq!((march.from, march.until), (Some(at("2026-03-01T08:00:00Z")), Some(at("2026-04-01T07:00:00Z"))));
        assert_eq!(Month { year: 2026, month: 4 }.range(zone).from, march.until);
    }
}
