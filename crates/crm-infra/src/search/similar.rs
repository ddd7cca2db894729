//! What was meant, where nothing matches what was typed: words that differ by a letter or two.

use crm_domain::error::StoreError;
use crm_domain::page::Total;
use crm_domain::profile::{ProfileOrder, SearchRun};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{Condition, DbBackend, EntityName as _, QueryResult};

use super::candidates::any_of;
use super::mistyped::Mistyped;
use super::text_index::Driver;
use super::{Fit, Looking, Search, run_fits, text_index};
use crate::entity::profile_search::{self, Column};
use crate::listing::{FOUND, NEAR, Place, column, in_order};
use crate::scope;
use crate::store::SeaUnit;

/// As many rows as are counted are compared letter by letter. Of more, the first in the list's order: this part of so many
/// where one letter is wrong, since nearly all that hold what it leaves are meant.
const PART_COMPARED: u64 = 5;
/// The rank of what differs by nothing; each letter adds one. Behind every rank of what matches.
const RANK: u8 = 3;

/// What is read of a row that may be meant.
fn show(order: ProfileOrder) -> impl Fn(&mut SelectStatement) {
    move |select| {
        select.exprs(Place::columns(order).map(column)).expr(column(Column::SearchText));
    }
}

impl SeaUnit {
    /// Places of rows whose words are nearly those typed, and how many there are. Where one wrong letter in each word
    /// explains what was typed, nobody looks for two.
    pub(crate) async fn similar(&self, search: &Search) -> Result<(Vec<Place>, Total), StoreError> {
        let most = search.runs().iter().filter_map(Mistyped::of).map(|mistyped| mistyped.wrong).max();
        let mut found = (Vec::new(), Total::exact(0));
        for wrong in 1..=most.unwrap_or_default() {
            found = self.similar_within(search, wrong).await?;
            if !found.0.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// Likewise, with so many wrong letters in each word at most.
    async fn similar_within(&self, search: &Search, wrong: usize) -> Result<(Vec<Place>, Total), StoreError> {
        let of = |run: &SearchRun| Mistyped::of(run).map(|mistyped| mistyped.within(wrong));
        let mistyped: Vec<_> = search.runs().iter().filter_map(of).collect();
        let Some(longest) = mistyped.iter().max_by_key(|mistyped| mistyped.length()) else {
            return Ok((Vec::new(), Total::exact(0)));
        };
        let always = text_index::always(search, search.runs().iter().filter(|run| Mistyped::of(run).is_none()));
        let groups = longest.traces().into_iter().map(|group| [group, always.clone()].concat()).collect();

        let mut condition = search.others.clone();
        for run in search.runs() {
            condition = condition.add(match of(run) {
                Some(mistyped) => any_of(&mistyped.traces()),
                None => run_fits(run, Fit::Anywhere),
            });
        }
        let order = search.order;
        let compare = |row: &QueryResult| {
            let text: String = row.try_get("", "search_text")?;
            let distances: Option<Vec<_>> = mistyped.iter().map(|mistyped| mistyped.distance(&text)).collect();
            let worst = distances.and_then(|distances| distances.into_iter().max());
            let rank = worst.map(|worst| RANK.saturating_add(u8::try_from(worst).unwrap_or(u8::MAX)));
            rank.map(|rank| Place::read(row, rank, order)).transpose()
        };
        let looking = Looking { condition, driver: Driver::of_groups(groups) };
        let mut select = self.narrowed(&looking, show(order));
        select.limit(self.counted() + 1);
        let mut rows = self.looked_up(looking.is_led(), &select, compare).await?;
        let is_exact = rows.len() as u64 <= self.counted();
        if !is_exact {
            let most = if wrong == 1 { u64::div_ceil(self.counted(), PART_COMPARED) } else { self.counted() };
            rows = self.rows(&self.near(&looking.condition, order, most), compare).await?;
            if (rows.len() as u64) < most {
                let first = self.first(&looking, order, most, rows.len() as u64).await?;
                rows = self.found_rows(&first, compare).await?;
            }
        }
        let places: Vec<_> = rows.into_iter().flatten().collect();
        let count = places.len() as u64;
        Ok((places, Total { count, is_exact }))
    }

    /// So many that meet a condition, among the first few rows of the list. Both engines give out what is left of an ordered
    /// subselect as it comes.
    fn near(&self, condition: &Condition, order: ProfileOrder, most: u64) -> SelectStatement {
        let mut passed = scope::profile_places(&self.scope);
        let fits = Expr::case(condition.clone(), Expr::cust("TRUE")).finally(Expr::cust("FALSE"));
        passed.columns(Place::columns(order)).column(Column::SearchText).expr_as(fits, "fits");
        in_order(&mut passed, order).limit(NEAR * self.counted());
        let mut rows = scope::rows_of(passed, profile_search::Entity.table_name());
        rows.columns(Place::columns(order)).column(Column::SearchText).and_where(Expr::col("fits")).limit(most);
        rows
    }

    /// The first that meet a condition, of which so many are near: met along the list, or all found and put in order,
    /// whichever takes fewer rows.
    async fn first(
        &self,
        looking: &Looking,
        order: ProfileOrder,
        most: u64,
        near: u64,
    ) -> Result<SelectStatement, StoreError> {
        let passed = NEAR * self.counted();
        let found = near * self.profile_count().await? / passed;
        let is_met_sooner = near > 0 && most * passed / near <= FOUND * found;
        let mut rows = if is_met_sooner {
            let mut all = scope::profile_places(&self.scope);
            show(order)(&mut all);
            all.cond_where(looking.condition.clone()).to_owned()
        } else {
            let mut all = self.narrowed(looking, show(order));
            if self.backend() == DbBackend::Postgres {
                // Or it would walk along the index of the order.
                all.offset(0);
            }
            let mut rows = scope::rows_of(all, profile_search::Entity.table_name());
            rows.columns(Place::columns(order)).column(Column::SearchText);
            rows
        };
        in_order(&mut rows, order).limit(most);
        Ok(rows)
    }
}
