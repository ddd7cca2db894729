use std::str::FromStr;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{ClientProfile, Duplicate, PossibleDuplicate, ProfileFigures, ProfileSummary};
use crate::error::StoreError;
use crate::ids::{ProfileId, UserId};
use crate::page::{Page, PageRequest};
use crate::validation::Reason;
use crate::value::phone_key;

/// Which profiles to list. Every given condition must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileFilter {
    /// The profile of this user.
    pub user: Option<UserId>,
    /// Every word must match a name, an e-mail address or a phone.
    pub search: Option<SearchTerms>,
    /// The city contains this, whatever its case and accents.
    pub city: Option<String>,
    /// The state contains this, whatever its case and accents.
    pub state: Option<String>,
    /// Born in this month, 1 to 12, of whatever year.
    pub birthday_month: Option<u32>,
    /// Without a COMPLETED appointment that began then or later, in the history that the profile shows.
    pub not_seen_since: Option<DateTime<Utc>>,
    /// What comes first.
    pub order: ProfileOrder,
}

/// What comes first in a list of profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProfileOrder {
    /// The latest. Pages by offset or cursor.
    #[default]
    Newest,
    /// First by first name, then by last name, whatever their case and accents; the user's where the profile has none.
    Name,
}

impl ProfileOrder {
    /// Every order.
    pub const ALL: [Self; 2] = [Self::Newest, Self::Name];

    /// The order's name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "NEWEST",
            Self::Name => "NAME",
        }
    }
}

impl FromStr for ProfileOrder {
    type Err = Reason;

    fn from_str(raw: &str) -> Result<Self, Reason> {
        Self::ALL.into_iter().find(|order| order.as_str() == raw).ok_or(Reason::NotOneOf("NEWEST, NAME"))
    }
}

/// One thing that must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWord {
    /// Found in names and e-mail addresses, whatever its case and accents.
    pub text: String,
    /// Found among the digits of a phone, if the word could be part of one.
    pub digits: Option<String>,
}

/// Neighbouring words of one kind: either one word of text, or all that could be pieces of one phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRun {
    /// Every one of these must match, unless `phone` does.
    pub words: Vec<SearchWord>,
    /// If the words can be read as one phone number: its digits.
    pub phone: Option<String>,
}

/// What was typed into a search field (product contract, section 8). Every run must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchTerms {
    runs: Vec<SearchRun>,
}

impl SearchTerms {
    /// Most words a caller may look for at once; whoever takes input checks it.
    pub const MAX_WORDS: usize = 12;

    /// Splits what was typed into words; `None` if there are none.
    pub fn parse(raw: &str) -> Option<Self> {
        let words: Vec<_> = raw.split_whitespace().collect();
        let runs = words.chunk_by(|a, b| is_phone_piece(a) && is_phone_piece(b)).map(run).collect();
        (!words.is_empty()).then_some(Self { runs })
    }

    /// Every one of these must match.
    pub fn runs(&self) -> &[SearchRun] {
        &self.runs
    }
}

fn run(words: &[&str]) -> SearchRun {
    let phone = if words.len() > 1 { phone_digits(&words.join(" ")) } else { None };
    SearchRun { words: words.iter().map(|raw| word(raw)).collect(), phone }
}

fn is_phone_piece(raw: &str) -> bool {
    raw.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '(' | ')' | '+' | '/'))
}

fn word(raw: &str) -> SearchWord {
    SearchWord { text: raw.to_owned(), digits: phone_digits(raw) }
}

/// The digits by which a phone is found, without the country's prefix when the input begins with it.
fn phone_digits(raw: &str) -> Option<String> {
    let key = phone_key(raw)?;
    if !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let national = raw.trim_start().strip_prefix('+').and_then(|_| key.strip_prefix("52"));
    match national.map(|rest| rest.strip_prefix('1').unwrap_or(rest)) {
        Some(rest) if !rest.is_empty() => Some(rest.to_owned()),
        _ => Some(key),
    }
}

/// Client profiles of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - A profile of another tenant MUST be indistinguishable from one that does not exist.
/// - `find` and `find_by_user` inside a unit of work MUST keep others from changing the profile until the unit ends.
/// - `insert` MUST return [`StoreError::Duplicate`] if the user already has a profile, and
///   [`StoreError::MissingReference`] if there is no such user in the tenant, and MUST leave the unit of work usable.
/// - `list` MUST order newest first (`created_at`, then id, both descending), or by name and then id, both ascending, and
///   MUST know of every committed change, whoever made it. A search comes in ranks before that: profiles in which every
///   word typed is a word, those in which every one begins a word, the rest; and if nothing matches, profiles whose words
///   differ from those typed by a letter or two.
/// - `list` MUST answer [`StoreError::MissingReference`] if a list by name is to go on after a profile that is gone.
/// - The total of a list MUST be exact if nobody is left out, or if it is at most [`crate::page::COUNTED`]; with
///   `not_seen_since` it MAY be a minimum from 50 on, and with words that nobody has as typed, where very many have words
///   like them. It MAY count, until the next reconciliation, a profile whose user the host has moved to another tenant and
///   that is not on the page.
/// - `duplicates` MUST compare what the live rows say; a profile's blank name is its user's. It MAY leave out profiles
///   whose user the host changed since the last reconciliation, and the older ones of very many.
/// - `figures` MUST count a profile's appointments as its history does, PENDING and CONFIRMED ones that begin after `now`.
/// - `delete` MUST delete the profile's notes and preferences too, and never the user.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait ProfileRepository: Send + Sync {
    /// The profile with this id.
    async fn find(&self, id: &ProfileId) -> Result<Option<ClientProfile>, StoreError>;
    /// The profile of this user.
    async fn find_by_user(&self, user: &UserId) -> Result<Option<ClientProfile>, StoreError>;
    /// Profiles with their users.
    async fn list(&self, filter: &ProfileFilter, page: &PageRequest) -> Result<Page<ProfileSummary>, StoreError>;
    /// Profiles that may be of the same person, newest first.
    async fn duplicates(&self, of: &PossibleDuplicate) -> Result<Vec<Duplicate>, StoreError>;
    /// How many profiles there are, were made in a month that began then, and have an appointment ahead.
    async fn figures(&self, month_start: DateTime<Utc>, now: DateTime<Utc>) -> Result<ProfileFigures, StoreError>;
    /// Stores a new profile.
    async fn insert(&self, profile: &ClientProfile) -> Result<(), StoreError>;
    /// Stores what differs between the two; `false` if the profile is gone.
    async fn update(&self, before: &ClientProfile, after: &ClientProfile) -> Result<bool, StoreError>;
    /// Deletes a profile; `false` if it is gone already.
    async fn delete(&self, id: &ProfileId) -> Result<bool, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(raw: &str) -> Vec<(usize, Option<String>)> {
        SearchTerms::parse(raw).unwrap().runs.into_iter().map(|run| (run.words.len(), run.phone)).collect()
    }

    fn digits(raw: &str) -> Option<String> {
        let run = SearchTerms::parse(raw).unwrap().runs.remove(0);
        run.phone.or_else(|| run.words[0].digits.clone())
    }

    #[test]
    fn words_are_split_and_only_digits_are_phones() {
        assert_eq!(runs("  pérez\tjuan "), [(1, None), (1, None)]);
        assert_eq!(digits("pérez"), None);
    }

    #[test]
    fn every_spelling_of_a_phone_looks_for_the_same_digits() {
        for raw in
            ["5512345678", "+52 1 55 1234 5678", "(55) 1234-5678", "55 1234 5678", "+525512345678", "044 55 1234 5678"]
        {
            assert_eq!(digits(raw).as_deref(), Some("5512345678"), "{raw}");
        }
        assert_eq!(digits("5678").as_deref(), Some("5678"));
    }

    #[test]
    fn a_phone_may_stand_before_or_after_a_name() {
        let phone = Some("5512345678".to_owned());
        assert_eq!(runs("perez +52 1 55 1234 5678"), [(1, None), (5, phone.clone())]);
        assert_eq!(runs("+52 1 55 1234 5678 perez"), [(5, phone), (1, None)]);
        assert_eq!(runs("ana 5678"), [(1, None), (1, None)]);
    }

    #[test]
    fn nothing_typed_is_no_search() {
        assert_eq!(SearchTerms::parse(" \t"), None);
    }
}
