//! Rows that match, in no order and up to a limit.

use std::collections::HashMap;

use crm_domain::error::StoreError;
use crm_domain::profile::ProfileOrder;
use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement, UnionType};
use sea_orm::{Condition, DbBackend, DbErr, EntityName, QueryResult};

use super::text_index::{Driver, Held};
use super::{Search, contains};
use crate::entity::profile_search;
use crate::listing::{Part, Place, column};
use crate::scope;
use crate::store::SeaUnit;

/// A tenant with so many times the rows that are counted is large: SQLite's text index, which knows nothing of tenants,
/// is faster than looking at all of them.
const LARGE: u64 = 2;
/// Rows at either end of the list that are asked how often something matches: towns and names come and go with the years.
const SAMPLE: u64 = 500;

fn rank(row: &QueryResult) -> Result<u8, DbErr> {
    u8::try_from(row.try_get::<i32>("", "rank")?).map_err(|error| DbErr::Type(error.to_string()))
}

impl SeaUnit {
    /// The places of what matches: all of them, or one more than the limit.
    pub(crate) async fn candidates(&self, search: &Search) -> Result<Vec<Place>, StoreError> {
        let (condition, driver) = search.looking_for(None);
        let order = search.order;
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(order).map(column)).expr_as(search.rank(), "rank");
        };
        let mut select = self.narrowed(&condition, driver, show);
        select.limit(search.limit + 1);
        self.found_rows(&select, |row: &QueryResult| Place::read(row, rank(row)?, order)).await
    }

    /// How many of each rank there may be among so many profiles, as the newest and the oldest say.
    pub(crate) async fn expected(&self, search: &Search, all: u64) -> Result<HashMap<u8, u64>, StoreError> {
        let end = |of: Order| {
            let mut end = scope::profile_places(&self.scope);
            end.expr_as(Expr::case(search.all(), search.rank()), "rank").limit(SAMPLE);
            for one in Place::columns(ProfileOrder::Newest) {
                end.order_by_expr(column(one), of.clone());
            }
            scope::rows_of(end, "rows").column("rank").to_owned()
        };
        let both = end(Order::Desc).union(UnionType::All, end(Order::Asc)).to_owned();
        let mut ranked = scope::rows_of(both, "sample");
        ranked.column("rank").expr_as(Expr::cust("COUNT(*)"), "met").and_where(Expr::col("rank").is_not_null());
        ranked.group_by_col("rank");
        let read = |row: &QueryResult| {
            let met = u64::try_from(row.try_get::<i64>("", "met")?).unwrap_or_default();
            Ok((rank(row)?, met * all / (2 * all.clamp(1, SAMPLE))))
        };
        Ok(self.rows(&ranked, read).await?.into_iter().collect())
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
        let mut select = self.narrowed(&condition, driver, show);
        select.limit(self.counted());
        self.found_rows(&select, |row| Place::read(row, 0, order)).await
    }

    /// Whether to ask the text index rather than all of the tenant's rows. PostgreSQL finds that out by itself.
    pub(super) async fn text_index_helps(&self) -> Result<bool, StoreError> {
        Ok(self.backend() == DbBackend::Sqlite && self.profile_count().await? >= LARGE * self.counted())
    }

    /// A part of what is of one rank, of which everything is found and put in order by the database.
    pub(crate) async fn sorted(&self, search: &Search, part: Part<'_>) -> Result<Vec<Place>, StoreError> {
        let (condition, driver) = search.looking_for(Some(part.rank));
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(part.order).map(column));
        };
        let mut matching = self.narrowed(&condition, driver, show);
        if self.backend() == DbBackend::Postgres {
            // Or it would walk along the index of the order.
            matching.offset(0);
        }
        let rows = scope::rows_of(matching, profile_search::Entity.table_name());
        self.found_rows(&part.of(rows), |row| part.read(row)).await
    }

    /// Rows of the projection that meet a condition; found by the text index if there is a driver.
    pub(super) fn narrowed(
        &self,
        condition: &Condition,
        driver: Option<Driver>,
        show: impl Fn(&mut SelectStatement),
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
        found.unwrap_or_else(|| {
            let mut plain = scope::profile_places(&self.scope);
            show(&mut plain);
            plain.cond_where(condition.clone()).to_owned()
        })
    }
}
