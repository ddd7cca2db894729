use std::collections::HashMap;

use chrono::NaiveDateTime;
use crm_domain::error::StoreError;
use crm_domain::history::{Appointment, BranchRef, DateRange, Payment, ServiceRef, StaffRef};
use crm_domain::ids::{AppointmentId, BranchId, ClientId, PaymentId, ServiceId, UserId};
use crm_domain::money::Money;
use crm_domain::page::{Cursor, Page, PageRequest, Start};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order};
use sea_orm::{DbErr, QueryResult};

use crate::rows::{follows, newest_first};
use crate::scope;
use crate::sql::{id_order, one_of, text};
use crate::store::SeaUnit;

pub(super) async fn page(
    unit: &SeaUnit,
    clients: &[ClientId],
    range: &DateRange,
    page: &PageRequest,
) -> Result<Page<Appointment>, StoreError> {
    let mut select = unit.appointments_of(clients, range);
    select
        .columns(["id", "clientId", "startTime", "endTime", "notes", "isOnline", "createdAt", "updatedAt"].map(|c| ("t", c)))
        .expr_as(text("t.status"), "status")
        .expr_as(Expr::col(("s", "id")), "serviceId")
        .expr_as(Expr::col(("s", "name")), "serviceName")
        .columns([("s", "duration"), ("s", "price")])
        .expr_as(Expr::col(("u", "id")), "staffId")
        .columns([("u", "firstName"), ("u", "lastName")])
        .expr_as(Expr::col(("b", "id")), "branchId")
        .expr_as(Expr::col(("b", "name")), "branchName")
        .join_as(JoinType::InnerJoin, "services", "s", Expr::col(("s", "id")).equals(("t", "serviceId")))
        .join_as(JoinType::InnerJoin, "users", "u", Expr::col(("u", "id")).equals(("t", "userId")))
        .join_as(JoinType::InnerJoin, "branches", "b", Expr::col(("b", "id")).equals(("t", "branchId")));
    let id = id_order(unit.backend(), "t.id");
    select.and_where(start().gte(oldest(unit, clients, range, &id, page)));
    newest_first(&mut select, START, &id, page);
    let mut appointments = unit.rows(&select, appointment).await?;
    let total = unit.total(page, appointments.len(), || unit.appointments_of(clients, range)).await?;

    let mut payments = payments(unit, &appointments).await?;
    for appointment in &mut appointments {
        appointment.payments = payments.remove(appointment.id.as_str()).unwrap_or_default();
    }
    Ok(Page::from_overfetched(appointments, page.take(), total, |appointment| {
        Cursor::unranked(appointment.start_time, appointment.id.to_string())
    }))
}

const START: (&str, &str) = ("t", "startTime");

fn start() -> Expr {
    Expr::col(START)
}

/// When the last appointment of a page begins: found by the index on client and time alone. A client may have very many
/// appointments, and PostgreSQL, which expects few, would put all of them in order, with all that is shown of each.
fn oldest(unit: &SeaUnit, clients: &[ClientId], range: &DateRange, id: &Expr, page: &PageRequest) -> Expr {
    let mut times = unit.appointments_of(clients, range);
    times.column(START).and_where_option(follows(START, id, page));
    if let Start::After(cursor) = page.start() {
        times.and_where(start().lte(cursor.at.naive_utc()));
    }
    // No more than PostgreSQL can be asked for.
    let passed = Ord::min(page.skip() + u64::from(page.take()) + 1, i64::MAX.unsigned_abs());
    times.order_by(START, Order::Desc).limit(passed);
    let oldest = scope::rows_of(times, "p").expr(Expr::col(("p", "startTime")).min()).to_owned();
    Expr::SubQuery(None, Box::new(oldest.into()))
}

fn appointment(row: &QueryResult) -> Result<Appointment, DbErr> {
    let id = |column| row.try_get::<String>("", column);
    let time = |column| Ok::<_, DbErr>(row.try_get::<NaiveDateTime>("", column)?.and_utc());
    Ok(Appointment {
        id: AppointmentId::from_stored(id("id")?),
        client_id: ClientId::from_stored(id("clientId")?),
        start_time: time("startTime")?,
        end_time: time("endTime")?,
        status: row.try_get("", "status")?,
        notes: row.try_get("", "notes")?,
        is_online: row.try_get("", "isOnline")?,
        created_at: time("createdAt")?,
        updated_at: time("updatedAt")?,
        service: ServiceRef {
            id: ServiceId::from_stored(id("serviceId")?),
            name: row.try_get("", "serviceName")?,
            duration: row.try_get("", "duration")?,
            price: Money::from_stored(row.try_get("", "price")?),
        },
        staff: StaffRef {
            id: UserId::from_stored(id("staffId")?),
            first_name: row.try_get("", "firstName")?,
            last_name: row.try_get("", "lastName")?,
        },
        branch: BranchRef { id: BranchId::from_stored(id("branchId")?), name: row.try_get("", "branchName")? },
        payments: Vec::new(),
    })
}

/// The payments of these appointments by appointment, oldest first.
async fn payments(unit: &SeaUnit, appointments: &[Appointment]) -> Result<HashMap<String, Vec<Payment>>, StoreError> {
    let mut by_appointment = HashMap::<_, Vec<_>>::new();
    if appointments.is_empty() {
        return Ok(by_appointment);
    }
    let ids = appointments.iter().map(|appointment| appointment.id.as_str());
    let mut select = scope::host_rows_by_key(&unit.scope, "payments");
    select
        .columns(["id", "appointmentId", "amount", "createdAt"].map(|column| ("t", column)))
        .expr_as(text(r#"t."paymentMethod""#), "method")
        .expr_as(text("t.status"), "status")
        .and_where(one_of(unit.backend(), Expr::col(("t", "appointmentId")), ids))
        .order_by(("t", "createdAt"), Order::Asc)
        .order_by_expr(id_order(unit.backend(), "t.id"), Order::Asc);
    for (appointment, payment) in unit.rows(&select, payment).await? {
        by_appointment.entry(appointment).or_default().push(payment);
    }
    Ok(by_appointment)
}

fn payment(row: &QueryResult) -> Result<(String, Payment), DbErr> {
    let payment = Payment {
        id: PaymentId::from_stored(row.try_get::<String>("", "id")?),
        amount: Money::from_stored(row.try_get("", "amount")?),
        payment_method: row.try_get("", "method")?,
        status: row.try_get("", "status")?,
        created_at: row.try_get::<NaiveDateTime>("", "createdAt")?.and_utc(),
    };
    Ok((row.try_get("", "appointmentId")?, payment))
}
