//! Rows that match, in no order and up to a limit.

use crm_domain::error::StoreError;
use crm_domain::profile::ProfileOrder;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, UnionType};
use sea_orm::{Condition, DbBackend, DbErr, QueryResult};

use super::text_index::{Driver, Held};
use super::{Search, contains};
use crate::listing::{Place, column};
use crate::scope;
use crate::store::SeaUnit;

/// A tenant with so many times the rows that are counted is large: SQLite's text index, which knows nothing of tenants,
/// is faster than looking at all of them.
const LARGE: u64 = 2;

impl SeaUnit {
    /// The places of what matches, or of what is of just this rank: all of them, or one more than the limit.
    pub(crate) async fn candidates(&self, search: &Search, rank: Option<u8>) -> Result<Vec<Place>, StoreError> {
        let (condition, driver) = search.looking_for(rank);
        let order = search.order;
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(order).map(column));
            if rank.is_none() {
                select.expr_as(search.rank(), "rank");
            }
        };
        let select = self.narrowed(&condition, driver, show, search.limit + 1);
        self.found_rows(&select, |row: &QueryResult| {
            let rank = rank.map_or_else(|| row.try_get::<i32>("", "rank"), |rank| Ok(rank.into()))?;
            let rank = u8::try_from(rank).map_err(|error| DbErr::Type(error.to_string()))?;
            Place::read(row, rank, order)
        })
        .await
    }

    /// The places of rows that hold all texts of one of these groups, out of as many as a list counts.
    pub(crate) async fn places_with(&self, groups: Vec<Vec<Held>>) -> Result<Vec<Place>, StoreError> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let group = |texts: &Vec<Held>| {
            texts.iter().map(|(column, text)| contains(*column, text)).fold(Condition::all(), Condition::add)
        };
        let condition = groups.iter().map(group).fold(Condition::any(), Condition::add);
        let order = ProfileOrder::Newest;
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(order).map(column));
        };
        let driver = if self.text_index_helps().await? { Driver::of_groups(&groups) } else { None };
        let select = self.narrowed(&condition, driver, show, self.counted());
        self.found_rows(&select, |row| Place::read(row, 0, order)).await
    }

    /// Whether to ask the text index rather than all of the tenant's rows. PostgreSQL finds that out by itself.
    pub(super) async fn text_index_helps(&self) -> Result<bool, StoreError> {
        Ok(self.backend() == DbBackend::Sqlite && self.profile_count().await? >= LARGE * self.counted())
    }

    /// Rows of the projection that meet a condition, up to a limit; found by the text index if there is a driver.
    pub(super) fn narrowed(
        &self,
        condition: &Condition,
        driver: Option<Driver>,
        show: impl Fn(&mut SelectStatement),
        limit: u64,
    ) -> SelectStatement {
        let Driver { branches, always } = driver.unwrap_or_else(|| Driver::any_of(Vec::new()));
        let holds = |(searched, text): &Held| Expr::col(("found", *searched)).like(format!("%{text}%"));
        let parts = branches.iter().enumerate().map(|(index, branch)| {
            let mut part = scope::profile_places_in_text(&self.scope);
            show(&mut part);
            let held = [branch].into_iter().chain(&always).map(holds);
            part.cond_where(held.fold(Condition::all(), Condition::add)).cond_where(condition.clone());
            // A row that two branches find is the first one's.
            for (earlier, text) in &branches[..index] {
                part.and_where(column(*earlier).not_like(format!("%{text}%")));
            }
            part
        });
        let found = parts.reduce(|mut all, part| all.union(UnionType::All, part).to_owned());
        let mut found = found.unwrap_or_else(|| {
            let mut plain = scope::profile_places(&self.scope);
            show(&mut plain);
            plain.cond_where(condition.clone()).to_owned()
        });
        found.limit(limit).to_owned()
    }
}
