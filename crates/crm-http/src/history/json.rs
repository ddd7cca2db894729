use crm_domain::history::{Appointment, ClientHistory, Payment, Statistics, UsedService};
use crm_domain::page::Page;
use serde::Serialize;
use utoipa::ToSchema;

use crate::envelope::iso;

/// A client's history.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryJson {
    /// Newest first.
    appointment_history: Vec<AppointmentJson>,
    #[serde(flatten)]
    figures: Option<FiguresJson>,
}

/// What covers all appointments of the period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FiguresJson {
    /// Most used first.
    service_history: Vec<UsedServiceJson>,
    /// Completed appointments.
    total_appointments: u64,
    statistics: StatisticsJson,
}

impl From<Page<Appointment>> for HistoryJson {
    fn from(appointments: Page<Appointment>) -> Self {
        Self { appointment_history: appointments.items.into_iter().map(AppointmentJson::from).collect(), figures: None }
    }
}

impl From<ClientHistory> for HistoryJson {
    fn from(history: ClientHistory) -> Self {
        let ClientHistory { appointments, services, statistics } = history;
        let figures = FiguresJson {
            service_history: services.into_iter().map(UsedServiceJson::from).collect(),
            total_appointments: statistics.completed,
            statistics: statistics.into(),
        };
        Self { figures: Some(figures), ..Self::from(appointments) }
    }
}

/// An appointment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppointmentJson {
    id: String,
    /// The host's client record it was made for.
    client_id: String,
    start_time: String,
    end_time: String,
    /// `PENDING`, `CONFIRMED`, `COMPLETED`, `CANCELLED` or `NO_SHOW`.
    status: String,
    notes: Option<String>,
    is_online: bool,
    created_at: String,
    updated_at: String,
    service: ServiceJson,
    user: StaffJson,
    branch: BranchJson,
    /// Oldest first.
    payments: Vec<PaymentJson>,
}

/// The service of an appointment.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServiceJson {
    id: String,
    name: String,
    /// In minutes.
    duration: i32,
    /// Today's list price, in the tenant's currency.
    price: f64,
}

/// The professional of an appointment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StaffJson {
    id: String,
    first_name: String,
    last_name: String,
}

/// The branch of an appointment.
#[derive(Serialize, ToSchema)]
pub(crate) struct BranchJson {
    id: String,
    name: String,
}

/// A payment for an appointment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentJson {
    id: String,
    /// In the tenant's currency.
    amount: f64,
    /// `CASH`, `CREDIT_CARD`, `DEBIT_CARD`, `TRANSFER` or `OTHER`.
    payment_method: String,
    /// `PAID`, `PARTIAL` or `PENDING`.
    status: String,
    created_at: String,
}

impl From<Appointment> for AppointmentJson {
    fn from(appointment: Appointment) -> Self {
        let Appointment {
            id,
            client_id,
            start_time,
            end_time,
            status,
            notes,
            is_online,
            created_at,
            updated_at,
            service,
            staff,
            branch,
            payments,
        } = appointment;
        Self {
            id: id.to_string(),
            client_id: client_id.to_string(),
            start_time: iso(start_time),
            end_time: iso(end_time),
            status,
            notes,
            is_online,
            created_at: iso(created_at),
            updated_at: iso(updated_at),
            service: ServiceJson {
                id: service.id.to_string(),
                name: service.name,
                duration: service.duration,
                price: service.price.to_cents(),
            },
            user: StaffJson { id: staff.id.to_string(), first_name: staff.first_name, last_name: staff.last_name },
            branch: BranchJson { id: branch.id.to_string(), name: branch.name },
            payments: payments.into_iter().map(PaymentJson::from).collect(),
        }
    }
}

impl From<Payment> for PaymentJson {
    fn from(payment: Payment) -> Self {
        let Payment { id, amount, payment_method, status, created_at } = payment;
        Self { id: id.to_string(), amount: amount.to_cents(), payment_method, status, created_at: iso(created_at) }
    }
}

/// A service the client has used.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedServiceJson {
    service_id: String,
    service_name: String,
    /// Completed appointments.
    count: u64,
    last_visit: String,
    /// `count` times today's list price.
    total_spent: f64,
}

impl From<UsedService> for UsedServiceJson {
    fn from(used: UsedService) -> Self {
        let UsedService { service_id, service_name, count, last_visit, total_spent } = used;
        Self {
            service_id: service_id.to_string(),
            service_name,
            count,
            last_visit: iso(last_visit),
            total_spent: total_spent.to_cents(),
        }
    }
}

/// A client's key figures.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatisticsJson {
    completed: u64,
    cancelled: u64,
    no_show: u64,
    /// Pending or confirmed appointments that lie ahead.
    upcoming: u64,
    first_visit: Option<String>,
    last_visit: Option<String>,
    next_visit: Option<String>,
    /// Completed appointments at today's list prices.
    total_spent: f64,
    /// PAID and PARTIAL payments for the appointments.
    total_paid: f64,
    /// `totalPaid` per completed appointment.
    average_ticket: f64,
    /// Missed appointments among those missed or completed, 0 to 1.
    no_show_rate: f64,
}

impl From<Statistics> for StatisticsJson {
    fn from(statistics: Statistics) -> Self {
        let Statistics {
            completed,
            cancelled,
            no_show,
            upcoming,
            first_visit,
            last_visit,
            next_visit,
            total_spent,
            total_paid,
            average_ticket,
            no_show_rate,
        } = statistics;
        Self {
            completed,
            cancelled,
            no_show,
            upcoming,
            first_visit: first_visit.map(iso),
            last_visit: last_visit.map(iso),
            next_visit: next_visit.map(iso),
            total_spent: total_spent.to_cents(),
            total_paid: total_paid.to_cents(),
            average_ticket: average_ticket.to_cents(),
            no_show_rate,
        }
    }
}
