//! What a client did: appointments, services used, payments. Read only; the rows are the host's.

mod model;
mod range;
mod service;

pub use model::{
    Appointment, AppointmentStatus, BranchRef, ClientHistory, HistoryFacts, Payment, PaymentStatus, ServiceRef, ServiceUse,
    StaffRef, Statistics, UsedService,
};
pub use range::{DateBound, DateRange, HistoryPeriod};
#[cfg(any(test, feature = "test-support"))]
pub use service::MockHistoryQueries;
pub use service::{HistoryQueries, HistoryService};
