//! Which profiles are of people with certain appointments, for many profiles at once.
//!
//! The same people as [`crm_domain::history::HistoryQueries::client_records`] finds one by one, found by comparable
//! phones and e-mails. Two ways, because two questions are asked. How many are there? The keys of all who have such an
//! appointment are computed once and hashed. Who comes first in a list? Each profile in turn is looked up by its keys, if
//! the host's tables have the indexes for it.

use chrono::{DateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::profile::ProfileFigures;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, UnionType};
use sea_orm::{Condition, DbBackend, QuerySelect, QueryTrait as _};

use crate::entity::profile_search::Column::{CreatedAt, UserId};
use crate::listing::column;
use crate::rows::count;
use crate::scope;
use crate::sql::{email_key, is_phone_identity, phone_key, same_id};
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
        let one_if = |holds: Expr| Expr::case(holds, Expr::val(1)).count();
        let is_new = column(CreatedAt).gte(month_start.naive_utc());
        let has_upcoming = column(UserId).in_subquery(self.visiting_users(&ahead_of(now)));
        let counted = self
            .listed_profiles()
            .select_only()
            .expr_as(Expr::cust("COUNT(*)"), "total")
            .expr_as(one_if(is_new), "new")
            .expr_as(one_if(has_upcoming), "upcoming")
            .into_query();
        let figures = self.found_rows(&counted, |row| {
            Ok(ProfileFigures {
                total: count(row, "total")?,
                new_this_month: count(row, "new")?,
                with_upcoming: count(row, "upcoming")?,
            })
        });
        Ok(figures.await?.pop().unwrap_or_default())
    }

    /// Whether the history of a row of the projection has no COMPLETED appointment that began then or later.
    pub(crate) async fn is_unseen_since(&self, since: DateTime<Utc>) -> Result<Expr, StoreError> {
        let such = seen_since(since);
        if self.has_contact_indexes().await? {
            return Ok(self.is_of_visitor(&such).not());
        }
        Ok(column(UserId).not_in_subquery(self.visiting_users(&such)))
    }

    /// The tenant's users with such an appointment.
    fn visiting_users(&self, such: &Condition) -> SelectStatement {
        let backend = self.backend();
        let is_known = Condition::any()
            .add(email_key(backend, "u.email").in_subquery(self.emails_of_visitors(such)))
            .add(phone_key(backend, "u.phone").in_subquery(self.phones_of_visitors(such)));
        let mut users = scope::host_rows_as(&self.scope, "users", "u");
        users.column(("u", "id")).cond_where(is_known).to_owned()
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
        let mut visits = scope::host_rows_as(&self.scope, "appointments", "a");
        visits.column(("a", "clientId")).cond_where(such.clone());
        scope::host_rows(&self.scope, table).and_where(Expr::col(("t", client)).in_subquery(visits)).to_owned()
    }

    /// Whether the user of a row of the projection has such an appointment, looked up for this row alone.
    fn is_of_visitor(&self, such: &Condition) -> Expr {
        let backend = self.backend();
        let same_email = || email_key(backend, "t.email").eq(email_key(backend, "u.email"));
        let has_email = email_key(backend, "u.email").ne("");
        let same_phone = phone_key(backend, "t.phone").eq(phone_key(backend, "u.phone"));
        let any_record = Condition::any()
            .add(self.exists(self.record("clients", "id", same_phone, such)).and(is_phone_identity(backend, "u.phone")))
            .add(self.exists(self.record("clients", "id", same_email(), such)).and(has_email.clone()))
            .add(self.exists(self.record("client_users", "clientId", same_email(), such)).and(has_email));
        let mut user = scope::host_rows_as(&self.scope, "users", "u");
        let of_row = same_id(backend, "u.id", "crm_profile_search.user_id");
        user.expr(Expr::val(1)).and_where(of_row).cond_where(any_record);
        self.exists(user)
    }

    /// A row of a host table that is the person `u` and names a client with such an appointment.
    fn record(&self, table: &'static str, client: &'static str, is_same: Expr, such: &Condition) -> SelectStatement {
        let mut visit = scope::host_rows_as(&self.scope, "appointments", "a");
        let of_client = Expr::col(("a", "clientId")).equals(("t", client));
        visit.expr(Expr::val(1)).and_where(of_client).cond_where(such.clone());
        let visit = self.exists(visit);
        scope::host_rows(&self.scope, table).expr(Expr::val(1)).and_where(is_same).and_where(visit).to_owned()
    }

    /// Whether a query for one row finds one. PostgreSQL would answer it for all rows at once, were it not for the
    /// `OFFSET`.
    fn exists(&self, mut query: SelectStatement) -> Expr {
        if self.backend() == DbBackend::Postgres {
            query.offset(0);
        }
        Expr::exists(query)
    }
}
