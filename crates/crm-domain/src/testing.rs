//! Everything a test needs to use this crate without a database, and to prove an adapter against one.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a fixture that can't be built must stop the test"
)]

pub mod contract;
mod fixed;
pub mod fixtures;
mod mock_store;
pub mod photo_contract;
pub mod rows;

pub use fixed::{FixedClock, SequentialIds};
pub use mock_store::{MockStore, MockedPorts};

pub use crate::access::{MockIdentityDirectory, MockPasswordVerifier};
pub use crate::audit::MockAuditLog;
pub use crate::directory::MockDirectory;
pub use crate::history::MockHistoryQueries;
pub use crate::idempotency::MockRequestLedger;
pub use crate::note::MockNoteRepository;
pub use crate::photo::{MockPhotoLedger, MockPhotoProcessor, MockPhotoStore};
pub use crate::preferences::MockPreferencesRepository;
pub use crate::profile::MockProfileRepository;
pub use crate::trash::MockTrash;
