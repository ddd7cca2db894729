//! Lists of profiles: where the rows stand is found in the projection, by its indexes alone; what they say is read live.
//!
//! A list that leaves nobody out is walked along an index. One that narrows is found first: up to a limit all of it is
//! fetched and put in order here; beyond that the rank decides which part is walked. Either way no request costs more
//! the more profiles there are.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::page::{Cursor, Page, PageRequest, Start, Total};
use crm_domain::profile::{ProfileFilter, ProfileOrder, ProfileSummary};
use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement};
use sea_orm::{ColumnTrait, Condition, DbErr, QueryFilter, QueryResult};

use crate::entity::profile_search::Column::{CreatedAt, NameKey, ProfileId};
use crate::entity::{client_profile, profile_search, user};
use crate::error::store_error;
use crate::profiles::summary;
use crate::scope;
use crate::search::Search;
use crate::store::SeaUnit;

/// Where a profile stands in a list; places compare as the list goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// How well it matches, best first.
    pub(crate) rank: u8,
    key: Key,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Newest(Reverse<(NaiveDateTime, String)>),
    Name(String, String),
}

impl Place {
    /// The columns that say where a row stands.
    pub(crate) fn columns(order: ProfileOrder) -> [profile_search::Column; 2] {
        match order {
            ProfileOrder::Newest => [CreatedAt, ProfileId],
            ProfileOrder::Name => [NameKey, ProfileId],
        }
    }

    pub(crate) fn read(row: &QueryResult, rank: u8, order: ProfileOrder) -> Result<Self, DbErr> {
        let id = row.try_get("", "profile_id")?;
        let key = match order {
            ProfileOrder::Newest => Key::Newest(Reverse((row.try_get("", "created_at")?, id))),
            ProfileOrder::Name => Key::Name(row.try_get("", "name_key")?, id),
        };
        Ok(Self { rank, key })
    }

    pub(crate) fn id(&self) -> &str {
        match &self.key {
            Key::Newest(Reverse((_, id))) | Key::Name(_, id) => id,
        }
    }

    fn cursor(&self) -> Cursor {
        let at = match &self.key {
            Key::Newest(Reverse((at, _))) => at.and_utc(),
            Key::Name(..) => DateTime::<Utc>::UNIX_EPOCH,
        };
        Cursor { rank: self.rank, ..Cursor::unranked(at, self.id()) }
    }

    /// What comes after this place in an index.
    fn is_before(&self) -> Expr {
        let tuple = |columns: [profile_search::Column; 2]| Expr::tuple(columns.map(column));
        // Row comparisons, which both engines can answer from an index.
        match &self.key {
            Key::Newest(Reverse((at, id))) => {
                tuple([CreatedAt, ProfileId]).lt(Expr::tuple([Expr::val(*at), Expr::val(id.as_str())]))
            }
            Key::Name(name, id) => {
                tuple([NameKey, ProfileId]).gt(Expr::tuple([Expr::val(name.as_str()), Expr::val(id.as_str())]))
            }
        }
    }
}

/// A column of the projection.
pub(crate) fn column(column: profile_search::Column) -> Expr {
    Expr::col((profile_search::Entity, column))
}

/// The beginning of a page: rows to pass over, or the place after which it begins.
struct Beginning {
    skip: u64,
    after: Option<Place>,
}

impl SeaUnit {
    pub(crate) async fn list_profiles(
        &self,
        filter: &ProfileFilter,
        page: &PageRequest,
    ) -> Result<Page<ProfileSummary>, StoreError> {
        let begin = self.beginning(filter.order, page).await?;
        let (mut places, total) = match Search::of(self, filter).await? {
            Some(search) => self.found(&search, &begin, page).await?,
            None => self.everybody(filter.order, &begin, page).await?,
        };
        let take = page.take() as usize;
        let follows = places.len() > take;
        places.truncate(take);
        let next = if follows { places.last().map(Place::cursor) } else { None };

        let items = self.profiles_at(&places).await?;
        // Whoever left the tenant since the projection was compared with it is neither shown nor counted.
        let gone = (places.len() - items.len()) as u64;
        let total = Total { count: total.count.saturating_sub(gone), ..total };
        Ok(Page::of(items, total, next))
    }

    async fn beginning(&self, order: ProfileOrder, page: &PageRequest) -> Result<Beginning, StoreError> {
        let Start::After(Cursor { rank, at, id }) = page.start() else {
            return Ok(Beginning { skip: page.skip(), after: None });
        };
        let key = match order {
            ProfileOrder::Newest => Key::Newest(Reverse((at.naive_utc(), id.clone()))),
            ProfileOrder::Name => {
                let mut named = scope::profile_places(&self.scope);
                named.column(NameKey).and_where(ProfileId.eq(id.as_str()));
                let name = self.rows(&named, |row| row.try_get("", "name_key")).await?.pop();
                Key::Name(name.ok_or(StoreError::MissingReference)?, id.clone())
            }
        };
        Ok(Beginning { skip: 0, after: Some(Place { rank: *rank, key }) })
    }

    async fn everybody(
        &self,
        order: ProfileOrder,
        begin: &Beginning,
        page: &PageRequest,
    ) -> Result<(Vec<Place>, Total), StoreError> {
        let after = begin.after.as_ref();
        let places = self.walk(Condition::all(), order, 0, after, begin.skip, u64::from(page.take()) + 1).await?;
        let total = match page.total_of_last(places.len()) {
            Some(total) => total,
            None => self.profile_count().await?,
        };
        Ok((places, Total::exact(total)))
    }

    /// A page of what a search finds, and one row more; and how many it finds.
    async fn found(
        &self,
        search: &Search,
        begin: &Beginning,
        page: &PageRequest,
    ) -> Result<(Vec<Place>, Total), StoreError> {
        let wanted = page.take() as usize + 1;
        let is_next = |place: &Place| begin.after.as_ref().is_none_or(|after| place > after);
        let total = Total::counted(self.count_candidates(search, None).await?, search.limit);
        if total.is_exact {
            let mut all = match total.count {
                0 => self.similar(search).await?,
                _ => self.candidates(search, None).await?,
            };
            all.sort_unstable();
            let total = Total::exact(all.len() as u64);
            let skip = usize::try_from(begin.skip).unwrap_or(usize::MAX);
            return Ok((all.into_iter().filter(is_next).skip(skip).take(wanted).collect(), total));
        }

        // Too many to put in order here, so rank by rank: few of a rank are, many are walked in their order.
        let (mut places, mut skip) = (Vec::new(), begin.skip);
        let first = begin.after.as_ref().map_or(0, |after| after.rank);
        for rank in first..search.ranks() {
            let missing = wanted - places.len();
            if missing == 0 {
                break;
            }
            let count = self.count_candidates(search, Some(rank)).await?;
            if count <= search.limit {
                let mut ranked = if count == 0 { Vec::new() } else { self.candidates(search, Some(rank)).await? };
                ranked.sort_unstable();
                let from = usize::try_from(skip).unwrap_or(usize::MAX);
                places.extend(ranked.into_iter().filter(is_next).skip(from).take(missing));
                skip = skip.saturating_sub(count);
                continue;
            }
            let after = begin.after.as_ref().filter(|after| after.rank == rank);
            let walked = self.walk(search.of_rank(rank), search.order, rank, after, skip, missing as u64).await?;
            skip = if walked.is_empty() { skip.saturating_sub(self.count_of_rank(search, rank).await?) } else { 0 };
            places.extend(walked);
        }
        Ok((places, total))
    }

    /// So many places in their order, from there on.
    async fn walk(
        &self,
        condition: Condition,
        order: ProfileOrder,
        rank: u8,
        after: Option<&Place>,
        skip: u64,
        take: u64,
    ) -> Result<Vec<Place>, StoreError> {
        let mut select = scope::profile_places(&self.scope);
        select.columns(Place::columns(order)).cond_where(condition).and_where_option(after.map(Place::is_before));
        in_order(&mut select, order).limit(take);
        if skip > 0 {
            select.offset(skip);
        }
        self.found_rows(&select, |row| Place::read(row, rank, order)).await
    }

    async fn count_of_rank(&self, search: &Search, rank: u8) -> Result<u64, StoreError> {
        let mut counted = scope::profile_places(&self.scope);
        counted.expr_as(Expr::cust("COUNT(*)"), "total").cond_where(search.of_rank(rank));
        let counted = self.found_rows(&counted, |row| row.try_get::<i64>("", "total")).await?;
        Ok(counted.into_iter().next().and_then(|total| u64::try_from(total).ok()).unwrap_or_default())
    }

    /// How many profiles the tenant has, as the database keeps count.
    pub(crate) async fn profile_count(&self) -> Result<u64, StoreError> {
        let counted = self.rows(&scope::profile_count(&self.scope), |row| row.try_get::<i64>("", "total")).await?;
        Ok(counted.into_iter().next().and_then(|total| u64::try_from(total).ok()).unwrap_or_default())
    }

    /// The profiles at these places, in this order; without those that are not of the tenant any more.
    pub(crate) async fn profiles_at(&self, places: &[Place]) -> Result<Vec<ProfileSummary>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let ids = places.iter().map(Place::id);
        let select = scope::profiles(&self.scope).filter(client_profile::Column::Id.is_in(ids)).select_also(user::Entity);
        let rows = select.all(&self.executor()).await.map_err(store_error)?;
        let mut found = HashMap::with_capacity(rows.len());
        for (profile, user) in rows.into_iter().filter_map(|(profile, user)| Some((profile, user?))) {
            found.insert(profile.id.clone(), summary(profile, user)?);
        }
        Ok(places.iter().filter_map(|place| found.remove(place.id())).collect())
    }
}

/// Orders by place.
pub(crate) fn in_order(select: &mut SelectStatement, order: ProfileOrder) -> &mut SelectStatement {
    let direction = match order {
        ProfileOrder::Newest => Order::Desc,
        ProfileOrder::Name => Order::Asc,
    };
    for one in Place::columns(order) {
        select.order_by_expr(column(one), direction.clone());
    }
    select
}
