//! Field values that were checked when they were made.
//!
//! Limits and forms are those of the product contract, section 5 ("Field rules").
//! `parse` is for callers' input; `from_stored` trusts a row, because rows may be older than the rules.

mod birth_date;
mod email;
mod phone;
mod photo;
mod text;

pub use birth_date::BirthDate;
pub(crate) use birth_date::calendar_day;
pub use email::{Email, email_key};
pub use phone::{Phone, phone_identity, phone_key};
pub use photo::{PHOTO_URL_PREFIX, PhotoHash, PhotoName, PhotoSize, PhotoUrl};
pub use text::{Line, Prose, Text};

use crate::validation::Reason;

/// A value with a rule for callers' input.
pub trait FieldValue: Sized {
    /// Checks and cleans trimmed, non-empty input.
    fn parse(trimmed: &str) -> Result<Self, Reason>;
}

/// Reads an optional field: blank input counts as nothing.
pub fn parse_optional<T: FieldValue>(raw: &str) -> Result<Option<T>, Reason> {
    match trim(raw) {
        "" => Ok(None),
        trimmed => T::parse(trimmed).map(Some),
    }
}

/// Reads a field that must be given.
pub fn parse_required<T: FieldValue>(raw: &str) -> Result<T, Reason> {
    parse_optional(raw)?.ok_or(Reason::Required)
}

/// Takes white space and invisible characters off both ends.
fn trim(raw: &str) -> &str {
    raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}'))
}

/// Control characters and separators of lines break displays and logs (and PostgreSQL can't store NUL);
/// direction overrides let a text disguise itself.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
