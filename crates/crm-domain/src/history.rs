//! What a client did: appointments, services used, payments. Read only; the rows are the host's.

mod model;
mod month;
mod queries;
mod range;
mod service;

pub use model::{
    Appointment, AppointmentStatus, BranchRef, ClientHistory, HistoryFacts, MonthSpending, Payment, PaymentStatus,
    ServiceRef, ServiceUse, StaffRef, Statistics, UsedService,
};
pub(crate) use month::Month;
pub use queries::HistoryQueries;
#[cfg(any(test, feature = "test-support"))]
pub use queries::MockHistoryQueries;
pub use range::{DateBound, DateRange, HistoryPeriod};
pub use service::{HistoryService, MAX_EXPORTED, MAX_MONTHS};
