use async_trait::async_trait;

use super::chain::Head;
use super::{AuditAction, AuditRecord, Listed};
use crate::access::NoteVisibility;
use crate::error::StoreError;
use crate::history::{DateRange, HistoryPeriod};
use crate::ids::{ProfileId, UserId};
use crate::page::{Page, PageRequest};

/// Which entries to list, as a caller says it. Every given condition must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// What this person did.
    pub user: Option<UserId>,
    /// What was done to this client's profile and to what belongs to it.
    pub profile: Option<ProfileId>,
    /// What was done.
    pub action: Option<AuditAction>,
    /// When it was done.
    pub period: HistoryPeriod,
}

/// The same with the period as moments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of AuditQuery")]
pub struct AuditFilter {
    pub user: Option<UserId>,
    pub profile: Option<ProfileId>,
    pub action: Option<AuditAction>,
    pub range: DateRange,
}

/// Reads the audit log of one tenant. The implementation is already bound to that tenant.
/// It is written by [`crate::store::UnitOfWork::commit`] alone.
///
/// # Contract
/// - `list` MUST order newest first (`at`, then id, both descending).
/// - An entry on a note MUST be indistinguishable from one that does not exist, in items as in totals, if the
///   visibility does not allow what guards it, what guards a later entry on the same note, or the note as it is now.
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// The entries that may be read.
    async fn list(
        &self,
        visibility: &NoteVisibility,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<Listed>, StoreError>;
    /// Every lane that has a head or a record.
    async fn lanes(&self) -> Result<Vec<i32>, StoreError>;
    /// The end of a lane, as stored beside its records.
    async fn head(&self, lane: i32) -> Result<Option<Head>, StoreError>;
    /// Up to `take` records of a lane after this position, by position.
    async fn chain(&self, lane: i32, after: i64, take: u32) -> Result<Vec<AuditRecord>, StoreError>;
}
