//! A list that narrows. Up to a limit the database finds all of it, counts it and puts it in order; beyond that it is read
//! rank by rank. A rank that matches often is met by walking the index for a while; of one that does not, all is found and
//! put in order.

use std::collections::HashMap;

use crm_domain::error::StoreError;
use crm_domain::page::{PageRequest, Total};
use sea_orm::EntityName;
use sea_orm::sea_query::Expr;

use super::{Beginning, Part, Place, in_order};
use crate::entity::profile_search;
use crate::rows::count;
use crate::scope;
use crate::search::{Matches, Search};
use crate::store::SeaUnit;

/// What a row costs that is found and put in order, beside one that is passed in walking.
pub(crate) const FOUND: u64 = 2;
/// What is walked through before anybody asks how often something matches, in numbers of rows that are counted.
pub(crate) const NEAR: u64 = 4;

/// Whoever passes over more, in numbers of rows that are counted, waits for others who do: it may take all rows of a tenant,
/// and a few at once would keep everybody from reading.
const DEEP: u64 = 4;

/// How many rows a tenant has, and how many of each rank there may be.
struct Estimate {
    all: u64,
    of_rank: HashMap<u8, u64>,
}

impl SeaUnit {
    /// A page of what a search finds, and one row more; and how many it finds.
    pub(super) async fn found(
        &self,
        search: &Search,
        begin: &Beginning,
        page: &PageRequest,
    ) -> Result<(Vec<Place>, Total), StoreError> {
        let _turn = if begin.skip > DEEP * self.counted() { Some(self.deep_turn().await?) } else { None };
        let wanted = page.take() as usize + 1;
        // The first rows may tell as well that there are too many to count.
        let enough = Ord::max(wanted as u64, search.limit + 1);
        let enough = Part { order: search.order, rank: 0, after: None, skip: 0, take: enough };
        let mut met = if search.is_looked_up && begin.is_first() {
            self.walk(search, enough).await?
        } else if search.is_of_places() {
            self.walk_near(search, enough).await?
        } else {
            Vec::new()
        };
        let is_common = met.len() as u64 > search.limit;
        if begin.is_first() && (is_common || search.is_looked_up) {
            let total = Total::counted(met.len() as u64, search.limit);
            met.truncate(wanted);
            return Ok((met, total));
        }
        let too_many = Total::counted(search.limit + 1, search.limit);
        if is_common {
            return Ok((self.ranked(search, begin, wanted, true).await?, too_many));
        }
        let is_behind_all =
            begin.skip > search.found_at_once() || begin.after.as_ref().is_some_and(|after| after.rank >= search.ranks());
        let mut matches = if is_behind_all { Matches::default() } else { self.all_at_once(search, begin, wanted).await? };
        if matches.met == 0 && !begin.is_first() {
            // Behind the last page stands nothing that would say how many there are.
            matches = Matches { places: Vec::new(), ..self.all_at_once(search, &Beginning::default(), 1).await? };
        }
        if matches.met > search.found_at_once() {
            // Whole words are found first, so where something else is found as well, there are few.
            let is_near = !search.is_looked_up && matches.worst == 0 && search.is_of_one_thing();
            return Ok((self.ranked(search, begin, wanted, is_near).await?, too_many));
        }
        if matches.met > 0 {
            return Ok((matches.places, Total::counted(matches.met, search.limit)));
        }

        let (mut similar, total) = self.similar(search).await?;
        similar.sort_unstable();
        let skip = usize::try_from(begin.skip).unwrap_or(usize::MAX);
        let is_next = |place: &Place| begin.after.as_ref().is_none_or(|after| place > after);
        Ok((similar.into_iter().filter(is_next).skip(skip).take(wanted).collect(), total))
    }

    /// So many places of what matches too often to be put in order at once, rank by rank. The best are walked to if they are
    /// near.
    async fn ranked(
        &self,
        search: &Search,
        begin: &Beginning,
        wanted: usize,
        is_near: bool,
    ) -> Result<Vec<Place>, StoreError> {
        let (mut places, mut skip) = (Vec::new(), begin.skip);
        let mut estimate = None;
        let first = begin.after.as_ref().map_or(0, |after| after.rank);
        for rank in first..search.ranks() {
            let missing = wanted - places.len();
            if missing == 0 {
                break;
            }
            let after = begin.after.as_ref().filter(|after| after.rank == rank);
            let part = Part { order: search.order, rank, after, skip, take: missing as u64 };
            let near = if is_near && rank == 0 { self.walk_near(search, part).await? } else { Vec::new() };
            let is_met = near.len() as u64 == part.take;
            let found = if is_met { near } else { self.part(search, part, &mut estimate).await? };
            if found.is_empty() && skip > 0 {
                skip = skip.saturating_sub(self.count_of_rank(search, rank).await?);
            } else {
                skip = 0;
            }
            places.extend(found);
        }
        Ok(places)
    }

    /// A part of what is of one rank.
    async fn part(
        &self,
        search: &Search,
        part: Part<'_>,
        estimate: &mut Option<Estimate>,
    ) -> Result<Vec<Place>, StoreError> {
        if search.is_looked_up {
            return self.walk(search, part).await;
        }
        let Estimate { all, of_rank } = if let Some(estimate) = estimate {
            estimate
        } else {
            let all = self.profile_count().await?;
            estimate.insert(Estimate { all, of_rank: self.expected(search, all).await? })
        };
        let expected = of_rank.get(&part.rank).copied().unwrap_or_default();
        // Names may lie together, so walking is given up where finding all would have cost the same.
        let within = FOUND * expected;
        let is_common = (part.skip + part.take).saturating_mul(*all) <= within.saturating_mul(expected);
        if is_common {
            let met = self.walk_within(search, part, within).await?;
            if met.len() as u64 == part.take {
                return Ok(met);
            }
        }
        self.sorted(search, part).await
    }

    /// A part, met among the next few rows of the list.
    async fn walk_near(&self, search: &Search, part: Part<'_>) -> Result<Vec<Place>, StoreError> {
        self.walk_within(search, part, NEAR * self.counted()).await
    }

    /// A part, met along the index of the order, however far that is.
    async fn walk(&self, search: &Search, part: Part<'_>) -> Result<Vec<Place>, StoreError> {
        let mut rows = scope::profile_places(&self.scope);
        rows.cond_where(search.of_rank(part.rank));
        self.found_rows(&part.of(rows), |row| part.read(row)).await
    }

    /// Likewise, but no further than so many rows.
    async fn walk_within(&self, search: &Search, part: Part<'_>, within: u64) -> Result<Vec<Place>, StoreError> {
        let mut passed = scope::profile_places(&self.scope);
        let fits = Expr::case(search.of_rank(part.rank), Expr::cust("TRUE")).finally(Expr::cust("FALSE"));
        passed.columns(Place::columns(part.order)).expr_as(fits, "fits");
        passed.and_where_option(part.after.map(Place::is_before));
        in_order(&mut passed, part.order).limit(within);
        let mut rows = scope::rows_of(passed, profile_search::Entity.table_name());
        rows.columns(Place::columns(part.order)).and_where(Expr::col("fits")).limit(part.take);
        if part.skip > 0 {
            rows.offset(part.skip);
        }
        // Both engines give out what is left of an ordered subselect as it comes. Asked for in this order once more, SQLite
        // would pass all rows before the first.
        self.rows(&rows, |row| part.read(row)).await
    }

    async fn count_of_rank(&self, search: &Search, rank: u8) -> Result<u64, StoreError> {
        let mut counted = scope::profile_places(&self.scope);
        counted.expr_as(Expr::cust("COUNT(*)"), "total").cond_where(search.of_rank(rank));
        Ok(self.found_rows(&counted, |row| count(row, "total")).await?.pop().unwrap_or_default())
    }
}
