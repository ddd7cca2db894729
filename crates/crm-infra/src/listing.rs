//! Lists of profiles: where the rows stand is found in the projection, by its indexes alone; what they say is read live.
//! A list that leaves nobody out is walked along an index; one that narrows is [`found`].

mod found;

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use crm_domain::directory::User;
use crm_domain::error::StoreError;
use crm_domain::page::{Cursor, Page, PageRequest, Start, Total};
use crm_domain::profile::{ProfileFilter, ProfileOrder, ProfileSummary};
use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult, QueryFilter, QueryResult, QuerySelect};

use crate::entity::profile_search::Column::{CreatedAt, NameKey, ProfileId};
use crate::entity::{client_profile, profile_search};
use crate::error::store_error;
use crate::profiles::into_domain;
use crate::rows::{InOrder, count};
use crate::search::Search;
use crate::sql::one_of;
use crate::store::SeaUnit;
use crate::{scope, users};

pub(crate) use found::{FOUND, NEAR};

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

    /// What comes after this place where the best come first.
    pub(crate) fn is_before_ranked(&self) -> Expr {
        Expr::col("rank").gt(self.rank).or(Expr::col("rank").eq(self.rank).and(self.is_before()))
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
#[derive(Default)]
pub(crate) struct Beginning {
    pub(crate) skip: u64,
    pub(crate) after: Option<Place>,
}

impl Beginning {
    fn is_first(&self) -> bool {
        self.skip == 0 && self.after.is_none()
    }
}

/// A part of the rows of one rank.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) order: ProfileOrder,
    pub(crate) rank: u8,
    pub(crate) after: Option<&'a Place>,
    pub(crate) skip: u64,
    pub(crate) take: u64,
}

impl Part<'_> {
    /// Narrows rows of the projection to this part and shows their places.
    pub(crate) fn of(&self, mut rows: SelectStatement) -> SelectStatement {
        rows.columns(Place::columns(self.order)).and_where_option(self.after.map(Place::is_before));
        in_order(&mut rows, self.order).limit(self.take);
        if self.skip > 0 {
            rows.offset(self.skip);
        }
        rows
    }

    pub(crate) fn read(&self, row: &QueryResult) -> Result<Place, DbErr> {
        Place::read(row, self.rank, self.order)
    }
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
        let (after, take) = (begin.after.as_ref(), u64::from(page.take()) + 1);
        let part = Part { order, rank: 0, after, skip: begin.skip, take };
        // Along an index there is one way.
        let places = self.rows(&part.of(scope::profile_places(&self.scope)), |row| part.read(row)).await?;
        let total = match page.total_of_last(places.len()) {
            Some(total) => total,
            None => self.profile_count().await?,
        };
        Ok((places, Total::exact(total)))
    }

    /// How many profiles the tenant has, as the database keeps count.
    pub(crate) async fn profile_count(&self) -> Result<u64, StoreError> {
        let counted = self.rows(&scope::profile_count(&self.scope), |row| count(row, "total")).await?;
        Ok(counted.into_iter().next().unwrap_or_default())
    }

    /// The profiles at these places, in this order; without those that are not of the tenant any more.
    pub(crate) async fn profiles_at(&self, places: &[Place]) -> Result<Vec<ProfileSummary>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let id = client_profile::Column::Id.into_expr();
        let at_places = one_of(self.backend(), id, places.iter().map(Place::id));
        let mut select = scope::profiles_by_key(&self.scope).filter(at_places);
        users::add_columns(QuerySelect::query(&mut select), "users");
        let rows = select.into_model::<Listed>().all(self.executor()).await.map_err(store_error)?;
        let mut found = HashMap::with_capacity(rows.len());
        for Listed { profile, user } in rows {
            found.insert(profile.id.clone(), ProfileSummary { profile: into_domain(profile)?, user });
        }
        Ok(places.iter().filter_map(|place| found.remove(place.id())).collect())
    }
}

/// A profile with its user.
struct Listed {
    profile: client_profile::Model,
    user: User,
}

impl FromQueryResult for Listed {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let mut columns = InOrder::of(row);
        Ok(Self { profile: client_profile::Model::in_order(&mut columns)?, user: users::read(&mut columns)? })
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
