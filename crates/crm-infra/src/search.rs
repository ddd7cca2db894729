//! Conditions on the search projection: the same folding and phone keys as the triggers that fill it.

use crm_domain::profile::{ProfileFilter, SearchRun, SearchTerms, SearchWord};
use migration::{FOLD_LETTERS, FOLD_REMOVED};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, Condition};

use crate::entity::profile_search::Column;

/// Every condition of a filter, on the projection alone.
pub(crate) fn matches(filter: &ProfileFilter) -> Condition {
    let ProfileFilter { user, search, city, state } = filter;
    Condition::all()
        .add_option(user.as_ref().map(|user| Column::UserId.eq(user.as_str())))
        .add_option(search.as_ref().map(terms))
        .add_option(city.as_deref().map(|city| contains(Column::City, &fold(city))))
        .add_option(state.as_deref().map(|state| contains(Column::State, &fold(state))))
}

fn terms(terms: &SearchTerms) -> Condition {
    terms.runs().iter().map(run).fold(Condition::all(), Condition::add)
}

fn run(run: &SearchRun) -> Condition {
    let every_word = run.words.iter().map(word).fold(Condition::all(), Condition::add);
    let as_one_phone = run.phone.as_deref().map(|digits| contains(Column::PhoneKeys, digits));
    Condition::any().add(every_word).add_option(as_one_phone)
}

fn word(word: &SearchWord) -> Condition {
    Condition::any()
        .add(contains(Column::SearchText, &fold(&word.text)))
        .add_option(word.digits.as_deref().map(|digits| contains(Column::PhoneKeys, digits)))
}

/// What folds to nothing, such as an accent by itself, is found nowhere rather than everywhere.
fn contains(column: Column, folded: &str) -> Expr {
    if folded.is_empty() {
        return Expr::cust("1 = 0");
    }
    let literal = folded.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    Expr::col((crate::entity::profile_search::Entity, column)).like(LikeExpr::new(format!("%{literal}%")).escape('\\'))
}

/// Text as the projection holds it: plain letters for accented ones, no combining marks, ASCII lower case.
fn fold(text: &str) -> String {
    text.chars().filter(|c| !FOLD_REMOVED.contains(c)).map(plain).collect()
}

fn plain(c: char) -> char {
    let listed = FOLD_LETTERS.iter().find(|(_, variants)| variants.contains(c));
    listed.map_or(c, |(letter, _)| *letter).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_the_tilde_of_ene_are_folded() {
        assert_eq!(fold("JOSÉ Ñúñez Müller Šašek"), "jose nunez muller sasek");
        assert_eq!(fold("Jose\u{301}"), "jose");
    }
}
