//! Rows that match, in no order and up to a limit.

use crm_domain::error::StoreError;
use crm_domain::profile::ProfileOrder;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, UnionType};
use sea_orm::{Condition, DbBackend, DbErr, QueryResult};

use super::text_index::Driver;
use super::{Fit, Search, contains};
use crate::entity::profile_search::Column;
use crate::listing::{Place, column};
use crate::scope;
use crate::store::SeaUnit;

/// A tenant with so many times the rows that are counted is large: SQLite's text index, which knows nothing of tenants,
/// is faster than looking at all of them.
const LARGE: u64 = 2;

impl SeaUnit {
    /// The places of what matches, or of what is of just this rank: all of them, or one more than the limit.
    pub(crate) async fn candidates(&self, search: &Search, rank: Option<u8>) -> Result<Vec<Place>, StoreError> {
        let (condition, fit) = match rank {
            Some(rank) => (search.of_rank(rank), Fit::of_rank(rank)),
            None => (search.all(), Fit::Anywhere),
        };
        let order = search.order;
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(order).map(column));
            if rank.is_none() {
                select.expr_as(search.rank(), "rank");
            }
        };
        let select = self.narrowed(condition, Driver::of(search, fit), show, search.limit + 1).await?;
        self.found_rows(&select, |row: &QueryResult| {
            let rank = rank.map_or_else(|| row.try_get::<i32>("", "rank"), |rank| Ok(rank.into()))?;
            let rank = u8::try_from(rank).map_err(|error| DbErr::Type(error.to_string()))?;
            Place::read(row, rank, order)
        })
        .await
    }

    /// The newest places of rows that hold all texts of one of these groups, out of as many as a list counts.
    pub(crate) async fn places_with(&self, groups: Vec<Vec<(Column, String)>>) -> Result<Vec<Place>, StoreError> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let group = |texts: &Vec<(Column, String)>| {
            texts.iter().map(|(column, text)| contains(*column, text)).fold(Condition::all(), Condition::add)
        };
        let condition = groups.iter().map(group).fold(Condition::any(), Condition::add);
        let order = ProfileOrder::Newest;
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(order).map(column));
        };
        let select = self.narrowed(condition, Driver::of_groups(&groups), show, self.counted()).await?;
        self.found_rows(&select, |row| Place::read(row, 0, order)).await
    }

    /// Rows of the projection that meet a condition, up to a limit. PostgreSQL finds out by itself which index helps;
    /// SQLite is told.
    pub(super) async fn narrowed(
        &self,
        condition: Condition,
        driver: Option<Driver>,
        show: impl Fn(&mut SelectStatement),
        limit: u64,
    ) -> Result<SelectStatement, StoreError> {
        let mut plain = scope::profile_places(&self.scope);
        show(&mut plain);
        plain.cond_where(condition.clone());
        let driver = driver.filter(|_| self.backend() == DbBackend::Sqlite);
        let Some(Driver(branches)) = driver else { return Ok(plain.limit(limit).to_owned()) };
        if self.profile_count().await? < LARGE * self.counted() {
            return Ok(plain.limit(limit).to_owned());
        }
        let mut parts = Vec::new();
        for (index, (searched, pattern)) in branches.iter().enumerate() {
            let mut part = scope::profile_places_in_text(&self.scope);
            show(&mut part);
            part.and_where(Expr::col(("found", *searched)).like(format!("%{pattern}%")));
            part.cond_where(condition.clone());
            // A row that two branches find is the first one's.
            for (earlier, pattern) in &branches[..index] {
                part.and_where(column(*earlier).not_like(format!("%{pattern}%")));
            }
            parts.push(part);
        }
        let mut parts = parts.into_iter();
        let Some(mut select) = parts.next() else { return Ok(plain.limit(limit).to_owned()) };
        for part in parts {
            select.union(UnionType::All, part);
        }
        Ok(select.limit(limit).to_owned())
    }
}
