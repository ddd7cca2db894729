//! Which profiles are of people with certain appointments, for many profiles at once.
//!
//! The same people as [`crm_domain::history::HistoryQueries::client_records`] finds one by one, found by joining on
//! comparable phones and e-mails: the keys of all who have such an appointment are computed once and hashed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::page::{Page, PageRequest};
use crm_domain::profile::{ProfileFigures, ProfileOrder, ProfileSummary};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, Select};

use crate::entity::profile_search::Column::{CreatedAt, ProfileId};
use crate::entity::{client_profile, profile_search, user};
use crate::error::store_error;
use crate::profiles::{by_name, summary};
use crate::rows::{Placed, cut};
use crate::scope;
use crate::sql::{email_key, is_phone_identity, phone_key};
use crate::store::SeaUnit;

/// COMPLETED appointments that began then or later, under the alias `a`.
fn seen_since(since: DateTime<Utc>) -> Condition {
    Condition::all().add(Expr::cust("a.status = 'COMPLETED'")).add(Expr::col(("a", "startTime")).gte(since.naive_utc()))
}

/// Appointments that lie ahead, under the alias `a`.
fn ahead_of(now: DateTime<Utc>) -> Condition {
    let is_planned = Expr::cust("a.status IN ('PENDING', 'CONFIRMED')");
    Condition::all().add(is_planned).add(Expr::col(("a", "startTime")).gt(now.naive_utc()))
}

impl SeaUnit {
    pub(crate) async fn profile_figures(
        &self,
        month_start: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<ProfileFigures, StoreError> {
        let mut counted = self.listed_profiles().select_only();
        let has_upcoming = self.join_visitors(QuerySelect::query(&mut counted), &ahead_of(now));
        let one_if = |holds: Expr| Expr::case(holds, Expr::val(1)).count();
        let is_new = Expr::col((profile_search::Entity, CreatedAt)).gte(month_start.naive_utc());
        let counted = counted
            .expr_as(Expr::cust("COUNT(*)"), "total")
            .expr_as(one_if(is_new), "new")
            .expr_as(one_if(has_upcoming), "upcoming");
        let row = counted.into_tuple::<(i64, i64, i64)>().one(&self.executor()).await.map_err(store_error)?;
        let (total, new, upcoming) = row.unwrap_or_default();
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        Ok(ProfileFigures { total: count(total), new_this_month: count(new), with_upcoming: count(upcoming) })
    }

    /// The page of those profiles whose history has no COMPLETED appointment that began then or later.
    ///
    /// The places of all of them are read at once and cut here: asked for the first few in an order, PostgreSQL would
    /// compare profile by profile with everybody who was seen.
    pub(crate) async fn unseen_profiles(
        &self,
        mut listed: Select<client_profile::Entity>,
        since: DateTime<Utc>,
        order: ProfileOrder,
        page: &PageRequest,
    ) -> Result<Page<ProfileSummary>, StoreError> {
        let was_seen = self.join_visitors(QuerySelect::query(&mut listed), &seen_since(since));
        let mut places = listed.filter(was_seen.not()).select_only().column(ProfileId).column(CreatedAt);
        let (select, column) = (QuerySelect::query(&mut places), |column| (profile_search::Entity, column));
        match order {
            ProfileOrder::Newest => select.order_by(column(CreatedAt), Order::Desc).order_by(column(ProfileId), Order::Desc),
            ProfileOrder::Name => by_name(select),
        };
        let places = places.into_tuple::<(String, NaiveDateTime)>().all(&self.executor()).await.map_err(store_error)?;
        let total = places.len() as u64;
        let places = places.into_iter().map(|(id, at)| Placed { at: at.and_utc(), id, item: () }).collect();
        let Page { items, next, .. } = Page::from_overfetched(cut(places, page), page.take(), total, Placed::cursor);

        let ids = items.iter().map(|place| place.id.as_str());
        let rows = scope::profiles(&self.scope).filter(client_profile::Column::Id.is_in(ids)).select_also(user::Entity);
        let rows = rows.all(&self.executor()).await.map_err(store_error)?;
        let mut found = HashMap::new();
        for (profile, user) in rows.into_iter().filter_map(|(profile, user)| Some((profile, user?))) {
            found.insert(profile.id.clone(), summary(profile, user)?);
        }
        let items = items.iter().filter_map(|place| found.remove(&place.id)).collect();
        Ok(Page { items, total, next: next.filter(|_| order == ProfileOrder::Newest) })
    }

    /// Joins a select that has `users` with whoever has such an appointment. The answer tells whether a row's user does.
    fn join_visitors(&self, select: &mut SelectStatement, such: &Condition) -> Expr {
        let backend = self.backend();
        let same = |alias, key: Expr| Expr::col((alias, "key")).eq(key);
        select.join_subquery(
            JoinType::LeftJoin,
            self.emails_of_visitors(such),
            "by_email",
            same("by_email", email_key(backend, "users.email")),
        );
        select.join_subquery(
            JoinType::LeftJoin,
            self.phones_of_visitors(such),
            "by_phone",
            same("by_phone", phone_key(backend, "users.phone")),
        );
        let is_known = |alias| Expr::col((alias, "key")).is_not_null();
        is_known("by_email").or(is_known("by_phone"))
    }

    /// Of their client records and of their portal accounts.
    fn emails_of_visitors(&self, such: &Condition) -> SelectStatement {
        let key = email_key(self.backend(), "t.email");
        let mut own = self.visitors("clients", "id", such);
        own.expr_as(key.clone(), "key").and_where(key.clone().ne(""));
        let mut portal = self.visitors("client_users", "clientId", such);
        portal.expr_as(key.clone(), "key").and_where(key.ne(""));
        own.union(UnionType::Distinct, portal).to_owned()
    }

    fn phones_of_visitors(&self, such: &Condition) -> SelectStatement {
        let mut phones = self.visitors("clients", "id", such);
        let identity = is_phone_identity(self.backend(), "t.phone");
        phones.distinct().expr_as(phone_key(self.backend(), "t.phone"), "key").and_where(identity).to_owned()
    }

    /// Rows of a host table that name a client with such an appointment.
    fn visitors(&self, table: &'static str, client: &'static str, such: &Condition) -> SelectStatement {
        scope::host_rows(&self.scope, table)
            .and_where(Expr::exists(scope::appointments_of(&self.scope, ("t", client)).cond_where(such.clone()).to_owned()))
            .to_owned()
    }
}
