use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Appointment, DateRange, HistoryFacts};
use crate::error::StoreError;
use crate::ids::ClientId;
use crate::money::Money;
use crate::page::{Page, PageRequest};

/// The host's appointments and payments of one tenant. The implementation is already bound to that tenant.
///
/// # Contract
/// - Rows of another tenant MUST NOT be found, whatever ids are given.
/// - `client_records` MUST find the records linked by a portal account of the same e-mail, and those whose normalised
///   phone or e-mail equals a given key, and nothing by a missing key.
/// - `appointments` MUST order newest first (`start_time`, then id, both descending).
/// - `spending` MUST sum what `facts` gives as paid, for each range in the given order.
/// - The range applies to the beginning of appointments, and to payments through their appointment.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait HistoryQueries: Send + Sync {
    /// The host's client records of a person.
    async fn client_records(
        &self,
        email_key: Option<String>,
        phone_key: Option<String>,
    ) -> Result<Vec<ClientId>, StoreError>;
    /// Appointments of these records.
    async fn appointments(
        &self,
        clients: &[ClientId],
        range: &DateRange,
        page: &PageRequest,
    ) -> Result<Page<Appointment>, StoreError>;
    /// Counts and sums over the appointments of these records.
    async fn facts(&self, clients: &[ClientId], range: &DateRange, now: DateTime<Utc>) -> Result<HistoryFacts, StoreError>;
    /// What was paid for the appointments of these records in each range.
    async fn spending(&self, clients: &[ClientId], ranges: &[DateRange]) -> Result<Vec<Money>, StoreError>;
}
