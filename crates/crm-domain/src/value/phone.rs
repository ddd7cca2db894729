use std::fmt;

use super::FieldValue;
use crate::validation::{Expectation, Reason};

/// Longest phone number as typed.
const MAX: usize = 32;
/// Fewest and most digits of a number.
const MIN_DIGITS: usize = 7;
const MAX_DIGITS: usize = 15;

/// A phone number of 7 to 15 digits. Stored as typed, compared by [`phone_key`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Checks input.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        super::parse_required(raw)
    }

    /// Trusts a stored value.
    pub fn from_stored(raw: String) -> Self {
        Self(raw)
    }

    /// The number as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FieldValue for Phone {
    fn parse(trimmed: &str) -> Result<Self, Reason> {
        if trimmed.chars().count() > MAX {
            return Err(Reason::TooLong { max: MAX });
        }
        let digits = without_punctuation(trimmed);
        if !(MIN_DIGITS..=MAX_DIGITS).contains(&digits.len()) || !is_number(&digits) {
            return Err(Reason::Expected(Expectation::PhoneNumber));
        }
        Ok(Self(trimmed.to_owned()))
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

/// The key by which a phone tells who somebody is; `None` for what is no phone number.
///
/// People type `S/N` or `0` where a form insists on a phone. As words to search for they are harmless,
/// but as an identity they would make one person of all who have none.
pub fn phone_identity(raw: &str) -> Option<String> {
    phone_key(raw).filter(|key| is_number(key) && (MIN_DIGITS..=MAX_DIGITS).contains(&key.len()))
}

fn is_number(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

fn without_punctuation(raw: &str) -> String {
    raw.chars().filter(|c| !matches!(c, ' ' | '\u{A0}' | '\t' | '.' | '-' | '(' | ')' | '+' | '/')).collect()
}

/// The form in which two phone numbers are compared: digits without Mexico's dialling prefixes.
///
/// `+52` (with or without the former mobile `1`), and the trunk prefixes `01`, `044` and `045` abolished in 2019,
/// are taken off when ten digits remain. The databases compute the same key in SQL; a contract test compares the two.
pub fn phone_key(raw: &str) -> Option<String> {
    let key = without_punctuation(raw);
    let prefix = match key.len() {
        _ if !is_number(&key) => 0,
        13 if ["521", "044", "045"].iter().any(|prefix| key.starts_with(prefix)) => 3,
        12 if ["52", "01"].iter().any(|prefix| key.starts_with(prefix)) => 2,
        _ => 0,
    };
    let key = &key[prefix..];
    (!key.is_empty()).then(|| key.to_owned())
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_accepted_however_they_are_punctuated() {
        for good in ["5512345678", "+52 1 55 1234 5678", "(55) 1234-5678", "55.1234.5678", "1234567"] {
            assert!(Phone::parse(good).is_ok(), "{good:?}");
        }
        for bad in ["123456", "1234567890123456", "55-CALL-ME", "٥٥١٢٣٤٥٦٧٨", &"1 ".repeat(20)] {
            assert!(Phone::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn all_spellings_of_one_number_share_a_key() {
        for spelling in
            ["5512345678", "+52 1 55 1234 5678", "(55) 1234-5678", "+52 55 1234 5678", "044 55 1234 5678", "01 55 1234 5678"]
        {
            assert_eq!(phone_key(spelling).as_deref(), Some("5512345678"), "{spelling}");
        }
        assert_eq!(phone_key("+1 415 555 2671").as_deref(), Some("14155552671"));
    }

    #[test]
    fn what_people_type_for_no_phone_identifies_nobody() {
        for nothing in ["S/N", "N/A", "0", "000", "-", "", "1", "sin teléfono", "123456"] {
            assert_eq!(phone_identity(nothing), None, "{nothing:?}");
        }
        assert_eq!(phone_identity("+52 1 55 1234 5678").as_deref(), Some("5512345678"));
    }

    #[test]
    fn an_empty_number_has_no_key() {
        assert_eq!(phone_key(""), None);
        assert_eq!(phone_key(" - "), None);
    }
}
