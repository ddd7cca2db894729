use chrono::{DateTime, Days, NaiveDate, NaiveTime, SubsecRound, TimeZone, Utc};
use chrono_tz::Tz;

use crate::validation::{Expectation, Reason, Violations};
use crate::value::calendar_day;

/// One end of a period as a caller gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBound {
    /// A whole day in the tenant's time zone.
    Day(NaiveDate),
    /// A moment.
    Moment(DateTime<Utc>),
}

impl DateBound {
    /// Reads `YYYY-MM-DD`, or an ISO 8601 timestamp with a zone.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        let raw = raw.trim();
        if let Some(day) = calendar_day(raw) {
            return Ok(Self::Day(day));
        }
        DateTime::parse_from_rfc3339(raw)
            .map(|moment| Self::Moment(moment.to_utc()))
            .map_err(|_| Reason::Expected(Expectation::DateOrTime))
    }
}

/// The period a history covers, as a caller gives it. Both ends belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryPeriod {
    /// First day or moment.
    pub start: Option<DateBound>,
    /// Last day or moment.
    pub end: Option<DateBound>,
}

impl HistoryPeriod {
    /// The moments between which appointments count, for a tenant in this time zone.
    pub fn in_zone(self, zone: Tz) -> Result<DateRange, Violations> {
        let from = self.start.map(|bound| match bound {
            DateBound::Day(day) => start_of(day, zone),
            DateBound::Moment(moment) => moment,
        });
        let until = self.end.map(|bound| match bound {
            DateBound::Day(day) => start_of(day.checked_add_days(Days::new(1)).unwrap_or(day), zone),
            // The moment itself still counts, and stored times have whole milliseconds.
            DateBound::Moment(moment) => moment.trunc_subsecs(3) + chrono::Duration::milliseconds(1),
        });
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return Err(Violations::one("endDate", Reason::Expected(Expectation::NotBeforeStart)));
        }
        Ok(DateRange { from: from.map(comparable), until: until.map(comparable) })
    }
}

/// Moments from `from` (included) to `until` (excluded).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateRange {
    /// First moment that counts.
    pub from: Option<DateTime<Utc>>,
    /// First moment that no longer counts.
    pub until: Option<DateTime<Utc>>,
}

/// Stores compare times as text with a year of four digits, so what lies beyond is cut to the last such moment.
fn comparable(moment: DateTime<Utc>) -> DateTime<Utc> {
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).and_then(|day| day.and_hms_milli_opt(23, 59, 59, 999));
    last.map_or(moment, |last| moment.min(last.and_utc()))
}

/// The first moment of a day. Where the clock jumps over midnight, that is the moment after the jump.
pub(super) fn start_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..24)
        .find_map(|hour| zone.from_local_datetime(&(midnight + chrono::Duration::hours(hour))).earliest())
        .map_or_else(|| midnight.and_utc(), |moment| moment.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raw: &str) -> DateTime<Utc> {
        raw.parse().unwrap()
    }

    fn range(start: &str, end: &str, zone: Tz) -> DateRange {
        let period = HistoryPeriod { start: DateBound::parse(start).ok(), end: DateBound::parse(end).ok() };
        period.in_zone(zone).unwrap()
    }

    #[test]
    fn a_plain_end_date_includes_that_whole_day_in_the_tenants_zone() {
        let range = range("2026-01-01", "2026-01-31", Tz::America__Mexico_City);
        assert_eq!(range.from, Some(at("2026-01-01T06:00:00Z")));
        assert_eq!(range.until, Some(at("2026-02-01T06:00:00Z")));
    }

    #[test]
    fn a_day_has_23_hours_where_the_clock_goes_forward() {
        let range = range("2026-03-08", "2026-03-08", Tz::America__Tijuana);
        assert_eq!(range.until.unwrap() - range.from.unwrap(), chrono::Duration::hours(23));
    }

    #[test]
    fn a_day_without_midnight_begins_after_the_jump() {
        let range = range("2022-03-27", "2022-03-27", Tz::Asia__Beirut);
        assert_eq!(range.from, Some(at("2022-03-26T22:00:00Z")));
    }

    #[test]
    fn an_exact_moment_is_included() {
        let range = range("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z", Tz::UTC);
        assert_eq!(range.from, Some(at("2026-01-01T10:00:00Z")));
        assert_eq!(range.until, Some(at("2026-01-01T10:00:00.001Z")));
    }

    #[test]
    fn an_end_before_the_start_is_a_mistake() {
        let period = HistoryPeriod { start: DateBound::parse("2026-02-01").ok(), end: DateBound::parse("2026-01-31").ok() };
        assert!(period.in_zone(Tz::UTC).is_err());
    }

    #[test]
    fn what_is_neither_a_day_nor_a_moment_is_refused() {
        for raw in ["", "2026", "31/01/2026", "2026-02-30", "2026-01-01T10:00", "1e9", "-9999-1-01", "+2026-1-01"] {
            assert!(DateBound::parse(raw).is_err(), "{raw}");
        }
    }
}
