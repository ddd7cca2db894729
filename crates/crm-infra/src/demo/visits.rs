//! Appointments and what was paid for them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Weekday};
use crm_domain::history::{AppointmentStatus, PaymentStatus};

use super::client::Client;
use super::dice::Dice;
use super::maker::Maker;
use super::rows::{Table, time};
use super::salon::{Colleague, Salon, Service, pesos};
use super::texts::APPOINTMENT_NOTES;

/// Days ahead that are booked.
const AHEAD: i64 = 30;
const OPENS_AT: u32 = 9 * 60;
const CLOSES_AT: u32 = 19 * 60;
const CLOSES_AT_ON_SATURDAYS: u32 = 15 * 60;
/// Minutes between possible starts.
const SLOT: u32 = 15;

const METHODS: [(u32, &str); 5] = [(40, "CASH"), (22, "CREDIT_CARD"), (20, "DEBIT_CARD"), (15, "TRANSFER"), (3, "OTHER")];
const PAST: [(u32, AppointmentStatus); 3] =
    [(82, AppointmentStatus::Completed), (11, AppointmentStatus::Cancelled), (7, AppointmentStatus::NoShow)];
const TO_COME: [(u32, AppointmentStatus); 3] =
    [(50, AppointmentStatus::Confirmed), (42, AppointmentStatus::Pending), (8, AppointmentStatus::Cancelled)];

/// How one client visits the salon.
pub(super) struct Visits<'a> {
    salon: &'a Salon,
    client: &'a Client,
    record: &'a str,
    usual_staff: &'a Colleague,
    usual_service: &'a Service,
    first_day: NaiveDate,
    days: i64,
}

struct Visit<'a> {
    appointment: String,
    service: &'a Service,
    staff: &'a Colleague,
    booked: NaiveDateTime,
    end: NaiveDateTime,
}

impl<'a> Visits<'a> {
    pub(super) fn of(client: &'a Client, record: &'a str, salon: &'a Salon, maker: &mut Maker) -> Self {
        let first_day = client.since.date() + TimeDelta::days(1);
        Self {
            salon,
            client,
            record,
            usual_staff: maker.dice.pick_common(&salon.professionals),
            usual_service: maker.dice.pick(&salon.services),
            first_day,
            days: (maker.now.date() - first_day).num_days() + AHEAD,
        }
    }

    /// Adds one of the client's visits, which are spread evenly over their time.
    pub(super) fn add(&self, maker: &mut Maker, number: u32, of: u32) {
        let often = maker.dice.percent(65);
        let service = if often { self.usual_service } else { maker.dice.pick_common(&self.salon.services) };
        let staff = if often { self.usual_staff } else { maker.dice.pick(&self.salon.professionals) };
        let start = self.start(&mut maker.dice, i64::from(number), i64::from(of), service.minutes);
        let end = start + TimeDelta::minutes(service.minutes.into());
        let status = maker.dice.weigh(if end <= maker.now { &PAST } else { &TO_COME });
        let booked = maker.dice.time(start - TimeDelta::days(21), start).max(self.client.since);
        let booked = if booked > maker.now { maker.time_since(self.client.since) } else { booked };

        let visit = Visit { appointment: maker.ids.next(), service, staff, booked, end };
        let row = [
            ("id", visit.appointment.as_str().into()),
            ("startTime", time(start)),
            ("endTime", time(end)),
            ("status", status.as_str().into()),
            ("notes", maker.dice.maybe(12, |dice| *dice.pick(&APPOINTMENT_NOTES)).into()),
            ("isOnline", maker.dice.percent(30).into()),
            ("notificationsSent", (end <= maker.now).into()),
            ("tenantId", self.salon.id.as_str().into()),
            ("branchId", staff.branch.as_str().into()),
            ("clientId", self.record.into()),
            ("serviceId", service.id.as_str().into()),
            ("userId", staff.id.as_str().into()),
            ("createdAt", time(booked)),
            ("updatedAt", time(if end <= maker.now { end } else { booked })),
        ];
        maker.rows.add(Table::Appointments, &row);
        self.pay(maker, &visit, status);
    }

    /// A start within the hours of the salon, so that nothing is left to do when it closes.
    fn start(&self, dice: &mut Dice, number: i64, of: i64, minutes: u32) -> NaiveDateTime {
        let within = i64::from(dice.number(0..=999));
        let day = self.first_day + TimeDelta::days((number * 1_000 + within) * self.days / (of * 1_000));
        let day = if day.weekday() == Weekday::Sun { day + TimeDelta::days(1) } else { day };
        let closes_at = if day.weekday() == Weekday::Sat { CLOSES_AT_ON_SATURDAYS } else { CLOSES_AT };
        let slot = dice.number(0..=(closes_at - OPENS_AT - minutes) / SLOT);
        let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes((OPENS_AT + slot * SLOT).into());
        self.salon.home.zone.from_local_datetime(&local).earliest().map_or(local, |start| start.naive_utc())
    }

    fn pay(&self, maker: &mut Maker, visit: &Visit, status: AppointmentStatus) {
        let (price, deposit) = (visit.service.cents, visit.service.cents / 3);
        let payments = match (status, maker.dice.number(0..=99)) {
            (AppointmentStatus::Completed, 0..=63) => vec![(visit.end, price, PaymentStatus::Paid)],
            // A promotion: what was paid is not the list price.
            (AppointmentStatus::Completed, 64..=71) => vec![(visit.end, price / 10 * 9, PaymentStatus::Paid)],
            (AppointmentStatus::Completed, 72..=81) => {
                vec![(visit.booked, deposit, PaymentStatus::Partial), (visit.end, price - deposit, PaymentStatus::Paid)]
            }
            (AppointmentStatus::Completed, 82..=88) => vec![(visit.end, price / 2, PaymentStatus::Partial)],
            (AppointmentStatus::Completed, 89..=94) => vec![(visit.end, price, PaymentStatus::Pending)],
            (AppointmentStatus::Confirmed, 0..=19) => vec![(visit.booked, deposit, PaymentStatus::Partial)],
            _ => Vec::new(),
        };
        for (at, cents, status) in payments {
            self.add_payment(maker, visit, at, cents, status);
        }
    }

    fn add_payment(&self, maker: &mut Maker, visit: &Visit, at: NaiveDateTime, cents: u32, status: PaymentStatus) {
        let row = [
            ("id", maker.ids.next().into()),
            ("amount", pesos(cents).into()),
            ("paymentMethod", maker.dice.weigh(&METHODS).into()),
            ("status", status.as_str().into()),
            ("tenantId", self.salon.id.as_str().into()),
            ("branchId", visit.staff.branch.as_str().into()),
            ("clientId", self.record.into()),
            ("appointmentId", visit.appointment.as_str().into()),
            ("userId", maker.dice.pick(&self.salon.receptionists).id.as_str().into()),
            ("createdAt", time(at)),
            ("updatedAt", time(at)),
        ];
        maker.rows.add(Table::Payments, &row);
    }
}
