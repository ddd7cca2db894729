use crm_domain::history::{Appointment, Payment, PaymentStatus};

use crate::format::{self, Moment};
use crate::person::full_name;
use crate::visit::Visit;

/// An appointment as it is shown.
pub(crate) struct VisitLine {
    pub(crate) service: String,
    /// Names the status in the stylesheet.
    pub(crate) status: String,
    pub(crate) status_label: String,
    pub(crate) when: Moment,
    pub(crate) until: String,
    pub(crate) with: String,
    pub(crate) is_online: bool,
    pub(crate) price: String,
    pub(crate) payments: Vec<PaymentLine>,
    pub(crate) remark: Option<String>,
}

/// How payments stand that count as paid (contract, statistics of a history).
const RECEIVED: [PaymentStatus; 2] = [PaymentStatus::Paid, PaymentStatus::Partial];

/// A payment as it is shown.
pub(crate) struct PaymentLine {
    pub(crate) amount: String,
    pub(crate) method: String,
    pub(crate) status: String,
    /// Whether the money came in: the only amounts that stand out.
    pub(crate) is_received: bool,
}

impl VisitLine {
    pub(crate) fn of(appointment: &Appointment, visit: &Visit) -> Self {
        let (t, format) = (visit.frame.t, visit.frame.format);
        let staff = full_name(&appointment.staff.first_name, &appointment.staff.last_name, t);
        let payment = |payment: &Payment| PaymentLine {
            amount: format::money(payment.amount),
            method: t.labels.method(&payment.payment_method).to_owned(),
            status: t.labels.payment(&payment.status).to_owned(),
            is_received: RECEIVED.iter().any(|status| status.as_str() == payment.status),
        };
        Self {
            service: appointment.service.name.clone(),
            status: appointment.status.to_ascii_lowercase().replace('_', "-"),
            status_label: t.labels.appointment(&appointment.status).to_owned(),
            when: format.moment(appointment.start_time),
            until: format.time(appointment.end_time),
            with: t.history.with(&staff, &appointment.branch.name),
            is_online: appointment.is_online,
            price: format::money(appointment.service.price),
            payments: appointment.payments.iter().map(payment).collect(),
            remark: appointment.notes.clone().filter(|text| !text.trim().is_empty()),
        }
    }
}

/// Appointments grouped by the year they begin in, where the tenant is, in the given order.
pub(crate) fn visits_by_year(appointments: &[Appointment], visit: &Visit) -> Vec<(i32, Vec<VisitLine>)> {
    let year = |appointment: &Appointment| chrono::Datelike::year(&visit.frame.format.local_date(appointment.start_time));
    let same = |a: &Appointment, b: &Appointment| year(a) == year(b);
    let group = |group: &[Appointment]| {
        let lines = group.iter().map(|appointment| VisitLine::of(appointment, visit)).collect();
        group.first().map(|first| (year(first), lines))
    };
    appointments.chunk_by(same).filter_map(group).collect()
}
