//! What the index of keys is asked for: texts of which every row that matches holds all of one group.

use std::cmp::Reverse;

use crm_domain::profile::{SearchRun, SearchWord};
use migration::{SEARCH_KEY_LENGTH, SEARCH_KEY_OF_WORD, SEARCH_KEY_SEPARATOR, SEARCH_KEYS_OF_PARTS};
use sea_orm::Iden as _;

use super::{Fit, Search, fold};
use crate::entity::profile_search::Column;

/// Text in a column.
pub(super) type Held = (Column, String);

/// What leads to rows: groups of texts.
pub(super) struct Driver(Vec<Vec<Held>>);

impl Driver {
    /// Groups of which a row that matches holds one; `None` if the index can't help.
    pub(super) fn of_groups(groups: Vec<Vec<Held>>) -> Option<Self> {
        let led: Vec<Vec<_>> = groups.into_iter().map(|group| group.into_iter().filter(is_indexed).collect()).collect();
        led.iter().all(|group: &Vec<_>| !group.is_empty()).then_some(Self(led))
    }

    /// Of all that must hold, what promises the fewest rows, and with each of its texts whatever must hold anyway.
    pub(super) fn of(search: &Search, fit: Fit) -> Option<Self> {
        let mut all: Vec<_> = search.runs().iter().filter_map(|run| branches(run, fit)).chain(places(search)).collect();
        all.sort_by_key(|branches| dearness(branches));
        let mut all = all.into_iter();
        let branches = all.next()?;
        let always: Vec<_> = all.filter(|others| others.len() == 1).flatten().collect();
        Self::any_of(branches, &always)
    }

    /// One of these, and always the others.
    pub(super) fn any_of(branches: Vec<Held>, always: &[Held]) -> Option<Self> {
        Self::of_groups(
            branches.into_iter().map(|branch| [branch].into_iter().chain(always.iter().cloned()).collect()).collect(),
        )
    }

    pub(super) fn groups(&self) -> &[Vec<Held>] {
        &self.0
    }
}

/// What must hold whichever way the words of these runs are met, as far as the index knows.
pub(super) fn always<'a>(search: &Search, runs: impl Iterator<Item = &'a SearchRun>) -> Vec<Held> {
    let words = runs.filter_map(|run| branches(run, Fit::Anywhere)).filter(|branches| branches.len() == 1);
    words.chain(places(search)).flatten().collect()
}

fn places(search: &Search) -> impl Iterator<Item = Vec<Held>> {
    search.places.iter().filter(|place| is_indexed(place)).map(|place| vec![place.clone()])
}

/// Few branches first, then long texts.
fn dearness(branches: &[Held]) -> (usize, Reverse<usize>) {
    let shortest = branches.iter().map(|(_, text)| text.chars().count()).min().unwrap_or_default();
    (branches.len(), Reverse(shortest))
}

fn branches(run: &SearchRun, fit: Fit) -> Option<Vec<Held>> {
    // Whoever has all the words has the longest one.
    let longest = run.words.iter().max_by_key(|word| word.text.chars().count())?;
    let as_one_phone = run.phone.as_ref().map(|digits| (Column::PhoneKeys, fit.pattern(digits)));
    let branches: Vec<_> = word_branches(longest, fit).chain(as_one_phone).collect();
    branches.iter().all(is_indexed).then_some(branches)
}

fn word_branches(word: &SearchWord, fit: Fit) -> impl Iterator<Item = Held> {
    let in_phone = word.digits.as_ref().map(|digits| (Column::PhoneKeys, fit.pattern(digits)));
    [(Column::SearchText, fit.pattern(&fold(&word.text)))].into_iter().chain(in_phone)
}

fn is_indexed((column, text): &Held) -> bool {
    let is_listed = kind(*column).is_some() && !text.contains(SEARCH_KEY_SEPARATOR);
    is_listed && text.chars().count() >= SEARCH_KEY_LENGTH
}

/// What keys of parts of this column begin with.
fn kind(column: Column) -> Option<char> {
    let name = column.to_string();
    SEARCH_KEYS_OF_PARTS.into_iter().find(|(searched, _)| *searched == name).map(|(_, kind)| kind)
}

/// Keys that lead to rows with this text in the column: its words if they are whole, else the fewest parts that cover it.
pub(super) fn keys((column, text): &Held) -> Vec<String> {
    let whole = text.strip_prefix("  ").and_then(|rest| rest.strip_suffix("  "));
    if let (Column::SearchText, Some(words)) = (column, whole.filter(|words| !words.is_empty())) {
        let words = words.split("  ").filter(|word| !word.is_empty());
        return words.map(|word| format!("{SEARCH_KEY_OF_WORD}{word}")).collect();
    }
    let letters: Vec<char> = text.chars().collect();
    // Of two blanks before or behind a word one is enough, where it leaves more letters to the key.
    let letters = match letters.as_slice() {
        [' ', rest @ ..] if rest.len() >= SEARCH_KEY_LENGTH && rest.starts_with(&[' ']) => rest,
        all => all,
    };
    let letters = match letters {
        [rest @ .., ' '] if rest.len() >= SEARCH_KEY_LENGTH && rest.ends_with(&[' ']) => rest,
        all => all,
    };
    let last = letters.len().saturating_sub(SEARCH_KEY_LENGTH);
    let parts = letters.windows(SEARCH_KEY_LENGTH).enumerate();
    let covering = parts.filter(|(at, _)| at % SEARCH_KEY_LENGTH == 0 || *at == last);
    covering.map(|(_, part)| kind(*column).iter().chain(part).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_whole_words_or_by_the_fewest_parts_that_cover_it() {
        let keys = |column, text: &str| keys(&(column, text.to_owned())).join("|");
        assert_eq!(keys(Column::SearchText, "  ek  "), "wek");
        assert_eq!(keys(Column::SearchText, "  maria  jose  "), "wmaria|wjose");
        assert_eq!(keys(Column::SearchText, "  maria    jose  "), "wmaria|wjose");
        assert_eq!(keys(Column::SearchText, "  garc"), "t ga|tarc");
        assert_eq!(keys(Column::SearchText, "  g"), "t  g");
        assert_eq!(keys(Column::SearchText, "ona  "), "tona|tna ");
        assert_eq!(keys(Column::SearchText, "hernandez"), "ther|tnan|tdez");
        assert_eq!(keys(Column::PhoneKeys, "5678"), "p567|p678");
        assert_eq!(keys(Column::PhoneKeys, "  5678  "), "p 56|p78 ");
        assert_eq!(keys(Column::City, "leon"), "cleo|ceon");
    }
}
