//! What the index of keys is asked for: texts of which every row that matches holds all of one group.

use std::cmp::Reverse;

use crm_domain::profile::{SearchRun, SearchWord};
use migration::{SEARCH_KEY_LENGTH, SEARCH_KEY_OF_WORD, SEARCH_KEY_SEPARATOR, SEARCH_KEYS_OF_PARTS};
use sea_orm::Iden as _;

use super::{Fit, Search, fold};
use crate::entity::profile_search::Column;

/// Of so many words, hardly a row holds a part of each without holding all of them: looking at such rows is cheaper than
/// reading the places of every part.
const MANY_WORDS: usize = 3;

/// Most parts by which a text is asked for, from its beginning: so long are e-mail addresses alone, and the end of one is that
/// of very many.
const MOST_PARTS: usize = 5;

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
    fn any_of(branches: Vec<Held>, always: &[Held]) -> Option<Self> {
        Self::of_groups(
            branches.into_iter().map(|branch| [branch].into_iter().chain(always.iter().cloned()).collect()).collect(),
        )
    }

    pub(super) fn groups(&self) -> &[Vec<Held>] {
        &self.0
    }

    /// Whether every group has many words.
    pub(super) fn has_many_words(&self) -> bool {
        self.0.iter().all(|group| has_many_words(group))
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

/// Keys that lead to rows with all texts of a group.
pub(super) fn keys_of_group(group: &[Held]) -> Vec<String> {
    let keys = group.iter().map(keys);
    // Names differ at their end more than at their beginning.
    if has_many_words(group) { keys.filter_map(|mut keys| keys.pop()).collect() } else { keys.flatten().collect() }
}

fn has_many_words(group: &[Held]) -> bool {
    group.iter().filter(|(column, _)| matches!(column, Column::SearchText)).count() >= MANY_WORDS
}

/// Keys of a text in which there are whole words and nothing else, if there are any.
pub(super) fn keys_of_words(held: &Held) -> Option<Vec<String>> {
    let (column, text) = held;
    let words = text.strip_prefix("  ")?.strip_suffix("  ")?.split("  ").filter(|word| !word.is_empty());
    let keys: Vec<_> = words.map(|word| format!("{SEARCH_KEY_OF_WORD}{word}")).collect();
    (matches!(column, Column::SearchText) && is_indexed(held) && !keys.is_empty()).then_some(keys)
}

/// Keys that lead to rows with this text in the column: its words if they are whole, else the fewest parts that cover it.
fn keys(held: &Held) -> Vec<String> {
    if let Some(words) = keys_of_words(held) {
        return words;
    }
    let (column, text) = held;
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
    covering.take(MOST_PARTS).map(|(_, part)| kind(*column).iter().chain(part).collect()).collect()
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
        assert_eq!(keys(Column::SearchText, "juanhernandez@correo.mx"), "tjua|tnhe|trna|tnde|tz@c");
        assert_eq!(keys(Column::PhoneKeys, "5678"), "p567|p678");
        assert_eq!(keys(Column::PhoneKeys, "  5678  "), "p 56|p78 ");
        assert_eq!(keys(Column::City, "leon"), "cleo|ceon");
    }

    #[test]
    fn many_words_are_asked_for_by_a_part_of_each() {
        let keys = |texts: &[&str]| {
            let group: Vec<_> = texts.iter().map(|text| (Column::SearchText, (*text).to_owned())).collect();
            keys_of_group(&group).join("|")
        };
        assert_eq!(keys(&["javier", "estrada"]), "tjav|tier|test|trad|tada");
        assert_eq!(keys(&["patricia", "alvarado", "soto"]), "tcia|tado|toto");
        assert_eq!(keys(&["  ana  ", "  cruz  ", "  vega  "]), "wana|wcruz|wvega");
    }

    #[test]
    fn a_text_without_keys_has_no_words_with_keys() {
        let words = |text: &str| keys_of_words(&(Column::SearchText, text.to_owned()));
        assert_eq!(words("  ana  "), Some(vec!["wana".to_owned()]));
        assert_eq!(words(&format!("  an{SEARCH_KEY_SEPARATOR}a  ")), None);
        assert_eq!(words("    "), None);
    }
}
