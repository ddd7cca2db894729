//! What was meant, where nothing matches what was typed: words that differ by a letter or two.

use crm_domain::error::StoreError;
use crm_domain::page::Total;
use crm_domain::profile::SearchRun;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{Condition, QueryResult};
use strsim::osa_distance;

use super::text_index::Driver;
use super::{Fit, Looking, Search, contains, fold, run_fits, text_index};
use crate::entity::profile_search::Column;
use crate::listing::{Place, column, in_order};
use crate::scope;
use crate::store::SeaUnit;

/// Rows that are compared letter by letter, in numbers of rows that are counted; of more, the first in the list's order.
const COMPARED: u64 = 2;
/// Shortest word in which a letter may be wrong, and in which two may.
const ONE_WRONG: usize = 4;
const TWO_WRONG: usize = 7;
/// The rank of what differs by nothing; each letter adds one. Behind every rank of what matches.
const RANK: u8 = 3;

/// A typed word of letters, long enough to be recognised with a mistake in it.
struct Mistyped {
    word: String,
    wrong: usize,
}

impl Mistyped {
    fn of(run: &SearchRun) -> Option<Self> {
        let [word] = run.words.as_slice() else { return None };
        let word = fold(&word.text);
        let letters = word.chars().count();
        let wrong = match letters {
            TWO_WRONG.. => 2,
            ONE_WRONG.. => 1,
            _ => return None,
        };
        word.chars().all(char::is_alphabetic).then_some(Self { word, wrong })
    }

    /// Parts of the word, of which one at least is unharmed where so many letters are wrong.
    fn parts(&self) -> Vec<String> {
        let letters: Vec<char> = self.word.chars().collect();
        let text = |letters: &[char]| letters.iter().collect::<String>();
        let (begins, ends) = (|part: &[char]| format!("  {}", text(part)), |part: &[char]| format!("{}  ", text(part)));
        if self.wrong == 1 {
            let middle = letters.len() / 2;
            let mut exchanged = letters.clone();
            exchanged.swap(middle - 1, middle);
            return vec![begins(&letters[..middle]), ends(&letters[middle..]), begins(&exchanged)];
        }
        let side = if letters.len() > 8 { 3 } else { 2 };
        let inner = letters.len() - side;
        vec![begins(&letters[..side]), text(&letters[side..inner]), ends(&letters[inner..])]
    }

    /// How many letters are wrong, if any word of the text is this one.
    fn distance(&self, text: &str) -> Option<usize> {
        let distances = text.split(' ').map(|word| osa_distance(&self.word, word));
        distances.min().filter(|distance| *distance <= self.wrong)
    }
}

impl SeaUnit {
    /// Places of rows whose words are nearly those typed, and how many there are.
    pub(crate) async fn similar(&self, search: &Search) -> Result<(Vec<Place>, Total), StoreError> {
        let runs = search.runs();
        let mistyped: Vec<_> = runs.iter().filter_map(Mistyped::of).collect();
        let Some(longest) = mistyped.iter().max_by_key(|mistyped| mistyped.word.len()) else {
            return Ok((Vec::new(), Total::exact(0)));
        };
        let parts = longest.parts().into_iter().map(|part| (Column::SearchText, part)).collect();
        let always = text_index::always(search, runs.iter().filter(|run| Mistyped::of(run).is_none()));

        let mut condition = search.others.clone();
        for run in runs {
            condition = condition.add(match Mistyped::of(run) {
                Some(mistyped) => {
                    let parts = mistyped.parts();
                    parts.iter().map(|part| contains(Column::SearchText, part)).fold(Condition::any(), Condition::add)
                }
                None => run_fits(run, Fit::Anywhere),
            });
        }
        let order = search.order;
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(order).map(column)).expr(column(Column::SearchText));
        };
        let compare = |row: &QueryResult| {
            let text: String = row.try_get("", "search_text")?;
            let distances: Option<Vec<_>> = mistyped.iter().map(|mistyped| mistyped.distance(&text)).collect();
            let worst = distances.and_then(|distances| distances.into_iter().max());
            let rank = worst.map(|worst| RANK.saturating_add(u8::try_from(worst).unwrap_or(u8::MAX)));
            rank.map(|rank| Place::read(row, rank, order)).transpose()
        };
        let looking = Looking { condition: condition.clone(), driver: Driver::any_of(parts, &always) };
        let mut select = self.narrowed(&looking, show);
        let most = COMPARED * self.counted();
        select.limit(most + 1);
        let mut rows = self.looked_up(looking.is_led(), &select, compare).await?;
        let is_exact = rows.len() as u64 <= most;
        if !is_exact {
            let mut first = scope::profile_places(&self.scope);
            show(&mut first);
            in_order(first.cond_where(condition), order).limit(most);
            rows = self.found_rows(&first, compare).await?;
        }
        let places: Vec<_> = rows.into_iter().flatten().collect();
        let count = places.len() as u64;
        Ok((places, Total { count, is_exact }))
    }
}

#[cfg(test)]
mod tests {
    use crm_domain::profile::SearchTerms;

    use super::*;

    fn mistyped(raw: &str) -> Option<Mistyped> {
        Mistyped::of(&SearchTerms::parse(raw).unwrap().runs()[0])
    }

    #[test]
    fn short_words_and_numbers_have_no_mistakes() {
        for raw in ["ana", "5512", "a.b.c", "ana123"] {
            assert!(mistyped(raw).is_none(), "{raw}");
        }
    }

    #[test]
    fn whatever_a_word_is_recognised_as_holds_one_of_its_parts() {
        let cases = [
            ("lpoez", "lopez"),
            ("lopes", "lopez"),
            ("loopez", "lopez"),
            ("lope", "lopez"),
            ("ramirze", "ramirez"),
            ("gonsales", "gonzalez"),
            ("hernandes", "hernandez"),
            ("ernandez", "hernandez"),
            ("guadaluep", "guadalupe"),
        ];
        for (typed, meant) in cases {
            let mistyped = mistyped(typed).unwrap();
            let text = format!("  ana  {meant}  ");
            assert!(mistyped.distance(&text).is_some(), "{typed}");
            assert!(mistyped.parts().iter().any(|part| text.contains(part)), "{typed}: {:?}", mistyped.parts());
        }
        assert_eq!(mistyped("perez").unwrap().distance("  ana  lopez  "), None);
    }
}
