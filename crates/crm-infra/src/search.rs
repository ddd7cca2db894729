//! What a list of profiles leaves out and how well the rest matches, as conditions on the projection.

mod candidates;
mod mistyped;
mod similar;
mod text_index;

use crm_domain::error::StoreError;
use crm_domain::profile::{ProfileFilter, ProfileOrder, SearchRun, SearchTerms, SearchWord};
use migration::{FOLD_LETTERS, FOLD_REMOVED};
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};

use crate::entity::profile_search::Column;
use crate::listing::column;
use crate::store::SeaUnit;

pub(crate) use candidates::Matches;
use text_index::Driver;

/// Rows that are counted where each must be looked up among the visits.
const COUNTED_VISITS: u64 = 50;

/// So many digits in a row are in few phones.
const PART_OF_PHONE: usize = 4;
/// Rows that are found at once where these are looked for, in numbers of rows that are counted.
const FOUND_BY_PHONE: u64 = 4;

/// Most ranks of what matches: one of each [`Fit`].
const RANKS: u8 = 3;

/// A list that leaves somebody out.
pub(crate) struct Search {
    terms: Option<SearchTerms>,
    /// What must hold beside the words.
    others: Condition,
    places: Vec<(Column, String)>,
    pub(crate) order: ProfileOrder,
    /// How many rows are counted.
    pub(crate) limit: u64,
    /// Whether each row must be looked up among the visits and nothing else leads to it.
    pub(crate) is_looked_up: bool,
}

/// What rows must meet, and what leads to those that may.
struct Looking {
    condition: Condition,
    driver: Option<Driver>,
}

impl Looking {
    fn is_led(&self) -> bool {
        self.driver.is_some()
    }
}

/// Where in a word a typed one must be found, the best first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It is the word.
    Whole,
    /// The word begins with it.
    Beginning,
    Anywhere,
}

impl Fit {
    /// What a rank stands for.
    fn of_rank(rank: u8) -> Self {
        match rank {
            0 => Self::Whole,
            1 => Self::Beginning,
            _ => Self::Anywhere,
        }
    }

    /// The typed word as it stands in the projection, between whose words there are two blanks.
    fn pattern(self, typed: &str) -> String {
        match self {
            Self::Whole => format!("  {typed}  "),
            Self::Beginning => format!("  {typed}"),
            Self::Anywhere => typed.to_owned(),
        }
    }
}

impl Search {
    /// What a filter asks for; `None` if it leaves nobody out.
    pub(crate) async fn of(unit: &SeaUnit, filter: &ProfileFilter) -> Result<Option<Self>, StoreError> {
        if *filter == (ProfileFilter { order: filter.order, ..ProfileFilter::default() }) {
            return Ok(None);
        }
        let ProfileFilter { user, search, city, state, birthday_month, not_seen_since, order } = filter;
        let places: Vec<_> = [(Column::City, city), (Column::State, state)]
            .into_iter()
            .filter_map(|(column, wanted)| Some((column, fold(wanted.as_deref()?))))
            .collect();
        let mut others = Condition::all()
            .add_option(user.as_ref().map(|user| column(Column::UserId).eq(user.as_str())))
            .add_option(birthday_month.map(|month| column(Column::BirthMonth).eq(month)));
        for (place, wanted) in &places {
            others = others.add(contains(*place, wanted));
        }
        if let Some(since) = not_seen_since {
            others = others.add(unit.is_unseen_since(*since).await?);
        }
        let limit = if not_seen_since.is_some() { Ord::min(unit.counted(), COUNTED_VISITS) } else { unit.counted() };
        let is_looked_up = not_seen_since.is_some() && search.is_none() && places.is_empty() && user.is_none();
        Ok(Some(Self { terms: search.clone(), others, places, order: *order, limit, is_looked_up }))
    }

    /// Whether nothing but places leads to what is looked for.
    pub(crate) fn is_of_places(&self) -> bool {
        self.terms.is_none() && !self.places.is_empty()
    }

    /// Whether nothing narrows a word, or a place: together with another word or a place it is seldom near.
    pub(crate) fn is_of_one_thing(&self) -> bool {
        self.runs().len() + self.places.len() <= 1
    }

    /// How many ranks there are: one of each [`Fit`], or only one.
    pub(crate) fn ranks(&self) -> u8 {
        if self.terms.is_some() { RANKS } else { 1 }
    }

    /// What is of this rank and of no better one.
    pub(crate) fn of_rank(&self, rank: u8) -> Condition {
        let better = rank.checked_sub(1).and_then(|better| self.words(Fit::of_rank(better)));
        let others = self.others.clone().add_option(self.words(Fit::of_rank(rank)));
        others.add_option(better.map(Condition::not))
    }

    /// What is of just this rank, and what leads to it.
    fn looking_for(&self, rank: u8) -> Looking {
        Looking { condition: self.of_rank(rank), driver: Driver::of(self, Fit::of_rank(rank)) }
    }

    /// Whatever matches, and what leads to it.
    fn looking_for_all(&self) -> Looking {
        Looking { condition: self.all(), driver: Driver::of(self, Fit::Anywhere) }
    }

    /// The same, those of the best rank apart; `None` where they are not worth a look of their own: without words, where parts
    /// of phones are looked for, and where many words mostly leave few.
    fn looking_for_best_and_rest(&self) -> Option<(Looking, Looking)> {
        let all = self.looking_for_all();
        let has_many_words = all.driver.as_ref().is_some_and(Driver::has_many_words);
        let best = self.words(Fit::of_rank(0)).filter(|_| !self.is_of_phones() && !has_many_words)?;
        Some((self.looking_for(0), Looking { condition: all.condition.add(best.not()), ..all }))
    }

    /// The keys of one word of letters, if nothing else is asked for: so many may have it that the sample proves it.
    fn keys_of_only_word(&self) -> Option<Vec<String>> {
        let [SearchRun { words, phone: None }] = self.runs() else { return None };
        let [word @ SearchWord { digits: None, .. }] = words.as_slice() else { return None };
        let whole = (Column::SearchText, Fit::Whole.pattern(&fold(&word.text)));
        self.others.is_empty().then(|| text_index::keys_of_words(&whole))?
    }

    /// Everything that matches.
    fn all(&self) -> Condition {
        self.others.clone().add_option(self.words(Fit::Anywhere))
    }

    /// How many rows are found and put in order at once. Part of a phone is in those of few, and whole in hardly any, so it
    /// is worth while to find more than are counted.
    pub(crate) fn found_at_once(&self) -> u64 {
        if self.is_of_phones() { FOUND_BY_PHONE * self.limit } else { self.limit }
    }

    /// Whether digits are looked for that may be of a phone, and enough of them.
    fn is_of_phones(&self) -> bool {
        let is_part = |word: &SearchWord| word.digits.as_ref().is_some_and(|digits| digits.len() >= PART_OF_PHONE);
        self.runs().iter().any(|run| run.phone.is_some() || run.words.iter().any(is_part))
    }

    fn runs(&self) -> &[SearchRun] {
        self.terms.as_ref().map(SearchTerms::runs).unwrap_or_default()
    }

    /// The rank of a row that matches.
    fn rank(&self) -> Expr {
        match (self.words(Fit::Whole), self.words(Fit::Beginning)) {
            (Some(whole), Some(beginning)) => Expr::case(whole, 0).case(beginning, 1).finally(2).into(),
            _ => Expr::val(0),
        }
    }

    /// Every run of words is found so; `None` if there are no words.
    fn words(&self, fit: Fit) -> Option<Condition> {
        let runs = self.terms.as_ref()?.runs().iter().map(|run| run_fits(run, fit));
        Some(runs.fold(Condition::all(), Condition::add))
    }
}

fn run_fits(run: &SearchRun, fit: Fit) -> Condition {
    let every_word = run.words.iter().map(|word| word_fits(word, fit)).fold(Condition::all(), Condition::add);
    let as_one_phone = run.phone.as_deref().map(|digits| contains(Column::PhoneKeys, &fit.pattern(digits)));
    Condition::any().add(every_word).add_option(as_one_phone)
}

fn word_fits(word: &SearchWord, fit: Fit) -> Condition {
    let folded = fold(&word.text);
    let in_text = if folded.is_empty() { nothing() } else { contains(Column::SearchText, &fit.pattern(&folded)) };
    let in_phone = word.digits.as_deref().map(|digits| contains(Column::PhoneKeys, &fit.pattern(digits)));
    Condition::any().add(in_text).add_option(in_phone)
}

/// Whether text, folded, and a phone's key hold all of this: what [`Search`] asks of the projection.
pub(crate) fn found(terms: &SearchTerms, text: &str, phone: &str) -> bool {
    let in_text = |word: &SearchWord| Some(fold(&word.text)).is_some_and(|word| !word.is_empty() && text.contains(&word));
    let in_phone = |digits: &Option<String>| digits.as_deref().is_some_and(|digits| phone.contains(digits));
    let is_found =
        |run: &SearchRun| in_phone(&run.phone) || run.words.iter().all(|word| in_phone(&word.digits) || in_text(word));
    terms.runs().iter().all(is_found)
}

/// What folds to nothing, such as an accent by itself, is found nowhere rather than everywhere.
pub(crate) fn contains(searched: Column, folded: &str) -> Expr {
    if folded.is_empty() {
        return nothing();
    }
    let literal = folded.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    let pattern = LikeExpr::new(format!("%{literal}%"));
    // PostgreSQL makes the pattern anew for each row where a character escapes others.
    column(searched).like(if literal == folded { pattern } else { pattern.escape('\\') })
}

/// Folded text as it stands in the projection, two blanks for one.
pub(crate) fn spaced(folded: &str) -> String {
    folded.replace(' ', "  ")
}

fn nothing() -> Expr {
    Expr::cust("1 = 0")
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
            assert_eq!(text, spaced(&fold(&format!(" A {name} e f "))), "{name}");
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
