//! Conditions on the search projection: the same folding and phone keys as the triggers that fill it.

use crm_domain::profile::{ProfileFilter, SearchRun, SearchTerms, SearchWord};
use migration::{FOLD_LETTERS, FOLD_REMOVED};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, Condition};

use crate::entity::profile_search::Column;

/// Every condition of a filter, on the projection alone.
pub(crate) fn matches(filter: &ProfileFilter) -> Condition {
    // Who was not seen since is a matter of live rows, and what comes first is no condition.
    let ProfileFilter { user, search, city, state, birthday_month, not_seen_since: _, order: _ } = filter;
    Condition::all()
        .add_option(user.as_ref().map(|user| Column::UserId.eq(user.as_str())))
        .add_option(search.as_ref().map(terms))
        .add_option(city.as_deref().map(|city| contains(Column::City, &fold(city))))
        .add_option(state.as_deref().map(|state| contains(Column::State, &fold(state))))
        .add_option(birthday_month.map(|month| Column::BirthMonth.eq(month)))
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

/// Whether text, folded, and a phone's key hold all of this: what [`matches()`] asks of the projection.
pub(crate) fn found(terms: &SearchTerms, text: &str, phone: &str) -> bool {
    let in_text = |word: &SearchWord| Some(fold(&word.text)).is_some_and(|word| !word.is_empty() && text.contains(&word));
    let in_phone = |digits: &Option<String>| digits.as_deref().is_some_and(|digits| phone.contains(digits));
    let is_found =
        |run: &SearchRun| in_phone(&run.phone) || run.words.iter().all(|word| in_phone(&word.digits) || in_text(word));
    terms.runs().iter().all(is_found)
}

/// What folds to nothing, such as an accent by itself, is found nowhere rather than everywhere.
pub(crate) fn contains(column: Column, folded: &str) -> Expr {
    if folded.is_empty() {
        return Expr::cust("1 = 0");
    }
    let literal = folded.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    Expr::col((crate::entity::profile_search::Entity, column)).like(LikeExpr::new(format!("%{literal}%")).escape('\\'))
}

/// Text as the projection holds it: plain letters for accented ones, no combining marks, ASCII lower case.
pub(crate) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii() || !FOLD_REMOVED.contains(c)).map(plain).collect()
}

fn plain(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let listed = FOLD_LETTERS.iter().find(|(_, variants)| variants.contains(c));
    listed.map_or(c, |(letter, _)| *letter)
}

#[cfg(test)]
mod tests {
    use crm_domain::testing::rows;
    use crm_domain::value::phone_key;

    use super::*;
    use crate::testing::TestDatabase;

    #[test]
    fn accents_case_and_the_tilde_of_ene_are_folded() {
        assert_eq!(fold("JOSÉ Ñúñez Müller Šašek"), "jose nunez muller sasek");
        assert_eq!(fold("Jose\u{301}"), "jose");
    }

    /// What the triggers of this database make of a last name and a phone.
    async fn projected(database: &TestDatabase, last_name: &str, phone: &str) -> (String, String) {
        let (last_name, phone) = (last_name.replace('\'', "''"), phone.replace('\'', "''"));
        let sql = format!("UPDATE client_profiles SET \"lastName\" = '{last_name}', phone = '{phone}' WHERE id = 'p1'");
        database.execute(&sql).await;
        let column = async |column| {
            let sql = format!("SELECT {column} FROM crm_profile_search WHERE profile_id = 'p1'");
            database.select_text(&sql).await.unwrap()
        };
        (column("search_text").await, column("phone_keys").await)
    }

    async fn agrees_with_the_triggers(database: TestDatabase) {
        let user = rows::user("u1").with("email", "x").with("phone", None::<&str>);
        let profile = rows::profile("p1", "u1").with("firstName", "A").with("email", "e").with("alternateEmail", "f");
        database.execute(&[rows::tenant("t1"), user, profile].map(|row| row.to_string()).join(";\n")).await;

        let every_letter: String =
            FOLD_LETTERS.iter().flat_map(|(letter, variants)| variants.chars().chain([*letter])).collect();
        let every_mark: String = FOLD_REMOVED.iter().flat_map(|mark| ['n', *mark]).collect();
        for name in [every_letter.as_str(), every_mark.as_str(), "O'Hara Æneas þorn Ελένη ИВАН", "100%_\\"] {
            let (text, _) = projected(&database, name, "").await;
            assert_eq!(text, fold(&format!("A {name} e f")), "{name}");
        }
        for phone in [
            "5512345678",
            "+52 1 55 1234 5678",
            "(55) 1234-5678",
            "044 55 1234 5678",
            "01/55.1234.5678",
            "+1 415 555 2671",
            "521abc4567890",
            "S/N",
            "0",
            "52",
            "\u{a0}55\t1234 5678",
            "5215512345678901",
        ] {
            let (_, keys) = projected(&database, "x", phone).await;
            assert_eq!(keys.trim(), phone_key(phone).unwrap_or_default(), "{phone}");
        }
    }

    #[tokio::test]
    async fn folding_and_phone_keys_agree_with_the_triggers_of_sqlite() {
        agrees_with_the_triggers(TestDatabase::sqlite().await).await;
    }

    #[tokio::test]
    async fn folding_and_phone_keys_agree_with_the_triggers_of_postgres() {
        if let Some(database) = TestDatabase::postgres().await {
            agrees_with_the_triggers(database).await;
        }
    }
}
