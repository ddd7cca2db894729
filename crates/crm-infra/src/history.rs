//! The host's appointments and payments, read only.

mod appointments;
mod facts;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::history::{Appointment, DateRange, HistoryFacts, HistoryQueries};
use crm_domain::ids::ClientId;
use crm_domain::money::Money;
use crm_domain::page::{Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, SelectStatement};
use sea_orm::{DbErr, QueryResult};

use crate::scope;
use crate::sql::{any_of, email_key, one_of, phone_key};
use crate::store::SeaUnit;

#[async_trait]
impl HistoryQueries for SeaUnit {
    async fn client_records(&self, email: Option<String>, phone: Option<String>) -> Result<Vec<ClientId>, StoreError> {
        let backend = self.backend();
        let records = |is_same: Expr| {
            let mut select = scope::host_rows(&self.scope, "clients");
            select.expr_as(Expr::col(("t", "id")), "id").and_where(is_same).to_owned()
        };
        let linked = |email: &str| {
            let mut linked = scope::host_rows(&self.scope, "client_users");
            let of_tenant = Expr::col(("c", "tenantId")).eq(self.scope.tenant().as_str());
            let is_linked = Expr::col(("c", "id")).equals(("t", "clientId")).and(of_tenant);
            linked
                .expr_as(Expr::col(("c", "id")), "id")
                .join_as(JoinType::InnerJoin, "clients", "c", is_linked)
                .and_where(email_key(backend, "t.email").eq(email))
                .to_owned()
        };
        let by_email = email.iter().flat_map(|key| [linked(key), records(email_key(backend, "t.email").eq(key.as_str()))]);
        let by_phone = phone.iter().map(|key| records(phone_key(backend, "t.phone").eq(key.as_str())));
        let Some(select) = any_of(by_email.chain(by_phone)) else { return Ok(Vec::new()) };
        let mut found = self.rows(&select, |row| Ok(ClientId::from_stored(row.try_get::<String>("", "id")?))).await?;
        found.sort();
        Ok(found)
    }

    async fn appointments(
        &self,
        clients: &[ClientId],
        range: &DateRange,
        page: &PageRequest,
    ) -> Result<Page<Appointment>, StoreError> {
        appointments::page(self, clients, range, page).await
    }

    async fn facts(&self, clients: &[ClientId], range: &DateRange, now: DateTime<Utc>) -> Result<HistoryFacts, StoreError> {
        facts::gather(self, clients, range, now).await
    }

    async fn spending(&self, clients: &[ClientId], ranges: &[DateRange]) -> Result<Vec<Money>, StoreError> {
        facts::spending(self, clients, ranges).await
    }
}

impl SeaUnit {
    /// The tenant's appointments of these client records that begin in the range, under the alias `t`.
    fn appointments_of(&self, clients: &[ClientId], range: &DateRange) -> SelectStatement {
        let start = || Expr::col(("t", "startTime"));
        let client = Expr::col(("t", "clientId"));
        let of_clients = match clients {
            // Said so, PostgreSQL reads the index on client and time in its order and need not sort.
            [one] => client.eq(one.as_str()),
            several => one_of(self.backend(), client, several.iter().map(ClientId::as_str)),
        };
        scope::host_rows_by_key(&self.scope, "appointments")
            .and_where(of_clients)
            .and_where_option(range.from.map(|from| start().gte(from.naive_utc())))
            .and_where_option(range.until.map(|until| start().lt(until.naive_utc())))
            .to_owned()
    }
}

/// A time computed by an aggregate.
fn time(row: &QueryResult, column: &str) -> Result<Option<DateTime<Utc>>, DbErr> {
    Ok(row.try_get::<Option<chrono::NaiveDateTime>>("", column)?.map(|stored| stored.and_utc()))
}
