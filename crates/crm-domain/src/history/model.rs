use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::ids::{AppointmentId, BranchId, ClientId, PaymentId, ServiceId, UserId};
use crate::money::Money;
use crate::page::Page;

/// How an appointment stands. The names are the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the host's own names")]
pub enum AppointmentStatus {
    Pending,
    Confirmed,
    Completed,
    Cancelled,
    NoShow,
}

impl AppointmentStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Confirmed, Self::Completed, Self::Cancelled, Self::NoShow];

    /// The host's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Confirmed => "CONFIRMED",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::NoShow => "NO_SHOW",
        }
    }
}

impl FromStr for AppointmentStatus {
    type Err = ();

    fn from_str(raw: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.as_str() == raw).ok_or(())
    }
}

/// How a payment stands. The names are the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the host's own names")]
pub enum PaymentStatus {
    Paid,
    Partial,
    Pending,
}

impl PaymentStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Paid, Self::Partial, Self::Pending];

    /// The host's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "PAID",
            Self::Partial => "PARTIAL",
            Self::Pending => "PENDING",
        }
    }
}

/// The service of an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRef {
    /// The service.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// Its length in minutes.
    pub duration: i32,
    /// Its list price today.
    pub price: Money,
}

/// The professional of an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRef {
    /// The user.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// The branch of an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchRef {
    /// The branch.
    pub id: BranchId,
    /// Its name.
    pub name: String,
}

/// A payment for an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The payment.
    pub id: PaymentId,
    /// How much.
    pub amount: Money,
    /// How it was paid; the host's name.
    pub payment_method: String,
    /// How it stands; the host's name.
    pub status: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// An appointment of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// The appointment.
    pub id: AppointmentId,
    /// The host's client record it was made for.
    pub client_id: ClientId,
    /// When it begins.
    pub start_time: DateTime<Utc>,
    /// When it ends.
    pub end_time: DateTime<Utc>,
    /// How it stands; the host's name.
    pub status: String,
    /// What was remarked on it.
    pub notes: Option<String>,
    /// Whether it was booked online.
    pub is_online: bool,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The service.
    pub service: ServiceRef,
    /// The professional.
    pub staff: StaffRef,
    /// The branch.
    pub branch: BranchRef,
    /// Its payments, oldest first.
    pub payments: Vec<Payment>,
}

/// Completed appointments of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUse {
    /// The service.
    pub service_id: ServiceId,
    /// Its name.
    pub service_name: String,
    /// Its list price today.
    pub price: Money,
    /// How many appointments.
    pub count: u64,
    /// When the latest of them began.
    pub last_visit: DateTime<Utc>,
}

/// What a store counts; [`Statistics`] are computed from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFacts {
    /// All appointments, whatever their status.
    pub total: u64,
    /// Completed appointments.
    pub completed: u64,
    /// Cancelled appointments.
    pub cancelled: u64,
    /// Appointments the client did not come to.
    pub no_show: u64,
    /// Pending or confirmed appointments that lie ahead.
    pub upcoming: u64,
    /// Beginning of the first completed appointment.
    pub first_visit: Option<DateTime<Utc>>,
    /// Beginning of the last completed appointment.
    pub last_visit: Option<DateTime<Utc>>,
    /// Beginning of the next appointment that lies ahead.
    pub next_visit: Option<DateTime<Utc>>,
    /// Completed appointments by service, in no particular order.
    pub services: Vec<ServiceUse>,
    /// Distinct amounts of PAID and PARTIAL payments for the appointments, and how often each was paid.
    pub paid: Vec<(Money, u64)>,
}

/// A service the client has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedService {
    /// The service.
    pub service_id: ServiceId,
    /// Its name.
    pub service_name: String,
    /// How often it was completed.
    pub count: u64,
    /// When it was last used.
    pub last_visit: DateTime<Utc>,
    /// `count` times today's list price.
    pub total_spent: Money,
}

/// A client's key figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Completed appointments.
    pub completed: u64,
    /// Cancelled appointments.
    pub cancelled: u64,
    /// Appointments the client did not come to.
    pub no_show: u64,
    /// Pending or confirmed appointments that lie ahead.
    pub upcoming: u64,
    /// Beginning of the first completed appointment.
    pub first_visit: Option<DateTime<Utc>>,
    /// Beginning of the last completed appointment.
    pub last_visit: Option<DateTime<Utc>>,
    /// Beginning of the next appointment that lies ahead.
    pub next_visit: Option<DateTime<Utc>>,
    /// Completed appointments at today's list prices.
    pub total_spent: Money,
    /// PAID and PARTIAL payments for the appointments.
    pub total_paid: Money,
    /// `total_paid` per completed appointment.
    pub average_ticket: Money,
    /// Missed appointments among those missed or completed, 0 to 1, to four places.
    pub no_show_rate: f64,
}

impl HistoryFacts {
    pub(super) fn into_statistics(self) -> (Statistics, Vec<UsedService>) {
        let mut services: Vec<_> = self
            .services
            .into_iter()
            .map(|ServiceUse { service_id, service_name, price, count, last_visit }| UsedService {
                service_id,
                service_name,
                count,
                last_visit,
                total_spent: price.times(count),
            })
            .collect();
        services.sort_by(|a, b| {
            b.count.cmp(&a.count).then(b.last_visit.cmp(&a.last_visit)).then_with(|| a.service_id.cmp(&b.service_id))
        });
        let total_paid: Money = self.paid.into_iter().map(|(amount, count)| amount.times(count)).sum();
        let statistics = Statistics {
            completed: self.completed,
            cancelled: self.cancelled,
            no_show: self.no_show,
            upcoming: self.upcoming,
            first_visit: self.first_visit,
            last_visit: self.last_visit,
            next_visit: self.next_visit,
            total_spent: services.iter().map(|service| service.total_spent).sum(),
            total_paid,
            average_ticket: total_paid.per(self.completed),
            no_show_rate: rate(self.no_show, self.no_show + self.completed),
        };
        (statistics, services)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of one client's appointments are far below 2^52")]
fn rate(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0 }
}

/// What a client paid for the appointments of one calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthSpending {
    /// The year.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u32,
    /// PAID and PARTIAL payments for appointments that began in it.
    pub paid: Money,
}

/// A client's whole history.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientHistory {
    /// Appointments of every status, newest first.
    pub appointments: Page<Appointment>,
    /// Services of completed appointments, most used first.
    pub services: Vec<UsedService>,
    /// Key figures.
    pub statistics: Statistics,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(id: &str, price: f64, count: u64, last_visit: &str) -> ServiceUse {
        ServiceUse {
            service_id: ServiceId::from_stored(id),
            service_name: id.to_owned(),
            price: Money::from_stored(price),
            count,
            last_visit: last_visit.parse().unwrap(),
        }
    }

    #[test]
    fn money_is_what_was_paid_beside_what_it_costs_by_list() {
        let facts = HistoryFacts {
            completed: 3,
            no_show: 1,
            services: vec![used("corte", 350.10, 2, "2026-01-02T00:00:00Z"), used("tinte", 0.2, 1, "2026-01-01T00:00:00Z")],
            paid: vec![(Money::from_stored(100.1), 3), (Money::from_stored(0.2), 1)],
            ..HistoryFacts::default()
        };
        let (statistics, services) = facts.into_statistics();
        assert_eq!(statistics.total_spent.to_cents().to_string(), "700.4");
        assert_eq!(statistics.total_paid.to_cents().to_string(), "300.5");
        assert_eq!(statistics.average_ticket.to_cents().to_string(), "100.17");
        assert_eq!(statistics.no_show_rate.to_string(), "0.25");
        assert_eq!(services[0].service_name, "corte");
    }

    #[test]
    fn most_used_comes_first_then_most_recent_then_by_id() {
        let facts = HistoryFacts {
            services: vec![
                used("b", 1.0, 1, "2026-01-01T00:00:00Z"),
                used("a", 1.0, 1, "2026-01-01T00:00:00Z"),
                used("c", 1.0, 1, "2026-01-02T00:00:00Z"),
                used("d", 1.0, 2, "2025-01-01T00:00:00Z"),
            ],
            ..HistoryFacts::default()
        };
        let order: Vec<_> = facts.into_statistics().1.into_iter().map(|service| service.service_name).collect();
        assert_eq!(order, ["d", "c", "a", "b"]);
    }

    #[test]
    fn no_appointments_are_zeros_not_errors() {
        assert_eq!(HistoryFacts::default().into_statistics(), (Statistics::default(), Vec::new()));
    }
}
