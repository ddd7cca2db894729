//! What was meant, where nothing matches what was typed: words that differ by a letter or two.

use crm_domain::error::StoreError;
use crm_domain::page::Total;
use crm_domain::profile::SearchRun;
use sea_orm::QueryResult;
use sea_orm::sea_query::SelectStatement;

use super::candidates::any_of;
use super::mistyped::Mistyped;
use super::text_index::Driver;
use super::{Fit, Looking, Search, run_fits, text_index};
use crate::entity::profile_search::Column;
use crate::listing::{Place, column, in_order};
use crate::scope;
use crate::store::SeaUnit;

/// The rank of what differs by nothing; each letter adds one. Behind every rank of what matches.
const RANK: u8 = 3;

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
        let looking = Looking { condition: condition.clone(), driver: Driver::of_groups(groups) };
        let mut select = self.narrowed(&looking, show);
        // So many are compared letter by letter; of more, the first in the list's order. Nearly all that hold what one wrong
        // letter leaves are meant; what two leave is in many more.
        let most = wrong as u64 * self.counted();
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
