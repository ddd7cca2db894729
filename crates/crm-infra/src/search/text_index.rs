//! What SQLite's text index is asked for: text of which every row that matches holds at least one.

use std::cmp::Reverse;

use crm_domain::profile::{SearchRun, SearchTerms, SearchWord};

use super::{Fit, Search, fold};
use crate::entity::profile_search::Column;

/// Shortest text that the index finds, in characters.
const SHORTEST: usize = 3;

/// Text in a column.
pub(super) type Held = (Column, String);

/// What a row that matches holds.
pub(super) struct Driver {
    /// One of these.
    pub(super) branches: Vec<Held>,
    /// And all of these.
    pub(super) always: Vec<Held>,
}

impl Driver {
    /// Of all that must hold, what promises the fewest rows; `None` if the index can't help.
    pub(super) fn of(search: &Search, fit: Fit) -> Option<Self> {
        let words = search.terms.iter().flat_map(SearchTerms::runs).filter_map(|run| branches(run, fit));
        let places = search.places.iter().filter_map(|(column, wanted)| Some(vec![(*column, indexed(wanted)?)]));
        let mut all: Vec<_> = words.chain(places).collect();
        all.sort_by_key(|branches| dearness(branches));
        let mut all = all.into_iter();
        let branches = all.next()?;
        Some(Self { branches, always: all.filter(|others| others.len() == 1).flatten().collect() })
    }

    /// One of these.
    pub(super) fn any_of(branches: Vec<Held>) -> Self {
        Self { branches, always: Vec::new() }
    }

    /// Likewise of groups of texts, of which a row that matches holds one group: the longest text of each.
    pub(super) fn of_groups(groups: &[Vec<Held>]) -> Option<Self> {
        let longest = |group: &Vec<Held>| {
            let texts = group.iter().filter_map(|(column, text)| Some((*column, indexed(text)?)));
            texts.max_by_key(|(_, text)| text.chars().count())
        };
        groups.iter().map(longest).collect::<Option<_>>().map(Self::any_of)
    }
}

/// Few branches first, then long texts.
fn dearness(branches: &[Held]) -> (usize, Reverse<usize>) {
    let shortest = branches.iter().map(|(_, text)| text.chars().count()).min().unwrap_or_default();
    (branches.len(), Reverse(shortest))
}

fn branches(run: &SearchRun, fit: Fit) -> Option<Vec<Held>> {
    // Whoever has all the words has the longest one.
    let longest = run.words.iter().max_by_key(|word| word.text.chars().count())?;
    let mut branches = word_branches(longest, fit)?;
    if let Some(digits) = &run.phone {
        branches.push((Column::PhoneKeys, sought(digits, fit)?));
    }
    Some(branches)
}

fn word_branches(word: &SearchWord, fit: Fit) -> Option<Vec<Held>> {
    let mut branches = vec![(Column::SearchText, sought(&fold(&word.text), fit)?)];
    if let Some(digits) = &word.digits {
        branches.push((Column::PhoneKeys, sought(digits, fit)?));
    }
    Some(branches)
}

/// What the index is asked for to find a word. Three letters with blanks are in so many rows that reading where costs more
/// than looking at rows where a longer word is only part of another.
fn sought(word: &str, fit: Fit) -> Option<String> {
    let is_long = word.chars().count() > SHORTEST;
    indexed(&if is_long { word.to_owned() } else { fit.pattern(word) })
}

/// The longest part of a text that the index can be asked for: it knows no way to say that `%` is not a wildcard.
pub(super) fn indexed(text: &str) -> Option<String> {
    let longest = text.split(['%', '_']).max_by_key(|part| part.chars().count())?;
    (longest.chars().count() >= SHORTEST).then(|| longest.to_owned())
}
