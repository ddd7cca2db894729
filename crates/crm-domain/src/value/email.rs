use std::fmt;

use super::{FieldValue, is_unsafe};
use crate::validation::{Expectation, Reason};

/// Longest address that mail systems carry (RFC 5321, section 4.5.3.1.3).
const MAX: usize = 254;

/// An e-mail address with a local part, an `@` and a dotted domain. Stored as typed, compared without case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Checks input.
    pub fn parse(raw: &str) -> Result<Self, Reason> {
        super::parse_required(raw)
    }

    /// Trusts a stored value.
    pub fn from_stored(raw: String) -> Self {
        Self(raw)
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FieldValue for Email {
    fn parse(trimmed: &str) -> Result<Self, Reason> {
        if trimmed.chars().count() > MAX {
            return Err(Reason::TooLong { max: MAX });
        }
        let looks_like_one = trimmed.split_once('@').is_some_and(|(local, domain)| {
            let labels_are_fine =
                domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
            !local.is_empty() && domain.contains('.') && labels_are_fine
        });
        let odd = |c: char| {
            c.is_whitespace()
                || is_unsafe(c)
                || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
                || matches!(c, '<' | '>' | '"' | ',' | ';')
        };
        if !looks_like_one || trimmed.chars().any(odd) {
            return Err(Reason::Expected(Expectation::EmailAddress));
        }
        Ok(Self(trimmed.to_owned()))
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// The form in which two addresses are compared; `None` if there is nothing to compare.
pub fn email_key(raw: &str) -> Option<String> {
    let key = raw.trim().to_ascii_lowercase();
    (!key.is_empty()).then_some(key)
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_people_use_are_accepted() {
        for good in ["ana@bellavita.mx", "a.b+c@sub.ejemplo.com.mx", "José@peña.mx", " x@y.zz "] {
            assert!(Email::parse(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn what_does_not_look_like_an_address_is_refused() {
        let long = format!("{}@x.mx", "a".repeat(250));
        for bad in [
            "ana",
            "@x.mx",
            "ana@",
            "ana@mx",
            "a@b@c.mx",
            "a b@c.mx",
            "a@b..mx",
            "<a@b.mx>",
            "a@b.mx,c@d.mx",
            "a@.mx",
            &long,
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_empty_address_equals_none() {
        assert_eq!(email_key("  "), None);
        assert_eq!(email_key(" Ana@X.mx "), Some("ana@x.mx".to_owned()));
    }
}
