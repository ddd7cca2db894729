use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

use super::trim;
use crate::validation::{Expectation, Reason};

/// A calendar date of birth: no time, no zone, so that it never shifts by a day.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BirthDate(NaiveDate);

const EXPECTED: Reason = Reason::Expected(Expectation::Date);

impl BirthDate {
    /// Reads `YYYY-MM-DD`, or an ISO 8601 timestamp whose calendar day, as written, counts.
    /// The date lies between 1900 and `today`.
    pub fn parse(raw: &str, today: NaiveDate) -> Result<Option<Self>, Reason> {
        let raw = trim(raw);
        if raw.is_empty() {
            return Ok(None);
        }
        let is_timestamp = || {
            DateTime::parse_from_rfc3339(raw).is_ok() || NaiveDateTime::parse_from_str(raw, "%Y-%m-%dT%H:%M:%S%.f").is_ok()
        };
        let day = raw.get(..10).filter(|_| raw.len() == 10 || is_timestamp()).ok_or(EXPECTED)?;
        let date = calendar_day(day).ok_or(EXPECTED)?;
        if date.year() < 1900 {
            return Err(Reason::Expected(Expectation::Since1900));
        }
        if date > today {
            return Err(Reason::Expected(Expectation::NotInTheFuture));
        }
        Ok(Some(Self(date)))
    }

    /// Trusts a stored date.
    pub fn from_stored(date: NaiveDate) -> Self {
        Self(date)
    }

    /// The date.
    pub fn date(self) -> NaiveDate {
        self.0
    }
}

impl std::fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BirthDate(…)")
    }
}

/// Reads `YYYY-MM-DD` and nothing else; chrono alone would also take signs, blanks and short years.
pub(crate) fn calendar_day(raw: &str) -> Option<NaiveDate> {
    let has_form = raw.len() == 10
        && raw
            .bytes()
            .enumerate()
            .all(|(place, byte)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    NaiveDate::parse_from_str(raw, "%Y-%m-%d").ok().filter(|_| has_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_calendar_day_as_written_counts_whatever_the_zone() {
        for raw in [
            "1990-01-15",
            "1990-01-15T00:00:00.000Z",
            "1990-01-15T23:59:59-06:00",
            "1990-01-15T00:00:00+14:00",
            "1990-01-15T06:00:00",
        ] {
            assert_eq!(BirthDate::parse(raw, day(2026, 1, 1)), Ok(Some(BirthDate(day(1990, 1, 15)))), "{raw}");
        }
    }

    #[test]
    fn dates_that_can_not_be_a_birthday_are_refused() {
        for raw in [
            "1899-12-31",
            "2026-01-02",
            "1990-02-30",
            "15/01/1990",
            "1990-1-5",
            "90-01-15",
            "1990-01-15 extra",
            "1990-01-15T99:00:00Z",
            "+1990-1-15",
            "1990- 1-15",
            "-990-01-15",
        ] {
            assert!(BirthDate::parse(raw, day(2026, 1, 1)).is_err(), "{raw}");
        }
        assert!(BirthDate::parse("2026-01-01", day(2026, 1, 1)).is_ok());
    }

    #[test]
    fn a_blank_date_is_no_date() {
        assert_eq!(BirthDate::parse(" ", day(2026, 1, 1)), Ok(None));
    }
}
