use chrono::{DateTime, Utc};
use crm_domain::error::StoreError;
use crm_domain::history::{AppointmentStatus, DateRange, HistoryFacts, ServiceUse};
use crm_domain::ids::{ClientId, ServiceId};
use crm_domain::money::Money;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, SelectStatement, UnionType};
use sea_orm::{DbErr, QueryResult};

use super::time;
use crate::rows::count;
use crate::scope;
use crate::sql::text;
use crate::store::SeaUnit;

pub(super) async fn gather(
    unit: &SeaUnit,
    clients: &[ClientId],
    range: &DateRange,
    now: DateTime<Utc>,
) -> Result<HistoryFacts, StoreError> {
    let mut facts = HistoryFacts::default();
    for group in groups(unit, clients, range, now).await? {
        group.add_to(&mut facts);
    }
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

/// The appointments of one status and service.
struct Group {
    status: Option<AppointmentStatus>,
    service: Option<(ServiceId, String, Money)>,
    count: u64,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    ahead: u64,
    next: Option<DateTime<Utc>>,
}

impl Group {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let service = match row.try_get::<Option<String>>("", "id")? {
            Some(id) => {
                Some((ServiceId::from_stored(id), row.try_get("", "name")?, Money::from_stored(row.try_get("", "price")?)))
            }
            None => None,
        };
        Ok(Self {
            status: row.try_get::<String>("", "status")?.parse().ok(),
            service,
            count: count(row, "count")?,
            first: time(row, "first")?,
            last: time(row, "last")?,
            ahead: count(row, "ahead")?,
            next: time(row, "next")?,
        })
    }

    fn add_to(self, facts: &mut HistoryFacts) {
        let Self { status, service, count, first, last, ahead, next } = self;
        facts.total += count;
        match status {
            Some(AppointmentStatus::Completed) => {
                facts.completed += count;
                facts.first_visit = [facts.first_visit, first].into_iter().flatten().min();
                facts.last_visit = Ord::max(facts.last_visit, last);
                if let (Some((service_id, service_name, price)), Some(last_visit)) = (service, last) {
                    facts.services.push(ServiceUse { service_id, service_name, price, count, last_visit });
                }
            }
            Some(AppointmentStatus::Cancelled) => facts.cancelled += count,
            Some(AppointmentStatus::NoShow) => facts.no_show += count,
            Some(AppointmentStatus::Pending | AppointmentStatus::Confirmed) => {
                facts.upcoming += ahead;
                facts.next_visit = [facts.next_visit, next].into_iter().flatten().min();
            }
            // A status of a later host version counts nowhere.
            None => {}
        }
    }
}

/// In one walk over the appointments, of which a client may have very many.
async fn groups(
    unit: &SeaUnit,
    clients: &[ClientId],
    range: &DateRange,
    now: DateTime<Utc>,
) -> Result<Vec<Group>, StoreError> {
    let start = || Expr::col(("t", "startTime"));
    let is_ahead = || start().gt(now.naive_utc());
    let mut grouped = unit.appointments_of(clients, range);
    grouped
        .expr_as(text("t.status"), "status")
        .expr_as(Expr::col(("t", "serviceId")), "service")
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .expr_as(start().min(), "first")
        .expr_as(start().max(), "last")
        .expr_as(Expr::case(is_ahead(), start()).count(), "ahead")
        .expr_as(Expr::case(is_ahead(), start()).min(), "next")
        .group_by_columns(["status", "serviceId"].map(|column| ("t", column)));
    let mut named = scope::rows_of(grouped, "g");
    named
        .columns(["status", "count", "first", "last", "ahead", "next"].map(|column| ("g", column)))
        .columns(["id", "name", "price"].map(|column| ("s", column)))
        .join_as(JoinType::LeftJoin, "services", "s", Expr::col(("s", "id")).equals(("g", "service")));
    unit.rows(&named, Group::read).await
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
