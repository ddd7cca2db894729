//! Rows that match, up to a limit.

use std::collections::HashMap;

use crm_domain::error::StoreError;
use crm_domain::profile::ProfileOrder;
use migration::postgres_is_sampled;
use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement, UnionType};
use sea_orm::{Condition, DbBackend, DbErr, EntityName, QueryResult};

use super::text_index::{Driver, Held, keys_of_group};
use super::{Looking, Search, contains};
use crate::entity::profile_search;
use crate::listing::{Beginning, Part, Place, column, in_order};
use crate::rows::count;
use crate::scope;
use crate::store::SeaUnit;

/// Rows at either end of the list that are asked how often something matches: towns and names come and go with the years.
const SAMPLE: u64 = 500;

fn followed_by(mut first: SelectStatement, then: SelectStatement) -> SelectStatement {
    first.union(UnionType::All, then).to_owned()
}

fn rank(row: &QueryResult, column: &str) -> Result<u8, DbErr> {
    u8::try_from(row.try_get::<i32>("", column)?).map_err(|error| DbErr::Type(error.to_string()))
}

/// A page of what matches, or of a part of it if there is more than is found at once.
#[derive(Default)]
pub(crate) struct Matches {
    pub(crate) places: Vec<Place>,
    /// How many rows match: all of them, or one more than are found at once.
    pub(crate) met: u64,
    /// The worst rank among these.
    pub(crate) worst: u8,
}

impl SeaUnit {
    /// What matches, counted and put in order by the database. Where nothing stands on the page, nothing is counted.
    pub(crate) async fn all_at_once(&self, search: &Search, begin: &Beginning, take: usize) -> Result<Matches, StoreError> {
        let order = search.order;
        let (candidates, is_led) = self.candidates(search);
        let mut counted = scope::rows_of(candidates, "matching");
        counted.columns(Place::columns(order)).column("rank");
        counted.expr_as(Expr::cust("COUNT(*) OVER ()"), "met").expr_as(Expr::cust("MAX(rank) OVER ()"), "worst");
        let mut page = scope::rows_of(counted, profile_search::Entity.table_name());
        page.columns(Place::columns(order)).columns(["rank", "met", "worst"]);
        page.and_where_option(begin.after.as_ref().map(Place::is_before_ranked));
        in_order(page.order_by("rank", Order::Asc), order).limit(take as u64);
        if begin.skip > 0 {
            page.offset(begin.skip);
        }
        let read =
            |row: &QueryResult| Ok((Place::read(row, rank(row, "rank")?, order)?, count(row, "met")?, rank(row, "worst")?));
        let rows = self.looked_up(is_led, &page, read).await?;
        let (met, worst) = rows.first().map_or((0, 0), |(_, met, worst)| (*met, *worst));
        Ok(Matches { places: rows.into_iter().map(|(place, ..)| place).collect(), met, worst })
    }

    /// The places of what matches with their ranks, up to one more than are found at once; and whether keys lead to them.
    fn candidates(&self, search: &Search) -> (SelectStatement, bool) {
        let show = |rank: Expr| {
            move |select: &mut SelectStatement| {
                select.exprs(Place::columns(search.order).map(column)).expr_as(rank.clone(), "rank");
            }
        };
        let (mut select, is_led) = if let Some((best, rest)) = search.looking_for_best_and_rest() {
            let is_led = best.is_led() && rest.is_led();
            // Where whole words are enough, nobody looks for parts of words.
            let best = self.best(search, best, show(Expr::val(0)));
            (followed_by(best, self.narrowed(&rest, show(search.rank()))), is_led)
        } else {
            let all = search.looking_for_all();
            (self.narrowed(&all, show(search.rank())), all.is_led())
        };
        select.limit(search.found_at_once() + 1);
        (select, is_led)
    }

    /// What is of the best rank. Of a single word those in the sample come first, where the database has one: if the word is
    /// common, they are enough.
    fn best(&self, search: &Search, best: Looking, show: impl Fn(&mut SelectStatement)) -> SelectStatement {
        let keys = search.keys_of_only_word().filter(|_| self.backend() == DbBackend::Postgres);
        let Some(keys) = keys else { return self.narrowed(&best, show) };
        let mut sampled = scope::sampled_profile_places_with_keys(&self.scope, &keys);
        show(sampled.cond_where(best.condition.clone()));
        let others = Looking { condition: best.condition.add(Expr::cust(postgres_is_sampled()).not()), ..best };
        followed_by(sampled, self.narrowed(&others, show))
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
        let read = |row: &QueryResult| Ok((rank(row, "rank")?, count(row, "met")? * all / (2 * all.clamp(1, SAMPLE))));
        Ok(self.rows(&ranked, read).await?.into_iter().collect())
    }

    /// The places of rows that hold all texts of one of these groups, out of as many as a list counts.
    pub(crate) async fn places_with(&self, groups: Vec<Vec<Held>>) -> Result<Vec<Place>, StoreError> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let condition = any_of(&groups);
        let order = ProfileOrder::Newest;
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(order).map(column));
        };
        let looking = Looking { condition, driver: Driver::of_groups(groups) };
        let mut select = self.narrowed(&looking, show);
        select.limit(self.counted());
        self.looked_up(looking.is_led(), &select, |row| Place::read(row, 0, order)).await
    }

    /// A part of what is of one rank, of which everything is found and put in order by the database.
    pub(crate) async fn sorted(&self, search: &Search, part: Part<'_>) -> Result<Vec<Place>, StoreError> {
        let looking = search.looking_for(part.rank);
        let show = |select: &mut SelectStatement| {
            select.exprs(Place::columns(part.order).map(column));
        };
        let mut matching = self.narrowed(&looking, show);
        if self.backend() == DbBackend::Postgres {
            // Or it would walk along the index of the order.
            matching.offset(0);
        }
        let rows = scope::rows_of(matching, profile_search::Entity.table_name());
        self.looked_up(looking.is_led(), &part.of(rows), |row| part.read(row)).await
    }

    /// Rows of a select to which keys lead, by a plan that is kept for all keys; else by one for what is looked for.
    pub(super) async fn looked_up<T>(
        &self,
        is_led: bool,
        select: &SelectStatement,
        read: impl Fn(&QueryResult) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, StoreError> {
        if is_led { self.rows(select, read).await } else { self.found_rows(select, read).await }
    }

    /// Rows of the projection that meet a condition; found by the index of keys if there is a driver.
    pub(super) fn narrowed(&self, looking: &Looking, show: impl Fn(&mut SelectStatement)) -> SelectStatement {
        let Looking { condition, driver } = looking;
        let groups = driver.as_ref().map(Driver::groups).unwrap_or_default();
        let parts = groups.iter().enumerate().map(|(index, group)| {
            let mut part = scope::profile_places_with_keys(&self.scope, self.backend(), &keys_of_group(group));
            show(&mut part);
            // A row that two groups lead to is the first one's whose texts it holds; its keys may be those of a group that it
            // does not hold.
            let own = (groups.len() > 1).then(|| all_of(group));
            let earlier = groups[..index].iter().map(|earlier| all_of(earlier).not());
            part.cond_where(own.into_iter().chain(earlier).fold(condition.clone(), Condition::add)).to_owned()
        });
        parts.reduce(followed_by).unwrap_or_else(|| {
            let mut plain = scope::profile_places(&self.scope);
            show(&mut plain);
            plain.cond_where(condition.clone()).to_owned()
        })
    }
}

/// A row holds all texts of one of these groups.
pub(super) fn any_of(groups: &[Vec<Held>]) -> Condition {
    groups.iter().map(|texts| all_of(texts)).fold(Condition::any(), Condition::add)
}

/// A row holds all of these texts.
fn all_of(texts: &[Held]) -> Condition {
    texts.iter().map(|(column, text)| contains(*column, text)).fold(Condition::all(), Condition::add)
}
