use async_trait::async_trait;

use super::{PhotoRejection, ProcessedPhoto};
use crate::error::{BoxError, CrmError};

/// A photo as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPhoto {
    /// The large picture.
    pub full: Vec<u8>,
    /// The square one, unless it got lost.
    pub thumbnail: Option<Vec<u8>>,
}

/// Why there is no processed photo.
#[derive(Debug, thiserror::Error)]
pub enum ProcessingError {
    /// The input is at fault.
    #[error("the photo is rejected: {0}")]
    Rejected(#[from] PhotoRejection),
    /// Too many photos are waiting already; the same call may work later.
    #[error("too many photos are being processed")]
    Busy,
    /// Anything else.
    #[error("the photo could not be processed")]
    Failed(#[source] BoxError),
}

impl From<ProcessingError> for CrmError {
    fn from(error: ProcessingError) -> Self {
        match error {
            ProcessingError::Rejected(rejection) => Self::Rejected(rejection),
            ProcessingError::Busy => Self::Unavailable(Box::new(error)),
            ProcessingError::Failed(_) => Self::Internal(Box::new(error)),
        }
    }
}

/// Turns files into photos ready to be kept.
///
/// # Contract
/// - What it accepts MUST be told from the content alone.
/// - The output MUST be upright, without metadata, and nothing of the input's bytes may survive in it.
/// - The same input MUST give the same output.
/// - Memory, time and the number of photos worked on at once MUST be bounded; beyond that it answers
///   [`ProcessingError::Busy`].
#[cfg_attr(any(test, feature = "test-support"), mockall::automock)]
#[async_trait]
pub trait PhotoProcessor: Send + Sync {
    /// A photo from an uploaded file.
    async fn process(&self, original: Vec<u8>) -> Result<ProcessedPhoto, ProcessingError>;
    /// A kept photo in the sizes of today; `None` if it has them already.
    async fn refit(&self, kept: KeptPhoto) -> Result<Option<ProcessedPhoto>, ProcessingError>;
}
