use chrono::{DateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::history::{AppointmentStatus, DateRange, HistoryFacts, ServiceUse};
use crm_domain::ids::{ClientId, ServiceId};
use crm_domain::money::Money;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, SelectStatement, UnionType};
use sea_orm::{DbErr, QueryResult};

use super::{count, time};
use crate::sql::text;
use crate::store::SeaUnit;

pub(super) async fn gather(
    unit: &SeaUnit,
    clients: &[ClientId],
    range: &DateRange,
    now: DateTime<Utc>,
) -> Result<HistoryFacts, StoreError> {
    let mut facts = HistoryFacts::default();
    for by_status in by_status(unit, clients, range, now).await? {
        by_status.add_to(&mut facts);
    }
    facts.services = services(unit, clients, range).await?;
    facts.paid = paid(unit, clients, range).await?;
    Ok(facts)
}

/// What was paid in each range, in one statement: a part of a union is one short read of the index on client and time.
pub(super) async fn spending(unit: &SeaUnit, clients: &[ClientId], ranges: &[DateRange]) -> Result<Vec<Money>, StoreError> {
    let mut parts = ranges.iter().zip(0_i32..).map(|(range, number)| {
        let mut part = paid_amounts(unit, clients, range);
        part.expr_as(Expr::val(number), "range");
        part
    });
    let mut spent = vec![Money::ZERO; ranges.len()];
    let Some(mut select) = parts.next() else { return Ok(spent) };
    for part in parts {
        select.union(UnionType::All, part);
    }
    let amounts = unit.rows(&select, |row| {
        let range = usize::try_from(row.try_get::<i32>("", "range")?).unwrap_or(usize::MAX);
        Ok((range, Money::from_stored(row.try_get("", "amount")?).times(count(row, "count")?)))
    });
    for (range, amount) in amounts.await? {
        if let Some(sum) = spent.get_mut(range) {
            *sum = [*sum, amount].into_iter().sum();
        }
    }
    Ok(spent)
}

/// The appointments of one status.
struct ByStatus {
    status: Option<AppointmentStatus>,
    count: u64,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    ahead: u64,
    next: Option<DateTime<Utc>>,
}

impl ByStatus {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            status: row.try_get::<String>("", "status")?.parse().ok(),
            count: count(row, "count")?,
            first: time(row, "first")?,
            last: time(row, "last")?,
            ahead: count(row, "ahead")?,
            next: time(row, "next")?,
        })
    }

    fn add_to(self, facts: &mut HistoryFacts) {
        facts.total += self.count;
        match self.status {
            Some(AppointmentStatus::Completed) => {
                facts.completed = self.count;
                facts.first_visit = self.first;
                facts.last_visit = self.last;
            }
            Some(AppointmentStatus::Cancelled) => facts.cancelled = self.count,
            Some(AppointmentStatus::NoShow) => facts.no_show = self.count,
            Some(AppointmentStatus::Pending | AppointmentStatus::Confirmed) => {
                facts.upcoming += self.ahead;
                facts.next_visit = [facts.next_visit, self.next].into_iter().flatten().min();
            }
            // A status of a later host version counts nowhere.
            None => {}
        }
    }
}

async fn by_status(
    unit: &SeaUnit,
    clients: &[ClientId],
    range: &DateRange,
    now: DateTime<Utc>,
) -> Result<Vec<ByStatus>, StoreError> {
    let start = || Expr::col(("t", "startTime"));
    let is_ahead = || start().gt(now.naive_utc());
    let mut select = unit.appointments_of(clients, range);
    select
        .expr_as(text("t.status"), "status")
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .expr_as(start().min(), "first")
        .expr_as(start().max(), "last")
        .expr_as(Expr::case(is_ahead(), start()).count(), "ahead")
        .expr_as(Expr::case(is_ahead(), start()).min(), "next")
        .add_group_by([Expr::col(("t", "status"))]);
    unit.rows(&select, ByStatus::read).await
}

async fn services(unit: &SeaUnit, clients: &[ClientId], range: &DateRange) -> Result<Vec<ServiceUse>, StoreError> {
    let mut select = unit.appointments_of(clients, range);
    select
        .columns(["id", "name", "price"].map(|column| ("s", column)))
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .expr_as(Expr::col(("t", "startTime")).max(), "last")
        .join_as(JoinType::InnerJoin, "services", "s", Expr::col(("s", "id")).equals(("t", "serviceId")))
        .and_where(Expr::cust("t.status = 'COMPLETED'"))
        .group_by_columns(["id", "name", "price"].map(|column| ("s", column)));
    let used = unit.rows(&select, |row| {
        let Some(last_visit) = time(row, "last")? else { return Ok(None) };
        Ok(Some(ServiceUse {
            service_id: ServiceId::from_stored(row.try_get::<String>("", "id")?),
            service_name: row.try_get("", "name")?,
            price: Money::from_stored(row.try_get("", "price")?),
            count: count(row, "count")?,
            last_visit,
        }))
    });
    Ok(used.await?.into_iter().flatten().collect())
}

/// Distinct amounts and how often each was paid: few rows however many payments, summed exactly by the domain.
async fn paid(unit: &SeaUnit, clients: &[ClientId], range: &DateRange) -> Result<Vec<(Money, u64)>, StoreError> {
    let select = paid_amounts(unit, clients, range);
    unit.rows(&select, |row| Ok((Money::from_stored(row.try_get("", "amount")?), count(row, "count")?))).await
}

fn paid_amounts(unit: &SeaUnit, clients: &[ClientId], range: &DateRange) -> SelectStatement {
    let mut select = unit.appointments_of(clients, range);
    let same_tenant = Expr::col(("p", "tenantId")).eq(unit.scope.tenant().as_str());
    select
        .column(("p", "amount"))
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .join_as(
            JoinType::InnerJoin,
            "payments",
            "p",
            Expr::col(("p", "appointmentId")).equals(("t", "id")).and(same_tenant),
        )
        .and_where(Expr::cust("p.status IN ('PAID', 'PARTIAL')"))
        .group_by_col(("p", "amount"));
    select
}
