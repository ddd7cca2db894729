//! What is wrong with a caller's input, field by field, collected rather than stopping at the first.

use std::fmt;

/// What a field expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each is explained by its text")]
pub enum Expectation {
    #[error("text")]
    Text,
    #[error("true or false")]
    Boolean,
    #[error("a list of ids")]
    Ids,
    #[error("an id: 1 to 64 letters, digits, hyphens or underscores")]
    Id,
    #[error("a whole number from 0")]
    Skip,
    #[error("a whole number from 1 to 200")]
    Take,
    #[error("a cursor of an earlier answer")]
    Cursor,
    #[error("absent: the profile it refers to is gone, so start from the first page")]
    LostCursor,
    #[error("a month from 1 to 12")]
    Month,
    #[error("a time such as 2026-01-31T18:00:00Z")]
    Time,
    #[error("an e-mail address such as nombre@ejemplo.mx")]
    EmailAddress,
    #[error("a phone number of 7 to 15 digits, with spaces, dots, dashes, parentheses and + as you like")]
    PhoneNumber,
    #[error("a date such as 1990-01-15")]
    Date,
    #[error("in 1900 or later")]
    Since1900,
    #[error("today or earlier")]
    NotInTheFuture,
    #[error("a date such as 2026-01-31 or a time such as 2026-01-31T18:00:00Z")]
    DateOrTime,
    #[error("at or after startDate")]
    NotBeforeStart,
    #[error("the address of an uploaded photo or an address that begins with https://")]
    PhotoAddress,
    #[error("the photo uploaded for this user, or an address that begins with https://")]
    OwnPhoto,
    #[error("a photo in JPEG, PNG or WebP")]
    PhotoFile,
    #[error("a photo of at most 5 MB")]
    PhotoBytes,
    #[error("a photo of at most 25 megapixels")]
    PhotoPixels,
    #[error("a photo that can be read; this one is damaged")]
    ReadablePhoto,
    #[error("the user of the session")]
    SessionUser,
    #[error("a user of the tenant")]
    TenantUser,
    #[error("given once")]
    Once,
    #[error("given once, with 1 to 255 characters")]
    IdempotencyKey,
    #[error("the same as {0}")]
    SameAs(&'static str),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A field that must be given is missing, null or blank.
    #[error("is required")]
    Required,
    /// `null` for a field that can't be emptied.
    #[error("can't be null")]
    NotNullable,
    /// More characters than the field holds.
    #[error("has more than {max} characters")]
    TooLong {
        /// Most characters accepted.
        max: usize,
    },
    /// A control character, or one that reverses the direction of text.
    #[error("contains characters that can't be stored or shown safely")]
    UnsafeCharacters,
    /// Not what the field expects.
    #[error("must be {0}")]
    Expected(Expectation),
    /// Not one of an enum's values.
    #[error("must be one of {0}")]
    NotOneOf(&'static str),
    /// A field of this name does not exist.
    #[error("is not a known field")]
    Unknown,
    /// The value may not differ from the stored one.
    #[error("can't be changed")]
    Immutable,
    /// The same value twice in a list.
    #[error("repeats a value")]
    Repeated,
    /// More values than a list holds.
    #[error("has more than {max} values")]
    TooMany {
        /// Most values accepted.
        max: usize,
    },
    /// Ids that are not the tenant's.
    #[error("names unknown ids: {}", .0.join(", "))]
    UnknownIds(Vec<String>),
}

/// One field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field's name as the caller wrote it.
    pub field: String,
    /// What is wrong.
    pub reason: Reason,
}

/// Every mistake found in one input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// No mistakes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One mistake.
    pub fn one(field: impl Into<String>, reason: Reason) -> Self {
        let mut violations = Self::new();
        violations.add(field, reason);
        violations
    }

    /// Notes a mistake.
    pub fn add(&mut self, field: impl Into<String>, reason: Reason) {
        self.0.push(Violation { field: field.into(), reason });
    }

    /// Keeps a value, or notes why there is none.
    pub fn check<T>(&mut self, field: &str, result: Result<T, Reason>) -> Option<T> {
        result.map_err(|reason| self.add(field, reason)).ok()
    }

    /// Notes a field that can't be changed but differs from what is stored.
    pub fn same<T: PartialEq + ?Sized>(&mut self, field: &str, sent: Option<&T>, stored: &T) {
        if sent.is_some_and(|sent| sent != stored) {
            self.add(field, Reason::Immutable);
        }
    }

    /// Notes ids that are not the tenant's, if there are any.
    pub fn unknown_ids(&mut self, field: &str, ids: &[impl fmt::Display]) {
        if !ids.is_empty() {
            self.add(field, Reason::UnknownIds(ids.iter().map(ToString::to_string).collect()));
        }
    }

    /// The mistakes in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` if nothing is wrong.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            write!(f, "{separator}{} {}", violation.field, violation.reason)?;
        }
        Ok(())
    }
}
