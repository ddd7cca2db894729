//! Who did what, when and from where: every change, and what else must be accounted for.
//!
//! A unit of work can't be committed without its entries ([`crate::store::UnitOfWork::commit`]), so that a change and
//! its account are stored together or not at all. Entries are chained by hashes, in several lanes per tenant so that
//! writers rarely wait for each other (see [`chain`]); the head of a lane goes to the log with every commit.

pub mod chain;
mod entry;
mod query;
mod record;
mod service;

pub use entry::{Accountable, AuditAction, AuditEntry, NoteGuard, Origin, Principal, Subject};
#[cfg(any(test, feature = "test-support"))]
pub use query::MockAuditLog;
pub use query::{AuditFilter, AuditLog, AuditQuery};
pub use record::{AuditRecord, Listed};
pub use service::{AuditService, AuditVerification, VerificationReport};
