//! How dates, times, amounts and phones are written: es-MX, and English with the same order of day and month.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use crm_domain::directory::TimeZone;
use crm_domain::money::Money;
use crm_domain::value::phone_key;
use crm_http::problem::Language;

const SPANISH_MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes for readers of a language, in the time zone of their tenant.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    pub(crate) language: Language,
    pub(crate) zone: TimeZone,
}

/// A moment, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// `12 nov 2026, 10:32`
    pub(crate) text: String,
    /// ISO 8601, for `<time datetime>`.
    pub(crate) iso: String,
}

impl Format {
    /// `noviembre`
    pub(crate) fn month_name(self, month: u32) -> &'static str {
        let months = match self.language {
            Language::Spanish => SPANISH_MONTHS,
            Language::English => ENGLISH_MONTHS,
        };
        months.get(month.saturating_sub(1) as usize).copied().unwrap_or_default()
    }

    fn short_month(self, month: u32) -> &'static str {
        self.month_name(month).get(..3).unwrap_or_default()
    }

    /// `12 nov 2026`; a calendar date has no zone and never shifts.
    pub(crate) fn date(self, date: NaiveDate) -> String {
        format!("{} {} {}", date.day(), self.short_month(date.month()), date.year())
    }

    /// `27 mar`
    pub(crate) fn day_of_year(self, date: NaiveDate) -> String {
        format!("{} {}", date.day(), self.short_month(date.month()))
    }

    /// `nov 2026`
    pub(crate) fn month(self, year: i32, month: u32) -> String {
        format!("{} {year}", self.short_month(month))
    }

    /// The calendar date of a moment.
    pub(crate) fn local_date(self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.zone).date_naive()
    }

    /// `12 nov 2026` of a moment.
    pub(crate) fn day(self, moment: DateTime<Utc>) -> Moment {
        let date = self.local_date(moment);
        Moment { text: self.date(date), iso: date.to_string() }
    }

    /// `12 nov 2026, 10:32`
    pub(crate) fn moment(self, moment: DateTime<Utc>) -> Moment {
        let local = moment.with_timezone(&self.zone);
        Moment {
            text: format!("{}, {}", self.date(local.date_naive()), local.format("%H:%M")),
            iso: local.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        }
    }

    /// `10:32`
    pub(crate) fn time(self, moment: DateTime<Utc>) -> String {
        moment.with_timezone(&self.zone).format("%H:%M").to_string()
    }
}

/// `1,284`
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `$8,450.00`, as amounts in pesos are written in both languages.
pub(crate) fn money(amount: Money) -> String {
    let text = format!("{:.2}", amount.to_cents());
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, cents) = text.split_once('.').unwrap_or((text, "00"));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), number);
    format!("{sign}${whole}.{cents}")
}

/// A share between 0 and 1 as `7%`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// A phone in groups, `55 1234 5678`, if it has ten digits; else as it was typed.
/// Area codes of two digits are those of Mexico City, Guadalajara and Monterrey (IFT numbering plan).
pub(crate) fn phone(raw: &str) -> String {
    let Some(key) = national(raw) else { return raw.to_owned() };
    let area = if ["55", "56", "33", "81"].iter().any(|area| key.starts_with(area)) { 2 } else { 3 };
    let middle = if area == 2 { 6 } else { 6.min(key.len()) };
    format!("{} {} {}", &key[..area], &key[area..middle], &key[middle..])
}

/// A phone for `tel:` and WhatsApp: `+52…` for ten digits; `None` for what is no number.
pub(crate) fn dialled(raw: &str) -> Option<String> {
    if let Some(key) = national(raw) {
        return Some(format!("+52{key}"));
    }
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    let prefix = if raw.trim_start().starts_with('+') { "+" } else { "" };
    (digits.len() >= 7).then(|| format!("{prefix}{digits}"))
}

/// An address as a `mailto:` link, in which nothing is left that would mean more than the address (RFC 6068).
pub(crate) fn mailto(email: &str) -> String {
    use std::fmt::Write as _;
    email.bytes().fold("mailto:".to_owned(), |mut link, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            link.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(link, "%{byte:02X}");
        }
        link
    })
}

fn national(raw: &str) -> Option<String> {
    phone_key(raw).filter(|key| key.len() == 10 && key.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Full years since a birth date. Who was born on 29 February turns a year older on 1 March of common years.
pub(crate) fn age(born: NaiveDate, today: NaiveDate) -> i32 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    (today.year() - born.year() - i32::from(!had_birthday)).max(0)
}

/// The first letters of the first two names, for where there is no photo.
pub(crate) fn initials(first: &str, last: &str) -> String {
    let initial = |name: &str| name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().to_string());
    let both: String = [first, last].into_iter().filter_map(initial).collect();
    if both.is_empty() { "?".to_owned() } else { both }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spanish(zone: TimeZone) -> Format {
        Format { language: Language::Spanish, zone }
    }

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn moments_are_shown_in_the_zone_of_the_tenant() {
        let moment = "2026-11-13T04:32:00Z".parse().unwrap();
        let mexico = spanish(TimeZone::America__Mexico_City).moment(moment);
        assert_eq!((mexico.text.as_str(), mexico.iso.as_str()), ("12 nov 2026, 22:32", "2026-11-12T22:32:00-06:00"));
        assert_eq!(spanish(TimeZone::America__Tijuana).moment(moment).text, "12 nov 2026, 20:32");
    }

    #[test]
    fn months_are_named_in_both_languages() {
        let english = Format { language: Language::English, zone: TimeZone::UTC };
        assert_eq!(english.date(day(2026, 8, 5)), "5 Aug 2026");
        assert_eq!(spanish(TimeZone::UTC).date(day(2026, 8, 5)), "5 ago 2026");
        assert_eq!(spanish(TimeZone::UTC).month(2026, 12), "dic 2026");
    }

    #[test]
    fn amounts_are_written_with_commas_and_cents() {
        for (amount, expected) in [
            (0.0, "$0.00"),
            (8450.0, "$8,450.00"),
            (1_234_567.891, "$1,234,567.89"),
            (-12.5, "-$12.50"),
            (999.999, "$1,000.00"),
        ] {
            assert_eq!(money(Money::from_stored(amount)), expected);
        }
    }

    #[test]
    fn phones_are_grouped_if_they_are_mexican() {
        for (raw, expected) in [
            ("+52 1 55 1234 5678", "55 1234 5678"),
            ("3312345678", "33 1234 5678"),
            ("(662) 123-4567", "662 123 4567"),
            ("+1 415 555 2671", "+1 415 555 2671"),
            ("S/N", "S/N"),
        ] {
            assert_eq!(phone(raw), expected);
        }
        assert_eq!(dialled("55 1234 5678").as_deref(), Some("+525512345678"));
        assert_eq!(dialled("+1 415 555 2671").as_deref(), Some("+14155552671"));
        assert_eq!(dialled("S/N"), None);
        assert_eq!(mailto("a.b+c@x.mx"), "mailto:a.b%2Bc@x.mx");
        assert_eq!(mailto("a?bcc=b&body=ñ@x.mx"), "mailto:a%3Fbcc%3Db%26body%3D%C3%B1@x.mx");
    }

    #[test]
    fn a_year_is_full_on_the_birthday() {
        let born = day(1990, 3, 27);
        assert_eq!(age(born, day(2026, 3, 26)), 35);
        assert_eq!(age(born, day(2026, 3, 27)), 36);
        assert_eq!(age(day(2000, 2, 29), day(2026, 2, 28)), 25);
        assert_eq!(age(day(2000, 2, 29), day(2026, 3, 1)), 26);
    }

    #[test]
    fn initials_are_taken_whatever_the_name() {
        for (first, last, expected) in
            [("María Fernanda", "López", "ML"), ("ángel", "", "Á"), ("", "", "?"), ("«ñoño»", "🙂", "Ñ"), ("ß", "ﬁ", "SSFI")]
        {
            assert_eq!(initials(first, last), expected, "{first} {last}");
        }
    }

    proptest! {
        #[test]
        fn numbers_say_the_same_without_their_commas(value: u64) {
            prop_assert_eq!(number(value).replace(',', ""), value.to_string());
        }

        #[test]
        fn a_birth_date_is_shown_as_the_day_it_is(days in 0_i32..46_000) {
            let date = day(1900, 1, 1) + chrono::Days::new(u64::from(days.unsigned_abs()));
            let text = spanish(TimeZone::America__Tijuana).date(date);
            let shown: Vec<_> = text.split(' ').collect();
            prop_assert_eq!(shown[0].parse::<u32>().unwrap(), date.day());
            prop_assert_eq!(shown[2].parse::<i32>().unwrap(), date.year());
        }

        #[test]
        fn any_text_is_a_phone_that_can_be_shown(raw in "\\PC{0,40}") {
            let shown = phone(&raw);
            prop_assert!(shown == raw || shown.chars().filter(char::is_ascii_digit).count() == 10);
        }
    }
}
